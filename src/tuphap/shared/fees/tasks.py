"""What the fees do by themselves: ask the gateway about orders that wait, and about the day before."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from tuphap.kernel.clock import localdate, now

from . import gateway, ledger


@app.periodic(cron="*/2 * * * *")
@app.task(name="fees.reconcile", queue="timers", queueing_lock="fees.reconcile")
def reconcile(timestamp: int = 0) -> int:
    """Enter payments of waiting orders whose call has not come."""
    at = now()
    return gateway.ask_about(gateway.waiting_orders(at), actor=ledger.PAYMENTS, at=at) or 0


@app.periodic(cron="15 5 * * *")
@app.task(name="fees.reconcile_day", queue="timers", queueing_lock="fees.reconcile_day")
def reconcile_day(timestamp: int = 0) -> int:
    """Enter what came the day before and nobody told us of, also what fits no order."""
    at = now()
    return gateway.ask_about_day(localdate(at) - timedelta(days=1), actor=ledger.PAYMENTS, at=at) or 0
