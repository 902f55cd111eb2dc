"""The generic path over HTTP: word the paper of a dossier, sign again, give a number up."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from tuphap.kernel.clock import now
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.operation.http import actor_of, once_of

from ..models import Decision
from ..rules import LONGEST_DECISION, LONGEST_TITLE, DecisionKind
from . import operations

router = Router(tags=["Một cửa"])
Reference = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9.\-]+$", description="Mã hồ sơ hoặc mã nộp")]


class DecisionOut(Schema):
    """The paper that answers a dossier."""

    id: UUID
    state: str
    kind: str
    title: str
    paragraphs: list[str]
    enclosures: list[str]
    number: str


class DecisionDraftIn(Schema):
    kind: Literal[tuple(DecisionKind)]  # type: ignore[valid-type]
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    paragraphs: list[Annotated[str, Field(max_length=LONGEST_DECISION)]] = Field(min_length=1, max_length=200)
    enclosures: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=50)


class VoidReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=300)




@router.put("/dossiers/{reference}/decision", response=DecisionOut, summary="Soạn văn bản kết quả")
def draft_decision(request: HttpRequest, reference: Reference, asked: DecisionDraftIn) -> Decision:
    at, actor = now(), actor_of(request)
    dossier = dossiers.get_visible(reference, actor, at)
    return operations.draft_decision(dossier_id=dossier.pk, actor=actor, at=at, **asked.dict(), once=once_of(request))


@router.post("/decisions/{uuid:decision_id}/retry", response=DecisionOut, summary="Ký lại văn bản ký lỗi")
def retry_signing(request: HttpRequest, decision_id: UUID) -> Decision:
    return operations.retry_signing(decision_id=decision_id, actor=actor_of(request), at=now(), once=once_of(request))


@router.post("/decisions/{uuid:decision_id}/void", response=DecisionOut, summary="Hủy số văn bản ký lỗi")
def void_decision(request: HttpRequest, decision_id: UUID, asked: VoidReasonIn) -> Decision:
    return operations.void_decision(
        decision_id=decision_id, reason=asked.reason, actor=actor_of(request), at=now(), once=once_of(request)
    )
