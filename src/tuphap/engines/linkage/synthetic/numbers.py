"""Identity numbers: the twelve digits that everybody has, the nine of old, and what is copied wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .damage import Flags
from .people import People
from .rates import NumberRates

NINE_UNTIL = 2003  # nobody born later was given nine digits
_PROVINCE_CODES = np.setdiff1d(np.arange(1, 97), [3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53,
                                                  55, 57, 59, 61, 63, 65, 69, 71, 73, 76, 78, 81, 85, 88, 90])
_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Each person's numbers, as integers; ``nine_now`` are the nine digits after a re-issue. 0: none."""

    twelve: _Numbers
    nine: _Numbers
    nine_now: _Numbers


def make_numbers(
    rng: np.random.Generator, people: People, rates: NumberRates, *, away: Flags,
) -> Numbers:
    """Numbers for everybody: province of birth, century and sex, year, six digits; and province and seven digits.

    ``away``: who was born in another province.
    """
    count = len(people)
    here, prefix = int(rng.choice(_PROVINCE_CODES)), int(rng.integers(10, 38))
    province = np.where(away, rng.choice(_PROVINCE_CODES, count), here)
    year = people.year.astype(np.int64)
    century = (year // 100 - 19) * 2 + people.woman
    century[year < 1900] = people.woman[year < 1900]
    twelve = _followed((province * 10 + century) * 100 + year % 100, rng, digits=6)

    def nine() -> _Numbers:
        start = np.where(rng.random(count) < 0.75, prefix, 2)
        return np.where(year <= NINE_UNTIL, _followed(start, rng, digits=7), 0)

    first = nine()
    now = np.where(rng.random(count) < rates.reissued, nine(), first)
    shared = np.flatnonzero((rng.random(count) < rates.shared) & (now > 0))[1:]
    now[shared] = first[shared] = now[shared - 1]
    return Numbers(twelve, first, now)


def _followed(starts: _Numbers, rng: np.random.Generator, *, digits: int) -> _Numbers:
    """Each start with so many digits behind it, no number twice as long as there are enough of them."""
    _, group, sizes = np.unique(starts, return_inverse=True, return_counts=True)
    order = np.lexsort((rng.random(len(starts)), group))
    rank = np.empty(len(starts), np.int64)
    rank[order] = np.arange(len(starts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # A step without a factor in common with ten comes by every number before it comes by one again.
    span = 10 ** digits
    step, first = rng.integers(span // 100, span // 10, len(sizes)) * 10 + 7, rng.integers(0, span, len(sizes))
    followed: _Numbers = starts * span + (first[group] + rank * step[group]) % span
    return followed


def spell_numbers(
    rng: np.random.Generator, numbers: _Numbers, digits: _Numbers, *, zero_lost: float, faults: float,
) -> tuple[pl.Series, Flags]:
    """The numbers as text, null for 0, and which were copied wrongly: a digit, two in wrong order, zeros left out."""
    count, numbers = len(numbers), numbers.copy()
    wrong = (rng.random(count) < faults) & (numbers > 0)
    how, at, by = rng.random(count), rng.integers(0, 8, count), rng.integers(1, 10, count)
    unit = 10 ** at
    low, high = numbers // unit % 10, numbers // (unit * 10) % 10
    swapped = numbers + (low - high) * unit * 10 + (high - low) * unit
    other = numbers + ((low + by) % 10 - low) * unit
    numbers = np.where(wrong & (how < 0.3), swapped, np.where(wrong & (how < 0.92), other, numbers))
    frame = pl.DataFrame({"number": numbers, "digits": digits})
    text = frame.select(
        pl.when(pl.col("number") > 0).then(pl.col("number").cast(pl.String)
                                           .str.pad_start(12, "0").str.slice(12 - pl.col("digits"))),
    ).to_series()
    leading = text.str.starts_with("0").fill_null(value=False).to_numpy()
    lost = leading & (rng.random(count) < zero_lost)
    doubled = wrong & (how >= 0.92)
    text = pl.DataFrame({"text": text, "lost": lost, "doubled": doubled, "at": at}).select(
        pl.when("lost").then(pl.col("text").str.strip_chars_start("0"))
        .when("doubled").then(pl.col("text").str.slice(0, pl.col("at") + 1) + pl.col("text").str.slice(pl.col("at")))
        .otherwise("text"),
    ).to_series()
    return text, wrong | lost
