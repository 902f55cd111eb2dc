"""The signing job: signs what waits, tries again while a service is away, gives up when that has lasted too long."""

from __future__ import annotations

import logging
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal

from . import lifecycle

log = logging.getLogger(__name__)

# Waits of 2, 4, 8 … seconds: an outage of some eight minutes is bridged before the office is told.
TRIES = 9


@app.task(
    name=lifecycle.TASK, queue="signing", pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES - 1, exponential_wait=2),
)
def sign(context: JobContext, document_id: str) -> None:
    """Sign one document. Run twice, it signs once: a signed document is left as it is."""
    try:
        lifecycle.sign_now(document_id, at=now())
    except lifecycle.NotPending:
        return
    except Exception as fault:
        log.warning("document %s not signed yet: %s", document_id, type(fault).__name__)
        if context.job is not None and context.job.attempts + 1 < TRIES:
            raise
        reason = fault.message if isinstance(fault, Refusal) else "Lỗi kỹ thuật khi ký số."
        lifecycle.give_up(document_id=UUID(document_id), reason=reason, actor=system_actor("signing"), at=now())
