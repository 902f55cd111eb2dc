"""Repair: clean text stays, broken text comes back, nothing is repaired twice."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tuphap.engines.vietnamese.encodings import Encoding, decode, encode
from tuphap.engines.vietnamese.legacy import judge, repair, vote

from .makers import CLEAN, ELSEWHERE, names

ENOUGH = 0.97
BROKEN = (Encoding.TCVN3, Encoding.VNI, Encoding.DOUBLE_UTF8)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("NguyÔn V¨n An", "Nguyễn Văn An"), ("NGUYÔN V¡N An", "NGUYỄN VĂN An"), ("Tr\xad¬ng H\xadng", "Trương Hưng"),
        ("HOµNG NGäC Tþ", "HOÀNG NGỌC TỴ"), ("Lª ThÞ ¸nh", "Lê Thị Ánh"), ("x· ¸i NghÜa", "xã ái Nghĩa"),
        ("Nguyeãn Vaên Hieàn", "Nguyễn Văn Hiền"), ("XAÕ CHAÂU VÓNH", "XÃ CHÂU VĨNH"),
        ("Tröông Thuøy Nhi", "Trương Thùy Nhi"),
        ("Nguyá»…n VÄƒn Huy", "Nguyễn Văn Huy"), ("HoÃ\xa0ng Thá»‹ Hoa", "Hoàng Thị Hoa"), ("NHÆ\xa0N", "NHƠN"),
        ("LÃŠ\xa0Báº¢O", "LÊ BẢO"), ("Nh¶\u0302t T©m", "Nhẩt Tâm"), ("\u0412\u0323A", "BẠ"),
        ("HUYá»\x86N IA Ä\x90á»\x92NG", "HUYỆN IA ĐỒNG"),
        ("Ðào Thị Ɖiệp", "Đào Thị Điệp"), ("Nguyễn\xa0 Thị\u200b Hoa", "Nguyễn Thị Hoa"), ("Hoà Thuý", "Hòa Thúy"),
        ("Ｎｇｕｙễｎ", "Nguyễn"), ("Тrần Vаn", "Trần Van"), ("KIẺ̂T", "KIỂT"), ("Nguy?n Th? Hoa", "Nguy?n Th? Hoa"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hòa"), "Nguyễn Thị Hòa"),
        (encode(encode("Đỗ Thị Hường", Encoding.DOUBLE_UTF8), Encoding.DOUBLE_UTF8), "Đỗ Thị Hường"),
    ],
)
def test_repair(written: str, right: str) -> None:
    assert repair(written) == right


@pytest.mark.parametrize("name", [*ELSEWHERE, "HỒ HOÀNG HÒA", "Cao Thò Lan", "Phan Hoàng Anh"])
def test_sound_names_stay(name: str) -> None:
    assert repair(name) == name


@given(CLEAN)
@example("Hoàng Hòa")
def test_clean_text_is_never_changed(text: str) -> None:
    assert repair(text) == text
    assert judge(text) in (Encoding.UNICODE, Encoding.PLAIN)


@given(st.text(max_size=30) | st.lists(CLEAN, max_size=3).map(" ".join), st.sampled_from(Encoding))
@example("Nguyeãn Thò NguyÔn", Encoding.UNICODE)
def test_what_was_repaired_is_not_repaired_again(text: str, encoding: Encoding) -> None:
    once = repair(encode(text, encoding))
    assert repair(once) == once


@pytest.mark.parametrize("encoding", BROKEN)
def test_a_name_is_repaired_by_itself(encoding: Encoding) -> None:
    clean = names(3000)
    right = sum(repair(encode(name, encoding)) == name for name in clean)
    assert right >= ENOUGH * len(clean)


@pytest.mark.parametrize("encoding", BROKEN)
def test_a_book_helps_its_names(encoding: Encoding) -> None:
    """``Phan Thò Mai`` is Vietnamese, and in a book that was typed in VNI it is Phan Thị Mai."""
    clean = [*names(200), "Phan Thị Mai", "Cao Thị Hoa"]
    elected = vote(encode(name, encoding) for name in clean)
    assert elected is encoding
    right = sum(repair(encode(name, encoding), elected) == name for name in clean)
    assert right >= 0.98 * len(clean)
    assert repair(encode("Phan Thị Mai", encoding), elected) == "Phan Thị Mai"
    assert repair("Nguyễn Thị Hường", elected) == "Nguyễn Thị Hường"  # typed by somebody else


@given(CLEAN, st.sampled_from(BROKEN))
def test_decoding_undoes_encoding(text: str, encoding: Encoding) -> None:
    """TCVN3 alone loses something: capitals with a tone."""
    back = decode(encode(text, encoding), encoding)
    assert back.lower() == text.lower()
    if encoding is not Encoding.TCVN3:
        assert back == text


def test_votes_without_a_legacy_font() -> None:
    clean = names(50)
    assert vote(clean) is Encoding.UNICODE
    assert vote(encode(name, Encoding.PLAIN) for name in clean) is Encoding.PLAIN
    assert vote(encode(name, Encoding.LOST) for name in clean) is Encoding.LOST
    assert vote([]) is Encoding.PLAIN
    assert vote([*clean, *(encode(name, Encoding.VNI) for name in clean[:10])]) is Encoding.UNICODE
