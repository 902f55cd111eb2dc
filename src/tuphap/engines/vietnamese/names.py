"""Names of people: their parts and their case. A name is never split irreversibly: keep the whole string too."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")


@dataclass(frozen=True, slots=True)
class NameParts:
    """Họ, chữ đệm, tên: the first word, what lies between, the last word. A single word is the given name."""

    surname: str
    middle: str
    given: str


def split_name(name: str) -> NameParts:
    """The usual reading of a Vietnamese name, for sorting and for addressing a person.

    Compound surnames (Tôn Nữ, Âu Dương) and the names of several ethnic groups read otherwise; nothing legal may
    hang on this split.
    """
    words = unicodedata.normalize("NFC", name).split()
    if not words:
        return NameParts("", "", "")
    if len(words) == 1:
        return NameParts("", "", words[0])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def proper_case(name: str) -> str:
    """Each word with a capital: ``NGUYỄN THỊ ÁNH`` → ``Nguyễn Thị Ánh``; ``Y-BHAM`` → ``Y-Bham``."""
    composed = unicodedata.normalize("NFC", name)
    return _WORD.sub(lambda found: found.group()[0].upper() + found.group()[1:].lower(), composed)
