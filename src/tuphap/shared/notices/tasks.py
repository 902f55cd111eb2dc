"""The post: what is in the outbox goes out, and is tried again when it does not."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now

from . import operations
from .carriers import NotCarried, carrier_for
from .models import Outgoing

POST = system_actor("post")


@app.task(
    queue="notices", pass_context=False,
    retry=RetryStrategy(max_attempts=operations.MOST_ATTEMPTS, exponential_wait=4, retry_exceptions=[NotCarried]),
)
def deliver(*, outgoing_id: str) -> None:
    """Hand one message to its carrier; runs at least once, and leaves alone what has gone."""
    outgoing = Outgoing.objects.select_related("notice").get(pk=outgoing_id)
    if outgoing.state != Outgoing.State.QUEUED:
        return
    try:
        carrier_for(outgoing.channel).carry(
            message_id=outgoing_id, address=outgoing.address, subject=outgoing.notice.title,
            text=letter(outgoing),
        )
    except NotCarried as error:
        noted = operations.note_not_sent(outgoing_id=UUID(outgoing_id), error=str(error), actor=POST, at=now())
        if noted.state == Outgoing.State.QUEUED:
            raise
        return
    operations.note_sent(outgoing_id=UUID(outgoing_id), actor=POST, at=now())


def letter(outgoing: Outgoing) -> str:
    """The words of the message: the notice's own, and the address at which more can be read after logging in."""
    notice = outgoing.notice
    link = f"\n{settings.PUBLIC_URL}{notice.url}" if notice.url else ""
    return f"{notice.text}{link}"
