"""A table of the statistics as it is shown: the page, the spreadsheet and the papers are all made of this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from tuphap.kernel.clock import localtime
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Scope
from tuphap.shared.ui.sheets import Cell, Row, Sheet

from . import rules
from .report import Figures, Line, Report
from .rules import CUT_TITLES, Cut, Table

Link = Callable[[str, Scope], str]
"""The address of the list behind a figure of a scope."""


def stamp(at: datetime) -> str:
    """``Số liệu tính đến 09:30 ngày 05/03/2026``."""
    return localtime(at).strftime("Số liệu tính đến %H:%M ngày %d/%m/%Y")


def period_words(scope: Scope) -> str:
    return f"Từ ngày {scope.period_from:%d/%m/%Y} đến ngày {scope.period_to:%d/%m/%Y}"


def sheet(report: Report, table: Table, *, scope_words: str, link: Link, compared: bool = False) -> Sheet:
    """The lines of the statistics with the figures of one table; ``compared``: the year before under each line."""
    codes = [code for code in table.figures if _is_shown(report, code)]
    rows = [
        row
        for line in (*report.lines, report.whole)
        for row in _rows(line, codes, link, compared=compared, is_total=line is report.whole)
    ]
    return Sheet(
        title=f"{table.title} theo {CUT_TITLES[report.cut].lower()}", scope_words=scope_words,
        period_words=period_words(report.scope), stamp=stamp(report.as_of), notes=notes(report, compared=compared),
        line_head=CUT_TITLES[report.cut], heads=tuple(rules.head(code) for code in codes), rows=tuple(rows),
        has_codes=report.cut in (Cut.UNIT, Cut.PROCEDURE),
    )


def summary(
    report: Report, *, scope_words: str, link: Link, frozen: Mapping[str, float | None] | None = None
) -> Sheet:
    """Every figure of the whole scope, one a line: now, the same days of the year before, the change.

    ``frozen``: what they were when the period was closed, shown beside them with the difference.
    """
    heads = ["Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm"]
    if frozen is not None:
        heads += ["Số đã khóa", "Chênh lệch so với số đã khóa"]
    rows = []
    for code in rules.FIGURES:
        now, before = report.whole.now, report.whole.before
        change = report.whole.change(code)
        rows.append(Row(code, title_of(code), (
            Cell("Kỳ này", now.words(code), now.value(code), _href(now, code, report.scope, link)),
            Cell("Cùng kỳ năm trước", before.words(code), before.value(code),
                 _href(before, code, report.scope.within(*report.before), link)),
            Cell("Tăng, giảm", rules.change_words(change), change),
            *(_frozen(now.value(code), frozen, code) if frozen is not None else ()),
        )))
    return Sheet(
        title="Tổng hợp số liệu giải quyết thủ tục hành chính", scope_words=scope_words,
        period_words=period_words(report.scope), stamp=stamp(report.as_of), notes=notes(report, compared=True),
        line_head="Chỉ tiêu", heads=tuple(heads), rows=tuple(rows), has_codes=False,
    )


def _frozen(now: float | None, frozen: Mapping[str, float | None], code: str) -> tuple[Cell, Cell]:
    kept = frozen.get(code)
    apart = None if now is None or kept is None else now - kept
    return (
        Cell("Số đã khóa", rules.number_words(kept), kept),
        Cell("Chênh lệch so với số đã khóa", rules.number_words(apart), apart),
    )


def title_of(code: str) -> str:
    """A figure's full title with its unit, for lists of figures."""
    measure = indicators.measures.get(code)
    if measure is not None:
        return f"{measure.title} ({measure.unit_vi})"
    indicator = indicators.indicators.get(code)
    return f"{indicator.title} ({indicator.unit_vi})" if indicator else rules.head(code)


def notes(report: Report, *, compared: bool) -> tuple[str, ...]:
    """What a reader must know of how the figures were counted."""
    said = ["Tỷ lệ đúng hạn = (trước hạn + đúng hạn) / đã giải quyết; “—” khi không có hồ sơ để tính."]
    if compared:
        first, last = report.before
        said.append(f"Cùng kỳ năm trước: từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}.")
    if report.divided:
        said.append(
            f"Số liệu của {len(report.divided)} đơn vị trước khi chia tách được tính trọn cho đơn vị kế thừa chính."
        )
    return tuple(said)


def _is_shown(report: Report, code: str) -> bool:
    """Power rarely moves between offices: those columns are shown only where there is something in them."""
    if code in rules.SELDOM:
        return bool(report.whole.now.numbers.get(code) or report.whole.before.numbers.get(code))
    return code in indicators.indicators or code in indicators.measures


def _rows(line: Line, codes: list[str], link: Link, *, compared: bool, is_total: bool) -> list[Row]:
    kind = "total" if is_total else "line"
    cells = tuple(
        Cell(rules.head(code), line.now.words(code), line.now.value(code), _href(line.now, code, line.scope, link))
        for code in codes
    )
    rows = [Row(line.code, line.title, cells, kind, line.depth)]
    if compared:
        before = tuple(Cell(rules.head(c), line.before.words(c), line.before.value(c)) for c in codes)
        change = tuple(Cell(rules.head(c), rules.change_words(line.change(c)), line.change(c)) for c in codes)
        rows += [Row("", "Cùng kỳ năm trước", before, "aside"), Row("", "Tăng, giảm", change, "aside")]
    return rows


def _href(figures: Figures, code: str, scope: Scope, link: Link) -> str:
    """The list behind a figure that there is something behind."""
    return link(code, scope) if figures.value(code) else ""
