"""The citizen's store of results: look, download, check, and use again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import now
from tuphap.shared.accounts.api import citizen_required
from tuphap.shared.operation.http import actor_of, once_of

from ..queries import get_visible
from ..rules import ResultNotForFiler
from ..views.common import pdf
from . import operations, queries, rules

PAGE = 20


@require_safe
@citizen_required
def store(request: HttpRequest) -> HttpResponse:
    """Every signed result, the latest first."""
    at, actor = now(), actor_of(request)
    page = Paginator(queries.with_results(actor, at), PAGE).get_page(request.GET.get("trang"))
    return render(request, "one_stop_shop/store.html", {
        "page": page, "results": queries.results(page.object_list, actor, at),
    })


@require_safe
@citizen_required
def download(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The signed file of one result."""
    found = queries.get(document_id, actor_of(request), now())
    if not found.may_hold:
        raise ResultNotForFiler()
    return pdf(queries.content(found), f"{found.title} {found.dossier.reference}.pdf")


@require_POST
@citizen_required
def attach(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Take one result into a dossier that is being filled in.

    :raises rules.UnknownResult: none was chosen, or it is another's.
    """
    at, actor = now(), actor_of(request)
    dossier = get_visible(dossier_id, actor, at)
    try:
        chosen = UUID(request.POST.get("giay", ""))
    except ValueError:
        raise rules.UnknownResult() from None
    operations.attach_result(
        dossier_id=dossier.pk, component=request.POST.get("thanh_phan", "")[:60], document_id=chosen, actor=actor,
        at=at, once=once_of(request),
    )
    messages.success(request, "Đã lấy giấy tờ từ kho kết quả.")
    return redirect("one_stop_shop:papers", dossier_id=dossier.pk)
