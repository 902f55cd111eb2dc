"""Fellegi and Sunter's model: how likely each level of agreement is between records of one person, and of two.

The chances between strangers are taken from the table (:mod:`.comparisons`); those within a person nobody tells. They
are found by expectation and maximisation over the candidates, and later from clusters that are beyond doubt: candidates
are pairs that share a key, whereas pairs of a cluster may agree in nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .comparisons import NO_LEVEL, Chances
from .kernels import Bits, Levels

EM_ROUNDS = 50
SETTLED = 1e-4
UNSEEN = 0.3  # pairs that a level is given which no pair has


@dataclass(frozen=True, slots=True)
class Model:
    """``within[f][l]``: chance of level ``l`` of field ``f`` within a person; ``prior``: that any two are one."""

    within: tuple[Chances, ...]
    prior: float

    @property
    def prior_bits(self) -> float:
        return float(np.log2(self.prior / (1 - self.prior)))

    def weights(self, field: int, levels: Levels, log_chance: Bits) -> Bits:
        """Bits for (or against) one person by one field of each pair; 0 where one says nothing."""
        return _by_level(self.within[field])[levels] - log_chance

    def bits(self, levels: Sequence[Levels], log_chances: Sequence[Bits]) -> Bits:
        """Posterior odds of each pair in bits: 0 is as likely as not, 10 a thousand to one."""
        total = np.full(len(levels[0]), self.prior_bits, np.float32)
        for field, (level, chance) in enumerate(zip(levels, log_chances, strict=True)):
            total += self.weights(field, level, chance)
        return total


def probability(bits: npt.NDArray[np.floating]) -> Chances:
    """The probability that stands for posterior bits."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(bits.astype(np.float64), -60, 60))))


def learn(
    levels: Sequence[Levels], log_chances: Sequence[Bits], start: Sequence[Chances], *, total: float, prior: float,
) -> Model:
    """The model under which the candidates are likeliest, by expectation and maximisation from ``start``.

    ``total``: how many pairs there are, candidates or not; ``prior``: the first guess how many of them are one person.
    """
    patterns, chance, times = _patterns(levels, log_chances)
    within = [np.asarray(one, np.float64) for one in start]
    for _ in range(EM_ROUNDS):
        odds = np.log2(prior / (1 - prior)) - chance
        for field, chances in enumerate(within):
            odds += _by_level(chances)[patterns[:, field]]
        one_person = probability(odds) * times
        updated = [_shares(patterns[:, field], one_person, len(chances), 1e-3) for field, chances in enumerate(within)]
        moved = max(float(np.abs(new - old).max()) for new, old in zip(updated, within, strict=True))
        within, prior = updated, float(np.clip(one_person.sum() / total, 1 / total, 0.5))
        if moved < SETTLED:
            break
    return Model(tuple(within), prior)


def learn_from_clusters(
    levels: Sequence[Levels], cluster_of_pair: npt.NDArray[np.int64], sizes: Sequence[int], *, total: float,
) -> Model:
    """The model that clusters imply: ``levels`` of all pairs within each. Every record counts alike, however many its
    cluster has. ``sizes``: how many levels each field has."""
    times = np.bincount(cluster_of_pair)[cluster_of_pair]
    weight = 1 / np.sqrt(times)
    within = [_shares(level, weight, size, UNSEEN) for level, size in zip(levels, sizes, strict=True)]
    return Model(tuple(within), float(np.clip(len(cluster_of_pair) / total, 1 / total, 0.5)))


def _by_level(chances: Chances) -> Bits:
    return np.append(np.log2(chances), np.zeros(NO_LEVEL + 1 - len(chances))).astype(np.float32)


def _shares(level: Levels, weight: Chances, size: int, unseen: float) -> Chances:
    counts = np.bincount(level, weights=weight, minlength=NO_LEVEL + 1)[:size] + unseen
    return np.asarray(counts / counts.sum())


def _patterns(levels: Sequence[Levels], log_chances: Sequence[Bits]) -> tuple[Levels, Chances, Chances]:
    """Pairs that agree alike and, to half a bit, by as great a chance, as one: levels, the chance's log₂, how many."""
    chance = np.round(np.sum(log_chances, axis=0) * 2).astype(np.int64)
    key = chance - chance.min(initial=0)
    for level in levels:
        key = key * (NO_LEVEL + 1) + level
        _, key = np.unique(key, return_inverse=True)
    _, first, times = np.unique(key, return_index=True, return_counts=True)
    return np.stack([level[first] for level in levels], axis=1), chance[first] / 2, times.astype(np.float64)
