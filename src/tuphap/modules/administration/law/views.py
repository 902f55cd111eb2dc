"""Pages of the law under /quan-tri/: parse, one call, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.calendar.api import DayKind
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Procedure, law
from tuphap.shared.operation.http import actor_of, once_of

from ..operations import require_provincial
from ..rules import Permission
from . import operations, queries
from .forms import (
    DayForm,
    DecreeForm,
    NewProcedureForm,
    ParameterForm,
    VersionForm,
    VersionPage,
    WithdrawForm,
    page_of,
)

_PER_PAGE = 50
_METHODS = ["GET", "HEAD", "POST"]
# What the buttons of the page say; anything else means: show me what would change.
_ADD, _BACK, _ENACT = "them-", "sua", "ban-hanh"



def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _told(form: Any, refusal: Refusal) -> None:
    """Show a refusal in the form; denials and what is not there are the site's to show."""
    if isinstance(refusal, Denied | NotFound):
        raise refusal
    form.add_refusal(refusal)


def _decree_asked(request: HttpRequest) -> int | None:
    text = request.GET.get("van_ban", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@staff_required
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue as it stands: searched, by sector."""
    at, actor = now(), actor_of(request)
    text, sector = request.GET.get("tim", "").strip()[:200], request.GET.get("linh-vuc", "")[:60]
    entries = queries.catalogue(actor, at=at, text=text, sector=sector)
    return render(request, "administration/law/procedures.html", {
        "page": Paginator(entries, _PER_PAGE).get_page(request.GET.get("trang")), "text": text, "sector": sector,
        "sectors": queries.sectors(), "may_change": queries.may_change(actor, at=at), "number": len(entries),
    })


@staff_required
@require_safe
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of one procedure as a timeline."""
    return _versions_page(request, code, None)


def _versions_page(request: HttpRequest, code: str, form: WithdrawForm | None) -> HttpResponse:
    at, actor = now(), actor_of(request)
    timeline = queries.timeline(code, actor, at=at)
    shown = next((version for version in timeline if version.in_force), timeline[0])
    return render(request, "administration/law/versions.html", {
        "timeline": timeline, "procedure": shown.procedure, "history": queries.history(code),
        "reach": law.reach(code), "may_change": queries.may_change(actor, at=at),
        "form": form or WithdrawForm(initial={"decree": _decree_asked(request)}),
    }, status=200 if form is None else 422)


@staff_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Let a procedure hold no more from a day on."""
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    form = WithdrawForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.withdraw_procedure(
                code=code, first=given["first"], reason=given["reason"], actor=actor, at=at,
                decree_id=given["decree"].pk if given["decree"] else None, once=once_of(request),
            )
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, f"Thủ tục hết hiệu lực từ ngày {given['first']:%d/%m/%Y}.")
            return redirect("administration:law_versions", code=code)
    return _versions_page(request, code, form)


@staff_required
@require_http_methods(_METHODS)
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """A new version from a day on: the text in force to go on from, then what changes, then it is enacted."""
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    old = _to_go_on_from(code, at)
    if request.method != "POST":
        first_page = page_of(law.text_of(old), decree=_decree_asked(request))
        return _version_page(request, first_page, old)
    answer = _typed(request, VersionForm, old)
    if isinstance(answer, HttpResponse):
        return answer
    page, text = answer
    given = page.main.cleaned_data
    try:
        operations.enact_version(
            code=code, text=text, first=given["first"], decree_id=given["decree"].pk if given["decree"] else None,
            actor=actor, at=at, once=once_of(request),
        )
    except Refusal as refusal:
        _told(page, refusal)
        return _version_page(request, page, old, status=422)
    messages.success(request, f"Đã ban hành phiên bản hiệu lực từ ngày {given['first']:%d/%m/%Y}.")
    return redirect("administration:law_versions", code=code)


@staff_required
@require_http_methods(_METHODS)
def new_procedure(request: HttpRequest) -> HttpResponse:
    """A procedure that the catalogue does not know."""
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    if request.method != "POST":
        page = VersionPage.showing({"decree": _decree_asked(request), **_COMMON}, _FIRST_ROWS, NewProcedureForm)
        return _version_page(request, page, None)
    answer = _typed(request, NewProcedureForm, None)
    if isinstance(answer, HttpResponse):
        return answer
    page, text = answer
    given = page.main.cleaned_data
    try:
        operations.introduce_procedure(
            code=given["code"], text=text, first=given["first"], actor=actor, at=at, once=once_of(request),
            decree_id=given["decree"].pk if given["decree"] else None,
        )
    except Refusal as refusal:
        _told(page, refusal)
        return _version_page(request, page, None, status=422)
    messages.success(request, "Đã thêm thủ tục vào danh mục.")
    return redirect("administration:law_versions", code=given["code"])


_COMMON = {"handler": "one_stop.generic", "restart_rule": "RESTART", "limit_unit": "WD"}
_FIRST_ROWS: dict[str, list[dict[str, Any]]] = {
    "giay": [{"code": "don", "name": "Đơn đề nghị theo mẫu", "copies": 1, "mandatory": True}],
    "buoc": [
        {"role": "RECEIVER", "title": "Tiếp nhận, kiểm tra hồ sơ", "hours": 2},
        {"role": "CASE_OFFICER", "title": "Thẩm tra, dự thảo kết quả", "hours": 30},
        {"role": "LEADER", "title": "Xem xét, ký", "hours": 8},
    ],
    "trang": [{"code": "person", "title": "Người yêu cầu"}, {"code": "request", "title": "Nội dung đề nghị"}],
    "muc": [
        {"page": "person", "code": "name", "label": "Họ, chữ đệm, tên", "kind": "name", "required": True},
        {"page": "person", "code": "personal_number", "label": "Số định danh cá nhân", "kind": "personal_number",
         "required": True},
        {"page": "person", "code": "phone", "label": "Điện thoại", "kind": "phone", "required": True},
        {"page": "person", "code": "address", "label": "Nơi cư trú", "kind": "place", "required": True},
        {"page": "request", "code": "content", "label": "Nội dung đề nghị", "kind": "long_text", "required": True},
    ],
}


def _to_go_on_from(code: str, at: datetime) -> Procedure:
    """The version in force, else the last one."""
    found = law.versions_of(code)
    return next((version for version in found if version.holds_on(localdate(at))), found[-1])


def _typed(
    request: HttpRequest, form: type[VersionForm], old: Procedure | None
) -> HttpResponse | tuple[VersionPage, law.ProcedureText]:
    """What was typed, if it is sound and was seen; else the page that is to be shown next."""
    data, step = request.POST, request.POST.get("lam", "")
    if step.startswith(_ADD):
        return _version_page(request, VersionPage.again(data, form, more=step.removeprefix(_ADD)), old)
    if step == _BACK:
        return _version_page(request, VersionPage.again(data, form), old)
    page = VersionPage.bound(data, form)
    if not page.is_valid():
        return _version_page(request, page, old, status=422)
    try:
        text = law.read_text(page.told())
    except Refusal as refusal:
        _told(page, refusal)
        return _version_page(request, page, old, status=422)
    if step != _ENACT:
        return _preview(request, page, text, old)
    return page, text


def _version_page(
    request: HttpRequest, page: VersionPage, old: Procedure | None, *, status: int = 200
) -> HttpResponse:
    return render(request, "administration/law/version.html", {"page": page, "old": old}, status=status)


def _preview(request: HttpRequest, page: VersionPage, text: law.ProcedureText, old: Procedure | None) -> HttpResponse:
    """What would change and whom it concerns; everything typed goes on in hidden boxes."""
    given = page.main.cleaned_data
    return render(request, "administration/law/preview.html", {
        "old": old, "text": text, "first": given["first"], "decree": given["decree"], "carried": _carried(request.POST),
        "changes": law.changes(law.text_of(old) if old else None, text),
        "reach": law.reach(old.code) if old else None,
    })


def _carried(data: QueryDict) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", "lam", "once"}
    return [(name, value) for name, values in data.lists() if name not in left_out for value in values]


# -- parameters


@staff_required
@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """The numbers of the one-stop rules with their past and future."""
    return _parameters_page(request, {})


def _parameters_page(request: HttpRequest, bound: dict[str, ParameterForm]) -> HttpResponse:
    at, actor = now(), actor_of(request)
    shown = [
        (one, bound.get(one.now.code) or ParameterForm(prefix=one.now.code, initial={"decree": _decree_asked(request)}))
        for one in queries.parameters(actor, at=at)
    ]
    return render(request, "administration/law/parameters.html", {
        "shown": shown, "may_change": queries.may_change(actor, at=at),
    }, status=422 if bound else 200)


@staff_required
@require_POST
def set_parameter(request: HttpRequest, code: str) -> HttpResponse:
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    form = ParameterForm(request.POST, prefix=code)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = operations.set_parameter(
                code=code, value=given["value"], first=given["first"], basis=given["basis"], actor=actor, at=at,
                decree_id=given["decree"].pk if given["decree"] else None, once=once_of(request),
            )
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, f"{made.title}: {made.value} {made.unit} từ ngày {made.valid_from:%d/%m/%Y}.")
            return redirect("administration:law_parameters")
    return _parameters_page(request, {code: form})


# -- documents


@staff_required
@require_http_methods(_METHODS)
def decrees(request: HttpRequest) -> HttpResponse:
    """The documents under which the law was changed, and the form that enters another."""
    at, actor = now(), actor_of(request)
    found = queries.decrees(actor, at=at)
    form = DecreeForm(request.POST or None)
    if request.method == "POST":
        require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.enter_decree(**form.cleaned_data, actor=actor, at=at, once=once_of(request))
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, f"Đã nhập {made.number}. Hãy ghi các thay đổi theo văn bản này.")
            return redirect("administration:law_decree", decree_id=made.pk)
    return render(request, "administration/law/decrees.html", {
        "page": Paginator(found, _PER_PAGE).get_page(request.GET.get("trang")), "form": form,
        "may_change": queries.may_change(actor, at=at),
    }, status=_status(request))


@staff_required
@require_http_methods(_METHODS)
def decree(request: HttpRequest, decree_id: int) -> HttpResponse:
    """One document with everything that was changed under it; days are entered here, the rest on their own pages."""
    at, actor = now(), actor_of(request)
    found = queries.decree(decree_id, actor, at=at)
    form = DayForm(request.POST or None)
    if request.method == "POST":
        require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operations.set_day(
                decree_id=found.pk, day=given["day"], kind=DayKind(given["kind"]), note=given["note"],
                switched_on=given["switched_on"], actor=actor, at=at, once=once_of(request),
            )
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, f"Đã ghi lịch ngày {given['day']:%d/%m/%Y}.")
            return redirect("administration:law_decree", decree_id=found.pk)
    text = request.GET.get("tim", "").strip()[:200]
    return render(request, "administration/law/decree.html", {
        "decree": found, "changes": queries.changes_under(found), "form": form, "text": text,
        "found": dossiers.matching(dossiers.procedures(on=localdate(at)), text)[:20] if text else [],
        "may_change": queries.may_change(actor, at=at),
    }, status=_status(request))
