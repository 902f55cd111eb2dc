"""Loading a file chunk by chunk: the next chunk is read while the last one is being written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.accounts.api import actor_for

from . import offices, operations, reading, rules, sources
from .loading import Chunk
from .models import Batch
from .rules import Shape

Tell = Callable[[Batch], None]


def reader_of(batch: Batch, *, actor: Actor, at: datetime) -> reading.Reader:
    """By what the rows of this file are understood: the same from its first chunk to its last."""
    day = localdate(batch.started_at or at)
    plan = reading.Plan(batch.kind, batch.columns, day, Shape(batch.shape), batch.office_code)
    return reading.Reader(plan, offices.table(actor, on=localdate(at)))


def actor_of(batch_id: UUID, *, otherwise: Actor) -> Actor:
    """The person who chose the file, in whose name it is loaded; the platform where its own command chose it."""
    by = Batch.objects.select_related("by").get(pk=batch_id).by
    return actor_for(by) if by is not None else otherwise


def source_of(batch: Batch, folder: Path) -> sources.Source:
    """:raises rules.SourceGone: its chunks lie here no longer."""
    found = sources.find(folder, batch.sha256)
    if found is None or found.chunk != batch.chunk:
        raise rules.SourceGone()
    return found


def run(
    batch_id: UUID, *, folder: Path, actor: Actor, tell: Tell = lambda batch: None, seconds: float | None = None
) -> Batch:
    """Load what is left of a running file; answers how it then stands.

    :param seconds: for how long, at least one chunk; None: to its end.
    :raises rules.SourceGone: its chunks lie here no longer.
    :raises rules.SomebodyElse, rules.WrongBatchState: another process loads it, or it was paused meanwhile.
    """
    batch, started = Batch.objects.select_related("unit").get(pk=batch_id), time.monotonic()
    if not batch.is_running:
        return batch
    source = source_of(batch, folder)
    reader = reader_of(batch, actor=actor, at=now())
    for chunk in _chunks(source, reader, folder, first=batch.done):
        batch = operations.load(batch_id=batch.pk, chunk=chunk, actor=actor, at=now())
        tell(batch)
        if seconds is not None and time.monotonic() - started > seconds:
            break
    return batch


def _chunks(source: sources.Source, reader: reading.Reader, folder: Path, *, first: int) -> Iterator[Chunk]:
    """The chunks from this one on, each read while the one before is being written."""
    of = {path: header for header, path in reader.plan.columns.items()}

    def read(number: int) -> Chunk:
        rows = sources.chunk_of(folder, source, number)
        return Chunk(number, rows, reader.read(rows), of)

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(read, first) if first < source.chunks else None
        for number in range(first, source.chunks):
            assert waiting is not None
            chunk = waiting.result()
            waiting = beside.submit(read, number + 1) if number + 1 < source.chunks else None
            yield chunk
