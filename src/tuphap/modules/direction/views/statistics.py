"""The statistics: one table by one kind of line, beside the year before; the same as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tuphap.shared.indicators.api import Scope
from tuphap.shared.ui import sheets
from tuphap.shared.ui.api import Bar, Column, Series

from .. import periods, report, rules, sheet
from ..models import Closing
from ..rules import Cut, Figure, Table
from .figures import FILES, Asked, presets_for, read, scope_words, sheet_file

HERE = "direction:statistics"
BARS = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table of the statistics the address asks for."""

    asked: Asked
    cut: Cut
    table: Table
    is_summary: bool
    compared: bool

    def link(self, name: str = HERE, *args: str, **changes: object) -> str:
        """A page about the same question and table, with some of it changed."""
        own = {
            "theo": self.cut.value, "bang": "tong-hop" if self.is_summary else self.table.code,
            "so_sanh": "1" if self.compared else "",
        }
        return self.asked.link(name, *args, **{**own, **changes})

    def drill(self, code: str, scope: Scope) -> str:
        """The list behind a figure of one line."""
        unit = self.asked.scope.unit_ids != scope.unit_ids and len(scope.unit_ids) == 1
        changes: dict[str, object] = {"don_vi": next(iter(scope.unit_ids))} if unit else {}
        return self.asked.link(
            "direction:drill", code, tu_ngay=scope.period_from, den_ngay=scope.period_to, kenh=scope.channel,
            linh_vuc=scope.sector, thu_tuc=scope.procedure, tu="thong-ke", **changes,
        )


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Received, resolved, pending and all that goes with them; by office, sector, procedure, channel or period."""
    wanted = _wanted(request)
    asked = wanted.asked
    told = report.report(asked.scope, cut=wanted.cut)
    closed = periods.closed_over(asked.scope)
    context = {
        "form": asked.form, "scope": asked.scope, "report": told, "wanted": wanted,
        "period_words": sheet.period_words(asked.scope), "scope_words": scope_words(asked),
        "stamp": sheet.stamp(told.as_of), "is_balanced": told.is_balanced, "balance": told.whole.balance,
        "unbalanced": [line.title for line in told.unbalanced], "sheet": _sheet(wanted, told, closed),
        "tables": _tables(wanted), "cuts": _cuts(wanted), "presets": presets_for(asked, wanted.link),
        "compare_url": wanted.link(so_sanh="" if wanted.compared else "1"),
        "files": [(title, wanted.link("direction:statistics_file", kind)) for kind, title in FILES.items()],
        "causes": _causes(wanted, told), "late": told.whole.now.numbers.get("dossiers.late", 0),
        "late_url": wanted.drill("dossiers.late", asked.scope), "index": told.index,
        "series": RESOLVED_SERIES, "columns": _columns(wanted, told), "bars": _bars(wanted, told),
        "cut_title": rules.CUT_TITLES[wanted.cut], "closed": closed,
    }
    return render(request, "direction/statistics.html", context)


@require_safe
def statistics_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Exactly the table shown, as a file.

    :raises rules.Unbalanced: the figures do not balance.
    :raises rules.UnknownFigure: no such kind of file.
    """
    if kind not in FILES:
        raise rules.UnknownFigure()
    wanted = _wanted(request)
    scope = wanted.asked.scope
    told = report.report(scope, cut=wanted.cut)
    told.require_balance()
    shown = _sheet(wanted, told, periods.closed_over(scope))
    called = f"thong-ke-{scope.period_from:%Y%m%d}-{scope.period_to:%Y%m%d}"
    return sheet_file(shown, kind, called=called, what="direction.statistics", actor=scope.actor, at=told.as_of)


RESOLVED_SERIES = (Series("Trước hạn", "green"), Series("Đúng hạn", "blue"), Series("Quá hạn", "red"))


def _wanted(request: HttpRequest) -> Wanted:
    asked = read(request)
    cut = request.GET.get("theo", "")
    table = request.GET.get("bang", "")
    return Wanted(
        asked=asked, cut=Cut(cut) if cut in set(Cut) else Cut.UNIT,
        table=next((t for t in rules.TABLES if t.code == table), rules.TABLES[0]),
        is_summary=table not in {t.code for t in rules.TABLES}, compared=request.GET.get("so_sanh") == "1",
    )


def _sheet(wanted: Wanted, told: report.Report, closed: Closing | None) -> sheets.Sheet:
    words = scope_words(wanted.asked)
    if wanted.is_summary:
        frozen = periods.frozen_values(closed, told.scope) if closed else None
        return sheet.summary(told, scope_words=words, link=wanted.drill, frozen=frozen)
    return sheet.sheet(told, wanted.table, scope_words=words, link=wanted.drill, compared=wanted.compared)


def _tables(wanted: Wanted) -> list[dict[str, Any]]:
    choices = (("tong-hop", "Tổng hợp"), *((table.code, table.title) for table in rules.TABLES))
    current = "tong-hop" if wanted.is_summary else wanted.table.code
    return [
        {"title": title, "href": wanted.link(bang=code), "current": code == current, "count": None}
        for code, title in choices
    ]


def _cuts(wanted: Wanted) -> list[dict[str, Any]]:
    bang = rules.TABLES[0].code if wanted.is_summary else wanted.table.code
    return [
        {"title": f"Theo {title.lower()}", "href": wanted.link(theo=cut.value, bang=bang), "count": None,
         "current": cut is wanted.cut and not wanted.is_summary}
        for cut, title in rules.CUT_TITLES.items()
    ]


def _causes(wanted: Wanted, told: report.Report) -> list[Bar]:
    """Why dossiers were late, most frequent first; each bar opens its list."""
    found = sorted((cause for cause in told.causes if cause[2]), key=lambda cause: -cause[2])
    return [Bar(title, number, href=wanted.drill(code, told.scope), tone="red") for code, title, number in found]


def _columns(wanted: Wanted, told: report.Report) -> list[Column]:
    """What was resolved early, on time and late by week or month, where the table is cut so."""
    if wanted.cut is not Cut.PERIOD or wanted.is_summary:
        return []
    codes = (Figure.EARLY, Figure.ON_TIME, Figure.LATE)
    return [
        Column(
            line.title.removeprefix("Tháng "), tuple(line.now.numbers.get(code, 0) for code in codes),
            tuple(wanted.drill(code, line.scope) for code in codes),
        )
        for line in told.lines
    ]


def _bars(wanted: Wanted, told: report.Report) -> list[Bar]:
    """What each line has received, the largest first."""
    if wanted.cut is Cut.PERIOD or wanted.is_summary:
        return []
    found = sorted(told.lines, key=lambda line: -line.now.numbers.get(Figure.RECEIVED, 0))[:BARS]
    return [
        Bar(
            line.unit.short_name if line.unit else line.title, line.now.numbers.get(Figure.RECEIVED, 0),
            href=wanted.drill(Figure.RECEIVED, line.scope),
        )
        for line in found if line.now.numbers.get(Figure.RECEIVED)
    ]
