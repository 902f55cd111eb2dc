"""Rows, locked and moved along their edges; who stands at an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.shared.access import api as access

from .. import rules
from ..models import Book, Claim, Entry
from ..rules import State


def lock_book(book_id: int) -> Book:
    """:raises rules.UnknownBook: there is none."""
    found = Book.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=book_id).first()
    if found is None:
        raise rules.UnknownBook()
    return found


def lock_entry(entry_id: int) -> Entry:
    """:raises rules.UnknownEntry: there is none."""
    found = Entry.objects.select_for_update(of=("self",)).select_related("book__unit", "scan").filter(
        pk=entry_id).first()
    if found is None:
        raise rules.UnknownEntry()
    return found


def require(actor: Actor, permission: rules.Permission, book: Book, *, at: datetime) -> None:
    """:raises access.Forbidden: the actor holds it neither over the book's office nor over one above."""
    access.require(actor, permission, unit_id=book.unit_id, on=localdate(at))


def move(entry: Entry, state: State, **columns: Any) -> None:
    """Move the entry along an edge of ``rules.EDGES``, with what belongs to the step.

    :raises rules.WrongState: there is no such edge.
    """
    if (State(entry.state), state) not in rules.EDGES:
        raise rules.WrongState(state=entry.state_title)
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.state = state
    entry.save(update_fields=["state", *columns])


def person(actor: Actor) -> UUID:
    """The account that acts; who may key or proof is a person."""
    assert actor.user_id is not None
    return actor.user_id


def hold(entry: Entry, actor: Actor, *, at: datetime) -> None:
    """Let the actor stand at the entry for a while; the entry is locked.

    :raises rules.TakenByAnother: another stands there.
    """
    refuse_taken(entry, actor, at=at)
    Claim.objects.update_or_create(
        entry_id=entry.pk, defaults={"person_id": person(actor), "until": at + rules.CLAIM_HOLDS})


def refuse_taken(entry: Entry, actor: Actor, *, at: datetime) -> None:
    """:raises rules.TakenByAnother: another stands at the entry, and the time has not run out."""
    held = Claim.objects.filter(entry_id=entry.pk, until__gt=at).exclude(person_id=person(actor)).select_related(
        "person").first()
    if held is not None:
        raise rules.TakenByAnother(person=held.person.full_name, until=f"{localtime(held.until):%H:%M}")


def let_go(entry: Entry) -> None:
    """Nobody stands at the entry any more."""
    Claim.objects.filter(entry_id=entry.pk).delete()
