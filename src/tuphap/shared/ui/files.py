"""Lists as files: for a spreadsheet, or to be kept. No cell is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

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
    """A plain list as a spreadsheet."""
    from .books import list_book  # with its library a tenth of what a process loads, for the few who ask for a file

    return file_answer(f"{name}.xlsx", list_book(title, heads, rows), XLSX)


def file_answer(name: str, content: bytes, media_type: str) -> HttpResponse:
    """A file to be kept."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
