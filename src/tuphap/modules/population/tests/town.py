"""Who matches in the world of civil status, and records of the population database made of its acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random
from typing import Any

from tuphap.engines.linkage import Candidate, Decision, Finding
from tuphap.kernel.actor import system_actor
from tuphap.modules.civil_status.models import Act, Party
from tuphap.modules.civil_status.tests.paper import BIRTH, entered, raw
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population import operations, queries
from tuphap.modules.population.models import PopulationRecord, Ticket
from tuphap.modules.population.rules import Permission
from tuphap.modules.population.subjects import Subject, subjects_of
from tuphap.shared.access.models import Grant
from tuphap.shared.exchange.api import contracts
from tuphap.shared.operation.testing import setting_up

MATCHING = system_actor("population")
WHY = Finding("name", "Họ tên", "x", "x", "same", "giống nhau", 6.8)
_GRANTS = {
    "officer": (Permission.VIEW, Permission.MATCH, Permission.DECIDE),
    "chairman": (Permission.VIEW, Permission.CONFIRM),
    "deputy": (Permission.VIEW, Permission.DECIDE, Permission.CONFIRM),
    "stranger": (Permission.VIEW, Permission.DECIDE, Permission.CONFIRM),
}


def grant(world: World) -> None:
    with setting_up():
        for role, permissions in _GRANTS.items():
            unit = world.there if role == "stranger" else world.here
            for permission in permissions:
                Grant.objects.create(
                    person=world.users[role], permission=permission, unit=unit, valid_from=date(2024, 1, 1))


def in_full(act: Act) -> Act:
    [found] = queries.acts_in_full([act.pk])
    return found


def person_like(subject: Subject, key: str, **more: Any) -> dict[str, Any]:
    """A record that says what the act says of this person, but for ``more``."""
    told = subject.told
    return {
        "key": key, "number": told.number or "031098000456", "name": told.name.upper(), "sex": told.sex,
        "born_on": told.born_on, "father": told.father, "mother": told.mother, "state": "alive", **more,
    }


def main(act: Act) -> Subject:
    return next(subjects_of(in_full(act)))


def take_in(*people: Mapping[str, Any], at: datetime = AT) -> list[PopulationRecord]:
    """As a pull would: every record with its place among the changes."""
    since = queries.sequence()
    told = []
    for place, person in enumerate(people, start=1):
        before = PopulationRecord.objects.filter(key=person["key"]).first()
        told.append({**person, "version": before.version + 1 if before else 1, "sequence": since + place})
    page = contracts.ChangesFound.model_validate({"since": since, "last": since + len(told), "people": told})
    operations.take_in(page=page, actor=MATCHING, at=at)
    return list(PopulationRecord.objects.filter(key__in=[one["key"] for one in told]).order_by("key"))


def matched(
    act: Act, *keys: str, decision: Decision = Decision.AUTO, at: datetime = AT, party: Party | None = None,
) -> dict[str, int]:
    """What the engine says is entered: these records, the best first, for the (first) person of the act."""
    whose = party or main(act).party
    candidates: dict[str, Sequence[Candidate]] = {
        str(whose.pk): [Candidate(key, 0.9999, decision, (WHY,)) for key in keys]}
    return dict(operations.enter_matches(act_id=act.pk, candidates=candidates, actor=MATCHING, at=at))


def old_birth(
    world: World, *, number: str = "15", name: str = "NGUYỄN VĂN LÂM", born: str = "5-3-1998",
    mother: str = "Trần Thị Hoa",
) -> Act:
    """A birth of 1998, transcribed and confirmed."""
    child = {**BIRTH["child"], "name": raw(name), "born_on": raw(born)}
    return entered(world, parts={"child": child, "mother": {**BIRTH["mother"], "name": raw(mother)}}, number=number)


def neighbours(count: int) -> list[dict[str, Any]]:
    """People of all kinds of names, among whom those of a test are nothing special."""
    chance = Random(7)  # people, not secrets
    return [
        {"key": f"N{place:04}", "number": f"0310{chance.randrange(60, 99)}{place:06}", "sex": chance.choice(
            ["male", "female"]), "name": _name(chance), "mother": _name(chance), "father": _name(chance),
         "born_on": f"{chance.randrange(1960, 2020)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"}
        for place in range(count)
    ]


def _name(chance: Random) -> str:
    return " ".join(chance.choice(part.split()) for part in (
        "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương", "Văn Thị Đức Minh Ngọc Thanh Hữu Quang Thu Xuân",
        "An Bình Cường Dũng Giang Hà Hải Hùng Khánh Lan Linh Long Mai Nam Nga Phương Quân Sơn Thảo Tuấn Vinh Yến"))


def ticket_of(act: Act) -> Ticket:
    return Ticket.objects.select_related("record", "act").get(act=act)
