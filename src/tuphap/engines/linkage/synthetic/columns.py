"""Small makers of columns."""

from __future__ import annotations

import numpy as np
import polars as pl

from .damage import Flags


def named(letter: str, rows: pl.Series) -> pl.Series:
    """``H00000012`` of 12."""
    return pl.DataFrame({"row": rows}).select(
        pl.lit(letter) + pl.col("row").cast(pl.String).str.zfill(8)).to_series()


def without(text: pl.Series, missing: Flags) -> pl.Series:
    """The texts, null where they are missing."""
    return pl.DataFrame({"text": text, "missing": missing}).select(
        pl.when(~pl.col("missing")).then("text")).to_series()


def or_null(text: pl.Series) -> pl.Series:
    """The texts, null where they are empty."""
    return text.to_frame("text").select(pl.when(pl.col("text") != "").then("text")).to_series()


def joined(tags: dict[str, Flags]) -> pl.Series:
    """``name:ocr|dob:year`` for each row, in the order of the tags."""
    bits = np.zeros(len(next(iter(tags.values()))), np.int64)
    for place, flags in enumerate(tags.values()):
        bits |= flags.astype(np.int64) << place
    found, at = np.unique(bits, return_inverse=True)
    texts = ["|".join(tag for place, tag in enumerate(tags) if mask >> place & 1) for mask in found.tolist()]
    return pl.Series(texts, dtype=pl.String).gather(at)
