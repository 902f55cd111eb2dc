"""Tables as spreadsheets. No cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from tuphap.kernel.text import safe_cell

from .sheets import Row, Sheet

_FONT = "Times New Roman"
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def list_book(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A plain list: what it is, its heads, a row for each; numbers are numbers."""
    book = Workbook()
    page = book.active
    page.cell(1, 1, title).font = Font(bold=True)
    for column, head in enumerate(heads, start=1):
        page.cell(3, column, head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = max(14, len(head) + 2)
    for place, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=1):
            cell = page.cell(place, column, safe_cell(value))
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, int):
                cell.number_format = "#,##0"
    page.freeze_panes = "A4"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def sheet_book(sheet: Sheet, *, office: str) -> bytes:
    """The table as a spreadsheet: numbers are numbers, and no text is a formula."""
    book = Workbook()
    page = book.active
    page.title = "Số liệu"
    _write(page.cell(1, 1), office, bold=True)
    for place, line in enumerate(sheet.about, start=2):
        _write(page.cell(place, 1), line, bold=place == 2)
    top = len(sheet.about) + 3
    for column, head in enumerate(sheet.all_heads, start=1):
        _write(page.cell(top, column), head, bold=True, boxed=True, across="center")
    for place, row in enumerate(sheet.rows, start=top + 1):
        _write_row(page, place, row, sheet)
    for place, note in enumerate(sheet.notes, start=top + len(sheet.rows) + 2):
        _write(page.cell(place, 1), note, slanted=True)
    texts = 2 if sheet.has_codes else 1
    for column in range(1, len(sheet.all_heads) + 1):
        width = 13 if column > texts else 12 if sheet.has_codes and column == 1 else 46
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(top + 1, texts + 1)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{top}:{top}"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write_row(page: Any, place: int, row: Row, sheet: Sheet) -> None:
    bold, slanted = row.kind == "total", row.kind == "aside"
    texts = [*((row.code,) if sheet.has_codes else ()), "    " * row.depth + row.title]
    for column, text in enumerate(texts, start=1):
        _write(page.cell(place, column), text, bold=bold, slanted=slanted, boxed=True)
    for column, cell in enumerate(row.cells, start=len(texts) + 1):
        value = cell.words if cell.number is None else cell.number
        written = page.cell(place, column)
        _write(written, value, bold=bold, slanted=slanted, boxed=True, across="right")
        if isinstance(value, float):
            written.number_format = "#,##0.0"


def _write(
    cell: BookCell, value: object, *, bold: bool = False, slanted: bool = False, boxed: bool = False, across: str = ""
) -> None:
    cell.value = safe_cell(value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(name=_FONT, size=11, bold=bold, italic=slanted)
    if boxed:
        cell.border = _BOX
        cell.alignment = Alignment(horizontal=across or "left", vertical="center", wrap_text=True)
