"""Families through their acts: two are attested single, marry, have children, part, marry again.

The old die, declared by their children; births and marriages of before are registered anew, and tell who descends from
whom.

Each household is told from its own number, so that it is the same again. What follows on an act reads its number in the
register; where that act did not come about, nothing follows. One household in a hundred does not know what the register
knows: the two have one father, and are turned away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.modules.civil_status.models import Act, BirthAct, Party
from tuphap.modules.civil_status.rules import ActState, BookKind, PartyRole
from tuphap.modules.one_stop_shop.operations import Payment
from tuphap.shared.calendar import api as calendar
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit

from . import declarations, events
from .events import BIRTH, BIRTH_AGAIN, CAUSES, CHANGE, EXTRACT, MARRIAGE_AGAIN, Answers, Event
from .families import Birth, Families, Person
from .offices import DENSE, WITHOUT_CERTIFICATE, Desk
from .stories import Happening, a_day

SEED, FIRST_NUMBER = 977, 60_000
DENSE_SHARE = 0.7
# How often in a month beside an ordinary one: children in autumn, weddings after the harvest and before Tết.
BIRTHS_IN = {1: 1.0, 2: 0.8, 3: 0.9, 4: 0.9, 5: 0.9, 6: 0.95, 7: 1.0, 8: 1.1, 9: 1.2, 10: 1.2, 11: 1.15, 12: 1.1}
WEDDINGS_IN = {1: 1.4, 2: 0.7, 3: 1.0, 4: 0.9, 5: 0.8, 6: 0.7, 7: 0.7, 8: 0.6, 9: 1.0, 10: 1.3, 11: 1.5, 12: 1.6}
LATE_SHARE, NEXT_DAY_SHARE = 0.07, 0.2  # of the dossiers: handled after their day, or on the day after they came
KINDS = (("couple", 62), ("mother", 18), ("old", 19), ("kin", 1))  # of households, out of a hundred
Pages = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Household:
    """Who lives there, in which commune; the bride comes from another. ``random`` tells its fate."""

    number: int
    desk: Desk
    elsewhere: Desk
    grandfather: Person
    grandmother: Person
    son: Person
    bride: Person
    bride_father: Person
    bride_mother: Person
    begins: date
    random: Random
    families: Families
    told: int = field(default=0)

    def act(self, procedure: str, day: date, answers: Answers, *, desk: Desk | None = None) -> Event:
        """The next of its acts; the filer pays at once where copies cost."""
        self.told += 1
        return Event(
            self.number, desk or self.desk, procedure, answers, day, key=f"life-{self.number}-{self.told}",
            payment=Payment(cash=True) if procedure == EXTRACT else None,
        )

    def later(self, day: date, first: int, last: int) -> date:
        return day + timedelta(days=self.random.randint(first, last))

    def at_home(self, person: Person, on: date, *, desk: Desk | None = None) -> dict[str, Any]:
        """A person as a page asks for one, at this household's door or that of ``desk``'s commune."""
        return events.person(person, (desk or self.desk).office(on).admin_unit, on, self.number)

    def child(self, born_on: date, *, married: bool = True) -> Birth:
        home = f"Số {11 + self.number}, ngõ {3 + self.number % 40}"
        return self.families.child(born_on, mother=self.bride, father=self.son, married=married, home=home)


def happenings(desks: dict[str, Desk], *, until: datetime, how_many: int) -> list[Happening]:
    """About so many acts of families before ``until``, each step at its instant."""
    random = Random(SEED)  # noqa: S311 - a story, not a secret
    days, found = calendar.working_calendar(), list[Happening]()
    told = 0
    for household in _households(desks, until=until) if how_many else ():
        for event in _FATES[_kind(household)](household):
            event.day = _working(event.day)
            if event.day > localdate(until) or told == how_many:
                continue
            told += 1
            found += [
                Happening(at, events.doing(event, what), event.desk.commune)
                for what, at in _moments(event, random, days) if at <= until
            ]
        if told == how_many:
            break
    return found


def _kind(household: Household) -> str:
    if household.number == 4:  # a small sample has one of them too
        return "kin"
    return household.random.choices([kind for kind, _ in KINDS], [share for _, share in KINDS])[0]


def _working(day: date) -> date:
    days = calendar.working_calendar()
    while not days.is_working_day(day):
        day += timedelta(days=1)
    return day


def _moments(event: Event, random: Random, days: calendar.WorkingCalendar) -> Iterator[tuple[str, datetime]]:
    """Most is done within the day; some the day after; some is late, or is fetched another day."""
    filed = _at(event.day, random.choice((random.randint(480, 630), random.randint(810, 870))))
    prepared, chance = filed + timedelta(minutes=random.randint(20, 45)), random.random()
    if chance < LATE_SHARE + NEXT_DAY_SHARE:
        pause = random.randint(4, 9) if chance < LATE_SHARE else 1
        prepared = _at(days.add_working_days(event.day, pause), random.randint(480, 600))
    approved = max(_at(localdate(prepared), random.randint(825, 945)), prepared + timedelta(minutes=25))
    returned = approved + timedelta(minutes=random.randint(10, 35))
    if random.random() < 0.25:
        returned = _at(days.add_working_days(localdate(approved), random.randint(1, 3)), random.randint(480, 660))
    yield "file", filed
    yield "assign", filed + timedelta(minutes=8)
    yield "prepare", prepared
    yield "approve", approved
    yield "return", returned
    yield "close", returned + timedelta(minutes=3)
    if event.divorced_on is not None:
        yield "divorce", _at(_working(event.divorced_on), random.randint(480, 900))


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=VIETNAM)


def _households(desks: dict[str, Desk], *, until: datetime) -> Iterator[Household]:
    """One after another, without end; each begins on a day of a season for weddings."""
    staffed = [code for code in desks if code != WITHOUT_CERTIFICATE]
    dense, quiet = [c for c in staffed if c in DENSE], [c for c in staffed if c not in DENSE]
    first, families, number = orgs.REFORM + timedelta(days=3), Families(SEED, first=FIRST_NUMBER), 0
    span = max(1, (localdate(until) - first).days)
    while staffed:
        number += 1
        random = Random(SEED * 1_000_003 + number)  # noqa: S311 - a story, not a secret
        code = random.choice(dense if (random.random() < DENSE_SHARE or not quiet) and dense else quiet)
        begins = a_day(random, first, span, WEDDINGS_IN)
        grandfather = families.adult("nam", begins, random.randint(58, 79))
        bride_father = families.adult("nam", begins, random.randint(55, 70))
        yield Household(
            number, desks[code], desks[random.choice(staffed)], begins=begins, random=random, families=families,
            grandfather=grandfather, grandmother=families.adult("nu", begins, random.randint(55, 74)),
            son=families.adult("nam", begins, random.randint(23, 33), surname=_surname(grandfather)),
            bride_father=bride_father, bride_mother=families.adult("nu", begins, random.randint(51, 66)),
            bride=families.adult("nu", begins, random.randint(20, 30), surname=_surname(bride_father)),
        )


def _surname(person: Person) -> str:
    return person.name.split()[0]


# -- what becomes of them


def _couple(of: Household) -> Iterator[Event]:
    """They marry; a year later a child, or a court has parted them and he marries again."""
    chance = of.random.random
    if chance() < 0.4:
        yield of.act(BIRTH_AGAIN, of.begins, _birth_again(of, of.son, of.grandfather, of.grandmother))
    if chance() < 0.3:
        yield of.act(BIRTH_AGAIN, of.begins, _birth_again(of, of.bride, of.bride_father, of.bride_mother, of.elsewhere),
                     desk=of.elsewhere)
    yield of.act(events.STATUS, of.later(of.begins, 10, 20), _single(of, of.bride, of.son, of.elsewhere),
                 desk=of.elsewhere)
    married = of.later(of.begins, 30, 50)
    wedding = of.act(events.MARRIAGE, married, _marriage(of, of.bride, of.elsewhere))
    parted = chance() < 0.14
    if parted:
        wedding.divorced_on = of.later(married, 90, 220)
    yield wedding
    if parted and wedding.divorced_on is not None:
        yield from _second_marriage(of, wedding.divorced_on)
    else:
        yield from _childhood(of, of.child(of.later(married, 240, 380)))
    if chance() < 0.5:
        yield from _old_age(of, of.later(married, 15, 240))


def _second_marriage(of: Household, divorced_on: date) -> Iterator[Event]:
    """He is attested divorced and marries another."""
    yield of.act(events.STATUS, of.later(divorced_on, 20, 40), _status(of, of.son, "divorced", "vay vốn ngân hàng"))
    second = of.families.adult("nu", divorced_on, of.random.randint(22, 31))
    yield of.act(events.MARRIAGE, of.later(divorced_on, 60, 120), _marriage(
        of, second, of.desk, before="divorced", proof="Quyết định công nhận thuận tình ly hôn của Tòa án"))


def _childhood(of: Household, child: Birth) -> Iterator[Event]:
    """A child is registered; copies are asked for, and what was written wrongly is mended."""
    registered = of.later(child.born_on, 3, 70)
    yield of.act(BIRTH, registered, _birth(of, child))
    if of.random.random() < 0.55:
        yield of.act(EXTRACT, of.later(registered, 12, 90), _copies(of, child))
    if of.random.random() < 0.18:
        yield of.act(CHANGE, of.later(registered, 15, 80), _correction(of, child))


def _mother(of: Household) -> Iterator[Event]:
    """She declares the child alone. Its father comes for it, and they marry; or she dies, and it is looked after."""
    child = of.child(of.begins, married=False)
    if of.random.random() < 0.85:
        yield from _childhood(of, child)
        recognised = of.later(child.born_on, 90, 170)
        yield of.act(events.RECOGNITION, recognised, _recognition(of, child))
        if of.random.random() < 0.7:
            yield of.act(events.MARRIAGE, of.later(recognised, 20, 60), _marriage(of, of.bride, of.desk))
        return
    yield of.act(BIRTH, of.later(child.born_on, 3, 50), _birth(of, child))
    died = of.later(child.born_on, 100, 200)
    yield of.act(events.DEATH, of.later(died, 1, 6), _death(of, of.bride, of.bride_mother, "parent", died))
    yield of.act(events.GUARDIANSHIP, of.later(died, 20, 40), _guardianship(of, child))


def _old(of: Household) -> Iterator[Event]:
    """Their marriage of long ago is registered anew, and the son's birth; then one of them dies."""
    yield of.act(MARRIAGE_AGAIN, of.begins, _marriage_again(of))
    if of.random.random() < 0.6:
        yield of.act(BIRTH_AGAIN, of.later(of.begins, 3, 30), _birth_again(of, of.son, of.grandfather, of.grandmother))
    yield from _old_age(of, of.later(of.begins, 30, 300))


