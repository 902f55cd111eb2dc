"""What is declared: the pages of each procedure as its own model reads them, and the act that comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tuphap.modules.civil_status.events.death import HANDLER as DEATH_EVENT
from tuphap.modules.civil_status.events.marital_status import HANDLER as STATUS_EVENT
from tuphap.modules.civil_status.events.marriage import HANDLER as MARRIAGE_EVENT
from tuphap.modules.civil_status.rules import (
    DECLARE_DEATH_WITHIN_DAYS,
    DECLARE_WITHIN_DAYS,
    MARITAL_STATUS_MONTHS,
    BirthPlaceKind,
    BookKind,
    IdKind,
    PartyRole,
    PersonalNumberState,
    Relation,
    Timeliness,
    act_title,
    in_force,
)
from tuphap.shared.dossiers.api import FieldKind
from tuphap.shared.orgs.api import REFORM

from ..families import STREETS
from .people import People, Person
from .province import BIRTH, DEATH, MARRIAGE, STATUS, Law, Office

CAUSES = ("Bệnh già", "Tai biến mạch máu não", "Ung thư phổi", "Tai nạn giao thông", "Nhồi máu cơ tim", "Suy hô hấp")
WORDS = "Nội dung theo giấy tờ kèm theo (dữ liệu đo)."
Block = dict[str, Any]


# Who stands in an act: in which role, with which sex as written, living where; and how much of the person was asked.
Stands = tuple[PartyRole, Person, str, Block | None, str]
WITH_PAPER, PLAIN, BARE = "paper", "plain", "bare"


@dataclass(slots=True)
class Draft:
    """An act before it has a number: the columns of its kind, and who stands in it in which role."""

    kind: BookKind
    event: str
    title: str  # by which the search shows it
    happened_on: date | None
    facts: dict[str, Any]
    people: list[Stands]
    birth: dict[str, Any] | None = None


@dataclass(slots=True)
class Told:
    """A whole declaration: its pages, who files, where they live."""

    answers: dict[str, Block]
    filer: Person
    home: Block
    act: Draft | None = None


@dataclass(slots=True)
class Neighbours:
    """Who asked for something lately in one commune: some of them come again."""

    singles: list[tuple[Person, Person]] = field(default_factory=list)  # attested single, and who they will marry
    known: list[Person] = field(default_factory=list)


class Declarations:
    """Makes declarations one after another."""

    def __init__(
        self, random: Random, people: People, hospitals: dict[bool, list[tuple[str, str, str]]]
    ) -> None:
        self.random, self.people, self.hospitals = random, people, hospitals
        self.neighbours: dict[int, Neighbours] = {}

    def of(self, law: Law, office: Office, day: date) -> Told:
        """What somebody of this office's commune declares on this day."""
        near = self.neighbours.setdefault(office.id, Neighbours())
        make = _MAKERS.get(law.code)
        return make(self, near, office, day) if make is not None else self._generic(law, near, office, day)

    # -- civil status

    def _birth(self, near: Neighbours, office: Office, day: date) -> Told:
        r = self.random
        late = r.random() < 0.06
        born_on = day - timedelta(days=r.randint(61, 300) if late else min(1 + int(r.expovariate(1 / 14)), 58))
        mother, father = self.people.adult("female", born_on, 20, 38), self.people.adult("male", born_on, 22, 43)
        child, married = self.people.child(father, born_on), r.random() < 0.95
        home = self._home(office, day)
        hospitals = self.hospitals[day >= REFORM]
        hospital, hospital_code, hospital_at = hospitals[int(r.random() * len(hospitals))]
        place = {"unit_code": hospital_code, "as_of": day.isoformat(), "detail": "", "text": hospital_at}
        native = {"unit_code": office.unit_code, "as_of": day.isoformat(), "detail": "", "text": office.territory}
        notice, record = f"{r.randint(100, 9899)}/{born_on.year}", f"{r.randint(1, 180)}/{born_on.year - 1}"
        by_father = married and r.random() < 0.6
        filer = father if by_father else mother
        answers = {
            "child": {
                "name": child.name, "sex": child.sex, "born_on": born_on.isoformat(), "ethnicity": "Kinh",
                "nationality": "Việt Nam", "place_kind": "facility", "facility": hospital, "place": place,
                "native_place": native, "birth_notice": notice,
            },
            "mother": _parent(mother, home),
            "father": {**_parent(father, home), "parents_married": True, "marriage_record": record}
            if married else {"parents_married": False},
            "declarant": {"relation": "father" if by_father else "mother", "phone": filer.phone},
            "copies": {"copies": int(r.random() * 4)},
        }
        people: list[Stands] = [
            (PartyRole.CHILD, child, child.sex, None, PLAIN), (PartyRole.MOTHER, mother, "female", home, WITH_PAPER),
        ]
        if married:
            people.append((PartyRole.FATHER, father, "male", home, WITH_PAPER))
        people.append((PartyRole.DECLARANT, filer, "", home, WITH_PAPER))
        within = timedelta(days=in_force(DECLARE_WITHIN_DAYS, on=day).value)
        birth = {
            "born_on": born_on.isoformat(), "born_earliest": born_on, "born_latest": born_on, "sex": child.sex,
            "place_kind": BirthPlaceKind.FACILITY.value, "place": f"{hospital}, {hospital_at}",
            "place_code": hospital_code, "native_place": office.territory, "native_place_code": office.unit_code,
            "units_as_of": day, "birth_notice": notice, "parents_married": married,
            "marriage_record": record if married else "", "declared_on": day,
            "timeliness": (Timeliness.LATE if day > born_on + within else Timeliness.ON_TIME).value,
            "personal_number_state": PersonalNumberState.GIVEN.value,
            "relation": (Relation.FATHER if by_father else Relation.MOTHER).value,
        }
        near.known.append(filer)
        return Told(answers, filer, home, Draft(BookKind.BIRTH, "", child.name, born_on, {}, people, birth))

    def _status(self, near: Neighbours, office: Office, day: date) -> Told:
        r, home = self.random, self._home(office, day)
        bride, groom = self.people.adult("female", day, 20, 33), self.people.adult("male", day, 22, 37)
        who, other = (bride, groom) if r.random() < 0.6 else (groom, bride)
        for_marriage = r.random() < 0.45
        if for_marriage:
            near.singles.append((groom, bride))
        request: Block = {"status": "single", "phone": who.phone}
        if for_marriage:
            born, at = f"sinh năm {other.born_on.year}", office.name
            request |= {"purpose": "marriage", "spouse_name": other.name, "spouse_born": born, "married_at": at}
            purpose = f"đăng ký kết hôn với {other.name}, {born}, tại {at}"
        else:
            purpose = "mua bán, chuyển nhượng nhà đất"
            request |= {"purpose": "other", "use": purpose}
        facts = {"status": "single", "earlier": "", "purpose": purpose, "for": "marriage" if for_marriage else "other",
                 "months": in_force(MARITAL_STATUS_MONTHS, on=day).value}
        answers = {"subject": {**_person(who, home), "sex": who.sex}, "request": request}
        act = Draft(
            BookKind.MARITAL_STATUS, STATUS_EVENT, "", None, facts, [(PartyRole.SUBJECT, who, who.sex, home, PLAIN)])
        act.title = f"{act_title(act.kind, act.event)}: {who.name}"
        return Told(answers, who, home, act)

    def _marriage(self, near: Neighbours, office: Office, day: date) -> Told:
        r, home = self.random, self._home(office, day)
        if near.singles and r.random() < 0.8:
            groom, bride = near.singles.pop(0)
        else:
            groom, bride = self.people.adult("male", day, 22, 40), self.people.adult("female", day, 20, 36)
        told: dict[str, Block] = {}
        for code in ("husband", "wife"):
            again = r.random() < 0.11
            told[code] = {"before": "divorced" if again else "single", "times": 2 if again else 1,
                          "proof": f"{r.randint(20, 480)}/{day.year - 3}/QĐST-HNGĐ" if again else ""}
        answers = {
            "husband": {**_person(groom, home), **told["husband"]}, "wife": {**_person(bride, home), **told["wife"]},
            "together": {"free_will": True, "files": "husband", "phone": groom.phone, "copies": int(r.random() * 3)},
        }
        facts = {code: {name: told[code][name] for name in ("before", "times", "proof")} for code in told}
        act = Draft(BookKind.MARRIAGE, MARRIAGE_EVENT, "", None, {**facts, "foreign": False}, [
            (PartyRole.HUSBAND, groom, "male", home, PLAIN), (PartyRole.WIFE, bride, "female", home, PLAIN)])
        act.title = f"{act_title(act.kind, act.event)}: {groom.name} – {bride.name}"
        near.known.append(groom)
        return Told(answers, groom, home, act)

    def _death(self, near: Neighbours, office: Office, day: date) -> Told:
        r, home = self.random, self._home(office, day)
        dead = self.people.adult("male" if r.random() < 0.56 else "female", day, 41 + int(r.random() * 38), 96)
        filer = self.people.adult("male" if r.random() < 0.6 else "female", day, 24, 60)
        died_on = day - timedelta(days=r.randint(16, 120) if r.random() < 0.07 else int(r.random() * 12))
        within = timedelta(days=in_force(DECLARE_DEATH_WITHIN_DAYS, on=day).value)
        hour, cause = f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}", CAUSES[int(r.random() * len(CAUSES))]
        number = f"{r.randint(1, 900)}/GBT"
        answers = {
            "deceased": {**_person(dead, home), "sex": dead.sex},
            "death": {"died_on": died_on.isoformat(), "died_at": hour, "place_kind": "home", "place": home,
                      "cause": cause, "proof": "notice", "proof_number": number, "copies": int(r.random() * 4)},
            "declarant": {"relation": "child", "name": filer.name, "personal_number": filer.number,
                          "phone": filer.phone, "residence": home},
        }
        facts = {
            "died_at": hour, "place_kind": "home", "cause": cause, "place": home["text"],
            "place_code": office.unit_code, "proof": "notice", "proof_number": number, "proof_on": "",
            "relation": "child", "age_group": "16+", "foreign": False,
            "timeliness": (Timeliness.LATE if day > died_on + within else Timeliness.ON_TIME).value,
        }
        act = Draft(BookKind.DEATH, DEATH_EVENT, "", died_on, facts, [
            (PartyRole.DECEASED, dead, dead.sex, home, PLAIN), (PartyRole.DECLARANT, filer, "", home, BARE)])
        act.title = f"{act_title(act.kind, act.event)}: {dead.name}"
        return Told(answers, filer, home, act)

    # -- everything whose declaration is data

    def _generic(self, law: Law, near: Neighbours, office: Office, day: date) -> Told:
        r, home = self.random, self._home(office, day)
        if near.known and r.random() < 0.3:
            who = near.known[int(r.random() * len(near.known))]
        else:
            who = self.people.adult("male" if r.random() < 0.5 else "female", day, 19, 70)
            near.known.append(who)
        answers = {
            page: {code: _answer(kind, choices, least, who, home, r) for code, kind, choices, least in questions}
            for page, questions in law.pages
        }
        return Told(answers, who, home)

    def _home(self, office: Office, day: date) -> Block:
        r = self.random
        detail = f"Số {1 + int(r.random() * 320)}, đường {STREETS[int(r.random() * len(STREETS))]}"
        return {"unit_code": office.unit_code, "as_of": day.isoformat(), "detail": detail,
                "text": f"{detail}, {office.territory}"}


