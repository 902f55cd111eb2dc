"""The director's pages: the figures, the list behind each of them, the same as a file and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.indicators import api as indicators
from tuphap.shared.ui import files, sheets
from tuphap.shared.ui.api import Bar, Column, Series

from .. import exports, papers, queries, report, rules, sheet
from ..forms import FilterForm
from ..rules import Figure

PAGE = 50
LONGEST_CHART = 60  # columns; beyond that the weeks are drawn as months
BARS = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    form: FilterForm
    scope: indicators.Scope
    step: indicators.Step
    query: dict[str, str]

    def link(self, name: str, *args: str, **changes: object) -> str:
        """A page about the same question, with some of it changed."""
        query = {**self.query, **{key: _typed(value) for key, value in changes.items()}}
        kept = "&".join(pair for key, text in query.items() if (pair := _pair(key, text)))
        return _address(name, *args) + (f"?{kept}" if kept else "")


# A page of a province has some two thousand such links, made of a few hundred parts.
@lru_cache(maxsize=4096)
def _pair(key: str, text: str) -> str:
    return urlencode({key: text}) if text else ""


@lru_cache(maxsize=1024)
def _address(name: str, *args: str) -> str:
    return reverse(name, args=args)


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Received, resolved early, on time and late, pending; by office and week."""
    asked = read(request)
    board = queries.dashboard(asked.scope, step=asked.step)
    lines = sorted_lines(board, request.GET.get("sap-xep", ""))
    context = {
        **frame(asked, board),
        "rows": [row(asked, board, line) for line in lines],
        "total": row(asked, board, board.whole),
        "heads": heads(asked, board, request.GET.get("sap-xep", "")),
        "series": RESOLVED_SERIES, "columns": columns(asked, board, RESOLVED_CODES),
        "came_series": CAME_SERIES, "came_columns": columns(asked, board, (Figure.RECEIVED,)),
        "bars": pending_bars(asked, board), "others": others(asked, board),
        "measured": measured(asked, board), "presets": presets(asked), "step_word": STEP_WORDS[asked.step],
        "csv_url": asked.link("direction:table_csv"), "print_url": asked.link("direction:print"),
    }
    return render(request, "direction/dashboard.html", context)


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The table by office on paper.

    :raises rules.Unbalanced: the figures do not balance.
    """
    asked = read(request)
    board = queries.dashboard(asked.scope, step=asked.step)
    if not board.is_balanced:
        raise rules.Unbalanced()
    office = queries.office_of(asked.scope.actor, at=board.as_of)
    exports.note_export("direction.print", actor=asked.scope.actor, at=board.as_of, rows=len(board.lines))
    context = {
        **frame(asked, board), "rows": [row(asked, board, line) for line in board.lines],
        "total": row(asked, board, board.whole), "heads": heads(asked, board, ""),
        "back_url": asked.link("direction:dashboard"),
        "sheet_office": office.name if office else "",
        "sheet_parent": office.parent.name if office and office.parent else "",
    }
    return render(request, "direction/print.html", context)


@require_safe
def table_csv(request: HttpRequest) -> HttpResponse:
    """The table by office as a file."""
    asked = read(request)
    board = queries.dashboard(asked.scope, step=asked.step)
    rows = exports.table_rows(board)
    exports.note_export("direction.csv", actor=asked.scope.actor, at=board.as_of, rows=len(board.lines))
    return files.csv_answer(f"so-lieu-dieu-hanh-{asked.scope.period_to:%Y%m%d}", rows)


FILES = {"xlsx": "Excel (XLSX)", "pdf": "PDF", "docx": "Word (DOCX)", "csv": "CSV"}


def sheet_file(
    shown: sheets.Sheet, kind: str, *, called: str, what: str, actor: Actor, at: datetime
) -> HttpResponse:
    """A table as one of ``FILES``, headed by the asker's office; who took it is in the log under ``what``."""
    office, on = queries.office_of(actor, at=at), localdate(at)
    name, parent = (office.name, office.parent.name if office.parent else "") if office else ("", "")
    exports.note_export(f"{what}.{kind}", actor=actor, at=at, rows=len(shown.rows))
    if kind == "csv":
        return files.csv_answer(called, sheets.sheet_csv(shown))
    if kind == "xlsx":
        return files.file_answer(f"{called}.xlsx", sheets.sheet_xlsx(shown, office=name), files.XLSX)
    if kind == "docx":
        content = sheets.sheet_docx(shown, office=name, parent=parent, on=on)
        return files.file_answer(f"{called}.docx", content, sheets.DOCX)
    return files.file_answer(f"{called}.pdf", papers.pdf(shown, office=name, parent=parent, on=on), sheets.PDF)


