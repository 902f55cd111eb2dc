"""A job whose worker was killed over it is taken up again; one whose worker lives is left alone."""

from __future__ import annotations

import asyncio
import os
import threading
from types import SimpleNamespace

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, connections, transaction
from procrastinate.contrib.django import app

from tuphap.runtime import worker


def _job(worker_id: int | None, *, status: str = "doing", only_one: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, status, worker_id, args, queue_name, queueing_lock) "
            "VALUES ('test.job', %s, %s, '{}', 'test', %s) RETURNING id", [status, worker_id, only_one],
        )
        return cursor.fetchone()[0]


def _worker(age_seconds: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [age_seconds],
        )
        return cursor.fetchone()[0]


def _status(job: int) -> tuple[str, int] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


async def _sweep() -> int:
    async with app.open_async():
        return await worker.retry_stalled()


@pytest.mark.django_db(transaction=True)
def test_only_the_dead_workers_jobs_are_taken_up_again() -> None:
    dead, alive = _worker(worker.STALLED_AFTER + 5), _worker(1)
    left, tended, orphan = _job(dead), _job(alive), _job(None)
    with app.replace_connector(worker.connector()):
        assert asyncio.run(_sweep()) == 2
    assert _status(left)[0] == "todo"
    assert _status(orphan)[0] == "todo"
    assert _status(tended)[0] == "doing"


@pytest.mark.django_db(transaction=True)
def test_what_waits_already_is_not_put_beside_itself_and_the_rest_goes_on() -> None:
    """A job of the clock, left behind while the next of its kind waits: the worker does not end of it."""
    dead = _worker(worker.STALLED_AFTER + 5)
    left, waiting = _job(dead, only_one="clock"), _job(None, status="todo", only_one="clock")
    other = _job(dead)
    with app.replace_connector(worker.connector()):
        assert asyncio.run(_sweep()) == 2
        assert asyncio.run(_sweep()) == 0
    assert _status(left) is None
    assert _status(waiting) == ("todo", 0)
    assert _status(other)[0] == "todo"


def _queued() -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.follows'"
    with psycopg.connect(os.environ["DATABASE_URL"]) as elsewhere:
        return elsewhere.execute(query).fetchone()[0]


def _queue_within(*, commits: bool) -> int:
    """Queue a job in a transaction, as a job's operation does; how many others saw before its end."""
    try:
        with transaction.atomic():
            app.configure_task("test.follows", queue="test").defer()
            seen = _queued()
            transaction.set_rollback(not commits)
        return seen
    finally:
        connections.close_all()


async def _within_a_job(*, commits: bool) -> int:
    async with app.open_async():
        return await sync_to_async(_queue_within, thread_sensitive=False)(commits=commits)


@pytest.mark.django_db(transaction=True)
def test_what_a_job_queues_stands_and_falls_with_its_transaction() -> None:
    with app.replace_connector(worker.connector()):
        assert asyncio.run(_within_a_job(commits=False)) == 0
        assert _queued() == 0
        assert asyncio.run(_within_a_job(commits=True)) == 0
        assert _queued() == 1


_tries: list[str] = []


@app.task(name="test.loses_its_database", queue="test")
def _loses_its_database() -> None:
    """A job that knows nothing of retrying; under its first run the connection is cut."""
    _tries.append("run")
    with connection.cursor() as cursor:
        if len(_tries) == 1:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        cursor.execute("SELECT 1")
    connection.close()  # the thread's own, which ends with the test


async def _work_off() -> None:
    async with app.open_async():
        defaults = app.worker_defaults.get("task_middleware") or ()
        await app.run_worker_async(
            queues=["test"], wait=False, install_signal_handlers=False, delete_jobs="successful",
            task_middleware=[worker.again_after_the_database, *defaults],
        )


@pytest.mark.django_db(transaction=True)
def test_a_job_that_lost_its_database_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSES", (0.0,))
    _tries.clear()
    job = _loses_its_database.defer()
    with app.replace_connector(worker.connector()):
        asyncio.run(_work_off())
    assert _tries == ["run", "run"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone() == (0,)


def test_who_waits_for_the_database_gives_up_when_the_worker_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ending, tries = threading.Event(), []
    monkeypatch.setattr(worker, "_ending", ending)
    monkeypatch.setattr(worker, "PAUSES", (300.0,))  # far beyond the test's own patience

    def run() -> None:
        tries.append("run")
        raise OperationalError("gone")

    def wait() -> None:
        with pytest.raises(OperationalError):
            worker.again_after_the_database(run, SimpleNamespace(task="a job"), None)  # type: ignore[arg-type]

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    ending.set()
    waiting.join(timeout=30)
    assert not waiting.is_alive()
    assert tries == ["run"]
