"""Figures and lists as files for a spreadsheet; every giving-out is in the log."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localtime
from tuphap.shared.audit import api as audit

from . import rules
from .queries import Dashboard, Line


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file that Vietnamese spreadsheets open as it is: UTF-8 with its mark, semicolons; no cell is a formula."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([rules.safe_cell(cell) for cell in row])
    return answer


def stamp(at: datetime) -> str:
    """``Số liệu tính đến 09:30 ngày 05/03/2026``."""
    return localtime(at).strftime("Số liệu tính đến %H:%M ngày %d/%m/%Y")


def period_words(board: Dashboard) -> str:
    scope = board.scope
    return f"Từ ngày {scope.period_from:%d/%m/%Y} đến ngày {scope.period_to:%d/%m/%Y}"


def table_rows(board: Dashboard) -> list[list[object]]:
    """The table by office as rows of a file.

    :raises rules.Unbalanced: the figures do not balance, and are not given out.
    """
    if not board.is_balanced:
        raise rules.Unbalanced()
    heads = [rules.HEADS[rules.Figure(indicator.code)] for indicator in board.shown]
    rows: list[list[object]] = [
        [period_words(board)], [stamp(board.as_of)], [], ["Mã đơn vị", "Đơn vị", *heads, "Tỷ lệ đúng hạn (%)"]
    ]
    rows.extend(_row(board, line) for line in (*board.lines, board.whole))
    return rows


def _row(board: Dashboard, line: Line) -> list[object]:
    unit = [line.unit.code, line.unit.name] if line.unit else ["", "Cộng"]
    share = "—" if line.share is None else f"{line.share}".replace(".", ",")
    return [*unit, *(line.numbers.get(indicator.code, 0) for indicator in board.shown), share]


def note_export(what: str, *, actor: Actor, at: datetime, rows: int) -> None:
    """Keep in the log who took which figures out."""
    audit.record_read(
        subject=None, actor=actor, at=at, purpose=actor.purpose or "chỉ đạo, điều hành", what=what, rows=rows
    )
