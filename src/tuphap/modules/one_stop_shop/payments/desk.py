"""The desk's page about one dossier's money: count, exempt, take, open an order; receipts voided, refunds asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.dossiers.api import Dossier, State
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.http import actor_of, once_of

from .. import queries
from ..views.common import do_and_say
from .forms import CountForm, ExemptForm, PaperForm, ReasonForm, dossier_tariffs
from .own import bank_page, money_of, receipt_answer, tell_check

DOINGS = ("tinh", "mien", "thu", "ngoai", "lenh", "hoi")


@never_cache
@require_safe
@staff_required
def dossier_fees(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """What the dossier owes and has paid."""
    return _page(request, queries.get_visible(dossier_id, actor_of(request), now()), {})


@require_POST
@staff_required
def fee_act(request: HttpRequest, dossier_id: UUID, doing: str) -> HttpResponse:
    """Do one thing about the dossier's money.

    :raises NotFound: there is no such thing to do.
    """
    if doing not in DOINGS:
        raise NotFound()
    dossier = queries.get_visible(dossier_id, actor_of(request), now())
    bound = _bound(request, dossier, doing)
    valid = [form.is_valid() for form in bound.values()]  # each is asked, so that all errors are shown at once
    if all(valid):
        try:
            said = _do(request, dossier, doing, bound)
        except Refusal as refusal:
            if isinstance(refusal, Denied | NotFound):
                raise
            if not bound:
                messages.error(request, refusal.message)
                return redirect("one_stop_shop:dossier_fees", dossier_id=dossier.pk)
            next(iter(bound.values())).add_refusal(refusal)
        else:
            if said:
                messages.success(request, said)
            return redirect("one_stop_shop:dossier_fees", dossier_id=dossier.pk)
    return _page(request, queries.get_visible(dossier_id, actor_of(request), now()), {doing: bound}, status=422)


def _bound(request: HttpRequest, dossier: Dossier, doing: str) -> dict[str, Any]:
    if doing == "tinh":
        return {line.code: CountForm(request.POST, line=line) for line in _countable(dossier)}
    if doing == "mien":
        return {"mien": ExemptForm(request.POST, tariffs=dossier_tariffs(dossier))}
    return {"ngoai": PaperForm(request.POST)} if doing == "ngoai" else {}


def _do(request: HttpRequest, dossier: Dossier, doing: str, bound: dict[str, Any]) -> str:
    told: dict[str, Any] = {"dossier_id": dossier.pk, "actor": actor_of(request), "at": now(), "once": once_of(request)}
    if doing == "tinh":
        counts = {code: fees.Count(**form.cleaned_data) for code, form in bound.items()}
        fees.assess(counts=counts, **told)
        return "Đã tính lại phí, lệ phí."
    if doing == "mien":
        fees.exempt(**bound["mien"].cleaned_data, **told)
        return "Đã miễn, giảm phí, lệ phí."
    if doing == "lenh":
        fees.open_order(**told)
        return "Đã lập lệnh thanh toán."
    if doing == "hoi":
        tell_check(request, dossier, actor_of(request))
        return ""
    receipt = fees.take_cash(**told) if doing == "thu" else fees.note_paper_receipt(
        **bound["ngoai"].cleaned_data, **told)
    return f"Đã thu {receipt.amount:,} đồng, biên lai số {receipt.receipt_no}.".replace(",", ".", 1)


def _countable(dossier: Dossier) -> list[fees.FeeLine]:
    if dossier.state not in (State.SUBMITTED, State.NEEDS_SUPPLEMENT):
        return []
    return [line for line in fees.lines(dossier) if line.unit and not line.asked and line.receipt_id is None]


def _page(request: HttpRequest, dossier: Dossier, bound: dict[str, dict[str, Any]], status: int = 200) -> HttpResponse:
    at, actor = now(), actor_of(request)
    may = fees.may_collect(dossier, actor, at) and not dossier.is_ended
    money = money_of(dossier)
    order = fees.open_order_of(dossier)
    tariffs = dossier_tariffs(dossier)
    return render(request, "one_stop_shop/dossier_fees.html", {
        "dossier": dossier, **money, "order": order, "qr_text": fees.qr_text(order) if order else "",
        "bank_url": bank_page(order) if order else "", "may": may, "today": at,
        "count_forms": bound.get("tinh") or ({line.code: CountForm(line=line) for line in _countable(dossier)}
                                             if may else {}),
        "exempt_form": bound.get("mien", {}).get("mien") or (ExemptForm(tariffs=tariffs) if any(
            one.reasons for one in tariffs) else None),
        "paper_form": bound.get("ngoai", {}).get("ngoai") or PaperForm(), "reason_form": ReasonForm(),
        "has_account": fees.account_of(fees.collecting(dossier, at=at).pk, at=at) is not None,
    }, status=status)


@require_safe
@staff_required
def receipt(request: HttpRequest, receipt_id: int, kind: str = "html") -> HttpResponse:
    """A receipt, as a page to print or as PDF."""
    return receipt_answer(request, fees.get_receipt(receipt_id, actor_of(request), now()), kind)


@require_POST
@staff_required
def void_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Void a mistaken cash receipt of today."""
    return _with_reason(request, receipt_id, fees.void_receipt, "Đã hủy biên lai.")


@require_POST
@staff_required
def ask_refund(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Ask that a payment go back."""
    return _with_reason(request, receipt_id, fees.ask_refund, "Đã gửi đề nghị hoàn trả đến bộ phận tài chính.")


def _with_reason(request: HttpRequest, receipt_id: int, act: Callable[..., Any], said: str) -> HttpResponse:
    found = fees.get_receipt(receipt_id, actor_of(request), now())
    do_and_say(request, act, said, receipt_id=found.pk, reason=request.POST.get("reason", "")[:300])
    return redirect("one_stop_shop:dossier_fees", dossier_id=found.dossier_id)
