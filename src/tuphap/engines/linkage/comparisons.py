"""How the values of a field agree, as levels, and how likely each level is between two records taken at random.

What is likely depends on the values: half a table was born on some 1 January, nobody else bears a rare surname. So the
chance of a level is asked of each value: how much of the table agrees with it like that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .kernels import Bits, Codes, Levels, Places, code_levels, date_levels, token_levels
from .settings import FieldType
from .table import MISSING, Column

Chances = npt.NDArray[np.float64]

NO_LEVEL = 255
"""One of the two says nothing: no evidence either way."""

DATE = ("exact", "one edit, same year", "one edit", "two digits or day and month turned", "part", "other")
CODE = ("exact", "one edit", "front", "first two", "other")
STEPS = np.array([0.01, 3, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 30], np.float32)
SHARED = tuple(f"{low:g} bits shared, {alone}" for low in (0, *STEPS.tolist())
               for alone in ("none alone", "one alone", "more alone"))
"""Values of words: how rare what both say is (bits), and how many words of the shorter have no like in the longer."""

LOOKS = 500_000  # random pairs: ten million cost twenty times more and say the same (domain/population_matching.md)
LOOKS_EACH = 200  # in a small table
FEW = 20  # a level met less often among them is counted on from the step before
SAMPLE, LEAST_SAMPLE, MOST_COMPARED = 2000, 200, 40_000_000  # records each value is held against
TRUST = 300  # how many records of that sample the table's mean weighs


class Comparison(Protocol):
    """One field of two records each: levels, and the chance of each level."""

    column: Column
    names: tuple[str, ...]
    start: Chances
    """Chance of each level between records of one person, before anything is learned."""

    def levels(self, a: Places, b: Places) -> Levels:
        """How records ``a[i]`` and ``b[i]`` agree; :data:`NO_LEVEL` where one says nothing."""
        ...

    def log_chance(self, a: Places, b: Places, levels: Levels) -> Bits:
        """Log₂ of the chance that strangers with such values agree so; 0 where one says nothing."""
        ...

    def learn_strangers(self, *, prior: float, within: Chances, met: Chances) -> None:
        """Correct the chances between strangers, now that clusters tell who are none.

        ``prior``: the share of pairs of one person among any two records, ``within`` the chances of their levels: they
        stood among the random pairs. ``met``: of all pairs, the share of candidates of two persons at each level.
        """
        ...


def compare(column: Column, rng: np.random.Generator) -> Comparison:
    """The comparison that fits the field's type, with its chances learned from the table."""
    if column.field.type is FieldType.DATE:
        return Whole(column, rng, kernel=date_levels, names=DATE, start=(70, 12, 8, 5, 3, 2))
    if column.field.type is FieldType.CODE:
        return Whole(column, rng, kernel=code_levels, names=CODE, start=(70, 8, 8, 4, 10))
    return Words(column, rng)


