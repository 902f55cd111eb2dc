"""Hash trees as RFC 6962 draws them: leaves and nodes are hashed apart, so that neither passes for the other.

Standard library only: a proof is checked by anybody, without the platform and without its database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SIZE = 32


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Tree:
    """Grows leaf by leaf and keeps only one hash for each level: millions of leaves in a few hundred bytes."""

    size: int = 0
    _peaks: list[tuple[int, bytes]] = field(default_factory=list)  # (leaves under it, its hash), left to right

    def add(self, leaf: bytes) -> None:
        """Append a leaf, given by its hash."""
        self.size += 1
        peak = (1, leaf)
        while self._peaks and self._peaks[-1][0] == peak[0]:
            width, left = self._peaks.pop()
            peak = (width * 2, node_hash(left, peak[1]))
        self._peaks.append(peak)

    def root(self) -> bytes:
        """The hash of the whole.

        :raises ValueError: no leaf.
        """
        if not self._peaks:
            raise ValueError("a tree without leaves has no root")
        hashed = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            hashed = node_hash(left, hashed)
        return hashed


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root, from the bottom up."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*path(leaves[:half], index), root_of(leaves[half:])]
    return [*path(leaves[half:], index - half), root_of(leaves[:half])]


def root_by_path(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The root to which ``hashes`` lead from ``leaf``, the ``index``-th of ``size``.

    :raises ValueError: too many or too few hashes for such a tree.
    """
    if not 0 <= index < size:
        raise ValueError("the place lies outside the tree")
    if size == 1:
        if hashes:
            raise ValueError("too many hashes")
        return leaf
    if not hashes:
        raise ValueError("too few hashes")
    half = _split(size)
    if index < half:
        return node_hash(root_by_path(leaf, index, half, hashes[:-1]), hashes[-1])
    return node_hash(hashes[-1], root_by_path(leaf, index - half, size - half, hashes[:-1]))


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)
