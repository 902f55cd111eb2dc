"""The mirror: what the police have changed, taken in page by page or as they tell of it. Older never covers newer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor
from tuphap.shared.audit import api as audit
from tuphap.shared.exchange.api import Inbound, contracts
from tuphap.shared.operation.api import operation
from tuphap.shared.people.api import BadName, PersonName

from .. import comparison, rules
from ..models import Feed, PopulationRecord
from ..rules import Event
from .queued import recheck_after

_COLUMNS = ("key", "number", "old_number", "name", "search_key", "sex", "born_on", "born_year", "father", "mother",
            "birth_place", "residence", "residence_code", "state", "died_on", "merged_into", "version", "sequence",
            "taken_at")
_STAGED = "population_staged"


@operation
def take_in(*, page: contracts.ChangesFound, actor: Actor, at: datetime) -> int:
    """Enter a page of changes, and that we are so far; how many records are new or newer.

    A page that does not begin where we are was taken in before, or one before it was lost: nothing is done.
    """
    locked = Feed.objects.select_for_update().filter(source=rules.SOURCE)
    feed = locked.first()
    if page.since != (feed.sequence if feed is not None else 0):
        return 0
    if feed is None:
        Feed.objects.bulk_create([Feed(source=rules.SOURCE)], ignore_conflicts=True)
        feed = locked.get()
    changed = _enter(page.people, at=at)
    feed.sequence, feed.pulled_at = max(page.last, page.since), at
    feed.save(update_fields=["sequence", "pulled_at"])
    audit.record(Event.PULLED, subject=feed, actor=actor, at=at, sequence=feed.sequence, records=len(page.people),
                 changed=len(changed))
    recheck_after(changed)
    return len(changed)


@operation
def hear_person(*, body: contracts.PersonNews, message: Inbound, actor: Actor, at: datetime) -> dict[str, str]:
    """The police tell of one record that has changed. How far the pull has come is untouched by it."""
    changed = _enter([body.person], at=at)
    record = PopulationRecord.objects.get(key=body.person.key)
    audit.record(Event.HEARD, subject=record, actor=actor, at=at, version=body.person.version, changed=len(changed))
    recheck_after(changed)
    return {"outcome": "recorded", "reference": body.person.key}


def _enter(people: Iterable[contracts.PopulationPerson], *, at: datetime) -> list[int]:
    """Put rows beside, and from there what is newer than what is here; the keys of those rows. Inside an operation."""
    newest: dict[str, contracts.PopulationPerson] = {}
    for person in people:
        if person.key not in newest or newest[person.key].version < person.version:
            newest[person.key] = person
    columns = ", ".join(_COLUMNS)
    renewed = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "key")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {_STAGED} ON COMMIT DROP AS SELECT {columns} "  # noqa: S608
                       "FROM population_populationrecord WITH NO DATA")
        cursor.execute(f"TRUNCATE {_STAGED}")
        with cursor.copy(f"COPY {_STAGED} ({columns}) FROM STDIN") as copy:
            for person in newest.values():
                copy.write_row(_row(person, at))
        cursor.execute(
            f"INSERT INTO population_populationrecord AS known ({columns}) SELECT {columns} "  # noqa: S608  # our names
            f"FROM {_STAGED} ORDER BY key "
            f"ON CONFLICT (key) DO UPDATE SET {renewed} WHERE known.version < EXCLUDED.version RETURNING id")
        return [row[0] for row in cursor.fetchall()]


def _row(person: contracts.PopulationPerson, at: datetime) -> tuple[object, ...]:
    born = comparison.read_day(person.born_on)
    return (
        person.key, person.number, person.old_number, person.name, _search_key(person.name), person.sex, born,
        int(born[:4]) if born[:4].isdecimal() else None, person.father, person.mother, person.birth_place,
        person.residence, person.residence_code, person.state, person.died_on, person.merged_into, person.version,
        person.sequence, at,
    )


def _search_key(name: str) -> str:
    """As the register's people are found; of what is no name there, in lower case without marks."""
    try:
        return PersonName(name).search_key
    except BadName:
        return fold(name)[:150]
