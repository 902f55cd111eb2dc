"""The offices through the reform, who sits there, and the procedures with the days on which each version holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from tuphap.shared.calendar.api import AfterPause, Limit, LimitUnit
from tuphap.shared.dossiers.api import FieldKind, Procedure, read_form
from tuphap.shared.dossiers.rules import Level
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from ..offices import CHAIRMAN, DENSE, DEPUTY, OFFICER, RECEIVER, Desk

Who = tuple[str, UUID | None, str]  # kind, account, name: as the log names an actor

TIMERS: Who = ("system", None, "timers")
SIGNING: Who = ("system", None, "signing")


@dataclass(frozen=True, slots=True)
class Office:
    """One office; ``heir`` where it was closed by the reform."""

    id: int
    code: str
    name: str
    unit_code: str
    territory: str  # the whole name of what it governs, as addresses end
    heir: Office | None = None


@dataclass(slots=True)
class Seat:
    """Where dossiers are handled: the office of the day and its people. ``tardy``: how often late, 1 as most are."""

    now: Office
    before: Office | None
    receiver: Who
    assigner: Who
    officers: tuple[Who, ...]
    leaders: tuple[tuple[Who, str], ...]  # with their titles
    head: Who | None = None
    weight: float = 1.0
    tardy: float = 1.0
    online: float = 1.0

    def office(self, on: date) -> Office:
        return self.before if self.before is not None and on < orgs.REFORM else self.now

    def works_on(self, day: date) -> bool:
        return self.before is not None or day >= orgs.REFORM


@dataclass(frozen=True, slots=True)
class Law:
    """One version of a procedure, with what a dossier needs of it."""

    id: int
    code: str
    name: str
    limit: Limit
    rule: AfterPause
    papers: tuple[tuple[str, str], ...]  # code and name of what is handed in
    is_online: bool
    is_reviewed: bool
    has_originals: bool
    form_version: str
    pages: tuple[tuple[str, tuple[tuple[str, FieldKind, tuple[str, ...], int], ...]], ...]
    since: date
    until: date | None


@dataclass(slots=True)
class Province:
    """What stands before the first dossier: seats, the Department, procedures, the picture of a paper, some residents.

    ``shares``: of a hundred dossiers, how many are of each procedure; the Department has its own. ``hospitals``, before
    the reform and since: name, code and whole name of the commune.
    """

    seats: list[Seat]
    department: Seat
    laws: dict[str, list[Law]]
    shares: dict[str, float]
    department_shares: dict[str, float]
    picture: UUID
    residents: list[UUID]
    hospitals: dict[bool, list[tuple[str, str, str]]] = field(default_factory=dict)


BIRTH, MARRIAGE, DEATH, STATUS = "1.001193", "1.000894", "1.000656", "1.004873"
SHARES = {
    BIRTH: 16.0, STATUS: 11.0, DEATH: 8.0, MARRIAGE: 7.0,
    "2.000815": 30.0, "2.000884": 14.0, "2.000908": 3.0, "2.000942": 2.0, "2.001035": 4.0, "2.001019": 1.0,
}
OTHER_SHARE = 4.0  # what else a commune does, together
DEPARTMENT_SHARE = 0.02  # of all dossiers


def laws_of(procedures: list[Procedure]) -> dict[str, list[Law]]:
    """Every version of every procedure that can be made up: those with a register of their own, and the declared ones
    that a person asks for."""
    found: dict[str, list[Law]] = {}
    for row in procedures:
        handler = row.declared_handler
        if handler is None or not (row.code in SHARES or _is_asked_by_a_person(row)):
            continue
        handed_in = [c for c in row.components if c["mandatory"] and not c["replaced_by_database"]]
        found.setdefault(row.code, []).append(Law(
            id=row.pk, code=row.code, name=row.name, limit=Limit(row.limit_value, LimitUnit(row.limit_unit)),
            rule=AfterPause(row.restart_rule), papers=tuple((c["code"], c["name"]) for c in handed_in[:2]),
            is_online=row.handled_online, is_reviewed=any(s["role"] == Level.HEAD.name for s in row.internal_steps),
            has_originals=bool(row.originals), form_version=handler.form_version, pages=_pages(row),
            since=row.valid_from, until=row.valid_to,
        ))
    return found


def shares_of(procedures: list[Procedure], laws: dict[str, list[Law]]) -> tuple[dict[str, float], dict[str, float]]:
    """Of a hundred dossiers, how many are of each procedure: in the communes, and at the Department."""
    level = {row.code: row.authority_level for row in procedures}
    others = sorted(code for code in laws if level[code] == Procedure.Authority.COMMUNE and code not in SHARES)
    commune = {**{code: share for code, share in SHARES.items() if code in laws},
               **dict.fromkeys(others, OTHER_SHARE / max(1, len(others)))}
    department = sorted(code for code in laws if level[code] == Procedure.Authority.PROVINCE)
    return commune, dict.fromkeys(department, 1.0)


def _is_asked_by_a_person(row: Procedure) -> bool:
    """Whether its declaration is data, and asks for nothing that cannot be made up."""
    pages = read_form(row.form) if row.form else ()
    kinds = {question.kind for page in pages for question in page.fields}
    return any(page.code == "person" for page in pages) and FieldKind.TAX_CODE not in kinds


def _pages(row: Procedure) -> tuple[Any, ...]:
    """What its declaration must be answered: page, then question, kind, choices, least."""
    return tuple(
        (page.code, tuple((q.code, q.kind, q.choices, q.least or 1) for q in page.fields if q.required))
        for page in (read_form(row.form) if row.form else ())
    )


def office_of(unit: OrgUnit, *, heir: Office | None = None) -> Office:
    return Office(
        id=unit.pk, code=unit.code, name=unit.name, unit_code=unit.admin_unit.code,
        territory=orgs.full_name(unit.admin_unit), heir=heir,
    )


def seat_of(desk: Desk, random: Random) -> Seat:
    """A commune's seat. Some communes are large, some are slow, some have taught their people to file online."""
    people: dict[str, Who] = {post: ("staff", user.pk, user.full_name) for post, user in desk.people.items()}
    titles = {post: user.title for post, user in desk.people.items()}
    now = office_of(desk.now)
    return Seat(
        now=now, before=None if desk.before is None else office_of(desk.before, heir=now),
        receiver=people[RECEIVER], assigner=people[RECEIVER], officers=(people[OFFICER],),
        leaders=tuple((people[post], titles[post]) for post in (CHAIRMAN, DEPUTY)),
        weight=random.uniform(2.0, 3.5) if desk.commune in DENSE else random.uniform(0.4, 1.6),
        tardy=random.choice((0.3, 0.5, 0.8, 1.0, 1.0, 1.3, 1.8, 2.6)), online=random.uniform(0.6, 1.4),
    )
