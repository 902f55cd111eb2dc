"""Identifiers: time-ordered keys for rows, unguessable codes for the public."""

from __future__ import annotations

import os
import secrets
import time
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to mistake


def new_id() -> uuid.UUID:
    """A UUID of version 7: unique, and sorting by the millisecond of its birth, so that indexes stay compact."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def new_public_code() -> str:
    """130 random bits as 26 letters and digits that can be read aloud; says nothing about what it names."""
    return "".join(secrets.choice(ALPHABET) for _ in range(26))


def normalise_public_code(text: str) -> str:
    """What was typed or scanned, as :func:`new_public_code` wrote it: upper case, separators and look-alikes mended."""
    mended = text.upper().translate(str.maketrans("OILU", "011V"))
    return "".join(c for c in mended if c in ALPHABET)
