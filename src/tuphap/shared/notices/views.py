"""The page of one's own notices."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied

from . import operations
from .queries import inbox, unread

PAGE = 30


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The actor's notices, newest first.

    :raises Denied: nobody is logged in.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        raise Denied()
    page = Paginator(inbox(actor), PAGE).get_page(request.GET.get("trang"))
    return render(request, "notices/list.html", {"page": page, "unread": unread(actor)})


@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Note that it was read, and go where it leads."""
    notice = operations.mark_read(notice_id=notice_id, actor=request.actor, at=now())  # type: ignore[attr-defined]
    return redirect(notice.url or reverse("notices:list"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that all were read."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        raise Denied()
    operations.mark_all_read(actor=actor, at=now())
    return redirect("notices:list")