def _old_age(of: Household, died: date) -> Iterator[Event]:
    """The grandfather dies, declared by the son; she is attested widowed, and follows him."""
    declared = of.later(died, 1, 6) if of.random.random() < 0.85 else of.later(died, 18, 60)
    yield of.act(events.DEATH, declared, _death(of, of.grandfather, of.son, "child", died))
    if of.random.random() < 0.35:
        yield of.act(events.STATUS, of.later(declared, 15, 60), _status(
            of, of.grandmother, "widowed", "chuyển nhượng quyền sử dụng đất"))
    if of.random.random() < 0.2:
        followed = of.later(declared, 70, 200)
        yield of.act(events.DEATH, of.later(followed, 1, 8), _death(of, of.grandmother, of.son, "child", followed))


def _kin(of: Household) -> Iterator[Event]:
    """Two who grew up apart and have one father: both births tell of him, and the officer finds it."""
    sister = of.families.adult("nu", of.begins, of.random.randint(20, 23), surname=_surname(of.grandfather))
    yield of.act(BIRTH_AGAIN, of.begins, _birth_again(of, of.son, of.grandfather, of.grandmother))
    yield of.act(BIRTH_AGAIN, of.begins, _birth_again(of, sister, of.grandfather, of.bride_mother, of.elsewhere),
                 desk=of.elsewhere)
    yield of.act(events.MARRIAGE, of.later(of.begins, 30, 60), _marriage(of, sister, of.elsewhere))


