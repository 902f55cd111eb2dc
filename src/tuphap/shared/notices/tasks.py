"""The post: what is in the outbox goes out, and is tried again when it does not."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now

from . import operations
from .carriers import NotCarried, Refused, carrier_for
from .declarations import Channel
from .models import Outgoing
from .queries import reach_of
from .rules import is_stale, quiet_until

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
    at = now()
    if is_stale(told_at=outgoing.notice.created_at, at=at, channel=outgoing.channel):
        operations.note_stale(outgoing_id=UUID(outgoing_id), actor=POST, at=at)
        return
    until = quiet_until(at, reach=reach_of(outgoing.notice.to_user_id), channel=outgoing.channel)
    if until is not None:
        operations.hold_back(outgoing_id=UUID(outgoing_id), until=until, actor=POST, at=at)
        return
    try:
        carrier_for(outgoing.channel).carry(
            message_id=outgoing_id, address=outgoing.address, subject=subject(outgoing), text=letter(outgoing),
        )
    except Refused as error:
        operations.note_not_sent(
            outgoing_id=UUID(outgoing_id), error=str(error), for_good=True, actor=POST, at=now()
        )
        return
    except NotCarried as error:
        noted = operations.note_not_sent(outgoing_id=UUID(outgoing_id), error=str(error), actor=POST, at=now())
        if noted.state == Outgoing.State.QUEUED:
            raise
        return
    operations.note_sent(outgoing_id=UUID(outgoing_id), actor=POST, at=now())


def subject(outgoing: Outgoing) -> str:
    """The line above an e-mail: of a dossier its code alone."""
    code = outgoing.notice.dossier_code
    return f"Hồ sơ {code} có cập nhật" if code else outgoing.notice.title


def letter(outgoing: Outgoing) -> str:
    """The words of the message. Of a dossier it says that there is news, and where to read it after logging in.

    What kind of matter it is, is nobody's business between here and there. Other notices name nobody: an e-mail brings
    their words, a telephone only that they are there.
    """
    notice = outgoing.notice
    link = f"\n{settings.PUBLIC_URL}{notice.url}" if notice.url else ""
    if notice.dossier_code:
        return f"Hồ sơ {notice.dossier_code} có cập nhật.{link}"
    return f"{notice.text if outgoing.channel == Channel.EMAIL else 'Ông/bà có thông báo mới.'}{link}"
