"""Alphabetical order as a stored key: plain digits and letters that every database collation sorts alike.

The alphabet is the Vietnamese one (a ă â b c d đ e ê …), the tones in the dictionary's order (ngang, huyền, hỏi, ngã,
sắc, nặng), compared syllable by syllable: letters first, then the tone. F, j, w, z stand where the Latin alphabet has
them. Numbers sort by their value (Phường 2 before Phường 10).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .names import split_name
from .text import fold, split_tone

_ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_CODES = "6789abcdefghijklmnopqrstuvwxy"  # 0–5 are tones and ends; z follows a letter to make the foreign one after it
_LETTER = dict(zip(_ALPHABET, _CODES, strict=True))
_LETTER |= {"f": _LETTER["ê"] + "z", "j": _LETTER["i"] + "z", "w": _LETTER["v"] + "z", "z": _LETTER["y"] + "z"}
_TOKEN = re.compile(r"\d+|[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*")
_END = "0"
LONGEST = 200
"""Columns that store a key are this long; names alike in so many letters are not told apart."""


def sort_key(name: str) -> str:
    """A person's place in a list: by given name, middle names, surname. At most :data:`LONGEST` characters."""
    parts = split_name(name)
    return "".join(_part(part) + _END for part in (parts.given, parts.middle, parts.surname))[:LONGEST]


def text_sort_key(text: str) -> str:
    """Any other text's place in a list: syllable by syllable from the left."""
    return _part(text)[:LONGEST]


def _part(text: str) -> str:
    return "".join(_syllable(token) for token in _TOKEN.findall(unicodedata.normalize("NFC", text.lower())))


@lru_cache(maxsize=8192)  # names are made of few syllables
def _syllable(token: str) -> str:
    if token[0].isdecimal():
        digits = str(int(token))
        return f"1{min(len(digits), 9)}{digits}0"
    letters, tone = split_tone(token)
    return "".join(_code(letter) for letter in letters) + str(tone)


def _code(letter: str) -> str:
    """A Vietnamese letter's own place; a letter of another writing beside its plain form."""
    if letter in _LETTER:
        return _LETTER[letter]
    plain = fold(letter)
    if not plain:
        return ""  # a mark without a letter
    return "".join(_LETTER.get(c, _LETTER["z"]) for c in plain)
