"""The pages of reports: what is owed, one report with its figures, the records behind a cell, files, forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.documents import api as documents
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui import files, sheets

from . import export, layout, operations, papers, queries, rules, sheet
from .forms import FigureForm, FormVersionForm, ReasonForm
from .models import Form, Report
from .rules import Level, Period, Permission, State

PAGE = 50
YEARS = 4

# --- What is owed -----------------------------------------------------------------------------------------------------


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of a period: an office's own, and for the department how far its communes are."""
    return _reports(request)


def _reports(request: HttpRequest, *, refused: Refusal | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    period = _period(request)
    whole = request.GET.get("tat-ca") == "1"
    lacks_reason = refused is not None and refused.field == "reason"
    context = {
        "period": period, "years": _years(period), "periods": _periods(period, at_year=period.year),
        "due_commune": period.due_on(Level.COMMUNE), "due_province": period.due_on(Level.PROVINCE),
        "own": queries.owed(queries.own_offices(actor, at, period=period), period, at=at),
        "boards": [
            {"board": board, "tiles": _tiles(board), "lines": board.lines if whole else board.working_lines,
             "hidden": 0 if whole else len(board.lines) - len(board.working_lines),
             "may_aggregate": access.may(
                 actor, Permission.AGGREGATE, unit_id=board.department.pk, on=localdate(at))}
            for board in (queries.board(one, period, at=at) for one in queries.departments(actor, at))
        ],
        "may_prepare": access.may_anywhere(actor, Permission.PREPARE, on=localdate(at)), "whole": whole,
        "refused": refused, "refused_form": request.POST.get("form", "") if lacks_reason else "",
        "typed_reason": request.POST.get("reason", ""), "is_over": localdate(at) > period.cut_off,
        "whole_url": f"?ky={period.code}&tat-ca=1", "part_url": f"?ky={period.code}",
    }
    return render(request, "reporting/reports.html", context, status=refused.status if refused else 200)


def _tiles(board: queries.Board) -> list[dict[str, Any]]:
    late, waiting = len(board.late), len(board.waiting)
    return [
        {"label": "Đã gửi", "value": f"{len(board.sent)}/{len(board.expected)}"},
        {"label": "Chờ kiểm tra", "value": waiting, "tone": "blue" if waiting else ""},
        {"label": "Quá hạn chưa gửi", "value": late, "tone": "red" if late else ""},
        {"label": "Đơn vị chưa dùng hệ thống", "value": board.not_at_work},
    ]


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Count an office's records after one form: the draft is shown."""
    actor, at = actor_of(request), now()
    try:
        report = operations.begin(
            form=request.POST.get("form", ""), unit_id=_key(request.POST.get("unit")),
            period=request.POST.get("period", ""), actor=actor, at=at, once=once_of(request),
        )
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _reports(request, refused=refusal)
    messages.success(request, "Đã đếm số liệu và lập dự thảo báo cáo.")
    return redirect(report)


@require_POST
def aggregate(request: HttpRequest) -> HttpResponse:
    """Sum the communes' accepted reports up."""
    actor, at = actor_of(request), now()
    try:
        report = operations.aggregate(
            form=request.POST.get("form", ""), unit_id=_key(request.POST.get("unit")),
            period=request.POST.get("period", ""), reason=request.POST.get("reason", ""), actor=actor, at=at,
            once=once_of(request),
        )
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _reports(request, refused=refusal)
    messages.success(request, f"Đã tổng hợp báo cáo của {report.parts.count()} đơn vị.")
    return redirect(report)


# --- One report -------------------------------------------------------------------------------------------------------


@require_safe
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report's figures, what is wrong with it, what was done, and what this person may do."""
    return _report(request, queries.get_visible(report_id, actor_of(request), now()))


def _report(
    request: HttpRequest, found: Report, *, form: FigureForm | None = None, reasons: ReasonForm | None = None,
    refused: Refusal | None = None,
) -> HttpResponse:
    actor, at = actor_of(request), now()
    preparing = Permission.AGGREGATE if found.is_summary else Permission.PREPARE
    may_prepare = queries.may(actor, found, preparing, at)
    may_sign = queries.may(actor, found, Permission.SIGN, at)
    may_check = not found.is_summary and queries.may(actor, found, Permission.CHECK, at)
    editing = found.is_being_made and may_prepare
    doubts = queries.doubts(found)
    own = found.made_by_id == actor.user_id or found.signer_id == actor.user_id
    if editing and form is None:
        form = FigureForm(report=found, doubts=doubts)
    state = State(found.state)
    context = {
        "report": found, "sheet": sheet.sheet(found), "editing": editing, "form": form,
        "lines": _lines(found, form if editing else None), "columns": found.form.lay.columns,
        "groups": _heads(found), "reasons": reasons or ReasonForm(), "refused": refused,
        "problems": queries.problems(found) if editing and form is not None and not form.is_bound else [],
        "steps": [{"title": s.title, "at": s.at, "by": s.by, "note": s.note} for s in found.steps.all()],
        "parts": queries.parts_of(found) if found.is_summary else [],
        "missing": queries.offices_named(found.missing),
        "files": [(title, reverse("reporting:file", args=[found.pk, kind])) for kind, title in FILES.items()],
        "back_url": f"{reverse('reporting:reports')}?ky={found.period.code}",
        "may": {
            "sign": may_sign and state is State.READY,
            "check": may_check and state is State.SUBMITTED and not own,
            "own_check": may_check and state is State.SUBMITTED and own,
            "amend": may_prepare and state in rules.COUNTED and not hasattr(found, "amendment"),
        },
        "newer": getattr(found, "amendment", None), "is_late": rules.is_late(
            localdate(found.sent_at) if found.sent_at else None, due=found.due, today=localdate(at)),
        "changed": queries.changed_since(found, actor=actor, at=at)
        if not found.is_summary and state in rules.SENT else [],
    }
    wrong = (form is not None and form.errors) or (reasons is not None and reasons.errors) or refused
    return render(request, "reporting/report.html", context, status=422 if wrong else 200)


@require_POST
def fill(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Keep what was typed; with ``propose`` the report goes before the leader, if nothing is wrong with it."""
    actor, at = actor_of(request), now()
    found = queries.get_visible(report_id, actor, at)
    doubts = queries.doubts(found)
    form = FigureForm(request.POST, report=found, doubts=doubts)
    verb = operations.propose if "propose" in request.POST else operations.fill
    if not form.carried_out(lambda: verb(
        report_id=report_id, typed=form.typed(), explanations=form.explanations(),
        confirmed_zero=bool(form.cleaned_data.get("confirmed_zero")), actor=actor, at=at, once=once_of(request),
    )):
        return _report(request, found, form=form)
    messages.success(request, "Đã trình lãnh đạo ký." if "propose" in request.POST else "Đã lưu báo cáo.")
    return redirect("reporting:report", report_id=report_id)


def _do(request: HttpRequest, report_id: UUID, verb: Callable[..., Report], said: str) -> HttpResponse:
    """One step that wants no words of its own."""
    actor, at = actor_of(request), now()
    found = queries.get_visible(report_id, actor, at)
    try:
        moved = verb(report_id=report_id, actor=actor, at=at, once=once_of(request))
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _report(request, found, refused=refusal)
    messages.success(request, said)
    return redirect(moved)


def _do_with_reason(request: HttpRequest, report_id: UUID, verb: Callable[..., Report], said: str) -> HttpResponse:
    """One step for which a reason is given."""
    actor, at = actor_of(request), now()
    found = queries.get_visible(report_id, actor, at)
    form = ReasonForm(request.POST)
    moved = form.carried_out(lambda: verb(
        report_id=report_id, reason=form.cleaned_data["reason"], actor=actor, at=at, once=once_of(request)
    ))
    if moved is None:
        return _report(request, found, reasons=form)
    messages.success(request, said)
    return redirect(moved)


@require_POST
def recount(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do(request, report_id, operations.recount, "Đã đếm lại số liệu.")


@require_POST
def approve(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do(request, report_id, operations.approve, "Báo cáo đang được ký số và gửi đi.")


@require_POST
def accept(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do(request, report_id, operations.accept, "Đã tiếp nhận báo cáo.")


@require_POST
def send_back(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do_with_reason(request, report_id, operations.send_back, "Đã chuyển lại người lập.")


@require_POST
def return_to_office(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do_with_reason(request, report_id, operations.return_to_office, "Đã trả lại báo cáo để sửa.")


@require_POST
def amend(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _do_with_reason(request, report_id, operations.amend, "Đã lập bản sửa đổi với số liệu đếm lại.")


@require_safe
def cell(request: HttpRequest, report_id: UUID, row: str, column: str) -> HttpResponse:
    """What a cell is made of: records by name, or for a summary the communes' figures."""
    actor, at = actor_of(request), now()
    found = queries.get_visible(report_id, actor, at)
    place = (row, column)
    lay = found.form.lay
    context: dict[str, Any] = {
        "report": found, "name": lay.name(place), "value": found.values.get(place),
        "typed": layout.cells_of(found.typed).get(place, 0), "back_url": reverse("reporting:report", args=[found.pk]),
    }
    if found.is_summary:
        parts = [(part, part.values.get(place, 0)) for part in queries.parts_of(found)]
        context |= {"parts": [
            {"report": part, "value": value, "href": _cell_link(part)(place) if value else ""} for part, value in parts
        ]}
    else:
        labels = queries.labels_of(found, place)
        source = indicators.indicators.get(lay.row(row).source)
        page = Paginator(labels, PAGE).get_page(request.GET.get("trang"))
        context |= {
            "number": len(labels), "page": page,
            "labels": [(label, export.record_url(source, label)) for label in page.object_list],
        }
    return render(request, "reporting/cell.html", context)


FILES = {"pdf": "PDF", "xlsx": "Excel (XLSX)", "docx": "Word (DOCX)", "json": "Tệp dữ liệu (JSON)"}


@require_safe
def file(request: HttpRequest, report_id: UUID, kind: str) -> HttpResponse:
    """The report as a file: the signed paper where there is one; who took it is in the log.

    :raises rules.UnknownReport: no such kind of file.
    """
    actor, at = actor_of(request), now()
    found = queries.get_visible(report_id, actor, at)
    if kind not in FILES:
        raise rules.UnknownReport()
    audit.record_read(
        subject=found, actor=actor, at=at, purpose=actor.purpose or "báo cáo thống kê", what=f"reporting.{kind}", rows=1
    )
    name = export.file_name(found)
    office = orgs.restate(found.unit_id, on=localdate(at)) or found.unit
    if kind == "json":
        content = json.dumps(export.plain(found), ensure_ascii=False, indent=1).encode()
        return files.file_answer(f"{name}.json", content, "application/json")
    if kind == "xlsx":
        return files.file_answer(
            f"{name}.xlsx", sheets.sheet_xlsx(sheet.sheet(found), office=found.unit.name), files.XLSX)
    if kind == "docx":
        parent = office.parent.name if office.parent else ""
        content = sheets.sheet_docx(sheet.sheet(found), office=found.unit.name, parent=parent, on=localdate(at))
        return files.file_answer(f"{name}.docx", content, sheets.DOCX)
    if found.sent_at is not None and found.document is not None:
        return files.file_answer(f"{name}.pdf", documents.content(found.document), sheets.PDF)
    return files.file_answer(f"{name}.pdf", papers.preview(found, office=office, on=localdate(at)), sheets.PDF)


# --- Forms ------------------------------------------------------------------------------------------------------------


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Every form with its versions."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    context = {
        "forms": Form.objects.order_by("code", "-valid_from"), "today": localdate(at),
        "may_enact": access.may_anywhere(actor, Permission.ENACT, on=localdate(at)),
    }
    return render(request, "reporting/forms.html", context)


@require_safe
def form(request: HttpRequest, form_id: int) -> HttpResponse:
    """One version of a form: its lines, columns and sums."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = queries.get_form(form_id)
    context = {
        "form": found, "lay": found.lay, "sums": list(export.sums(found.lay)),
        "may_enact": access.may_anywhere(actor, Permission.ENACT, on=localdate(at)),
    }
    return render(request, "reporting/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, form_id: int) -> HttpResponse:
    """Enter the next version of a form, beginning from this one."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.ENACT, on=localdate(at))
    found = queries.get_form(form_id)
    shown = FormVersionForm(request.POST or None, initial={
        "code": found.code, "summary_code": found.summary_code, "title": found.title,
        "legal_basis": found.legal_basis, "layout": json.dumps(found.layout, ensure_ascii=False, indent=1),
    })
    if request.method == "POST" and shown.is_valid():
        told = dict(shown.cleaned_data)
        try:
            entered = operations.enact_form(lay=told.pop("layout"), **told, actor=actor, at=at, once=once_of(request))
        except (Denied, NotFound):
            raise
        except Refusal as refusal:
            shown.add_refusal(refusal)
        else:
            messages.success(request, f"Đã ban hành phiên bản của biểu {entered.code}.")
            return redirect(entered)
    status = 422 if shown.is_bound else 200
    return render(request, "reporting/new_version.html", {"form": shown, "before": found}, status=status)


# --- Small things -----------------------------------------------------------------------------------------------------


def _period(request: HttpRequest) -> Period:
    """The period that the address asks for; by default the one that was last to be counted."""
    code = request.GET.get("ky") or request.POST.get("period") or ""
    return rules.period(code) if code else rules.last_counted(localdate(now()))


def _years(period: Period) -> list[dict[str, Any]]:
    this = localdate(now()).year
    return [
        {"title": str(year), "href": f"?ky={year}.{period.kind}.{period.stage}", "current": year == period.year,
         "count": None}
        for year in range(this, max(this - YEARS, rules.FIRST_YEAR - 1), -1)
    ]


def _periods(period: Period, *, at_year: int) -> list[dict[str, Any]]:
    return [
        {"title": one.short_title, "href": f"?ky={one.code}", "current": one == period, "count": None}
        for one in rules.periods_of(at_year)
    ]


def _key(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _cell_link(found: Report) -> Callable[[layout.Cell], str]:
    return lambda place: reverse("reporting:cell", args=[found.pk, *place])


def _heads(found: Report) -> list[dict[str, Any]]:
    """The heads over columns that belong together; none where no column has one."""
    told: list[dict[str, Any]] = []
    for column in found.form.lay.columns:
        if told and told[-1]["title"] == column.group:
            told[-1]["span"] += 1
        else:
            told.append({"title": column.group, "span": 1})
    return told if any(head["title"] for head in told) else []


def _lines(found: Report, form: FigureForm | None) -> Iterable[dict[str, Any]]:
    """The table as the page draws it: each cell with its figure, its list, and its box where it is typed."""
    counted, typed = layout.cells_of(found.counted), layout.cells_of(found.typed)
    values, link = found.values, _cell_link(found)
    for row in found.form.lay.rows:
        cells = []
        for column in found.form.lay.columns:
            place = (row.code, column.code)
            cells.append({
                "head": column.title, "says": place in values, "value": values.get(place, 0),
                "counted": counted.get(place, 0), "typed": typed.get(place, 0),
                "href": link(place) if values.get(place) else "", "box": form.cell(place) if form else None,
            })
        yield {"row": row, "cells": cells}


