"""The tree against RFC 6962's own definition, and proofs for every leaf of every small tree."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuphap.shared.audit import merkle


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = by_definition(leaves[:half]), by_definition(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_known_values() -> None:
    """The test vectors of Certificate Transparency's reference implementation."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert merkle.root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root_of(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70))
def test_every_leaf_is_proved_and_nothing_else(contents: list[bytes]) -> None:
    leaves = [merkle.leaf_hash(content) for content in contents]
    root = merkle.root_of(leaves)
    assert root == by_definition(leaves)
    for index, leaf in enumerate(leaves):
        steps = merkle.path(leaves, index)
        assert merkle.root_by_path(leaf, index, len(leaves), steps) == root
        assert merkle.root_by_path(merkle.leaf_hash(b"other content"), index, len(leaves), steps) != root
        with pytest.raises(ValueError):
            merkle.root_by_path(leaf, index, len(leaves), [*steps, root])


def test_no_leaf_no_root() -> None:
    with pytest.raises(ValueError):
        merkle.Tree().root()