_MAKERS = {BIRTH: Declarations._birth, STATUS: Declarations._status, MARRIAGE: Declarations._marriage,
           DEATH: Declarations._death}


def _answer(kind: FieldKind, choices: tuple[str, ...], least: int, who: Person, home: Block, r: Random) -> Any:
    match kind:
        case FieldKind.NAME:
            return who.name
        case FieldKind.PERSONAL_NUMBER:
            return who.number
        case FieldKind.PHONE:
            return who.phone
        case FieldKind.PLACE:
            return home
        case FieldKind.UNIT:
            return home["unit_code"]
        case FieldKind.DATE | FieldKind.PARTIAL_DATE:
            return who.born_on.isoformat()
        case FieldKind.NUMBER:
            return least + int(r.random() * 6)
        case FieldKind.MONEY:
            return max(least, 100_000_000)
        case FieldKind.CHOICE:
            return choices[int(r.random() * len(choices))]
        case FieldKind.YES_NO:
            return True
        case FieldKind.EMAIL:
            return "nguoi.dan@example.vn"
        case _:
            return WORDS


def _person(person: Person, home: Block) -> Block:
    return {"name": person.name, "born_on": person.born_on.isoformat(), "ethnicity": "Kinh",
            "nationality": "Việt Nam", "personal_number": person.number, "residence": home}


def _parent(person: Person, home: Block) -> Block:
    return {**_person(person, home), "id_kind": IdKind.IDENTITY_CARD.value, "id_number": person.number}
