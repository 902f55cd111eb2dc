"""A module's board of figures: tiles, course, table by office; the same as files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Scope
from tuphap.shared.ui.api import Column, Series

from .. import board, rules, sheet
from ..forms import BoardForm
from .figures import FILES, STEP_WORDS, Asked, presets_for, read, scope_words, sheet_file

TONES = ("blue", "green", "red", "amber", "sky")
STEP_FORMS = {indicators.Step.WEEK: "%d/%m", indicators.Step.MONTH: "%m/%Y", indicators.Step.YEAR: "%Y"}


@require_safe
def boards(request: HttpRequest, name: str = "") -> HttpResponse:
    """One line of work: its large numbers, how they went, the same by office."""
    shown = board.get_board(name) if name else next(iter(indicators.boards))
    asked = read(request, BoardForm)
    told = board.read(shown, asked.scope, step=asked.step)
    context = {
        "board": shown, "form": asked.form, "told": told, "scope_words": scope_words(asked),
        "period_words": sheet.period_words(asked.scope), "stamp": sheet.stamp(told.as_of),
        "tiles": [_tile(one, told, asked) for one in shown.tiles],
        "boards": [
            {"title": one.title, "href": asked.link("direction:board", one.code), "current": one is shown,
             "count": None} for one in indicators.boards
        ],
        "presets": presets_for(asked, lambda **changes: asked.link("direction:board", shown.code, **changes)),
        "series": [Series(board.title_of(one), tone) for one, tone in zip(shown.series, TONES, strict=False)],
        "columns": _columns(told, asked), "step_word": STEP_WORDS[told.step],
        "sheet": board.table(told, scope_words=scope_words(asked), link=_link(asked)),
        "files": [(title, asked.link("direction:board_file", shown.code, kind)) for kind, title in FILES.items()],
        "published": [
            (board.title_of(one), told.now[one].words, figures) for one, figures in told.published.items() if figures
        ],
        "formulas": board.notes(told),
    }
    return render(request, "direction/board.html", context)


@require_safe
def board_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Exactly the table shown, as a file; who took it is in the log.

    :raises rules.UnknownFigure: no such board, or no such kind of file.
    """
    if kind not in FILES:
        raise rules.UnknownFigure()
    shown = board.get_board(name)
    asked = read(request, BoardForm)
    told = board.read(shown, asked.scope, step=asked.step)
    found = board.table(told, scope_words=scope_words(asked), link=lambda code, scope: "")
    called = f"so-lieu-{shown.code}-{asked.scope.period_from:%Y%m%d}-{asked.scope.period_to:%Y%m%d}"
    return sheet_file(
        found, kind, called=called, what="direction.board", actor=asked.scope.actor, at=told.as_of
    )


def _link(asked: Asked) -> sheet.Link:
    def link(code: str, scope: Scope) -> str:
        unit = next(iter(scope.unit_ids)) if len(scope.unit_ids) == 1 else ""
        return asked.link("direction:drill", code, tu="bang", don_vi=unit or asked.query["don_vi"])

    return link


def _tile(code: str, told: board.Told, asked: Asked) -> dict[str, Any]:
    """A large number with the same days of the year before."""
    now, before = told.now[code], told.before[code]
    changed = board.change(now, before)
    points = now.reading is not None
    hint = f"cùng kỳ năm trước: {before.words}"
    if changed is not None:
        words = f"{'tăng' if changed > 0 else 'giảm'} {rules.number_words(abs(changed))} {'điểm %' if points else '%'}"
        hint += f" ({words})" if changed else " (không đổi)"
    return {
        "value": now.words, "label": board.title_of(code), "hint": hint,
        "href": asked.link("direction:drill", code, tu="bang"),
    }


def _columns(told: board.Told, asked: Asked) -> list[Column]:
    return [
        Column(
            f"{first:{STEP_FORMS[told.step]}}", tuple(numbers.get(code, 0) for code in told.board.series),
            tuple(asked.link("direction:drill", code, tu_ngay=first, den_ngay=last, tu="bang")
                  for code in told.board.series),
        )
        for first, last, numbers in told.stretches
    ]
