"""The frame: one transaction, one answer to one key, denials that outlive their rollback, constraints as refusals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import RequestFactory

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Conflict, Denied
from tuphap.shared.audit.api import record
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.api import Busy, IdempotencyMismatch, Once, constraint_means, is_writing, operation
from tuphap.shared.operation.guard import WriteOutsideOperation, tables_written
from tuphap.shared.operation.http import BadIdempotencyKey, once_of
from tuphap.shared.operation.models import Done
from tuphap.shared.operation.testing import setting_up

ME = system_actor("test")
answers: dict[str, Any] = {}


@operation
def greet(*, name: str, actor, at) -> str:
    record("test.greeted", subject=None, actor=actor, at=at, name=name)
    if name == "nobody":
        raise Denied(reason="nobody")
    return f"Chào {name}"


@operation
def answer(*, which: str, actor, at):
    record("test.answered", subject=None, actor=actor, at=at)
    return answers[which]


@operation
def mark(*, key: str, actor, at) -> Done:
    return Done.objects.create(operation="mark", key=key, fingerprint="", at=at)


@operation
def mark_and_try(*, key: str, then: Callable[[], object], actor, at) -> str:
    mark(key=key, actor=actor, at=at)
    try:
        then()
    except Conflict:
        return "went on"
    return "all"


def in_threads(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at once, each on its own connection; their answers or errors, in order."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except BaseException as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_key_does_it_once() -> None:
    first = greet(name="Lan", actor=ME, at=now(), once=Once("k1", {"name": "Lan"}))
    again = greet(name="Lan", actor=ME, at=now(), once=Once("k1", {"name": "Lan"}))
    assert first == again == "Chào Lan"
    assert Entry.objects.filter(event="test.greeted").count() == 1
    with pytest.raises(IdempotencyMismatch):
        greet(name="Mai", actor=ME, at=now(), once=Once("k1", {"name": "Mai"}))


@pytest.mark.django_db(transaction=True)
def test_one_key_in_eight_threads_at_once_does_it_once() -> None:
    def call() -> str:
        return greet(name="Lan", actor=ME, at=now(), once=Once("k2", {"name": "Lan"}))

    assert in_threads(*[call] * 8) == ["Chào Lan"] * 8
    assert Entry.objects.filter(event="test.greeted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_taker_does_it_when_the_first_rolls_back() -> None:
    entered, release = threading.Event(), threading.Event()
    runs: list[str] = []

    @operation
    def fragile(*, actor, at) -> str:
        record("test.fragile", subject=None, actor=actor, at=at)
        runs.append("run")
        if len(runs) == 1:
            entered.set()
            release.wait(20)
            raise Conflict()
        return "second"

    def first() -> str:
        return fragile(actor=ME, at=now(), once=Once("k3"))

    def second() -> str:
        entered.wait(20)
        threading.Timer(0.3, release.set).start()
        return fragile(actor=ME, at=now(), once=Once("k3"))

    failed, done = in_threads(first, second)
    assert isinstance(failed, Conflict)
    assert done == "second"
    assert Entry.objects.filter(event="test.fragile").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "value",
    [
        None, False, 0, "", "chữ", 12, 1.5, [], [1, "hai", None], (1, (2,)), {"khóa": [1], "~": "model", 3: 4},
        date(2025, 7, 1), datetime(2025, 7, 1, 8, tzinfo=UTC), uuid4(), Decimal("12.50"), b"\x00\xff",
        [{"a": (date(2025, 1, 1),)}],
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_comes_back_as_it_was(value: object) -> None:
    answers["x"] = value
    first = answer(which="x", actor=ME, at=now(), once=Once("k4"))
    again = answer(which="x", actor=ME, at=now(), once=Once("k4"))
    assert again == first == value
    assert type(again) is type(value)
    assert list(Entry.objects.filter(event__startswith="test.").values_list("event", flat=True)) == ["test.answered"]


@pytest.mark.django_db(transaction=True)
def test_models_come_back_as_rows_and_unkeepable_answers_are_a_defect_at_once() -> None:
    entry = Entry.objects.create(at=now(), event="x", actor_kind="system", actor_name="x")
    answers["x"] = [entry, (entry, 1)]
    answer(which="x", actor=ME, at=now(), once=Once("k5"))
    assert answer(which="x", actor=ME, at=now(), once=Once("k5")) == [entry, (entry, 1)]
    answers["x"] = object()
    with pytest.raises(TypeError):
        answer(which="x", actor=ME, at=now(), once=Once("k6"))
    assert not Done.objects.filter(key="k6").exists()


@pytest.mark.django_db(transaction=True)
def test_a_denial_rolls_back_and_is_kept() -> None:
    with pytest.raises(Denied):
        greet(name="nobody", actor=ME, at=now())
    assert list(Entry.objects.values_list("event", flat=True)) == ["access.denied"]
    entry = Entry.objects.get()
    assert entry.facts["reason"] == "denied"
    assert entry.facts["operation"].endswith("test_operation.greet")


@pytest.mark.django_db(transaction=True)
def test_a_denial_inside_another_operation_is_kept_once_under_its_own_name() -> None:
    @operation
    def outer(*, actor, at) -> None:
        mark(key="outer", actor=actor, at=at)
        greet(name="nobody", actor=actor, at=at)

    with pytest.raises(Denied):
        outer(actor=ME, at=now())
    assert not Done.objects.exists()
    assert Entry.objects.get().facts["operation"].endswith(".greet")


@pytest.mark.django_db(transaction=True)
def test_a_denial_that_the_caller_survives_is_kept_too() -> None:
    @operation
    def outer(*, actor, at) -> str:
        mark(key="outer", actor=actor, at=at)
        try:
            greet(name="nobody", actor=actor, at=at)
        except Denied:
            return "went on"
        return "all"

    assert outer(actor=ME, at=now()) == "went on"
    assert Done.objects.count() == 1
    assert list(Entry.objects.values_list("event", flat=True)) == ["access.denied"]


@pytest.mark.django_db(transaction=True)
def test_a_nested_operation_is_undone_alone_or_with_its_caller() -> None:
    def refuse() -> None:
        @operation
        def inner(*, actor, at) -> None:
            mark(key="inner", actor=actor, at=at)
            raise Conflict()

        inner(actor=ME, at=now())

    assert mark_and_try(key="a", then=refuse, actor=ME, at=now()) == "went on"
    assert set(Done.objects.values_list("key", flat=True)) == {"a"}

    def fail() -> None:
        mark(key="c", actor=ME, at=now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        mark_and_try(key="b", then=fail, actor=ME, at=now())
    assert set(Done.objects.values_list("key", flat=True)) == {"a"}
    assert not is_writing()


@pytest.mark.django_db(transaction=True)
def test_a_violated_constraint_is_the_refusal_declared_for_it() -> None:
    class Twice(Conflict):
        code = "test.twice"

    mark(key="same", actor=ME, at=now())
    with pytest.raises(IntegrityError):
        mark(key="same", actor=ME, at=now())
    constraint_means("operation_done_once", Twice)
    try:
        with pytest.raises(Twice):
            mark(key="same", actor=ME, at=now())
        assert mark_and_try(key="other", then=lambda: mark(key="same", actor=ME, at=now()), actor=ME, at=now())
    finally:
        from tuphap.shared.operation import integrity

        del integrity._refusals["operation_done_once"]
    assert set(Done.objects.values_list("key", flat=True)) == {"same", "other"}


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_a_refusal_for_one_and_nothing_for_the_other() -> None:
    with setting_up():
        rows = [Done.objects.create(operation="lock", key=key, fingerprint="", at=now()) for key in "ab"]
    both = threading.Barrier(2)

    @operation
    def lock(*, order: tuple[int, int], actor, at) -> str:
        Done.objects.select_for_update().get(pk=order[0])
        both.wait(20)
        Done.objects.select_for_update().get(pk=order[1])
        return "done"

    one, other = rows[0].pk, rows[1].pk
    results = in_threads(
        lambda: lock(order=(one, other), actor=ME, at=now()), lambda: lock(order=(other, one), actor=ME, at=now())
    )
    assert sorted(type(r) for r in results if r != "done") == [Busy]
    assert results.count("done") == 1


@pytest.mark.django_db(transaction=True)
def test_an_operation_is_not_opened_inside_a_strangers_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        greet(name="Lan", actor=ME, at=now())


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_an_operation_is_refused() -> None:
    with pytest.raises(WriteOutsideOperation):
        Done.objects.create(operation="x", key="x", fingerprint="", at=now())
    with pytest.raises(WriteOutsideOperation), connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM operation_done RETURNING id) SELECT count(*) FROM gone")
    Done.objects.select_for_update(of=("self",))
    with transaction.atomic():
        assert list(Done.objects.select_for_update()) == []
    with setting_up():
        Done.objects.create(operation="x", key="x", fingerprint="", at=now())
    with pytest.raises(WriteOutsideOperation):
        Done.objects.all().delete()
    assert Done.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('INSERT INTO "a_b" ("x") VALUES (1)', ["a_b"]),
        ("  /* why */ -- so\n update only public.a set x = 1", ["a"]),
        ("DELETE FROM a WHERE x IN (SELECT 1 FROM b FOR UPDATE)", ["a"]),
        ("TRUNCATE TABLE a", ["a"]),
        ("(WITH x AS (UPDATE a SET y = 1 RETURNING *), z AS (INSERT INTO b SELECT 1) SELECT 1)", ["a", "b"]),
        ("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = 2", ["a"]),
        ("SELECT * FROM a FOR UPDATE OF a", []),
        ("SELECT * FROM a FOR NO KEY UPDATE", []),
        ("SAVEPOINT s", []),
        ("WITH a AS (SELECT 1) SELECT * FROM a FOR UPDATE SKIP LOCKED", []),
    ],
)
def test_the_guard_reads_statements(sql: str, tables: list[str]) -> None:
    assert tables_written(sql) == tables


def test_the_key_comes_from_the_header_or_the_form() -> None:
    make = RequestFactory()
    assert once_of(make.post("/x", {"a": "1"})) is None
    form = once_of(make.post("/x", {"a": "1", "once": "khoa-12345", "csrfmiddlewaretoken": "t1"}))
    again = once_of(make.post("/x", {"a": "1", "once": "khoa-12345", "csrfmiddlewaretoken": "t2"}))
    other = once_of(make.post("/x", {"a": "2", "once": "khoa-12345"}))
    elsewhere = once_of(make.post("/y", {"a": "1", "once": "khoa-12345"}))
    assert form is not None and again is not None and other is not None and elsewhere is not None
    assert form.fingerprint() == again.fingerprint()
    assert len({form.fingerprint(), other.fingerprint(), elsewhere.fingerprint()}) == 3
    header = {"headers": {"Idempotency-Key": "khoa-12345"}, "content_type": "application/json"}
    one, two = once_of(make.post("/x", '{"a": 1}', **header)), once_of(make.post("/x", '{"a": 2}', **header))
    assert one is not None and two is not None
    assert one.key == "khoa-12345"
    assert one.fingerprint() != two.fingerprint()
    for bad in ("ngắn", "x" * 101, "có dấu cách 12", "a\x00bcdefgh"):
        with pytest.raises(BadIdempotencyKey):
            once_of(make.post("/x", {"once": bad}))