_FATES: dict[str, Callable[[Household], Iterator[Event]]] = {
    "couple": _couple, "mother": _mother, "old": _old, "kin": _kin,
}


# -- the pages of each act


def _single(of: Household, who: Person, to: Person, desk: Desk) -> Answers:
    return lambda commune, on: {
        "subject": {**of.at_home(who, on, desk=desk), "sex": declarations.SEX[who.sex]},
        "request": {"status": "single", "purpose": "marriage", "spouse_name": to.name, "phone": who.phone,
                    "spouse_born": f"sinh năm {to.born_on.year}", "married_at": of.desk.office(on).name},
    }


def _status(of: Household, who: Person, status: str, use: str) -> Answers:
    return lambda commune, on: {
        "subject": {**of.at_home(who, on), "sex": declarations.SEX[who.sex]},
        "request": {"status": status, "purpose": "other", "use": use, "phone": who.phone},
    }


def _marriage(of: Household, bride: Person, desk: Desk, *, before: str = "single", proof: str = "") -> Answers:
    """He lives here; she comes from the commune of ``desk``. ``before``: what he was."""
    times = 1 if before == "single" else 2
    return lambda commune, on: {
        "husband": {**of.at_home(of.son, on), "before": before, "proof": proof, "times": times},
        "wife": {**of.at_home(bride, on, desk=desk), "before": "single"},
        "together": {"free_will": True, "files": "husband", "phone": of.son.phone, "copies": of.number % 3},
    }


