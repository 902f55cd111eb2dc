"""Small text helpers that need no knowledge of Vietnamese; the rest lives in ``engines.vietnamese``."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """NFC, without control characters, runs of white space folded to one blank, none at the ends."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())
