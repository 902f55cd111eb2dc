"""The pages under /lien-thong/: parse, one call, answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.http import actor_of

from . import operations, queries
from .declarations import services
from .lookups import Borrowed, ask
from .models import Inbound, Outbound
from .rules import BREAKER_TITLES, RECEIVED_TITLES, SENT_TITLES, BreakerState, NoSuchService, Received, Sent

_PER_PAGE = 50
SENT_TONES = {Sent.QUEUED: "blue", Sent.WAITING: "amber", Sent.ANSWERED: "green", Sent.DEAD: "red",
              Sent.GIVEN_UP: "grey"}
RECEIVED_TONES = {Received.HELD: "amber", Received.HANDLED: "green", Received.REFUSED: "red", Received.DEAD: "red",
                  Received.GIVEN_UP: "grey"}
BREAKER_TONES = {BreakerState.CLOSED: "green", BreakerState.OPEN: "red", BreakerState.HALF_OPEN: "amber"}
# What the day's chart is made of; the frame draws it from labels and tones.
SERIES = ({"label": "Thành công", "tone": "green"}, {"label": "Không thành công", "tone": "red"})


@staff_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every system: whether it answers, what waits for it, how its last day was."""
    at, actor = now(), actor_of(request)
    lines = queries.board(actor, at=at)
    return render(request, "exchange/board.html", {
        "lines": [{"line": line, "title": BREAKER_TITLES[BreakerState(line.state.state)],
                   "tone": BREAKER_TONES[BreakerState(line.state.state)],
                   "is_open": line.state.state != BreakerState.CLOSED} for line in lines],
        "queued": sum(line.queued for line in lines), "waiting": sum(line.waiting for line in lines),
        "dead": sum(line.dead for line in lines), "calls": sum(line.calls for line in lines), "at": at,
        "series": SERIES, "hours": queries.hours(actor, at=at), "tabs": _tabs("board", actor, at),
    })


@staff_required
@never_cache
@require_safe
def outbound(request: HttpRequest) -> HttpResponse:
    """Messages of one's offices, filtered."""
    at, actor = now(), actor_of(request)
    queries.require(actor, at)
    asked = _asked(request, Sent)
    page = _page(request, queries.outbound(actor, at=at, **asked))
    rows = [{**row, "tone": SENT_TONES[Sent(row["row"].state)]} for row in queries.with_titles(page)]
    return render(request, "exchange/messages.html", {
        "page": page, "rows": rows, "asked": asked, "services": list(services), "states": _options(SENT_TITLES),
        "tabs": _tabs("outbound", actor, at),
    })


@staff_required
@never_cache
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Messages from other agencies, filtered."""
    at, actor = now(), actor_of(request)
    queries.require(actor, at)
    asked = _asked(request, Received)
    page = _page(request, queries.inbound(actor, at=at, **asked))
    rows = [{**row, "tone": RECEIVED_TONES[Received(row["row"].state)]} for row in queries.with_titles(page)]
    return render(request, "exchange/received.html", {
        "page": page, "rows": rows, "asked": asked, "services": list(services), "states": _options(RECEIVED_TITLES),
        "tabs": _tabs("received", actor, at),
    })


@staff_required
@never_cache
@require_safe
def dead_letters(request: HttpRequest) -> HttpResponse:
    """What waits for its owners: each with whom, since when, why, and how many wait behind it."""
    at, actor = now(), actor_of(request)
    queries.require(actor, at)
    sent = _page(request, queries.outbound(actor, at=at, state=Sent.DEAD).order_by("dead_at", "pk"))
    came = queries.inbound(actor, at=at, state=Received.DEAD).order_by("dead_at", "pk")[:_PER_PAGE]
    return render(request, "exchange/dead_letters.html", {
        "page": sent, "tabs": _tabs("dead_letters", actor, at),
        "sent": [{**row, "owners": queries.owners_of(row["row"], at=at), "behind": queries.held_up_by(row["row"])}
                 for row in queries.with_titles(sent)],
        "came": [{**row, "owners": queries.owners_of(row["row"], at=at)} for row in queries.with_titles(came)],
    })


@staff_required
@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The log of calls in both directions."""
    at, actor = now(), actor_of(request)
    asked = _asked(request, ())
    page = _page(request, queries.calls(actor, at=at, service=asked["service"], text=asked["text"]))
    return render(request, "exchange/calls.html", {
        "page": page, "rows": queries.with_titles(page), "asked": asked, "services": list(services),
        "tabs": _tabs("calls", actor, at), "sound": queries.SOUND,
    })


@staff_required
@never_cache
@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message's life; its content is not shown."""
    return _message(request, queries.one_outbound(actor_of(request), message_id, at=now()))


@staff_required
@never_cache
@require_safe
def received_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The life of one message from outside; its content is not shown."""
    return _received(request, queries.one_inbound(actor_of(request), message_id, at=now()))


@staff_required
@require_POST
def send_again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Let a dead letter be sent again."""
    operations.send_again(message_id=message_id, actor=actor_of(request), at=now())
    messages.success(request, "Thông điệp đã được đưa vào hàng chờ gửi lại, dưới cùng mã thông điệp.")
    return redirect("exchange:message", message_id)


