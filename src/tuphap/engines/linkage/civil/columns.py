"""The tables as they come: names of columns, parquet and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

CIVIL = (
    "civil_id", "loai", "quyen_so", "nam_dk", "ma_xa_dk", "ho_ten", "ho_ten_cha", "ho_ten_me", "noi_sinh", "noi_cu_tru",
    "gioi_tinh", "ngay_sinh", "so_giay_to",
)
POPULATION = (
    "pop_id", "cccd", "cmnd", "ho_ten", "gioi_tinh", "ngay_sinh", "ho_ten_cha", "ho_ten_me", "noi_sinh", "thuong_tru",
)
COMMUNES = ("ma_xa", "ten_xa", "ten_huyen", "tinh", "ma_xa_moi", "ten_xa_moi", "tinh_moi")
NAMES = ("ho_ten", "ho_ten_cha", "ho_ten_me")


class BadTable(ValueError):
    """A file that is no table of the kind wanted; the message says why, in Vietnamese."""


def read(path: Path, wanted: Sequence[str], *, optional: Sequence[str] = ()) -> pl.DataFrame:
    """The wanted columns of a parquet or CSV file, every one as text; an optional one that is not there is all null.

    :raises BadTable: another kind of file, or a column is missing.
    """
    match path.suffix.lower():
        case ".parquet":
            lazy = pl.scan_parquet(path)
        case ".csv":
            lazy = pl.scan_csv(path, infer_schema=False)
        case other:
            raise BadTable(f"{path.name}: chỉ đọc được tệp .parquet hoặc .csv, không phải “{other}”.")
    there = set(lazy.collect_schema().names())
    missing = [name for name in wanted if name not in there and name not in optional]
    if missing:
        raise BadTable(f"{path.name}: thiếu cột {', '.join(missing)}.")
    return lazy.select(
        pl.col(name).cast(pl.String) if name in there else pl.lit(None, dtype=pl.String).alias(name) for name in wanted
    ).collect()
