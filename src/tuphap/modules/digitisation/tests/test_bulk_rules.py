"""Files understood without a database: what they are, what their columns say, what is wrong with a row."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bench import keyed
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status.public import ENTRY_KINDS
from tuphap.modules.digitisation.bulk import columns, reading, rules, sources
from tuphap.modules.digitisation.bulk.sources import ROW
from tuphap.shared.people.api import BadDate, PartialDate, PersonName

BIRTH, MARRIAGE, DEATH = (ENTRY_KINDS[f"civil_status.{name}"] for name in ("birth", "marriage", "death"))
TODAY = date(2026, 3, 9)
OFFICES = pl.DataFrame([
    ("H31.303.01", 1, "UBND xã An Hồng", date(1945, 1, 1), date(2025, 7, 1), True),
    ("UBND xã An Hồng", 1, "UBND xã An Hồng", date(1945, 1, 1), date(2025, 7, 1), True),
    ("UBND xã Tân Tiến", 2, "UBND xã Tân Tiến", date(1945, 1, 1), None, True),
    ("UBND xã Tân Tiến", 3, "UBND xã Tân Tiến", date(1945, 1, 1), None, True),
    ("UBND xã Tân Tiến, huyện An Dương", 3, "UBND xã Tân Tiến", date(1945, 1, 1), None, True),
], orient="row", schema=reading.OFFICES).with_columns(reading.office_key(pl.col("key")))


# --- Columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("headers", "kind", "found"), [
    (("Họ tên con", "Ngày sinh", "Số", "Quyển số"), BIRTH,
     ("child.name", "child.born_on", "line.number", "line.volume")),
    (("ho_ten", "ngay_sinh", "gioi_tinh", "so", "quyen_so", "nam_dk", "ma_xa_dk", "ho_ten_cha", "ho_ten_me"), BIRTH,
     ("child.name", "child.born_on", "child.sex", "line.number", "line.volume", "line.year", "line.office",
      "father.name", "mother.name")),
    (("nksHoTen", "nksNgaySinh", "nksNoiSinh", "meHoTen", "chaHoTen", "nycHoTen", "ngayDangKy", "nguoiKy"), BIRTH,
     ("child.name", "child.born_on", "", "mother.name", "father.name", "declarant.name", "line.registered_on",
      "line.signer_name")),
    (("HỌ TÊN CHỒNG", "Ngày sinh của vợ", "cmnd_chong", "Vợ", "Họ tên"), MARRIAGE,
     ("husband.name", "wife.born_on", "husband.id_paper", "wife.name", "")),
    (("Người chết", "Ngày chết", "Nguyên nhân chết", "Ngày sinh"), DEATH,
     ("deceased.name", "event.died_on", "event.cause", "deceased.born_on")),
])
def test_headers_say_what_their_columns_are(headers: tuple[str, ...], kind: Any, found: tuple[str, ...]) -> None:
    guessed = columns.guess(headers, kind)
    assert tuple(guessed.get(header, "") for header in headers) == found


def test_of_two_headers_that_say_the_same_the_first_is_taken() -> None:
    assert columns.guess(("Họ tên con", "Tên con"), BIRTH) == {"Họ tên con": "child.name"}


# --- What files are ---------------------------------------------------------------------------------------------------

ROWS = (("Họ tên con", "Số", "Ngày đăng ký"), ("Nguyễn Thị Ánh", "1", "15/03/1998"), ("Đỗ Văn Ước", "2", "16/03/1998"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    import unicodedata

    text = "\r\n".join(["Sổ khai sinh", "", *(delimiter.join(row) for row in ROWS), "", delimiter * 2])
    if encoding == "cp1258":  # it has letters with a mark of quality, and tones as marks of their own
        text = _as_1258(unicodedata.normalize("NFD", text))
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    source = sources.lay_down(path, tmp_path / "imports", BIRTH)
    read = sources.chunk_of(tmp_path / "imports", source, 0)
    assert [unicodedata.normalize("NFC", header) for header in source.headers] == list(ROWS[0])
    assert read[ROW].to_list() == [4, 5], "numbered as the file's own program does"
    cells = read.drop(ROW).rows()
    assert [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in cells] == list(ROWS[1:])
    assert sources.lay_down(path, tmp_path / "imports", BIRTH) == source


def _as_1258(decomposed: str) -> str:
    """Marks of quality joined to their letters again, tones left apart."""
    for mark, letters in (("\u0302", {"a": "â", "e": "ê", "o": "ô"}), ("\u0306", {"a": "ă"}),
                          ("\u031b", {"o": "ơ", "u": "ư"})):
        for plain, whole in letters.items():
            for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"):
                decomposed = decomposed.replace(plain + tone + mark, whole + tone).replace(
                    plain + mark + tone, whole + tone)
                decomposed = decomposed.replace((plain + tone + mark).upper(), (whole + tone).upper()).replace(
                    (plain + mark + tone).upper(), (whole + tone).upper())
    return decomposed


def test_spreadsheets_and_parquet_say_the_same_as_text(tmp_path: Path) -> None:
    made, out = Workbook(), io.BytesIO()
    made.active.append(["Họ tên con", "Số", "Ngày đăng ký", None])
    made.active.append(["Nguyễn Thị Ánh", 1, date(1998, 3, 15), None])
    made.active.append([None, None, None, None])
    made.active.append(["Đỗ Văn Ước", 2.0, date(1998, 3, 16), None])
    made.save(out)
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    pl.DataFrame({"Họ tên con": ["Nguyễn Thị Ánh", "Đỗ Văn Ước"], "Số": [1, 2],
                  "Ngày đăng ký": [date(1998, 3, 15), date(1998, 3, 16)]}).write_parquet(tmp_path / "a.parquet")
    for name, numbers in (("a.xlsx", [2, 4]), ("a.parquet", [1, 2])):
        source = sources.lay_down(tmp_path / name, tmp_path / "imports", BIRTH)
        read = sources.chunk_of(tmp_path / "imports", source, 0)
        assert read.columns == [ROW, *ROWS[0]]
        assert read[ROW].to_list() == numbers
        assert read.drop(ROW).rows() == list(ROWS[1:])


def test_bytes_of_legacy_fonts_come_through(tmp_path: Path) -> None:
    """Also those that Windows-1252 gives no letter."""
    every = bytes(byte for byte in range(0x80, 0x100))
    path = tmp_path / "a.csv"
    path.write_bytes(b"ho_ten;so;quyen_so\n" + every + b";1;01\n")
    source = sources.lay_down(path, tmp_path / "imports", BIRTH)
    [cell] = sources.chunk_of(tmp_path / "imports", source, 0)["ho_ten"]
    assert source.encoding == "cp1252"
    assert len(cell) == 128
    assert "\ufffd" not in cell


def test_chunks_are_the_same_whoever_lays_them_down(tmp_path: Path) -> None:
    keyed.write(tmp_path / "a.csv", rows=1050, offices=[("A", "Xã A")])
    one = sources.lay_down(tmp_path / "a.csv", tmp_path / "one", BIRTH, chunk=100)
    half = tmp_path / "two" / one.sha256
    half.mkdir(parents=True)
    (half / "000000.parquet").write_bytes(b"half of it")  # as a killed reader left it
    other = sources.lay_down(tmp_path / "a.csv", tmp_path / "two", BIRTH, chunk=100)
    assert (one, one.chunks, one.rows) == (other, 11, 1050)
    for number in range(one.chunks):
        assert sources.chunk_of(tmp_path / "one", one, number).equals(sources.chunk_of(tmp_path / "two", other, number))


# --- What rows say ----------------------------------------------------------------------------------------------------

SOUND = {
    "Cơ quan đăng ký": "UBND xã An Hồng", "Quyển số": "01/1998", "Số": "15", "Ngày đăng ký": "15/03/1998",
    "Họ tên con": "Nguyễn Thị Ánh", "Ngày sinh": "01/03/1998", "Giới tính": "Nữ", "Họ tên mẹ": "Trần Thị Bích",
    "Số định danh con": "", "Đúng như sổ": "",
}
MAPPING = {**columns.guess(list(SOUND), BIRTH)}


def read(**cells: str) -> dict[str, Any]:
    row = {**SOUND, **{name.replace("_", " "): cell for name, cell in cells.items()}}
    reader = reading.Reader(reading.Plan(BIRTH, MAPPING, TODAY), OFFICES)
    return reader.read(pl.DataFrame({ROW: [7], **{name: [cell] for name, cell in row.items()}})).row(0, named=True)


def codes(row: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(found["code"], found["blocks"]) for found in row[reading.FAULTS_FOUND] or []]


def test_a_sound_row_stands_where_it_says() -> None:
    row = read()
    assert codes(row) == []
    assert not row[reading.BLOCKED]
    stands = (reading.UNIT, reading.YEAR, reading.VOLUME, reading.NUMBER, reading.SUFFIX, reading.DAY)
    assert tuple(row[name] for name in stands) == (1, 1998, "01", 15, "", date(1998, 3, 15))


@pytest.mark.parametrize(("cells", "found"), [
    ({"Số": ""}, [("missing", True)]), ({"Số": "mười"}, [("number", True)]), ({"Số": "0"}, [("number", True)]),
    ({"Quyển số": "hai"}, [("volume", True)]), ({"Quyển số": "01/1890"}, [("year", True), ("after_book", False)]),
    ({"Ngày đăng ký": ""}, [("missing", True)]), ({"Ngày đăng ký": "31/02/1998"}, [("registered_on", True)]),
    ({"Ngày đăng ký": "03/1998"}, [("registered_on", True)]),
    ({"Ngày đăng ký": "15/03/2027"}, [("office_then", True), ("future", True), ("after_book", False)]),
    ({"Ngày đăng ký": "15/03/1997"}, [("before_book", True), ("before_event", True)]),
    ({"Ngày đăng ký": "15/03/2001"}, [("after_book", False)]),
    ({"Họ tên con": ""}, [("missing", True)]), ({"Họ tên con": "Ng0c"}, [("not_read", True)]),
    ({"Họ tên con": "không đọc được"}, [("missing", True)]),
    ({"Họ tên mẹ": "Ng0c"}, [("not_read", False)]), ({"Giới tính": "X"}, [("not_read", False)]),
    ({"Ngày sinh": "16/03/1998"}, [("before_event", True)]), ({"Ngày sinh": "1998"}, []),
    ({"Ngày sinh": "1870"}, [("old", True)]),
    ({"Ngày sinh": "16/03/1998", "Đúng như sổ": "x"}, [("before_event", False)]),
    ({"Số định danh con": "0311"}, [("personal_number", False)]), ({"Số định danh con": "031198004217"}, []),
    ({"Cơ quan đăng ký": ""}, [("office_missing", True)]),
    ({"Cơ quan đăng ký": "UBND xã Không Có"}, [("office_unknown", True)]),
    ({"Cơ quan đăng ký": "xã Tân Tiến"}, [("office_unknown", True)]),
    ({"Cơ quan đăng ký": "Ubnd xã Tân Tiến"}, [("office_unknown", True)]),
])
def test_faults_of_a_row(cells: dict[str, str], found: list[tuple[str, bool]]) -> None:
    if cells.get("Cơ quan đăng ký", "").endswith("xã Tân Tiến"):
        found = [("office_several", True)]  # by whichever spelling, two bear the name
    row = read(**cells)
    assert codes(row) == found
    assert row[reading.BLOCKED] == any(blocks for _, blocks in found)
    for fault in row[reading.FAULTS_FOUND] or []:
        words = rules.message(fault)
        assert words.endswith(".")
        assert "{" not in words
        assert rules.where(7, fault).startswith("Dòng 7, cột “")
        assert fault["column"] in cells or fault["code"] in ("before_event", "office_then", "future", "after_book")


@pytest.mark.parametrize(("volume", "number", "stands"), [
    ("01/1998", "15", ("01", 15, "")), ("Quyển số 2a/1998", "15A", ("02A", 15, "A")),
    ("1", "15/1998", ("01", 15, "")), ("02-1998", "0015", ("02", 15, "")), ("12", "Số 7 b", ("12", 7, "B")),
    ("01/TP/1998", "15.0", ("01", 15, "")),
])
def test_lines_are_read_as_tools_write_them(volume: str, number: str, stands: tuple[str, int, str]) -> None:
    row = read(**{"Quyển số": volume, "Số": number})
    assert codes(row) == []
    assert (row[reading.VOLUME], row[reading.NUMBER], row[reading.SUFFIX]) == stands
    assert row[reading.YEAR] == 1998


@pytest.mark.parametrize("text", ["xã An Hồng", "UBND XÃ AN HỒNG", "UBND Xã An Hong", "h31.303.01", "X. An Hồng"])
def test_an_office_is_found_by_its_code_or_name(text: str) -> None:
    assert read(**{"Cơ quan đăng ký": text})[reading.UNIT] == 1


def test_an_office_with_its_district_is_told_from_others_of_its_name() -> None:
    assert read(**{"Cơ quan đăng ký": "xã Tân Tiến, H. An Dương"})[reading.UNIT] == 3


FORMS = ("{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{y}-{m}-{d}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}",
         "{y}-{m:02}-{d:02} 00:00:00", "{m}/{y}", "{y}")


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.sampled_from(FORMS))
def test_days_are_read_as_the_register_reads_them(day: date, form: str) -> None:
    text = form.format(d=day.day, m=day.month, y=day.year)
    [found] = pl.select(reading._day(pl.lit(text))).to_series()
    known = PartialDate(day.year, day.month if "{m" in form else None, day.day if "{d" in form else None)
    assert found == known.isoformat()


@given(st.text(alphabet="0123456789/-. ngàythánm", max_size=14))
def test_a_day_that_is_read_is_one(text: str) -> None:
    [found] = pl.select(reading._day(pl.lit(text))).to_series()
    if found is not None:
        assert PartialDate.parse(found).isoformat() == found
    else:
        with pytest.raises(BadDate):
            PartialDate.parse(text.strip())


@given(st.text(alphabet="AĂăâbcđĐêôơưỳỹúễ'’-. 0\u0301", max_size=12))
def test_names_are_read_as_the_register_reads_them(text: str) -> None:
    whole = tidy(text)
    [found] = pl.select(reading._name(pl.lit(whole))).to_series()
    try:
        known = PersonName(whole.title() if whole.isupper() else whole).text
    except Refusal:
        known = None
    assert found == known


@given(st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=20))  # libraries know other new signs
def test_cells_are_tidied_as_everywhere(text: str) -> None:
    [found] = reading._tidy(pl.Series([text]))
    assert (found or "") == tidy(text)
