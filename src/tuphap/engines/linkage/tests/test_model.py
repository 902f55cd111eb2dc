"""The model finds again what made the pairs, and its weights say what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuphap.engines.linkage.comparisons import NO_LEVEL
from tuphap.engines.linkage.model import Model, learn, learn_from_clusters, probability

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the compiled code is loaded once

PAIRS = 40_000


def drawn(rng: np.random.Generator, one_person: np.ndarray, within: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """A level for each pair, by the chances of those of one person and those of two."""
    size = len(within)
    return np.where(one_person, rng.choice(size, len(one_person), p=within), rng.choice(size, len(one_person), p=apart)
                    ).astype(np.uint8)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    agree=st.lists(st.floats(0.6, 0.95), min_size=4, max_size=5),
    by_chance=st.floats(0.01, 0.1),
    share=st.floats(0.02, 0.5),
)
def test_learning_finds_the_chances_that_made_the_pairs(seed, agree, by_chance, share) -> None:
    rng = np.random.default_rng(seed)
    one_person = rng.random(PAIRS) < share
    within = [np.array([one, (1 - one) * 0.7, (1 - one) * 0.3]) for one in agree]
    apart = np.array([by_chance, by_chance, 1 - 2 * by_chance])
    levels = [drawn(rng, one_person, one, apart) for one in within]
    chances = [np.log2(apart)[level].astype(np.float32) for level in levels]
    start = [np.array([0.6, 0.2, 0.2])] * len(agree)
    model = learn(levels, chances, start, total=PAIRS, prior=0.1)
    assert model.prior == pytest.approx(one_person.mean(), abs=0.03)
    for found, true in zip(model.within, within, strict=True):
        assert found == pytest.approx(true, abs=0.12)


def test_what_says_nothing_weighs_nothing() -> None:
    model = Model((np.array([0.9, 0.1]), np.array([0.5, 0.5])), prior=0.5)
    levels = [np.array([0, NO_LEVEL], np.uint8), np.array([NO_LEVEL, NO_LEVEL], np.uint8)]
    chances = [np.array([-10, 0], np.float32), np.zeros(2, np.float32)]
    assert model.bits(levels, chances) == pytest.approx([10 + np.log2(0.9), 0.0], abs=1e-5)


def test_rarer_agreement_weighs_more() -> None:
    model = Model((np.array([0.9, 0.1]),), prior=0.01)
    common, rare = model.weights(0, np.zeros(2, np.uint8), np.array([-2, -12], np.float32))
    assert rare - common == pytest.approx(10)


def test_a_large_cluster_has_no_louder_voice_by_its_pairs() -> None:
    """One cluster of 190 pairs that differ, twenty of one pair that agree: by pairs a tenth would agree."""
    levels = np.array([1] * 190 + [0] * 20, np.uint8)
    cluster = np.array([0] * 190 + list(range(1, 21)))
    model = learn_from_clusters([levels], cluster, [2], total=1e6)
    assert model.within[0][0] == pytest.approx(20 / (20 + np.sqrt(190)), abs=0.02)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_bits_and_probability(bits: list[float]) -> None:
    found = probability(np.array(sorted(bits)))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()
    assert probability(np.array([0.0])) == 0.5
