"""Both sides as arrays: what the comparison of a pair reads, by row number."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.vietnamese.lunar import to_lunar

from .syllables import SLOTS, Names, Syllables, number

ROLES = ("name", "father", "mother")

_NAMED = [("words", "i4", (3, SLOTS)), ("length", "i1", 3)]
_SHARED = [
    ("year", "i2"), ("month", "i1"), ("day", "i1"), ("sex", "i1"), ("birth_then", "i4"), ("birth_now", "i4"),
    ("home_then", "i4"), ("home_now", "i4"),
]
ENTRY = np.dtype([
    *_NAMED, *_SHARED, ("number", "i8"), ("office_then", "i4"), ("office_now", "i4"), ("kind", "i1"),
], align=True)
"""An entry. ``words``: numbers of the syllables of the three roles."""
PERSON = np.dtype([
    *_NAMED, *_SHARED, ("personal_number", "i8"), ("old_number", "i8"),
    ("lunar_year", "i2"), ("lunar_month", "i1"), ("lunar_day", "i1"),  # of the day of birth; zeros: not known whole
    ("often", "f4", (3, 6)),  # in how many persons each role's name has the same part (see OFTEN)
    ("share_year", "f4"), ("share_birth", "f4"), ("share_home", "f4"),  # of all, who share year, birthplace, home
], align=True)
"""A person. What a comparison reads stands together, for persons are met in no order: one look into memory, not
thirty."""
Entries = NDArray[np.void]
Persons = NDArray[np.void]


class Sides(NamedTuple):
    """What a comparison needs."""

    civil: Entries
    population: Persons
    syllables: Syllables
    size: float  # how many persons the population has; of a part of it, still of the whole


OFTEN = ("surname", "given", "surname_given", "sound", "folded", "exact")
"""What of a name is counted: its parts by sound, the whole by sound, without marks, as written."""
SHARES = (("share_year", "year"), ("share_birth", "birth_now"), ("share_home", "home_now"))


def build(civil: pl.DataFrame, population: pl.DataFrame, *, without: frozenset[str] = frozenset()) -> Sides:
    """Both sides whole.

    :param civil: of :func:`tidy.civil`. :param population: of :func:`tidy.population`.
    :param without: parts left out, to measure what they are worth: sounds (``phonetic``), ``frequencies``.
    """
    syllables, names = number([side[role] for side in (civil, population) for role in ROLES])
    if "phonetic" in without:
        syllables["sound"] = syllables["folded"]
    persons = _filled(population, names[3:], PERSON)
    _count(persons, syllables, evenly="frequencies" in without)
    return Sides(_filled(civil, names[:3], ENTRY), persons, syllables, float(len(population)))


def build_counted(civil: pl.DataFrame, population: pl.DataFrame, size: float, *, without: frozenset[str]) -> Sides:
    """Some rows of both sides, of which ``often`` and the shares were counted over the whole already."""
    syllables, names = number([side[role] for side in (civil, population) for role in ROLES])
    if "phonetic" in without:
        syllables["sound"] = syllables["folded"]
    return Sides(_filled(civil, names[:3], ENTRY), _filled(population, names[3:], PERSON), syllables, size)


def _filled(frame: pl.DataFrame, names: list[Names], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    rows = np.zeros(len(frame), dtype)
    for role, column in enumerate(names):
        rows["words"][:, role], rows["length"][:, role] = column
    for name in dtype.names or ():
        if name in frame.columns and name != "often":
            rows[name] = frame[name].to_numpy()
    if "often" in frame.columns and len(frame):
        rows["often"] = frame["often"].list.to_array(18).to_numpy().reshape(-1, 3, 6)
    if dtype is PERSON:
        rows["lunar_year"], rows["lunar_month"], rows["lunar_day"] = _lunar(rows["year"], rows["month"], rows["day"])
    return rows


def _count(persons: Persons, syllables: Syllables, *, evenly: bool) -> None:
    for role in range(len(ROLES)):
        keys = part_keys(persons, role, syllables)
        named = max(float((persons["length"][:, role] > 0).mean()), 1e-9)
        for part, key in enumerate(keys):
            persons["often"][:, role, part] = counts(key) / named
    if evenly:  # every name as frequent as names are on the average
        persons["often"] = persons["often"].mean(axis=0)
    for share, of in SHARES:
        persons[share] = counts(persons[of]) / max(len(persons), 1)


def part_keys(persons: Persons, role: int, syllables: Syllables) -> list[NDArray[np.int64]]:
    """The keys of a role's names by which they are counted, in the order of :data:`OFTEN`."""
    from .keys import name_keys  # keys read arrays

    keys = name_keys(persons["words"][:, role], persons["length"][:, role], syllables)
    return [getattr(keys, part) for part in OFTEN]


def counts(keys: NDArray[Any]) -> NDArray[np.float64]:
    """How often each row's key occurs."""
    frame = pl.DataFrame({"key": np.ascontiguousarray(keys)})
    return frame.select(pl.len().over("key").cast(pl.Float64)).to_series().to_numpy()


def _lunar(year: NDArray[Any], month: NDArray[Any], day: NDArray[Any]) -> tuple[NDArray[np.int16], ...]:
    """The days by the lunar calendar, zeros where the day is not known whole."""
    days = year.astype(np.int64) * 10_000 + month.astype(np.int64) * 100 + day
    unique, back = np.unique(days, return_inverse=True)
    table = np.zeros((len(unique), 3), np.int16)
    for i, value in enumerate(unique.tolist()):
        try:
            found = to_lunar(date(value // 10_000, value // 100 % 100, value % 100))
        except ValueError:  # not known whole, or 30 February
            continue
        table[i] = found.year, found.month, found.day
    return tuple(table[back].T)
