"""Scans come in: each file is held against its name, the manifest and what is there; what is wrong is kept as an issue.

A batch of files is one transaction. What has been taken in is known by its bytes, so that the same folder may be taken
in again, after a break or after more was scanned, and nothing comes in twice.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.files import api as files
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs import api as orgs

from .. import pdf, rules
from ..models import Book, Entry, Job, ScanIssue
from ..practice import practice_on
from ..rules import Event, JobKind, Permission, ScanFault, ScanName, State
from .rows import let_go, lock_book, lock_entry, move, person, refuse_taken, require

RECEIVING = frozenset({State.COLLECTED, State.UNREADABLE})


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A file as it lies in its folder (``province/district/commune/TYPE/BookYear/TYPE.BookYear.Volume``, or none)."""

    name: str
    content: bytes
    folder: str = ""


@dataclass(slots=True)
class TakenIn:
    """What became of a batch: files that came in, were there, or did not come in; the books that were touched."""

    new: int = 0
    there: int = 0
    refused: int = 0
    doubts: int = 0
    books: set[int] = field(default_factory=set)

    def add(self, other: TakenIn) -> None:
        self.new += other.new
        self.there += other.there
        self.refused += other.refused
        self.doubts += other.doubts
        self.books |= other.books


@dataclass(frozen=True, slots=True)
class _Found:
    """A fault of a file."""

    code: ScanFault
    words: str


@operation
def begin_scans(*, total: int, book_id: int | None = None, actor: Actor, at: datetime) -> Job:
    """Say that so many files are going to be taken in, so that everybody sees how far it is.

    One that was broken off is taken up: files that are there are known by their bytes.

    :raises access.Forbidden: the actor manages books nowhere, or not that one.
    :raises rules.UnknownBook: there is no such book.
    """
    book = lock_book(book_id) if book_id is not None else None
    if book is not None:
        require(actor, Permission.MANAGE, book, at=at)
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    open_ones = Job.objects.select_for_update(of=("self",)).filter(kind=JobKind.SCANS, book=book, ended_at__isnull=True)
    job = (open_ones if book is not None else open_ones.filter(by_id=person(actor))).first()
    if job is None:
        job = Job(kind=JobKind.SCANS, book=book, unit=book.unit if book is not None else None, by_id=person(actor),
                  by_name=actor.name[:200], begun_at=at)
    job.total, job.done, job.failed, job.ended_at = total, 0, 0, None if total else at
    job.save()
    audit.record(Event.SCANS_BEGUN, subject=book, actor=actor, at=at, unit_id=job.unit_id, job=job.pk, files=total)
    return job


def take_in(*, files_in: Sequence[ScanFile], book_id: int | None = None, actor: Actor, at: datetime) -> TakenIn:
    """Take in some scans, and look at the books that they belong to for gaps.

    :param book_id: the book whose they are; None: each file's book is found by its name and folder.
    :raises access.Forbidden: the actor manages books nowhere, or not that one.
    :raises rules.UnknownBook: there is no such book.
    """
    taken = take_in_batch(files_in=files_in, book_id=book_id, actor=actor, at=at)
    for touched in sorted(taken.books):
        look_for_gaps(book_id=touched, actor=actor, at=at)
    return taken


@operation
def take_in_batch(
    *, files_in: Sequence[ScanFile], book_id: int | None = None, job_id: int | None = None, actor: Actor, at: datetime
) -> TakenIn:
    """One transaction's worth of :func:`take_in`; ``job_id``: of the work whose part it is."""
    today = localdate(at)
    access.require_anywhere(actor, Permission.MANAGE, on=today)
    work = _Batch(actor, at, practice_on(today).name_pattern)
    work.books_of(book_id)
    for file in files_in:
        work.take(file)
    work.keep_issues()
    if job_id is not None:
        _go_on(job_id, work.taken, at=at)
    audit.record(
        Event.SCANS_TAKEN_IN, subject=None, actor=actor, at=at, unit_id=work.unit_id, files=len(files_in),
        new=work.taken.new, there=work.taken.there, refused=work.taken.refused, books=sorted(work.taken.books),
    )
    return work.taken


