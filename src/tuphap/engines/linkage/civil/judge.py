"""From weighed pairs to decisions: how likely each candidate is the person, and what may be done with the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..answers import Decision

Floats = NDArray[np.float64]

TWICE = 0.03
"""How often a person has a second entry of the same kind: the same one in two books, a second marriage."""
REVIEW = 0.3
"""From this probability on the best candidate is shown to somebody."""
AUTO = 0.9995
"""What share of the automatic links the engine expects to be right, by its own probabilities: above the 0.999 that is
promised, because the probabilities are estimates too."""
LEAST_AUTO = 0.8
MARGIN = 4.0
"""Bits by which the best candidate must lead the second for an automatic link."""
_LIMIT = 200.0


@dataclass(slots=True)
class Pairs:
    """Candidates, ordered by entry: arrays of the same length."""

    rows: NDArray[np.int32]  # the entry
    persons: NDArray[np.int32]
    kind: NDArray[np.int8]
    levels: NDArray[np.int16]
    chance: NDArray[np.float32]
    sibling: NDArray[np.float32]
    same: Floats
    kin: Floats
    open: NDArray[np.bool_]  # nothing is known of the person's parents, or of the entry's

    def taken(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Pairs:
        return Pairs(*(getattr(self, name)[which] for name in self.__slots__))

    @classmethod
    def together(cls, parts: list[Pairs]) -> Pairs:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


def believe(pairs: Pairs, present: Floats, absent_kin: float, size: int, *, odds: Floats | None = None) -> Floats:
    """The probability that the entry is the person's, of each pair.

    An entry is of one of the candidates, or of somebody who is not in the population, who may be a candidate's brother
    or sister. The last story speaks for nobody, but neither does it speak against a candidate of whose parents nothing
    is known: he may be that brother; what it weighs is shared with him.

    :param present: how likely an entry's person is in the population, by kind.
    :param odds: log₂ to be added to each pair's weight.
    """
    if not len(pairs.rows):
        return np.zeros(0)
    first = np.flatnonzero(np.append(True, pairs.rows[1:] != pairs.rows[:-1]))
    count = np.diff(np.append(first, len(pairs.rows)))
    prior = present[pairs.kind]
    same = pairs.same if odds is None else pairs.same + odds
    mine = np.exp2(np.clip(same, -_LIMIT, _LIMIT)) * prior / size
    kin = np.exp2(np.clip(pairs.kin, -_LIMIT, _LIMIT)) * absent_kin / size
    all_kin = np.repeat(np.add.reduceat(kin, first), count)
    total = np.repeat(np.add.reduceat(mine, first), count) + all_kin + (1 - prior)
    unknown = np.where(pairs.open, mine, 0.0)
    share = unknown / (np.repeat(np.add.reduceat(unknown, first), count) + (1 - prior))
    return (mine + share * np.maximum(all_kin - kin, 0.0)) / total


def against_twice(pairs: Pairs, belief: Floats) -> Floats:
    """log₂ by which a pair is less likely because another entry of the same kind claims the person more strongly."""
    claim = pairs.persons.astype(np.int64) * 3 + pairs.kind
    order = np.lexsort((pairs.rows, -belief, claim))
    claim = claim[order]
    first = np.append(True, claim[1:] != claim[:-1]) if len(claim) else np.zeros(0, np.bool_)
    strongest = belief[order][first][np.cumsum(first) - 1] if len(claim) else np.zeros(0)
    factor = np.ones(len(belief))
    rest = ~first
    factor[order[rest]] = (1 - strongest[rest]) + strongest[rest] * TWICE
    return np.log2(factor)


@dataclass(slots=True)
class Verdicts:
    """By entry: the best candidate (−1: none), its probability, its lead over the second in bits, the decision."""

    person: NDArray[np.int64]
    probability: Floats
    lead: Floats
    decision: NDArray[np.int8]  # 0 none, 1 review, 2 auto


DECISIONS = (Decision.NONE, Decision.REVIEW, Decision.AUTO)


def decide(pairs: Pairs, belief: Floats, entries: int, *, margin: bool = True) -> Verdicts:
    """One candidate an entry at most; draws go to the person who stands first.

    :param margin: False asks no lead over the second (to measure what the margin is worth).
    """
    verdicts = Verdicts(np.full(entries, -1), np.zeros(entries), np.full(entries, np.inf), np.zeros(entries, np.int8))
    if not len(pairs.rows):
        return verdicts
    order = np.lexsort((pairs.persons, -belief, pairs.rows))
    rows = pairs.rows[order]
    first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
    best = order[first]
    entry = pairs.rows[best]
    verdicts.person[entry], verdicts.probability[entry] = pairs.persons[best], belief[best]
    second = first + 1
    has = (second < len(rows)) & (rows[np.minimum(second, len(rows) - 1)] == entry)
    runner = order[second[has]]
    verdicts.lead[entry[has]] = np.log2(np.maximum(belief[best[has]], 1e-300) / np.maximum(belief[runner], 1e-300))
    found = verdicts.probability >= REVIEW
    verdicts.decision[found] = 1
    safe = found & (verdicts.probability >= LEAST_AUTO)
    if margin:
        safe &= verdicts.lead >= MARGIN
    verdicts.decision[_safest(verdicts.probability, safe)] = 2
    verdicts.person[~found] = -1
    return verdicts


def _safest(probability: Floats, safe: NDArray[np.bool_]) -> NDArray[np.int64]:
    """As many of the safe entries, the most probable first, as are together expected to be right to :data:`AUTO`."""
    which = np.flatnonzero(safe)
    which = which[np.argsort(-probability[which], kind="stable")]
    expected = np.cumsum(probability[which]) / np.arange(1, len(which) + 1)
    enough = np.flatnonzero(expected >= AUTO)
    return which[: enough[-1] + 1] if len(enough) else which[:0]
