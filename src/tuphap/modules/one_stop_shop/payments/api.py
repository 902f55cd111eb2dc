"""Fees over HTTP: the same operations and reads as the pages, under ``/api/v1``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema, Status

from tuphap.kernel.clock import localdate, now
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.fees import api as fees
from tuphap.shared.fees.api import FeeLine, PaymentOrder, Receipt, Refund, Transfer
from tuphap.shared.operation.http import actor_of, once_of

from .. import queries

router = Router(tags=["Phí, lệ phí"])
MOST = 200
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
Reference = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9.\-]+$", description="Mã hồ sơ hoặc mã nộp")]
ReceiptKey = Annotated[int, Path(ge=1, le=9_000_000_000_000_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=300)]
FeeCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]


class LineOut(Schema):
    """One fee that is owed, was paid, or is not owed for a reason."""

    id: int
    code: str
    name: str
    basis: str
    base: int
    unit: str
    quantity: int
    copies: int
    reduction: int
    amount: int
    exemption: str
    claim: str
    receipt_no: str
    method: str
    paid_at: datetime | None


class ReceiptOut(Schema):
    id: int
    receipt_no: str
    unit: str
    amount: int
    method: str
    paid_at: datetime
    voided_at: datetime | None
    dossier: str


class OrderOut(Schema):
    """What a payer needs: the code's text, the account, the words of the transfer."""

    reference: str
    amount: int
    state: str
    opened_at: datetime
    bank: str
    account: str
    holder: str
    qr_text: str


class FeesOut(Schema):
    owed: int
    lines: list[LineOut]
    receipts: list[ReceiptOut]
    order: OrderOut | None


class RefundOut(Schema):
    id: UUID
    amount: int
    reason: str
    state: str
    method: str
    asked_by: str
    paid_by: str
    receipt_no: str
    transaction: str


class TransferOut(Schema):
    id: int
    transaction: str
    reference: str
    amount: int
    paid_at: datetime
    state: str
    misfit: str
    unit: str


class CountIn(Schema):
    quantity: int = Field(1, ge=0, le=9999)
    copies: int = Field(1, ge=0, le=999)


class AssessIn(Schema):
    counts: dict[FeeCode, CountIn] = Field(default_factory=dict)


class ExemptIn(Schema):
    reason: Literal[tuple(fees.EXEMPTIONS)]  # type: ignore[valid-type]
    proof: Text
    line_id: int | None = Field(None, ge=1, le=9_000_000_000_000_000_000)


class MoneyReasonIn(Schema):
    reason: Text


class PayIn(Schema):
    in_cash: bool = False


class AssignTransferIn(Schema):
    dossier: str = Field(max_length=60)
    note: Text


class DaysIn(Schema):
    first: date | None = Field(None, ge=EARLIEST, le=LATEST)
    last: date | None = Field(None, ge=EARLIEST, le=LATEST)
    method: Literal["", "cash", "transfer", "paper"] = ""
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class MoneyListIn(Schema):
    waiting: bool = True
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=MOST)


# -- one dossier


