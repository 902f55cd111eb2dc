"""Keys under which names are alike that ears and regional spelling confuse.

Two strengths. *Strict*: other spellings of the same word only (Lý, Lí; Thúy, Thuý) and hỏi for ngã. *Loose*: marks and
tones dropped, and the sounds that regions do not tell apart: l and n; d, đ, gi, r and v; ch and tr; s and x; final n,
ng and nh; final t, c and ch. Loose keys of a name with marks and of the same name without are equal.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from .syllables import parse_syllable
from .text import fold, normalise

_ONSETS = {
    "ngh": "g", "ng": "g", "nh": "nh", "gh": "g", "g": "g", "tr": "c", "ch": "c", "th": "th", "ph": "f", "kh": "kh",
    "qu": "kw", "q": "k", "k": "k", "c": "k", "r": "d", "v": "d", "d": "d", "s": "s", "x": "s", "l": "l", "n": "l",
}
_CODAS = {"ng": "n", "nh": "n", "n": "n", "ch": "t", "c": "t", "t": "t"}
_LOOSE = re.compile(r"(ngh|ng|nh|gh|gi(?=[aeiouy])|tr|ch|th|ph|kh|qu|[bcdghklmnpqrstvxfjwz]?)(.*?)(ng|nh|ch|[ncmtp])?")
_NOT_WORD = re.compile(r"[^a-z0-9? ]+")


class Strength(StrEnum):
    STRICT = "strict"
    LOOSE = "loose"


def phonetic_key(name: str, strength: Strength = Strength.LOOSE) -> str:
    """The keys of the name's words with single blanks between them, in their order.

    >>> phonetic_key("Nguyễn Chí Lương") == phonetic_key("NGUYEN TRI NUONG")
    True
    """
    return " ".join(filter(None, (syllable_key(word, strength) for word in name.split())))


@lru_cache(maxsize=1 << 16)
def syllable_key(word: str, strength: Strength = Strength.LOOSE) -> str:
    """The key of one word; a word that is no syllable has one too, by its letters."""
    return _loose(word) if strength is Strength.LOOSE else _strict(word)


def _strict(word: str) -> str:
    syllable = parse_syllable(word)
    if syllable is None:
        return normalise(word).lower()
    onset = {"k": "c", "qu": "cu", "gh": "g", "ngh": "ng"}.get(syllable.onset, syllable.onset)
    if onset == "gi" and syllable.vowels.startswith("i"):
        onset = "g"
    vowels = "i" if syllable.vowels == "y" else syllable.vowels.replace("yê", "iê")
    tone = 3 if syllable.tone == 2 else syllable.tone  # hỏi as ngã
    return f"{onset}{vowels}{syllable.coda}{tone or ''}"


def _loose(word: str) -> str:
    parts = _LOOSE.fullmatch(_NOT_WORD.sub("", fold(word)))
    if parts is None:  # nothing but signs
        return ""
    onset, vowels, coda = parts.groups(default="")
    if onset == "gi":
        onset, vowels = "d", ("i" if vowels.startswith("e") else "") + vowels
    return _ONSETS.get(onset, onset) + vowels.replace("y", "i") + _CODAS.get(coda, coda)
