"""Events of the sample through the real operations, signer and authorities: births with which a father comes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tuphap.kernel.clock import VIETNAM, standing_at
from tuphap.modules.civil_status.models import Act, BirthAct
from tuphap.modules.civil_status.rules import ActState, BookKind, PartyRole
from tuphap.sample import events, fill
from tuphap.sample.tests.test_stories import UNTIL
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.dossiers.rules import State

pytestmark = [pytest.mark.django_db, pytest.mark.full, pytest.mark.timeout(600)]


@pytest.fixture
def _home(signing_services: Any, settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


def test_births_with_a_recognition_end_in_two_books(law: None, _home: None) -> None:
    with standing_at(UNTIL):
        desks = fill.found(dense=2, others=0)
    told = [
        event for event in events._events(desks, first=UNTIL.date(), until=UNTIL.replace(year=UNTIL.year + 1),
                                          how_many=None, alone=True)
        if event.procedure in (events.RECOGNISED_BIRTH, events.RECOGNISED_FOREIGN)
    ][:2]
    assert {event.procedure for event in told} == {events.RECOGNISED_BIRTH, events.RECOGNISED_FOREIGN}
    with documents.signing_by_hand():
        for event in told:
            for what, clock in events.STEPS:
                at = datetime.combine(event.day, clock, tzinfo=VIETNAM)
                with standing_at(at):
                    events.doing(event, what)(None, at)
    for event in told:
        birth = BirthAct.objects.get(dossier=event.dossier)
        act = Act.objects.get(target=birth)
        assert (birth.state, act.state, act.kind) == (ActState.REGISTERED, ActState.REGISTERED, BookKind.RECOGNITION)
        assert birth.father is not None and birth.father.name == act.party(PartyRole.PARENT).name  # type: ignore[union-attr]
        assert Dossier.objects.get(pk=event.dossier).state == State.CLOSED
