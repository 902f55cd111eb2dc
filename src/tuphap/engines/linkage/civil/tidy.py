"""Columns put right: names repaired, dates and places read. What comes out is as many rows, in the same order."""

from __future__ import annotations

import zlib

import polars as pl

from tuphap.engines.vietnamese import fold
from tuphap.engines.vietnamese.columns import repair_frame
from tuphap.engines.vietnamese.dates import read_date

from .columns import NAMES
from .places import NOWHERE, Communes, codes

KINDS = {"KS": 0, "KH": 1, "KT": 2}
MALE, FEMALE = 1, 2
LAST_YEAR = 2100
_SEXES = {
    "nam": MALE, "trai": MALE, "male": MALE, "m": MALE, "nu": FEMALE, "gai": FEMALE, "female": FEMALE, "f": FEMALE,
}
_TIDY_NAMES = ("name", "father", "mother")
_BRIDE_OR_GROOM_AT_LEAST = 14


def civil(raw: pl.DataFrame, communes: Communes, *, repair: bool = True) -> pl.DataFrame:
    """Entries of books, put right.

    :param raw: columns as :data:`columns.CIVIL`, texts; whole books, for the texts of a book vote for their encoding.
    :param repair: False leaves names as they are but for composition (to measure what the repair is worth).
    :returns: ``civil_id lot kind name father mother year month day sex number birth_then birth_now home_then home_now
        office_then office_now``; names in lower case, null where not given; ``month`` and ``day`` 0 where not known;
        ``lot``: by which samples are drawn, from 0 to 1, the same in every run.
    """
    book = pl.concat_str([pl.col(c).fill_null("") for c in ("ma_xa_dk", "loai", "quyen_so")], separator="|")
    texts = [*NAMES, "noi_sinh", "noi_cu_tru"]
    mended = _repaired(raw.with_columns(book=book), texts, "book" if repair else None, repair=repair)
    registered = raw["nam_dk"].cast(pl.Float64, strict=False).cast(pl.Int32, strict=False).fill_null(0)
    kind = raw["loai"].replace_strict(KINDS, default=0, return_dtype=pl.Int8)
    office = raw["ma_xa_dk"].cast(pl.Float64, strict=False).cast(pl.Int32, strict=False).fill_null(NOWHERE)
    birth, home = codes(mended["noi_sinh"], communes), codes(mended["noi_cu_tru"], communes)
    year, month, day = _dates(raw["ngay_sinh"], latest=_latest_birth(kind, registered))
    return pl.DataFrame({
        "civil_id": raw["civil_id"], "lot": _lots(raw["civil_id"]), "kind": kind, **_names(mended),
        "year": year, "month": month, "day": day, "sex": _sexes(raw["gioi_tinh"]),
        "number": _number(raw["so_giay_to"]), "birth_then": birth[0], "birth_now": birth[1], "home_then": home[0],
        "home_now": home[1], "office_then": office,
        "office_now": office.replace_strict(communes.to_new, default=NOWHERE, return_dtype=pl.Int32),
    })


def population(raw: pl.DataFrame, communes: Communes, *, repair: bool = True) -> pl.DataFrame:
    """Persons of the population database, put right: as :func:`civil`, with ``pop_id``, ``personal_number`` and
    ``old_number``.
    """
    mended = _repaired(raw, [*NAMES, "noi_sinh", "thuong_tru"], None, repair=repair)
    birth, home = codes(mended["noi_sinh"], communes), codes(mended["thuong_tru"], communes)
    year, month, day = _dates(raw["ngay_sinh"], latest=pl.repeat(LAST_YEAR, len(raw), dtype=pl.Int32, eager=True))
    return pl.DataFrame({
        "pop_id": raw["pop_id"], **_names(mended),
        "year": year, "month": month, "day": day, "sex": _sexes(raw["gioi_tinh"]),
        "personal_number": _number(raw["cccd"]), "old_number": _number(raw["cmnd"]), "birth_then": birth[0],
        "birth_now": birth[1], "home_then": home[0], "home_now": home[1],
    })


