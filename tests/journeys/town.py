"""The ward in which the journeys happen: its families, and how its people come in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import SystemRandom
from typing import Any

import typst
from tests.harness.platform import Platform

from tuphap.kernel.clock import VIETNAM
from tuphap.sample.families import Birth, Families, personal_number
from tuphap.sample.families import Person as Parent

WARD, WARD_CODE = "Phường Hải An", "11413"  # the third of the sample's dense communes
OFFICE = f"Ủy ban nhân dân {WARD.lower()[0]}{WARD[1:]}"
OFFICE_SHORT = OFFICE.replace("Ủy ban nhân dân", "UBND")
WARD_LABEL = f"{WARD}, Thành phố Hải Phòng ({WARD_CODE})"
PROCEDURE, COMPONENT = "1.001193", "giay_chung_sinh"


@dataclass(slots=True)
class Town:
    platform: Platform
    _random: SystemRandom = field(default_factory=SystemRandom)
    _named: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        return datetime.now(VIETNAM).date()

    def birth(self) -> Birth:
        """A child born a few days ago, whose father the identity provider knows. No family comes twice, and no name."""
        while True:
            family = Families(self._random.randrange(10**9))
            born = family.birth(self.today - timedelta(days=self._random.randint(2, 40)))
            if born.child_name not in self._named:
                break
        self._named.add(born.child_name)  # pages are left by the name that they show
        birth = replace(born, married=True, mother=self._numbered(born.mother), father=self._numbered(born.father))
        self._make_known(birth.father)
        return birth

    def elder(self, *, age: int = 78) -> Parent:
        """An old man of the ward. None comes twice."""
        return self._numbered(Families(self._random.randrange(10**9)).adult("nam", self.today, age))

    def _numbered(self, person: Parent) -> Parent:
        serial = self._random.randint(20_000, 99_999)  # far from those that the sample itself gives out
        return replace(
            person, personal_number=personal_number(person.born_on, person.sex, serial=serial, province="031")
        )

    def _make_known(self, person: Parent) -> None:
        place = self.platform.home / "sample" / "citizens.json"
        known = json.loads(place.read_text()) if place.exists() else []
        place.write_text(json.dumps([*known, {
            "sub": f"vn-{person.personal_number}", "name": person.name, "personal_number": person.personal_number,
            "birthdate": person.born_on.isoformat(), "gender": "male" if person.sex == "nam" else "female",
            "phone_number": person.phone, "assurance_level": 2,
        }], ensure_ascii=False))


Page = dict[str, Any]


def pages(birth: Birth, *, marriage: str = "") -> dict[str, Page]:
    """What a parent types on each page of the declaration, field by field.

    :param marriage: the number of the marriage; without it the officer is warned.
    """

    def parent(person: Parent) -> Page:
        return {
            "name": person.name, "born_on": f"{person.born_on:%d/%m/%Y}", "personal_number": person.personal_number,
            "ethnicity": "Kinh", "nationality": "Việt Nam", "residence_detail": birth.home,
            "residence_unit": WARD_LABEL,
        }

    return {
        "child": {
            "name": birth.child_name, "sex": "male" if birth.child_sex == "nam" else "female",
            "born_on": f"{birth.born_on:%d%m%Y}", "place_kind": "facility", "facility": birth.hospital,
            "place_unit": WARD_LABEL, "native_place_unit": WARD_LABEL, "birth_notice": birth.notice_no,
        },
        "mother": parent(birth.mother),
        "father": {"parents_married": "yes", "marriage_record": marriage, **parent(birth.father)},
        "declarant": {"relation": "father", "phone": birth.father.phone},
        "copies": {"copies": "1"},
    }


def answers(birth: Birth, *, today: date) -> dict[str, Any]:
    """The same declaration as programs send it."""

    def address(detail: str = "") -> Page:
        text = ", ".join(filter(None, (detail, f"{WARD}, Thành phố Hải Phòng")))
        return {"unit_code": WARD_CODE, "as_of": today.isoformat(), "detail": detail, "text": text}

    def parent(person: Parent) -> Page:
        return {
            "name": person.name, "born_on": person.born_on.isoformat(), "ethnicity": "Kinh",
            "nationality": "Việt Nam", "residence": address(birth.home), "personal_number": person.personal_number,
        }

    return {
        "child": {
            "name": birth.child_name, "sex": "male" if birth.child_sex == "nam" else "female",
            "born_on": birth.born_on.isoformat(), "ethnicity": "Kinh", "nationality": "Việt Nam",
            "place_kind": "facility", "facility": birth.hospital, "place": address(), "native_place": address(),
            "birth_notice": birth.notice_no,
        },
        "mother": parent(birth.mother),
        "father": {**parent(birth.father), "parents_married": True, "marriage_record": "31/2020"},
        "declarant": {"relation": "father", "phone": birth.father.phone},
        "copies": {"copies": 0},
    }


def scan(text: str = "Giấy chứng sinh") -> bytes:
    """A paper as PDF, the same bytes every time."""
    return typst.compile(f'#set page("a5")\n#set text(lang: "vi")\n= {text}\n'.encode(), timestamp=0)
