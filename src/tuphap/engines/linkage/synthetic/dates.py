"""Dates of birth as books have them: partial, lunar, swapped, misread, in eight ways of writing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.vietnamese.lunar import to_lunar

from .damage import Flags
from .rates import DateRates

_Numbers = NDArray[np.int64]
_FORMATS = ("{dd}/{mm}/{yyyy}", "{yyyy}-{mm}-{dd}", "{d}-{m}-{yyyy}", "{dd}/{mm}/{yy}", "ngày {d} tháng {m} năm {yyyy}")
_FORMAT_SHARES = (0.8, 0.069, 0.079, 0.02, 0.032)
_YEAR_FORMATS = ("{yyyy}", "sinh năm {yyyy}", "00/00/{yyyy}")
_YEAR_SHARES = (0.6, 0.26, 0.14)


@dataclass(slots=True)
class Dates:
    """Columns of numbers, one row a date."""

    day: _Numbers
    month: _Numbers
    year: _Numbers

    @classmethod
    def of_days(cls, days: NDArray[np.int32]) -> Dates:
        """Of days since 1970-01-01."""
        whole = days.astype("datetime64[D]")
        months = whole.astype("datetime64[M]")
        years = months.astype("datetime64[Y]")
        return cls((whole - months).astype(np.int64) + 1, (months - years).astype(np.int64) + 1,
                   years.astype(np.int64) + 1970)

    def put(self, rows: _Numbers | Flags, other: Dates) -> None:
        self.day[rows], self.month[rows], self.year[rows] = other.day, other.month, other.year

    def take(self, rows: _Numbers) -> Dates:
        return Dates(self.day[rows], self.month[rows], self.year[rows])


def write_dates(
    rng: np.random.Generator, born: NDArray[np.int32], rates: DateRates, *, year_only: NDArray[np.float64],
) -> tuple[pl.Series, dict[str, Flags]]:
    """How each day of birth is written, null where it is not; which rows were damaged how.

    ``year_only``: each row's chance that only the year is known.
    """
    count, dates = len(born), Dates.of_days(born)

    def chosen(rate: NDArray[np.float64] | float) -> Flags:
        return rng.random(count) < rate

    lunar = chosen(rates.lunar * np.where(dates.year < 1960, 3.0, 1.0))
    done = {"dob:lunar": lunar, "dob:year": chosen(rates.year), "dob:swap": chosen(rates.swap) & (dates.day <= 12),
            "dob:digit": chosen(rates.digit), "dob:first_of_january": chosen(rates.first_of_january),
            "dob:year_only": chosen(year_only), "dob:month_year": chosen(rates.month_year),
            "dob:missing": chosen(rates.missing)}
    done["dob:month_year"] &= ~done["dob:year_only"]
    done["dob:digit"] &= ~done["dob:year_only"]
    dates.put(lunar, _lunar(born[lunar]))
    off = np.flatnonzero(done["dob:year"])
    dates.year[off] += rng.choice([-2, -1, 1, 2], len(off), p=[0.2, 0.3, 0.3, 0.2])
    done["dob:swap"] &= (dates.day <= 12) & (dates.day != dates.month)
    swap = done["dob:swap"]
    dates.day[swap], dates.month[swap] = dates.month[swap], dates.day[swap]
    first = done["dob:first_of_january"]
    dates.day[first] = dates.month[first] = 1
    _misread(rng, dates, np.flatnonzero(done["dob:digit"]))
    return _written(rng, dates, done), done


def _misread(rng: np.random.Generator, dates: Dates, rows: _Numbers) -> None:
    """Another digit in the place of one of the eight."""
    at, by = rng.integers(0, 8, len(rows)), rng.integers(1, 10, len(rows))
    for column, first, digits in ((dates.day, 0, 2), (dates.month, 2, 2), (dates.year, 4, 4)):
        for place in range(digits):
            these, unit = at == first + place, 10 ** (digits - 1 - place)
            old = column[rows[these]] // unit % 10
            column[rows[these]] += ((old + by[these]) % 10 - old) * unit


def _written(rng: np.random.Generator, dates: Dates, done: dict[str, Flags]) -> pl.Series:
    count = len(dates.day)
    form = rng.choice(len(_FORMATS), count, p=_FORMAT_SHARES)
    # A clerk who writes two digits of the year does not do so for another century.
    form[(form == 3) & ((dates.year < 1930) | (dates.year > 2025))] = 0
    form[done["dob:month_year"]] = len(_FORMATS)
    years = np.flatnonzero(done["dob:year_only"])
    form[years] = len(_FORMATS) + 1 + rng.choice(len(_YEAR_FORMATS), len(years), p=_YEAR_SHARES)
    form[done["dob:missing"]] = NOT_WRITTEN
    return spell_dates(dates, form)


NOT_WRITTEN = -1
FULL, MONTH_YEAR, YEAR = 0, len(_FORMATS), len(_FORMATS) + 1
_ALL_FORMATS = (*_FORMATS, "{mm}/{yyyy}", *_YEAR_FORMATS)


def spell_dates(dates: Dates, form: _Numbers) -> pl.Series:
    """Each date in its form, by number; null for ``NOT_WRITTEN``."""
    frame = pl.DataFrame({"d": dates.day, "m": dates.month, "y": dates.year, "form": form})
    padded = {name: pl.col(name).cast(pl.String).str.zfill(2) for name in "dm"}
    pieces = {"d": pl.col("d").cast(pl.String), "m": pl.col("m").cast(pl.String), "dd": padded["d"],
              "mm": padded["m"], "yyyy": pl.col("y").cast(pl.String).str.zfill(4),
              "yy": (pl.col("y") % 100).cast(pl.String).str.zfill(2)}
    parts = []
    for number, text in enumerate(_ALL_FORMATS):
        names = [piece.split("}")[0] for piece in text.split("{")[1:]]
        pattern = text
        for name in names:
            pattern = pattern.replace(f"{{{name}}}", "{}")
        rows = frame.with_row_index().filter(pl.col("form") == number)
        parts.append(rows.select("index", text=pl.format(pattern, *(pieces[name] for name in names))))
    written = pl.concat(parts)
    return frame.select(index=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
        written, on="index", how="left", maintain_order="left")["text"]


def _lunar(days: NDArray[np.int32]) -> Dates:
    """The days in the lunar calendar; a leap month bears the number of the one before."""
    found, at = np.unique(days, return_inverse=True)
    known = [to_lunar(day) for day in found.astype("datetime64[D]").tolist()]
    columns = np.array([(day.day, day.month, day.year) for day in known], np.int64).reshape(-1, 3)[at].T
    return Dates(*columns)
