"""Rows of both sides as tests write them: only what a case is about, the rest as it would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.linkage.answers import CivilRecord, Kind
from tuphap.engines.linkage.civil import compare as cmp
from tuphap.engines.linkage.civil import tidy
from tuphap.engines.linkage.civil.arrays import Sides, build
from tuphap.engines.linkage.civil.columns import CIVIL, POPULATION
from tuphap.engines.linkage.civil.judge import Pairs
from tuphap.engines.linkage.civil.places import Communes

Row = Mapping[str, str | None]

COMMUNES = Communes.of(pl.DataFrame(
    [("101", "Xã An Dương", "Huyện An Lão", "Hải Phòng", "1", "Xã An Hưng", "Hải Phòng"),
     ("102", "Xã Bắc Sơn", "Huyện An Lão", "Hải Phòng", "1", "Xã An Hưng", "Hải Phòng"),
     ("103", "Xã Kiến Quốc", "Huyện Kiến Thụy", "Hải Phòng", "2", "Xã Kiến Minh", "Hải Phòng")],
    schema=["ma_xa", "ten_xa", "ten_huyen", "tinh", "ma_xa_moi", "ten_xa_moi", "tinh_moi"], orient="row",
))
"""Two communes that became one, and a third that only changed its name."""


def frame(rows: Sequence[Row], columns: Sequence[str]) -> pl.DataFrame:
    """Raw rows; the first column numbers them where a row does not."""
    told = [{columns[0]: f"{i:06}", **row} for i, row in enumerate(rows)]
    return pl.DataFrame({c: [row.get(c) for row in told] for c in columns}, schema=dict.fromkeys(columns, pl.String))


def sides(entries: Sequence[Row], persons: Sequence[Row]) -> Sides:
    """Both sides, names as written."""
    return build(
        tidy.civil(frame([{"loai": "KS", **row} for row in entries], CIVIL), COMMUNES, repair=False),
        tidy.population(frame(persons, POPULATION), COMMUNES, repair=False),
    )


def levels(entry: Row, person: Row) -> NDArray[np.int16]:
    """The levels of the seven fields of one pair."""
    both = sides([entry], [person])
    found, chances = np.zeros(7, np.int16), np.zeros(7)
    cmp.compare(both.civil[0], both.population[0], both.syllables, both.size, found, chances)
    return found


def pairs(*rows: tuple[int, int, float], kind: int = 0, kin: float = -50.0, unknown: bool = False) -> Pairs:
    """Weighed pairs: entry, person, log₂ of the weight."""
    count = len(rows)
    return Pairs(
        np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows], np.int32),
        np.full(count, kind, np.int8), np.array([row[2] for row in rows], np.float64), np.full(count, kin),
        np.full(count, unknown),
    )


def record(row: Mapping[str, object]) -> CivilRecord:
    """A row of ``civil.parquet`` as it would be asked for at registration."""
    told = {name: "" if value is None else str(value) for name, value in row.items()}
    return CivilRecord(
        told["civil_id"], Kind(told["loai"]), book=told["quyen_so"], year=int(told["nam_dk"]), commune=told["ma_xa_dk"],
        name=told["ho_ten"], father=told["ho_ten_cha"], mother=told["ho_ten_me"], birth_place=told["noi_sinh"],
        residence=told["noi_cu_tru"], sex=told["gioi_tinh"], born_on=told["ngay_sinh"], id_number=told["so_giay_to"],
    )
