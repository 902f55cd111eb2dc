"""What was kept aside for a form goes by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuphap.kernel.clock import now

from .holding import drop_old


@app.periodic(cron="25 * * * *")
@app.task(name="files.drop_old", queue="timers", queueing_lock="files.drop_old")
def drop_held(timestamp: int = 0) -> int:
    """Remove files whose form never came again."""
    return drop_old(at=now())
