"""A file of keyed births to try imports on: invented people, books of old communes, faults at known rates.

The same number of rows and seed gives the same bytes. Of a thousand rows, so many have a fault that keeps them from
being loaded: see :data:`FAULTS`. Some books are keyed in legacy fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tuphap.engines.vietnamese.legacy import Encoding, encode

PER_BOOK = 340
FIRST_YEAR, YEARS = 1980, 44
# Of a thousand rows: a day that never was, no name, registered before born, the number once more, an office of nowhere.
FAULTS = {"day": 4, "name": 2, "order": 2, "number": 2, "office": 1}
LEGACY = {Encoding.TCVN3: 0.06, Encoding.VNI: 0.03}  # of the books

_SURNAMES = ("Nguyễn",) * 8 + ("Phạm", "Trần", "Vũ", "Đỗ", "Lê", "Bùi", "Hoàng", "Đào", "Lương", "Ngô", "Đặng", "Trịnh")
_MEN = ("Văn Hùng", "Đức Dũng", "Quang Hải", "Minh Tuấn", "Hữu Long", "Thế Cường", "Xuân Trường", "Mạnh Thắng",
        "Công Đạt")
_WOMEN = ("Thị Hương", "Thị Thu Hà", "Ngọc Lan", "Thùy Linh", "Thị Huyền", "Khánh Ly", "Thị Yến", "Phương Thảo",
          "Thị Đào")
_GIVEN = tuple(f"{a} {b}" for a in ("Minh", "Gia", "Bảo", "Đức", "Ngọc", "Quỳnh", "Thanh", "Hải", "Anh", "Thị", "Văn")
               for b in ("Châu", "Hân", "Anh", "Khôi", "Đăng", "Phúc", "Trúc", "Nghĩa", "Thủy", "Hiếu", "Tường", "Ước"))
HEADERS = ("Cơ quan đăng ký", "Quyển số", "Số", "Ngày đăng ký", "Họ tên con", "Ngày sinh", "Giới tính", "Nơi sinh",
           "Quê quán", "Họ tên mẹ", "Năm sinh mẹ", "Họ tên cha", "Năm sinh cha", "Dân tộc con", "Nơi cư trú mẹ")


def write(to: Path, *, rows: int, offices: Sequence[tuple[str, str]], seed: int = 7) -> dict[str, int]:
    """Write a CSV of so many rows; answers how many have which fault.

    :param offices: code and name of the communes whose books these are.
    """
    made, told = frame(rows=rows, offices=offices, seed=seed)
    made.write_csv(to)
    return told


def frame(*, rows: int, offices: Sequence[tuple[str, str]], seed: int = 7) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows in the order of their books, and how many of them have which fault."""
    chance = np.random.default_rng(seed)
    at = np.arange(rows)
    book = at // PER_BOOK
    number = at % PER_BOOK + 1
    office = book % len(offices)
    year = FIRST_YEAR + book // len(offices) % YEARS
    volume = 1 + book // (len(offices) * YEARS)
    registered = _days(year, np.minimum(number - 1, 359))
    born = registered - chance.integers(3, 60, rows).astype("timedelta64[D]")
    female = chance.random(rows) < 0.48
    surname = chance.integers(0, len(_SURNAMES), rows)
    columns: dict[str, Any] = {
        "Cơ quan đăng ký": _taken([code for code, _ in offices], office),
        "Quyển số": pl.Series(volume).cast(pl.String).str.zfill(2) + "/" + pl.Series(year).cast(pl.String),
        "Số": pl.Series(number).cast(pl.String),
        "Ngày đăng ký": _shown(registered), "Họ tên con": _name(_GIVEN, surname, chance), "Ngày sinh": _shown(born),
        "Giới tính": _taken(["Nam", "Nữ"], female.astype(int)),
        "Nơi sinh": _taken([f"Trạm y tế {name}" for _, name in offices], office),
        "Quê quán": _taken([name for _, name in offices], chance.integers(0, len(offices), rows)),
        "Họ tên mẹ": _name(_WOMEN, chance.integers(0, len(_SURNAMES), rows), chance),
        "Năm sinh mẹ": pl.Series(year - chance.integers(19, 40, rows)).cast(pl.String),
        "Họ tên cha": _name(_MEN, surname, chance),
        "Năm sinh cha": pl.Series(year - chance.integers(20, 45, rows)).cast(pl.String),
        "Dân tộc con": _taken(["Kinh", "Kinh", "Kinh", "Kinh", "Tày", "Hoa"], chance.integers(0, 6, rows)),
        "Nơi cư trú mẹ": _taken([name for _, name in offices], office),
    }
    made = _in_fonts(pl.DataFrame(columns), book, chance)
    return _with_faults(made, number, chance)


def _days(year: np.ndarray[Any, Any], of_year: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return first + of_year.astype("timedelta64[D]")


def _shown(days: np.ndarray[Any, Any]) -> pl.Series:
    return pl.Series(days).dt.strftime("%d/%m/%Y")


def _taken(words: Sequence[str], places: np.ndarray[Any, Any]) -> pl.Series:
    return pl.Series(list(words)).gather(places)


def _name(rest: Sequence[str], surname: np.ndarray[Any, Any], chance: np.random.Generator) -> pl.Series:
    """Half of the people in capitals, as many tools write them."""
    whole = _taken(_SURNAMES, surname) + " " + _taken(rest, chance.integers(0, len(rest), len(surname)))
    loud = pl.Series(chance.random(len(surname)) < 0.5)
    return pl.select(pl.when(loud).then(whole.str.to_uppercase()).otherwise(whole)).to_series()


_WORDS = ("Họ tên con", "Nơi sinh", "Quê quán", "Họ tên mẹ", "Họ tên cha", "Nơi cư trú mẹ", "Giới tính")


def _in_fonts(made: pl.DataFrame, book: np.ndarray[Any, Any], chance: np.random.Generator) -> pl.DataFrame:
    """Some books as their fonts wrote them."""
    drawn = chance.random(int(book.max()) + 1)
    since = 0.0
    for encoding, share in LEGACY.items():
        here = pl.Series((drawn[book] >= since) & (drawn[book] < since + share))
        since += share
        for name in _WORDS:
            words = made[name].unique()
            told = pl.col(name)
            table = dict(zip(words.to_list(), (encode(word, encoding) for word in words.to_list()), strict=True))
            made = made.with_columns(pl.when(here).then(told.replace(table)).otherwise(told).alias(name))
    return made


def _with_faults(
    made: pl.DataFrame, number: np.ndarray[Any, Any], chance: np.random.Generator
) -> tuple[pl.DataFrame, dict[str, int]]:
    drawn = chance.random(made.height) * 1000
    until, told = 0, dict[str, int]()
    spoiled = {
        "day": ("Ngày đăng ký", pl.lit("31/02/1999")), "name": ("Họ tên con", pl.lit("")),
        "order": ("Ngày sinh", pl.lit("01/01/2025")),
        "number": ("Số", pl.Series(np.maximum(number - 1, 1)).cast(pl.String)),
        "office": ("Cơ quan đăng ký", pl.lit("UBND xã Không Có")),
    }
    for fault, share in FAULTS.items():
        here = (drawn >= until) & (drawn < until + share)
        if fault == "number":
            here &= number > 1  # of the first there is none before
        until += share
        column, instead = spoiled[fault]
        made = made.with_columns(pl.when(pl.Series(here)).then(instead).otherwise(pl.col(column)).alias(column))
        told[fault] = int(here.sum())
    return made, told
