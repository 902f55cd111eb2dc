"""Pages of hand-overs: what waits, lists made by one key, the printed sheet, and the signature of who takes over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.http import actor_of, once_of

from ..views.common import keys_in, pdf
from . import operations, queries, sheets

_PAGE = 30


@require_safe
@staff_required
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What is to be handed over, which lists wait for one's signature, and those of the last days."""
    return _page(request)


def _page(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    at, actor = now(), actor_of(request)
    mine = list(queries.to_take(actor, at)[:_PAGE])
    return render(request, "one_stop_shop/hand_overs.html", {
        "bundles": queries.bundles(queries.waiting(actor, at)), "to_take": mine, "problem": problem,
        "page": Paginator(queries.visible(actor, at), _PAGE).get_page(request.GET.get("trang")),
    }, status=problem.status if problem else 200)


@require_POST
@staff_required
def make(request: HttpRequest) -> HttpResponse:
    """Make the lists of what was ticked, or of everything that waits."""
    at, actor = now(), actor_of(request)
    wanted = keys_in(request, "hs")
    if "tat_ca" in request.POST:
        wanted = [item.dossier.pk for item in queries.waiting(actor, at)]
    try:
        made = operations.hand_over(dossier_ids=wanted, actor=actor, at=at, once=once_of(request))
    except Refusal as refusal:
        return _page(request, refusal)
    numbers = ", ".join(one.number for one in made)
    messages.success(request, f"Đã lập phiếu bàn giao số {numbers}.")
    if len(made) == 1:
        return redirect("one_stop_shop:hand_over", hand_over_id=made[0].pk)
    return redirect("one_stop_shop:hand_overs")


@require_safe
@staff_required
def hand_over(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    return _one(request, hand_over_id)


def _one(request: HttpRequest, hand_over_id: UUID, problem: Refusal | None = None) -> HttpResponse:
    at, actor = now(), actor_of(request)
    found = queries.get_visible(hand_over_id, actor, at)
    typed = {str(line.dossier_id): request.POST.get(f"ly_do_{line.dossier_id}", "") for line in found.lines.all()}
    kept = request.POST.getlist("nhan") if request.method == "POST" else None
    return render(request, "one_stop_shop/hand_over.html", {
        "hand_over": found, "problem": problem, "may_take": found.is_open and queries.may_take(found, actor, at),
        "may_cancel": found.is_open and found.made_by_id == actor.user_id,
        "lines": [
            (line, typed[str(line.dossier_id)], kept is None or str(line.dossier_id) in kept)
            for line in found.lines.all()
        ],
    }, status=problem.status if problem else 200)


@require_POST
@staff_required
def take_over(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Sign for the list: what is ticked is taken, the rest is left with its reason."""
    at, actor = now(), actor_of(request)
    found = queries.get_visible(hand_over_id, actor, at)
    taken = set(keys_in(request, "nhan"))
    left = {
        line.dossier_id: request.POST.get(f"ly_do_{line.dossier_id}", "")
        for line in found.lines.all() if line.dossier_id not in taken
    }
    try:
        done = operations.take_over(hand_over_id=found.pk, left=left, actor=actor, at=at, once=once_of(request))
    except Denied:
        raise
    except Refusal as refusal:
        return _one(request, hand_over_id, refusal)
    said = f", {len(left)} hồ sơ không nhận" if left else ""
    messages.success(request, f"Đã ký nhận phiếu bàn giao số {done.number}{said}.")
    return redirect("one_stop_shop:hand_over", hand_over_id=done.pk)


@require_POST
@staff_required
def cancel(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    try:
        done = operations.cancel(
            hand_over_id=hand_over_id, reason=request.POST.get("ly_do", ""), actor=actor_of(request), at=now(),
            once=once_of(request),
        )
    except Denied:
        raise
    except Refusal as refusal:
        return _one(request, hand_over_id, refusal)
    messages.success(request, f"Đã hủy phiếu bàn giao số {done.number}; các hồ sơ trở lại danh sách chờ bàn giao.")
    return redirect("one_stop_shop:hand_overs")


@require_safe
@staff_required
def printed(request: HttpRequest, hand_over_id: UUID, kind: str = "html") -> HttpResponse:
    """The list to print and to sign: as a page or as PDF."""
    at = now()
    found = queries.get_visible(hand_over_id, actor_of(request), at)
    if kind == "pdf":
        return pdf(queries.sheet_pdf(found, at=at), f"ban-giao-{found.number.replace('/', '-')}.pdf")
    return render(request, "one_stop_shop/hand_over_print.html", {"hand_over": found, "sheet": sheets.data(found)})