@staff_required
@require_POST
def give_up(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Stop sending a dead letter, with the reason."""
    actor, at = actor_of(request), now()
    try:
        operations.give_up(message_id=message_id, reason=request.POST.get("reason", ""), actor=actor, at=at)
    except Refusal as refusal:
        if refusal.field != "reason":
            raise
        return _message(request, queries.one_outbound(actor, message_id, at=at), fault=refusal.message)
    messages.success(request, "Đã dừng gửi thông điệp; thông điệp tiếp theo của đối tượng này được gửi tiếp.")
    return redirect("exchange:message", message_id)


@staff_required
@require_POST
def handle_again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Handle a message from outside once more."""
    found = operations.handle_again(message_id=message_id, actor=actor_of(request), at=now())
    if found.state == Received.DEAD:
        messages.error(request, f"Vẫn chưa xử lý được thông điệp (mã lỗi: {found.error}).")
    else:
        messages.success(request, "Đã xử lý thông điệp.")
    return redirect("exchange:received_message", message_id)


@staff_required
@require_POST
def pass_over(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Leave a message from outside unhandled, with the reason."""
    actor, at = actor_of(request), now()
    try:
        operations.pass_over(message_id=message_id, reason=request.POST.get("reason", ""), actor=actor, at=at)
    except Refusal as refusal:
        if refusal.field != "reason":
            raise
        return _received(request, queries.one_inbound(actor, message_id, at=at), fault=refusal.message)
    messages.success(request, "Đã bỏ qua thông điệp.")
    return redirect("exchange:received_message", message_id)


@staff_required
@require_POST
def resume(request: HttpRequest, service: str) -> HttpResponse:
    """Let calls to a system go again."""
    operations.resume_service(service=service, actor=actor_of(request), at=now())
    messages.success(request, f"Đã nối lại với {queries.service_title(service)}; thông điệp đang chờ được gửi ngay.")
    return redirect("exchange:board")


@staff_required
@require_POST
def probe(request: HttpRequest, service: str) -> HttpResponse:
    """Ask a system whether it is there."""
    actor, at = actor_of(request), now()
    queries.require(actor, at)
    if service not in services:
        raise NoSuchService()
    said = ask(kind=f"{service}.ping", body={}, actor=actor, at=at)
    if isinstance(said, Borrowed):
        messages.success(request, f"{said.source} có trả lời, chữ ký đúng.")
    else:
        messages.error(request, f"{said.message} (mã: {said.reason})")
    return redirect("exchange:board")


def _message(request: HttpRequest, found: Outbound, *, fault: str = "") -> HttpResponse:
    at = now()
    blocker = queries.blocker_of(found)
    is_dead = found.state == Sent.DEAD
    return render(request, "exchange/message.html", {
        "message": found, **queries.with_titles([found])[0], "tone": SENT_TONES[Sent(found.state)], "fault": fault,
        "life": queries.life(found), "calls": queries.calls_of(found), "sound": queries.SOUND, "blocker": blocker,
        "behind": queries.held_up_by(found) if is_dead else 0, "is_dead": is_dead,
        "owners": queries.owners_of(found, at=at) if is_dead else [],
    }, status=422 if fault else 200)


def _received(request: HttpRequest, found: Inbound, *, fault: str = "") -> HttpResponse:
    at = now()
    is_dead = found.state == Received.DEAD
    return render(request, "exchange/received_message.html", {
        "message": found, **queries.with_titles([found])[0], "tone": RECEIVED_TONES[Received(found.state)],
        "fault": fault, "life": queries.life(found), "calls": queries.calls_of(found), "sound": queries.SOUND,
        "is_dead": is_dead, "owners": queries.owners_of(found, at=at) if is_dead else [],
    }, status=422 if fault else 200)



def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, _PER_PAGE).get_page(request.GET.get("trang"))


def _asked(request: HttpRequest, states: Any) -> dict[str, str]:
    """The filters of the address; what is none is left out."""
    service, text = request.GET.get("he-thong", ""), request.GET.get("tim", "").strip()[:120].replace("\x00", "")
    state = request.GET.get("trang-thai", "")
    asked = {"service": service if service in services else "", "text": text}
    return {**asked, "state": state if state in list(states) else ""}


def _options(titles: dict[Any, str]) -> list[tuple[str, str]]:
    return [(str(state.value), title) for state, title in titles.items()]


def _tabs(here: str, actor: Actor, at: Any) -> list[dict[str, Any]]:
    lines = (("board", "Tình trạng"), ("dead_letters", "Chờ xử lý"), ("outbound", "Gửi đi"), ("received", "Nhận về"),
             ("calls", "Nhật ký cuộc gọi"))
    dead = queries.number_dead(actor=actor, at=at)
    return [{"title": title, "href": reverse(f"exchange:{name}"), "current": name == here,
             "count": dead if name == "dead_letters" else None} for name, title in lines]
