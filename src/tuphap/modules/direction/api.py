"""The same figures and lists for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema
from ninja.responses import Status

from tuphap.kernel.clock import localdate, now
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import board, operations, periods, queries, report, rules, sheet
from .models import Closing

router = Router(tags=["Chỉ đạo, điều hành"])


class Asked(Schema):
    """Which figures: whole days of Việt Nam, both included; the last twelve weeks by default."""

    period_from: date | None = Field(None, description="Từ ngày")
    period_to: date | None = Field(None, description="Đến hết ngày")
    unit_code: str = Field("", max_length=30, description="Mã định danh đơn vị; bỏ trống: toàn bộ phạm vi được xem")
    channel: str = Field("", max_length=14)
    sector: str = Field("", max_length=60, description="Lĩnh vực")
    procedure: str = Field("", max_length=40, description="Mã thủ tục")
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
    counted = {i.code: i for i in (*board.shown, *(i for i, _ in board.others))}
    return {
        "as_of": board.as_of, "period_from": scope.period_from, "period_to": scope.period_to,
        "is_balanced": board.is_balanced,
        "totals": [
            *(_number(i, board.whole.numbers.get(code, 0)) for code, i in counted.items()),
            *(_number(told.indicator, told.whole.base, mean=told.whole.value) for told in board.measured),
        ],
        "by_unit": [
            *(_number(i, line.numbers.get(code, 0), unit=line.unit)
              for line in board.lines for code, i in counted.items()),
            *(_number(told.indicator, line.base, mean=line.value, unit=unit)
              for told in board.measured for unit, line in told.lines),
        ],
        "by_period": [
            *(_number(i, stretch.numbers.get(code, 0), first=stretch.first)
              for stretch in board.stretches for code, i in counted.items() if i.at_field),
            *(_number(told.indicator, line.base, mean=line.value, first=first)
              for told in board.measured for first, _, line in told.stretches),
        ],
    }


@router.get("/direction/figures/{code}/rows", response=Rows, summary="Danh sách đằng sau một số liệu")
def rows(request: HttpRequest, code: str, asked: Query[RowsAsked]) -> dict[str, Any]:
    found = queries.drill(code, _scope(request, asked))
    page = found.cells(found.rows[asked.offset : asked.offset + asked.limit])
    return {
        "code": code, "number": found.rows.count(),
        "items": [{"label": label, "columns": dict(zip(found.titles, cells, strict=True))} for label, cells in page],
    }


class StatisticsAsked(Asked):
    """Which figures, and by what they are cut."""

    cut: rules.Cut = rules.Cut.UNIT


class Figure(Schema):
    """One figure of a line. ``value`` empty: nothing to take it over, or (``has_source`` false) nobody records it."""

    code: str
    title: str
    value: float | None
    year_before: float | None
    change_percent: float | None
    has_source: bool


class StatisticsLine(Schema):
    """One line of the statistics."""

    code: str
    title: str
    figures: list[Figure]


class CauseOut(Schema):
    """How many late dossiers had this cause; ``code`` opens their list."""

    code: str
    title: str
    number: int


class StatisticsOut(Schema):
    """The statistics of one scope at one instant. ``is_balanced`` false: not to be used in a report."""

    as_of: datetime
    period_from: date
    period_to: date
    year_before_from: date
    year_before_to: date
    basis: str
    is_balanced: bool
    divided_units: list[str]
    total: StatisticsLine
    lines: list[StatisticsLine]
    causes_of_lateness: list[CauseOut]


@router.get("/direction/statistics", response=StatisticsOut, summary="Thống kê giải quyết thủ tục hành chính")
def statistics(request: HttpRequest, asked: Query[StatisticsAsked]) -> dict[str, Any]:
    scope = _scope(request, asked)
    told = report.report(scope, cut=asked.cut)
    return {
        "as_of": told.as_of, "period_from": scope.period_from, "period_to": scope.period_to,
        "year_before_from": told.before[0], "year_before_to": told.before[1], "basis": scope.basis,
        "is_balanced": told.is_balanced, "divided_units": [old for old, _ in told.divided],
        "total": _line(told.whole), "lines": [_line(line) for line in told.lines],
        "causes_of_lateness": [
            {"code": code, "title": title, "number": number} for code, title, number in told.causes
        ],
    }


class BoardFigure(Schema):
    """One figure of a module's board. ``value`` empty: too few people to be told, or nothing to take it over."""

    code: str
    title: str
    value: float | None
    year_before: float | None = None
    unit_code: str = ""
    first_day: date | None = None


class BoardOut(Schema):
    """A module's board: in all, by office, by week or month."""

    as_of: datetime
    title: str
    totals: list[BoardFigure]
    by_unit: list[BoardFigure]
    by_period: list[BoardFigure]


