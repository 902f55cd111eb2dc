"""For tests: the queue, worked off at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import connection
from procrastinate.contrib.django import app


def run_jobs(*queues: str) -> None:
    """Let a real worker do what is queued (in ``queues``, or everywhere) and come back when nothing is left to do now.

    Only in a test that commits (``django_db(transaction=True)``): the worker has connections of its own, closed after
    each job. It is another app than ours: what jobs, and servers in other threads, put into the queue meanwhile goes
    in by Django's connections, not by the worker's, which belong to its event loop.
    """
    queued: Any = app.connector
    with patch.dict(connection.settings_dict, {"CONN_MAX_AGE": 0}):
        app.with_connector(queued.get_worker_connector()).run_worker(
            wait=False, queues=list(queues) or None, install_signal_handlers=False, listen_notify=False, concurrency=1
        )
