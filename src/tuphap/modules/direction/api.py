"""The same figures and lists for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import now
from tuphap.shared.indicators import api as indicators
from tuphap.shared.orgs.models import OrgUnit

from . import queries, rules

router = Router(tags=["Chỉ đạo, điều hành"])


class Asked(Schema):
    """Which figures: whole days of Việt Nam, both included; the last twelve weeks by default."""

    period_from: date | None = Field(None, description="Từ ngày")
    period_to: date | None = Field(None, description="Đến hết ngày")
    unit_code: str = Field("", max_length=30, description="Mã định danh đơn vị; bỏ trống: toàn bộ phạm vi được xem")
    channel: str = Field("", max_length=14)
    basis: indicators.Basis = indicators.Basis.RESTATED
    step: indicators.Step = indicators.Step.WEEK


class Number(Schema):
    """One figure. ``unit_code`` and ``first_day`` are empty in totals."""

    code: str
    title: str
    unit_of_measure: str
    number: int
    mean: float | None = Field(None, description="Trung bình, với chỉ số có điểm")
    unit_code: str = ""
    unit_name: str = ""
    first_day: date | None = None


class Figures(Schema):
    """Figures of one scope at one instant. ``is_balanced`` false: not to be used in a report."""

    as_of: datetime
    period_from: date
    period_to: date
    is_balanced: bool
    totals: list[Number]
    by_unit: list[Number]
    by_period: list[Number]


class RowsAsked(Asked):
    """A part of the list behind a figure."""

    limit: int = Field(50, ge=1, le=500)
    offset: int = Field(0, ge=0, le=10_000_000)


class Row(Schema):
    """One record behind a figure."""

    label: str
    columns: dict[str, str]


class Rows(Schema):
    """The list behind a figure; ``number`` is the figure."""

    code: str
    number: int
    items: list[Row]


@router.get("/direction/figures", response=Figures, summary="Số liệu điều hành theo đơn vị và theo kỳ")
def figures(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    scope = _scope(request, asked)
    board = queries.dashboard(scope, step=asked.step)
    counted = {i.code: i for i in (*board.shown, *(i for i, _ in board.others if not i.mean_of))}
    return {
        "as_of": board.as_of, "period_from": scope.period_from, "period_to": scope.period_to,
        "is_balanced": board.is_balanced,
        "totals": [
            *(_number(i, board.whole.numbers.get(code, 0)) for code, i in counted.items()),
            *(_number(told.indicator, told.whole.number, mean=told.whole.mean) for told in board.means),
        ],
        "by_unit": [
            *(_number(i, line.numbers.get(code, 0), unit=line.unit)
              for line in board.lines for code, i in counted.items()),
            *(_number(told.indicator, line.number, mean=line.mean, unit=unit)
              for told in board.means for unit, line in told.lines),
        ],
        "by_period": [
            *(_number(i, stretch.numbers.get(code, 0), first=stretch.first)
              for stretch in board.stretches for code, i in counted.items() if i.at_field),
            *(_number(told.indicator, line.number, mean=line.mean, first=first)
              for told in board.means for first, _, line in told.stretches),
        ],
    }


@router.get("/direction/figures/{code}/rows", response=Rows, summary="Danh sách đằng sau một số liệu")
def rows(request: HttpRequest, code: str, asked: Query[RowsAsked]) -> dict[str, Any]:
    indicator, found = queries.drill(code, _scope(request, asked))
    page = queries.cells(indicator, found[asked.offset : asked.offset + asked.limit])
    titles = queries.titles(indicator)
    return {
        "code": code, "number": found.count(),
        "items": [{"label": label, "columns": dict(zip(titles, cells, strict=True))} for label, cells in page],
    }


def _scope(request: HttpRequest, asked: Asked) -> indicators.Scope:
    """:raises rules.UnknownUnit: no office of that code, or none that the caller may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    scope = queries.scope_of(
        actor, at=now(), period_from=asked.period_from, period_to=asked.period_to, basis=asked.basis,
        channel=asked.channel,
    )
    if not asked.unit_code:
        return scope
    named = OrgUnit.objects.filter(code=asked.unit_code, pk__in=scope.unit_ids).values_list("pk", flat=True)
    if not named:
        raise rules.UnknownUnit()
    return scope.narrowed(*named)


def _number(
    indicator: indicators.Indicator, number: int, *, mean: float | None = None, unit: OrgUnit | None = None,
    first: date | None = None,
) -> dict[str, Any]:
    return {
        "code": indicator.code, "title": indicator.title, "unit_of_measure": indicator.unit_vi, "number": number,
        "mean": mean,
        "unit_code": unit.code if unit else "", "unit_name": unit.name if unit else "", "first_day": first,
    }
