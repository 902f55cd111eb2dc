"""From weighed pairs to decisions: how likely each candidate is the person, and what may be done with the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..answers import Decision

Floats = NDArray[np.float64]

TWICE = 0.03
"""How often a person has a second entry of the same kind: the same one in two books, a second marriage."""
REVIEW = 0.3
"""From this probability on the best candidate is shown to somebody."""
AUTO = 0.9996
"""What share of the automatic links the engine expects to be right, by its own probabilities: above the 0.999 that is
promised, because the probabilities are estimates too."""
LEAST_AUTO = 0.8
_LIMIT = 200.0


@dataclass(slots=True)
class Pairs:
    """Candidates, ordered by entry, then person: arrays of the same length."""

    rows: NDArray[np.int32]  # the entry
    persons: NDArray[np.int32]
    kind: NDArray[np.int8]
    same: Floats  # log₂ of how much likelier the entry is, were it the person's, than somebody's
    kin: Floats  # the same, were it a brother's or sister's
    open: NDArray[np.bool_]  # nothing is known of the person's parents, or of the entry's

    def taken(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Pairs:
        return Pairs(*(getattr(self, name)[which] for name in self.__slots__))

    @classmethod
    def together(cls, parts: list[Pairs]) -> Pairs:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


def believe(
    pairs: Pairs, present: Floats, absent_kin: float, size: int, *, odds: Floats | None = None, alone: bool = False,
) -> Floats:
    """The probability that the entry is the person's, of each pair.

    An entry is of one of the candidates, or of somebody who is not in the population, who may be a candidate's brother
    or sister. The last story speaks for nobody, but neither does it speak against a candidate of whose parents nothing
    is known: he may be that brother; what it weighs is shared with him.

    :param present: how likely an entry's person is in the population, by kind.
    :param odds: log₂ to be added to each pair's weight.
    :param alone: each candidate is held against nobody but those who are not in the population (to measure what it is
        worth that candidates compete).
    """
    same = pairs.same if odds is None else pairs.same + odds
    rows = np.arange(len(same), dtype=np.int32) if alone else pairs.rows
    return np.asarray(_believe(rows, pairs.kind, same, pairs.kin, pairs.open, present, absent_kin, float(size)))


@njit(cache=True, nogil=True)
def _believe(
    rows: Any, kind: Any, same: Any, kin: Any, open_: Any, present: Any, absent_kin: float, size: float,
) -> Any:
    belief = np.zeros(len(rows), np.float64)
    first = 0
    while first < len(rows):
        last = first
        absent = 1.0 - present[kind[first]]
        prior = present[kind[first]] / size
        mine = all_kin = unknown = 0.0
        while last < len(rows) and rows[last] == rows[first]:
            weight = prior * 2.0 ** min(max(same[last], -_LIMIT), _LIMIT)
            belief[last] = weight
            mine += weight
            all_kin += absent_kin / size * 2.0 ** min(max(kin[last], -_LIMIT), _LIMIT)
            unknown += weight if open_[last] else 0.0
            last += 1
        for i in range(first, last):
            if open_[i]:
                own = absent_kin / size * 2.0 ** min(max(kin[i], -_LIMIT), _LIMIT)
                belief[i] += belief[i] / (unknown + absent) * max(all_kin - own, 0.0)
            belief[i] /= mine + all_kin + absent
        first = last
    return belief


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
    """By entry: the best candidate (−1: none), its probability, the decision (a place in :data:`DECISIONS`)."""

    person: NDArray[np.int64]
    probability: Floats
    decision: NDArray[np.int8]


DECISIONS = (Decision.NONE, Decision.REVIEW, Decision.AUTO)


def decide(pairs: Pairs, belief: Floats, entries: int) -> Verdicts:
    """One candidate an entry at most; draws go to the person who stands first.

    What the best leads the second by needs no rule of its own: the probabilities of an entry's candidates add up to one
    at most, so that one of 0.98 is 5.6 bits ahead of any other.
    """
    verdicts = Verdicts(np.full(entries, -1), np.zeros(entries), np.zeros(entries, np.int8))
    order = np.lexsort((pairs.persons, -belief, pairs.rows))
    rows = pairs.rows[order]
    best = order[np.append(True, rows[1:] != rows[:-1])] if len(order) else order
    entry = pairs.rows[best]
    verdicts.person[entry], verdicts.probability[entry] = pairs.persons[best], belief[best]
    found = verdicts.probability >= REVIEW
    verdicts.decision[found] = DECISIONS.index(Decision.REVIEW)
    safest = _safest(verdicts.probability, verdicts.probability >= LEAST_AUTO)
    verdicts.decision[safest] = DECISIONS.index(Decision.AUTO)
    verdicts.person[~found] = -1
    return verdicts


def _safest(probability: Floats, safe: NDArray[np.bool_]) -> NDArray[np.int64]:
    """As many of the safe entries, the most probable first, as are together expected to be right to :data:`AUTO`."""
    which = np.flatnonzero(safe)
    which = which[np.argsort(-probability[which], kind="stable")]
    expected = np.cumsum(probability[which]) / np.arange(1, len(which) + 1)
    enough = np.flatnonzero(expected >= AUTO)
    return which[: enough[-1] + 1] if len(enough) else which[:0]
