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
from .pairs import Pairs
from .rules import Shape

Tell = Callable[[Batch], None]


class Rows:
    """The chunks of a file as they are understood: the same from the first to the last, whoever reads them when.

    :raises rules.SourceGone: its chunks lie here no longer.
    """

    def __init__(self, batch: Batch, folder: Path, *, actor: Actor, at: datetime) -> None:
        self.folder, self.source = folder, source_of(batch, folder)
        self.pairs = Pairs(folder, self.source, batch.columns) if batch.shape == Shape.PERSON else None
        columns = batch.columns if self.pairs is None else self.pairs.wide
        plan = reading.Plan(batch.kind, columns, localdate(batch.started_at or at), office=batch.office_code)
        self.reader = reading.Reader(plan, offices.table(actor, on=localdate(at)))
        self._of = {path: header for header, path in columns.items()}

    def chunk(self, number: int, *, most: int | None = None) -> Chunk:
        """The chunk of this number, or its first rows alone."""
        rows = (sources.chunk_of(self.folder, self.source, number) if self.pairs is None
                else self.pairs.chunk(number)).head(most or self.source.chunk)
        return Chunk(number, rows.drop(reading.ALONE, strict=False), self.reader.read(rows), self._of)


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
    for chunk in _chunks(Rows(batch, folder, actor=actor, at=now()), first=batch.done, last=batch.chunks):
        batch = operations.load(batch_id=batch.pk, chunk=chunk, actor=actor, at=now())
        tell(batch)
        if seconds is not None and time.monotonic() - started > seconds:
            break
    return batch


def _chunks(rows: Rows, *, first: int, last: int) -> Iterator[Chunk]:
    """The chunks from this one on, each read while the one before is being written."""
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(rows.chunk, first) if first < last else None
        for number in range(first, last):
            assert waiting is not None
            chunk = waiting.result()
            waiting = beside.submit(rows.chunk, number + 1) if number + 1 < last else None
            yield chunk
