"""Reads of digitisation: books and entries of the offices that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count as CountRows
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.modules.civil_status import public as register
from tuphap.modules.civil_status.public import InBook, Written
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.audit.models import Entry as LogEntry
from tuphap.shared.files.models import StoredFile
from tuphap.shared.indicators.api import Scope
from tuphap.shared.orgs.models import OrgUnit

from . import content as contents
from . import rules
from .models import Book, Claim, Count, Entry, Job, ScanIssue, SecondKeying
from .rules import Permission, State

AT_WORK = (Permission.VIEW, Permission.MANAGE, Permission.KEY, Permission.PROOF, Permission.APPROVE)


def units_of(actor: Actor, at: datetime, *permissions: Permission) -> frozenset[int]:
    """The offices over which the actor holds one of these."""
    on = localdate(at)
    return frozenset().union(*(access.units_where(actor, one, on=on) for one in permissions or AT_WORK))


def require_any(actor: Actor, at: datetime) -> None:
    """For pages of all who have a part in digitising.

    :raises access.Forbidden: the actor has none.
    """
    if not any(access.may_anywhere(actor, one, on=localdate(at)) for one in AT_WORK):
        access.require_anywhere(actor, Permission.VIEW, on=localdate(at))


# --- Books ------------------------------------------------------------------------------------------------------------


def books(actor: Actor, at: datetime) -> QuerySet[Book]:
    """The books of the offices in which the actor has a part, in the order of offices, kinds, years, volumes."""
    approving = access.units_where(actor, Permission.APPROVE, on=localdate(at))
    areas = OrgUnit.objects.filter(pk__in=approving, kind=OrgUnit.Kind.DEPARTMENT).values("admin_unit")
    seen = Q(unit__in=units_of(actor, at))
    if areas.exists():  # a department that approves for its communes
        seen |= Q(unit__admin_unit__parent__in=areas) | Q(unit__admin_unit__parent__parent__in=areas)
    return Book.objects.filter(seen).select_related("unit")


def get_book(book_id: int, actor: Actor, at: datetime) -> Book:
    """:raises rules.UnknownBook: there is none, or the actor may not know of it."""
    found = books(actor, at).filter(pk=book_id).first()
    if found is None:
        raise rules.UnknownBook()
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How many entries of some books stand where. Figures are of all that have come so far or further."""

    expected: int = 0
    books: int = 0
    states: tuple[tuple[str, int], ...] = ()
    scanned: int = 0

    def of(self, *states: State) -> int:
        told = dict(self.states)
        return sum(told.get(str(state), 0) for state in states)

    @property
    def entries(self) -> int:
        return sum(many for _, many in self.states)

    @property
    def keyed(self) -> int:
        return self.of(*rules.WITH_CONTENT)

    @property
    def proofed(self) -> int:
        return self.of(*rules.WITH_PROOFER)

    @property
    def approved(self) -> int:
        return self.of(*rules.WITH_APPROVER)

    @property
    def transferred(self) -> int:
        return self.of(*rules.WITH_ACT)

    @property
    def matched(self) -> int:
        return self.of(State.MATCHED)

    @property
    def returned(self) -> int:
        return self.of(State.RETURNED)

    @property
    def unreadable(self) -> int:
        return self.of(State.UNREADABLE)

    @property
    def figures(self) -> tuple[int, ...]:
        """In the order of :data:`FIGURES`."""
        return tuple(getattr(self, name) for name in FIGURES)


# What progress tells, in its order; every figure but ``expected`` and ``scanned`` is a number of entries by state.
FIGURES = {
    "expected": "Dự kiến", "scanned": "Đã quét", "keyed": "Đã nhập", "proofed": "Đã kiểm tra", "approved": "Đã duyệt",
    "transferred": "Đã chuyển", "matched": "Đã đối sánh", "returned": "Trả lại", "unreadable": "Không đọc được",
}
LISTED = {
    "keyed": rules.WITH_CONTENT, "proofed": rules.WITH_PROOFER, "approved": rules.WITH_APPROVER,
    "transferred": rules.WITH_ACT, "matched": frozenset({State.MATCHED}), "returned": frozenset({State.RETURNED}),
    "unreadable": frozenset({State.UNREADABLE}),
}
WAITING = {
    "cho-quet": ("Chờ quét", State.COLLECTED), "cho-nhap": ("Chờ nhập", State.SCANNED),
    "tra-lai": ("Trả lại", State.RETURNED), "cho-kiem-tra": ("Chờ kiểm tra", State.KEYED),
    "cho-duyet": ("Chờ duyệt", State.PROOFED), "da-duyet": ("Đã duyệt", State.APPROVED),
    "da-chuyen": ("Đã chuyển", State.TRANSFERRED), "da-doi-sanh": ("Đã đối sánh", State.MATCHED),
    "khong-doc-duoc": ("Không đọc được", State.UNREADABLE),
}


