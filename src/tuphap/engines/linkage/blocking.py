"""Which records are compared at all: those that share a rare enough key.

A key is one part of a value (a word of the name, the year of birth) or two together. Most keys that bring true pairs
together are rare, and most pairs of one person share many: so all combinations are taken, and the common ones left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np

from tuphap.engines.vietnamese import fold

from .kernels import Codes, Places, pairs_in_blocks
from .settings import FORMS, Settings
from .table import MISSING, Column

GROUPS = str.maketrans("bfpvcgjkqsxzdđtlmnr", "1111222222223334556")


@dataclass(frozen=True, slots=True)
class Parts:
    """One form of one field: record ``records[i]`` has part ``ids[i]``; ids are below ``size``."""

    field: str
    form: str
    records: Codes
    ids: Codes
    size: int

    @property
    def name(self) -> str:
        return f"{self.field}:{self.form}"


@cache
def sound(word: str) -> str:
    """How a word begins and which groups of consonants follow: spellings by ear have it in common."""
    plain = fold(word)
    groups = plain[1:].translate(GROUPS)
    heard = plain[:1]
    for group in groups:
        if group.isdigit() and group != heard[-1]:
            heard += group
    return heard[:4]


SPLITS: dict[str, Callable[[str], Sequence[str]]] = {
    "whole": lambda value: (value,),
    "token": lambda value: tuple(dict.fromkeys(value.split())),
    "sound": lambda value: tuple(dict.fromkeys(map(sound, value.split()))),
    "year_month": lambda value: (value[:6],),
    "year_day": lambda value: (value[:4] + value[6:],),
    "month_day": lambda value: (value[4:],),
    "year": lambda value: (value[:4],),
    "front": lambda value: (value[: max(2, (len(value) + 1) // 2)],),
}


def split(column: Column, form: str) -> Parts:
    """The parts of every record's value in one form."""
    parts = [SPLITS[form](value) for value in column.values]
    number = {part: place for place, part in enumerate(sorted({part for of in parts for part in of}))}
    ids = np.array([number[part] for of in parts for part in of], np.int32)
    lengths = np.array([len(of) for of in parts], np.int64)
    first = np.cumsum(lengths) - lengths
    said = np.flatnonzero(column.codes != MISSING)
    codes = column.codes[said]
    records, places = _spread(lengths[codes], first[codes])
    return Parts(column.field.name, form, said[records].astype(np.int32), ids[places], len(number))


def _spread(lengths: Places, first: Places) -> tuple[Places, Places]:
    """For each ``i`` its number ``lengths[i]`` times, beside ``first[i]``, ``first[i] + 1``, …"""
    of = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(of)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return of, first[of] + within


def candidates(columns: Sequence[Column], settings: Settings) -> tuple[Places, Places]:
    """Pairs of records (lower, higher; each pair once, in order) that share a key.

    Where these are too many, keys must be rarer: the size of blocks is halved until they are few enough.
    """
    total, size = len(columns[0].codes), settings.block_size
    found = _candidates(columns, settings, size)
    while len(found) > settings.candidates_each * total and size > 2:
        size = max(size // 2, 2)
        found = _candidates(columns, settings, size)
    return found // total, found % total


def _candidates(columns: Sequence[Column], settings: Settings, size: int) -> Places:
    """The pairs that keys of at most ``size`` records bring together, as ``lower * total + higher``."""
    total = len(columns[0].codes)
    found = np.empty(0, np.int64)
    fresh: list[Places] = []
    for keys, records in _keys(columns, settings, total):
        order = np.lexsort((records, keys))
        fresh.append(pairs_in_blocks(keys[order], records[order], 2, size, total))
        if sum(map(len, fresh)) > max(4_000_000, len(found)):
            found, fresh = _each_once(np.concatenate([found, *fresh])), []
    return _each_once(np.concatenate([found, *fresh]))


def _each_once(pairs: Places) -> Places:
    """Sorted, without repeats: in this order two times faster than ``np.unique``, which hashes first."""
    pairs.sort()
    return pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs


def _keys(columns: Sequence[Column], settings: Settings, total: int) -> Iterator[tuple[Places, Codes]]:
    parts = {one.name: one for column in columns for one in (split(column, form) for form in FORMS[column.field.type])}
    for key in settings.keys or tuple(_all_keys(list(parts.values()))):
        if len(key) == 1:
            yield parts[key[0]].ids.astype(np.int64), parts[key[0]].records
        else:
            yield _together(parts[key[0]], parts[key[1]], total)


def _all_keys(parts: Sequence[Parts]) -> Iterator[tuple[str, ...]]:
    """Every form alone, and every two that do not tell the same of one field."""
    for one in parts:
        yield (one.name,)
    for one, other in combinations_with_replacement(parts, 2):
        if one.field != other.field or (one is other and one.form in ("token", "sound")):
            yield (one.name, other.name)


def _together(one: Parts, other: Parts, total: int) -> tuple[Places, Codes]:
    """A key for every part of the one with every part of the other in the same record; of one form, every two."""
    lengths = np.bincount(other.records, minlength=total)
    of, places = _spread(lengths[one.records], (np.cumsum(lengths) - lengths)[one.records])
    left, right = one.ids[of].astype(np.int64), other.ids[places].astype(np.int64)
    records = one.records[of]
    if one is other:
        ordered = left < right
        left, right, records = left[ordered], right[ordered], records[ordered]
    return left * other.size + right, records
