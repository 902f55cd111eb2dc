"""Proofing and approving: held against the scan by a second person, answered for by a third; or returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from .. import content as contents
from .. import rules
from ..models import Book, Entry, SecondKeying, Tally
from ..practice import practice_on
from ..rules import Approver, Event, Permission, State
from .rows import let_go, lock_book, lock_entry, move, person, require

FIRST, SECOND = "first", "second"


def approving_office(book: Book, *, at: datetime) -> OrgUnit:
    """Whose approval a book needs today: its own office's, or the department's of its province.

    :raises orgs.NoSuccessor: the province has no department today.
    """
    today = localdate(at)
    if practice_on(today).approver == Approver.COMMUNE:
        return book.unit
    area = OrgUnit.objects.select_related("admin_unit__parent__parent").get(pk=book.unit_id).admin_unit.province
    found = orgs.offices(kind=OrgUnit.Kind.DEPARTMENT, on=today).filter(admin_unit__code=area.code).first()
    heir = found or orgs.offices(kind=OrgUnit.Kind.DEPARTMENT, on=today).filter(
        Q(admin_unit__came_from__old=area)).first()
    if heir is None:
        raise orgs.NoSuccessor(unit=area.name)
    return heir


def may_approve(actor: Actor, book: Book, *, at: datetime) -> bool:
    """Whether the actor approves what comes of this book."""
    office = approving_office(book, at=at)
    return access.may(actor, Permission.APPROVE, unit_id=office.pk, on=localdate(at))


def _require_approver(actor: Actor, book: Book, *, at: datetime) -> None:
    """:raises access.Forbidden: the actor does not approve for the office that approves this book."""
    access.require(actor, Permission.APPROVE, unit_id=approving_office(book, at=at).pk, on=localdate(at))


def _refuse_own(entry: Entry, actor: Actor) -> None:
    """:raises rules.OwnWork: the actor has had a hand in the entry."""
    if person(actor) in {entry.keyer_id, entry.proofer_id, *(entry.hands or ())}:
        raise rules.OwnWork()


# --- Proofing ---------------------------------------------------------------------------------------------------------


@operation
def proof(
    *, entry_id: int, compared: bool, decided: Mapping[str, str] | None = None, actor: Actor, at: datetime
) -> Entry:
    """Answer for it that what was keyed is what stands in the book: compared place by place, by another than the keyer.

    :param decided: of an entry that was keyed twice, path → ``first`` or ``second`` where the two differ.
    :raises access.Forbidden: the actor does not proof in that office.
    :raises rules.WrongState: it does not wait to be proofed.
    :raises rules.OwnWork: the actor has keyed in it.
    :raises rules.NotCompared: the scan was not looked at.
    :raises rules.SecondMissing: the second keyer has not been at it.
    :raises rules.NotDecided: two keyers differ in a place, and neither was chosen; its field is the path.
    """
    entry = lock_entry(entry_id)
    require(actor, Permission.PROOF, entry.book, at=at)
    if entry.state != State.KEYED:
        raise rules.WrongState(state=entry.state_title)
    _refuse_own(entry, actor)
    if not compared:
        raise rules.NotCompared()
    columns = _adjudicated(entry, decided or {}, actor=actor, at=at) if entry.keyed_twice else {}
    move(entry, State.PROOFED, proofer_id=person(actor), proofed_at=at, **columns)
    let_go(entry)
    audit.record(Event.PROOFED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id, places=sorted(columns))
    return entry


def _adjudicated(entry: Entry, decided: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """The columns of the entry as decided between its two keyers; who was wrong where is counted, once."""
    second = SecondKeying.objects.select_for_update().filter(entry=entry).first()
    if second is None:
        raise rules.SecondMissing()
    kind = register.ENTRY_KINDS[entry.what]
    differing = contents.differences(kind, entry.content, second.content)
    chosen = {one.path: decided.get(one.path, "") for one in differing}
    for one in differing:
        if chosen[one.path] not in (FIRST, SECOND):
            raise rules.NotDecided(field=one.path, place=one.title)
    days_differ = entry.registered_on != second.registered_on
    if days_differ:
        chosen["line.registered_on"] = decided.get("line.registered_on", "")
        if chosen["line.registered_on"] not in (FIRST, SECOND):
            raise rules.NotDecided(field="line.registered_on", place="Ngày đăng ký")
    if second.decided_at is None:
        _count(entry, second, kind, chosen)
    second.decided, second.decided_at, second.decided_by_id = chosen, at, person(actor)
    second.save(update_fields=["decided", "decided_at", "decided_by"])
    audit.record(Event.ADJUDICATED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id,
                 places=sorted(chosen))
    content = {part: dict(places) for part, places in entry.content.items()}
    for path, which in chosen.items():
        part, _, place = path.partition(".")
        if which == SECOND and path != "line.registered_on":
            content[part][place] = second.content[part][place]
    day = second.registered_on if chosen.get("line.registered_on") == SECOND else entry.registered_on
    return {"content": content, "registered_on": day}


def _count(entry: Entry, second: SecondKeying, kind: register.EntryKind, chosen: Mapping[str, str]) -> None:
    """Every place of the entry was checked once for each of its keyers, and wrong for whom was not chosen there."""
    wrong: dict[UUID, set[str]] = defaultdict(set)
    assert entry.keyer_id is not None  # an entry of an import is not keyed twice
    for path, which in chosen.items():
        wrong[second.keyer_id if which == FIRST else entry.keyer_id].add(path)
    paths = ["line.registered_on", *(path for path, _, _ in contents.places(kind))]
    rows = [
        Tally(book_id=entry.book_id, keyer_id=keyer, place=path, checked=1, wrong=int(path in wrong[keyer]))
        for keyer in sorted({entry.keyer_id, second.keyer_id}) for path in sorted(paths)
    ]
    known = {
        (row.keyer_id, row.place): row
        for row in Tally.objects.select_for_update().filter(
            book_id=entry.book_id, keyer__in=[entry.keyer_id, second.keyer_id]).order_by("pk")
    }
    Tally.objects.bulk_create([row for row in rows if (row.keyer_id, row.place) not in known])
    for keyer in sorted({entry.keyer_id, second.keyer_id}):
        mine = Tally.objects.filter(pk__in=[row.pk for (of, place), row in known.items() if of == keyer
                                            and place in paths])
        mine.update(checked=F("checked") + 1)
        mine.filter(place__in=wrong[keyer]).update(wrong=F("wrong") + 1)


@operation
def return_entry(*, entry_id: int, reasons: Mapping[str, str], actor: Actor, at: datetime) -> Entry:
    """Give an entry back to who keyed it, with what is wrong at which place.

    :param reasons: ``part.place`` → why; ``line`` for number and day, ``notes`` for the margin. Empty ones count for
        nothing.
    :raises access.Forbidden: the actor neither proofs in that office nor approves this book.
    :raises rules.NothingReturned: no reason at all.
    :raises rules.UnknownEntry: there is none, or it has no such place.
    :raises rules.WrongState: it does not wait to be proofed or approved, and is not held up on its way to the register.
    """
    entry = lock_entry(entry_id)
    approves = entry.state in (State.PROOFED, State.APPROVED) and may_approve(actor, entry.book, at=at)
    if not approves:
        require(actor, Permission.PROOF, entry.book, at=at)
    if entry.state == State.APPROVED and not entry.refused:
        raise rules.WrongState(state=entry.state_title)  # it is on its way into the register
    told = {place: tidy(why)[:300] for place, why in reasons.items() if tidy(why)}
    if not told:
        raise rules.NothingReturned()
    known = {"line", "notes", *(path for path, _, _ in contents.places(register.ENTRY_KINDS[entry.what]))}
    if set(told) - known:
        raise rules.UnknownEntry()
    move(entry, State.RETURNED, returned=told, proofer=None, proofed_at=None, approver=None, approved_at=None,
         refused="", refused_why="")
    let_go(entry)
    audit.record(Event.RETURNED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id, places=sorted(told))
    if entry.keyer_id is not None:
        notices.send(template="digitisation.returned", to_user_id=entry.keyer_id, actor=actor, at=at,
                     number=entry.display_number, book=str(entry.book))
    return entry


# --- Approving --------------------------------------------------------------------------------------------------------


def approvable(book: Book, actor: Actor) -> QuerySet[Entry]:
    """The proofed entries of a book in which the actor has had no hand."""
    me = person(actor)
    mine = Q(keyer=me) | Q(proofer=me) | Q(hands__contains=[me])
    return book.entries.filter(state=State.PROOFED).exclude(pk__in=book.entries.filter(mine).values("pk"))


@operation
def approve(*, entry_id: int, actor: Actor, at: datetime) -> Entry:
    """Approve one entry, so that it goes into the register.

    :raises access.Forbidden: the actor does not approve for the office that approves this book.
    :raises rules.WrongState: it is not proofed.
    :raises rules.OwnWork: the actor has keyed or proofed it.
    """
    entry = lock_entry(entry_id)
    _require_approver(actor, entry.book, at=at)
    if entry.state != State.PROOFED:
        raise rules.WrongState(state=entry.state_title)
    _refuse_own(entry, actor)
    move(entry, State.APPROVED, approver_id=person(actor), approved_at=at)
    audit.record(Event.APPROVED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id, entries=1)
    return entry


@operation
def approve_book(*, book_id: int, seen: bool, actor: Actor, at: datetime) -> int:
    """Approve every proofed entry of a book in which the actor has had no hand; answers how many.

    :param seen: the actor has opened the entries that were drawn as a sample.
    :raises access.Forbidden: the actor does not approve for the office that approves this book.
    :raises rules.SampleNotSeen: the sample was not looked at.
    :raises rules.NothingToDo: nothing waits for him there.
    """
    book = lock_book(book_id)
    _require_approver(actor, book, at=at)
    if not seen:
        raise rules.SampleNotSeen()
    ready = list(approvable(book, actor).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not ready:
        raise rules.NothingToDo()
    Entry.objects.filter(pk__in=ready).update(state=State.APPROVED, approver_id=person(actor), approved_at=at)
    audit.record(Event.APPROVED, subject=book, actor=actor, at=at, unit_id=book.unit_id, entries=len(ready),
                 first=ready[0], last=ready[-1])
    return len(ready)


@operation
def answer_duplicate(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> Entry:
    """Say why an approved entry is another act than the one in the register that looks like it; it is tried again.

    :raises access.Forbidden: the actor does not approve for the office that approves this book.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongState: it is not held up.
    """
    if not tidy(reason):
        raise rules.ReasonRequired()
    entry = lock_entry(entry_id)
    _require_approver(actor, entry.book, at=at)
    if entry.state != State.APPROVED or not entry.refused:
        raise rules.WrongState(state=entry.state_title)
    entry.duplicate_reason, entry.refused, entry.refused_why = tidy(reason)[:500], "", ""
    entry.save(update_fields=["duplicate_reason", "refused", "refused_why"])
    audit.record(Event.APPROVED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id, entries=1, again=True)
    return entry
