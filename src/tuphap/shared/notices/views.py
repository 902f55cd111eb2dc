"""The page of one's own notices."""

from __future__ import annotations

import hmac
import json
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied, NotFound

from . import operations
from .carriers import report_signature
from .forms import ReachForm
from .queries import inbox, reach_of, unread

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


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """By which ways one is told outside, and in which hours not.

    :raises Denied: nobody is logged in.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        raise Denied()
    form = ReachForm(request.POST or None, initial=ReachForm.shown(reach_of(actor.user_id)))
    if request.method == "POST" and form.is_valid():
        operations.set_preferences(actor=actor, at=now(), **form.told())
        messages.success(request, "Đã lưu cách nhận thông báo.")
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form}, status=422 if form.is_bound else 200)


@csrf_exempt
@require_POST
def report(request: HttpRequest, channel: str) -> HttpResponse:
    """A gateway tells what became of a message: ``{id, state: delivered | failed}``, signed with the key of both."""
    signed = request.headers.get("X-Signature", "")
    if not settings.NOTICE_GATEWAY_KEY or not hmac.compare_digest(
        signed.encode("utf-8", "replace"), report_signature(request.body).encode()
    ):
        return JsonResponse({"code": "bad_signature"}, status=401)
    try:
        told = json.loads(request.body)
        message, arrived = UUID(str(told["id"])), {"delivered": True, "failed": False}[told["state"]]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "schema"}, status=422)
    try:
        operations.note_report(outgoing_id=message, arrived=arrived, actor=system_actor(f"gateway.{channel}"), at=now())
    except NotFound:
        return JsonResponse({"code": "unknown_message"}, status=404)
    return JsonResponse({"recorded": True})


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
