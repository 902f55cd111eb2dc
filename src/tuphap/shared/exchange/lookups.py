"""Asking another agency while somebody waits at a screen: one call, one answer, or a typed word that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from pydantic import BaseModel

from tuphap.kernel.actor import Actor
from tuphap.kernel.ids import new_id
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import is_writing

from . import breaker, calls, envelope, transport
from .declarations import LookupKind, lookup_kinds, services
from .models import Call
from .rules import DossierRequired, UnknownKind
from .transport import Outcome, Result


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What another agency said: never shown without its source and the time of asking."""

    value: Any
    source: str
    at: datetime
    message_id: str


@dataclass(frozen=True, slots=True)
class SourceDown:
    """There is no answer, which is not an empty answer. ``reason`` is a code, ``message`` words for the screen."""

    source: str
    at: datetime
    reason: str

    @property
    def message(self) -> str:
        return f"{self.source} hiện không phản hồi; chưa tra cứu được."


@dataclass(frozen=True, slots=True)
class SourceRefused:
    """The source has answered that it will not (no such person, no right); ``reason`` is its code."""

    source: str
    at: datetime
    reason: str

    @property
    def message(self) -> str:
        return f"{self.source} từ chối yêu cầu tra cứu (mã {self.reason})."


Answered = Borrowed | SourceDown | SourceRefused


def ask(
    *, kind: str, body: BaseModel | dict[str, Any], actor: Actor, at: datetime, unit_id: int | None = None,
    dossier_code: str = "", purpose: str = "", about: models.Model | None = None,
) -> Answered:
    """Ask now. Every question is kept: who, when, for which dossier and purpose; what was answered is not.

    :param kind: code of a declared :class:`LookupKind`.
    :param about: the record of the person who is looked up (the dossier, the act): they are told of it.
    :raises UnknownKind: no module declares it.
    :raises DossierRequired: a national database is never asked without a dossier.
    :raises RuntimeError: inside an operation, which would hold its locks while others are slow.
    """
    declared = lookup_kinds.get(kind)
    if declared is None:
        raise UnknownKind(kind=kind)
    if declared.needs_dossier and not dossier_code:
        raise DossierRequired()
    if is_writing():
        raise RuntimeError("another agency is asked outside any operation")
    why = purpose or declared.purpose
    text = envelope.canonical(declared.body.model_validate(_plain(body)).model_dump(mode="json"))
    message_id = str(new_id())
    service = services[declared.service]
    audit.record_read(
        subject=about, actor=actor, at=at, purpose=why, what=f"exchange.{kind}", unit_id=unit_id, dossier=dossier_code,
        message=message_id,
    )
    permitted, _ = breaker.may_call(service.code, at)
    if not permitted:
        return SourceDown(service.title, at, "breaker_open")
    user = calls.user_header(actor.user_id)
    headers = transport.headers_for(message_id=message_id, kind=kind, dossier_code=dossier_code, purpose=why, user=user)
    result = transport.call(service, kind, headers, text.encode(), answer=declared.answer)
    calls.note_call(
        Call.Direction.OUT, message_id=message_id, client=settings.EXCHANGE_CLIENT, service=service.code, kind=kind,
        user=user, dossier_code=dossier_code, purpose=why, unit_id=unit_id, result=result,
    )
    return _told(declared, result, message_id)


def _told(declared: LookupKind, result: Result, message_id: str) -> Answered:
    service = services[declared.service]
    if result.outcome in (Outcome.AWAY, Outcome.BROKEN):
        breaker.failed(service.code, result.code, result.at)
        return SourceDown(service.title, result.at, result.code)
    if result.outcome is Outcome.UNSIGNED:
        return SourceDown(service.title, result.at, result.code)
    breaker.succeeded(service.code, result.at)
    if result.outcome is Outcome.ANSWERED:
        return Borrowed(result.answer, service.title, result.at, message_id)
    if result.code == "answer_schema" or result.outcome is Outcome.ACCEPTED:
        return SourceDown(service.title, result.at, result.code)
    return SourceRefused(service.title, result.at, result.code)


def _plain(body: BaseModel | dict[str, Any]) -> dict[str, Any]:
    return body.model_dump() if isinstance(body, BaseModel) else body
