"""A province's registers and its population database, and the truth about who is who in them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import polars as pl

from .civil import CivilWriter
from .entries import make_entries
from .naming import Namer, name_vocabulary
from .numbers import make_numbers
from .people import NOBODY, living_share, make_people
from .places import make_province
from .population import PopulationWriter, choose_population
from .rates import Rates

# Of the people that are made, shares: born since the books begin, alive by then; weddings, deaths in the books' years.
_SINCE_BOOKS, _BEFORE_BOOKS, _WEDDINGS, _DEATHS = 0.56, 0.3, 0.2, 0.12
PART = 200_000  # rows in memory at a time
_Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """What was made: rows of each table."""

    civil: int
    population: int
    communes: int
    people: int


def generate(
    out: Path, *, civil: int, population: int, seed: int, rates: Rates | None = None, tell: _Tell | None = None,
) -> Sample:
    """Write ``civil``, ``pop``, ``communes`` and ``truth`` as parquet files into the folder ``out``.

    People live in families over generations; they are entered in books at birth, marriage and death, books are keyed
    and damaged at the given rates. The same arguments give the same files. ``tell`` hears of each table's progress:
    its name, rows done, rows in all. Needs about 1.5 GB for 2.6 million entries.

    :raises ValueError: fewer than 100 rows asked for on either side.
    """
    if min(civil, population) < 100:
        raise ValueError("at least 100 rows on both sides")
    rates = rates or Rates()
    out.mkdir(parents=True, exist_ok=True)
    whole, names, numbers, chosen, entering, *parts = np.random.SeedSequence(seed).spawn(7)
    rng = np.random.default_rng(whole)
    province = make_province(rng, rows=civil)
    vocabulary = name_vocabulary()
    namer = Namer(vocabulary, rates.people)
    people = make_people(np.random.default_rng(names), count=_needed(civil, population, rates),
                         province=province, namer=namer, rates=rates.people)
    away = rng.random(len(people)) < rates.people.born_away
    born_at = np.where(away, rng.integers(province.others, len(province.texts), len(people)), people.home)
    known = make_numbers(np.random.default_rng(numbers), people, rates.numbers, away=away)
    inside = choose_population(np.random.default_rng(chosen), people, count=population, rates=rates)
    pop_of = np.full(len(people), NOBODY, np.int64)
    pop_of[inside] = np.arange(len(inside))
    places = province.table()
    entries = make_entries(np.random.default_rng(entering), people, province, count=civil, rates=rates.entries,
                           books=rates.books, away=away)
    province.communes.write_parquet(out / "communes.parquet")
    clerk = CivilWriter(people, known, province, vocabulary, namer, rates, pop_of, born_at, places)
    police = PopulationWriter(people, known, province, vocabulary, namer, rates, born_at, places)

    def civil_parts() -> Iterator[tuple[pl.DataFrame, ...]]:
        for start, rng in _parts(parts[0], len(entries)):
            yield clerk.frames(rng, entries.part(slice(start, start + PART)), start=start)

    def population_parts() -> Iterator[tuple[pl.DataFrame, ...]]:
        for start, rng in _parts(parts[1], len(inside)):
            yield (police.frame(rng, inside[start:start + PART], start=start),)

    _write(out, ("pop",), population_parts(), rows=len(inside), tell=tell)
    _write(out, ("civil", "truth"), civil_parts(), rows=len(entries), tell=tell)
    return Sample(len(entries), len(inside), province.size, len(people))


def _needed(civil: int, population: int, rates: Rates) -> int:
    """How many people must have lived for that many to be in the database and in the books."""
    living, entries = living_share(), rates.entries
    first = civil * (1 - entries.repeated)
    return ceil(max(
        population / (living * (1 - entries.absent) + (1 - living) * 0.5 * entries.dead_kept),
        first * (1 - entries.marriages - entries.deaths) / (1 - rates.people.born_away)
        / (_SINCE_BOOKS + _BEFORE_BOOKS * entries.before_books),
        first * entries.marriages / 2 / _WEDDINGS,
        first * entries.deaths / _DEATHS,
    ))


def _parts(seed: np.random.SeedSequence, rows: int) -> Iterator[tuple[int, np.random.Generator]]:
    for part, child in enumerate(seed.spawn(ceil(rows / PART))):
        yield part * PART, np.random.default_rng(child)


def _write(
    out: Path, names: tuple[str, ...], parts: Iterable[tuple[pl.DataFrame, ...]], *, rows: int, tell: _Tell | None,
) -> None:
    """Each part into files of its own, then those into one: no more than a part is ever held."""
    with tempfile.TemporaryDirectory(dir=out, prefix=".parts-") as folder:
        done = 0
        for number, frames in enumerate(parts):
            for name, frame in zip(names, frames, strict=True):
                frame.write_parquet(Path(folder) / f"{name}-{number:04}.parquet")
            done += frames[0].height
            if tell:
                tell(names[0], done, rows)
        for name in names:
            pl.scan_parquet(Path(folder) / f"{name}-*.parquet").sink_parquet(out / f"{name}.parquet")
