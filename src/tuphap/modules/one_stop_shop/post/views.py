"""The postal hand-over list: what waits, what is under way, what was delivered; and the sheet that goes with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import localdate, localtime, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui.fields import DayField

from ..queries import get_visible, offices_of
from ..rules import Permission
from . import operations, queries

PAGE = 50
PARTS = {"": "Chờ giao bưu chính", "dang-chuyen": "Đang chuyển", "da-phat": "Đã phát"}
_FOUND = {"": queries.waiting, "dang-chuyen": queries.on_the_way, "da-phat": queries.brought}


@require_http_methods(["GET", "POST"])
@staff_required
def postal(request: HttpRequest) -> HttpResponse:
    """The list; sent back with tracking numbers, it hands over those that have one, each for itself."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, Permission.RETURN, on=localdate(at))
    wrong: dict[UUID, Refusal] = {}
    typed: dict[UUID, str] = {}
    if request.method == "POST":
        offered = {str(d.pk): d.pk for d in queries.waiting(actor, at)}
        numbers = {pk: request.POST.get(f"so-{key}", "").strip()[:40] for key, pk in offered.items()}
        typed = {pk: number for pk, number in numbers.items() if number}
        outcomes = operations.hand_each(tracking_nos=typed, actor=actor, at=at, once=once_of(request))
        wrong = {o.dossier_id: o.refusal for o in outcomes if o.refusal is not None}
        if done := len(outcomes) - len(wrong):
            messages.success(request, f"Đã ghi nhận giao bưu chính {done} kết quả.")
        if typed and not wrong:
            return redirect("one_stop_shop:postal")
    part = request.GET.get("muc", "") if request.GET.get("muc", "") in PARTS else ""
    page = Paginator(_FOUND[part](actor, at), PAGE).get_page(request.GET.get("trang"))
    rows = [(dossier, typed.get(dossier.pk, ""), wrong.get(dossier.pk)) for dossier in page]
    tabs = [
        {"title": title, "href": f"?muc={code}" if code else "?", "current": code == part,
         "count": queries.number_waiting(actor=actor, at=at) if not code else None}
        for code, title in PARTS.items()
    ]
    nothing = request.method == "POST" and not typed
    return render(request, "one_stop_shop/postal.html", {
        "tabs": tabs, "part": part, "page": page, "rows": rows, "wrong": wrong, "nothing": nothing,
        "today": localdate(at),
    }, status=422 if wrong or nothing else 200)


@require_safe
@staff_required
def sheet(request: HttpRequest) -> HttpResponse:
    """The sheet that the post signs: of one day, or of what waits to be handed over."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, Permission.RETURN, on=localdate(at))
    day = None
    if request.GET.get("ngay"):
        typed = DayField(required=False)
        try:
            day = typed.clean(request.GET["ngay"][:10])
        except ValueError:
            day = None
    office = offices_of(actor, Permission.RETURN, at=at).filter(orgs.valid_on(localdate(at))).first()
    return render(request, "one_stop_shop/postal_sheet.html", {
        "rows": queries.sheet(actor, at, day=day), "day": day, "printed": localtime(at),
        "sheet_parent": office.name if office else "", "sheet_office": "Bộ phận Một cửa",
    })


@require_POST
@staff_required
def delivered(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """The post has delivered it."""
    at, actor = now(), actor_of(request)
    found = get_visible(dossier_id, actor, at)
    operations.mark_delivered(dossier_id=found.pk, actor=actor, at=at, once=once_of(request))
    messages.success(request, "Đã ghi nhận bưu chính phát kết quả.")
    return redirect(f"{reverse('one_stop_shop:postal')}?muc=dang-chuyen")
