"""Written places as codes of communes: that of then, and that of today which took its place."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import polars as pl

from tuphap.engines.vietnamese import fold
from tuphap.engines.vietnamese.gazetteer import Gazetteer, Unit

NOWHERE = -1
ELSEWHERE = 1_000_000
"""From here on: codes of places that are no commune of the table (other provinces), by their written name."""
SURE = 0.4
"""How sure the gazetteer must be of a commune."""
_THEN, _NOW = "then:", "now:"


@dataclass(frozen=True, slots=True)
class Communes:
    """The table of communes, ready to be found in."""

    units: Gazetteer
    to_new: dict[int, int]  # code of then → of today

    @classmethod
    def of(cls, table: pl.DataFrame | None) -> Communes:
        """:param table: columns as :data:`columns.COMMUNES`, texts; None: places are told by their names alone."""
        if table is None:
            return cls(Gazetteer(()), {})
        rows = [row for row in table.iter_rows(named=True) if row["ma_xa"] and row["ma_xa_moi"]]
        now = {
            row["ma_xa_moi"]: Unit(f"{_NOW}{row['ma_xa_moi']}", row["ten_xa_moi"], (row["tinh_moi"] or "",))
            for row in rows
        }
        then = {
            row["ma_xa"]: Unit(
                f"{_THEN}{row['ma_xa']}", row["ten_xa"], (row["ten_huyen"] or "", row["tinh"] or ""),
                successor=f"{_NOW}{row['ma_xa_moi']}",
            ) for row in rows
        }
        return cls(
            Gazetteer([*then.values(), *now.values()]), {int(row["ma_xa"]): int(row["ma_xa_moi"]) for row in rows},
        )

    def find(self, text: str) -> tuple[int, int]:
        """The codes of then and of today that a written place names; :data:`NOWHERE` where it does not say."""
        if not text:
            return NOWHERE, NOWHERE
        found = self.units.find(text)
        if found and found[0].sureness >= SURE:
            unit, today = found[0].unit.code, found[0].today.code
            then = int(unit.removeprefix(_THEN)) if unit.startswith(_THEN) else NOWHERE
            return then, int(today.removeprefix(_NOW))
        parts = [part.strip() for part in fold(text).split(",") if part.strip()]
        if not parts:
            return NOWHERE, NOWHERE
        # Of a province it is enough to say which; without a table the smallest part is what tells places apart.
        province = parts[-1].removeprefix("tinh ").removeprefix("thanh pho ").removeprefix("tp. ")
        told = province if self.to_new else parts[0]
        return NOWHERE, ELSEWHERE + zlib.crc32(told.encode()) % 1_000_000_000


def codes(texts: pl.Series, communes: Communes) -> tuple[pl.Series, pl.Series]:
    """The codes of then and of today of each written place (repaired text), ``Int32``; a text is read once."""
    unique = texts.drop_nulls().unique()
    found = [communes.find(text) for text in unique.to_list()]
    table = pl.DataFrame(
        {"text": unique, "then": [a for a, _ in found], "now": [b for _, b in found]},
        schema={"text": pl.String, "then": pl.Int32, "now": pl.Int32},
    )
    joined = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return joined["then"].fill_null(NOWHERE), joined["now"].fill_null(NOWHERE)
