"""Keys that a typing program should have turned into marks, left as they were: ``Nguyeenx``, ``Thij``.

A step of its own, for comparing: it is a guess, and what a clerk typed stays as it is elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .syllables import is_syllable
from .text import normalise

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_LETTERS = (
    ("uwow", "ươ"), ("uow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"), ("ow", "ơ"), ("uw", "ư"),
    ("dd", "đ"),
)
_WORD = re.compile(r"[A-Za-z]+")
_VOWEL = re.compile(r"[aeiouy]")


def from_telex(text: str) -> str:
    """The text with such words typed out: those of plain letters that are no syllables, and then are.

    >>> from_telex("Nguyeenx Văn Phats")
    'Nguyễn Văn Phát'
    """
    return re.sub(r"[^\W\d_]+", lambda found: _typed(found.group()), text)


@lru_cache(maxsize=1 << 15)
def _typed(word: str) -> str:
    if not _WORD.fullmatch(word) or is_syllable(word):
        return word
    low = word.lower()
    made = next(filter(is_syllable, map(_marked, [low, *_without_tones(low)])), None)
    if made is None or made == low:
        return word
    if word.isupper():
        return made.upper()
    return made.capitalize() if word[0].isupper() else made


def _without_tones(word: str) -> list[str]:
    """The word with each letter that may be a tone's key put as its mark, the last first."""
    first = _VOWEL.search(word)
    if first is None:
        return []
    places = [at for at in range(len(word) - 1, first.start(), -1) if word[at] in _TONES]
    return [word[:at] + word[at + 1 :] + _TONES[word[at]] for at in places]


def _marked(word: str) -> str:
    for keys, letter in _LETTERS:
        word = word.replace(keys, letter)
    return normalise(word)
