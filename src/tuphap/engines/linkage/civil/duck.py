"""Candidates joined by DuckDB: keys of both sides as integer columns, the pairs that share one, each once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from .keys import Way

JOIN = "SELECT {pair} FROM civil_keys JOIN population_keys USING (way, key)"
"""The same statement on DuckDB and on Spark; a pair comes once for each key that it shares."""


class Joiner:
    """Holds the keys of the population; asked for the candidates of some entries at a time."""

    def __init__(
        self, ways: Iterable[Way], *, memory: str = "1GB", threads: int = 2, spill: Path | None = None,
    ) -> None:
        """:param memory: how much of it DuckDB may use. :param spill: where it may write what does not fit."""
        self._db = duckdb.connect(config={
            "memory_limit": memory, "threads": threads, **({"temp_directory": str(spill)} if spill else {}),
        })
        self._db.execute("CREATE TABLE population_keys (way TINYINT, key BIGINT, person INTEGER)")
        for way in ways:
            keys = {"key": way.keys, "person": way.rows}  # noqa: F841  # DuckDB reads it by its name
            self._db.execute(f"INSERT INTO population_keys SELECT {way.number}, key, person FROM keys")  # noqa: S608

    def candidates(self, ways: Iterable[Way]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Entries and persons that share a key of the same way, ordered by entry, then person."""
        self._db.execute("CREATE OR REPLACE TABLE civil_keys (way TINYINT, key BIGINT, entry INTEGER)")
        for way in ways:
            keys = {"key": way.keys, "entry": way.rows}  # noqa: F841
            self._db.execute(f"INSERT INTO civil_keys SELECT {way.number}, key, entry FROM keys")  # noqa: S608
        # Sorting numbers is quicker than DISTINCT, and they are wanted in order anyway.
        joined = self._db.execute(JOIN.format(pair="entry::BIGINT << 32 | person AS pair")).fetchnumpy()["pair"]
        pairs = np.sort(np.asarray(joined, np.int64))
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
        return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)

    def close(self) -> None:
        self._db.close()
