"""Columns give what the single functions give, and books vote."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tuphap.engines.vietnamese.columns import dates_column, fold_column, phonetic_column, repair_column, repair_frame
from tuphap.engines.vietnamese.dates import read_date
from tuphap.engines.vietnamese.encodings import Encoding, encode
from tuphap.engines.vietnamese.legacy import judge, repair, vote
from tuphap.engines.vietnamese.phonetic import Strength, phonetic_key
from tuphap.engines.vietnamese.text import fold

from .makers import ELSEWHERE, names

LEGACY = (Encoding.TCVN3, Encoding.VNI, Encoding.DOUBLE_UTF8)
MADE = names(400)
MIXED = [encode(name, list(Encoding)[i % len(Encoding)]) for i, name in enumerate(MADE)] + [
    "", " ", "\u200b", "a\tb", " Nguyễn  Thị ", "Trần\xa0Văn A", "Tr\xad¬ng  V¨n ", *ELSEWHERE,
]


def test_each_by_itself() -> None:
    found = repair_column(pl.Series([*MIXED, None]))
    assert found["text"].to_list() == [*(repair(text) for text in MIXED), None]
    assert found["encoding"].to_list() == [*(judge(text).value for text in MIXED), None]


@settings(max_examples=30)
@given(st.lists(st.none() | st.text(max_size=12) | st.sampled_from(MIXED), min_size=1, max_size=8), st.integers(1, 3))
def test_books_as_the_single_functions_judge_them(texts: list[str | None], shelves: int) -> None:
    books = [i % shelves for i in range(len(texts))]
    rows = [(text, book) for text, book in zip(texts, books, strict=True) if text is not None]
    elected = [vote(text for text, book in rows if book == shelf) for shelf in range(shelves)]
    found = repair_column(pl.Series(texts, dtype=pl.String), pl.Series(books))
    for text, book, fixed in zip(texts, books, found["text"], strict=True):
        assert fixed == (None if text is None else repair(text, elected[book]))


def test_a_book_decides_what_a_name_cannot() -> None:
    texts = pl.Series([encode(name, e) for e in LEGACY for name in MADE] + ["Phan Thò Mai", "Phan Thò Mai"])
    books = pl.Series([e.value for e in LEGACY for _ in MADE] + ["vni", "tcvn3"])
    found = repair_column(texts, books)
    right = sum(a == b for a, b in zip(found["text"], MADE * 3, strict=False))
    assert right >= 0.98 * 3 * len(MADE)
    assert found["text"].to_list()[-2:] == ["Phan Thị Mai", "Phan Thũ Mai"]
    assert set(found["encoding"][: len(MADE)]) <= {"tcvn3"}


def test_columns_share_a_vote() -> None:
    """The only name of a book is Vietnamese both ways: its places tell."""
    frame = pl.DataFrame({
        "name": ["Phan Thò Mai", None], "place": ["xaõ Taây Loäc, huyeän Quang Thaønh", "xã Tây Lộc"], "book": [1, 2],
        "day": ["1/2/1990", None],
    })
    fixed = repair_frame(frame, ["name", "place"], "book")
    assert fixed["name"].to_list() == ["Phan Thị Mai", None]
    assert fixed["place"].to_list() == ["xã Tây Lộc, huyện Quang Thành", "xã Tây Lộc"]
    assert fixed["encoding"].to_list() == ["vni", "unicode"]
    assert fixed.columns == ["name", "place", "book", "day", "encoding"]


def test_empty_columns() -> None:
    assert repair_column(pl.Series([], dtype=pl.String)).height == 0
    assert repair_column(pl.Series([None, None], dtype=pl.String), pl.Series([1, 1]))["text"].to_list() == [None, None]


def test_words_and_dates() -> None:
    texts = pl.Series(["Nguyễn  Thị\xa0Lý ", None, "", "ĐÀO"])
    assert fold_column(texts).to_list() == ["nguyen thi ly", None, "", "dao"]
    for strength in Strength:
        assert phonetic_column(texts, strength).to_list() == [
            None if text is None else phonetic_key(text, strength) for text in texts
        ]
    assert fold_column(pl.Series(MIXED)).to_list() == [fold(text) for text in MIXED]
    dates = pl.Series(["5-3-61", None, "không rõ", "5-3-61"])
    found = dates_column(dates, pl.Series([1990, 1990, None, 1950]))
    wanted = [read_date(d, latest=y) for d, y in zip(dates, [1990, 1990, None, 1950], strict=True)]
    assert found.rows() == [(d.year, d.month, d.day, int(d.doubts)) for d in wanted]


def test_the_engine_is_light() -> None:
    """Web processes import it: none of the libraries for tables come with it."""
    heavy = "{'polars', 'numpy', 'rapidfuzz'}"
    script = f"import sys, tuphap.engines.vietnamese; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
