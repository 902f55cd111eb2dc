"""Clusters out of pairs: the surest merge first, and every merge judged by all that both clusters say.

Connected components let one mistaken pair make one person of two crowds. Here two clusters are compared as wholes
whenever either has grown, by every record of the one with every record of the other, whether candidates or not:
what contradicts counts as much as what agrees.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .kernels import Bits, Places, cross_pairs

Compare = Callable[[Places, Places, Places], Bits]
"""Posterior bits that cluster ``left[q]`` and cluster ``right[q]`` are one, given every record's cluster."""

HOPE = 6.0  # bits below the threshold from which a pair of records may still bring its clusters together


def agglomerate(
    a: Places, b: Places, bits: Bits, *, records: int, threshold: float, compare: Compare,
) -> npt.NDArray[np.int64]:
    """Each record's cluster, numbered by the first record of each.

    In every round those clusters merge that are each other's best above the threshold. ``a``, ``b``, ``bits``: the
    candidate pairs of records, each once, and how sure they are.
    """
    cluster = np.arange(records)
    hopeful = bits > threshold - HOPE
    left, right, sure = a[hopeful], b[hopeful], bits[hopeful]
    while len(merging := _each_others_best(left, right, sure, len(cluster), threshold)):
        into = np.arange(int(cluster.max()) + 1)
        into[merging[1]] = merging[0]
        grown = np.zeros(len(into), np.bool_)
        grown[merging[0]] = True
        kept, number = np.unique(into, return_inverse=True)
        cluster, grown = number[cluster], grown[kept]
        left, right, sure = _joined(number[left], number[right], sure, len(kept))
        again = grown[left] | grown[right]
        sure[again] = compare(left[again], right[again], cluster)
    return _by_first_record(cluster)


def _each_others_best(left: Places, right: Places, sure: Bits, clusters: int, threshold: float) -> Places:
    """Pairs of clusters (two rows, the lower above) of which each is the other's best above the threshold."""
    above = sure > threshold
    one = np.concatenate([left[above], right[above]])
    other = np.concatenate([right[above], left[above]])
    order = np.lexsort((other, -np.concatenate([sure[above], sure[above]]), one))
    one, other = one[order], other[order]
    first = np.append(True, one[1:] != one[:-1]) if len(one) else np.empty(0, np.bool_)
    best = np.full(clusters, -1)
    best[one[first]] = other[first]
    mutual = np.flatnonzero((best > np.arange(clusters)) & (best[best] == np.arange(clusters)))
    return np.stack([mutual, best[mutual]]) if len(mutual) else np.empty(0, np.int64)


def _joined(left: Places, right: Places, sure: Bits, clusters: int) -> tuple[Places, Places, Bits]:
    """The pairs of clusters under their new numbers, each once."""
    apart = left != right
    key = np.minimum(left, right)[apart] * clusters + np.maximum(left, right)[apart]
    key, first = np.unique(key, return_index=True)
    return key // clusters, key % clusters, sure[apart][first]


def members(cluster: Places) -> tuple[Places, Places]:
    """The records cluster by cluster, and where each cluster's begin (one more at the end)."""
    order = np.argsort(cluster, kind="stable")
    return order, np.append(0, np.cumsum(np.bincount(cluster)))


def pairs_within(cluster: Places) -> tuple[Places, Places, Places]:
    """Every two records of one cluster, and the cluster."""
    order, start = members(cluster)
    sizes = np.diff(start)
    all_clusters = np.arange(len(sizes))
    return cross_pairs(all_clusters, all_clusters, order, start, int((sizes * (sizes - 1) // 2).sum()))


def _by_first_record(cluster: Places) -> Places:
    _, first, number = np.unique(cluster, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number]
