"""The sample's population database: made of its own families, with damage so that every class of discrepancy occurs.

The records lie with the simulated police; what the province has of them comes by a real pull, and is matched by a real
batch in the background. Done again, nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import httpx
from django.conf import settings

from tuphap.engines.vietnamese import fold
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Conflict
from tuphap.modules.civil_status.public import Act, ActState
from tuphap.modules.population import operations, queries, tasks
from tuphap.modules.population.subjects import Subject, subjects_of
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.exchange.api import department_id
from tuphap.shared.operation.api import Once
from tuphap.shared.people.api import PartialDate

SPECIALIST = "chuyenvien.hanhchinh"  # who matches for the department
EVERY, FIRST_YEAR = 24, 1998  # one of so many births bears each damage
STRANGERS = (("Đỗ Thị Hạnh Nguyên", "female", 11), ("Lưu Quang Vinh", "male", 23), ("Tạ Bảo Châu", "female", 37))


def fill() -> None:
    """Give the police their records, take them in, and begin a batch over all that is registered."""
    if not settings.EXCHANGE_DEFAULT_URL:
        return
    told = list(people())
    if not told or not _sent(told):
        return
    tasks.pull()
    specialist = User.objects.filter(username=SPECIALIST).first()
    if specialist is None or not queries.sequence():
        return
    with suppress(Conflict):  # one is running already
        operations.begin_batch(
            unit_id=department_id(now()), kinds=["KS", "KH", "KT"], year_from=FIRST_YEAR, year_to=localdate(now()).year,
            actor=actor_for(specialist), at=now(), once=Once("sample-population-batch"),
        )


def _sent(told: list[dict[str, Any]]) -> bool:
    """Whether the police have them now; they keep what they had before, with what became of it since."""
    address = f"{settings.EXCHANGE_DEFAULT_URL}/_people"
    try:
        with httpx.Client(trust_env=False, timeout=30) as line:
            if not line.get(address).raise_for_status().json()["people"]:
                line.post(address, json={"people": told}).raise_for_status()
    except httpx.HTTPError:  # where no agencies run beside us, there is nothing to match with
        return False
    return True


def people() -> Iterator[dict[str, Any]]:
    """A record for whoever the register names, each but once; some wrong, some missing, some twice."""
    known: set[str] = set()
    counted: Counter[str] = Counter()
    for kind in ("KT", "KS", "KH"):  # the dead first: a life ends once, whatever else names it
        for act in _acts(kind):
            for subject in subjects_of(act):
                person = _record(subject)
                if person["number"] in known:
                    continue
                known.add(person["number"])
                counted[kind] += _is_long_ago(act) if kind == "KT" else 1
                yield from _damaged(person, subject, counted[kind])
    yield from _strangers()


def _acts(kind: str) -> list[Act]:
    keys = Act.objects.filter(kind=kind, state=ActState.REGISTERED).order_by("registered_on", "pk")
    found = {act.pk: act for act in queries.acts_in_full(keys.values_list("pk", flat=True))}
    return [found[key] for key in keys.values_list("pk", flat=True)]


def _record(subject: Subject) -> dict[str, Any]:
    """What the population database has where nothing is wrong."""
    told, act = subject.told, subject.act
    dead = act.kind == "KT"
    return {
        "key": f"DC{subject.party.pk:08d}", "number": told.number or _number(subject), "name": told.name.upper(),
        "sex": told.sex, "born_on": told.born_on, "father": told.father, "mother": told.mother,
        "residence_code": subject.record.commune, "residence": act.unit.admin_unit.name,
        "state": "dead" if dead else "alive",
        "died_on": act.event_latest.isoformat() if dead and act.event_latest else None,
    }


def _number(subject: Subject) -> str:
    """Of somebody whose act names none: the number that the police gave them since."""
    year = int(subject.told.born_on[:4] or 1970)
    century = (year // 100 - 19) * 2 + (1 if subject.told.sex == "female" else 0)
    return f"031{century}{year % 100:02}{subject.party.pk % 10**6:06}"


def _is_long_ago(act: Act) -> bool:
    """Whether the police have had time to hear of it."""
    return act.registered_on < localdate(now()) - timedelta(days=10)


def _damaged(person: dict[str, Any], subject: Subject, place: int) -> Iterator[dict[str, Any]]:
    """The record as the police have it; ``place``: among those of its kind."""
    act, birth = subject.act, place if subject.act.kind == "KS" else 0
    if act.kind == "KT" and _is_long_ago(act) and place % 5 == 1:
        yield {**person, "state": "alive", "died_on": None}  # H
    elif birth and act.is_from_paper:
        yield {**person, "born_on": _other_day(person["born_on"])}  # C, with the scan of its page
    elif birth % EVERY == 3:
        yield {**person, "name": fold(person["name"]).upper()}  # B
    elif birth % EVERY == 7:
        yield {**person, "born_on": _other_day(person["born_on"])}  # C
    elif birth % EVERY == 11:
        yield {**person, "mother": "LƯƠNG BÍCH PHƯỢNG"}  # D
    elif birth % EVERY == 15:
        return  # E
    elif birth % EVERY == 19:
        yield person
        yield {**person, "key": f"{person['key']}B", "number": f"{person['number'][:6]}{999_999 - birth:06}"}  # G
    else:
        yield person  # A


def _other_day(day: str) -> str:
    """Another day of the same year; of a year alone, its first of March."""
    known = PartialDate.parse(day).earliest
    return (date(known.year, known.month, 28 if known.day != 28 else 27)).isoformat()


def _strangers() -> Iterator[dict[str, Any]]:
    """Children who live here and were born elsewhere, or were never registered: F."""
    act = Act.objects.filter(kind="KS", state=ActState.REGISTERED, unit__valid_to__isnull=True).select_related(
        "unit__admin_unit").order_by("-registered_on", "-pk").first()
    if act is None:
        return
    for place, (name, sex, days) in enumerate(STRANGERS):
        born = localdate(now()) - timedelta(days=days + 60)
        century = 2 + (1 if sex == "female" else 0)
        yield {
            "key": f"DCLA{place}", "number": f"031{century}{born.year % 100:02}{998_000 + place:06}",
            "name": name.upper(), "sex": sex, "born_on": born.isoformat(), "state": "alive",
            "residence_code": act.unit.admin_unit.code, "residence": act.unit.admin_unit.name,
        }
