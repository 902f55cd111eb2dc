"""Names of old books put right: how many a second, beside reading and hashing the same column.

The names are made: surnames, middle names and given names by chance, the commonest most often, in books of one clerk
each, typed as books are. CPU time of all threads, so that a figure is of one core; nothing is warm. ``BENCH_NAMES``
(1000000): how many.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from tuphap.engines.vietnamese.columns import dates_column, fold_column, phonetic_column, repair_column
from tuphap.engines.vietnamese.encodings import Encoding, encode
from tuphap.engines.vietnamese.syllables import COMMON
from tuphap.engines.vietnamese.text import normalise
from tuphap.sample.families import SURNAMES

from .__main__ import tell

NAMES = int(os.environ.get("BENCH_NAMES", "1000000"))
BOOK = 180  # names in a book
TYPED = {
    Encoding.UNICODE: 0.76, Encoding.TCVN3: 0.10, Encoding.VNI: 0.03, Encoding.PLAIN: 0.08, Encoding.DOUBLE_UTF8: 0.02,
    Encoding.LOST: 0.01,
}
SEED = 11
LIMIT = "the same column read and hashed by polars"


def measure() -> None:
    made = names(NAMES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.parquet"
        made.write_parquet(path)
        limit = NAMES / _cpu(lambda: pl.read_parquet(path, columns=["name"])["name"].hash())
    found = pl.DataFrame()

    def repair() -> None:
        nonlocal found
        found = repair_column(made["name"], made["book"])

    rate = NAMES / _cpu(repair)
    lost = made["typed"].is_in([Encoding.PLAIN.value, Encoding.LOST.value])
    right = (found["text"] == made["clean"]) & ~lost
    tell("vietnamese.repair", rate, "names/s", limit, LIMIT, names=NAMES, different=made["name"].n_unique(),
         right=round(int(right.sum()) / int((~lost).sum()), 5),
         bound_by="joins of strings, and Python for each new word")
    tell("vietnamese.fold", NAMES / _cpu(lambda: fold_column(found["text"])), "names/s", limit, LIMIT)
    tell("vietnamese.sound", NAMES / _cpu(lambda: phonetic_column(found["text"])), "names/s", limit, LIMIT)
    tell("vietnamese.dates", NAMES / _cpu(lambda: dates_column(made["day"])), "dates/s", limit, LIMIT)


def names(count: int) -> pl.DataFrame:
    """``name`` as typed, ``clean``, ``typed`` (its encoding), ``book``, and a ``day`` as written."""
    chance, pick = random.Random(SEED), np.random.default_rng(SEED)  # noqa: S311 - no secret
    words = sorted({normalise(word).capitalize() for word in COMMON})
    chance.shuffle(words)
    weights = 1 / np.arange(3, len(words) + 3)
    weights /= weights.sum()
    surnames, shares = zip(*SURNAMES, strict=True)
    parts = pl.DataFrame({
        "surname": pick.choice(np.array(surnames, dtype=object), count, p=np.array(shares) / sum(shares)),
        "middle": pick.choice(np.array(words, dtype=object), count, p=weights),
        "given": pick.choice(np.array(words, dtype=object), count, p=weights[::-1] * 0.5 + weights * 0.5),
    })
    books = pl.Series("book", np.arange(count) // BOOK)
    kinds = np.array([e.value for e in TYPED], dtype=object)
    kind = pick.choice(kinds, count // BOOK + 1, p=list(TYPED.values()))
    frame = parts.select(clean=pl.concat_str("surname", "middle", "given", separator=" ")).with_columns(
        books, typed=pl.Series(kind[books.to_numpy()], dtype=pl.String),
        day=pl.Series([f"{d}-{m}-{y}" for d, m, y in zip(
            pick.integers(1, 29, count), pick.integers(1, 13, count), pick.integers(1930, 2025, count), strict=True,
        )]),
    )
    unique = frame.select("clean", "typed").unique()
    encoded = unique.with_columns(
        name=pl.Series([encode(clean, Encoding(typed)) for clean, typed in unique.iter_rows()], dtype=pl.String),
    )
    return frame.join(encoded, on=["clean", "typed"], how="left", maintain_order="left")


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
