"""One call to another agency: sealed, sent, waited for, its answer checked. Knows no queue and writes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings
from pydantic import BaseModel, ValidationError

from tuphap.kernel.clock import now
from tuphap.kernel.signer import SignerDown, SignerRefused

from . import envelope, keys
from .declarations import ExchangeService

# Refusals of the moment: the same message may pass later.
_LATER = frozenset({408, 425, 429})
_AWAY = frozenset({502, 503, 504})


class Outcome(StrEnum):
    """ANSWERED: a sound answer. ACCEPTED: it will come later. REFUSED: for good, signed. AWAY: nobody there.
    BROKEN: nonsense came back. UNSIGNED: our own signer is down, nothing was sent."""

    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    AWAY = "away"
    BROKEN = "broken"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Result:
    """What a call came to. ``code`` is for logs, ``detail`` for officials; neither holds content."""

    outcome: Outcome
    code: str
    at: datetime
    milliseconds: int
    request_hash: str
    detail: str = ""
    status: int | None = None
    answer: BaseModel | None = None
    text: str = ""
    answer_hash: str = ""


def headers_for(
    *, message_id: str, kind: str, dossier_code: str, purpose: str, user: str, subject: str = "", sequence: int = 0,
) -> dict[str, str]:
    """The headers that stay the same at every try; empty ones are left out."""
    all_of_them = {
        envelope.CLIENT: settings.EXCHANGE_CLIENT, envelope.ID: message_id, envelope.USER: user,
        envelope.ISSUE: envelope.in_header(dossier_code), envelope.KIND: kind,
        envelope.SUBJECT: envelope.in_header(subject), envelope.SEQUENCE: str(sequence) if sequence else "",
        envelope.PURPOSE: envelope.in_header(purpose),
    }
    return {name: value for name, value in all_of_them.items() if value}


def address_of(service: ExchangeService) -> str:
    """The service's base address in this installation; empty where it has none."""
    address: str = settings.EXCHANGE_URLS.get(service.address, settings.EXCHANGE_DEFAULT_URL)
    return address.rstrip("/")


def call(
    service: ExchangeService, kind: str, headers: dict[str, str], body: bytes, *, answer: type[BaseModel],
) -> Result:
    """Send one message once and judge what comes back; what goes wrong is told in the result, not raised."""
    what = kind.partition(".")[2]
    path = f"/r1/{service.client}/{what}"
    begun, at = time.monotonic(), now()
    hashed = envelope.request_hash(headers, body)

    def result(outcome: Outcome, code: str, **more: Any) -> Result:
        spent = round((time.monotonic() - begun) * 1000)
        return Result(outcome, code, at, spent, hashed, **more)

    base = address_of(service)
    if not base:
        return result(Outcome.AWAY, "no_address", detail="Chưa khai báo địa chỉ của hệ thống này.")
    try:
        sealed = envelope.seal_request(path, headers, body, key=keys.own_fingerprint(), at=at, sign=keys.sign)
    except (SignerDown, SignerRefused) as down:
        return result(Outcome.UNSIGNED, down.code, detail=down.message)
    try:
        got = _exchange(base + path, sealed, service.timeout)
    except _TooSlow:
        return result(Outcome.AWAY, "timeout", detail="Quá thời gian chờ trả lời.")
    except httpx.TimeoutException:
        return result(Outcome.AWAY, "timeout", detail="Quá thời gian chờ trả lời.")
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        return result(Outcome.AWAY, "unreachable", detail=f"Không kết nối được ({type(fault).__name__}).")
    except _TooLong:
        return result(Outcome.BROKEN, "too_large", detail="Trả lời dài quá mức cho phép.")
    return _judge(service, sealed, got, answer, result)


def _judge(
    service: ExchangeService, sealed: envelope.Request, got: envelope.Answer, expected: type[BaseModel],
    result: Callable[..., Result],
) -> Result:
    """What an answer is worth: first whether it is theirs and to this request, then what it says."""
    told = {"status": got.status, "answer_hash": envelope.b64(envelope.digest(got.body))}
    if got.status in _AWAY:
        return result(Outcome.AWAY, f"http_{got.status}", detail="Hệ thống tạm ngừng phục vụ.", **told)
    if got.status >= 500 or got.status < 200 or 300 <= got.status < 400:
        return result(Outcome.BROKEN, f"http_{got.status}", detail="Hệ thống trả lời lỗi.", **told)
    try:
        key = keys.partner_key(service.client, got.header(envelope.KEY))
        envelope.check(
            envelope.signed_answer(got.status, got.headers, got.body), got.header(envelope.SIGNATURE), key
        )
    except keys.UnknownKey:
        return result(Outcome.BROKEN, "unknown_key", detail="Trả lời không mang khóa đã biết.", **told)
    except envelope.BadSignature:
        return result(Outcome.BROKEN, "bad_signature", detail="Chữ ký của trả lời không đúng.", **told)
    if got.header(envelope.REQUEST_HASH) != sealed.hash:
        return result(Outcome.BROKEN, "wrong_hash", detail="Trả lời không khớp với yêu cầu.", **told)
    if got.status in _LATER:
        return result(Outcome.AWAY, f"http_{got.status}", detail="Hệ thống đề nghị gửi lại sau.", **told)
    if got.status >= 400:
        code = got.header(envelope.ERROR) or f"http_{got.status}"
        return result(Outcome.REFUSED, code[:120], detail="Hệ thống từ chối thông điệp.", **told)
    if got.status == 202:
        return result(Outcome.ACCEPTED, "accepted", **told)
    try:
        text = got.body.decode("utf-8")
        answer = expected.model_validate_json(text)
    except UnicodeDecodeError:
        return result(Outcome.REFUSED, "answer_schema", detail="Trả lời không đúng định dạng.", **told)
    except ValidationError as wrong:
        return result(Outcome.REFUSED, "answer_schema", detail=faults(wrong), **told)
    return result(Outcome.ANSWERED, "ok", answer=answer, text=text, **told)


def faults(wrong: ValidationError) -> str:
    """Which fields are at fault and how; never their values."""
    errors = wrong.errors(include_input=False)
    told = [f"{'.'.join(str(part) for part in e['loc']) or '–'}: {e['type']}" for e in errors]
    return ("Không đúng cấu trúc: " + "; ".join(told))[:300]


class _TooSlow(Exception):
    pass


class _TooLong(Exception):
    pass


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    """One pool of connections for the process; no proxy of the environment stands between agencies."""
    return httpx.Client(trust_env=False, follow_redirects=False, limits=httpx.Limits(max_connections=50))


def hang_up() -> None:
    """Close the connections that are kept open; the next call opens others."""
    _client().close()
    _client.cache_clear()


def _exchange(address: str, sealed: envelope.Request, timeout: float) -> envelope.Answer:
    """The whole answer within the time for the whole call, and no longer than a body may be."""
    until = time.monotonic() + timeout
    parts, size = [], 0
    with _client().stream(
        "POST", address, content=sealed.body, headers=dict(sealed.headers), timeout=timeout
    ) as response:
        for part in response.iter_bytes():
            size += len(part)
            if size > envelope.LARGEST:
                raise _TooLong()
            if time.monotonic() > until:
                raise _TooSlow()
            parts.append(part)
        names = {name.lower(): name for name in (*envelope.ANSWER_SIGNED, envelope.SIGNATURE)}
        headers = {names[name]: value for name, value in response.headers.items() if name in names}
        return envelope.Answer(response.status_code, headers, b"".join(parts))


def as_json(text: str) -> Any:
    """A kept body or answer, read back."""
    return json.loads(text) if text else None
