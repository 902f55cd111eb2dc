"""Levels of agreement against examples by hand and against rapidfuzz; blocking against every pair."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from tuphap.engines.linkage import kernels
from tuphap.engines.linkage.blocking import candidates, sound, split
from tuphap.engines.linkage.comparisons import CODE, DATE, SHARED, compare
from tuphap.engines.linkage.settings import FieldSettings, FieldType, Settings
from tuphap.engines.linkage.table import encode, tidy

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the compiled code is loaded once

WORD = st.text("abcde", min_size=1, max_size=9)


def two(a: str, b: str) -> tuple[np.ndarray, int, int, int, int]:
    return np.array([ord(c) for c in a + b], np.int32), 0, len(a), len(a), len(a) + len(b)


@given(WORD, WORD)
def test_one_edit_as_rapidfuzz_counts(a: str, b: str) -> None:
    assert kernels.within_one_edit(*two(a, b)) == (OSA.distance(a, b) <= 1)


@given(WORD, WORD)
def test_jaro_winkler_as_rapidfuzz_measures(a: str, b: str) -> None:
    bare = JaroWinkler.similarity(a, b, prefix_weight=0.0)  # rapidfuzz counts the common beginning from 0.7 on
    expected = JaroWinkler.similarity(a, b) if bare > 0.7 else None
    if expected is not None:
        assert kernels.jaro_winkler(*two(a, b)) == pytest.approx(expected, abs=1e-9)


def agreement(kind: FieldType, a: str, b: str) -> str:
    frame = pl.DataFrame({"id": ["1", "2"], "x": [a, b]})
    settings = Settings((FieldSettings("x", kind, ("x",)),))
    comparison = compare(encode(frame, settings)[0], np.random.default_rng(1))
    one, other = np.array([0]), np.array([1])
    assert comparison.levels(one, other) == comparison.levels(other, one)
    return comparison.names[comparison.levels(one, other)[0]]


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("1961-03-05", "05/03/1961", 0), ("19610305", "1961-3-5", 0), ("1961-03-05", "1961-03-06", 1),
        ("1961-03-05", "1964-03-05", 2), ("1961-03-05", "1961-05-03", 3), ("1961-03-05", "1961", 4),
        ("1961-03-05", "1994-03-05", 3), ("1961-03-05", "1984-11-27", 5), ("1961", "1961", 0), ("?", "1961-03-05", 5),
    ],
)
def test_dates(a: str, b: str, level: int) -> None:
    if a == "?":
        a = "không rõ"
    assert agreement(FieldType.DATE, a, b) == DATE[level]


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [("tq13 8df", "TQ138DF", 0), ("tq13 8df", "tq1w 8df", 1), ("tq13 8df", "tq13 9hu", 2), ("031", "0 3 1", 0),
     ("tq13 8df", "tq9 1aa", 3), ("tq13 8df", "bs2 0el", 4)],
)
def test_codes(a: str, b: str, level: int) -> None:
    assert agreement(FieldType.CODE, a, b) == CODE[level]


@pytest.mark.parametrize(
    ("a", "b", "alone"),
    [("Nguyễn Văn An", "AN NGUYỄN VĂN", 0), ("Nguyễn Thị Bình", "Nguyễn T. Bình", 0), ("Trần Văn An", "Trần An", 0),
     ("Trần Văn Cường", "Trần Văn Bình", 1), ("Trần Văn Cường", "Lê Thị Hoa", 2), ("elizabeth", "elisabeth", 0)],
)
def test_names(a: str, b: str, alone: int) -> None:
    said = agreement(FieldType.NAME, a, b)
    assert said in SHARED
    assert said.endswith(("none alone", "one alone", "more alone")[alone])


def test_a_rare_word_says_more_than_a_common_one() -> None:
    names = ["nguyễn văn"] * 60 + ["nguyễn thị"] * 60 + ["quàng lả"] * 2
    frame = pl.DataFrame({"id": [str(i) for i in range(len(names))], "x": names})
    comparison = compare(encode(frame, Settings((FieldSettings("x", FieldType.NAME, ("x",)),)))[0],
                         np.random.default_rng(1))
    a, b = np.array([0, 120]), np.array([1, 121])
    common, rare = comparison.log_chance(a, b, comparison.levels(a, b))
    assert rare < common - 3


def test_a_common_birthday_says_less() -> None:
    days = ["1960-01-01"] * 50 + [f"19{i:02}-0{1 + i % 9}-1{i % 9}" for i in range(50, 98)] + ["1971-11-23"] * 2
    frame = pl.DataFrame({"id": [str(i) for i in range(len(days))], "x": days})
    comparison = compare(encode(frame, Settings((FieldSettings("x", FieldType.DATE, ("x",)),)))[0],
                         np.random.default_rng(1))
    a, b = np.array([0, 98]), np.array([1, 99])
    assert comparison.log_chance(a, b, comparison.levels(a, b)) == pytest.approx([np.log2(0.5), np.log2(0.02)])


@pytest.mark.parametrize(
    ("written", "read"),
    [("1961-03-05", "19610305"), ("5/3/1961", "19610305"), ("1961", "19610000"), ("1856-86-18", "18568618"),
     ("1961-03-05 00:00:00", "19610305"), ("khoảng 1961", "khoảng1961")],
)
def test_dates_as_written(written: str, read: str) -> None:
    assert pl.DataFrame({"x": [written]}).select(x=tidy(pl.col("x"), FieldType.DATE))["x"].item() == read


def test_sound() -> None:
    assert sound("chudleigh") == sound("chydleigh") == sound("chuttleic")
    assert sound("Đạt") == sound("dat")
    assert sound("nguyen") != sound("tran")


SAID = st.one_of(st.none(), st.sampled_from(["an bình", "an", "bình cường", "cường an", "đông"]))


@given(st.lists(st.tuples(SAID, SAID), min_size=2, max_size=9), st.integers(2, 6))
def test_candidates_are_the_pairs_that_share_a_rare_key(rows: list[tuple[str | None, str | None]], most: int) -> None:
    frame = pl.DataFrame({"id": list(range(len(rows))), "x": [x for x, _ in rows], "y": [y for _, y in rows]},
                         schema={"id": pl.Int64, "x": pl.String, "y": pl.String})
    settings = Settings(
        (FieldSettings("x", FieldType.NAME, ("x",)), FieldSettings("y", FieldType.PLACE, ("y",))),
        keys=(("x:token", "y:whole"), ("x:token", "x:token"), ("y:whole",)), block_size=most,
    )
    blocks: dict[tuple[str, ...], list[int]] = {}
    for number, (x, y) in enumerate(rows):
        words = sorted(set((x or "").split()))
        keys = [("1", word, y) for word in words if y] + ([("3", y)] if y else [])
        keys += [("2", one, other) for one in words for other in words if one < other]
        for key in keys:
            blocks.setdefault(key, []).append(number)
    expected = {(i, j) for of in blocks.values() if len(of) <= most for i in of for j in of if i < j}
    a, b = candidates(encode(frame, settings), settings)
    assert list(zip(a.tolist(), b.tolist(), strict=True)) == sorted(expected)


def test_too_many_candidates_leave_only_the_rarer_keys() -> None:
    frame = pl.DataFrame({"x": ["an"] * 20 + ["bình"] * 4})
    fields = (FieldSettings("x", FieldType.PLACE, ("x",)),)
    columns = encode(frame, Settings(fields))
    assert len(candidates(columns, Settings(fields))[0]) == 190 + 6
    a, _ = candidates(columns, Settings(fields, candidates_each=1))
    assert len(a) == 6
    assert set(a.tolist()) == {20, 21, 22}


def test_parts_of_a_record_without_a_value_are_none() -> None:
    frame = pl.DataFrame({"x": ["an bình", None, "bình"]})
    parts = split(encode(frame, Settings((FieldSettings("x", FieldType.NAME, ("x",)),)))[0], "token")
    assert (parts.records.tolist(), parts.ids.tolist(), parts.size) == ([0, 0, 2], [0, 1, 1], 2)
