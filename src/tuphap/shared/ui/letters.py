"""Tables as letters that are worked on with a word processor."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .sheets import Sheet

_FONT = "Times New Roman"


def sheet_letter(sheet: Sheet, *, office: str, parent: str, on: date) -> bytes:
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
    for line in sheet.about[1:]:
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
