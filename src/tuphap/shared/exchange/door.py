"""The door for other agencies: ``POST /api/xroad/r1/{our client}/{service}``. It believes nobody before the signature.

Who sends is told by ``X-Road-Client`` alone, and proven by a signature of a key that lies in the trust folder under
that name. What is refused is logged; what is refused to somebody known is told to people too.
"""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.signer import SignerDown, SignerRefused
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from . import calls, envelope, inbox, keys, owners
from .declarations import MANAGE, ExchangeService, service_of_client
from .models import Call, Inbound
from .rules import CLOCK_SKEW, REPLAY_WINDOW, Event, Received

log = logging.getLogger(__name__)
PREFIX = "/api/xroad"
_SEQUENCE = re.compile(r"[1-9]\d{0,17}")
_PLAIN_HEADER = re.compile(r"[\x20-\x7e]*")


class Shut(Refusal):
    """The door stays shut; ``code`` goes back as ``X-Road-Error`` and into the log, nothing else does."""

    def __init__(self, code: str, status: int) -> None:
        self.why, self.answers = code, status
        super().__init__()


@csrf_exempt
@require_POST
def receive(request: HttpRequest, service: str) -> HttpResponse:
    """Take one message in. Thin: check the seal, ask the inbox, seal the answer."""
    begun, at = time.monotonic(), now()
    sealed = envelope.Request(request.path.removeprefix(PREFIX), _headers(request), b"")
    partner: ExchangeService | None = None
    unit_id: int | None = None
    try:
        sealed = envelope.Request(sealed.path, sealed.headers, _body(request))
        partner = _who(sealed, service)
        _check_time(sealed, at)
        letter = _letter(sealed, partner)
        kept = inbox.known(letter)
        if kept is None:
            inbox.check_form(letter)
            kept = inbox.receive(letter=letter, actor=inbox.agency(partner), at=at)
        unit_id = kept.unit_id
        status, body, result = _said(kept)
    except Shut as shut:
        status, result = shut.answers, shut.why
        body = _problem(result, "Thông điệp bị từ chối.")
    except Refusal as refusal:
        is_busy = refusal.code == "operation.busy" or refusal.status >= 500
        status, result = (503, "busy") if is_busy else (refusal.status, refusal.code)
        body = _problem(result, refusal.message)
    except Exception:
        log.exception("a message could not be taken in")
        status, result, body = 500, "defect", _problem("defect", "Lỗi nội bộ, vui lòng gửi lại sau.")
    answer = _sealed(sealed, status, body, error=result if status >= 400 else "")
    calls.note(
        Call.Direction.IN, message_id=sealed.header(envelope.ID), client=sealed.header(envelope.CLIENT),
        service=partner.code if partner else "", kind=sealed.header(envelope.KIND), user=sealed.header(envelope.USER),
        dossier_code=envelope.from_header(sealed.header(envelope.ISSUE)),
        purpose=envelope.from_header(sealed.header(envelope.PURPOSE)), unit_id=unit_id, request_hash=sealed.hash,
        answer_hash=envelope.b64(envelope.digest(answer.content)), at=at,
        milliseconds=round((time.monotonic() - begun) * 1000), result=result, status=answer.status_code,
    )
    if result in _ALARMING:
        _alert(partner, sealed, result, at)
    return answer


# What somebody should look at: a partner and we do not understand each other, or somebody pretends to be a partner.
_ALARMING = {
    "exchange.kind_unknown": "loại thông điệp chưa được khai báo",
    "exchange.schema": "nội dung không đúng cấu trúc",
    "exchange.id_used": "mã thông điệp bị dùng lại",
    "bad_signature": "chữ ký không đúng",
    "unknown_key": "không mang khóa đã biết",
    "clock_skew": "đồng hồ lệch quá 5 phút",
}


def _headers(request: HttpRequest) -> dict[str, str]:
    """The headers that count. One that was sent twice reaches us joined by a comma, and is then nobody's name."""
    names = (*envelope.HASHED, envelope.SENT, envelope.KEY, envelope.SIGNATURE)
    return {name: value for name in names if (value := request.headers.get(name))}