@require_safe
def drill(request: HttpRequest, code: str) -> HttpResponse:
    """The list behind a figure: exactly as many lines as the figure says."""
    asked = read(request)
    found = queries.drill(code, asked.scope)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("trang"))
    listed = [
        {"label": label, "href": row_url(found.indicator, label), "cells": list(zip(found.titles, cells, strict=True))}
        for label, cells in found.cells(page.object_list)
    ]
    reading = found.reading(asked.scope)
    context = {
        "form": asked.form, "scope": asked.scope, "title": found.title, "indicator": found.indicator,
        "measure": found.measure, "reading": reading and report.reading_words(reading, found.measure),
        "number": page.paginator.count, "page": page, "listed": listed, "titles": found.titles,
        "stamp": sheet.stamp(asked.scope.at or asked.scope.end), "scope_words": scope_words(asked),
        "back_url": asked.link(BACK.get(request.GET.get("tu", ""), "direction:dashboard")),
        "csv_url": asked.link("direction:drill_csv", code),
    }
    return render(request, "direction/drill.html", context)


BACK = {"thong-ke": "direction:statistics", "bang": "direction:boards"}


@require_safe
def drill_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The list behind a figure as a file."""
    asked = read(request)
    found = queries.drill(code, asked.scope)
    listed = found.cells(found.rows)
    exports.note_export(f"direction.csv.{code}", actor=asked.scope.actor, at=now(), rows=len(listed))
    head = ["Số TT", "Mã", *found.titles]
    body = [[place, label, *cells] for place, (label, cells) in enumerate(listed, start=1)]
    return files.csv_answer(re.sub(r"[^a-z_]+", "-", code), [head, *body])


def read(request: HttpRequest, kind: type[FilterForm] = FilterForm) -> Asked:
    """What the address asks for; what cannot be understood is said at its field, and the default stands in for it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = now()
    basis = _choice(indicators.Basis, request.GET.get("co_so"), indicators.Basis.RESTATED)
    form = kind(
        request.GET or None, units=queries.units_of(actor, at=at, basis=basis), procedures=queries.procedures()
    )
    form.is_valid()
    picked: dict[str, Any] = getattr(form, "cleaned_data", {})
    unit = picked.get("don_vi")
    scope = queries.scope_of(
        actor, at=at, period_from=picked.get("tu_ngay"),
        period_to=None if form.has_error("den_ngay") else picked.get("den_ngay"),
        unit_ids=[unit] if unit else None, basis=basis, channel=picked.get("kenh") or "",
        sector=picked.get("linh_vuc") or "", procedure=picked.get("thu_tuc") or "",
    )
    step = _choice(indicators.Step, picked.get("buoc"), indicators.Step.WEEK)
    if len(queries.stretches(scope, step)) > LONGEST_CHART:
        step = indicators.Step.MONTH
    if not form.is_bound:
        form.initial = {"tu_ngay": scope.period_from, "den_ngay": scope.period_to, "co_so": basis.value}
    query = {
        "tu_ngay": _typed(scope.period_from), "den_ngay": _typed(scope.period_to), "don_vi": str(unit or ""),
        "kenh": scope.channel, "linh_vuc": scope.sector, "thu_tuc": scope.procedure, "co_so": basis.value,
        "buoc": step.value, "tu": request.GET.get("tu", "") if request.GET.get("tu") in BACK else "",
    }
    return Asked(form, scope, step, query)