def _lots(identifiers: pl.Series) -> pl.Series:
    drawn = [zlib.crc32(text.encode()) / 2**32 for text in identifiers.fill_null("").to_list()]
    return pl.Series(drawn, dtype=pl.Float64)


def _repaired(frame: pl.DataFrame, columns: list[str], book: str | None, *, repair: bool) -> pl.DataFrame:
    if repair:
        return repair_frame(frame, columns, book)
    return frame.with_columns(pl.col(columns).str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars())


def _names(frame: pl.DataFrame) -> dict[str, pl.Series]:
    return {tidy: frame[raw].str.to_lowercase() for tidy, raw in zip(_TIDY_NAMES, NAMES, strict=True)}


def _sexes(texts: pl.Series) -> pl.Series:
    unique = texts.drop_nulls().unique()
    table = {text: _SEXES.get(fold(text), 0) for text in unique.to_list()}
    return texts.replace_strict(table, default=0, return_dtype=pl.Int8).fill_null(0)


def _number(texts: pl.Series) -> pl.Series:
    """The digits as a number: zeros in front, which tables lose, do not count. 0: none."""
    digits = texts.str.replace_all(r"\D", "")
    return digits.str.slice(0, 18).cast(pl.Int64, strict=False).fill_null(0)


def _latest_birth(kind: pl.Series, registered: pl.Series) -> pl.Series:
    """The latest year in which whom an entry is about can have been born: tells what a year of two digits means."""
    youngest = pl.when(pl.col("kind") == KINDS["KH"]).then(_BRIDE_OR_GROOM_AT_LEAST).otherwise(0)
    return pl.DataFrame({"kind": kind, "registered": registered}).select(
        pl.when(pl.col("registered") > 0).then(pl.col("registered") - youngest).otherwise(LAST_YEAR),
    ).to_series()


def _dates(texts: pl.Series, *, latest: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Year, month, day as numbers that were written, whether or not there is such a day; 0 where not known.

    A month or a day that no calendar has is not known; a year that cannot be stays, for it still tells a slip.
    """
    unique = texts.drop_nulls().unique()
    read = [_written(text) for text in unique.to_list()]
    table = pl.DataFrame(
        {"text": unique, "year": [r[0] for r in read], "month": [r[1] for r in read], "day": [r[2] for r in read]},
        schema={"text": pl.String, "year": pl.Int32, "month": pl.Int8, "day": pl.Int8},
    )
    found = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left").fill_null(0)
    short = pl.col("year").is_between(1, 99)
    year = pl.col("year")
    guessed = pl.when(year + 2000 <= pl.col("latest")).then(year + 2000).otherwise(year + 1900)
    whole = found.with_columns(latest.alias("latest")).select(
        year=pl.when(short).then(guessed).otherwise(year).cast(pl.Int16),
        month=pl.when(pl.col("month").is_between(1, 12)).then("month").otherwise(0).cast(pl.Int8),
        day=pl.when(pl.col("day").is_between(1, 31)).then("day").otherwise(0).cast(pl.Int8),
    )
    return whole["year"], whole["month"], whole["day"]


def _written(text: str) -> tuple[int, int, int]:
    """The three numbers of a written date; what is no plain row of numbers is read as old books write."""
    numbers = [int(part[:4]) for part in "".join(c if c.isascii() and c.isdecimal() else " " for c in text).split()]
    match numbers:
        case [year, month, day] if year > 99:
            return year, min(month, 99), min(day, 99)
        case [day, month, year]:
            return year, min(month, 99), min(day, 99)
        case [month, year] if year > 12:
            return year, min(month, 99), 0
        case [year] if "âl" not in text and "am" not in fold(text):
            return year, 0, 0
    date = read_date(text)
    return date.year or 0, date.month or 0, date.day or 0
