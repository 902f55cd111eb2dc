"""The desk: how much of the disk's rate of commits a receipt keeps, alone and with eight and sixteen writers.

Sixteen write as the web does: from as many processes as there are cores, in both offices. One process has one core for
all its threads, which bounds the eight.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from .__main__ import rate, tell
from .house import House

SECONDS, MANY = 6.0, 16


def file_one(desk: Any) -> UUID:
    """One birth, taken in at the desk: declaration, paper, receipt."""
    from tuphap.kernel.clock import localdate, now
    from tuphap.modules.one_stop_shop import operations
    from tuphap.sample import declarations
    from tuphap.sample.offices import RECEIVER

    at = now()
    office = desk.office(localdate(at))
    birth = _families().birth(localdate(at) - timedelta(days=1 + next(_days)))
    filed: Any = operations.file_at_counter(
        procedure_code="1.001193", receiving_unit_id=office.pk, resolving_unit_id=office.pk,
        answers=declarations.answers(birth, commune=office.admin_unit, on=localdate(at)),
        papers=declarations.papers(birth), actor=desk.actor(RECEIVER), at=at,
    )
    key: UUID = filed.pk
    return key


_days = itertools.cycle(range(55))  # so that few children of one day have mothers of one name
_made: list[Any] = []


def _families() -> Any:
    """Invented families, others in each process."""
    from tuphap.sample.families import Families

    if not _made:
        _made.append(Families(7 + os.getpid(), first=os.getpid() % 90 * 1000))
    return _made[0]


def measure(built: House) -> None:
    desk, cores = built.desks[0], os.cpu_count() or 1
    with psycopg.connect(built.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS bench_commits (id bigint)")
    with psycopg.connect(built.owner_url, autocommit=True) as raw:
        commits = rate(lambda: raw.execute("INSERT INTO bench_commits VALUES (1)"))
    tell("desk.receipts.one_writer", rate(lambda: file_one(desk)), "receipts/s", commits, "single-row commits/s",
         bound_by="the CPU of one process and of its connection's")
    tell(
        "desk.receipts.eight_writers_one_office", _together(lambda: file_one(desk)), "receipts/s",
        _together_raw(built.owner_url, 8), "single-row commits/s, eight connections",
        bound_by="one core: the eight are threads of one process",
    )
    tell(
        f"desk.receipts.{MANY}_writers_two_offices", _beside(built, MANY, cores), "receipts/s",
        _together_raw(built.owner_url, MANY), f"single-row commits/s, {MANY} connections",
        bound_by=f"{cores} cores, shared by {cores} processes of writers and by the database",
    )


def _together(work: Callable[[], object], *, writers: int = 8, seconds: float = SECONDS) -> float:
    """Rate of all writers together, threads of this process."""
    from django.db import connections

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


def _beside(built: House, writers: int, processes: int) -> float:
    """Rate of all writers together, in processes of their own that begin at one moment."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes)
    each = [(writers // processes + (n < writers % processes), n) for n in range(processes)]
    communes = [desk.commune for desk in built.desks]
    with context.Pool(processes, _wake, (ready,)) as pool:
        return sum(pool.starmap(_write, [(communes, threads) for threads, _ in each], chunksize=1))


_start: list[Any] = []


def _wake(ready: Any) -> None:
    import django

    django.setup()
    _start.append(ready)


def _write(communes: list[str], threads: int) -> float:
    """In a process of writers: so many threads, in turns for these offices."""
    desks = [_desk(commune) for commune in communes]
    turns = itertools.cycle(desks)
    file_one(desks[0])  # everything is imported
    _start[0].wait()
    return _together(lambda: file_one(next(turns)), writers=threads)


def _desk(commune: str) -> Any:
    """The desk of a commune, from its people."""
    from tuphap.sample.offices import POSTS, Desk
    from tuphap.shared.accounts.models import User
    from tuphap.shared.orgs import api as orgs
    from tuphap.shared.orgs.models import OrgUnit

    now = orgs.offices(kind=OrgUnit.Kind.COMMUNE, on=orgs.REFORM).get(admin_unit__code=commune)
    people = {post: User.objects.get(username__startswith=f"{post}.", username__endswith=f".{commune}")
              for post, *_ in POSTS}
    return Desk(commune=commune, before=None, now=now, people=people)


def _together_raw(url: str, writers: int) -> float:
    local = threading.local()

    def work() -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(url, autocommit=True)
        local.connection.execute("INSERT INTO bench_commits VALUES (1)")

    return _together(work, writers=writers)
