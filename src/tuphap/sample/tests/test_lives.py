"""Families: the same for the same present, each step after the last, and one person in many acts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.modules.civil_status.answers import BirthDeclaration
from tuphap.modules.civil_status.events.again import BirthAgainDeclaration, MarriageAgainDeclaration
from tuphap.modules.civil_status.events.death import DeathDeclaration
from tuphap.modules.civil_status.events.marital_status import MaritalStatusDeclaration
from tuphap.modules.civil_status.events.marriage import MarriageDeclaration
from tuphap.modules.civil_status.joined.death import JoinedDeath
from tuphap.sample import events, lives
from tuphap.sample.events import Event
from tuphap.sample.families import Families
from tuphap.shared.calendar import api as calendar
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit

pytestmark = pytest.mark.django_db

UNTIL = datetime(2026, 11, 21, 13, 30, tzinfo=VIETNAM)
COMMUNES = ("11329", "11383", "11311")
WHOLE = {  # what is told without the register
    events.MARRIAGE: MarriageDeclaration, events.DEATH: DeathDeclaration, events.STATUS: MaritalStatusDeclaration,
    events.BIRTH: BirthDeclaration, events.BIRTH_AGAIN: BirthAgainDeclaration,
    events.MARRIAGE_AGAIN: MarriageAgainDeclaration,
}


@dataclass(frozen=True)
class Unit:
    """As much of an office as a page asks for."""

    admin_unit: AdminUnit
    name: str


class Desk:
    """As much of a desk as a family asks for."""

    def __init__(self, commune: str) -> None:
        self.commune = commune
        unit = orgs.admin_unit(commune, on=orgs.REFORM, level=AdminUnit.Level.COMMUNE)
        self.now = Unit(unit, f"Ủy ban nhân dân {unit.name}")

    def office(self, on: date) -> Unit:
        return self.now


def _desks() -> Any:
    return {code: Desk(code) for code in COMMUNES}


def _told(how_many: int) -> list[tuple[Event, list[tuple[str, datetime]]]]:
    """Every act with its steps, taken from what is to happen."""
    acts: dict[str, tuple[Event, list[tuple[str, datetime]]]] = {}
    for happening in lives.happenings(_desks(), until=UNTIL, how_many=how_many):
        inside = dict(zip(happening.do.__code__.co_freevars, happening.do.__closure__ or (), strict=True))
        event, what = inside["event"].cell_contents, inside["what"].cell_contents
        assert happening.place == event.desk.commune
        acts.setdefault(event.key, (event, []))[1].append((what, happening.at))
    return list(acts.values())


def test_the_same_families_are_told_again_and_as_many_acts_as_were_asked_for(law: None) -> None:
    first, second = _told(120), _told(120)
    assert [(e.key, e.procedure, steps) for e, steps in first] == [(e.key, e.procedure, steps) for e, steps in second]
    assert len(first) == 120
    assert [e.key for e, _ in _told(40)] == [e.key for e, _ in first[:40]], "a larger sample begins as a smaller one"


def test_steps_follow_each_other_within_office_hours_of_working_days(law: None) -> None:
    days = calendar.working_calendar()
    late = 0
    for event, steps in _told(300):
        times = [at for what, at in steps if what != "divorce"]
        assert times == sorted(times) and steps[0][0] == "file" and times[-1] <= UNTIL, event.key
        assert all(days.is_working_day(localdate(at)) and 8 <= at.astimezone(VIETNAM).hour < 17 for _, at in steps)
        late += (localdate(times[-1]) - event.day).days > 5
    assert 6 <= late <= 60


def test_what_is_declared_is_whole_and_one_person_stands_in_many_acts(law: None) -> None:
    roles: dict[str, set[str]] = defaultdict(set)
    for event, _ in _told(300):
        pages = event.answers(event.desk.office(event.day).admin_unit, event.day)
        if event.procedure not in WHOLE:
            assert pages == {}, "nothing is registered here that it could be about"
            continue
        declared = WHOLE[event.procedure].model_validate(pages)
        declared.check_against_day(today=event.day)
        for page, block in pages.items():
            if number := block.get("personal_number"):
                roles[number].add(f"{event.key} {page}")
    assert max(map(len, roles.values())) >= 4
    assert sum(len(found) > 1 for found in roles.values()) >= 60


def test_the_last_days_have_joined_deaths_that_ask_each_agency_for_something(law: None) -> None:
    asked: Counter[str] = Counter()
    found = events.joined_deaths(_desks(), until=UNTIL)
    assert found and all(happening.at <= UNTIL for happening in found)
    for number, aid in enumerate(events.AIDS):
        families = Families(events.SEED, first=96_000 + 3 * number)
        dead, child = families.adult("nam", UNTIL.date(), 70), families.adult("nu", UNTIL.date(), 44)
        desk = Desk(COMMUNES[0])
        pages = events._joined_death(number, dead, child, aid)(desk.now.admin_unit, UNTIL.date())
        declared = JoinedDeath.model_validate(pages)
        declared.check_against_day(today=UNTIL.date())
        asked += Counter(service for services in declared.services().values() for service in services)
    assert asked == {"insurance": 4, "assistance": 4}


def test_the_two_who_are_turned_away_have_one_father(law: None) -> None:
    kin = [event for event, _ in _told(300) if event.number == 4]
    told = [(e.procedure, e.answers(e.desk.office(e.day).admin_unit, e.day)) for e in kin]
    births = [pages for procedure, pages in told if procedure == events.BIRTH_AGAIN]
    assert len({pages["father"]["personal_number"] for pages in births}) == 1 and len(births) == 2
    couple = next(pages for procedure, pages in told if procedure == events.MARRIAGE)
    assert {couple["husband"]["personal_number"], couple["wife"]["personal_number"]} == {
        pages["child"]["personal_number"] for pages in births}
