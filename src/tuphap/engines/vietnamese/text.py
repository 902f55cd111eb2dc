"""Composition, tone placement and folding."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Combining marks of the five written tones: huyền, hỏi, ngã, sắc, nặng; their rank in the dictionary's order."""

_ONSETS = r"ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx]|"
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(rf"({_ONSETS})([{_VOWELS}]{{1,3}})(ch|ng|nh|[cmnpt])?")
_QUALITY = "ăâêôơư"
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_STROKES = str.maketrans({"đ": "d", "ð": "d", "ƀ": "b", "ł": "l", "ø": "o"})


class ToneStyle(StrEnum):
    """Where the tone of an open ``oa``, ``oe``, ``uy`` stands: on the first letter (hòa) or on the second (hoà)."""

    OLD = "old"
    NEW = "new"


def normalise(text: str, style: ToneStyle = ToneStyle.OLD) -> str:
    """NFC with every tone in its one place, so that two spellings of the same word are the same string.

    The old placement is the default: it is how provinces and offices write their own names (Khánh Hòa).
    """
    return place_tones(unicodedata.normalize("NFC", text), style)


def place_tones(text: str, style: ToneStyle = ToneStyle.OLD) -> str:
    """Move the tone of each Vietnamese syllable to where ``style`` puts it; leave every other word as it is."""
    return _WORD.sub(lambda found: _place(found.group(), style), unicodedata.normalize("NFC", text))


def split_tone(text: str) -> tuple[str, int]:
    """The text (NFC) without tone marks, and the rank of the first tone in it: 0 ngang, 1 huyền, … 5 nặng."""
    rank, kept = 0, []
    for mark in unicodedata.normalize("NFD", text):
        if mark in TONES:
            rank = rank or TONES[mark]
        else:
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)), rank


def fold(text: str) -> str:
    """For accent-blind search: lower case, no marks, đ as d, runs of white space as one blank.

    >>> fold("  Nguyễn  Thị ĐÀO ")
    'nguyen thi dao'
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(bare.translate(_STROKES).split())


def _place(word: str, style: ToneStyle) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    marks = [c for c in decomposed if c in TONES]
    if len(marks) != 1 or word[0] in "ñÑ":  # a letter of other alphabets, and of VNI
        return word
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    found = _SYLLABLE.fullmatch(toneless.lower())
    if found is None or len(toneless.lower()) != len(toneless):
        return word
    onset, vowels, coda = found.groups(default="")
    if onset in ("gi", "qu") and not vowels:
        return word
    spot = len(onset) + _bearer(vowels, bool(coda), style)
    return unicodedata.normalize("NFC", toneless[: spot + 1] + marks[0] + toneless[spot + 1 :])


def _bearer(vowels: str, closed: bool, style: ToneStyle) -> int:
    """Which of the vowels bears the tone."""
    marked = [i for i, v in enumerate(vowels) if v in _QUALITY]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return 0
    if closed or len(vowels) == 3:
        return len(vowels) - 1 if closed else 1
    return 1 if vowels in ("oa", "oe", "uy") and style is ToneStyle.NEW else 0
