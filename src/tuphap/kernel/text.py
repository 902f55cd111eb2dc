"""Small text helpers that need no knowledge of Vietnamese; the rest lives in ``engines.vietnamese``."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """NFC, without control characters, runs of white space folded to one blank, none at the ends."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10); numbers stay numbers."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{value}"
    return value


def thousands(number: int) -> str:
    """A number with dots between the thousands, as people here write it."""
    return f"{number:,}".replace(",", ".")
