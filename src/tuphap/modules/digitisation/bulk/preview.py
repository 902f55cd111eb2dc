"""What would come of a file: its first rows understood and checked, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tuphap.kernel.actor import Actor

from . import columns as places
from . import rules
from .models import Batch
from .rules import Found, Shape

SHOWN = 20  # faulty rows
SAMPLES = 3  # cells of a column


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How many of the rows have a fault. ``blocks``: they would be set aside."""

    words: str
    rows: int
    blocks: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What the first rows of a file come to. What the database holds is looked at only when they are loaded."""

    rows: int
    aside: int
    faults: tuple[FaultCount, ...]
    examples: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def sound(self) -> int:
        return self.rows - self.aside


def check(batch: Batch, folder: Path, *, actor: Actor, at: datetime) -> Checked:
    """Read and check the first rows.

    :raises rules.SourceGone: the file lies here no longer.
    """
    import polars as pl

    from . import reading, running, sources

    read = running.Rows(batch, folder, actor=actor, at=at).chunk(0, most=rules.PREVIEW).read
    read = read.filter(~pl.col(reading.SKIPPED))
    faulty = read.filter(pl.col(reading.FAULTS_FOUND).is_not_null()).sort(
        ~pl.col(reading.BLOCKED), sources.ROW).select(sources.ROW, reading.FAULTS_FOUND)
    counted: dict[tuple[bool, str], int] = {}
    for found in faulty[reading.FAULTS_FOUND].to_list():
        for one in {(fault["blocks"], _words(fault)) for fault in found}:
            counted[one] = counted.get(one, 0) + 1
    return Checked(
        rows=read.height, aside=int(read[reading.BLOCKED].sum()),
        faults=tuple(FaultCount(words, rows, blocks) for (blocks, words), rows in sorted(
            counted.items(), key=lambda one: (not one[0][0], -one[1], one[0][1]))),
        examples=tuple((row, tuple(map(rules.message, found))) for row, found in faulty.head(SHOWN).iter_rows()),
    )


def _words(fault: Found) -> str:
    """The kind of a fault, of whichever row."""
    title = fault["title"][:1].upper() + fault["title"][1:]
    return f"{title}: {rules.FAULT_TITLES[rules.Fault(fault['code'])]}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file on the page where it is met: a few of its cells, and what it stands for."""

    header: str
    samples: tuple[str, ...]
    path: str


def columns_of(batch: Batch, folder: Path) -> list[Column]:
    """The columns of a file with cells of its first rows.

    :raises rules.SourceGone: the file lies here no longer.
    """
    from . import running, sources

    rows = sources.chunk_of(folder, running.source_of(batch, folder), 0).head(200)
    return [
        Column(header, tuple(rows[header].drop_nulls().unique(maintain_order=True).head(SAMPLES).to_list()),
               batch.columns.get(header, ""))
        for header in batch.headers
    ]


def targets_of(batch: Batch) -> list[tuple[str, str]]:
    """The places that a column of this file may stand for, as choices."""
    return [(target.path, target.title) for target in places.targets(batch.kind, Shape(batch.shape))]
