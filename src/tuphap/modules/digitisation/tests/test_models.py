"""What the database itself holds of entries: their edges, their three people, how many stand where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import IntegrityError

from tuphap.modules.digitisation.models import Book, Count, Entry
from tuphap.modules.digitisation.rules import EDGES, State
from tuphap.shared.operation.testing import setting_up

from .shelf import AT, Shelf, made_book, made_entry, made_file

pytestmark = pytest.mark.django_db


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The database refuses by the constraint of this name."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), setting_up():
        yield
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def counted(book: Book) -> dict[str, tuple[int, int]]:
    rows = Count.objects.filter(book=book).exclude(Q(entries=0) & Q(with_scan=0))
    return {row.state: (row.entries, row.with_scan) for row in rows}


def put(entry: Entry, **columns: Any) -> None:
    with setting_up():
        Entry.objects.filter(pk=entry.pk).update(**columns)


def test_only_the_edges_of_the_rules_are_passed(shelf: Shelf) -> None:
    """The database's own guard names the same edges; one that is not among them is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'digitisation_guard_entry'")
        (source,) = cursor.fetchone()
    assert set(re.findall(r"\('(\w+)', '(\w+)'\)", source)) == {(str(one), str(other)) for one, other in EDGES}
    entry = made_entry(made_book(shelf), 1)
    with refused("digitisation_entry_fixed"):
        Entry.objects.filter(pk=entry.pk).update(state=State.RETURNED)


def test_three_people_have_a_hand_in_an_entry(shelf: Shelf) -> None:
    keyer, proofer = shelf.users["keyer"].pk, shelf.users["proofer"].pk
    entry = made_entry(made_book(shelf), 1)
    put(entry, state=State.KEYED, keyer=keyer, keyed_at=AT, hands=[shelf.users["other"].pk])
    with refused("digitisation_entry_three_people"):
        Entry.objects.filter(pk=entry.pk).update(state=State.PROOFED, proofer=keyer, proofed_at=AT)
    with refused("digitisation_entry_three_people"):  # one letter is enough
        Entry.objects.filter(pk=entry.pk).update(state=State.PROOFED, proofer=shelf.users["other"], proofed_at=AT)
    put(entry, state=State.PROOFED, proofer=proofer, proofed_at=AT)
    for who in (keyer, proofer, shelf.users["other"].pk):
        with refused("digitisation_entry_three_people"):
            Entry.objects.filter(pk=entry.pk).update(state=State.APPROVED, approver=who, approved_at=AT)
    put(entry, state=State.APPROVED, approver=shelf.users["approver"].pk, approved_at=AT)


def test_what_was_keyed_stands_until_it_is_returned(shelf: Shelf) -> None:
    entry = made_entry(made_book(shelf), 1)
    put(entry, state=State.KEYED, keyer=shelf.users["keyer"], keyed_at=AT, content={"child": {}})
    for column in ({"content": {}}, {"registered_on": date(1998, 1, 2)}, {"scan": made_file("b.pdf")}, {"number": 2}):
        with refused("digitisation_entry_fixed"):
            Entry.objects.filter(pk=entry.pk).update(**column)
    with refused("digitisation_entry_fixed"):
        Entry.objects.filter(pk=entry.pk).delete()
    put(entry, state=State.RETURNED)
    put(entry, state=State.KEYED, content={})


def test_a_state_has_what_it_needs(shelf: Shelf) -> None:
    book = made_book(shelf)
    with refused("digitisation_entry_scanned"):
        Entry.objects.create(book=book, number=2, what=book.what, state=State.SCANNED)
    with refused("digitisation_entry_keyed"):  # neither a keyer of ours nor an import
        Entry.objects.create(
            book=book, number=2, what=book.what, state=State.KEYED, registered_on=AT.date(), keyed_at=AT)
    with refused("digitisation_entry_fixed"):
        Entry.objects.create(book=book, number=2, what=book.what, state=State.APPROVED)
    with refused("digitisation_entry_number"):
        Entry.objects.create(book=book, number=0, what=book.what, state=State.COLLECTED)


def test_entries_are_counted_by_the_statement_that_moves_them(shelf: Shelf) -> None:
    book, other = made_book(shelf), made_book(shelf, volume="02")
    first = [made_entry(book, number) for number in (1, 2, 3)]
    with setting_up():
        Entry.objects.bulk_create([
            Entry(book=other, number=number, what=book.what, state=State.KEYED, source="nhap-1", keyed_at=AT,
                  registered_on=date(1998, 1, 1)) for number in range(1, 51)])
    assert counted(book) == {"scanned": (3, 3)}
    assert counted(other) == {"keyed": (50, 0)}
    put(first[0], state=State.KEYED, keyer=shelf.users["keyer"], keyed_at=AT)
    with setting_up():
        Entry.objects.filter(book=other, number__lte=10).update(state=State.RETURNED)
        Entry.objects.filter(book=other, number__gt=45).delete()
    assert counted(book) == {"scanned": (2, 2), "keyed": (1, 1)}
    assert counted(other) == {"keyed": (35, 0), "returned": (10, 0)}


def test_rows_that_are_copied_in_are_held_to_the_same(shelf: Shelf) -> None:
    """A bulk import names the columns that it has; the others have their defaults in the database."""
    book = made_book(shelf)
    columns = "book_id, number, what, registered_on, state, source, keyed_at, content"
    with connection.cursor() as cursor, cursor.copy(f"COPY digitisation_entry ({columns}) FROM STDIN") as copy:
        for number in range(1, 21):
            copy.write_row((book.pk, number, book.what, date(1998, 2, 1), "keyed", "nhap-1", AT, "{}"))
    assert counted(book) == {"keyed": (20, 0)}
    entry = Entry.objects.get(book=book, number=7)
    assert (entry.number_suffix, entry.returned, entry.notes, entry.keyed_twice) == ("", {}, [], False)
    with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic(), connection.cursor() as cursor, cursor.copy(
            f"COPY digitisation_entry ({columns}) FROM STDIN") as copy:
        copy.write_row((book.pk, 21, book.what, date(1998, 2, 1), "approved", "nhap-1", AT, "{}"))
