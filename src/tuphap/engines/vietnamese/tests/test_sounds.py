"""Syllables, keys by sound, shortened names."""

from __future__ import annotations

import pytest
from hypothesis import given

from tuphap.engines.vietnamese import fold
from tuphap.engines.vietnamese.abbreviations import guess, is_abbreviated, may_abbreviate, spell_units
from tuphap.engines.vietnamese.legacy import Encoding, encode
from tuphap.engines.vietnamese.phonetic import Strength, phonetic_key
from tuphap.engines.vietnamese.syllables import is_syllable, parse_syllable, plausibility
from tuphap.engines.vietnamese.telex import from_telex

from .makers import CLEAN

SYLLABLES = "Nguyễn quốc giếng gì khuya Thuý thúy YẾN nghĩa xoong qua quý ý khuỷu gìn"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)

OTHERS = "nguễn càc cêt ngia gha kac Niê Mlô tuùy ñam học̀ hoàg Brôi 8ình"


@pytest.mark.parametrize("word", OTHERS.split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_parts_of_a_syllable() -> None:
    found = parse_syllable("NGUYỆT")
    assert found is not None
    assert (found.onset, found.vowels, found.coda, found.tone, found.rhyme) == ("ng", "uyê", "t", 5, "uyêt")
    assert parse_syllable("quỳnh").onset == "qu"  # type: ignore[union-attr]
    assert parse_syllable("giêng").vowels == "iê"  # type: ignore[union-attr]


def test_plausibility_ranks_readings() -> None:
    assert plausibility("Nguyễn Thị Lan") > plausibility("Nguỹn Thị Lan") > plausibility("NguyÔn ThÞ Lan")
    assert plausibility("Nguyen Thi Lan") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lương", "Nương"), ("Dung", "Giung"), ("Dung", "Rung"), ("Chinh", "Trinh"), ("Sáu", "Xáu"), ("Mỹ", "Mĩ"),
        ("Lan", "Lang"), ("Cúc", "Cút"), ("Vũ", "Vủ"), ("Nguyễn Văn Đạt", "NGUYEN VAN DAT"), ("Thuý", "Thúy"),
        ("Nghị", "Ngị"),
    ],
)
def test_loose_keys_are_alike(one: str, other: str) -> None:
    assert phonetic_key(one) == phonetic_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Lý Quý", "Lí Quí"), ("Thuý", "Thúy"), ("Mỹ", "Mĩ"), ("Vũ", "Vủ"), ("Kỳ", "Kì")],
)
def test_strict_keys_are_alike(one: str, other: str) -> None:
    assert phonetic_key(one, Strength.STRICT) == phonetic_key(other, Strength.STRICT)


@pytest.mark.parametrize(
    ("one", "other", "strength"),
    [
        ("Lan", "Nan", Strength.STRICT), ("Hoa", "Hòa", Strength.STRICT), ("Dung", "Dũng", Strength.STRICT),
        ("Lan", "Loan", Strength.LOOSE), ("Minh", "Mai", Strength.LOOSE), ("Hoa", "Huy", Strength.LOOSE),
    ],
)
def test_other_names_have_other_keys(one: str, other: str, strength: Strength) -> None:
    assert phonetic_key(one, strength) != phonetic_key(other, strength)


@given(CLEAN)
def test_loose_keys_need_no_marks(text: str) -> None:
    assert phonetic_key(text) == phonetic_key(encode(text, Encoding.PLAIN)) == phonetic_key(fold(text).upper())


@pytest.mark.parametrize(
    ("short", "full", "may"),
    [
        ("Ng. V. An", "Nguyễn Văn An", True), ("N.T.Hoa", "Nguyễn Thị Hoa", True),
        ("Ng Thị Hoa", "Nguyễn Thị Hoa", True),
        ("Tr. T. Mai", "TRẦN THỊ MAI", True), ("Ph. Văn A", "Phạm Văn A", True), ("Hg. An", "Hoàng An", True),
        ("Ng. V. An", "Nguyen Van An", True),
        ("Ng. An", "Nguyễn Văn An", False), ("Tr. An", "Lê An", False), ("Nguy Văn An", "Nguyễn Văn An", False),
        ("N.T.Hoa", "Nguyễn Thị Hòa Bình", False), ("Th. An", "Trần An", False),
    ],
)
def test_shortened_names(short: str, full: str, may: bool) -> None:
    assert may_abbreviate(short, full) is may


def test_signs_of_shortening() -> None:
    assert is_abbreviated("LÊ T. MAI") and is_abbreviated("N V An")
    assert not is_abbreviated("Y Bhăm") and not is_abbreviated("Mùa A Phá")
    assert (guess("Ng."), guess("Th"), guess("Xyz.")) == ("nguyen", "thi", None)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("X. Tây Lộc, H. Ia Đồng, T. Minh Nhơn", "xa tay loc, huyen ia dong, tinh minh nhon"),
        ("TT Minh Phước - Tx.An Khê", "thi tran minh phuoc, thi xa an khe"), ("TP. Huế", "thanh pho hue"),
        ("P. 2, Q.3", "phuong 2, quan 3"), ("Phú Xá", "phu xa"),
    ],
)
def test_kinds_of_units(written: str, plain: str) -> None:
    assert spell_units(written) == plain


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("Nguyeenx Văn Phats", "Nguyễn Văn Phát"), ("TRAAM THIJ DDOOX", "TRÂM THỊ ĐỖ"), ("Truwowngf", "Trường"),
        ("Lan Hoa Ksor Bham Y", "Lan Hoa Ksor Bham Y"), ("Nguyễn Thị Hai", "Nguyễn Thị Hai"),
    ],
)
def test_keys_left_untyped(keys: str, typed: str) -> None:
    assert from_telex(keys) == typed
    assert from_telex(typed) == typed
