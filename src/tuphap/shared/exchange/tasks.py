"""The exchange's work in the background: delivering, looking again, letting held messages through."""

from __future__ import annotations

from datetime import timedelta

from procrastinate import exceptions
from procrastinate.contrib.django import app

from tuphap.kernel.clock import now

from . import inbox, outbox
from .models import Lane

_MOST = 200  # lanes of one look, those first that have waited longest; the next look takes the rest


@app.task(name=outbox.DELIVER, queue="exchange", pass_context=False)
def deliver(*, lane_id: int) -> None:
    """Deliver what is due in one lane. Finds nothing to do where another job did it."""
    outbox.deliver(lane_id)


@app.task(name=inbox.RELEASE, queue="exchange", pass_context=False)
def release(*, stream_id: int) -> None:
    """Handle held messages whose turn has come."""
    inbox.release(stream_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="exchange.look", queue="exchange", queueing_lock="exchange.look", pass_context=False)
def look(timestamp: int = 0) -> int:
    """Take up what has come due: waits that are over, leases of dead workers, held messages that waited too long."""
    at = now()
    due = Lane.objects.filter(due_at__lt=at - timedelta(seconds=1)).order_by("due_at")
    lanes = list(due.values_list("pk", flat=True)[:_MOST])
    for lane_id in lanes:
        try:
            deliver.configure(queueing_lock=f"exchange-lane-{lane_id}").defer(lane_id=lane_id)
        except exceptions.AlreadyEnqueued:
            continue
    inbox.look(at)
    return len(lanes)
