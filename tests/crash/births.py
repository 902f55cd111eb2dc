"""Births to be declared, and where: families of the sample's kind, each once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tuphap.sample.families import Birth, Families, Person

PROCEDURE = "1.001193"
COMPONENT = "giay_chung_sinh"


@dataclass(frozen=True, slots=True)
class Desk:
    """A commune's office and the accounts of its people."""

    unit: str
    unit_id: int
    commune: str
    place: str
    receiver: str
    officer: str
    chairman: str
    deputy: str


class Maternity:
    """Gives out births one after another; no child and no parent comes twice from one of them."""

    def __init__(self, seed: int, *, today: date) -> None:
        self._families = Families(seed)
        self._random = Random(seed)
        self._today = today
        self._lock = threading.Lock()

    def next(self) -> Birth:
        with self._lock:
            return self._families.birth(self._today - timedelta(days=self._random.randint(2, 50)))


def declarant(birth: Birth) -> Person:
    return birth.father if birth.declared_by_father and birth.married else birth.mother


def citizen(birth: Birth) -> dict[str, Any]:
    """The declarant as the identity provider knows them."""
    person = declarant(birth)
    return {
        "sub": f"vn-{person.personal_number}", "name": person.name, "personal_number": person.personal_number,
        "birthdate": person.born_on.isoformat(), "gender": "male" if person.sex == "nam" else "female",
        "phone_number": person.phone, "assurance_level": 2,
    }


def pages(birth: Birth, desk: Desk, *, today: date, copies: int) -> dict[str, dict[str, Any]]:
    """The declaration, page by page, as the form keeps it."""

    def address(detail: str = "") -> dict[str, Any]:
        text = ", ".join(filter(None, (detail, desk.place)))
        return {"unit_code": desk.commune, "as_of": today.isoformat(), "detail": detail, "text": text}

    def parent(person: Person) -> dict[str, Any]:
        return {
            "name": person.name, "born_on": person.born_on.isoformat(), "ethnicity": "Kinh",
            "nationality": "Việt Nam", "residence": address(birth.home), "personal_number": person.personal_number,
            "id_kind": "cccd", "id_number": person.personal_number,
        }

    return {
        "child": {
            "name": birth.child_name, "sex": "male" if birth.child_sex == "nam" else "female",
            "born_on": birth.born_on.isoformat(), "ethnicity": "Kinh", "nationality": "Việt Nam",
            "place_kind": "facility", "facility": birth.hospital, "place": address(), "native_place": address(),
            "birth_notice": birth.notice_no,
        },
        "mother": parent(birth.mother),
        "father": {**parent(birth.father), "parents_married": True, "marriage_record": "12/2020"}
        if birth.married else {"parents_married": False},
        "declarant": {
            "relation": "father" if declarant(birth) is birth.father else "mother", "phone": declarant(birth).phone,
        },
        "copies": {"copies": copies},
    }
