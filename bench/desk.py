"""The desk: how much of the disk's rate of commits a receipt keeps, alone and with eight writers in one office."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

from tuphap.kernel.clock import localdate, now
from tuphap.modules.one_stop_shop import operations
from tuphap.sample import declarations
from tuphap.sample.families import Families
from tuphap.sample.offices import RECEIVER, Desk

from .__main__ import rate, tell
from .house import House

_families = Families(7)


def file_one(desk: Desk) -> UUID:
    """One birth, taken in at the desk: declaration, paper, receipt."""
    at = now()
    office = desk.office(localdate(at))
    birth = _families.birth(localdate(at) - timedelta(days=9))
    filed: Any = operations.file_at_counter(
        procedure_code="1.001193", receiving_unit_id=office.pk, resolving_unit_id=office.pk,
        answers=declarations.answers(birth, commune=office.admin_unit, on=localdate(at)),
        papers=declarations.papers(birth), actor=desk.actor(RECEIVER), at=at,
    )
    key: UUID = filed.pk
    return key


def measure(built: House) -> None:
    desk = built.desks[0]
    with psycopg.connect(built.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_commits (id bigint)")
    with psycopg.connect(built.owner_url, autocommit=True) as raw:
        commits = rate(lambda: raw.execute("INSERT INTO bench_commits VALUES (1)"))
    tell("desk.receipts.one_writer", rate(lambda: file_one(desk)), "receipts/s", commits, "single-row commits/s")
    tell(
        "desk.receipts.eight_writers_one_office", _together(lambda: file_one(desk)), "receipts/s",
        _together_raw(built.owner_url), "single-row commits/s, eight connections",
    )


def _together(work: Any, *, writers: int = 8, seconds: float = 6.0) -> float:
    """Rate of all writers together."""
    count, ends = itertools.count(), time.monotonic() + seconds

    def write() -> None:
        while time.monotonic() < ends:
            work()
            next(count)
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(count) / seconds


def _together_raw(url: str) -> float:
    local = threading.local()

    def work() -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(url, autocommit=True)
        local.connection.execute("INSERT INTO bench_commits VALUES (1)")

    return _together(work)
