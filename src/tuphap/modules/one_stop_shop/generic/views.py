"""Pages of the generic path: word the paper, look at it, sign again what failed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.operation.http import actor_of, once_of

from .. import rules
from ..looks import queries as looks
from ..rules import GenericPermission
from ..views.common import pdf
from ..views.filing import sections
from . import operations, queries
from .forms import DraftForm

_PAGE = 30


@require_http_methods(["GET", "POST"])
@staff_required
def draft(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Word the paper of a dossier; what stands there already is gone on from."""
    at, actor = now(), actor_of(request)
    dossier = dossiers.get_visible(dossier_id, actor, at)
    access.require(actor, GenericPermission.PREPARE, unit_id=dossier.resolving_unit_id, on=localdate(at))
    looks.note(dossier, actor, at)
    known = queries.paper_of(dossier)
    initial = queries.suggestion(dossier) if known is None else {
        "kind": known.kind, "title": known.title, "paragraphs": "\n\n".join(known.paragraphs),
        "enclosures": "\n".join(known.enclosures),
    }
    form = DraftForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.draft_decision(dossier_id=dossier.pk, actor=actor, at=at, **form.told(), once=once_of(request))
        except Denied:
            raise
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "Đã lưu dự thảo văn bản.")
            return redirect("one_stop_shop:dossier", reference=dossier.reference)
    context = {"dossier": dossier, "form": form, "known": known, "sections": sections(dossier)}
    return render(request, "one_stop_shop/draft.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff_required
def preview(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """The paper as it would look, for whoever may see the dossier."""
    at = now()
    dossier = dossiers.get_visible(dossier_id, actor_of(request), at)
    looks.note(dossier, actor_of(request), at)
    return pdf(queries.preview(dossier, at=at), f"xem-truoc-{dossier.reference}.pdf")


@require_safe
@staff_required
def failed_signings(request: HttpRequest) -> HttpResponse:
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, GenericPermission.SIGN, on=localdate(at))
    page = Paginator(queries.failed_signings(actor, at), _PAGE).get_page(request.GET.get("trang"))
    return render(request, "one_stop_shop/failed_signings.html", {"page": page})


@require_POST
@staff_required
def retry_signing(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    retried = operations.retry_signing(decision_id=decision_id, actor=actor_of(request), at=now())
    messages.success(request, f"Đã gửi ký lại số {retried.number}.")
    return redirect("one_stop_shop:failed_signings")


@require_POST
@staff_required
def void_decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    try:
        voided = operations.void_decision(
            decision_id=decision_id, reason=request.POST.get("reason", ""), actor=actor_of(request), at=now()
        )
    except rules.VoidReasonRequired as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã hủy số {voided.number}; hồ sơ trở lại chờ phê duyệt.")
    return redirect("one_stop_shop:failed_signings")
