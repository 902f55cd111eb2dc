"""Fifty decisions and signatures at once in one office, with a signer that fails at random: no gap, no number twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import operations, rules
from tuphap.modules.civil_status.models import Act, BirthAct, Paper
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.numbering import api as numbering
from tuphap.shared.numbering.models import Number

from .world import AT, World, fail, sign

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50
THREADS = 16


def at_once(work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """Do the work on every item in real threads, each with a connection of its own, closed afterwards."""

    def one(item: Any) -> Any:
        try:
            return work(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, items))


def check_the_books(expected_live: int) -> None:
    """The series has no gap; every number stands in exactly one act, every act in one book and on one page."""
    for series in (rules.Series.BIRTH, rules.Series.EXTRACT):
        values = list(Number.objects.filter(series__code=series).order_by("value").values_list("value", flat=True))
        assert values == list(range(1, len(values) + 1))
    acts = list(Act.objects.order_by("number"))
    births = Number.objects.filter(series__code=rules.Series.BIRTH)
    assert [a.number for a in acts] == list(births.order_by("value").values_list("value", flat=True))
    assert len({(a.book_id, a.page) for a in acts}) == len(acts)
    assert len({a.reserved_id for a in acts}) == len(acts)
    by_state = {"confirmed": rules.ActState.REGISTERED, "void": rules.ActState.VOID,
                "reserved": rules.ActState.PENDING_SIGNATURE}
    states = dict(births.values_list("pk", "state"))
    assert all(by_state[states[a.reserved_id]] == a.state for a in acts)
    assert sum(a.state == rules.ActState.REGISTERED for a in acts) == expected_live


def test_fifty_decisions_and_signatures_while_the_signer_fails_at_random(world: World) -> None:
    chance = random.Random(20260309)
    made = [world.dossier(world.distinct(n, copies={"copies": n % 3})) for n in range(MANY)]
    # For every dossier: how often its original fails, and whether its number is then given up rather than tried again.
    plan = {d.pk: (chance.choice([0, 0, 0, 1, 2]), chance.random() < 0.4) for d in made}
    chairman = world.who("chairman")

    def settle(act: BirthAct, failures: int, gives_up: bool) -> None:
        for paper in Paper.objects.filter(act=act).select_related("document").order_by("pk"):
            if paper.kind == rules.PaperKind.ORIGINAL:
                for _ in range(failures):
                    fail(paper.document)
                    if gives_up:
                        operations.void_act(act_id=act.pk, reason="Máy ký hỏng", actor=chairman, at=AT)
                        return
                    with documents.signing_by_hand():
                        operations.retry_signing(act_id=act.pk, actor=chairman, at=AT)
            sign(paper.document)

    def one(dossier_id: UUID) -> None:
        failures, gives_up = plan[dossier_id]
        with documents.signing_by_hand():
            act = operations.approve_birth(dossier_id=dossier_id, actor=chairman, at=AT)
        settle(act, failures, gives_up)
        if failures and gives_up:  # decided anew, under the next number
            with documents.signing_by_hand():
                again = operations.approve_birth(dossier_id=dossier_id, actor=chairman, at=AT)
            settle(again, 0, False)

    at_once(one, [d.pk for d in made])

    given_up = sum(1 for failures, gives_up in plan.values() if failures and gives_up)
    assert given_up > 3  # the plan does give numbers up
    assert Act.objects.count() == MANY + given_up
    check_the_books(expected_live=MANY)
    assert set(Dossier.objects.values_list("state", flat=True)) == {dossiers.State.RESULT_READY}
    assert not numbering.gaps(rules.Series.BIRTH, unit_id=world.here.pk, year=2026) or all(
        not gap.is_missing for gap in numbering.gaps(rules.Series.BIRTH, unit_id=world.here.pk, year=2026)
    )


def test_decisions_that_break_off_leave_no_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third approval dies after it took its number; the number goes to the next taker."""
    made = [world.dossier(world.distinct(n)) for n in range(30)]
    chairman = world.who("chairman")
    calls, lock = [0], threading.Lock()
    request = documents.request

    def dies(**asked: Any) -> Any:
        with lock:
            calls[0] += 1
            broken = calls[0] % 3 == 0
        if broken:
            raise RuntimeError("the machine went away")
        return request(**asked)

    monkeypatch.setattr(documents, "request", dies)

    def one(dossier_id: UUID) -> bool:
        try:
            with documents.signing_by_hand():
                operations.approve_birth(dossier_id=dossier_id, actor=chairman, at=AT)
        except RuntimeError:
            return False
        return True

    done = at_once(one, [d.pk for d in made])
    assert done.count(False) == 10
    assert list(Act.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 21))
    assert Number.objects.count() == 20


def test_one_dossier_decided_by_many_at_once_is_registered_once(world: World) -> None:
    dossier = world.dossier()
    chairman = world.who("chairman")

    def one(_: int) -> str:
        try:
            with documents.signing_by_hand():
                operations.approve_birth(dossier_id=dossier.pk, actor=chairman, at=AT)
        except Refusal as refusal:
            return refusal.code
        return "done"

    answers = at_once(one, list(range(12)))
    assert sorted(answers) == ["done", *["dossiers.state_conflict"] * 11]
    assert list(Number.objects.values_list("value", flat=True)) == [1]


def test_the_same_child_in_many_dossiers_is_registered_once(world: World) -> None:
    made = [world.dossier() for _ in range(10)]
    chairman = world.who("chairman")

    def one(dossier_id: UUID) -> str:
        try:
            with documents.signing_by_hand():
                operations.approve_birth(dossier_id=dossier_id, actor=chairman, at=AT)
        except Refusal as refusal:
            return refusal.code
        return "done"

    answers = at_once(one, [d.pk for d in made])
    assert sorted(answers) == [*["civil_status.possible_duplicate"] * 9, "done"]
    assert connection.vendor == "postgresql"