class Whole:
    """Dates and codes: compared as strings of characters."""

    def __init__(
        self, column: Column, rng: np.random.Generator, *, kernel: Callable[[Codes, Codes, Codes, Codes], Levels],
        names: tuple[str, ...], start: tuple[float, ...],
    ) -> None:
        self.column, self.names, self._kernel = column, names, kernel
        self.start = np.array(start) / sum(start)
        self._chars, self._ends = _end_to_end(column.values)
        seen = _random_levels(self, rng)
        mean = (seen + 0.05) / (seen.sum() + 0.05 * len(names))
        self._log_chances = np.log2(self._chances(mean, rng)).astype(np.float32)

    def levels(self, a: Places, b: Places) -> Levels:
        return _where_said(self.column, a, b, lambda x, y: self._kernel(x, y, self._chars, self._ends))

    def log_chance(self, a: Places, b: Places, levels: Levels) -> Bits:
        out = np.zeros(len(a), np.float32)
        said = levels != NO_LEVEL
        of_a, of_b, level = self.column.codes[a[said]], self.column.codes[b[said]], levels[said]
        out[said] = np.maximum(self._log_chances[of_a, level], self._log_chances[of_b, level])
        return out

    def learn_strangers(self, *, prior: float, within: Chances, met: Chances) -> None:
        """Nothing changes: what a value is worth hangs on how many records say it, and duplicates are few of these."""

    def _chances(self, mean: Chances, rng: np.random.Generator) -> Chances:
        """Of each value (rows), how much of the table agrees with it on each level (columns)."""
        counts, said = self.column.counts(), self.column.codes[self.column.codes != MISSING]
        size = int(np.clip(MOST_COMPARED // max(len(counts), 1), LEAST_SAMPLE, SAMPLE))
        chances = np.empty((len(counts), len(mean)))
        if len(said):
            sample = rng.choice(said, size)
            for value in range(len(counts)):
                levels = self._kernel(np.full(size, value, np.int32), sample, self._chars, self._ends)
                chances[value] = np.bincount(levels, minlength=len(mean))
            chances = (chances + TRUST * mean) / (size + TRUST)
            chances[:, 0] = counts / len(said)
        return chances


class Words:
    """Names and other words: what both say, weighed by how rare it is."""

    names = SHARED

    def __init__(self, column: Column, rng: np.random.Generator) -> None:
        self.column = column
        split = [value.split() for value in column.values]
        self.words = tuple(sorted({word for words in split for word in words}))
        place = {word: number for number, word in enumerate(self.words)}
        self.ends = np.cumsum([0, *map(len, split)]).astype(np.int32)
        self.tokens = np.array([place[word] for words in split for word in words], np.int32)
        self._chars, self._letters = _end_to_end(self.words)
        said = np.bincount(self.tokens, weights=np.repeat(column.counts(), np.diff(self.ends)),
                           minlength=len(self.words))
        self._bits = -np.log2(np.minimum(said / max(column.counts().sum(), 1), 1)).astype(np.float32)
        start = np.outer(np.linspace(0.1, 1, len(STEPS) + 1), (8, 2, 0.3)).ravel()
        self.start = start / start.sum()
        self._seen = _random_levels(self, rng)
        self._log_chances = np.log2(_carried_on(self._seen, np.zeros(len(SHARED)))).astype(np.float32)

    def levels(self, a: Places, b: Places) -> Levels:
        return _where_said(self.column, a, b, self._of_values)

    def _of_values(self, a: Codes, b: Codes) -> Levels:
        low, high = np.minimum(a, b), np.maximum(a, b)  # words are taken in turn: the same whichever comes first
        return token_levels(low, high, self.tokens, self.ends, self._bits, self._chars, self._letters, STEPS)

    def learn_strangers(self, *, prior: float, within: Chances, met: Chances) -> None:
        strangers = np.maximum(self._seen - prior * self._seen.sum() * within, 0)
        self._log_chances = np.log2(_carried_on(strangers, met)).astype(np.float32)

    def log_chance(self, a: Places, b: Places, levels: Levels) -> Bits:
        return np.append(self._log_chances, np.zeros(256 - len(SHARED), np.float32))[levels]


def _end_to_end(values: tuple[str, ...]) -> tuple[Codes, Codes]:
    chars = np.array([ord(char) for value in values for char in value], np.int32)
    return chars, np.cumsum([0, *map(len, values)]).astype(np.int32)


def _where_said(column: Column, a: Places, b: Places, levels: Callable[[Codes, Codes], Levels]) -> Levels:
    of_a, of_b = column.codes[a], column.codes[b]
    said = (of_a != MISSING) & (of_b != MISSING)
    out = np.full(len(a), NO_LEVEL, np.uint8)
    out[said] = levels(of_a[said], of_b[said])
    return out


def _random_levels(comparison: Comparison, rng: np.random.Generator) -> Chances:
    """How often each level is met between records taken at random."""
    records = len(comparison.column.codes)
    if records < 2:
        return np.zeros(len(comparison.names))
    looks = min(LOOKS, LOOKS_EACH * records)
    a, b = rng.integers(0, records, looks), rng.integers(0, records, looks)
    levels = comparison.levels(a[a != b], b[a != b])
    return np.bincount(levels[levels != NO_LEVEL], minlength=len(comparison.names)).astype(np.float64)


def _carried_on(seen: Chances, least: Chances) -> Chances:
    """Chances of levels of words: too rare to be met, they fall by what a step is rarer than the one before.

    ``least``: below this they cannot be, since so many candidates have shown them.
    """
    chances = ((seen + 0.05) / (seen.sum() + 0.05 * len(seen))).reshape(-1, 3)
    rarer = 2.0 ** -np.diff(STEPS, prepend=0)
    for step in range(1, len(chances)):
        few = seen.reshape(-1, 3)[step] < FEW
        chances[step, few] = np.maximum(chances[step - 1, few] * rarer[step - 1], least.reshape(-1, 3)[step, few])
    return np.asarray(chances.ravel())
