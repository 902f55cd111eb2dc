"""Many at once, on real connections: no code twice, no decision twice, no duplicate filing unseen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tuphap.kernel.refusal import Refusal
from tuphap.modules.one_stop_shop import operations
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work
from tuphap.shared.dossiers import rules
from tuphap.shared.dossiers.api import Dossier, Event, State
from tuphap.shared.dossiers.testing import morning

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread and connection of its own; answers or refusals, in order."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(run, acts))


def test_receipts_at_once_get_each_a_code(work: Work) -> None:
    done = at_once([lambda n=n: work.file(number=f"0310910001{n:02d}") for n in range(16)])
    codes = sorted(dossier.code for dossier in done)
    assert [code[-4:] for code in codes] == [f"{n:04d}" for n in range(1, 17)]


def test_a_refused_receipt_gives_its_number_to_nobody_twice(work: Work) -> None:
    names = ["A1" if n % 3 == 0 else "Trần An" for n in range(12)]
    done = at_once([lambda n=n: work.file(number=f"0310920001{n:02d}", name=names[n]) for n in range(12)])
    codes = [d.code for d in done if isinstance(d, Dossier)]
    assert len(codes) == 8 == len(set(codes))
    assert work.file(number="031092000199").code not in codes


def test_two_leaders_decide_once(work: Work) -> None:
    dossier = work.propose(work.assign(work.file()))
    done = at_once([lambda: work.approve(dossier) for _ in range(6)])
    assert sum(isinstance(d, Dossier) for d in done) == 1
    assert {type(d) for d in done} == {Dossier, rules.StateConflict}
    assert Event.objects.filter(dossier=dossier, action="approve").count() == 1
    assert work.look(dossier).state == State.AWAITING_SIGNATURE


def test_approval_and_sending_back_exclude_each_other(work: Work) -> None:
    dossier = work.propose(work.assign(work.file()))
    chairman = work.town.who
    done = at_once([
        lambda: operations.approve(dossier_id=dossier.pk, actor=chairman("chairman"), at=morning(MONDAY, 10)),
        lambda: operations.send_back(dossier_id=dossier.pk, note="Xem lại", actor=chairman("chairman"),
                                     at=morning(MONDAY, 10)),
    ])
    assert sorted(isinstance(d, Dossier) for d in done) == [False, True]


def test_the_same_request_filed_twice_at_once_is_seen(work: Work) -> None:
    done = at_once([lambda: work.file() for _ in range(4)])
    assert sum(isinstance(d, Dossier) for d in done) == 1
    assert sum(isinstance(d, rules.DuplicateOpen) for d in done) == 3