def standing(found: QuerySet[Book]) -> Standing:
    """Of these books together: read from the counts that the database keeps, never from the entries."""
    return total(standing_by(found, "kind").values())


def standing_by(found: QuerySet[Book], path: str) -> dict[Any, Standing]:
    """By a field of the book (``unit_id``, ``kind``, ``year``); two queries over books and their counts."""
    whole = found.order_by()
    sums: list[Any] = list(whole.values(path).annotate(sum=Sum("expected"), many=CountRows("pk")))
    counts = Count.objects.filter(book__in=whole.values("pk")).order_by().values(f"book__{path}", "state")
    states: dict[Any, dict[str, int]] = {}
    scans: dict[Any, int] = {}
    for row in counts.annotate(many=Sum("entries"), scans=Sum("with_scan")):
        key: Any = row[f"book__{path}"]
        states.setdefault(key, {})[row["state"]] = row["many"]
        scans[key] = scans.get(key, 0) + row["scans"]
    return {
        row[path]: Standing(
            row["sum"], row["many"], tuple(sorted(states.get(row[path], {}).items())), scans.get(row[path], 0))
        for row in sums
    }


def total(parts: Iterable[Standing]) -> Standing:
    """Several together."""
    listed = list(parts)
    states: dict[str, int] = {}
    for one in listed:
        for state, many in one.states:
            states[state] = states.get(state, 0) + many
    return Standing(
        sum(one.expected for one in listed), sum(one.books for one in listed), tuple(sorted(states.items())),
        sum(one.scanned for one in listed),
    )


def standings(of: Iterable[Book]) -> dict[int, Standing]:
    """Of each of these books."""
    listed = [book.pk for book in of]
    return standing_by(Book.objects.filter(pk__in=listed), "pk") if listed else {}


def issues(found: QuerySet[Book]) -> QuerySet[ScanIssue]:
    """What is wrong with the scans of these books and stands still."""
    return ScanIssue.objects.filter(book__in=found.order_by().values("pk"), gone_at__isnull=True).select_related("book")


def stray_issues(actor: Actor, at: datetime) -> QuerySet[ScanIssue]:
    """Files that found no book; who manages books sees them."""
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    return ScanIssue.objects.filter(book__isnull=True, gone_at__isnull=True).order_by("-found_at", "name")


def last_job(book: Book) -> Job | None:
    """The last transfer of a book, running or done."""
    return book.jobs.filter(kind=rules.JobKind.TRANSFER).order_by("-begun_at", "-pk").first()


def scans_coming_in(book: Book) -> Job | None:
    """The work by which scans of the book are being taken in now; None: there is none."""
    return book.jobs.filter(kind=rules.JobKind.SCANS, ended_at__isnull=True).first()


def offices_to_manage(actor: Actor, at: datetime) -> QuerySet[OrgUnit]:
    """The offices for which the actor may enter books: those of now, and those whose place they took."""
    units = access.units_where(actor, Permission.MANAGE, on=localdate(at))
    return OrgUnit.objects.filter(pk__in=units, kind=OrgUnit.Kind.COMMUNE).order_by("sort_key", "valid_from")


def departments_to_manage(actor: Actor, at: datetime) -> QuerySet[OrgUnit]:
    """The departments for which the actor may say how a province digitises."""
    units = access.units_where(actor, Permission.MANAGE, on=localdate(at))
    return OrgUnit.objects.filter(pk__in=units, kind=OrgUnit.Kind.DEPARTMENT, valid_to__isnull=True)


# --- Entries ----------------------------------------------------------------------------------------------------------


