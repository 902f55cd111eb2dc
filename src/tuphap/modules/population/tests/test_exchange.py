"""Both sides over HTTP, while the line is slow, wrong, silent, tells twice or out of order: in the end they agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population import operations, queries, rules, tasks
from tuphap.modules.population.models import PopulationRecord, Ticket
from tuphap.shared.exchange.models import Outbound
from tuphap.shared.exchange.testing import Sim, wait_until
from tuphap.shared.exchange.tests import world as post
from tuphap.shared.operation.testing import run_jobs

from .town import grant, main, matched, old_birth, person_like

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ("number", "old_number", "name", "sex", "born_on", "father", "mother", "birth_place", "residence",
          "residence_code", "state", "merged_into", "version", "sequence")


def here(sim: Sim) -> dict[str, dict[str, Any]]:
    """The mirror, as the other side tells its records."""
    return {one.key: {name: getattr(one, name) for name in FIELDS} for one in PopulationRecord.objects.all()}


def there(sim: Sim) -> dict[str, dict[str, Any]]:
    blank = dict.fromkeys(FIELDS, "")
    return {key: {name: one.get(name, blank[name]) for name in FIELDS} for key, one in sim.people().items()}


@pytest.fixture
def both(sim: Sim, law: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Sim, World]:
    """The world beside the agencies. The engine is not asked: who is whom is told by the tests."""
    from tuphap.modules.civil_status.tests.world import make_world

    monkeypatch.setattr("tuphap.modules.population.matching.refresh", lambda sequence, on: False)
    monkeypatch.setattr("tuphap.modules.population.matching.look_up", lambda records: None)
    monkeypatch.setattr("tuphap.modules.population.matching.explain", lambda civil, record: ())
    world = make_world()
    grant(world)
    return sim, world


def settle(sim: Sim, condition: Any) -> None:
    """Let both sides work until the condition holds."""
    def holds() -> bool:
        post.make_due()
        run_jobs("exchange", "population", "reactions")
        return bool(condition())

    wait_until(holds, within=60)


def test_changes_are_pulled_page_by_page_and_again_without_effect(both: tuple[Sim, World]) -> None:
    sim, _ = both
    sim.set_people([
        {"key": f"P{number:03}", "number": f"0310980{number:05}", "name": f"NGUYỄN VĂN {chr(65 + number)}",
         "sex": "male", "born_on": "1998-03-05", "state": "alive"} for number in range(7)])
    assert tasks.pull(most=3) == 7
    assert here(sim) == there(sim)
    assert tasks.pull(most=3) == 0
    sim.set_people([{"key": "P003", "name": "NGUYỄN VĂN ĐỔI"}])
    sim.behave("police", down=True)
    assert tasks.pull() == 0
    assert queries.sequence() == 7
    sim.behave("police")
    assert tasks.pull() == 1
    assert here(sim) == there(sim)


FAULTS = (
    {},
    {"lose_answer": 0.4, "lose_request": 0.2},
    {"later_share": 1.0, "later_ms": 50, "repeat": 2, "reorder": True},
    {"later_share": 0.5, "later_ms": 30, "lose_answer": 0.3, "wrong": "bad_signature", "wrong_share": 0.3, "repeat": 1,
     "reorder": True, "refuse_share": 0.3},
)


@pytest.mark.parametrize("faults", [
    pytest.param(FAULTS[0], id="well"), pytest.param(FAULTS[1], id="loses", marks=pytest.mark.full),
    pytest.param(FAULTS[2], id="late, twice, in any order"),
    pytest.param(FAULTS[3], id="everything", marks=pytest.mark.full),
])
def test_whatever_the_line_does_both_sides_come_to_the_same(both: tuple[Sim, World], faults: dict[str, Any]) -> None:
    sim, world = both
    with standing_at(AT):
        acts = [old_birth(world, number=str(15 + n), name=f"NGUYỄN VĂN {name}", born=f"0{n + 1}-03-1998")
                for n, name in enumerate(("LÂM", "MINH", "NGỌC"))]
        sim.set_people([person_like(main(act), f"P{n}", number=f"0310980{n:05}", born_on="1998-01-09")
                        for n, act in enumerate(acts)])
        tasks.pull()
        for n, act in enumerate(acts):
            matched(act, f"P{n}")
        sim.behave("police", **faults)
        for ticket in Ticket.objects.order_by("pk"):
            operations.decide(ticket_id=ticket.pk, choice="book", reason="Theo trang sổ", actor=world.who("officer"),
                              at=AT + timedelta(days=3))
        settle(sim, lambda: not Ticket.objects.filter(state="with_police").exists())
        sim.behave("police")
        sim.wait_until_sent("police")
        settle(sim, lambda: not Outbound.objects.filter(state__in=("queued", "waiting")).exists())
        tasks.pull()
        run_jobs("population", "reactions")
    assert here(sim) == there(sim)
    for act, ticket in zip(acts, Ticket.objects.filter(klass="C").order_by("pk"), strict=True):
        assert ticket.record is not None
        theirs, right = sim.people()[ticket.record.key]["born_on"], main(act).told.born_on
        assert (theirs == right) == (ticket.verdict == rules.Verdict.ACCEPTED) == (ticket.state == "resolved")
    done = [one for one in sim.state("police")["done"] if one["what"] == "corrected"]
    assert len(done) == Ticket.objects.filter(verdict="accepted").count()  # each once, whatever came twice
