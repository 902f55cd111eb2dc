"""No gap, no double, whoever comes at the same time and whatever fails in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import VIETNAM
from tuphap.shared.audit.models import Entry
from tuphap.shared.numbering import api as numbering
from tuphap.shared.numbering.models import Number, Series
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs import api as orgs

BIRTHS, YEAR = "test.births", 2026
AT = datetime(2026, 3, 5, 9, 0, tzinfo=VIETNAM)
ACTOR = system_actor("test")
numbering.NumberSeries(BIRTHS, "Sổ thử nghiệm").install()

pytestmark = pytest.mark.usefixtures("country")
committed = pytest.mark.django_db(transaction=True)
rolled_back = pytest.mark.django_db


class SignerFailed(Exception):
    pass


@pytest.fixture
def unit_id(db: None) -> int:
    return orgs.office("H31.101", on=AT.date()).pk


@operation
def take(*, unit_id: int, actor=ACTOR, at=AT, fail: bool = False, year: int = YEAR, book: str = "") -> Number:
    number = numbering.reserve(BIRTHS, unit_id=unit_id, year=year, actor=actor, at=at, book=book)
    if fail:
        raise SignerFailed
    return number


@operation
def enter(*, number: Number, actor=ACTOR, at=AT) -> Number:
    return numbering.confirm(number, actor=actor, at=at)


@operation
def give_up(*, number: Number, reason: str = "Ký số không thành công", actor=ACTOR, at=AT) -> Number:
    return numbering.void(number, reason=reason, actor=actor, at=at)


@operation
def start(*, unit_id: int, first: int, actor=ACTOR, at=AT) -> Series:
    return numbering.start_from(BIRTHS, unit_id=unit_id, year=YEAR, first=first, actor=actor, at=at)


def call(function, **kwargs):
    """As a request does it: keywords, and a connection of its own that is closed at the end."""
    return function(actor=ACTOR, at=AT, **kwargs)


def values(unit_id: int) -> list[int]:
    return [n.value for n in numbering.lines(BIRTHS, unit_id=unit_id, year=YEAR)]


def at_once(count: int, work) -> list[object]:
    """Run ``work(0…count-1)`` in as many threads, each with its own connection, released together."""
    barrier = threading.Barrier(count)

    def one(place: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return work(place)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@committed
def test_fifty_at_once_get_fifty_numbers_without_a_gap(unit_id: int) -> None:
    results = at_once(50, lambda place: call(take, unit_id=unit_id).value)
    assert sorted(results) == list(range(1, 51))
    assert values(unit_id) == list(range(1, 51))
    assert numbering.gaps(BIRTHS, unit_id=unit_id, year=YEAR) == []


@committed
def test_fifty_at_once_of_whom_a_third_fail_leave_no_gap(unit_id: int) -> None:
    results = at_once(50, lambda place: call(take, unit_id=unit_id, fail=place % 3 == 0).value)
    taken = [r for r in results if isinstance(r, int)]
    failed = [r for r in results if not isinstance(r, int)]
    assert {type(error) for error in failed} == {SignerFailed} and len(failed) == 17
    assert sorted(taken) == list(range(1, 34)) == values(unit_id)


@committed
def test_offices_do_not_wait_for_each_other(unit_id: int) -> None:
    other = orgs.office("H31.102", on=AT.date()).pk
    holding, done = threading.Event(), threading.Event()

    @operation
    def hold(*, actor, at) -> None:
        numbering.reserve(BIRTHS, unit_id=unit_id, year=YEAR, actor=actor, at=at)
        holding.set()
        assert done.wait(30)

    def first() -> None:
        try:
            call(hold)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert holding.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        assert call(take, unit_id=other).value == 1
    finally:
        done.set()
        thread.join(30)
    assert values(unit_id) == [1]


@committed
def test_a_number_of_a_failed_transaction_goes_to_the_next(unit_id: int) -> None:
    with pytest.raises(SignerFailed):
        call(take, unit_id=unit_id, fail=True)
    assert call(take, unit_id=unit_id).display == "01/2026"
    with pytest.raises(SignerFailed):
        call(take, unit_id=unit_id, fail=True)
    assert call(take, unit_id=unit_id).value == 2


@committed
def test_of_confirming_and_voiding_at_once_one_wins(unit_id: int) -> None:
    for _ in range(5):
        number = call(take, unit_id=unit_id)
        results = at_once(8, lambda place, n=number: call(enter if place % 2 else give_up, number=n).state)
        won = [r for r in results if isinstance(r, str)]
        lost = [r for r in results if not isinstance(r, str)]
        assert len(won) == 1 and {type(error) for error in lost} == {numbering.Settled}
        assert Number.objects.get(pk=number.pk).state == won[0]


@rolled_back
def test_the_number_is_confirmed_once(unit_id: int) -> None:
    number = call(take, unit_id=unit_id)
    assert number.state == Number.State.RESERVED
    assert call(enter, number=number).state == Number.State.CONFIRMED
    with pytest.raises(numbering.Settled):
        call(enter, number=number)
    with pytest.raises(numbering.Settled):
        call(give_up, number=number)


@rolled_back
def test_a_void_number_keeps_its_line_and_is_not_given_again(unit_id: int) -> None:
    first = call(take, unit_id=unit_id)
    with pytest.raises(numbering.ReasonRequired):
        call(give_up, number=first, reason="  ")
    call(give_up, number=first)
    assert call(take, unit_id=unit_id).value == 2
    assert numbering.gaps(BIRTHS, unit_id=unit_id, year=YEAR) == [
        numbering.Gap(1, is_missing=False, reason="Ký số không thành công")]
    assert Entry.objects.filter(event="numbering.voided", facts__number="01/2026").count() == 1


@rolled_back
def test_an_office_goes_on_from_its_paper_book(unit_id: int) -> None:
    call(start, unit_id=unit_id, first=118)
    call(start, unit_id=unit_id, first=120)  # corrected before anything was taken
    assert call(take, unit_id=unit_id).display == "120/2026"
    with pytest.raises(numbering.AlreadyStarted):
        call(start, unit_id=unit_id, first=200)
    assert numbering.gaps(BIRTHS, unit_id=unit_id, year=YEAR) == []
    with pytest.raises(ValueError, match="begin at 1"):
        call(start, unit_id=unit_id, first=0)


@rolled_back
def test_each_year_and_book_counts_by_itself(unit_id: int) -> None:
    assert call(take, unit_id=unit_id).value == 1
    assert call(take, unit_id=unit_id, year=2025).display == "01/2025"
    assert call(take, unit_id=unit_id, book="02").value == 1
    assert call(take, unit_id=unit_id).value == 2


@rolled_back
def test_a_closed_office_gives_no_numbers() -> None:
    old = orgs.OrgUnit.objects.get(admin_unit__code="11296", valid_to=orgs.REFORM)
    with pytest.raises(orgs.UnitClosed, match="nay là"):
        call(take, unit_id=old.pk)
    before = datetime(2025, 6, 30, 9, 0, tzinfo=UTC)
    assert take(unit_id=old.pk, year=2025, actor=ACTOR, at=before).value == 1


@rolled_back
def test_the_bearer_is_named_once(unit_id: int) -> None:
    number = call(take, unit_id=unit_id)
    one, other = orgs.office("H31", on=AT.date()), orgs.office("H31.09", on=AT.date())
    with setting_up():
        numbering.bind(number, subject=one)
        numbering.bind(number, subject=one)
        with pytest.raises(numbering.Settled):
            numbering.bind(number, subject=other)
    assert Number.objects.get(pk=number.pk).subject_id == str(one.pk)


@rolled_back
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("DELETE FROM numbering_number", "is final"),
        ("UPDATE numbering_number SET value = value + 7", "is final"),
        ("UPDATE numbering_number SET state = 'reserved', settled_at = NULL", "is final"),
        ("UPDATE numbering_series SET next = next - 1", "runs forward"),
        ("UPDATE numbering_series SET first = 0", "runs forward"),
        ("DELETE FROM numbering_series", "runs forward|foreign key"),
    ],
)
def test_the_database_itself_refuses_what_no_operation_does(unit_id: int, change: str, constraint: str) -> None:
    call(enter, number=call(take, unit_id=unit_id))
    with setting_up(), pytest.raises(IntegrityError, match=constraint), connection.cursor() as cursor:
        cursor.execute(change)


@rolled_back
def test_the_database_refuses_a_void_without_a_reason(unit_id: int) -> None:
    number = call(take, unit_id=unit_id)
    with setting_up(), pytest.raises(IntegrityError, match="numbering_number_state"):
        Number.objects.filter(pk=number.pk).update(state="void", settled_at=AT)


@rolled_back
def test_a_series_must_be_declared(unit_id: int) -> None:
    with setting_up(), pytest.raises(LookupError):
        numbering.reserve("test.unknown", unit_id=unit_id, year=YEAR, actor=ACTOR, at=AT)


@committed
def test_numbers_are_taken_inside_a_transaction(unit_id: int) -> None:
    with setting_up(), pytest.raises(RuntimeError, match="transaction"):
        numbering.reserve(BIRTHS, unit_id=unit_id, year=YEAR, actor=ACTOR, at=AT)


@committed
def test_missing_lines_are_told(unit_id: int) -> None:
    """Only the tables' owner, past the triggers, can make a gap; the list then shows it."""
    import os

    import psycopg

    for _ in range(3):
        call(take, unit_id=unit_id)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("DELETE FROM numbering_number WHERE value = 2")
    assert numbering.gaps(BIRTHS, unit_id=unit_id, year=YEAR) == [numbering.Gap(2, is_missing=True)]
