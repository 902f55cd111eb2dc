"""A citizen's money: what is owed, the code to pay by, the receipts."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Conflict
from tuphap.shared.accounts.api import citizen_required
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.fees import api as fees
from tuphap.shared.fees.api import PaymentOrder, Receipt
from tuphap.shared.operation.http import actor_of, once_of

from .. import queries
from ..views.common import pdf


def bank_page(order: PaymentOrder) -> str:
    """Where the payer's bank opens this order; empty where no bank's page is known."""
    return f"{settings.BANK_PAGE}?{urlencode({'qr': fees.qr_text(order)})}" if settings.BANK_PAGE else ""


def money_of(dossier: Dossier) -> dict[str, object]:
    """What pages show of a dossier's money."""
    lines = fees.lines(dossier)
    return {
        "fee_lines": lines, "owed": sum(line.amount for line in lines if line.is_owed),
        "receipts": fees.receipts_of(dossier) if lines else [],
    }


@never_cache
@require_http_methods(["GET", "POST"])
@citizen_required
def pay(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """What is owed and the code to pay it by; the page looks again by itself until the money has come."""
    dossier = queries.get_visible(dossier_id, actor_of(request), now())
    if request.method == "POST":
        try:
            fees.open_order(dossier_id=dossier.pk, actor=actor_of(request), at=now(), once=once_of(request))
        except Conflict as refusal:
            messages.error(request, refusal.message)
        return redirect("one_stop_shop:pay", dossier_id=dossier.pk)
    order = fees.open_order_of(dossier)
    unit = fees.collecting(dossier, at=now())
    return render(request, "one_stop_shop/pay.html", {
        "dossier": dossier, "order": order, **money_of(dossier), "qr_text": fees.qr_text(order) if order else "",
        "bank_url": bank_page(order) if order else "", "unit": unit,
        "has_account": fees.account_of(unit.pk, at=now()) is not None,
    })


@require_POST
@citizen_required
def check_payment(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Ask the gateway now, for who has paid and sees nothing of it."""
    dossier = queries.get_visible(dossier_id, actor_of(request), now())
    tell_check(request, dossier, actor_of(request))
    return redirect("one_stop_shop:pay", dossier_id=dossier.pk)


def tell_check(request: HttpRequest, dossier: Dossier, actor: Actor) -> None:
    """Ask about the order that waits, and say what came of it."""
    order = fees.open_order_of(dossier)
    if order is None:
        return
    found = fees.ask_about([order], actor=actor, at=now())
    if found is None:
        messages.warning(request, "Ngân hàng chưa trả lời. Hệ thống sẽ tự kiểm tra lại sau ít phút.")
    elif not found:
        messages.info(request, "Chưa nhận được tiền của lệnh thanh toán này.")


@require_safe
@citizen_required
def own_receipt(request: HttpRequest, receipt_id: int, kind: str = "html") -> HttpResponse:
    """A receipt of one's own, as a page to print or as PDF."""
    return receipt_answer(request, fees.get_receipt(receipt_id, actor_of(request), now()), kind)


def receipt_answer(request: HttpRequest, receipt: Receipt, kind: str) -> HttpResponse:
    if kind == "pdf":
        name = f"bien-lai-{receipt.receipt_no}-{receipt.dossier.reference}.pdf".replace("/", "-")
        return pdf(fees.receipt_pdf(receipt), name)
    return render(request, "one_stop_shop/receipt.html", {"receipt": receipt, "paper": fees.receipt_data(receipt)})
