"""What follows after the commit, in jobs: people looked at anew because a record or a decision has changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from procrastinate.contrib.django import app

from .. import rules

QUEUE = "population"
_MOST = 500


def recheck_after(records: Sequence[int]) -> None:
    """Look again at whoever is linked with these records, and at whoever was found nowhere and may be one of them."""
    for place in range(0, len(records), _MOST):
        app.configure_task(rules.REMATCH, queue=QUEUE).defer(records=list(records[place:place + _MOST]))


def match_again(act_id: UUID) -> None:
    """Ask the engine about the people of an act once more."""
    app.configure_task(rules.MATCH_ACT, queue=QUEUE).defer(act_id=str(act_id))


def run_batch(batch_id: UUID) -> None:
    app.configure_task(rules.RUN_BATCH, queue=QUEUE, lock=f"population-batch-{batch_id}").defer(batch_id=str(batch_id))
