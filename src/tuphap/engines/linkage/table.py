"""Tables of persons: read from CSV or parquet, and each field made numbers that stand for its distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tuphap.kernel.refusal import Refusal

from .kernels import Codes
from .settings import BadSettings, FieldSettings, FieldType, Settings

MISSING = -1


class BadTable(Refusal):
    code = "linkage.bad_table"
    message_vi = "Không đọc được bảng: {why}"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of all records: ``values[codes[i]]`` is what record ``i`` says, :data:`MISSING` where it says nothing."""

    field: FieldSettings
    codes: Codes
    values: tuple[str, ...]

    def counts(self) -> Codes:
        """How many records say each value."""
        return np.bincount(self.codes[self.codes != MISSING], minlength=len(self.values)).astype(np.int32)


def read_table(paths: Sequence[Path]) -> pl.DataFrame:
    """The records of all files, one after the other, every value as text; blanks around names and values go.

    :raises BadTable: a file cannot be read, or the files differ in their columns.
    """
    try:
        return pl.concat([_read(path) for path in paths])
    except (OSError, pl.exceptions.PolarsError) as trouble:
        raise BadTable(why=str(trouble)) from trouble


def _read(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    return frame.select(pl.col(name).cast(pl.String).str.strip_chars().alias(name.strip()) for name in frame.columns)


def in_order(frame: pl.DataFrame, id_column: str) -> pl.DataFrame:
    """The records by their identifiers: whatever order they came in, the answer is the same.

    :raises BadTable: there is no such column, or an identifier is missing or stands twice.
    """
    if id_column not in frame.columns:
        raise BadTable(why=f"không có cột “{id_column}”")
    ids = frame[id_column]
    if ids.null_count() or ids.n_unique() < len(ids):
        raise BadTable(why=f"cột “{id_column}” có ô trống hoặc giá trị lặp lại")
    return frame.sort(id_column)


def encode(frame: pl.DataFrame, settings: Settings) -> list[Column]:
    """The fields of the settings, in their order.

    :raises BadSettings: a column is not in the table.
    """
    return [_encode(frame, one) for one in settings.fields]


def _encode(frame: pl.DataFrame, field: FieldSettings) -> Column:
    for name in field.columns:
        if name not in frame.columns:
            raise BadSettings(why=f"bảng không có cột “{name}”")
    parts = pl.concat_str([pl.col(name) for name in field.columns], separator=" ", ignore_nulls=True)
    said = frame.select(value=tidy(parts, field.type)).with_columns(pl.col("value").replace("", None))
    values = said["value"].drop_nulls().unique().sort()
    numbered = values.to_frame("value").with_row_index("code")
    codes = said.join(numbered, on="value", how="left", maintain_order="left")["code"]
    return Column(field, codes.cast(pl.Int32).fill_null(MISSING).to_numpy(), tuple(values))


def tidy(text: pl.Expr, kind: FieldType) -> pl.Expr:
    """A value as it is compared: lower case, signs gone; a date as YYYYMMDD, its unknown parts 0."""
    words = text.str.normalize("NFC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars()
    if kind is FieldType.CODE:
        return words.str.replace_all(" ", "")
    if kind is not FieldType.DATE:
        return words
    year_first = words.str.extract_groups(r"^(\d{4}) (\d{1,2}) (\d{1,2})\b")
    day_first = words.str.extract_groups(r"^(\d{1,2}) (\d{1,2}) (\d{4})$")
    return (
        pl.when(year_first.struct.field("1").is_not_null()).then(_date(year_first, "123"))
        .when(day_first.struct.field("1").is_not_null()).then(_date(day_first, "321"))
        .when(words.str.contains(r"^\d{4}$")).then(words + "0000")
        .otherwise(words.str.replace_all(" ", ""))
    )


def _date(groups: pl.Expr, order: str) -> pl.Expr:
    year, month, day = (groups.struct.field(one) for one in order)
    return pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)])
