"""What a receipt says: the same on the page and as PDF, today and in ten years."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tuphap.engines.vietnamese.words import number_in_words
from tuphap.kernel.clock import localtime
from tuphap.shared.documents.api import DocumentTemplate, render

from .models import Receipt
from .rules import METHOD_TITLES, Method

RECEIPT = "fees.receipt"


def dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def in_words(amount: int) -> str:
    """``Tám nghìn đồng``."""
    words = number_in_words(amount)
    return f"{words[:1].upper()}{words[1:]} đồng"


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """The facts of one receipt as strings."""
    day = localtime(receipt.paid_at)
    return {
        "office": receipt.unit.name, "number": receipt.receipt_no, "payer": receipt.payer_name,
        "dossier": receipt.dossier.reference, "procedure": receipt.dossier.procedure.name,
        "rows": [{**item, "amount": dong(item["amount"])} for item in receipt.items],
        "total": dong(receipt.amount), "words": in_words(receipt.amount),
        "method": METHOD_TITLES[Method(receipt.method)], "at": f"{day:%H giờ %M phút, ngày %d/%m/%Y}",
        "place_date": f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}", "collector": receipt.taken_by_name,
        "voided": f"ĐÃ HỦY: {receipt.void_reason}" if receipt.voided_at else "",
    }


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt as PDF."""
    on = localtime(receipt.paid_at).date()
    return render(RECEIPT, receipt_data(receipt), on=on)


_SAMPLE: dict[str, Any] = {
    "office": "Ủy ban nhân dân phường Hải An", "number": "15/2026", "payer": "Nguyễn Thị Lan",
    "dossier": "H31.15-260804-0001", "procedure": "Chứng thực bản sao từ bản chính giấy tờ, văn bản",
    "rows": [{"name": "Phí chứng thực bản sao", "text": "4 trang, 2 bản", "amount": "12.000 đồng"}],
    "total": "12.000 đồng", "words": "Mười hai nghìn đồng", "method": "Tiền mặt tại quầy",
    "at": "09 giờ 15 phút, ngày 04/08/2026", "place_date": "Ngày 04 tháng 8 năm 2026", "collector": "Trần Văn Minh",
    "voided": "",
}
TEMPLATE = DocumentTemplate(
    code=RECEIPT, title="Biên lai thu phí, lệ phí", version="2025", valid_from=date(2018, 1, 1),
    source=Path(__file__).parent / "papers" / "receipt.typ", sample=_SAMPLE,
)
