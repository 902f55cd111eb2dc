"""Clusters: whatever the order of records and pairs, the same; a single bridge does not join two crowds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.engines.linkage.cluster import agglomerate, members, pairs_within

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the compiled code is loaded once

SIZE = 9
WEIGHTS = st.permutations(range(SIZE * (SIZE - 1) // 2))


def table(weights: list[int]) -> np.ndarray:
    """Bits of every pair, half of them above zero; no two and no two means alike, or the order would decide."""
    bits = np.zeros((SIZE, SIZE))
    bits[np.triu_indices(SIZE, 1)] = np.array(weights) - len(weights) / 2 + np.sin(weights)
    return bits + bits.T


def mean_of(bits: np.ndarray) -> Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Two clusters compared by the mean of all their pairs."""
    def compare(left: np.ndarray, right: np.ndarray, cluster: np.ndarray) -> np.ndarray:
        return np.array([bits[np.ix_(cluster == x, cluster == y)].mean() for x, y in zip(left, right, strict=True)],
                        np.float32)
    return compare


def clusters(bits: np.ndarray) -> set[frozenset[int]]:
    a, b = np.triu_indices(len(bits), 1)
    found = agglomerate(a, b, bits[a, b], records=len(bits), threshold=0.0, compare=mean_of(bits))
    return {frozenset(np.flatnonzero(found == one).tolist()) for one in np.unique(found)}


@given(WEIGHTS, st.permutations(range(SIZE)))
def test_the_order_of_records_means_nothing(weights: list[int], order: list[int]) -> None:
    bits = table(weights)
    shuffled = clusters(bits[np.ix_(order, order)])
    assert {frozenset(order[i] for i in one) for one in shuffled} == clusters(bits)


@given(WEIGHTS)
def test_no_two_clusters_left_would_gain_by_merging(weights: list[int]) -> None:
    bits = table(weights)
    found = [sorted(one) for one in clusters(bits)]
    assert sorted(i for one in found for i in one) == list(range(SIZE))
    for number, one in enumerate(found):
        for other in found[:number]:
            assert bits[np.ix_(one, other)].mean() <= 1e-5 or bits[np.ix_(one, other)].max() <= 0


def test_a_single_bridge_does_not_join_two_crowds() -> None:
    crowd = np.arange(8) // 4
    bits = np.where(crowd[:, None] == crowd[None, :], 10.0, -5.0).astype(np.float32)
    bits[3, 4] = bits[4, 3] = 6.0
    assert clusters(bits) == {frozenset(range(4)), frozenset(range(4, 8))}


def test_a_record_finds_its_cluster_though_one_member_contradicts() -> None:
    bits = np.full((4, 4), 8.0, np.float32)
    bits[0, 3] = bits[3, 0] = -6.0
    assert clusters(bits) == {frozenset(range(4))}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_pairs_within(labels: list[int]) -> None:
    _, cluster = np.unique(labels, return_inverse=True)
    a, b, of = pairs_within(cluster)
    n = len(cluster)
    expected = {(i, j) for i in range(n) for j in range(i + 1, n) if cluster[i] == cluster[j]}
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == expected
    assert len(a) == len(expected)
    assert (cluster[a] == of).all()
    order, start = members(cluster)
    assert all((cluster[order[start[k]:start[k + 1]]] == k).all() for k in range(len(start) - 1))
