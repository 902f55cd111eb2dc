"""Reports over HTTP: the same list, steps and figures for the offices' own systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema
from ninja.responses import Status

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import export, operations, queries, rules
from .models import Form, Report
from .rules import Permission, State

router = Router(tags=["Báo cáo thống kê"])
_MOST = 500
Key = Annotated[int, Path(ge=1, le=2**31 - 1)]
Code = Annotated[str, Path(max_length=40)]


class FormOut(Schema):
    """One version of a statistical form; ``layout`` is its rows, columns and sums."""

    id: int
    code: str
    summary_code: str
    title: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    layout: dict[str, Any]


class FormIn(Schema):
    code: str = Field(min_length=1, max_length=40)
    summary_code: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1, max_length=300)
    legal_basis: str = Field(min_length=1, max_length=300)
    valid_from: date
    layout: dict[str, Any]


class ReportOut(Schema):
    """One report as it stands."""

    id: UUID
    form: str
    unit_code: str
    unit_name: str
    period: str
    first: date
    last: date
    due: date
    version: int
    state: State
    is_late: bool
    number: str
    counted_at: datetime
    sent_at: datetime | None


class CellOut(Schema):
    """One figure: what was counted and what was put beside it."""

    row: str
    column: str
    value: int
    counted: int | None
    typed: int


class ProblemOut(Schema):
    field: str | None
    code: str
    message: str


class WholeReportOut(ReportOut):
    """A report with its figures, and what keeps it from going before the leader."""

    cells: list[CellOut]
    explanations: dict[str, str]
    missing: list[str]
    problems: list[ProblemOut]


class RecordsOut(Schema):
    """The records that a cell counts, by name."""

    number: int
    labels: list[str]


class ReportsAsked(Schema):
    period: str = Field("", max_length=40, description="Kỳ, ví dụ 2026.6-thang.chinh-thuc; bỏ trống: mọi kỳ")
    form: str = Field("", max_length=40)
    state: State | None = None


class BeginIn(Schema):
    form: str = Field(max_length=40)
    unit_code: str = Field("", max_length=30, description="Mã định danh đơn vị báo cáo")
    period: str = Field(max_length=40)


class AggregateIn(BeginIn):
    reason: str = Field("", max_length=300, description="Lý do nếu còn đơn vị chưa gửi")


class FillIn(Schema):
    """Figures by cell (``row/column``), explanations by the doubt that they answer."""

    typed: dict[str, Annotated[int, Field(ge=0, le=10_000_000)]] = {}
    explanations: dict[str, Annotated[str, Field(max_length=500)]] = {}
    confirmed_zero: bool = False


class ReportReasonIn(Schema):
    reason: str = Field(max_length=300)


@router.get("/reporting/forms", response=list[FormOut], summary="Biểu mẫu thống kê và các phiên bản")
def forms(request: HttpRequest) -> list[Form]:
    access.require_anywhere(actor_of(request), Permission.VIEW, on=localdate(now()))
    return list(Form.objects.order_by("code", "-valid_from"))


@router.post("/reporting/forms", response={201: FormOut}, summary="Ban hành phiên bản của một biểu")
def enact_form(request: HttpRequest, told: FormIn) -> Status[Form]:
    entered = operations.enact_form(
        code=told.code, summary_code=told.summary_code, title=told.title, legal_basis=told.legal_basis,
        lay=told.layout, valid_from=told.valid_from, actor=actor_of(request), at=now(), once=once_of(request),
    )
    return Status(201, entered)


@router.get("/reporting/reports", response=list[ReportOut], summary="Các báo cáo được xem")
def reports(request: HttpRequest, asked: Query[ReportsAsked]) -> list[dict[str, Any]]:
    """The newest five hundred of them."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = queries.visible(actor, at)
    if asked.period:
        period = rules.period(asked.period)
        found = found.filter(year=period.year, kind=period.kind, stage=period.stage)
    if asked.form:
        found = found.filter(form__code=asked.form)
    if asked.state is not None:
        found = found.filter(state=asked.state)
    return [_out(one) for one in found[:_MOST]]


@router.post("/reporting/reports", response={201: WholeReportOut}, summary="Lập báo cáo: đếm số liệu của đơn vị")
def begin(request: HttpRequest, told: BeginIn) -> Status[dict[str, Any]]:
    actor, at = actor_of(request), now()
    report = operations.begin(
        form=told.form, unit_id=_unit(told), period=told.period, actor=actor, at=at, once=once_of(request)
    )
    return Status(201, _whole(report))


@router.post("/reporting/summaries", response={201: WholeReportOut}, summary="Tổng hợp báo cáo của cấp xã")
def aggregate(request: HttpRequest, told: AggregateIn) -> Status[dict[str, Any]]:
    actor, at = actor_of(request), now()
    report = operations.aggregate(
        form=told.form, unit_id=_unit(told), period=told.period, reason=told.reason, actor=actor, at=at,
        once=once_of(request),
    )
    return Status(201, _whole(report))


