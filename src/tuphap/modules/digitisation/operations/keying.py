"""Keying: the next entry is given to one keyer alone, keyed as it is written, and some of them twice, blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .. import content as contents
from .. import rules
from ..models import Book, Claim, Count, Entry, SecondKeying
from ..practice import practice_on
from ..rules import Event, Permission, State
from .rows import hold, let_go, lock_entry, move, person, refuse_taken, require

MOST_BOOKS = 200  # that are gone through for one entry; what others are at is passed over


def waiting(actor: Actor, *, at: datetime, book_id: int | None = None) -> QuerySet[Entry]:
    """What the actor may key now: returned to him first, then what nobody has keyed, then what is to be keyed twice.

    What another stands at is left out. The order within a book is that of its numbers.
    """
    me = person(actor)
    units = access.units_where(actor, Permission.KEY, on=localdate(at))
    held = Claim.objects.filter(entry=OuterRef("pk"), until__gt=at).exclude(person_id=me)
    twice = Q(state=State.KEYED, keyed_twice=True, second__isnull=True, source="") & ~Q(keyer=me) & ~Q(
        hands__contains=[me])
    returned = Q(state=State.RETURNED) & (Q(keyer=me) | Q(keyer__isnull=True))
    found = Entry.objects.filter(
        Q(state=State.SCANNED) | returned | twice, book__unit__in=units, book__state=rules.BookState.OPEN,
    ).filter(~Exists(held))
    return found.filter(book_id=book_id) if book_id is not None else found


@operation
def take_next(*, book_id: int | None = None, after: int | None = None, actor: Actor, at: datetime) -> Entry:
    """Give the actor the next entry to key: the one he was at, else one that waits; nobody else is given it meanwhile.

    :param after: key of an entry that he leaves for later.
    :raises access.Forbidden: the actor keys nowhere.
    :raises rules.NothingToDo: nothing waits.
    """
    access.require_anywhere(actor, Permission.KEY, on=localdate(at))
    if after is not None:
        Claim.objects.filter(entry_id=after, person_id=person(actor)).delete()
    found = _first_waiting(actor, at=at, book_id=book_id, without=after)
    if found is None:
        raise rules.NothingToDo()
    hold(found, actor, at=at)
    _look(found, actor, at)
    return found


def _first_waiting(actor: Actor, *, at: datetime, book_id: int | None, without: int | None) -> Entry | None:
    """What the actor is at, else what waits, book by book: the counts tell in which books anything does."""
    mine = Claim.objects.filter(person_id=person(actor), until__gt=at).exclude(entry=without).values_list("entry_id")
    held = _lockable(actor, at, book_id).filter(pk__in=[pk for (pk,) in mine]).first()
    if held is not None:
        return held
    units = access.units_where(actor, Permission.KEY, on=localdate(at))
    for state in (State.RETURNED, State.SCANNED, State.KEYED):
        having = Count.objects.filter(
            state=state, entries__gt=0, book__unit__in=units, book__state=rules.BookState.OPEN).order_by("book")
        if book_id is not None:
            having = having.filter(book=book_id)
        elif state is State.KEYED:  # books that were keyed elsewhere, without scans, have nothing to key twice
            having = having.filter(with_scan__gt=0)
        for one in having.values_list("book_id", flat=True)[:MOST_BOOKS]:
            found = _lockable(actor, at, one).filter(state=state).exclude(pk=without or 0).first()
            if found is not None:
                return found
    return None


def _lockable(actor: Actor, at: datetime, book_id: int | None) -> QuerySet[Entry]:
    """What waits and nobody else is just being given."""
    return waiting(actor, at=at, book_id=book_id).select_for_update(of=("self",), skip_locked=True)


@operation
def take(*, entry_id: int, actor: Actor, at: datetime) -> Entry:
    """Stand at an entry to key it.

    :raises access.Forbidden: the actor does not key in that office.
    :raises rules.UnknownEntry: there is none.
    :raises rules.WrongState: it does not wait to be keyed, or not by him.
    :raises rules.TakenByAnother: somebody else is at it.
    """
    entry = lock_entry(entry_id)
    require(actor, Permission.KEY, entry.book, at=at)
    if not waiting(actor, at=at, book_id=entry.book_id).filter(pk=entry.pk).exists():
        refuse_taken(entry, actor, at=at)
        raise rules.WrongState(state=entry.state_title)
    hold(entry, actor, at=at)
    _look(entry, actor, at)
    return entry


def _look(entry: Entry, actor: Actor, at: datetime) -> None:
    """Who is given an entry sees whom it is about: kept as every look is."""
    audit.record(Event.CLAIMED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id,
                 line=entry.display_number, book=str(entry.book))


@operation
def key(
    *, entry_id: int, what: str, registered_on: date, typed: contents.Typed, day_is_so: bool = False,
    notes: Sequence[Mapping[str, str]] = (), actor: Actor, at: datetime,
) -> Entry:
    """Keep an entry as the actor has keyed it: the first time, again after a return, or as the second of two keyers.

    :param typed: part → place → ``raw``, ``value``, ``standing``; what a place means is only noted beside it.
    :param day_is_so: the day of registration lies outside the book's life, and stands there so.
    :raises access.Forbidden: the actor does not key in that office.
    :raises rules.WrongState: it does not wait to be keyed, or not by him.
    :raises rules.TakenByAnother: somebody else is at it.
    :raises rules.WrongKind: such a book has no entry of this kind.
    :raises rules.DayOutsideBook: the day cannot be, and nobody says that it stands so.
    :raises Invalid: places are left open; each problem's field is ``part.place``.
    :raises register.BadNote: a note of the margin that such a book has not.
    """
    entry = lock_entry(entry_id)
    require(actor, Permission.KEY, entry.book, at=at)
    refuse_taken(entry, actor, at=at)
    kind = register.ENTRY_KINDS.get(what)
    if kind is None or kind.book != entry.book.kind:
        raise rules.WrongKind(book=entry.book.kind)
    _refuse_day(entry.book, registered_on, day_is_so=day_is_so, today=localdate(at))
    read = contents.read_all(kind, typed)
    told = [_read_note(entry, place, note, on=registered_on, today=localdate(at)) for place, note in enumerate(notes)]
    if entry.state == State.KEYED:
        return _second(entry, what, registered_on, read, actor=actor, at=at)
    if entry.state == State.RETURNED and entry.keyer_id not in (None, person(actor)):
        raise rules.WrongState(state=entry.state_title)
    hands = sorted({*(entry.hands or ())} - {person(actor)}) or None
    percent = practice_on(localdate(at)).keyed_twice
    was_second = SecondKeying.objects.filter(entry=entry).exists()
    move(
        entry, State.KEYED, content=read, notes=told, what=what, registered_on=registered_on, keyer_id=person(actor),
        keyed_at=at, hands=hands, returned={},
        source="" if entry.scan_id is not None else entry.source,
        keyed_twice=was_second or (not entry.source and rules.is_keyed_twice(entry.pk, percent=percent)),
    )
    let_go(entry)
    audit.record(Event.KEYED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id)
    return entry


def _second(
    entry: Entry, what: str, registered_on: date, read: contents.Content, *, actor: Actor, at: datetime
) -> Entry:
    """What another made of it. The first keeps standing; the proofer decides where they differ."""
    me = person(actor)
    if not entry.keyed_twice or SecondKeying.objects.filter(entry=entry).exists() or me == entry.keyer_id or (
            me in (entry.hands or ())):
        raise rules.WrongState(state=entry.state_title)
    if what != entry.what:
        raise rules.WrongKind(book=entry.book.kind)
    SecondKeying.objects.create(entry=entry, content=read, registered_on=registered_on, keyer_id=me, keyed_at=at)
    entry.hands = sorted({*(entry.hands or ()), me})
    entry.save(update_fields=["hands"])
    let_go(entry)
    audit.record(Event.KEYED_TWICE, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id)
    return entry


def _read_note(entry: Entry, place: int, note: Mapping[str, str], *, on: date, today: date) -> dict[str, Any]:
    """:raises register.BadNote: it is none that such a book has; its field is ``notes.0.text``."""
    try:
        read = register.read_note(note, book=register.BookKind(entry.book.kind), today=today, registered_on=on)
    except register.BadNote as fault:
        fault.field = f"notes.{place}.{fault.field}"
        raise
    return dict(read)


def _refuse_day(book: Book, day: date, *, day_is_so: bool, today: date) -> None:
    first, last = rules.book_days(opened_on=book.opened_on, closed_on=book.closed_on, year=book.year)
    if (not first <= day <= last and not day_is_so) or day > today:
        raise rules.DayOutsideBook(day=f"{day:%d/%m/%Y}", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")


@operation
def set_unreadable(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> Entry:
    """Say that nobody can read the entry. A better scan brings it back.

    :raises access.Forbidden: the actor does not key in that office.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongState: it does not wait to be keyed.
    :raises rules.TakenByAnother: somebody else is at it.
    """
    if not tidy(reason):
        raise rules.ReasonRequired()
    entry = lock_entry(entry_id)
    require(actor, Permission.KEY, entry.book, at=at)
    refuse_taken(entry, actor, at=at)
    reasons: dict[str, Any] = {"line": tidy(reason)[:300]}
    move(entry, State.UNREADABLE, returned=reasons)
    let_go(entry)
    audit.record(Event.UNREADABLE, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id,
                 reason=tidy(reason)[:200])
    return entry
