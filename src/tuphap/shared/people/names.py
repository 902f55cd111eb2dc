"""A person's name: kept whole as declared, with keys to list and to find it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from tuphap.engines.vietnamese import fold, sort_key, split_name
from tuphap.kernel.text import tidy

from .refusals import BadName, written_as_text

SHORTEST, LONGEST = 2, 100
_MENDED = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-"})
_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_SHAPE = re.compile(rf"{_LETTER}(?:[ '\-]?{_LETTER})*")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in Vietnamese or another language written in Latin letters.

    ``PersonName("  Nguyễn  Thị Ánh ").text == "Nguyễn Thị Ánh"``: NFC and tidy, else as declared: the placement of a
    tone is part of what the papers say.

    :raises BadName: digits, symbols, another script, or a length out of 2–100 (Civil Code 2015 art. 26.3).
    """

    text: str

    def __post_init__(self) -> None:
        text = tidy(self.text.translate(_MENDED))
        if not SHORTEST <= len(text) <= LONGEST or not _SHAPE.fullmatch(text) or not _is_latin(text):
            raise BadName()
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        return self.text

    @property
    def surname(self) -> str:
        return split_name(self.text).surname

    @property
    def middle(self) -> str:
        return split_name(self.text).middle

    @property
    def given(self) -> str:
        return split_name(self.text).given

    @property
    def upper(self) -> str:
        """As certificates print it: NGUYỄN THỊ ÁNH."""
        return self.text.upper()

    @property
    def sort_key(self) -> str:
        """For a stored column (200): by given name, then middle names, then surname, in the Vietnamese alphabet."""
        return sort_key(self.text)

    @property
    def search_key(self) -> str:
        """For a stored column: lower case without marks; compare with :meth:`search_words`."""
        return fold(self.text)

    @staticmethod
    def search_words(text: str) -> list[str]:
        """The words by which a search key is asked for; ``text`` need not be a whole name."""
        return fold(text.translate(_MENDED)).split()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return written_as_text(cls, cls, str)


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(c, "").startswith(("LATIN ", "COMBINING ")) for c in text if c not in " '-")
