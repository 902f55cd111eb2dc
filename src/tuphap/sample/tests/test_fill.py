"""The newest stories through the real operations, signer and authorities: what the present of the sample holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tuphap.kernel.clock import localdate, standing_at
from tuphap.modules.civil_status.models import Act as DeathAct
from tuphap.modules.civil_status.models import OldEntry, Paper
from tuphap.modules.civil_status.old_books.rules import EntryState
from tuphap.modules.civil_status.rules import JOINED_DEATH_HANDLER, ActState, Origin, PaperState
from tuphap.modules.digitisation.models import Entry as Digitised
from tuphap.modules.one_stop_shop.models import HandOver
from tuphap.sample import digitising, events, fill, offices
from tuphap.sample.stories import FRESH_DAYS, Act, Story
from tuphap.sample.tests.test_stories import UNTIL
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.dossiers.rules import IN_HAND, Action, Overlay, State

pytestmark = [pytest.mark.django_db, pytest.mark.full, pytest.mark.timeout(1200)]


@pytest.fixture
def _home(signing_services: Any, settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "begun-at").write_text(UNTIL.isoformat())


def _newest(told: list[Story]) -> list[Story]:
    """The stories of the last days, and before them the last that was refused, withdrawn, and closed."""
    since = told[-1].steps[0].at.date() - timedelta(days=FRESH_DAYS + 2)
    newest = [story for story in told if story.steps[0].at.date() >= since]
    older = [story for story in told if story not in newest]
    ended = [[s for s in older if s.steps[-1].act is act][-1] for act in (Act.REFUSE, Act.WITHDRAW, Act.CLOSE)]
    return [*ended, *newest]


def test_the_newest_stories_leave_every_step_and_everything_that_lies_over_one(
    law: None, _home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fill._stories
    monkeypatch.setattr(fill, "_stories", lambda *given: _newest(whole(*given)))
    with standing_at(UNTIL):
        fill.fill(others=0)
    stands = {State(state) for state in Dossier.objects.values_list("state", flat=True)}
    assert set(State) - stands <= {State.STOPPED}  # a timer's work, thirty days after a request
    overlays = set(Dossier.objects.values_list("overlay", flat=True))
    assert overlays == {Overlay.NONE, Overlay.PAUSED_APPLICANT, Overlay.PAUSED_FEE, Overlay.WAITING_OTHER_AGENCY}
    assert Dossier.objects.filter(extension_count=1, state__in=IN_HAND).exists()
    waiting = Dossier.objects.filter(state=State.AWAITING_SIGNATURE)
    assert waiting.exists() and not waiting.exclude(approved_by__username__startswith=offices.DEPUTY).exists()
    for paper in Paper.objects.filter(act__dossier__in=waiting):
        assert paper.state == PaperState.FAILED and "Không có chứng thư" in paper.failure
    moved = Dossier.objects.filter(events__action=Action.TRANSFER).order_by("received_at")
    assert moved.exists()
    assert all(d.events.get(action=Action.TRANSFER).to_unit_id == d.resolving_unit_id for d in moved)
    asked = Dossier.objects.filter(overlay=Overlay.WAITING_OTHER_AGENCY)
    assert all("Công an" in d.events.get(action=Action.ASK_AGENCY).facts["agency"] for d in asked)
    joined = Dossier.objects.filter(procedure__handler=JOINED_DEATH_HANDLER)
    assert joined.count() == len(events.AIDS)
    assert DeathAct.objects.filter(dossier__in=joined, state=ActState.REGISTERED).count() >= len(events.AIDS) - 1
    assert set(OldEntry.objects.values_list("state", flat=True)) == set(EntryState), "old books, however far they came"
    assert Paper.objects.filter(act__origin=Origin.OLD_BOOK, state=PaperState.SIGNED).exists(), "a copy of one of them"
    stood = set(Digitised.objects.values_list("state", flat=True))
    assert stood == {str(state) for state in digitising.BIRTHS.values()}, "books that are digitised, however far"
    days = sorted({localdate(held.made_at) for held in HandOver.objects.all()})
    waiting_lists = HandOver.objects.filter(taken_at__isnull=True, cancelled_at__isnull=True)
    assert {localdate(held.made_at) for held in waiting_lists} == {days[-1]}, "the last day's lists wait, and no others"
    assert HandOver.objects.filter(taken_at__isnull=False).exists()
