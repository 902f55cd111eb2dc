"""The sample's population database: of a town's own people, with every class of discrepancy in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.tests.conftest import law, world
from tuphap.modules.civil_status.tests.test_events import DEATH, dead
from tuphap.modules.civil_status.tests.test_events import registered as registered_event
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population import queries, rules
from tuphap.modules.population.models import Link, PopulationRecord
from tuphap.modules.population.tests.town import matched, old_birth, take_in
from tuphap.sample import population

__all__ = ["law", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("linkage-civil")]  # the compiled code is loaded once
LATER = AT + timedelta(days=30)


@pytest.mark.full
def test_every_class_occurs(world: World) -> None:
    acts = [old_birth(world), *(world.registered(world.distinct(number)) for number in range(20))]
    acts.append(registered_event(world, DEATH, dead(world, death={"died_on": "2026-03-01"})))
    with standing_at(LATER):
        told = list(population.people())
        assert told == list(population.people())
        take_in(*told, at=LATER)
        for act in acts:
            [party] = [one for one in act.parties.all() if one.role in rules.ROLES[act.kind]]
            keys = PopulationRecord.objects.filter(key=f"DC{party.pk:08d}").values_list("key", flat=True)
            matched(act, *keys, at=LATER)
        born = queries.without_birth({world.here.admin_unit.code: world.here.pk}, year_from=2026, year_to=2026)
    found = set(Link.objects.values_list("klass", flat=True))
    # The number of these births is not noted yet, so that those which agree in all else are of class B.
    assert found >= {"B", "C", "D", "E", "G", "H"}
    assert {one.name for one in born} >= {name.upper() for name, _, _ in population.STRANGERS}
