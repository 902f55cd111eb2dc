"""Written places as codes of communes: that of then, and that of today which took its place."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz, process

from tuphap.engines.vietnamese import fold

NOWHERE = -1
ELSEWHERE = 1_000_000
"""From here on: codes of places that are no commune of the table (other provinces), by their written name."""
ALIKE = 82.0
"""How like a commune's name (of 100) a name must be that is not exactly it."""
_MARKS = re.compile(r"[^a-z0-9, ]+")
_KINDS = re.compile(r"\b(xa|phuong|thi tran|dac khu|huyen|quan|thi xa|thanh pho|tinh|tp|tt|tx)\b")


@dataclass(frozen=True, slots=True)
class Communes:
    """The table of communes, ready to be found in: keys are folded names."""

    by_old: dict[str, int]  # "commune, district" → code of then
    by_name: dict[str, int]  # the commune's name alone, where only one bears it
    by_new: dict[str, int]  # today's name → today's code
    to_new: dict[int, int]

    @classmethod
    def of(cls, table: pl.DataFrame | None) -> Communes:
        """:param table: columns as :data:`columns.COMMUNES`, texts; None: there is none, places are told by their names."""
        if table is None:
            return cls({}, {}, {}, {})
        old: dict[str, int] = {}
        alone: dict[str, list[int]] = {}
        new: dict[str, int] = {}
        to_new: dict[int, int] = {}
        for row in table.iter_rows(named=True):
            code, successor = int(row["ma_xa"]), int(row["ma_xa_moi"])
            name = _bare(row["ten_xa"])
            old[f"{name}, {_bare(row['ten_huyen'] or '')}"] = code
            alone.setdefault(name, []).append(code)
            new[_bare(row["ten_xa_moi"])] = successor
            to_new[code] = successor
        return cls(old, {name: codes[0] for name, codes in alone.items() if len(codes) == 1}, new, to_new)

    def find(self, text: str) -> tuple[int, int]:
        """The codes of then and of today that a written place names; :data:`NOWHERE` where it does not say."""
        parts = [part for part in (_bare(part) for part in text.split(",")) if part]
        if not parts:
            return NOWHERE, NOWHERE
        if len(parts) >= 3:
            then = self._like(f"{parts[0]}, {parts[1]}", self.by_old)
            if then is not None:
                return then, self.to_new[then]
        elif len(parts) == 2:
            now = self._like(parts[0], self.by_new)
            if now is not None:
                return NOWHERE, now
        if len(parts) >= 2 and parts[0] in self.by_name:
            then = self.by_name[parts[0]]
            return then, self.to_new[then]
        return NOWHERE, ELSEWHERE + zlib.crc32(parts[-1 if self.by_old else 0].encode()) % 1_000_000_000

    @staticmethod
    def _like(name: str, among: dict[str, int]) -> int | None:
        if name in among:
            return among[name]
        best = process.extractOne(name, among.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        return among[best[0]] if best else None


def codes(texts: pl.Series, communes: Communes) -> tuple[pl.Series, pl.Series]:
    """The codes of then and of today of each written place (repaired text), ``Int32``; every different text is read once."""
    folded = texts.str.to_lowercase()
    unique = folded.drop_nulls().unique()
    found = [communes.find(text) for text in unique.to_list()]
    table = pl.DataFrame(
        {"text": unique, "then": [a for a, _ in found], "now": [b for _, b in found]},
        schema={"text": pl.String, "then": pl.Int32, "now": pl.Int32},
    )
    joined = folded.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return joined["then"].fill_null(NOWHERE), joined["now"].fill_null(NOWHERE)


def _bare(text: str) -> str:
    """Folded, without the words for kinds of units."""
    return " ".join(_KINDS.sub(" ", _MARKS.sub(" ", fold(text))).split())
