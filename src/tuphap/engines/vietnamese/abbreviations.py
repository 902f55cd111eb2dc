"""What clerks shorten: names (``Ng. V. An``, ``N.T.Hoa``) and kinds of units (``TX.``, ``P.``)."""

from __future__ import annotations

import re
from functools import lru_cache

from .text import fold

UNIT_KINDS = {
    "t": "tỉnh", "tp": "thành phố", "q": "quận", "h": "huyện", "tx": "thị xã", "tt": "thị trấn", "p": "phường",
    "x": "xã", "dk": "đặc khu", "kp": "khu phố", "tdp": "tổ dân phố",
}
"""Short forms of kinds of units, folded and without a stop, and what they stand for."""

_NAMES = {"ng": "nguyen", "n": "nguyen", "tr": "tran", "ph": "pham", "h": "huynh", "hg": "hoang", "th": "thi"}
_PIECE = re.compile(r"[^\s.]+\.?")
_UNIT = re.compile(r"\b(tdp|tp|tx|tt|dk|kp|[tqhpx])(?:\.\s*|\s+(?=\S))")


def may_abbreviate(short: str, full: str) -> bool:
    """Whether ``short`` may be the name ``full`` with some of its words shortened; words left out are no shortening.

    Without regard to marks and case. A stop, or a single letter, shows that a word is shortened; a whole word stands
    for itself only.

    >>> may_abbreviate("Ng. V. An", "Nguyễn Văn An"), may_abbreviate("N.T.Hoa", "Nguyễn Thị Hoa")
    (True, True)
    """
    pieces, words = split_short(short), fold(full).split()
    return len(pieces) == len(words) and all(stands_for(piece, word) for piece, word in zip(pieces, words, strict=True))


def is_abbreviated(name: str) -> bool:
    """Whether a name shows that a word of it is shortened; ``Y``, ``A`` without a stop are names of some peoples."""
    return any(piece.endswith(".") or (len(piece) == 1 and piece not in "aiuy") for piece in split_short(name))


@lru_cache(maxsize=1 << 15)
def split_short(name: str) -> tuple[str, ...]:
    """The folded words of a name, those that end with a stop keep it: ``N.T.Hoa`` → ``n.``, ``t.``, ``hoa``."""
    return tuple(_PIECE.findall(fold(name)))


def stands_for(piece: str, word: str) -> bool:
    """Whether one folded piece may be the folded word: itself, its beginning, its first letter and others."""
    short = piece.removesuffix(".")
    if short == word:
        return True
    if piece == short and len(short) > 1:
        return short in ("ng", "tr", "ph", "th", "hg") and word.startswith(short)
    if word.startswith(short):
        return True
    return len(short) > 1 and short[0] == word[0] and _in_order(short[1:], word[1:])


def guess(piece: str) -> str | None:
    """The word that a short form most often is in a name, folded: ``Ng.`` → ``nguyen``; ``None`` for others."""
    return _NAMES.get(fold(piece).removesuffix("."))


def spell_units(address: str) -> str:
    """The address folded, short kinds of units written out: ``X. Tây Lộc, H. Ia Đồng`` → ``xa tay loc, huyen ia dong``.

    A kind of one letter is taken for one only with its stop, or at the head of a part before a name.
    """
    return ", ".join(_spelled(part.strip()) for part in re.split(r"\s*[,;]\s*|\s+-\s+", fold(address)) if part.strip())


def _spelled(part: str) -> str:
    found = _UNIT.match(part)
    if found is None:
        return part
    return f"{fold(UNIT_KINDS[found[1]])} {part[found.end():]}".strip()


def _in_order(letters: str, word: str) -> bool:
    at = iter(word)
    return all(letter in at for letter in letters)