def entries(actor: Actor, at: datetime) -> QuerySet[Entry]:
    """The entries of the books that the actor may see, in the order of book and number."""
    return Entry.objects.filter(book__in=books(actor, at).order_by().values("pk")).select_related("book__unit").defer(
        "content", "notes")


def in_states(found: QuerySet[Entry], states: Iterable[State]) -> QuerySet[Entry]:
    """Of these entries those that stand there. The counts tell in which books any do, so that no others are read."""
    codes = [str(state) for state in states]
    having = Count.objects.filter(state__in=codes, entries__gt=0).values("book")
    return found.filter(state__in=codes, book__in=having)


def get(entry_id: int, actor: Actor, at: datetime, *, purpose: str = "Số hóa sổ hộ tịch") -> Entry:
    """One entry with its content; the look is kept in the log.

    :raises rules.UnknownEntry: there is none, or the actor may not know of it.
    """
    seen = books(actor, at).order_by().values("pk")
    found = Entry.objects.filter(pk=entry_id, book__in=seen).select_related(
        "book__unit", "scan", "keyer", "proofer", "approver", "act").first()
    if found is None:
        raise rules.UnknownEntry()
    audit.record_read(subject=found, actor=actor, at=at, purpose=actor.purpose or purpose, what="digitisation.entry",
                      unit_id=found.book.unit_id)
    return found


def scan_of(entry_id: int, actor: Actor, at: datetime) -> StoredFile:
    """:raises rules.UnknownEntry: there is no such entry, or it has no scan."""
    found = get(entry_id, actor, at).scan
    if found is None:
        raise rules.UnknownEntry()
    return found


def scan_of_act(act_id: UUID) -> StoredFile | None:
    """The scan behind an act that came of an entry; whoever may see the act may see its page."""
    found = Entry.objects.select_related("scan").filter(act_id=act_id).first()
    return found.scan if found is not None else None


def is_mine(entry: Entry, actor: Actor, at: datetime) -> bool:
    """Whether the actor stands at the entry."""
    return Claim.objects.filter(entry=entry, person_id=actor.user_id, until__gt=at).exists()


def second_of(entry: Entry) -> SecondKeying | None:
    """What the second keyer made of it, if one has been at it."""
    return SecondKeying.objects.select_related("keyer").filter(entry=entry).first()


def history(entry: Entry) -> list[tuple[str, LogEntry]]:
    """What was done with an entry, oldest first, in words; the looks at it are left to the auditor.

    Who approved the whole book or moved it into the register at once is told by the entry's own columns.
    """
    told = LogEntry.objects.filter(
        subject_type=entry._meta.label_lower, subject_id=str(entry.pk), event__in=list(rules.EVENT_TITLES))
    return [(rules.EVENT_TITLES[rules.Event(one.event)], one) for one in told.order_by("at", "pk")]


