"""Pages of the legs: a list of what waits, one leg with what its officer may do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.ui.api import Form

from .. import rules as register
from . import operations, queries, rules
from .forms import EndForm, ResendForm, VerifyForm

PER_PAGE = 50


@staff_required
@require_GET
def legs(request: HttpRequest) -> HttpResponse:
    """The legs that wait, need verification, failed or are late."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, register.Permission.VIEW, on=localdate(at))
    which = request.GET.get("loc", "can-xu-ly")
    which = which if which in queries.LEG_FILTERS else "can-xu-ly"
    here = reverse("civil_status:legs")
    tabs = [
        {"title": title, "href": f"{here}?loc={code}", "current": code == which,
         "count": queries.legs_list(actor, at, which=code).count() if code != "tat-ca" else None}
        for code, title in queries.LEG_FILTERS.items()
    ]
    page = Paginator(queries.legs_list(actor, at, which=which), PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "civil_status/legs.html", {"tabs": tabs, "page": page, "at": at})


@staff_required
@require_GET
def leg(request: HttpRequest, leg_id: int) -> HttpResponse:
    return _leg_page(request, leg_id)


def _leg_page(request: HttpRequest, leg_id: int, bound: Form | None = None) -> HttpResponse:
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    shown = queries.get_leg(leg_id, actor, at)
    prepares = access.may(actor, register.Permission.PREPARE, unit_id=shown.unit_id, on=localdate(at))

    def form(kind: type[Form]) -> Form:
        return bound if isinstance(bound, kind) else kind()

    resend = form(ResendForm)
    for field, kind in (("clinic_code", rules.LegKind.INSURANCE), ("account", rules.LegKind.AID)):
        if shown.kind != kind:
            resend.fields.pop(field, None)
    drawn = {
        "resend": resend if prepares and shown.may_resend else None,
        "end": form(EndForm) if prepares and shown.may_end else None,
        "verify": form(VerifyForm) if prepares and shown.wants_number else None,
    }
    if bound is not None and bound not in drawn.values():  # the leg has gone on meanwhile: there is no form to show it
        for told in bound.non_field_errors():
            messages.error(request, str(told))
    return render(request, "civil_status/leg.html", {
        "leg": shown, "views": queries.legs_of(shown.act.dossier_id, at=at) if shown.act.dossier_id else [], **drawn,
    }, status=422 if bound is not None else 200)


@staff_required
@require_POST
def resend(request: HttpRequest, leg_id: int) -> HttpResponse:
    """Send it again."""
    form = ResendForm(request.POST)
    if form.carried_out(lambda: operations.resend(
        leg_id=leg_id, clinic_code=form.cleaned_data["clinic_code"], account=form.cleaned_data["account"],
        **_by(request),
    )):
        return _done(request, leg_id, "Đã gửi lại.")
    return _leg_page(request, leg_id, form)


@staff_required
@require_POST
def end(request: HttpRequest, leg_id: int) -> HttpResponse:
    """End it, with the reason."""
    form = EndForm(request.POST)
    if form.carried_out(
        lambda: operations.end(leg_id=leg_id, reason=form.cleaned_data["reason"], **_by(request))
    ):
        return _done(request, leg_id, "Đã kết thúc nhánh.")
    return _leg_page(request, leg_id, form)


@staff_required
@require_POST
def verify(request: HttpRequest, leg_id: int) -> HttpResponse:
    """The child has a number already: note it."""
    form = VerifyForm(request.POST)
    if form.carried_out(lambda: operations.tell_number(
        leg_id=leg_id, number=form.cleaned_data["personal_number"], source=form.cleaned_data["source"], **_by(request)
    )):
        return _done(request, leg_id, "Đã ghi số định danh cá nhân.")
    return _leg_page(request, leg_id, form)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "at": now()}  # type: ignore[attr-defined]


def _done(request: HttpRequest, leg_id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("civil_status:leg", leg_id=leg_id)