STEP_WORDS = {indicators.Step.WEEK: "Tuần", indicators.Step.MONTH: "Tháng", indicators.Step.YEAR: "Năm"}
RESOLVED_CODES = (Figure.EARLY, Figure.ON_TIME, Figure.LATE)
RESOLVED_SERIES = (Series("Trước hạn", "green"), Series("Đúng hạn", "blue"), Series("Quá hạn", "red"))
CAME_SERIES = (Series("Tiếp nhận", "sky"),)


def frame(asked: Asked, board: queries.Dashboard) -> dict[str, Any]:
    """What every view of the figures shows."""
    return {
        "form": asked.form, "scope": asked.scope, "board": board, "stamp": sheet.stamp(board.as_of),
        "period_words": sheet.period_words(board.scope), "scope_words": scope_words(asked),
        "is_balanced": board.is_balanced,
        "tiles": tiles(asked, board), "share": board.whole.share, "balance": board.whole.balance,
        "unbalanced": [line.unit for line in board.unbalanced],
    }


def tiles(asked: Asked, board: queries.Dashboard) -> list[dict[str, Any]]:
    """The large numbers on top, each leading to its list."""
    tones = {Figure.LATE: "red", Figure.PENDING_LATE: "red", Figure.EARLY: "green", Figure.ON_TIME: "green"}
    codes = (Figure.RECEIVED, Figure.RECEIVED_ONLINE, *RESOLVED_CODES, Figure.PENDING_IN_TIME, Figure.PENDING_LATE)
    declared = {indicator.code for indicator in board.shown}
    labels = {Figure.EARLY: "Giải quyết trước hạn", Figure.ON_TIME: "Giải quyết đúng hạn",
              Figure.LATE: "Giải quyết quá hạn", Figure.PENDING_IN_TIME: "Đang giải quyết, còn hạn",
              Figure.PENDING_LATE: "Đang giải quyết, đã quá hạn"}
    return [
        {"value": board.whole.numbers.get(code, 0), "label": labels.get(code, rules.HEADS[code]),
         "href": asked.link("direction:drill", code), "tone": tones.get(code, "")}
        for code in codes if code in declared
    ]


def row(asked: Asked, board: queries.Dashboard, line: queries.Line) -> dict[str, Any]:
    """One line of the table: every number with the address of its list."""
    unit = {"don_vi": line.unit.pk} if line.unit else {}
    return {
        "unit": line.unit,
        "cells": [
            {"value": (number := line.numbers.get(indicator.code, 0)), "head": rules.HEADS[Figure(indicator.code)],
             "href": asked.link("direction:drill", indicator.code, **unit) if number else "",
             "is_bad": indicator.code in LATE}
            for indicator in board.shown
        ],
        "share": line.share, "is_balanced": line.balance.holds,
    }


LATE = (Figure.LATE, Figure.PENDING_LATE)


def heads(asked: Asked, board: queries.Dashboard, sort: str) -> list[dict[str, Any]]:
    """The heads of the table, each an address that sorts by it: largest first, then smallest first."""
    found = []
    for code, title in (*((i.code, rules.HEADS[Figure(i.code)]) for i in board.shown), ("share", "Tỷ lệ đúng hạn")):
        order = {f"-{code}": "descending", code: "ascending"}.get(sort, "")
        after = code if order == "descending" else f"-{code}"
        link = asked.link("direction:dashboard", **{"sap-xep": after})
        found.append({"title": title, "href": f"{link}#bang", "order": order})
    return found


def sorted_lines(board: queries.Dashboard, sort: str) -> list[queries.Line]:
    """The lines by one column; by office where the column is unknown. Nothing resolved sorts below any share."""
    code = sort.removeprefix("-")
    if code == "share":
        return sorted(board.lines, key=lambda x: -1 if x.share is None else x.share, reverse=sort.startswith("-"))
    if code in {indicator.code for indicator in board.shown}:
        return sorted(board.lines, key=lambda x: x.numbers.get(code, 0), reverse=sort.startswith("-"))
    return list(board.lines)


