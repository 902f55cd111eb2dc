"""The log of calls in both directions: one row for each, added and never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from .models import Call, Outbound
from .transport import Result


def user_header(user_id: UUID | None) -> str:
    """Who stands behind a call, as ``X-Road-UserId`` tells it: the account's key, never a name or number."""
    return f"VN{user_id.hex}" if user_id is not None else "VNSYSTEM"


def note_out(message: Outbound, result: Result) -> None:
    """Log one try of a message of ours."""
    note_call(
        Call.Direction.OUT, message_id=str(message.pk), client=settings.EXCHANGE_CLIENT, service=message.service,
        kind=message.kind, user=user_header(message.user_id), dossier_code=message.dossier_code,
        purpose=message.purpose, unit_id=message.unit_id, result=result,
    )


def note_call(
    direction: str, *, message_id: str, client: str, service: str, kind: str, user: str, dossier_code: str,
    purpose: str, unit_id: int | None, result: Result,
) -> Call:
    """Log one call of ours."""
    return note(
        direction, message_id=message_id, client=client, service=service, kind=kind, user=user,
        dossier_code=dossier_code, purpose=purpose, unit_id=unit_id, request_hash=result.request_hash,
        answer_hash=result.answer_hash, at=result.at, milliseconds=result.milliseconds, result=result.code,
        status=result.status,
    )


def note(
    direction: str, *, message_id: str, client: str, service: str, kind: str, user: str, dossier_code: str,
    purpose: str, unit_id: int | None, request_hash: str, answer_hash: str, at: datetime, milliseconds: int,
    result: str, status: int | None,
) -> Call:
    """Add one row; what comes from outside is cut to what the columns hold."""
    return Call.objects.create(
        direction=direction, message_id=message_id[:60], client=client[:170], service=service[:60], kind=kind[:80],
        user=user[:80], dossier_code=dossier_code[:40], purpose=purpose[:300], unit_id=unit_id,
        request_hash=request_hash[:100], answer_hash=answer_hash[:100], at=at, milliseconds=milliseconds,
        result=result[:120], status=status,
    )
