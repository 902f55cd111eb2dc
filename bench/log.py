"""The log: linking entries, and reading the chain again."""

from __future__ import annotations

import time

from django.db import connection

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.audit import api as audit
from tuphap.shared.audit import chain
from tuphap.shared.operation.api import operation

from .__main__ import tell
from .house import House

ENTRIES = 20_000


@operation
def _write_many(*, actor: object, at: object, count: int) -> None:
    for number in range(count):
        audit.record("bench.entry", subject=None, actor=actor, at=at, number=number)  # type: ignore[arg-type]


def measure(built: House) -> None:
    chain.sequence(wait=True)
    _write_many(actor=system_actor("bench"), at=now(), count=ENTRIES)
    reading = _seconds(_read_all)
    tell("log.link", ENTRIES / _seconds(lambda: chain.sequence(wait=True)), "entries/s", ENTRIES / reading,
         "entries/s read by one plain query")
    tell("log.verify", ENTRIES / _seconds(chain.verify), "entries/s", ENTRIES / reading,
         "entries/s read by one plain query")


def _read_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_entry")
        cursor.fetchall()


def _seconds(work: object) -> float:
    start = time.monotonic()
    work()  # type: ignore[operator]
    return time.monotonic() - start
