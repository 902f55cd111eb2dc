"""A province that does not exist: its communes before and after the merger, and how entries write them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.vietnamese import ToneStyle, place_tones

from .vocabulary import CASES, ENCODINGS, style_table
from .words import PLACE_WORDS, PROVINCES

_KINDS = ("xã", "phường", "thị trấn")
_KIND_SHARES = (0.8, 0.13, 0.07)
_IN_A_DISTRICT = 15


@dataclass(frozen=True, slots=True)
class Province:
    """The gazetteer, and how many people live where.

    A place is a number: communes of old, then the communes they became, then other provinces.
    """

    communes: pl.DataFrame
    shares: NDArray[np.float64]
    texts: list[str]

    @property
    def size(self) -> int:
        """How many communes there were."""
        return self.communes.height

    @property
    def successors(self) -> NDArray[np.int64]:
        """The place that each commune became."""
        return self.communes["ma_xa_moi"].cast(pl.Int64).to_numpy() + self.size

    @property
    def others(self) -> int:
        """The first of the places outside."""
        return len(self.texts) - len(PROVINCES)

    def table(self) -> pl.Series:
        """Every place in every style, tones in their old places first, then in the new ones; see ``index``."""
        new = [place_tones(text, ToneStyle.NEW) for text in self.texts]
        return pl.concat([style_table(self.texts), style_table(new)]).rechunk()

    def index(
        self, place: NDArray[np.int64], style: NDArray[np.int64], placement: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Where the table has them."""
        return (placement * len(CASES) * len(ENCODINGS) + style) * len(self.texts) + place


def make_province(rng: np.random.Generator, *, rows: int) -> Province:
    """A province whose communes grow with the number of entries: 20 for 100,000 rows, 55 for 500,000."""
    count = max(4, round(20 * (rows / 100_000) ** 0.63))
    districts = max(2, min(3, count // 5), count // _IN_A_DISTRICT)
    names = [f"{first} {second}" for first, second in product(PLACE_WORDS, PLACE_WORDS) if first != second]
    rng.shuffle(names)
    old_province, new_province, *names = names
    district_names, names = names[:districts], names[districts:]
    district = np.sort(rng.integers(0, districts, count))
    rows_of: list[dict[str, object]] = []
    successor, left, last_district = -1, 0, -1
    new_name = ""
    for code in range(count):
        # Some names are those of another district's commune.
        repeated = code > 20 and rng.random() < 0.04
        name = str(rows_of[int(rng.integers(0, code // 2))]["ten_xa"]).split(" ", 1)[-1] if repeated else names.pop()
        name = name.removeprefix("trấn ")
        kind = _KINDS[int(rng.choice(3, p=_KIND_SHARES))]
        if left == 0 or district[code] != last_district:
            successor, left, last_district = successor + 1, int(rng.integers(1, 5)), district[code]
            new_kind = "phường" if kind != "xã" or rng.random() < 0.1 else "xã"
            new_name = f"{new_kind} {name if rng.random() < 0.75 else names.pop()}"
        left -= 1
        rows_of.append({
            "ma_xa": code, "ten_xa": f"{kind} {name}", "ten_huyen": f"huyện {district_names[district[code]]}",
            "ma_huyen": int(district[code]), "ma_xa_moi": successor, "ten_xa_moi": new_name,
            "tinh": f"tỉnh {old_province}", "tinh_moi": f"tỉnh {new_province}",
        })
    communes = pl.DataFrame(rows_of).with_columns(pl.col("ma_xa_moi").cast(pl.Int32))
    shares = rng.lognormal(0, 0.5, count)
    return Province(communes, shares / shares.sum(), _texts(communes))


def _texts(communes: pl.DataFrame) -> list[str]:
    old = communes.select(pl.concat_str("ten_xa", "ten_huyen", "tinh", separator=", ")).to_series()
    new = communes.unique("ma_xa_moi", keep="first", maintain_order=True).select(
        pl.concat_str("ten_xa_moi", "tinh_moi", separator=", "),
    ).to_series()
    return [*old, *new, *PROVINCES]
