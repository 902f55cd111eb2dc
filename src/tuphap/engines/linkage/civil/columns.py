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
IDENTIFIERS = ("civil_id", "pop_id")


class BadTable(ValueError):
    """A file that is no table of the kind wanted; the message says why, in Vietnamese."""


def read(path: Path, wanted: Sequence[str], *, optional: Sequence[str] = ()) -> pl.DataFrame:
    """The wanted columns of a parquet or CSV file, every one as text; an optional one that is not there is all null.

    :raises BadTable: another kind of file, or none that can be read; a column is missing; an identifier is empty or
        stands there twice.
    """
    suffix = path.suffix.lower()
    if suffix not in (".parquet", ".csv"):
        raise BadTable(f"{path.name}: chỉ đọc được tệp .parquet hoặc .csv, không phải “{suffix}”.")
    try:
        lazy = pl.scan_parquet(path) if suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)
        there = set(lazy.collect_schema().names())
        if missing := [name for name in wanted if name not in there and name not in optional]:
            raise BadTable(f"{path.name}: thiếu cột {', '.join(missing)}.")
        table = lazy.select(
            (pl.col(name) if name in there else pl.lit(None)).cast(pl.String).alias(name) for name in wanted
        ).collect()
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise BadTable(f"{path.name}: không đọc được như một bảng {suffix}.") from problem
    for name in set(IDENTIFIERS) & set(wanted):
        if table[name].null_count():
            raise BadTable(f"{path.name}: có dòng trống cột {name}.")
        if table[name].n_unique() < len(table):
            raise BadTable(f"{path.name}: cột {name} có giá trị lặp lại.")
    return table
