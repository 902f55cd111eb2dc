"""A manifest of books as a file: CSV (UTF-8, comma or semicolon) or XLSX, one book a row, heads in the first row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tuphap.engines.vietnamese import fold
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.shared.orgs import api as orgs

from . import rules
from .rules import BookLine

# Head (folded) → what it tells.
HEADS = {
    "ma don vi": "unit", "ten co quan": "office_name", "loai so": "kind", "loai viec": "what", "nam": "year",
    "quyen": "volume", "so dau": "first_number", "so cuoi": "last_number", "so viec": "expected",
    "ngay mo": "opened_on", "ngay khoa": "closed_on", "tinh trang": "condition", "chi giu so": "stands_for",
    "ghi chu": "note",
}
HEADS_SHOWN = (
    "Mã đơn vị", "Tên cơ quan", "Loại sổ", "Loại việc", "Năm", "Quyển", "Số đầu", "Số cuối", "Số việc", "Ngày mở",
    "Ngày khóa", "Tình trạng", "Chỉ giữ sổ", "Ghi chú",
)
NEEDED = ("unit", "kind", "year", "volume", "last_number")
MOST_ROWS = 20_000
_CONDITIONS = {fold(title): code for code, title in rules.CONDITION_TITLES.items()}
_YES = frozenset({"co", "x", "1", "true"})


def read(content: bytes, name: str, *, today: date) -> list[tuple[int, BookLine]]:
    """The books of a file with the keys of their offices, in its order.

    :raises rules.BadManifest: it is neither CSV nor XLSX, lacks a column, or a row cannot be read; the row is told.
    """
    rows = list(_rows(content, name))
    if not rows:
        raise rules.BadManifest(what="Tệp không có dòng nào.")
    if len(rows) > MOST_ROWS:
        raise rules.BadManifest(what=f"Tệp có hơn {MOST_ROWS} dòng; vui lòng chia nhỏ.")
    return [_book(row, number, today=today) for number, row in enumerate(rows, start=2)]


def _rows(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    table = _sheet(content) if name.lower().endswith(".xlsx") else _text(content)
    heads = [HEADS.get(fold(str(head or "")), "") for head in next(table, ())]
    missing = [shown for shown in HEADS_SHOWN if HEADS[fold(shown)] in NEEDED and HEADS[fold(shown)] not in heads]
    if missing:
        raise rules.BadManifest(what=f"Thiếu cột: {', '.join(missing)}.")
    for row in table:
        told = {head: value for head, value in zip(heads, row, strict=False) if head}
        if any(value not in (None, "") for value in told.values()):
            yield told


def _text(content: bytes) -> Iterator[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise rules.BadManifest(what="Tệp CSV phải ở bảng mã UTF-8.") from error
    comma = ";" if text.partition("\n")[0].count(";") >= text.partition("\n")[0].count(",") else ","
    return iter(csv.reader(io.StringIO(text), delimiter=comma))


def _sheet(content: bytes) -> Iterator[list[Any]]:
    import zipfile

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise rules.BadManifest(what="Không mở được tệp XLSX.") from error
    return (list(row) for row in book.worksheets[0].iter_rows(values_only=True))


def _book(row: Mapping[str, Any], number: int, *, today: date) -> tuple[int, BookLine]:
    """:raises rules.BadManifest: the row says something that is no book; its number is told."""
    try:
        return _read_book(row, today=today)
    except (ValueError, orgs.UnknownUnit) as error:
        raise rules.BadManifest(what=f"Dòng {number}: {error}") from error


def _read_book(row: Mapping[str, Any], *, today: date) -> tuple[int, BookLine]:
    """:raises ValueError: with what is wrong in words."""
    kind = rules.plain_name(_words(row, "kind").upper())
    if kind not in set(register.BookKind):
        raise ValueError(f"loại sổ “{kind}” không có; dùng {', '.join(register.BookKind)}.")
    year = _number(row, "year", "năm")
    opened = _day(row, "opened_on") or date(year, 1, 1)
    unit = _office(_words(row, "unit"), opened, today)
    condition = _CONDITIONS.get(fold(_words(row, "condition")), rules.Condition.GOOD)
    volume = _words(row, "volume").upper()
    line = BookLine(
        office_name=_words(row, "office_name") or unit.name, kind=kind, what=_what(_words(row, "what"), kind),
        year=year, volume=volume.zfill(3 if volume[-1:].isalpha() else 2),
        first_number=_number(row, "first_number", "số đầu", 1),
        last_number=_number(row, "last_number", "số cuối"), opened_on=opened, closed_on=_day(row, "closed_on"),
        expected=_number(row, "expected", "số việc") if _words(row, "expected") else None,
        stands_for=fold(_words(row, "stands_for")) in _YES, condition=condition, note=_words(row, "note"),
    )
    return unit.pk, line


def _words(row: Mapping[str, Any], head: str) -> str:
    value = row.get(head)
    return "" if value is None else tidy(str(value))


def _number(row: Mapping[str, Any], head: str, title: str, otherwise: int | None = None) -> int:
    text = _words(row, head).removesuffix(".0")
    if not text and otherwise is not None:
        return otherwise
    if not text.isdecimal():
        raise ValueError(f"{title} “{text}” không phải là số.")
    return int(text)


def _day(row: Mapping[str, Any], head: str) -> date | None:
    value = row.get(head)
    if isinstance(value, datetime):
        return value.date()
    text = _words(row, head)
    if not text:
        return None
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(f"“{text}” không phải là ngày (dd/mm/yyyy).")


def _what(text: str, kind: str) -> str:
    """The kind of entry by its code or title; the first of the book's where nothing is said."""
    fitting = [one for one in register.ENTRY_KINDS.values() if one.book == kind]
    found = next((one for one in fitting if fold(text) in (fold(one.code), fold(one.title))), None)
    if text and found is None:
        raise ValueError(f"loại việc “{text}” không ghi trong sổ {kind}.")
    return (found or fitting[0]).code


def _office(code: str, on: date, today: date) -> orgs.OrgUnit:
    """The office of this code then; where none bore it, the one of today.

    :raises orgs.UnknownUnit: no office bears it.
    """
    try:
        return orgs.office(code, on=max(on, orgs.EARLIEST))
    except orgs.UnknownUnit:
        return orgs.office(code, on=today)