@router.get("/dossiers/{reference}/fees", response=FeesOut, summary="Phí, lệ phí của hồ sơ")
def dossier_fees(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    return _fees(_seen(request, reference))


@router.post("/dossiers/{reference}/fees/assess", response=FeesOut, summary="Tính lại phí, lệ phí trước tiếp nhận")
def assess(request: HttpRequest, reference: Reference, body: AssessIn) -> dict[str, Any]:
    counts = {code: fees.Count(one.quantity, one.copies) for code, one in body.counts.items()}
    return _fees(fees.assess(counts=counts, **_told(request, reference)))


@router.post("/dossiers/{reference}/fees/exempt", response=FeesOut, summary="Miễn, giảm phí theo giấy tờ chứng minh")
def exempt(request: HttpRequest, reference: Reference, body: ExemptIn) -> dict[str, Any]:
    return _fees(fees.exempt(**body.dict(), **_told(request, reference)))


@router.post("/dossiers/{reference}/fees/cash", response={201: ReceiptOut}, summary="Thu tiền mặt, lập biên lai")
def take_cash(request: HttpRequest, reference: Reference) -> Status[dict[str, Any]]:
    return Status(201, _receipt(fees.take_cash(**_told(request, reference))))


@router.post("/dossiers/{reference}/fees/order", response={201: OrderOut}, summary="Lập lệnh thanh toán (VietQR)")
def open_order(request: HttpRequest, reference: Reference) -> Status[dict[str, Any]]:
    return Status(201, _order(fees.open_order(**_told(request, reference))))


@router.get("/receipts/{receipt_id}/pdf", summary="Biên lai (PDF)",
            openapi_extra={"responses": {200: {"content": {"application/pdf": {
                "schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}}})
def receipt_pdf(request: HttpRequest, receipt_id: ReceiptKey) -> HttpResponse:
    found = fees.get_receipt(receipt_id, actor_of(request), now())
    return HttpResponse(fees.receipt_pdf(found), content_type="application/pdf")


@router.post("/receipts/{receipt_id}/void", response=ReceiptOut, summary="Hủy biên lai tiền mặt lập nhầm trong ngày")
def void_receipt(request: HttpRequest, receipt_id: ReceiptKey, body: MoneyReasonIn) -> dict[str, Any]:
    return _receipt(fees.void_receipt(receipt_id=_known(request, receipt_id), reason=body.reason, **_who(request)))


@router.post("/receipts/{receipt_id}/refund", response={201: RefundOut}, summary="Đề nghị hoàn trả")
def ask_refund(request: HttpRequest, receipt_id: ReceiptKey, body: MoneyReasonIn) -> Status[dict[str, Any]]:
    asked = fees.ask_refund(receipt_id=_known(request, receipt_id), reason=body.reason, **_who(request))
    return Status(201, _refund(asked))


# -- finance


@router.get("/finance/receipts", response=list[ReceiptOut], summary="Biên lai của đơn vị trong kỳ")
def receipts(request: HttpRequest, wanted: Query[DaysIn]) -> list[dict[str, Any]]:
    at = now()
    days = (wanted.first or localdate(at), wanted.last or localdate(at))
    found = fees.receipts(actor_of(request), at=at, days=days, method=wanted.method)
    return [_receipt(one) for one in found[wanted.offset : wanted.offset + wanted.limit]]


@router.get("/finance/refunds", response=list[RefundOut], summary="Đề nghị hoàn trả")
def refunds(request: HttpRequest, wanted: Query[MoneyListIn]) -> list[dict[str, Any]]:
    found = fees.refunds(actor_of(request), at=now(), waiting=wanted.waiting)
    return [_refund(one) for one in found[wanted.offset : wanted.offset + wanted.limit]]


@router.post("/finance/refunds/{refund_id}/pay", response=RefundOut, summary="Chi trả hoàn phí, lệ phí")
def pay_refund(request: HttpRequest, refund_id: UUID, body: PayIn) -> dict[str, Any]:
    return _refund(fees.pay_refund(refund_id=refund_id, in_cash=body.in_cash, **_who(request)))


@router.post("/finance/refunds/{refund_id}/decline", response=RefundOut, summary="Không hoàn trả")
def decline_refund(request: HttpRequest, refund_id: UUID, body: MoneyReasonIn) -> dict[str, Any]:
    return _refund(fees.decline_refund(refund_id=refund_id, reason=body.reason, **_who(request)))


@router.get("/finance/transfers", response=list[TransferOut], summary="Khoản chuyển tiền, mặc định khoản chưa khớp")
def transfers(request: HttpRequest, wanted: Query[MoneyListIn]) -> list[dict[str, Any]]:
    found = fees.transfers(actor_of(request), at=now(), waiting=wanted.waiting)
    return [_transfer(one) for one in found[wanted.offset : wanted.offset + wanted.limit]]


@router.post("/finance/transfers/{transfer_id}/assign", response=TransferOut, summary="Ghi khoản chưa khớp cho hồ sơ")
def assign_transfer(request: HttpRequest, transfer_id: ReceiptKey, body: AssignTransferIn) -> dict[str, Any]:
    fees.require_finance(actor_of(request), now())
    dossier = queries.get_visible(body.dossier, actor_of(request), now())
    return _transfer(fees.assign_transfer(transfer_id=transfer_id, dossier_id=dossier.pk, note=body.note,
                                          **_who(request)))


@router.post("/finance/transfers/{transfer_id}/return", response={201: RefundOut}, summary="Trả lại khoản chưa khớp")
def return_transfer(request: HttpRequest, transfer_id: ReceiptKey, body: MoneyReasonIn) -> Status[dict[str, Any]]:
    return Status(201, _refund(fees.return_transfer(transfer_id=transfer_id, reason=body.reason, **_who(request))))


# -- between



def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor_of(request), "at": now(), "once": once_of(request)}


def _told(request: HttpRequest, reference: str) -> dict[str, Any]:
    return {"dossier_id": _seen(request, reference).pk, **_who(request)}


def _seen(request: HttpRequest, reference: str) -> Dossier:
    return queries.get_visible(reference, actor_of(request), now())


def _known(request: HttpRequest, receipt_id: int) -> int:
    """The receipt's key, if the caller may know of it."""
    return fees.get_receipt(receipt_id, actor_of(request), now()).pk


def _fees(dossier: Dossier) -> dict[str, Any]:
    order = fees.open_order_of(dossier)
    return {
        "owed": fees.owed(dossier), "lines": [_line(line) for line in fees.lines(dossier)],
        "receipts": [_receipt(receipt) for receipt in fees.receipts_of(dossier)],
        "order": _order(order) if order else None,
    }


def _line(line: FeeLine) -> dict[str, Any]:
    names = ("code", "name", "basis", "base", "unit", "quantity", "copies", "reduction", "amount", "exemption", "claim",
             "receipt_no", "method", "paid_at")
    return {"id": line.pk, **{name: getattr(line, name) for name in names}}


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.pk, "receipt_no": receipt.receipt_no, "unit": receipt.unit.code, "amount": receipt.amount,
        "method": receipt.method, "paid_at": receipt.paid_at, "voided_at": receipt.voided_at,
        "dossier": receipt.dossier.reference,
    }


def _order(order: PaymentOrder) -> dict[str, Any]:
    account = order.account
    return {
        "reference": order.reference, "amount": order.amount, "state": order.state, "opened_at": order.opened_at,
        "bank": account.bank, "account": account.number, "holder": account.holder, "qr_text": fees.qr_text(order),
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.pk, "amount": refund.amount, "reason": refund.reason, "state": refund.state,
        "method": refund.method, "asked_by": refund.asked_by_name, "paid_by": refund.paid_by_name,
        "receipt_no": refund.receipt.receipt_no if refund.receipt else "",
        "transaction": refund.transfer.transaction if refund.transfer else "",
    }


def _transfer(transfer: Transfer) -> dict[str, Any]:
    return {
        "id": transfer.pk, "transaction": transfer.transaction, "reference": transfer.reference,
        "amount": transfer.amount, "paid_at": transfer.paid_at, "state": transfer.state, "misfit": transfer.misfit,
        "unit": transfer.unit.code,
    }