def about(entry: Entry) -> str:
    """Whom it is about, as far as keyed."""
    kind = register.ENTRY_KINDS[entry.what]
    names = (register.value_at(entry.content, f"{role}.name") for role in kind.main)
    return " – ".join(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Told:
    """A place as it is compared with the scan; ``second``: what the other keyer has, where the two differ."""

    path: str
    title: str
    written: Written | None
    returned: str = ""
    second: Written | None = None
    value: str = ""  # as what it is understood, as papers print it

    @property
    def words(self) -> str:
        """What the book says."""
        return words(self.written)

    @property
    def second_words(self) -> str:
        return words(self.second)

    @property
    def is_given(self) -> bool:
        return self.written is not None and self.written["standing"] == InBook.GIVEN

    @property
    def understood(self) -> str:
        """As what it is understood, where that reads otherwise."""
        if self.written is None or self.value.casefold() == self.written["raw"].casefold():
            return ""
        return self.value

    @property
    def is_unread(self) -> bool:
        """Written, and understood by nobody."""
        return self.is_given and self.written is not None and not self.written["value"]


def words(written: Written | None) -> str:
    """A place in words: as written, or that it is empty or cannot be read."""
    if written is None:
        return ""
    if written["standing"] != InBook.GIVEN:
        return register.STANDING_TITLES[InBook(written["standing"])]
    return f"{written['raw']} → {written['value']}" if written["read"] else written["raw"]


@dataclass(frozen=True, slots=True)
class PartTold:
    code: str
    title: str
    places: tuple[Told, ...]

    @property
    def faults(self) -> int:
        return sum(1 for place in self.places if place.returned)


def parts_of(entry: Entry, second: SecondKeying | None = None) -> list[PartTold]:
    """The entry in the order of its form; where two keyers differ, both."""
    kind = register.ENTRY_KINDS[entry.what]
    differing = contents.differences(kind, entry.content, second.content) if second is not None else []
    other = {one.path: one.second for one in differing}
    return [
        PartTold(part.code, part.title, tuple(
            _told(entry, path, place, other.get(path)) for path, of, place in contents.places(kind) if of is part
        ))
        for part in kind.parts
    ]


def _told(entry: Entry, path: str, place: register.Place, second: Written | None) -> Told:
    value = register.show(register.value_at(entry.content, path), place.kind)
    return Told(path, place.title, contents.at(entry.content, path), entry.returned.get(path, ""), second, value)


# --- What waits -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Queue:
    """A book with what waits for the actor in it."""

    book: Book
    waiting: int
    returned: int = 0


def books_to_key(actor: Actor, at: datetime) -> list[Queue]:
    """The open books in which something waits to be keyed, by the counts that the database keeps."""
    units = access.units_where(actor, Permission.KEY, on=localdate(at))
    return _queues(units, State.SCANNED, State.RETURNED)


def books_to_proof(actor: Actor, at: datetime) -> list[Queue]:
    """The open books in which something waits to be proofed."""
    return _queues(access.units_where(actor, Permission.PROOF, on=localdate(at)), State.KEYED)


def books_to_approve(actor: Actor, at: datetime) -> list[Queue]:
    """The open books in which something waits to be approved, of all that the actor may see."""
    seen = books(actor, at).order_by().values_list("unit_id", flat=True).distinct()
    return _queues(frozenset(seen), State.PROOFED)


def _queues(units: frozenset[int], *states: State) -> list[Queue]:
    rows = Count.objects.filter(
        book__unit__in=units, book__state=rules.BookState.OPEN, state__in=[str(one) for one in states], entries__gt=0)
    many: dict[int, dict[str, int]] = {}
    for row in rows.values("book_id", "state", "entries"):
        many.setdefault(row["book_id"], {})[row["state"]] = row["entries"]
    found = Book.objects.filter(pk__in=many).select_related("unit")
    return [
        Queue(book, sum(many[book.pk].values()), many[book.pk].get(State.RETURNED, 0)) for book in found
    ]


def to_proof(actor: Actor, at: datetime, *, book_id: int | None = None) -> QuerySet[Entry]:
    """What the actor may proof now: keyed by others, and by both keyers where it is keyed twice."""
    me = actor.user_id
    units = access.units_where(actor, Permission.PROOF, on=localdate(at))
    half = Q(keyed_twice=True) & ~Exists(SecondKeying.objects.filter(entry=OuterRef("pk")))
    found = Entry.objects.filter(state=State.KEYED, book__unit__in=units).exclude(keyer=me).exclude(
        hands__contains=[me]).exclude(half)
    return found.filter(book_id=book_id) if book_id is not None else found


def count_to_key(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu."""
    return sum(queue.waiting for queue in books_to_key(actor, at))


def proofs_or_approves(*, actor: Actor, at: datetime) -> bool:
    """Whether the page of what waits to be proofed or approved is for the actor."""
    return any(access.may_anywhere(actor, one, on=localdate(at)) for one in (Permission.PROOF, Permission.APPROVE))


def count_to_proof(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu."""
    return sum(queue.waiting for queue in books_to_proof(actor, at))


# --- Figures ----------------------------------------------------------------------------------------------------------


def approved(scope: Scope) -> QuerySet[Entry]:
    """Entries approved within the period."""
    return Entry.objects.filter(approved_at__gte=scope.start, approved_at__lt=scope.end).order_by("approved_at", "pk")


def transferred(scope: Scope) -> QuerySet[Entry]:
    """Entries that went into the register within the period. They are nobody's registrations of that time."""
    return Entry.objects.filter(transferred_at__gte=scope.start, transferred_at__lt=scope.end).order_by(
        "transferred_at", "pk")