def _body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise Shut("content_type", 415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > envelope.LARGEST:
        raise Shut("too_large", 413)
    try:
        return request.body
    except (UnreadablePostError, RawPostDataException) as broken:
        raise Shut("unreadable", 400) from broken


def _who(sealed: envelope.Request, service: str) -> ExchangeService:
    """The partner whose key has signed this very request.

    :raises Shut: nobody of that name, no such key, another text.
    """
    if not sealed.path.startswith(f"/r1/{settings.EXCHANGE_CLIENT}/") or sealed.path.rpartition("/")[2] != service:
        raise Shut("service_unknown", 404)
    if not all(_PLAIN_HEADER.fullmatch(value) for value in sealed.headers.values()):
        raise Shut("bad_header", 400)
    partner = service_of_client(sealed.header(envelope.CLIENT))
    if partner is None:
        raise Shut("client_unknown", 401)
    try:
        key = keys.partner_key(partner.client, sealed.header(envelope.KEY))
        text = envelope.signed_request(sealed.path, sealed.headers, sealed.body)
        envelope.check(text, sealed.header(envelope.SIGNATURE), key)
    except keys.UnknownKey as unknown:
        raise Shut("unknown_key", 401) from unknown
    except envelope.BadSignature as bad:
        raise Shut("bad_signature", 401) from bad
    return partner


def _check_time(sealed: envelope.Request, at: datetime) -> None:
    """A try that is older than the window, or comes from the future, is not taken.

    :raises Shut: with the reason.
    """
    try:
        sent = envelope.parse_instant(sealed.header(envelope.SENT))
    except ValueError as unreadable:
        raise Shut("bad_header", 400) from unreadable
    if sent - at > CLOCK_SKEW:
        raise Shut("clock_skew", 400)
    if at - sent > REPLAY_WINDOW:
        raise Shut("replay_window", 400)


def _letter(sealed: envelope.Request, partner: ExchangeService) -> inbox.Letter:
    """The message of a known partner, its headers read.

    :raises Shut: a header that cannot be read.
    """
    sequence, reply_to = sealed.header(envelope.SEQUENCE), sealed.header(envelope.REPLY_TO)
    subject = envelope.from_header(sealed.header(envelope.SUBJECT))
    if (sequence and (not _SEQUENCE.fullmatch(sequence) or not subject)) or len(subject) > 120:
        raise Shut("bad_header", 400)
    try:
        message_id = UUID(sealed.header(envelope.ID))
        answered = UUID(reply_to) if reply_to else None
        text = sealed.body.decode("utf-8")
        json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as unreadable:
        raise Shut("bad_header" if not sealed.header(envelope.ID) else "unreadable", 400) from unreadable
    dossier = envelope.from_header(sealed.header(envelope.ISSUE))
    if "\x00" in text or "\\u0000" in text or "\x00" in subject + dossier or len(dossier) > 40:
        raise Shut("unreadable", 400)
    return inbox.Letter(
        service=partner, message_id=message_id, kind=sealed.header(envelope.KIND)[:80], reply_to=answered,
        subject=subject, sequence=int(sequence) if sequence else None, dossier_code=dossier,
        purpose=envelope.from_header(sealed.header(envelope.PURPOSE))[:300].replace("\x00", ""),
        user=sealed.header(envelope.USER)[:80], text=text, request_hash=sealed.hash,
    )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _said(kept: Inbound) -> tuple[int, bytes, str]:
    """The answer that this message gets, the first time and every time."""
    if kept.state == Received.HANDLED:
        return 200, kept.answer.encode(), "ok"
    if kept.state == Received.REFUSED:
        return kept.status, kept.answer.encode(), kept.error
    return 202, envelope.canonical({"outcome": "accepted"}).encode(), "accepted"


def _problem(code: str, detail: str) -> bytes:
    return envelope.canonical({"code": code, "detail": detail}).encode()


def _sealed(sealed: envelope.Request, status: int, body: bytes, *, error: str) -> HttpResponse:
    """The answer under our signature; without a signer 503 and none, so that the sender comes again."""
    try:
        made = envelope.seal_answer(
            sealed, status, body, service=settings.EXCHANGE_CLIENT, request_id=inbox.new_request_id(), error=error,
            key=keys.own_fingerprint(), at=now(), sign=keys.sign,
        )
    except (SignerDown, SignerRefused):
        return HttpResponse(_problem("signer", "Dịch vụ ký số chưa sẵn sàng."), status=503,
                            content_type=envelope.CONTENT_TYPE)
    response = HttpResponse(made.body, status=made.status)
    for name, value in made.headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def _alert(partner: ExchangeService | None, sealed: envelope.Request, result: str, at: datetime) -> None:
    who = partner.title if partner else sealed.header(envelope.CLIENT)[:80] or "không rõ"
    alert(who=who, what=_ALARMING[result], permission=partner.owner if partner else MANAGE,
          actor=Actor(kind=ActorKind.AGENCY, name=who), at=at)


@operation
def alert(*, who: str, what: str, permission: str, actor: Actor, at: datetime) -> None:
    """Tell the Department's people that a message was refused."""
    unit_id = owners.department_id(at)
    audit.record(Event.REFUSED, subject=None, actor=actor, at=at, unit_id=unit_id, reason=what)
    owners.tell_refused(permission, who=who, what=what, unit_id=unit_id, actor=actor, at=at)
