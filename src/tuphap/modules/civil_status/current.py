"""An act as it stands today: what is written, and over it what was changed, corrected, added since.

Nothing written is ever touched. A note keeps what it changes (``Annotation.changes``: field, before, after, fields as
in ``fields.py``); :func:`as_it_stands` lays them over the act in memory, and what says how things stand reads that.
"""

from __future__ import annotations

from copy import copy
from typing import Any, TypeVar

from tuphap.shared.people.api import PartialDate, PersonName

from . import rules
from .fields import FIELDS, OF_ACT, Field
from .models import Act, Annotation, BirthAct, Party

A = TypeVar("A", bound=Act)


def as_it_stands(act: A) -> A:
    """A copy of the act with every note's changes laid over it, oldest first. It is read, never saved.

    What came of an act that was cancelled since changes nothing.
    """
    if act.state == rules.ActState.PENDING_SIGNATURE:
        return act  # the database takes no note beside it
    changes = [change for note in _notes(act) for change in note.changes]
    if not changes:
        return act
    today = copy(act)
    people = [copy(party) for party in act.parties.all()]
    today._prefetched_objects_cache = {  # type: ignore[attr-defined]  # what `parties.all()` reads
        **getattr(act, "_prefetched_objects_cache", {}), "parties": people,
    }
    for change in changes:
        _put(today, people, FIELDS[change["field"]], change["after"])
    return today


def _notes(act: Act) -> list[Annotation]:
    noted = sorted(act.annotations.all(), key=lambda note: (note.created_at, note.pk))
    return [note for note in noted if note.changes and not _is_void(note)]


def _is_void(note: Annotation) -> bool:
    return note.source is not None and note.source.state == rules.ActState.CANCELLED


def _put(act: Act, people: list[Party], field: Field, value: str) -> None:
    role, _, column = field.path.partition(".")
    if field.path in OF_ACT:
        setattr(act, column, value)
        return
    person = next((p for p in people if p.role == role), None)
    if column == "name" and not value:  # struck out: see struck_out
        people[:] = [p for p in people if p is not person]
        return
    if person is None:  # a father who was recognised after the birth
        person = Party(act=act, role=role, sex={"father": "male", "mother": "female"}.get(role, ""))
        people.append(person)
    for name, told in columns_of(column, value).items():
        setattr(person, name, told)
    if isinstance(act, BirthAct) and role == rules.PartyRole.CHILD:
        if column == "sex":
            act.sex = value
        elif column == "born_on":
            act.born_on, act.born_earliest, act.born_latest = value, person.born_earliest, person.born_latest  # type: ignore[assignment]  # set just now


def struck_out(person: Party) -> dict[str, str]:
    """The change by which a person stands in an act no more: nobody's name is there."""
    return {"field": f"{person.role}.name", "before": person.name, "after": ""}


def columns_of(column: str, value: str) -> dict[str, Any]:
    """The columns of :class:`Party` that follow from one of them."""
    if column == "name":
        name = PersonName(value)
        return {"name": name.text, "sort_key": name.sort_key, "search_key": name.search_key}
    if column == "born_on" and value:
        day = PartialDate.parse(value)
        return {"born_on": day.isoformat(), "born_earliest": day.earliest, "born_latest": day.latest}
    return {column: value}


def value_of(act: Act, field: Field) -> str:
    """What stands in a field of this act (of :func:`as_it_stands` for today's)."""
    role, _, column = field.path.partition(".")
    if field.path in OF_ACT:
        return str(getattr(act, column))
    person = act.party(rules.PartyRole(role))
    return str(getattr(person, column)) if person is not None else ""


def names_in(changes: list[dict[str, str]]) -> str:
    """The names that changes give, as they are searched for."""
    return " | ".join(
        PersonName(change["after"]).search_key
        for change in changes if change["field"].endswith(".name") and change["after"]
    )[:400]