def columns(asked: Asked, board: queries.Dashboard, codes: tuple[Figure, ...]) -> list[Column]:
    """The columns of a chart by week or month, each part leading to its list."""
    form = {indicators.Step.WEEK: "%d/%m", indicators.Step.MONTH: "%m/%Y", indicators.Step.YEAR: "%Y"}[board.step]
    return [
        Column(
            f"{stretch.first:{form}}",
            tuple(stretch.numbers.get(code, 0) for code in codes),
            tuple(
                asked.link("direction:drill", code, tu_ngay=stretch.first, den_ngay=stretch.last) for code in codes
            ),
        )
        for stretch in board.stretches
    ]


def pending_bars(asked: Asked, board: queries.Dashboard) -> list[Bar]:
    """The offices with most that is overdue."""
    late = [(line.numbers.get(Figure.PENDING_LATE, 0), line) for line in board.lines if line.unit]
    worst = sorted((pair for pair in late if pair[0]), key=lambda pair: -pair[0])[:BARS]
    return [
        Bar(
            line.unit.short_name, number, tone="red",
            href=asked.link("direction:drill", Figure.PENDING_LATE, don_vi=line.unit.pk),
        )
        for number, line in worst if line.unit
    ]


def others(asked: Asked, board: queries.Dashboard) -> list[dict[str, Any]]:
    """Figures of other modules, each leading to its list."""
    return [
        {"title": indicator.title, "value": number, "unit": indicator.unit_vi,
         "href": asked.link("direction:drill", indicator.code)}
        for indicator, number in board.others
    ]


def measured(asked: Asked, board: queries.Dashboard) -> list[dict[str, Any]]:
    """Measures of the first page: in all, by office, by stretch; each number leads to its list."""
    return [
        {
            "title": told.measure.title, "scale": told.measure.unit_vi, "unit": told.indicator.unit_vi,
            "number": told.whole.base, "value": told.whole.value,
            "href": asked.link("direction:drill", told.indicator.code),
            "lines": [
                {"unit": unit, "line": line,
                 "href": asked.link("direction:drill", told.indicator.code, don_vi=unit.pk)}
                for unit, line in told.lines
            ],
            "stretches": [
                {"first": first, "last": last, "line": line,
                 "href": asked.link("direction:drill", told.indicator.code, tu_ngay=first, den_ngay=last)}
                for first, last, line in told.stretches
            ],
        }
        for told in board.measured
    ]


def presets(asked: Asked) -> list[dict[str, Any]]:
    """Links to the periods that reports speak of."""
    return presets_for(asked, partial(asked.link, "direction:dashboard"))


def presets_for(asked: Asked, link: Callable[..., str]) -> list[dict[str, Any]]:
    """Links of one page to the periods that reports speak of."""
    scope = asked.scope
    return [
        {"title": title, "href": link(tu_ngay=first, den_ngay=last),
         "current": (first, last) == (scope.period_from, scope.period_to), "count": None}
        for title, first, last in rules.presets(localdate(scope.at or scope.end))
    ]


def scope_words(asked: Asked) -> str:
    """The question in one line, for lists and paper."""
    scope, form = asked.scope, asked.form
    chosen = dict(form.fields["don_vi"].choices).get(int(asked.query["don_vi"])) if asked.query["don_vi"] else ""  # type: ignore[attr-defined]
    channel = dict(form.fields["kenh"].choices).get(scope.channel, "") if scope.channel else ""  # type: ignore[attr-defined]
    basis = dict(form.fields["co_so"].choices)[scope.basis.value]  # type: ignore[attr-defined]
    procedure = dict(form.fields["thu_tuc"].choices).get(scope.procedure, "") if scope.procedure else ""  # type: ignore[attr-defined]
    parts = (chosen or "Toàn bộ phạm vi được xem", scope.sector, procedure, channel, basis)
    return " · ".join(str(part) for part in parts if part)


def row_url(indicator: indicators.Indicator, label: str) -> str:
    """The page of one row; empty where its module has none."""
    if not (indicator.url_name and label):
        return ""
    try:
        return reverse(indicator.url_name, args=[label])
    except NoReverseMatch:
        return ""


def _typed(value: object) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _choice(kind: Any, text: Any, otherwise: Any) -> Any:
    return kind(text) if text in {member.value for member in kind} else otherwise