def _go_on(job_id: int, taken: TakenIn, *, at: datetime) -> None:
    """So many more are done; with the last of them the work is."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    job.done += taken.new + taken.there
    job.failed += taken.refused
    if job.done + job.failed >= job.total:
        job.ended_at = at
    job.save(update_fields=["done", "failed", "ended_at"])


class _Batch:
    """The files of one transaction: what is known of their books, and what was found wrong."""

    def __init__(self, actor: Actor, at: datetime, pattern: str) -> None:
        self.actor, self.at, self.pattern = actor, at, pattern
        self.taken = TakenIn()
        self.unit_id: int | None = None
        self._only: Book | None = None
        self._units = access.units_where(actor, Permission.MANAGE, on=localdate(at))
        self._faults: dict[tuple[int | None, str, str], list[_Found]] = {}

    def books_of(self, book_id: int | None) -> None:
        """:raises access.Forbidden, rules.UnknownBook, rules.BookFinished: nothing comes into that book."""
        if book_id is None:
            return
        self._only = lock_book(book_id)
        require(self.actor, Permission.MANAGE, self._only, at=self.at)
        if not self._only.is_open:
            raise rules.BookFinished()
        self.unit_id = self._only.unit_id

    def take(self, file: ScanFile) -> None:
        """Take one file in, or note why not."""
        name = rules.read_name(file.name, pattern=self.pattern)
        book = self._book(name, file)
        key = (book.pk if book else None, rules.plain_name(file.name)[:200], file.folder[:300])
        self._faults[key] = []
        found = self._faults[key]
        if name is None:
            found.append(_fault(ScanFault.NAME, pattern=rules.NAME_WORDS))
        elif self._only is not None and name.book != str(self._only):
            found.append(_fault(ScanFault.OTHER_BOOK, book=name.book))
        elif book is None:
            found.append(_fault(ScanFault.NO_BOOK, book=name.book))
        else:
            self.taken.books.add(book.pk)
            found += _against_book(name, book, file.folder)
            if all(one.code in rules.SCAN_DOUBTS for one in found):
                self._come_in(name, book, file, found)
        if any(one.code not in rules.SCAN_DOUBTS for one in found):
            self.taken.refused += 1
        self.taken.doubts += bool(found)

    def _book(self, name: ScanName | None, file: ScanFile) -> Book | None:
        """The book that a file belongs to, as far as its name or folder tell it; only open ones take files."""
        if self._only is not None or name is None:
            return self._only
        fitting = list(Book.objects.select_related("unit__admin_unit").filter(
            kind=name.kind, year=name.year, volume=name.volume, state=rules.BookState.OPEN, unit__in=self._units))
        if len(fitting) > 1:
            folders = {fold(one) for one in file.folder.replace("\\", "/").split("/")}
            fitting = [one for one in fitting if folders & _called(one)]
        return fitting[0] if len(fitting) == 1 else None

    def _come_in(self, name: ScanName, book: Book, file: ScanFile, found: list[_Found]) -> None:
        """Its content is looked at, held against what is there, and stored."""
        sha256 = hashlib.sha256(file.content).hexdigest()
        entry = Entry.objects.select_for_update(of=("self",)).select_related("scan").filter(
            book=book, number=name.number, number_suffix=name.suffix).first()
        if entry is not None and entry.scan is not None and entry.scan.sha256 == sha256:
            self.taken.there += 1
            return
        try:
            pages = pdf.count_pages(file.content)
        except pdf.Unreadable as error:
            found.append(_fault(ScanFault.FILE_BAD, why=str(error)))
            return
        if not pages:
            found.append(_fault(ScanFault.NO_PAGES))
            return
        seen = Entry.objects.filter(scan__sha256=sha256).select_related("book").first()
        if seen is not None:
            found.append(_fault(ScanFault.SEEN_BEFORE, number=seen.display_number, book=str(seen.book)))
            return
        if entry is not None and entry.scan is not None and entry.state not in RECEIVING:
            code = ScanFault.NUMBER_REPEATED if entry.state == State.SCANNED else ScanFault.FIXED
            found.append(_fault(code, number=name.line, other=entry.scan.name))
            return
        try:
            stored = files.store(
                file.content, name=rules.plain_name(file.name), media_type="application/pdf", actor=self.actor,
                at=self.at, scan_of_paper=True)
        except Refusal as refusal:
            found.append(_fault(ScanFault.FILE_BAD, why=refusal.message))
            return
        self.taken.new += 1
        if entry is None:
            Entry.objects.create(
                book=book, number=name.number, number_suffix=name.suffix, what=book.what, registered_on=name.day,
                state=State.SCANNED, scan=stored, pages=pages, scanned_at=self.at)
        elif entry.state in RECEIVING:
            move(entry, State.SCANNED, scan=stored, pages=pages, scanned_at=self.at, registered_on=name.day)
        else:  # keyed elsewhere, and now there is a picture to hold it against
            entry.scan, entry.pages, entry.scanned_at = stored, pages, self.at
            entry.save(update_fields=["scan", "pages", "scanned_at"])

    def keep_issues(self) -> None:
        """What was wrong with these files before and is so no longer goes; what is wrong now is kept once."""
        names: dict[int | None, set[str]] = defaultdict(set)
        for book_id, name, _ in self._faults:
            names[book_id].add(name)
        standing = {
            (one.book_id, one.name, one.code): one
            for book_id, called in names.items()
            for one in ScanIssue.objects.filter(book=book_id, name__in=called, gone_at__isnull=True)
        }
        # a file that found its book since: what was said of it before there was one
        known = {name for book_id, called in names.items() if book_id is not None for name in called}
        mended = [one.pk for one in ScanIssue.objects.filter(book=None, name__in=known, gone_at__isnull=True)]
        wrong = {
            (book_id, name, str(one.code)): (folder, one.words)
            for (book_id, name, folder), found in self._faults.items() for one in found
        }
        mended += [one.pk for key, one in standing.items() if key not in wrong]
        ScanIssue.objects.filter(pk__in=mended).update(gone_at=self.at)
        ScanIssue.objects.bulk_create([
            ScanIssue(book_id=book_id, unit_id=self.unit_id, code=code, name=name, folder=folder, what=words[:500],
                      found_at=self.at)
            for (book_id, name, code), (folder, words) in wrong.items() if (book_id, name, code) not in standing
        ])


def _fault(code: ScanFault, **params: object) -> _Found:
    return _Found(code, rules.SCAN_FAULTS[code].format(**params))


def _called(book: Book) -> set[str]:
    """By what names a folder may call the office of a book."""
    area = book.unit.admin_unit.name
    return {fold(one) for one in (book.office_name, book.unit.name, book.unit.short_name, area, area.split(" ", 1)[-1])}


def _against_book(name: ScanName, book: Book, folder: str) -> Iterable[_Found]:
    """What a name says that its book, its folder or its office cannot have."""
    if not rules.folder_fits(folder, name):
        yield _fault(ScanFault.FOLDER, folder=folder)
    if not book.first_number <= name.number <= book.last_number:
        yield _fault(ScanFault.NUMBER_OUTSIDE, number=name.line, first=book.first_number, last=book.last_number)
    first, last = rules.book_days(opened_on=book.opened_on, closed_on=book.closed_on, year=book.year)
    if not first <= name.day <= last:
        yield _fault(ScanFault.DAY_OUTSIDE, day=_text(name.day), first=_text(first), last=_text(last))
    if not book.stands_for and not orgs.is_valid(book.unit, on=max(name.day, orgs.EARLIEST)):
        yield _fault(ScanFault.NO_OFFICE, office=book.unit.name, day=_text(name.day))


def _text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@operation
def look_for_gaps(*, book_id: int, actor: Actor, at: datetime) -> str:
    """List the numbers of a book of which no scan is there; answers them in words, nothing where none is missing.

    :raises access.Forbidden: the actor does not manage books of that office.
    :raises rules.UnknownBook: there is none.
    """
    book = lock_book(book_id)
    require(actor, Permission.MANAGE, book, at=at)
    there = set(book.entries.filter(scan__isnull=False).values_list("number", flat=True))
    missing = rules.run_words(set(range(book.first_number, book.last_number + 1)) - there)
    words = rules.SCAN_FAULTS[ScanFault.NUMBER_MISSING].format(numbers=missing)[:500] if missing else ""
    known = ScanIssue.objects.filter(book=book, code=ScanFault.NUMBER_MISSING, gone_at__isnull=True)
    if not known.filter(what=words).exists():
        known.update(gone_at=at)
        if words:
            ScanIssue.objects.create(book=book, unit_id=book.unit_id, code=ScanFault.NUMBER_MISSING, name="",
                                     what=words, found_at=at)
        audit.record(Event.SCANS_TAKEN_IN, subject=book, actor=actor, at=at, unit_id=book.unit_id,
                     missing=missing[:400])
    return missing


@operation
def ask_for_scan(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> Entry:
    """Let a page be scanned again: what is there cannot be worked with. The old picture stays in the store.

    :raises access.Forbidden: the actor neither keys nor manages in that office.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongState: it is keyed, or on its way.
    :raises rules.TakenByAnother: somebody else is at it.
    """
    if not tidy(reason):
        raise rules.ReasonRequired()
    entry = lock_entry(entry_id)
    manages = access.may(actor, Permission.MANAGE, unit_id=entry.book.unit_id, on=localdate(at))
    if not manages:
        require(actor, Permission.KEY, entry.book, at=at)
    refuse_taken(entry, actor, at=at)
    old = entry.scan.sha256 if entry.scan is not None else ""
    move(entry, State.COLLECTED, scan=None, pages=None, scanned_at=None)
    let_go(entry)
    audit.record(Event.RESCAN_ASKED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id,
                 reason=tidy(reason)[:200], sha256=old)
    return entry


