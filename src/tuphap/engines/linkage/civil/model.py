"""What levels a true pair has, for births, marriages and deaths apart: learned from the records themselves, no labels.

It starts from what clerks' books are known to be like and is fitted by expectation and maximisation: who is whom is
guessed with the present weights, the weights are counted anew from the guesses, until they stand. Levels that only
chance should show (another year and name and place) may not grow far beyond their start, because otherwise entries
whose person is not in the population at all would teach the model that such pairs are true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import compare as cmp
from .judge import Pairs, believe

KINDS = 3
ROUNDS = 6
WEIGHT = 20.0
"""How many guessed pairs, or entries, the start weighs as much as: few entries teach little."""
PRESENT = np.array([0.85, 0.85, 0.3])
"""How likely, at the start, the person of a birth, a marriage, a death is in the population."""
RARE, GROWTH = 0.02, 3.0
"""A level that is rarer than this in true pairs at the start may grow so many times at most."""
SMALLEST = 1e-7

Table = NDArray[np.float64]


def _names() -> Table:
    surname = np.array([0.93, 0.03, 0.01, 0.012, 0.015, 0.004, 0.0])
    given = np.array([0.93, 0.03, 0.01, 0.002, 0.015, 0.008, 0.0])
    between = np.array([0.88, 0.03, 0.015, 0.05, 0.03, 0.015, 1.0])
    table = surname[:, None, None] * given[None, :, None] * between[None, None, :]
    table[cmp.MOVED, cmp.MOVED, cmp.SAME] = 0.003
    table[cmp.OTHER, cmp.OTHER, cmp.DIFFERENT] += 1e-4
    return np.append(1.0, table.ravel())


def _born() -> Table:
    table = np.ones(cmp.BORN_LEVELS)
    table[[cmp.BAD_YEAR_DAY, cmp.BAD_YEAR]] = 0.95, 0.05
    for base in (cmp.ONLY_YEAR, cmp.ONLY_YEAR_HERE):
        table[base:base + 4] = 0.93, 0.03, 0.02, 0.004
    table[cmp.MONTH_YEAR:cmp.MONTH_YEAR + 4] = 0.9, 0.04, 0.02, 0.004
    table[cmp.WHOLE:cmp.WHOLE + 12] = 0.9, 0.006, 0.018, 0.008, 0.006, 0.003, 0.02, 0.006, 0.001, 0.0008, 0.0008, 0.0006
    return table


def _place() -> Table:
    birth = np.array([1.0, 0.6, 0.32, 0.08, 0.9, 0.1])
    home = np.array([1.0, 0.5, 0.3, 0.2])
    table: Table = (birth[:, None] * home[None, :]).ravel()
    return table


def _start() -> list[Table]:
    return [
        _names(), _names(), _names(), _born(), _place(), np.array([1.0, 0.995, 0.005]),
        np.array([1.0, 0.5, 0.45, 0.02, 0.03, 0.2, 0.02, 0.3]),
    ]


_PLACES = np.arange(cmp.PLACE_LEVELS)
_KNOWN_HOME = _PLACES % 4 != 0
GROUPS: tuple[tuple[NDArray[np.int64], ...], ...] = (
    *((np.arange(1, cmp.NAME_LEVELS),) for _ in range(3)),
    tuple(np.arange(a, b) for a, b in ((10, 12), (16, 20), (20, 24), (24, 28), (32, 44))),
    tuple(
        _PLACES[(first <= _PLACES) & (last > _PLACES) & (known == _KNOWN_HOME)]
        for first, last in ((0, 4), (4, 16), (16, 24)) for known in (True, False)
    ),
    (np.arange(1, 3),),
    (np.arange(1, cmp.NUMBER_LEVELS),),
)
"""Levels of which a true pair has one, given what is known on both sides: their probabilities add up to one."""


def _shared_out(which: int, table: Table) -> Table:
    table = table.copy()
    for group in GROUPS[which]:
        total = table[group].sum()
        if total > 0:
            table[group] /= total
    if which != cmp.PLACE:
        table[0] = 1.0
    return table


START = [_shared_out(which, table) for which, table in enumerate(_start())]


@dataclass(slots=True)
class Seen:
    """Candidates with how their fields agree, from which a model learns: see :func:`compare.compare_all`."""

    rows: NDArray[np.int32]
    persons: NDArray[np.int32]
    kind: NDArray[np.int8]
    levels: NDArray[np.int16]
    chance: NDArray[np.float32]
    sibling: NDArray[np.float32]

    @property
    def open(self) -> NDArray[np.bool_]:
        return np.asarray((self.levels[:, cmp.FATHER] == 0) & (self.levels[:, cmp.MOTHER] == 0))


@dataclass(slots=True)
class Model:
    """``likely[kind][field]``: probability of each level in a true pair. ``present[kind]``: how likely an entry's
    person is in the population. ``absent_kin``: how many brothers and sisters of a person have an entry but are not in
    it.
    """

    likely: list[list[Table]] = field(default_factory=lambda: [[t.copy() for t in START] for _ in range(KINDS)])
    present: NDArray[np.float64] = field(default_factory=PRESENT.copy)
    absent_kin: float = 0.4
    without: frozenset[str] = frozenset()  # parts left out, to measure what they are worth

    def logs(self) -> NDArray[np.float64]:
        """log₂ of ``likely``, as one array [kind, field, level]."""
        table = np.zeros((KINDS, len(cmp.FIELDS), max(cmp.LEVELS)))
        for kind in range(KINDS):
            for which, likely in enumerate(self.likely[0 if "kinds" in self.without else kind]):
                table[kind, which, : len(likely)] = np.log2(np.maximum(likely, SMALLEST))
        return table

    def fit(self, seen: Seen, entries: NDArray[np.int64], size: int) -> None:
        """Learn from the candidates of a sample of entries.

        :param entries: how many entries of each kind the sample has.
        :param size: of the population.
        """
        for _ in range(ROUNDS):
            pairs = self._weighed(seen)
            belief = believe(pairs, self.present, self.absent_kin, size)
            for kind in range(KINDS):
                rows = np.ones(len(belief), np.bool_) if "kinds" in self.without else pairs.kind == kind
                for which, start in enumerate(START):
                    found = np.bincount(seen.levels[rows, which], weights=belief[rows], minlength=len(start))
                    self.likely[kind][which] = _bounded(which, _shared_out(which, found + WEIGHT * start))
                mine = belief[pairs.kind == kind].sum()
                self.present[kind] = min(0.98, (mine + WEIGHT * PRESENT[kind]) / (entries[kind] + WEIGHT))

    def _weighed(self, seen: Seen) -> Pairs:
        logs = self.logs()
        found = np.stack([logs[seen.kind, which, seen.levels[:, which]] for which in range(len(cmp.FIELDS))], axis=1)
        kin = seen.sibling + found[:, cmp.FATHER] + found[:, cmp.MOTHER]
        if "families" in self.without:
            kin = np.full(len(kin), -np.inf)
        return Pairs(seen.rows, seen.persons, seen.kind, found.sum(axis=1) - seen.chance, kin, seen.open)

    def save(self, path: Path) -> None:
        told = {"present": self.present.tolist(), "likely": [[t.tolist() for t in tables] for tables in self.likely]}
        path.write_text(json.dumps(told), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, *, without: frozenset[str] = frozenset()) -> Model:
        told = json.loads(path.read_text(encoding="utf-8"))
        likely = [[np.array(t) for t in tables] for tables in told["likely"]]
        return cls(likely, np.array(told["present"]), without=without)


def _bounded(which: int, table: Table) -> Table:
    start = START[which]
    return _shared_out(which, np.where(start < RARE, np.minimum(table, GROWTH * start), table))
