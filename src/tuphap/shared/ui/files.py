"""Lists as files: for a spreadsheet, or to be kept. No cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tuphap.kernel.text import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file that Vietnamese spreadsheets open as it is: UTF-8 with its mark, semicolons; no cell is a formula."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return answer


def xlsx_answer(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A plain list as a spreadsheet: what it is, its heads, a row for each; numbers are numbers."""
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
    return file_answer(f"{name}.xlsx", kept.getvalue(), XLSX)


def file_answer(name: str, content: bytes, media_type: str) -> HttpResponse:
    """A file to be kept."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
