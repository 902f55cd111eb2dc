"""A table that can be read by itself, and its files: spreadsheet, letter, plain text. No cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from tuphap.kernel.text import safe_cell


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: how it reads, its number where it is one, and the list behind it."""

    head: str
    words: str
    number: float | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``kind``: ``line``, ``total``, or ``aside`` for what is compared with the line above."""

    code: str
    title: str
    cells: tuple[Cell, ...]
    kind: str = "line"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with all that makes it readable by itself: what, of whom, of which days, counted how and when."""

    title: str
    scope_words: str
    period_words: str
    stamp: str
    notes: tuple[str, ...]
    line_head: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    has_codes: bool = True
    code_head: str = "Mã"

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The rows in words, as papers show them."""
        return tuple(
            (*((row.code,) if self.has_codes else ()), row.title, *(cell.words for cell in row.cells))
            for row in self.rows
        )

    @property
    def all_heads(self) -> tuple[str, ...]:
        return (*((self.code_head,) if self.has_codes else ()), self.line_head, *self.heads)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_FONT = "Times New Roman"
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def sheet_csv(sheet: Sheet) -> list[Sequence[object]]:
    """The table as rows of a plain file: what it is about, then heads and lines."""
    rows: list[Sequence[object]] = [(line,) for line in _about(sheet)]
    return [*rows, (), sheet.all_heads, *sheet.lines, (), *((note,) for note in sheet.notes)]


def sheet_xlsx(sheet: Sheet, *, office: str) -> bytes:
    """The table as a spreadsheet: numbers are numbers, and no text is a formula."""
    book = Workbook()
    page = book.active
    page.title = "Số liệu"
    _write(page.cell(1, 1), office, bold=True)
    for place, line in enumerate(_about(sheet), start=2):
        _write(page.cell(place, 1), line, bold=place == 2)
    top = len(_about(sheet)) + 3
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


def sheet_docx(sheet: Sheet, *, office: str, parent: str, on: date) -> bytes:
    """The table as a letter to be worked on: A4 lying on its side, with head and places for signatures."""
    paper = Document()
    section = paper.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(2)
    _letterhead(paper, office=office, parent=parent, on=on)
    _say(paper, sheet.title.upper(), bold=True, size=14)
    for line in _about(sheet)[1:]:
        _say(paper, line, size=11)
    _grid(paper, sheet)
    for note in sheet.notes:
        _say(paper, note, slanted=True, size=10, centred=False)
    foot = paper.add_table(rows=1, cols=2)
    for cell, title, hint in zip(
        foot.rows[0].cells, ("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"),
        ("(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)"), strict=True,
    ):
        _say(cell, title, bold=True, first=True)
        _say(cell, hint, slanted=True, size=10)
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def _letterhead(paper: Any, *, office: str, parent: str, on: date) -> None:
    left, right = paper.add_table(rows=1, cols=2).rows[0].cells
    if parent:
        _say(left, parent.upper(), first=True, size=11)
    _say(left, office.upper(), bold=True, first=not parent, size=11)
    _say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, first=True, size=11)
    _say(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    _say(right, f"Ngày {on:%d} tháng {on:%m} năm {on:%Y}", slanted=True, size=11)


def _grid(paper: Any, sheet: Sheet) -> None:
    heads, texts = sheet.all_heads, 2 if sheet.has_codes else 1
    size = 7 if len(heads) > 14 else 8.5 if len(heads) > 9 else 10.5
    grid = paper.add_table(rows=1, cols=len(heads))
    grid.style = "Table Grid"
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        _say(cell, head, bold=True, size=size, first=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row, words in zip(sheet.rows, sheet.lines, strict=True):
        for place, (cell, text) in enumerate(zip(grid.add_row().cells, words, strict=True)):
            said = _say(cell, text, bold=row.kind == "total", slanted=row.kind == "aside", size=size, first=True,
                        centred=False)
            if place >= texts:
                said.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif place == texts - 1 and row.depth:
                said.paragraph_format.left_indent = Mm(3 * row.depth)


def _say(
    where: Any, text: str, *, bold: bool = False, slanted: bool = False, size: float = 12, first: bool = False,
    centred: bool = True,
) -> Any:
    """A paragraph in a paper or in a cell of it; ``first``: the one that an empty cell has already."""
    said = where.paragraphs[0] if first else where.add_paragraph()
    run = said.add_run(text)
    run.bold, run.italic, run.font.size = bold, slanted, Pt(size)
    if centred:
        said.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return said


def _about(sheet: Sheet) -> tuple[str, ...]:
    return (sheet.title, sheet.period_words, f"Phạm vi: {sheet.scope_words}", sheet.stamp)
