"""What an open page asks for while it stays open: a ticket for the stream, and how far the sample is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tuphap.kernel.actor import ActorKind
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import LoginSession

from . import progress
from .ticket import Ticket, sign_ticket

SEES_DOSSIERS = "one_stop.dossier.view"


@require_safe
def stream_ticket(request: HttpRequest) -> HttpResponse:
    """The address at which this person's stream can be joined within the next minute.

    :raises Denied: nobody is logged in.
    """
    actor = request.actor  # type: ignore[attr-defined]
    login = LoginSession.objects.filter(session_key=request.session.session_key or "", ended_at=None).first()
    if login is None or actor.user_id is None:
        raise Denied(reason="login")
    units = access.units_where(actor, SEES_DOSSIERS, on=localdate(now())) if actor.kind is ActorKind.STAFF else ()
    ticket = Ticket(login=login.pk, user=str(actor.user_id), units=tuple(sorted(units)))
    return JsonResponse({"url": f"{_stream_origin(request)}/luong/?ve={sign_ticket(ticket)}"})


@require_safe
def sample_progress(request: HttpRequest) -> HttpResponse:
    """The bar on the front page while the sample fills; asks again by itself until it is full."""
    kept = progress.read(settings.ENVIRONMENT.home)
    return render(request, "site/sample_progress.html", {"sample_progress": kept})


def _stream_origin(request: HttpRequest) -> str:
    """Where the stream is served: the configured origin; in the sample, the next port but two of the same host."""
    if settings.STREAM_URL:
        return str(settings.STREAM_URL)
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"http://{host}:{settings.ENVIRONMENT.port + 3}"
