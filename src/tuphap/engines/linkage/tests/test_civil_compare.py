"""How two fields agree: a table of cases for each rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tuphap.engines.linkage.civil import compare as cmp
from tuphap.engines.linkage.civil.compare import (
    DIFFERENT,
    FEWER,
    MARKS,
    MORE,
    MOVED,
    NEAR,
    NONE,
    OTHER,
    SAME,
    SHORT,
    SLIP,
    SOUND,
    name_level,
)
from tuphap.engines.linkage.civil.words import _told

from .makers import levels, sides

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the comparison is compiled once


@pytest.mark.parametrize(("entry", "person", "surname", "given_name", "between"), [
    ("Nguyễn Văn An", "Nguyễn Văn An", SAME, SAME, SAME),
    ("NGUYỄN  văn An", "Nguyễn Văn An", SAME, SAME, SAME),
    ("Nguyen Van An", "Nguyễn Văn Ân", SAME, SAME, SAME),  # an entry without marks says nothing of them
    ("Nguyễn Vân Ấn", "Nguyễn Văn An", SAME, MARKS, MARKS),
    ("Nguyễn Văn Ân", "Nguyen Van An", MARKS, MARKS, MARKS),
    ("Nguy?n V?n An", "Nguyễn Văn An", MARKS, SAME, MARKS),  # letters lost for good
    ("Chần Văn Lam", "Trần Văn Nam", SOUND, SOUND, SAME),
    ("Ng. V. An", "Nguyễn Văn An", SHORT, SAME, NEAR),
    ("Nguyễn Văn A", "Nguyễn Văn An", SAME, SHORT, SAME),
    ("Nguyễn Văn An", "Nguyễn Văn A.", SAME, SHORT, SAME),
    ("Nguyễn Văn Hạnk", "Nguyễn Văn Hạnh", SAME, SLIP, SAME),
    ("Nugyễn Văn An", "Nguyễn Văn An", SLIP, SAME, SAME),  # two letters changed about
    ("Nguyễn Văn Tuấn", "Nguyễn Văn Hải", SAME, OTHER, SAME),
    ("Lê Văn An", "Phạm Văn An", OTHER, SAME, SAME),
    ("Văn An Nguyễn", "Nguyễn Văn An", MOVED, MOVED, SAME),
    ("An Nguyễn", "Nguyễn An", MOVED, MOVED, SAME),
    ("Nguyễn An", "Nguyễn An", SAME, SAME, NONE),
    ("Nguyễn An", "Nguyễn Văn An", SAME, SAME, FEWER),
    ("Nguyễn Văn An", "Nguyễn An", SAME, SAME, MORE),
    ("Nguyễn Thị Lan Anh", "Nguyễn Lan Anh", SAME, SAME, MORE),
    ("Nguyễn Lan Anh", "Nguyễn Thị Lan Anh", SAME, SAME, FEWER),
    ("Nguyễn Thị Lan Anh", "Nguyễn Hồng Anh", SAME, SAME, DIFFERENT),
    ("Nguyễn Đức Anh", "Nguyễn Hồng Anh", SAME, SAME, DIFFERENT),
    ("Nguyễn Tôn Nữ Hồng Bảo Trâm", "Nguyễn Tôn Nữ Hồng Gia Trâm", SAME, SAME, SAME),  # five syllables are kept
    ("An", "An", SAME, SAME, NONE),
])
def test_names(entry: str, person: str, surname: int, given_name: int, between: int) -> None:
    found = levels({"ho_ten": entry}, {"ho_ten": person})[cmp.NAME]
    assert found == name_level(surname, given_name, between), _told(cmp.NAME, int(found))


@pytest.mark.parametrize(("entry", "person"), [(None, "Nguyễn Văn An"), ("Nguyễn Văn An", None), (" ", "Nguyễn An")])
def test_a_name_that_is_not_given_says_nothing(entry: str | None, person: str | None) -> None:
    for column, field in (("ho_ten", cmp.NAME), ("ho_ten_cha", cmp.FATHER), ("ho_ten_me", cmp.MOTHER)):
        assert levels({column: entry}, {column: person})[field] == 0


@pytest.mark.parametrize(("entry", "person", "level"), [
    ("05/03/1961", "05/03/1961", cmp.WHOLE + cmp.D_SAME),
    ("5-3-1961", "1961-03-05", cmp.WHOLE + cmp.D_SAME),
    ("03/05/1961", "05/03/1961", cmp.WHOLE + cmp.D_SWAPPED),
    ("20/03/1975", "30/04/1975", cmp.WHOLE + cmp.D_LUNAR),
    ("30/12/1980", "04/02/1981", cmp.WHOLE + cmp.D_LUNAR),  # the last day but one of the year before
    ("06/03/1961", "05/03/1961", cmp.WHOLE + cmp.D_MONTH),
    ("05/04/1961", "05/03/1961", cmp.WHOLE + cmp.D_DAY),
    ("17/11/1961", "05/03/1961", cmp.WHOLE + cmp.D_YEAR),
    ("05/03/1963", "05/03/1961", cmp.WHOLE + cmp.D_NEAR_YEAR),
    ("05/03/1981", "05/03/1961", cmp.WHOLE + cmp.D_YEAR_SLIP),
    ("05/03/1975", "05/03/1961", cmp.WHOLE + cmp.D_ANNIVERSARY),
    ("17/11/1962", "05/03/1961", cmp.WHOLE + cmp.D_NEXT),
    ("17/11/1964", "05/03/1961", cmp.WHOLE + cmp.D_CLOSE),
    ("17/11/1980", "05/03/1961", cmp.WHOLE + cmp.D_FAR),
    ("1961", "05/03/1961", cmp.ONLY_YEAR + cmp.Y_SAME),
    ("01/01/1961", "05/03/1961", cmp.ONLY_YEAR + cmp.Y_SAME),  # the filler: the day was not known
    ("01/01/1962", "05/03/1961", cmp.ONLY_YEAR + cmp.Y_NEXT),
    ("1964", "05/03/1961", cmp.ONLY_YEAR + cmp.Y_NEAR),
    ("1980", "05/03/1961", cmp.ONLY_YEAR + cmp.Y_FAR),
    ("05/03/1961", "1961", cmp.ONLY_YEAR_HERE + cmp.Y_SAME),
    ("05/03/1961", "01/01/1960", cmp.ONLY_YEAR_HERE + cmp.Y_NEXT),
    ("03/1961", "05/03/1961", cmp.MONTH_YEAR + cmp.M_SAME),
    ("04/1961", "05/03/1961", cmp.MONTH_YEAR + cmp.M_YEAR),
    ("03/1963", "05/03/1961", cmp.MONTH_YEAR + cmp.M_MONTH),
    ("04/1975", "05/03/1961", cmp.MONTH_YEAR + cmp.M_FAR),
    ("05/03/1161", "05/03/1961", cmp.BAD_YEAR_DAY),
    ("06/03/1161", "05/03/1961", cmp.BAD_YEAR),
    ("1161", "05/03/1961", 0),
    (None, "05/03/1961", 0),
    ("không rõ", "05/03/1961", 0),
    ("05/03/1961", None, 0),
])
def test_days_of_birth(entry: str | None, person: str | None, level: int) -> None:
    assert levels({"ngay_sinh": entry}, {"ngay_sinh": person})[cmp.BORN] == level


@pytest.mark.parametrize(("paper", "personal", "old", "level"), [
    (None, "031061000123", "030123456", cmp.N_NONE),
    ("031061000123", "031061000123", None, cmp.N_PERSONAL),
    ("31061000123", "031061000123", None, cmp.N_PERSONAL),  # a table of numbers has lost the zero
    ("031 061 000 123", "031061000123", None, cmp.N_PERSONAL),
    ("031061000132", "031061000123", None, cmp.N_PERSONAL_SLIP),
    ("031061000124", "031061000123", None, cmp.N_PERSONAL_SLIP),
    ("0310610001234", "031061000123", None, cmp.N_PERSONAL_SLIP),
    ("031075999888", "031061000123", "030123456", cmp.N_PERSONAL_OTHER),
    ("030123456", "031061000123", "030123456", cmp.N_OLD),
    ("30123456", "031061000123", "030123456", cmp.N_OLD),
    ("030123457", "031061000123", "030123456", cmp.N_OLD_SLIP),
    ("031987654", "031061000123", "030123456", cmp.N_OLD_OTHER),
    ("030123456", "031061000123", None, cmp.N_NO_OLD),
])
def test_numbers(paper: str | None, personal: str, old: str | None, level: int) -> None:
    assert levels({"so_giay_to": paper}, {"cccd": personal, "cmnd": old})[cmp.NUMBER] == level


OLD, MERGED, NEW, THIRD = "Xã An Dương, An Lão, Hải Phòng", "Xã Bắc Sơn, An Lão, Hải Phòng", "Xã An Hưng, Hải Phòng", (
    "Xã Kiến Quốc, Kiến Thụy, Hải Phòng")


@pytest.mark.parametrize(("entry", "person", "birth", "home"), [
    ({"noi_sinh": OLD}, {"noi_sinh": OLD}, cmp.B_SAME, cmp.H_UNKNOWN),
    ({"noi_sinh": OLD}, {"noi_sinh": NEW}, cmp.B_SAME, cmp.H_UNKNOWN),  # which of the merged ones, nobody says
    ({"noi_sinh": OLD}, {"noi_sinh": MERGED}, cmp.B_SUCCESSOR, cmp.H_UNKNOWN),
    ({"noi_sinh": OLD}, {"noi_sinh": THIRD}, cmp.B_OTHER, cmp.H_UNKNOWN),
    ({"ma_xa_dk": "101"}, {"noi_sinh": NEW}, cmp.B_OFFICE, cmp.H_OTHER),
    ({"ma_xa_dk": "101"}, {"noi_sinh": THIRD, "thuong_tru": NEW}, cmp.B_NOT_OFFICE, cmp.H_OFFICE),
    ({"ma_xa_dk": "101", "loai": "KH"}, {"noi_sinh": NEW}, cmp.B_UNKNOWN, cmp.H_OTHER),  # one marries anywhere
    ({"noi_cu_tru": OLD, "ma_xa_dk": "103"}, {"thuong_tru": NEW}, cmp.B_UNKNOWN, cmp.H_SAME),
    ({"noi_cu_tru": THIRD, "ma_xa_dk": "101"}, {"thuong_tru": NEW}, cmp.B_UNKNOWN, cmp.H_OFFICE),
    ({"noi_cu_tru": THIRD}, {"thuong_tru": NEW}, cmp.B_UNKNOWN, cmp.H_OTHER),
    ({}, {"noi_sinh": NEW, "thuong_tru": NEW}, cmp.B_UNKNOWN, cmp.H_UNKNOWN),
])
def test_places(entry: dict[str, str], person: dict[str, str], birth: int, home: int) -> None:
    assert divmod(int(levels(entry, person)[cmp.PLACE]), 4) == (birth, home)


@pytest.mark.parametrize(("entry", "person", "level"), [
    ("Nam", "nam", 1), ("Nữ", "F", 1), ("Nam", "Nữ", 2), (None, "Nam", 0), ("?", "Nam", 0),
])
def test_sex(entry: str | None, person: str, level: int) -> None:
    assert levels({"gioi_tinh": entry}, {"gioi_tinh": person})[cmp.SEX] == level


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    crowd = [{"ho_ten": "Nguyễn Văn An"}] * 60 + [{"ho_ten": "Trần Thị Hoa"}] * 39 + [{"ho_ten": "Đoàn Cao Quyền"}]
    both = sides([{"ho_ten": "Nguyễn Văn An"}, {"ho_ten": "Đoàn Cao Quyền"}], crowd)
    rows, persons = np.array([0, 1], np.int32), np.array([0, 99], np.int32)
    found, chance, _ = cmp.compare_all(rows, persons, both, threads=1)
    assert found[0, cmp.NAME] == found[1, cmp.NAME] == name_level(SAME, SAME, SAME)
    assert chance == pytest.approx([np.log2(0.6), np.log2(0.01)], abs=0.2)


def test_a_brother_looks_like_kin_and_a_stranger_does_not() -> None:
    person = {"ho_ten": "Đoàn Văn Quyền", "ho_ten_cha": "Đoàn Cao Bằng", "ho_ten_me": "Vũ Thị Mơ",
              "ngay_sinh": "05/03/1961"}
    crowd = [person] + [{"ho_ten": "Trần Thị Hoa", "ho_ten_cha": "Trần An", "ho_ten_me": "Lê Na",
                         "ngay_sinh": "1/2/1970"}] * 99
    brother = {**person, "ho_ten": "Đoàn Văn Thắng", "ngay_sinh": "07/09/1963"}
    twin = {**brother, "ngay_sinh": person["ngay_sinh"]}
    stranger = {**brother, "ho_ten_cha": "Lê Quý Đôn", "ho_ten_me": "Hồ Thị Kỷ", "ho_ten": "Lê Văn Thắng"}
    both = sides([person, brother, twin, stranger], crowd)
    _, _, kin = cmp.compare_all(np.arange(4, dtype=np.int32), np.zeros(4, np.int32), both)
    himself, his_brother, his_twin, nobody = kin
    assert his_brother > 10
    assert his_brother > nobody + 10
    assert his_twin > himself + 3  # brothers do not bear one name


def test_threads_make_no_difference() -> None:
    both = sides([{"ho_ten": f"Nguyễn Văn {g}"} for g in ("An", "Bình", "Châu")], [{"ho_ten": "Nguyễn Văn An"}])
    rows, persons = np.arange(3, dtype=np.int32), np.zeros(3, np.int32)
    for alone, divided in zip(cmp.compare_all(rows, persons, both, threads=1), cmp.compare_all(rows, persons, both),
                              strict=True):
        assert (alone == divided).all()


# --- Kernels against plain definitions --------------------------------------------------------------------------------


LETTERS = st.text("abch", min_size=0, max_size=10)


@given(LETTERS, LETTERS)
def test_edits_are_those_of_the_textbook(a: str, b: str) -> None:
    codes = [np.array(list(text.encode().ljust(10)), np.uint8) for text in (a, b)]
    assert cmp._edits(codes[0], len(a), codes[1], len(b)) == min(OSA.distance(a, b), 3)


NUMBERS = st.integers(10**8, 10**12 - 1)


@given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
def test_one_digit_changed_left_out_or_changed_about_is_a_slip(number: int, at: int, by: int) -> None:
    digits = list(str(number))
    changed = [*digits]
    changed[at] = str((int(digits[at]) + by) % 10)
    less = digits[:at] + digits[at + 1:]
    about = [*digits]
    about[at - 1:at + 1] = reversed(digits[at - 1:at + 1])
    for other in (changed, less, about):
        if other != digits and other and other[0] != "0":
            assert cmp._slip(number, int("".join(other)))
            assert cmp._slip(int("".join(other)), number)


@given(NUMBERS, NUMBERS)
def test_a_slip_is_one_edit_at_most_and_never_none(a: int, b: int) -> None:
    assert cmp._slip(a, b) == (OSA.distance(str(a), str(b)) == 1)
