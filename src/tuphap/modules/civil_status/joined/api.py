"""The legs over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from tuphap.kernel.clock import now
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.operation.http import once_of

from . import operations, queries, rules
from .models import Leg

router = Router(tags=["Hộ tịch"])
Reference = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9.\-]+$", description="Mã hồ sơ hoặc mã nộp")]
LegKey = Annotated[int, Path(ge=1, le=2**63 - 1)]


class RecallOut(Schema):
    """The agency was told that the registration was cancelled; what it answers."""

    state: rules.RecallState
    told_at: datetime
    answered_at: datetime | None
    note: str


class LegOut(Schema):
    """A leg, and where it stands."""

    id: int
    kind: rules.LegKind
    service: rules.Service
    state: rules.LegState
    opened_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    finished_at: datetime | None
    verdict: str
    reason: str
    note: str
    reference: str = Field(description="Số của kết quả: thẻ bảo hiểm, đăng ký hoặc xóa thường trú, quyết định mai "
                           "táng phí, thông báo dừng chi trả; nhánh cấp số định danh để rỗng")
    in_force_on: date | None = Field(description="Có hiệu lực từ; của việc dừng chi trả là ngày đầu tháng")
    amount: int | None = Field(description="Số tiền mai táng phí, đồng")
    source: str
    recalled: RecallOut | None = Field(description="Đã báo cơ quan việc hộ tịch bị hủy bỏ; rỗng khi không có")


class ResendIn(Schema):
    """What was put right: the clinic, for the card alone; the bank account, for the aid alone."""

    clinic_code: str = Field("", pattern=r"^(\d{5})?$")
    account: str = Field("", pattern=rf"{rules.ACCOUNT}|^$")


class EndIn(Schema):
    """Why."""

    reason: str = Field(..., min_length=1, max_length=500)


class NumberIn(Schema):
    """The number that the child has, and where it was seen."""

    personal_number: str = Field(..., max_length=20)
    source: str = Field(..., min_length=1, max_length=200)


@router.get("/civil-status/dossiers/{reference}/legs", response=list[LegOut], summary="Các nhánh liên thông của hồ sơ")
def list_legs(request: HttpRequest, reference: Reference) -> list[Leg]:
    """The legs of a dossier that the caller may see, in their order."""
    at = now()
    dossier = dossiers.get_visible(reference, request.actor, at)  # type: ignore[attr-defined]
    return [view.leg for view in queries.legs_of(dossier.pk, at=at)]


@router.post("/civil-status/legs/{leg_id}/resend", response=LegOut, summary="Gửi lại một nhánh")
def resend(request: HttpRequest, leg_id: LegKey, body: ResendIn) -> Leg:
    """Of a leg that failed or needs verification."""
    return operations.resend(leg_id=leg_id, clinic_code=body.clinic_code, account=body.account, **_by(request, body))


@router.post("/civil-status/legs/{leg_id}/end", response=LegOut, summary="Kết thúc một nhánh")
def end(request: HttpRequest, leg_id: LegKey, body: EndIn) -> Leg:
    """Without its result, with the reason; the next one goes if the agency can do without."""
    return operations.end(leg_id=leg_id, reason=body.reason, **_by(request, body))


@router.post("/civil-status/legs/{leg_id}/number", response=LegOut, summary="Ghi số định danh trẻ đã có")
def number(request: HttpRequest, leg_id: LegKey, body: NumberIn) -> Leg:
    """Of the police's leg: the answer to what they wanted verified."""
    return operations.tell_number(
        leg_id=leg_id, number=body.personal_number, source=body.source, **_by(request, body)
    )


def _by(request: HttpRequest, body: Schema) -> dict[str, Any]:
    return {"actor": request.actor, "at": now(), "once": once_of(request, body)}  # type: ignore[attr-defined]
