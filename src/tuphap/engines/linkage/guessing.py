"""Settings for a table that came without: what each column is, judged by its name and its values."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .settings import BadSettings, FieldSettings, FieldType, Settings
from .table import tidy

NAME = re.compile(r"name|họ|tên|(^|_)(ho|ten|hoten)(_|$)", re.IGNORECASE)
NAME_PART = re.compile(
    r"(first|given|middle|last|sur|family|fore).?(and.?surname|name)|^(họ|đệm|tên|ho|dem|ten|ho_dem|chu_dem)$",
    re.IGNORECASE,
)
FEW_VALUES = 12  # sex, state: nothing to be read as words
FEW_PER_ROW = 0.2  # distinct values a row: communes of residence, written in many words, are still places
MOSTLY = 0.8
CONTAINED = 0.95  # of the rows in which another column says the same and more


def guess_settings(frame: pl.DataFrame, *, id_column: str, leave_out: Sequence[str] = ()) -> Settings:
    """Fields for every column that can tell persons apart, but the identifier and those left out.

    Parts of a person's name become one field. A column whose words another repeats is read once, in the longer.

    :raises BadSettings: no column is left.
    """
    columns = [name for name in frame.columns if name not in {id_column, *leave_out} and _tells(frame[name])]
    types = {name: _type(frame, name) for name in columns}
    columns = [name for name in columns if not _repeated(frame, name, columns, types)]
    parts = tuple(name for name in columns if types[name] is FieldType.NAME and NAME_PART.search(name))
    fields = [FieldSettings("name", FieldType.NAME, parts)] if len(parts) > 1 else []
    taken = set(parts) if fields else set()
    fields += [FieldSettings(name, types[name], (name,)) for name in columns if name not in taken]
    if not fields:
        raise BadSettings(why="không thấy cột nào phân biệt được người")
    return Settings(tuple(fields))


def _tells(values: pl.Series) -> bool:
    """Whether a column says more than one thing, and any thing twice."""
    said = values.drop_nulls()
    return 1 < said.n_unique() < len(said)


def _type(frame: pl.DataFrame, name: str) -> FieldType:
    values = frame[name].drop_nulls().unique().to_frame("value")
    dates = values.select(date=tidy(pl.col("value"), FieldType.DATE))["date"]
    if _share(dates, r"^(1\d|20)\d\d(0\d|1[0-2])([0-2]\d|3[01])$") >= MOSTLY:
        return FieldType.DATE
    if NAME.search(name):
        return FieldType.NAME
    words = values.select(words=tidy(pl.col("value"), FieldType.TEXT).str.count_matches(r"\S+").mean()).item()
    if len(values) <= FEW_VALUES or _share(values["value"], "@") >= MOSTLY:
        return FieldType.CODE
    if words <= 2 and _share(values["value"], r"\d") >= MOSTLY:
        return FieldType.CODE
    often_the_same = len(values) < FEW_PER_ROW * frame[name].count()
    return FieldType.PLACE if words <= 2 or often_the_same else FieldType.TEXT


def _share(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]


def _repeated(frame: pl.DataFrame, name: str, columns: Sequence[str], types: dict[str, FieldType]) -> bool:
    """Whether another column says in nearly every row what this one says, and more."""
    mine = _words(frame, name)
    said = mine.list.len() > 0
    for other in columns:
        if other == name or types[other] is not types[name]:
            continue
        theirs = _words(frame, other)
        inside = int(((mine.list.set_difference(theirs).list.len() == 0) & said).sum())
        longer = (theirs.list.len().sum(), columns.index(other)) > (mine.list.len().sum(), columns.index(name))
        if longer and inside >= CONTAINED * int(said.sum()):
            return True
    return False


def _words(frame: pl.DataFrame, name: str) -> pl.Series:
    words = tidy(pl.col(name), FieldType.TEXT).fill_null("").str.extract_all(r"\S+")
    return frame.select(words.alias("words"))["words"]
