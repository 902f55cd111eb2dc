"""For tests: preparations, which are no operations, and the queue, worked off at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from procrastinate.contrib.django import app

from . import frame


@contextmanager
def setting_up() -> Iterator[None]:
    """Let a test write rows directly within the block; operations called inside behave as they always do."""
    with frame.writing_freely():
        yield


def run_jobs(*queues: str) -> None:
    """Let a real worker do what is queued (in ``queues``, or everywhere) and come back when nothing is left to do now.

    Only in a test that commits (``django_db(transaction=True)``): the worker has connections of its own.
    """
    worker: Any = app.connector
    with app.replace_connector(worker.get_worker_connector()) as working:
        working.run_worker(
            wait=False, queues=list(queues) or None, install_signal_handlers=False, listen_notify=False, concurrency=1
        )
