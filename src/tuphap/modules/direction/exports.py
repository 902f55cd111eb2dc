"""Figures and lists as files: for a spreadsheet, for a letter, for the printer; every giving-out is in the log."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor
from tuphap.shared.audit import api as audit

from . import rules
from .queries import Dashboard, Line
from .sheet import period_words, stamp


def table_rows(board: Dashboard) -> list[list[object]]:
    """The table by office as rows of a file.

    :raises rules.Unbalanced: the figures do not balance, and are not given out.
    """
    if not board.is_balanced:
        raise rules.Unbalanced()
    heads = [rules.HEADS[rules.Figure(indicator.code)] for indicator in board.shown]
    rows: list[list[object]] = [
        [period_words(board.scope)], [stamp(board.as_of)], [], ["Mã đơn vị", "Đơn vị", *heads, "Tỷ lệ đúng hạn (%)"]
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