@router.get("/reporting/reports/{uuid:report_id}", response=WholeReportOut, summary="Một báo cáo")
def report(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    return _whole(queries.get_visible(report_id, actor_of(request), now()))


@router.get(
    "/reporting/reports/{uuid:report_id}/cells/{row}/{column}", response=RecordsOut,
    summary="Danh sách đằng sau một ô số liệu",
)
def records(request: HttpRequest, report_id: UUID, row: Code, column: Code) -> dict[str, Any]:
    """Of a summary: empty, for its figures are those of the reports that it counts."""
    found = queries.get_visible(report_id, actor_of(request), now())
    labels = queries.labels_of(found, (row, column))
    return {"number": len(labels), "labels": labels}


@router.post("/reporting/reports/{uuid:report_id}/fill", response=WholeReportOut, summary="Nhập số ước, giải trình")
def fill(request: HttpRequest, report_id: UUID, told: FillIn) -> dict[str, Any]:
    return _after(request, report_id, operations.fill, typed=told.typed, explanations=told.explanations,
                  confirmed_zero=told.confirmed_zero)


@router.post("/reporting/reports/{uuid:report_id}/recount", response=WholeReportOut, summary="Đếm lại số liệu")
def recount(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    return _after(request, report_id, operations.recount)


@router.post("/reporting/reports/{uuid:report_id}/propose", response=WholeReportOut, summary="Trình lãnh đạo ký")
def propose(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    return _after(request, report_id, operations.propose)


@router.post("/reporting/reports/{uuid:report_id}/send-back", response=WholeReportOut, summary="Chuyển lại người lập")
def send_back(request: HttpRequest, report_id: UUID, told: ReportReasonIn) -> dict[str, Any]:
    return _after(request, report_id, operations.send_back, reason=told.reason)


@router.post("/reporting/reports/{uuid:report_id}/approve", response=WholeReportOut, summary="Ký và gửi báo cáo")
def approve(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    return _after(request, report_id, operations.approve)


@router.post("/reporting/reports/{uuid:report_id}/accept", response=WholeReportOut, summary="Tiếp nhận báo cáo")
def accept(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    return _after(request, report_id, operations.accept)


@router.post("/reporting/reports/{uuid:report_id}/return", response=WholeReportOut, summary="Trả lại báo cáo để sửa")
def return_to_office(request: HttpRequest, report_id: UUID, told: ReportReasonIn) -> dict[str, Any]:
    return _after(request, report_id, operations.return_to_office, reason=told.reason)


@router.post("/reporting/reports/{uuid:report_id}/amend", response={201: WholeReportOut}, summary="Sửa đổi báo cáo")
def amend(request: HttpRequest, report_id: UUID, told: ReportReasonIn) -> Status[dict[str, Any]]:
    return Status(201, _after(request, report_id, operations.amend, reason=told.reason))


def _after(request: HttpRequest, report_id: UUID, verb: Any, **told: Any) -> dict[str, Any]:
    """One step of a report that the caller may see, and how it stands then."""
    actor, at = actor_of(request), now()
    queries.get_visible(report_id, actor, at)
    moved = verb(report_id=report_id, actor=actor, at=at, once=once_of(request), **told)
    return _whole(queries.get_visible(moved.pk, actor, at))


def _unit(told: BeginIn) -> int:
    """:raises rules.UnknownUnit: no office of this code reports in this period."""
    period = rules.period(told.period)
    for unit in OrgUnit.objects.filter(code=told.unit_code).order_by("-valid_from"):
        if rules.days_within(period, unit.valid_from, unit.valid_to) is not None:
            return unit.pk
    raise rules.UnknownUnit(field="unit_code")


def _out(report: Report) -> dict[str, Any]:
    sent_on = localdate(report.sent_at) if report.sent_at else None
    return {
        "id": report.pk, "form": report.code, "unit_code": report.unit.code, "unit_name": report.unit.name,
        "period": report.period.code, "first": report.first, "last": report.last, "due": report.due,
        "version": report.version, "state": report.state, "number": report.number,
        "is_late": rules.is_late(sent_on, due=report.due, today=localdate(now())),
        "counted_at": report.counted_at, "sent_at": report.sent_at,
    }


def _whole(report: Report) -> dict[str, Any]:
    return {
        **_out(report), "cells": export.cells(report), "explanations": report.explanations,
        "missing": queries.offices_named(report.missing),
        "problems": [
            {"field": p.field, "code": p.code, "message": p.message}
            for p in (queries.problems(report) if report.is_being_made else ())
        ],
    }