def _lost(of: Household, commune: AdminUnit, on: date, year: int) -> dict[str, Any]:
    return {
        "lost_number": f"{17 + of.number % 90}", "lost_on": str(year), "lost_at": declarations.address(commune, "", on),
        "left": "Học bạ, sổ hộ khẩu cũ", "sworn": True,
    }


def _marriage_again(of: Household) -> Answers:
    def answers(commune: AdminUnit, on: date) -> Pages:
        young = max(of.grandfather.born_on.year, of.grandmother.born_on.year) + 22
        return {
            "husband": {**of.at_home(of.grandfather, on), "before": "single"},
            "wife": {**of.at_home(of.grandmother, on), "before": "single"},
            "together": {"free_will": True, "files": "wife", "phone": of.son.phone},
            "lost": _lost(of, commune, on, min(young, 2015)),
        }

    return answers


def _birth_again(of: Household, who: Person, father: Person, mother: Person, desk: Desk | None = None) -> Answers:
    """A grown child's birth, with parents who had married before it."""
    def answers(commune: AdminUnit, on: date) -> Pages:
        here = declarations.address(commune, "", on)
        return {
            "child": {
                "name": who.name, "sex": declarations.SEX[who.sex], "born_on": who.born_on.isoformat(),
                "ethnicity": "Kinh", "nationality": "Việt Nam", "place_kind": "home", "place": here,
                "native_place": here, "personal_number": who.personal_number,
            },
            "mother": of.at_home(mother, on, desk=desk),
            "father": {**of.at_home(father, on, desk=desk), "parents_married": True,
                       "marriage_record": f"{3 + of.number % 60}/{who.born_on.year - 1}"},
            "declarant": {
                "relation": "self", "name": who.name, "personal_number": who.personal_number, "phone": who.phone,
                "residence": events.home(commune, on, of.number),
            },
            "lost": _lost(of, commune, on, min(who.born_on.year + 1, 2015)),
        }

    return answers


def _death(of: Household, dead: Person, by: Person, relation: str, died: date) -> Answers:
    return lambda commune, on: {
        "deceased": {**of.at_home(dead, on), "sex": declarations.SEX[dead.sex]},
        "death": {
            "died_on": died.isoformat(), "died_at": f"{of.number * 5 % 24:02d}:{of.number * 7 % 60:02d}",
            "place_kind": "home", "place": events.home(commune, on, of.number),
            "cause": CAUSES[of.number % len(CAUSES)], "proof": "notice",
            "proof_number": f"{of.number + 4}/GBT", "copies": of.number % 4,
        },
        "declarant": {"relation": relation, "name": by.name, "personal_number": by.personal_number, "phone": by.phone,
                      "residence": events.home(commune, on, of.number)},
    }


