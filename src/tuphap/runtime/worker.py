"""The worker process: runs queued jobs, and takes up again those whose worker was killed over them."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from procrastinate import JobContext, PsycopgConnector
from procrastinate.connector import BaseAsyncConnector, BaseConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

if TYPE_CHECKING:
    from procrastinate.worker import Worker

HEARTBEAT = 3.0
STALLED_AFTER = 15.0  # no heartbeat for this long: that worker is dead, its jobs are taken up by another
SWEEP = 5.0
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # a database that is killed again while it recovers needs the last ones
TIMERS = "timers"  # the queue of what looks at the clock
FILLING_LOOK = 5.0

logger = logging.getLogger("tuphap.worker")
_ending = threading.Event()  # the worker ends: who waits for the database gives up, and the process can go


def connector() -> BaseAsyncConnector:
    """The worker's own connections, for fetching and ending jobs.

    What a job queues goes over Django's connection, in the transaction of the job's operation: nobody takes it up
    before that has committed, and with a transaction that is rolled back it was never queued.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    within = app.connector.get_sync_connector()

    class Connector(PsycopgConnector):
        def get_sync_connector(self) -> BaseConnector:
            return within

    # A worker that cannot reach the database ends soon, and whoever watches over it starts another.
    return Connector(kwargs=connector_params("default"), timeout=5.0, reconnect_timeout=5.0)


def again_after_the_database(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Run the job again when the database went away under it, whatever the job's own way of retrying is.

    A database that was killed is back within seconds, or within half a minute where it was killed again. One that stays
    away ends the whole worker, and the job is taken up from its heartbeat.
    """
    from django.db import InterfaceError, OperationalError

    for pause in PAUSES:
        try:
            return call_next()
        except (OperationalError, InterfaceError) as gone:
            logger.warning("%s lost the database and runs again in %s s: %s", context.task, pause, gone)
            if _ending.wait(pause):
                raise
    return call_next()


async def retry_stalled() -> int:
    """Put back in the queue every job whose worker no longer gives a sign of life; how many there were.

    Jobs are written so that a second run finds what the first has done, hence a worker that was only very slow
    does no harm. Where the same work waits in the queue already (a job of the clock, of which one waits at a time), the
    one left behind is over: to put it back beside the other is refused, and a worker that ended of it would be started
    into the same refusal again and again.
    """
    from procrastinate.contrib.django import app

    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        try:
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
        except UniqueViolation:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
            logger.warning("job %s (%s) was left behind by a dead worker; another of it waits", job.id, job.task_name)
        else:
            logger.warning("job %s (%s) was left behind by a dead worker and is taken up again", job.id, job.task_name)
    return len(stalled)


async def _sweep() -> None:
    while True:
        await asyncio.sleep(SWEEP)
        await retry_stalled()


def queues_now() -> list[str] | None:
    """The queues to take jobs from; None for all.

    While the sample is being filled its clock walks through last year, and a timer that looks at today's would cut into
    the stories: its queue waits until the sample is whole.
    """
    from django.conf import settings
    from procrastinate.contrib.django import app

    from tuphap.site import progress

    filling = progress.read(settings.ENVIRONMENT.home) if settings.SAMPLE_MODE else None
    if filling is None or filling.finished:
        return None
    return sorted({task.queue for task in app.tasks.values()} - {TIMERS})


async def _until_filled() -> None:
    """Return when the sample is whole and the timers' queue may be taken; never, where none is being filled."""
    limited = queues_now() is not None
    while not limited or queues_now() is not None:
        await asyncio.sleep(FILLING_LOOK)


async def work(*, concurrency: int) -> None:
    """Run jobs until told to stop, or until the sample is whole.

    Ends with an error when the database goes away, and is then started anew.
    """
    from procrastinate.contrib.django import app

    _ending.clear()
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=queues_now(),  # type: ignore[arg-type]  # None is every queue
                concurrency=concurrency, fetch_job_polling_interval=2.0, update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED_AFTER, shutdown_graceful_timeout=8.0, delete_jobs="successful",
                task_middleware=[again_after_the_database, *(app.worker_defaults.get("task_middleware") or ())],
            )
        )
        others = [asyncio.create_task(_sweep()), asyncio.create_task(_until_filled())]
        try:
            done, _ = await asyncio.wait({worker, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            _ending.set()
        for task in (*others, worker):
            task.cancel()
        for task in done:
            task.result()


def main() -> None:
    """Set Django up (which imports every app's tasks) and work."""
    import django

    from tuphap.kernel import heap

    with heap.reading():
        django.setup()
    from procrastinate.contrib.django import app

    with app.replace_connector(connector()):
        asyncio.run(work(concurrency=int(os.environ.get("TUPHAP_WORKER_JOBS", "2"))))


if __name__ == "__main__":
    main()