@router.get("/direction/boards/{name}", response=BoardOut, summary="Số liệu của một lĩnh vực")
def board_figures(request: HttpRequest, name: Annotated[str, Path(max_length=40)], asked: Query[Asked]) -> BoardOut:
    told = board.read(board.get_board(name), _scope(request, asked), step=asked.step)

    def figure(one: board.Figure, **where: Any) -> BoardFigure:
        return BoardFigure(code=one.code, title=board.title_of(one.code), value=one.value, **where)

    return BoardOut(
        as_of=told.as_of, title=told.board.title,
        totals=[figure(one, year_before=told.before[code].value) for code, one in told.now.items()],
        by_unit=[
            figure(figures[code], unit_code=unit.code) for unit, figures in told.lines for code in told.board.table
        ],
        by_period=[
            BoardFigure(code=code, title=board.title_of(code), value=numbers.get(code, 0), first_day=first)
            for first, _, numbers in told.stretches for code in told.board.series
        ],
    )


class ClosingOut(Schema):
    """A closing of a period's figures."""

    id: int
    kind: str
    title: str
    first: date
    last: date
    version: int
    office: str
    closed_at: datetime
    closed_by: str
    basis: str
    hash: str
    reopened_at: datetime | None
    reopened_by: str
    reason: str


class DifferenceOut(Schema):
    """A figure as it was frozen and as it is, and the dossiers by which it differs."""

    code: str
    frozen: float | None
    live: float | None
    added: list[str]
    removed: list[str]


class ComparisonOut(Schema):
    """A closed period beside the figures of now. ``is_whole`` false: what was kept has been tampered with."""

    closing: ClosingOut
    is_whole: bool
    differences: list[DifferenceOut]
    changed: list[str]


class CloseIn(Schema):
    kind: rules.PeriodKind
    first: date
    basis: str = Field(max_length=300, description="Căn cứ khóa số liệu")


class ReopenIn(Schema):
    reason: str = Field(max_length=300)


class ClosingsAsked(Schema):
    year: int | None = Field(None, ge=2016, le=9998, description="Năm; bỏ trống: năm nay")


Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/direction/periods", response=list[ClosingOut], summary="Các lần khóa số liệu trong năm")
def closings(request: HttpRequest, asked: Query[ClosingsAsked]) -> list[dict[str, Any]]:
    at = now()
    scope = queries.scope_of(actor_of(request), at=at)
    return [_closing(one) for one in periods.visible(scope).filter(first__year=asked.year or localdate(at).year)]


@router.post("/direction/periods", response={201: ClosingOut}, summary="Khóa số liệu một kỳ")
def close_period(request: HttpRequest, told: CloseIn) -> Status[dict[str, Any]]:
    closing = operations.close_period(
        kind=told.kind, first=told.first, basis=told.basis, actor=actor_of(request), at=now(), once=once_of(request)
    )
    return Status(201, _closing(closing))


@router.get("/direction/periods/{closing_id}", response=ComparisonOut, summary="Số liệu đã khóa và số liệu hiện tại")
def compared(request: HttpRequest, closing_id: Key) -> dict[str, Any]:
    scope = queries.scope_of(actor_of(request), at=now(), basis=indicators.Basis.THEN)
    found = periods.compare(periods.get_visible(closing_id, scope), scope)
    return {
        "closing": _closing(found.closing), "is_whole": found.is_whole, "differences": found.differences,
        "changed": found.changed,
    }


@router.post("/direction/periods/{closing_id}/reopen", response=ClosingOut, summary="Mở lại kỳ số liệu đã khóa")
def reopen_period(request: HttpRequest, closing_id: Key, told: ReopenIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    periods.require_closer(actor, at=at)
    periods.get_visible(closing_id, queries.scope_of(actor, at=at))
    operations.reopen_period(closing_id=closing_id, reason=told.reason, actor=actor, at=at, once=once_of(request))
    return _closing(periods.get_visible(closing_id, queries.scope_of(actor, at=at)))


def _line(line: report.Line) -> dict[str, Any]:
    return {
        "code": line.code, "title": line.title,
        "figures": [
            {
                "code": code, "title": sheet.title_of(code), "value": line.now.value(code),
                "year_before": line.before.value(code), "change_percent": line.change(code),
                "has_source": line.now.has_source(code),
            }
            for code in rules.FIGURES
        ],
    }


def _closing(closing: Closing) -> dict[str, Any]:
    taken_back = closing.reopening if closing.is_reopened else None
    return {
        "id": closing.pk, "kind": closing.kind, "title": closing.period.title, "first": closing.first,
        "last": closing.last, "version": closing.version, "office": closing.office.code,
        "closed_at": closing.closed_at, "closed_by": closing.closed_by_name, "basis": closing.basis,
        "hash": closing.hash, "reopened_at": taken_back.at if taken_back else None,
        "reopened_by": taken_back.by_name if taken_back else "", "reason": taken_back.reason if taken_back else "",
    }



def _scope(request: HttpRequest, asked: Asked) -> indicators.Scope:
    """:raises rules.UnknownUnit: no office of that code, or none that the caller may see."""
    scope = queries.scope_of(
        actor_of(request), at=now(), period_from=asked.period_from, period_to=asked.period_to, basis=asked.basis,
        channel=asked.channel, sector=asked.sector, procedure=asked.procedure,
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
        "mean": None if mean is None else round(mean, 2),
        "unit_code": unit.code if unit else "", "unit_name": unit.name if unit else "", "first_day": first,
    }
