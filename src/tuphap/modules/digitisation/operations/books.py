"""The manifest: books are entered one by one or from a file, put right while they are empty, closed when done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit

from .. import rules
from ..models import Book, Count, Practice
from ..rules import BookLine, BookState, Event, Permission, State
from .rows import lock_book, person, require


@operation
def enter_book(*, unit_id: int, line: BookLine, actor: Actor, at: datetime) -> Book:
    """Enter a book in the manifest.

    :param unit_id: the office whose book it is, or that keeps it now (``line.stands_for``).
    :raises access.Forbidden: the actor does not manage books of that office.
    :raises rules.BadBook, rules.WrongKind: no book can be so.
    :raises rules.BookExists: it is there already.
    """
    today = localdate(at)
    access.require(actor, Permission.MANAGE, unit_id=unit_id, on=today)
    columns = _columns(line, at=at)
    book = Book.objects.create(unit_id=unit_id, **columns, entered_at=at, entered_by=actor.name[:200])
    audit.record(Event.BOOK_ENTERED, subject=book, actor=actor, at=at, unit_id=unit_id, book=str(book))
    return book


@operation
def enter_books(*, lines: Sequence[tuple[int, BookLine]], actor: Actor, at: datetime) -> tuple[int, int]:
    """Enter the books of a file: all of it or nothing. Those that are there already are left as they are.

    :param lines: office key and book, in the order of the file.
    :returns: how many were entered, and how many were there.
    :raises rules.BadManifest: a line cannot be; its row in the file is told.
    :raises access.Forbidden: the actor does not manage books of one of the offices.
    """
    entered = there = 0
    for row, (unit_id, line) in enumerate(lines, start=2):
        try:
            with transaction.atomic():
                if Book.objects.filter(unit_id=unit_id, **_key(line)).exists():
                    there += 1
                else:
                    enter_book(unit_id=unit_id, line=line, actor=actor, at=at)
                    entered += 1
        except (rules.BadBook, rules.WrongKind) as fault:
            raise rules.BadManifest(what=f"Dòng {row}: {fault.message}") from fault
    audit.record(Event.BOOKS_IMPORTED, subject=None, actor=actor, at=at, entered=entered, there=there)
    return entered, there


@operation
def change_book(*, book_id: int, unit_id: int, line: BookLine, actor: Actor, at: datetime) -> Book:
    """Put a line of the manifest right. Whose book it is and which one is fixed by its first entry.

    :raises access.Forbidden: the actor does not manage books of that office, before or after.
    :raises rules.BookFinished: it is closed.
    :raises rules.BookHasEntries: what it is called would change, and it has entries.
    :raises rules.BadBook, rules.WrongKind: no book can be so.
    :raises rules.BookExists: another is called so.
    """
    book = lock_book(book_id)
    require(actor, Permission.MANAGE, book, at=at)
    access.require(actor, Permission.MANAGE, unit_id=unit_id, on=localdate(at))
    if not book.is_open:
        raise rules.BookFinished()
    columns = {"unit_id": unit_id, **_columns(line, at=at)}
    fixed = ("unit_id", "office_name", "stands_for", "kind", "year", "volume")
    if any(getattr(book, name) != columns[name] for name in fixed) and book.entries.exists():
        raise rules.BookHasEntries()
    for name, value in columns.items():
        setattr(book, name, value)
    book.save(update_fields=list(columns))
    audit.record(Event.BOOK_CHANGED, subject=book, actor=actor, at=at, unit_id=unit_id, book=str(book))
    return book


@operation
def close_book(*, book_id: int, reason: str = "", actor: Actor, at: datetime) -> Book:
    """Close a book in which nothing is left to do: every entry is in the register, or nobody can read it.

    :param reason: why it holds fewer acts than expected, where it does.
    :raises access.Forbidden: the actor does not manage books of that office.
    :raises rules.BookFinished: it is closed.
    :raises rules.BookNotDone: entries are on their way.
    :raises rules.ReasonRequired: fewer acts than expected, and no reason.
    """
    book = lock_book(book_id)
    require(actor, Permission.MANAGE, book, at=at)
    if not book.is_open:
        raise rules.BookFinished()
    counted = dict(Count.objects.filter(book=book).values_list("state", "entries"))
    done = sum(counted.get(state, 0) for state in (State.TRANSFERRED, State.MATCHED, State.UNREADABLE))
    left = sum(counted.values()) - done
    if left:
        raise rules.BookNotDone(left=left)
    if done < book.expected and not tidy(reason):
        raise rules.ReasonRequired()
    book.state, book.finished_at = BookState.CLOSED, at
    if tidy(reason):
        book.note = tidy(f"{book.note} {reason}")[:300]
    book.save(update_fields=["state", "finished_at", "note"])
    audit.record(Event.BOOK_CLOSED, subject=book, actor=actor, at=at, unit_id=book.unit_id, book=str(book), acts=done,
                 expected=book.expected)
    return book


@operation
def set_practice(
    *, valid_from: Any, keyed_twice: int, approver: str, name_pattern: str, basis: str, unit_id: int, actor: Actor,
    at: datetime,
) -> Practice:
    """Say how the province digitises from a day on, on what ground; rows of before stand.

    :param unit_id: the department in which the actor manages books.
    :raises access.Forbidden: the actor does not.
    :raises rules.BadPractice: no share, no such approver, no pattern that reads names, no ground, or a day gone by.
    :raises rules.PracticeExists: something holds from that day on already.
    """
    today = localdate(at)
    access.require(actor, Permission.MANAGE, unit_id=unit_id, on=today)
    rules.check_pattern(name_pattern)
    for wrong, place, what in (
        (not OrgUnit.objects.filter(pk=unit_id, kind=OrgUnit.Kind.DEPARTMENT).exists(), "unit",
         "Quy định số hóa của tỉnh do Sở Tư pháp đặt."),
        (not 0 <= keyed_twice <= 100, "keyed_twice", "Tỷ lệ nhập hai lần từ 0 đến 100 %."),
        (approver not in set(rules.Approver), "approver", "Chọn cấp duyệt."),
        (not tidy(basis), "basis", "Vui lòng ghi căn cứ."),
        (valid_from < today, "valid_from", "Ngày áp dụng không được trước hôm nay."),
    ):
        if wrong:
            raise rules.BadPractice(field=place, what=what)
    row = Practice.objects.create(
        valid_from=valid_from, keyed_twice=keyed_twice, approver=approver, name_pattern=name_pattern,
        basis=tidy(basis)[:300], set_at=at, set_by=actor.name[:200],
    )
    audit.record(Event.PRACTICE_SET, subject=row, actor=actor, at=at, unit_id=unit_id, valid_from=valid_from,
                 keyed_twice=keyed_twice, approver=approver, by=str(person(actor)))
    return row


def _key(line: BookLine) -> dict[str, Any]:
    return {"office_name": tidy(line.office_name)[:200], "kind": line.kind, "year": line.year, "volume": line.volume}


def _columns(line: BookLine, *, at: datetime) -> dict[str, Any]:
    """:raises rules.BadBook, rules.WrongKind: no book can be so."""
    rules.check_book(line, today=localdate(at))
    kind = register.ENTRY_KINDS.get(line.what)
    if kind is None or kind.book != line.kind:
        raise rules.WrongKind(book=line.kind)
    span = line.last_number - line.first_number + 1
    return {
        **_key(line), "stands_for": line.stands_for, "what": line.what, "first_number": line.first_number,
        "last_number": line.last_number, "expected": line.expected if line.expected is not None else span,
        "opened_on": line.opened_on, "closed_on": line.closed_on, "condition": line.condition,
        "note": tidy(line.note)[:300],
    }
