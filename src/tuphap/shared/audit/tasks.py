"""The log's own work in the background: linking each few seconds, sealing each hour, carrying seals away."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tuphap.kernel.clock import now

from . import places as known_places
from .models import Checkpoint

log = logging.getLogger(__name__)
places = known_places.configured


@app.periodic(cron="* * * * * */10")
@app.task(queue="audit", queueing_lock="audit-sequence", pass_context=False)
def link_entries(timestamp: int) -> None:
    """Link what has been written since the last time."""
    from .sequencer import sequence

    sequence()


@app.periodic(cron="0 * * * *")
@app.task(
    queue="audit", queueing_lock="audit-checkpoint", pass_context=False,
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def seal(timestamp: int) -> None:
    """Sign the chain each hour; a signer that is down is tried again."""
    from .sealing import ChainBroken, checkpoint

    try:
        checkpoint(at=now())
    except ChainBroken as broken:
        log.critical("the log does not follow from its last checkpoint: %s; run `tuphap audit verify`", broken)
        raise


@app.task(
    queue="audit", pass_context=False,
    retry=RetryStrategy(max_attempts=20, exponential_wait=3, retry_exceptions=[OSError]),
)
def deliver_checkpoint(*, checkpoint_id: int, place: str) -> None:
    """Carry one checkpoint to one place; runs at least once."""
    from .sealing import statement_of

    known_places.place_for(place).keep(statement_of(Checkpoint.objects.get(pk=checkpoint_id)))
