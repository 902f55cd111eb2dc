"""Approved entries go into the register: with its checks, one by one, taken up after a break; matched by others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tuphap.kernel.actor import system_actor
from tuphap.modules.civil_status.models import Act, BirthAct
from tuphap.modules.civil_status.tests.paper import UNREAD, raw
from tuphap.modules.digitisation import operations, rules, tasks
from tuphap.modules.digitisation.models import Book, Entry, Job
from tuphap.modules.digitisation.rules import State
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.audit.models import Entry as LogEntry
from tuphap.shared.audit.testing import run_jobs
from tuphap.shared.operation.api import operation

from .shelf import AT, Shelf, approved, birth, keyed, made_book, made_entry, practised, proofed

pytestmark = pytest.mark.django_db
ROBOT = system_actor("digitisation")


def ready(shelf: Shelf, book: Book, number: int, typed: dict[str, Any] | None = None, **more: Any) -> Entry:
    entry = made_entry(book, number, **more)
    return approved(shelf, proofed(shelf, keyed(shelf, entry, typed=typed or birth(f"NGUYỄN VĂN {_word(number)}"))))


def _word(number: int) -> str:
    return "".join("BCDGHKLMNT"[int(digit)] + "A" for digit in str(number))


def transferred(shelf: Shelf, book: Book, *, by: str = "manager") -> Job:
    job = operations.begin_transfer(book_id=book.pk, actor=shelf.who(by), at=AT)
    while operations.transfer_some(job_id=job.pk, actor=ROBOT, at=AT):
        pass
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def book(shelf: Shelf) -> Book:
    practised(shelf)
    return made_book(shelf)


def test_an_approved_entry_stands_in_the_register(shelf: Shelf, book: Book) -> None:
    entry = ready(shelf, book, 7)
    job = transferred(shelf, book)
    assert (job.total, job.done, job.failed, job.ended_at) == (1, 1, 0, AT)
    entry.refresh_from_db()
    act = BirthAct.objects.get(pk=entry.act_id)
    assert (entry.state, entry.transferred_at) == (State.TRANSFERRED, AT)
    assert (act.state, act.origin, act.display_number, act.unit_name) == (
        "registered", "old_book", "07/1998", shelf.then.name)
    assert (act.preparer_name, act.facts["written"], act.signed_at) == ("Ngô Thị Gõ", entry.content, None)
    assert act.child.name == "Nguyễn Văn Ma"
    assert str(act.book) == "KS.1998.01"


def test_what_the_register_does_not_take_stays_with_its_reason(shelf: Shelf, book: Book) -> None:
    ready(shelf, book, 1, birth("NGUYỄN VĂN MỘT"))
    unread = ready(shelf, book, 2, birth("NGUYỄN VĂN HAI", born_on=UNREAD))
    twin = ready(shelf, book, 3, birth("NGUYỄN VĂN MỘT"))
    fine = ready(shelf, book, 4, birth("NGUYỄN VĂN BỐN"))
    job = transferred(shelf, book)
    assert (job.done, job.failed) == (2, 2)
    for entry in (unread, twin, fine):
        entry.refresh_from_db()
    assert (unread.state, unread.refused) == (State.APPROVED, "civil_status.old_not_read")
    assert (twin.state, twin.refused) == (State.APPROVED, "civil_status.possible_duplicate")
    assert "01/1998" in twin.refused_why
    assert fine.state == State.TRANSFERRED
    operations.answer_duplicate(entry_id=twin.pk, reason="Sinh đôi, hai giấy chứng sinh", actor=shelf.who("approver"),
                                at=AT)
    assert transferred(shelf, book).done == 1
    back = operations.return_entry(entry_id=unread.pk, reasons={"child.born_on": "Đọc lại"},
                                   actor=shelf.who("approver"), at=AT)
    assert (back.state, back.refused) == (State.RETURNED, "")


def test_the_number_of_a_line_is_taken_once(shelf: Shelf, book: Book) -> None:
    ready(shelf, book, 1)
    transferred(shelf, book)
    again = made_book(shelf, office_name=f"{shelf.then.name} (bản hai)")
    entry = ready(shelf, again, 1, birth("TRẦN VĂN KHÁC"))
    assert transferred(shelf, again).failed == 1
    entry.refresh_from_db()
    assert entry.refused == "civil_status.number_taken"


def test_a_book_that_went_on_for_years_says_so(shelf: Shelf) -> None:
    practised(shelf)
    long_lived = made_book(shelf, closed_on=date(2003, 12, 31))
    ready(shelf, long_lived, 1, registered_on=date(2002, 5, 5))
    assert transferred(shelf, long_lived).done == 1


def test_a_broken_job_goes_on_where_it_stood(shelf: Shelf, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "TRANSFER_BATCH", 2)
    for number in range(1, 6):
        ready(shelf, book, number)
    job = operations.begin_transfer(book_id=book.pk, actor=shelf.who("manager"), at=AT)
    assert operations.transfer_some(job_id=job.pk, actor=ROBOT, at=AT)
    job.refresh_from_db()
    assert (job.done, job.percent) == (2, 40)
    with pytest.raises(rules.JobRuns):
        operations.begin_transfer(book_id=book.pk, actor=shelf.who("manager"), at=AT)
    tasks.transfer(job_id=job.pk)  # what another worker does after the first was killed
    tasks.transfer(job_id=job.pk)
    job.refresh_from_db()
    assert (job.done, job.failed, Act.objects.count()) == (5, 0, 5)


def test_who_may_begin_and_when(shelf: Shelf, book: Book) -> None:
    proofed(shelf, keyed(shelf, made_entry(book, 1)))
    with pytest.raises(rules.NothingToDo):
        transferred(shelf, book)
    for who in ("keyer", "proofer", "looker", "elsewhere"):
        with pytest.raises(access.Forbidden):
            transferred(shelf, book, by=who)


def test_a_book_is_closed_when_nothing_is_left_in_it(shelf: Shelf, book: Book) -> None:
    ready(shelf, book, 1)
    manager = shelf.who("manager")
    with pytest.raises(rules.BookNotDone):
        operations.close_book(book_id=book.pk, actor=manager, at=AT)
    transferred(shelf, book)
    with pytest.raises(rules.ReasonRequired):  # nineteen are missing
        operations.close_book(book_id=book.pk, actor=manager, at=AT)
    closed = operations.close_book(book_id=book.pk, reason="Sổ chỉ có một việc", actor=manager, at=AT)
    assert (closed.state, closed.finished_at) == ("closed", AT)
    with pytest.raises(rules.BookFinished):
        operations.close_book(book_id=book.pk, actor=manager, at=AT)


@operation
def _matched(*, act: Act, actor: Any, at: Any) -> LogEntry:
    return audit.record(rules.POPULATION_MATCHED, subject=None, actor=actor, at=at, act_id=str(act.pk))


def test_a_matched_act_brings_its_entry_all_the_way(shelf: Shelf, book: Book) -> None:
    entry = ready(shelf, book, 1)
    transferred(shelf, book)
    entry.refresh_from_db()
    told = _matched(act=entry.act, actor=ROBOT, at=AT)
    assert tasks.act_matched(entry_id=told.pk) == 1
    assert tasks.act_matched(entry_id=told.pk) == 0  # heard twice
    entry.refresh_from_db()
    assert entry.state == State.MATCHED


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it(shelf: Shelf, book: Book) -> None:
    ready(shelf, book, 1, birth("NGUYỄN VĂN MỘT", sex=raw("Nam")))
    operations.begin_transfer(book_id=book.pk, actor=shelf.who("manager"), at=AT)
    run_jobs("digitisation")
    assert Entry.objects.get().state == State.TRANSFERRED
    _matched(act=Entry.objects.get().act, actor=ROBOT, at=AT)
    run_jobs("reactions")
    assert Entry.objects.get().state == State.MATCHED
