"""Files with a row for each person: the two rows of a marriage made one, wherever in the file they stand.

Two rows belong together that tell the same office, book and number, one of a man and one of a woman. A pair stands
where its first row does; its cells are headed ``Họ tên (chồng)``, ``Họ tên (vợ)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from . import columns as at
from . import sources
from .reading import ALONE, sex_of
from .sources import ROW, Source

_KEY = (at.OFFICE, at.BOOK, at.VOLUME, at.YEAR, at.NUMBER)
_SEX = f"{at.SPOUSE}.sex"
_SIDES = {"male": (at.HUSBAND, "chồng"), "female": (at.WIFE, "vợ")}


class Pairs:
    """The pairs of a file. ``columns``: header → place, of a mapping by persons; :attr:`wide` is theirs by entries."""

    def __init__(self, folder: Path, source: Source, columns: Mapping[str, str]) -> None:
        self.folder, self.source = folder, source
        self.of_spouse = {
            header: path.partition(".")[2] for header, path in columns.items()
            if path.startswith(f"{at.SPOUSE}.") and path != _SEX
        }
        self.others = {header: path for header, path in columns.items() if not path.startswith(f"{at.SPOUSE}.")}
        self.wide = self.others | {
            f"{header} ({word})": f"{part}.{place}"
            for header, place in self.of_spouse.items() for part, word in _SIDES.values()
        }
        self._rows = self._told({path: header for header, path in columns.items()})

    def chunk(self, number: int) -> pl.DataFrame:
        """The pairs, and the rows without a partner, whose first row stands in this chunk of the file."""
        here = self._rows.filter(pl.col("chunk") == number)
        firsts = here.filter(pl.col(ALONE).is_null() & (pl.col(ROW) == pl.col("first")))
        mates = self._rows.join(firsts.select("key"), on="key", how="semi").filter(pl.col(ROW) != pl.col("first"))
        cells = pl.concat([
            sources.chunk_of(self.folder, self.source, one)
            for one in sorted({number, *mates["chunk"].unique().to_list()})
        ])
        told = pl.concat([firsts, mates, here.filter(pl.col(ALONE).is_not_null())])
        known = told.join(cells, on=ROW, how="left")
        return self._side_by_side(known)

    def _told(self, of: Mapping[str, str]) -> pl.DataFrame:
        """Every row of the file: its chunk, its key, its sex, the first row of its key, why it is alone."""
        key = [of[path] for path in _KEY if path in of]
        frame = sources.all_of(self.folder, self.source, [*key, of[_SEX]]).with_columns(
            pl.concat_str([pl.col(header).fill_null("").str.strip_chars() for header in key], separator="\x1f")
            .hash(seed=1).alias("key"),
            sex_of(pl.col(of[_SEX]).str.strip_chars()).alias("sex"),
        ).select(ROW, "key", "sex").collect()
        men, women = ((pl.col("sex") == sex).sum().over("key") for sex in _SIDES)
        many = pl.len().over("key")
        return frame.with_row_index("at").with_columns(
            (pl.col("at") // self.source.chunk).cast(pl.Int64).alias("chunk"),
            pl.col(ROW).min().over("key").alias("first"),
            pl.when((many == 2) & (men == 1) & (women == 1)).then(None)
            .when(many == 2).then(pl.lit("hai dòng không phải một nam, một nữ"))
            .otherwise(pl.format("{} dòng", many)).alias(ALONE),
        )

    def _side_by_side(self, known: pl.DataFrame) -> pl.DataFrame:
        """One row for each first row: what is of both from it, what is of the spouses from each."""
        place = pl.when(pl.col(ALONE).is_null()).then(pl.col("first")).otherwise(pl.col(ROW))
        known = known.with_columns(place.alias("_place"))
        wide = known.filter(pl.col(ROW) == pl.col("_place")).select(ROW, ALONE, *self.others).sort(ROW)
        for sex, (_, word) in _SIDES.items():
            side = known.filter(pl.col("sex").fill_null("male") == sex).select(
                pl.col("_place").alias(ROW), *(pl.col(header).alias(f"{header} ({word})") for header in self.of_spouse))
            wide = wide.join(side, on=ROW, how="left", maintain_order="left")
        return wide
