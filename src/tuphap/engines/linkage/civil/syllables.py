"""The different syllables of all names, numbered: what is known of each is looked up by its number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.vietnamese import fold
from tuphap.engines.vietnamese.phonetic import syllable_key

LONGEST = 10
"""Letters of a syllable that are compared."""
SLOTS = 5
"""Syllables of a name that are kept: the first four and the last."""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789?'")


SYLLABLE = np.dtype([
    ("written", "i8"), ("folded", "i8"), ("sound", "i8"),  # hashes, the same in every run: as is, without marks, by ear
    ("set", "i4"),  # which letters occur: a bit each
    ("letters", "u1", LONGEST),  # folded
    ("length", "i1"),
    ("short", "?"),  # an abbreviation: "Ng.", "V"
    ("plain", "?"),  # bears no mark
], align=True)
Syllables = NDArray[np.void]
"""By the syllable's number, of :data:`SYLLABLE`."""


class Names(NamedTuple):
    """Names as numbers of their syllables: ``words`` is [rows, SLOTS], −1 beyond ``length``."""

    words: NDArray[np.int32]
    length: NDArray[np.int8]


def number(columns: Sequence[pl.Series]) -> tuple[Syllables, list[Names]]:
    """The syllables of all columns of names (lower case, single blanks), and each column by their numbers."""
    strings = [column.drop_nulls().unique() for column in columns]
    split = [unique.str.split(" ") for unique in strings]
    words = _different(split)
    numbers = pl.DataFrame({"word": words, "number": pl.int_range(len(words), dtype=pl.Int32, eager=True)})
    named = [_numbered(*trio, numbers) for trio in zip(columns, strings, split, strict=True)]
    return known_of(words.to_list()), named


def different(columns: Sequence[pl.Series]) -> pl.Series:
    """The different syllables of columns of names, in the order in which :func:`number` numbers them."""
    return _different([column.drop_nulls().unique().str.split(" ") for column in columns])


def _different(split: Sequence[pl.Series]) -> pl.Series:
    words = pl.concat([parts.explode().drop_nulls() for parts in split]).unique().sort()
    return words.filter(words != "")


def _numbered(column: pl.Series, unique: pl.Series, split: pl.Series, numbers: pl.DataFrame) -> Names:
    rows = (
        pl.DataFrame({"row": pl.int_range(len(unique), dtype=pl.Int32, eager=True), "word": split}).explode("word")
        .join(numbers, on="word", how="inner", maintain_order="left")
    )
    row, word = rows["row"].to_numpy(), rows["number"].to_numpy()
    count = np.bincount(row, minlength=len(unique))
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    table = np.full((len(unique) + 1, SLOTS), -1, np.int32)  # the last row is nobody's name
    fits = place < SLOTS
    table[row[fits], place[fits]] = word[fits]
    last = (place >= SLOTS) & (place == count[row] - 1)
    table[row[last], SLOTS - 1] = word[last]
    length = np.append(np.minimum(count, SLOTS), 0).astype(np.int8)
    where = pl.DataFrame({"text": unique, "row": pl.int_range(len(unique), dtype=pl.Int32, eager=True)})
    index = (
        column.to_frame("text").join(where, on="text", how="left", maintain_order="left")["row"]
        .fill_null(len(unique)).to_numpy()
    )
    return Names(table[index], length[index])


def known_of(words: list[str]) -> Syllables:
    """What is known of each syllable."""
    folded = ["".join(c for c in fold(word) if c in _LETTERS) for word in words]
    known = np.zeros(len(words), SYLLABLE)
    known["written"], known["folded"] = _hashes(words), _hashes(folded)
    known["sound"] = _hashes([syllable_key(text) or text for text in folded])
    for i, (word, text) in enumerate(zip(words, folded, strict=True)):
        cut = text[:LONGEST].encode()
        known["letters"][i, : len(cut)] = list(cut)
        known["length"][i] = len(cut)
        known["set"][i] = _set_of(text[:LONGEST])
        known["short"][i] = "." in word or len(text) == 1
        known["plain"][i] = fold(word) == word
    return known


def _set_of(text: str) -> int:
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) - ord("a") if "a" <= letter <= "z" else 26)
    return bits


def _hashes(texts: list[str]) -> NDArray[np.int64]:
    known = {
        text: int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True) for text in set(texts)
    }
    return np.array([known[text] for text in texts], np.int64)
