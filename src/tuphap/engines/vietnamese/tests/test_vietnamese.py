"""Spelling, order and words, against examples written by hand and laws that must hold for every string."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.engines.vietnamese import (
    ToneStyle,
    date_in_words,
    fold,
    normalise,
    number_in_words,
    partial_date_in_words,
    place_tones,
    proper_case,
    sort_key,
    split_name,
    text_sort_key,
    time_in_words,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
WORDS = (
    "hòa hoà thúy thuý quý quà giếng gìn gì già huỳnh Nguyễn HOÀNG khỏe khoẻ ngoài xoáy khuỷu rượu cửu được mía múa "
    "yến Uyên loè lòe tuyết của mười đường ướt ủy uỷ oái quạnh quốc gió giặt giường chuyện ngoèo Đoàn toàn xoè"
)
SYLLABLES = st.sampled_from(WORDS.split())


@pytest.mark.parametrize(
    ("written", "old", "new"),
    [
        ("hoà", "hòa", "hoà"), ("hòa", "hòa", "hoà"), ("Thuý", "Thúy", "Thuý"), ("khoẻ", "khỏe", "khoẻ"),
        ("UỶ BAN", "ỦY BAN", "UỶ BAN"), ("quý", "quý", "quý"), ("qúy", "quý", "quý"), ("gìa", "già", "già"),
        ("hoàng", "hoàng", "hoàng"), ("hòang", "hoàng", "hoàng"), ("gíấng", "gíấng", "gíấng"),
        ("huỳnh", "huỳnh", "huỳnh"),
        ("ngòai", "ngoài", "ngoài"), ("rựơu", "rượu", "rượu"), ("mía", "mía", "mía"), ("mùa", "mùa", "mùa"),
        ("gì", "gì", "gì"), ("gìn", "gìn", "gìn"), ("café", "café", "café"), ("quốc", "quốc", "quốc"),
        ("Bìa", "Bìa", "Bìa"), ("thủơ", "thuở", "thuở"), ("Êđê", "Êđê", "Êđê"), ("tuyêt́", "tuyết", "tuyết"),
    ],
)
def test_tone_placement(written: str, old: str, new: str) -> None:
    assert normalise(written, ToneStyle.OLD) == old
    assert normalise(written, ToneStyle.NEW) == new


@given(st.lists(SYLLABLES, max_size=6).map(" ".join))
def test_both_styles_say_the_same_word(text: str) -> None:
    old, new = place_tones(text, ToneStyle.OLD), place_tones(text, ToneStyle.NEW)
    assert place_tones(new, ToneStyle.OLD) == old
    assert place_tones(old, ToneStyle.NEW) == new
    assert fold(old) == fold(new) == fold(text)


@given(TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(TEXT)
def test_folding_is_stable_and_blind_to_composition(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert "đ" not in fold(text)


def test_fold() -> None:
    assert fold("  Đặng  THỊ Hường ") == "dang thi huong"
    assert fold("Y Ƀŏ Čil") == "y bo cil"


def test_the_alphabet_and_the_tones() -> None:
    words = ["a", "à", "ả", "ã", "á", "ạ", "an", "ác", "ă", "ắc", "ân", "ba", "bà", "bả", "bã", "bá", "bạ", "ban", "dê",
             "đa", "em", "êm", "fa", "ga", "in", "jo", "ka", "on", "ôn", "ơn", "um", "ưng", "va", "wa", "xa", "y", "za"]
    ordered = [w for w in words if w != "ác"]
    assert sorted(ordered, key=text_sort_key) == ordered
    assert text_sort_key("ba nặng") < text_sort_key("bà an")
    assert text_sort_key("ác") < text_sort_key("an")


def test_people_are_listed_by_given_name() -> None:
    listed = ["Trần Văn An", "Lê An", "Nguyễn Thị Ánh", "Nguyễn Văn Ân", "Đỗ Bình", "Phạm Thị Bình", "Nguyễn Văn Bình",
              "Võ Dũng", "An Đạt", "Bùi Ê", "Hồ Giang", "Vũ Yến"]
    expected = ["Lê An", "Trần Văn An", "Nguyễn Thị Ánh", "Nguyễn Văn Ân", "Đỗ Bình", "Phạm Thị Bình",
                "Nguyễn Văn Bình", "Võ Dũng", "An Đạt", "Bùi Ê", "Hồ Giang", "Vũ Yến"]
    assert sorted(listed, key=sort_key) == expected
    assert sort_key("Lê Hoà") == sort_key("lê HÒA")


def test_numbers_sort_by_value() -> None:
    assert sorted(["Phường 10", "Phường 2", "Phường 1", "Phường An"], key=text_sort_key) == [
        "Phường 1", "Phường 2", "Phường 10", "Phường An"]


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwzàảãáạ '-", min_size=1, max_size=100))
def test_a_sort_key_fits_its_column_and_every_collation(name: str) -> None:
    key = sort_key(name)
    assert key.isascii() and key.isalnum() and key == key.lower()
    assert len(key) <= 200


@given(st.text("aăâbcdđeêghiklmnopqstưvxy", min_size=1, max_size=8), st.text("abcdghiklmny", min_size=1, max_size=8))
def test_a_shorter_syllable_comes_first(stem: str, more: str) -> None:
    assert text_sort_key(stem) < text_sort_key(stem + more)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"), (4, "bốn"), (5, "năm"), (10, "mười"), (11, "mười một"), (14, "mười bốn"), (15, "mười lăm"),
        (20, "hai mươi"), (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (101, "một trăm linh một"),
        (105, "một trăm linh năm"), (110, "một trăm mười"), (115, "một trăm mười lăm"), (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"), (1994, "một nghìn chín trăm chín mươi tư"), (2005, "hai nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"), (1_000_005, "một triệu không trăm linh năm"),
        (1_250_000, "một triệu hai trăm năm mươi nghìn"), (3_000_000_000, "ba tỷ"),
        (1_000_000_000_015, "một nghìn tỷ không trăm mười lăm"),
    ],
)
def test_number_in_words(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_the_south_says_it_otherwise() -> None:
    assert number_in_words(2005, odd="lẻ") == "hai nghìn không trăm lẻ năm"


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_numbers_never_sound_alike(one: int, other: int) -> None:
    assert (number_in_words(one) == number_in_words(other)) == (one == other)


@pytest.mark.parametrize("number", [-1, 10**18])
def test_out_of_range(number: int) -> None:
    with pytest.raises(ValueError, match="written out"):
        number_in_words(number)


def test_dates_and_hours() -> None:
    assert date_in_words(date(2026, 3, 15)) == "Ngày mười lăm tháng ba năm hai nghìn không trăm hai mươi sáu"
    assert date_in_words(date(1994, 4, 21)) == "Ngày hai mươi mốt tháng tư năm một nghìn chín trăm chín mươi tư"
    assert partial_date_in_words(1956) == "Năm một nghìn chín trăm năm mươi sáu"
    assert partial_date_in_words(1956, 12) == "Tháng mười hai năm một nghìn chín trăm năm mươi sáu"
    assert time_in_words(8, 35) == "tám giờ ba mươi lăm phút"
    assert time_in_words(0) == "không giờ"
    with pytest.raises(ValueError, match="month"):
        partial_date_in_words(1956, None, 3)
    with pytest.raises(ValueError, match="time of day"):
        time_in_words(24)


def test_names() -> None:
    parts = split_name("Nguyễn Thị Minh Khai")
    assert (parts.surname, parts.middle, parts.given) == ("Nguyễn", "Thị Minh", "Khai")
    assert split_name("Khai").given == "Khai"
    assert proper_case("NGUYỄN THỊ ÁNH") == "Nguyễn Thị Ánh"
    assert proper_case("y-bhăm niê") == "Y-Bhăm Niê"