def _birth(of: Household, child: Birth) -> Answers:
    """As every birth, with the parents' marriage by the number under which the register has it."""
    def answers(commune: AdminUnit, on: date) -> Pages:
        pages = declarations.answers(child, commune=commune, on=on)
        marriage = Act.objects.filter(
            kind=BookKind.MARRIAGE, state=ActState.REGISTERED,
            parties__in=Party.objects.filter(role=PartyRole.WIFE, personal_number=child.mother.personal_number),
        ).order_by("registered_on").last()
        if child.married and marriage is not None:
            pages["father"]["marriage_record"] = f"{marriage.display_number}, {marriage.unit_name}"
        return pages

    return answers


def _registered(child: Birth) -> BirthAct | None:
    """The act of this child; its mother's number tells it."""
    return BirthAct.objects.filter(
        state=ActState.REGISTERED, born_on=child.born_on.isoformat(),
        parties__in=Party.objects.filter(role=PartyRole.MOTHER, personal_number=child.mother.personal_number),
    ).select_related("unit__admin_unit").order_by("created_at").first()


def _about(child: Birth, pages: Callable[[BirthAct, AdminUnit, date], Pages]) -> Answers:
    """What is about the child's registered birth; nothing where there is none."""
    def answers(commune: AdminUnit, on: date) -> Pages:
        act = _registered(child)
        return pages(act, commune, on) if act is not None else {}

    return answers


def _newborn(act: BirthAct, commune: AdminUnit, on: date, number: int) -> dict[str, Any]:
    """The child as a page asks for a person who has no paper but the certificate."""
    child = act.child
    return {
        "name": child.name, "sex": child.sex, "born_on": child.born_on, "ethnicity": child.ethnicity,
        "nationality": child.nationality, "residence": events.home(commune, on, number), "id_kind": "other",
        "id_number": f"GKS {act.display_number}", "personal_number": child.personal_number,
    }


def _recognition(of: Household, child: Birth) -> Answers:
    return _about(child, lambda act, commune, on: {
        "parent": {**of.at_home(of.son, on), "sex": "male"}, "child": _newborn(act, commune, on, of.number),
        "proof": {"files": "parent", "evidence": "examination", "evidence_number": f"ADN {of.number}/{on.year}",
                  "both_present": True, "undisputed": True, "other_parent_agrees": True, "phone": of.son.phone},
    })


def _guardianship(of: Household, child: Birth) -> Answers:
    return _about(child, lambda act, commune, on: {
        "ward": {**_newborn(act, commune, on, of.number), "why": "no_parents"},
        "guardian": {**of.at_home(of.bride_mother, on), "sex": "female", "relation": "Bà ngoại"},
        "terms": {"form": "natural", "able": True, "phone": of.bride_mother.phone},
    })


def _target(act: BirthAct, commune: AdminUnit, on: date) -> dict[str, Any]:
    return {"book": "KS", "number": act.display_number, "name": act.child.name,
            "office": declarations.address(commune, "", on)}


def _by_mother(of: Household, commune: AdminUnit, on: date, relation: str) -> dict[str, Any]:
    mother = of.bride
    return {"name": mother.name, "personal_number": mother.personal_number, "phone": mother.phone, "relation": relation,
            "residence": events.home(commune, on, of.number)}


def _copies(of: Household, child: Birth) -> Answers:
    return _about(child, lambda act, commune, on: {
        "target": _target(act, commune, on), "request": {"copies": 1 + of.number % 3, "purpose": "nhập học mầm non"},
        "requester": _by_mother(of, commune, on, "kin"),
    })


def _correction(of: Household, child: Birth) -> Answers:
    return _about(child, lambda act, commune, on: {
        "target": _target(act, commune, on), "requester": _by_mother(of, commune, on, "parent"),
        "what": {
            "kind": "correction", "field_1": "child.native_place", "value_1": f"Thôn Đoài, {act.native_place}",
            "ground": "Ghi thiếu thôn, xóm khi đăng ký.", "proof": "Giấy khai sinh của cha", "parents_agree": True,
        },
    })
