"""Finance: what was taken by day and method, what the bank says beside it, refunds to pay, money that fits nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.fees import api as fees
from tuphap.shared.fees.api import Receipt
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui import files

from ..views.common import do_and_say
from .forms import AccountForm, AssignForm, PeriodForm, ReasonForm

PAGE = 50
HEADS = ("Số biên lai", "Nộp lúc", "Đơn vị thu", "Mã hồ sơ", "Thủ tục", "Người nộp", "Hình thức", "Người thu",
         "Số tiền (đồng)", "Ghi chú")


@never_cache
@require_safe
@staff_required
def finance(request: HttpRequest) -> HttpResponse:
    """What was taken today, or on the days asked for; the same as a file."""
    at, actor = now(), actor_of(request)
    units = fees.offices(actor, at=at)
    today = localdate(at)
    asked = any(name in request.GET for name in ("tu", "den", "don_vi", "hinh_thuc"))
    form = PeriodForm(request.GET if asked else None, units=units, initial={"tu": today, "den": today})
    days, unit_id, method = (today, today), None, ""
    if asked and form.is_valid():
        given = form.cleaned_data
        days, method = (given["tu"], given["den"]), given["hinh_thuc"]
        unit_id = given["don_vi"].pk if given["don_vi"] else None
    found = fees.receipts(actor, at=at, days=days, unit_id=unit_id, method=method)
    kind = request.GET.get("tep", "")
    if kind in ("csv", "xlsx"):
        return _file(list(found), kind, days, actor=actor, at=at)
    lines = fees.by_day(found)
    return render(request, "one_stop_shop/finance/receipts.html", {
        "form": form, "page": Paginator(found, PAGE).get_page(request.GET.get("trang")), "lines": lines, "days": days,
        "total": sum(line.amount for line in lines), "bank": fees.at_bank(actor, at=at, days=days, unit_id=unit_id),
        "query": _query(request), "tabs": _tabs("finance", actor, at),
    }, status=422 if asked and form.errors else 200)


def _file(rows: list[Receipt], kind: str, days: tuple[date, date], *, actor: Actor, at: Any) -> HttpResponse:
    audit.record_read(subject=None, actor=actor, at=at, purpose=actor.purpose or "đối soát phí, lệ phí",
                      what=f"fees.{kind}", rows=len(rows))
    name = f"thu-phi-{days[0]}-{days[1]}"
    table = [_row(row) for row in rows]
    if kind == "csv":
        return files.csv_answer(name, [HEADS, *table])
    title = f"Thu phí, lệ phí từ {days[0]:%d/%m/%Y} đến {days[1]:%d/%m/%Y}"
    return files.xlsx_answer(name, title, HEADS, table)


def _row(row: Receipt) -> list[object]:
    return [
        row.receipt_no, f"{localtime(row.paid_at):%H:%M %d/%m/%Y}", row.unit.name, row.dossier.reference,
        row.dossier.procedure.name, row.payer_name, row.get_method_display(), row.taken_by_name,
        0 if row.voided_at else row.amount, f"Đã hủy: {row.void_reason}" if row.voided_at else "",
    ]


@require_POST
@staff_required
def reconcile(request: HttpRequest) -> HttpResponse:
    """Ask the bank about every order that waits, now."""
    at, actor = now(), actor_of(request)
    fees.require_finance(actor, at)
    found = fees.ask_about(fees.waiting_orders(at), actor=actor, at=at)
    if found is None:
        messages.warning(request, "Ngân hàng chưa trả lời. Vui lòng thử lại sau.")
    else:
        messages.success(request, f"Đã hỏi ngân hàng: {found} khoản mới.")
    return redirect("one_stop_shop:finance")


@never_cache
@require_safe
@staff_required
def refunds(request: HttpRequest) -> HttpResponse:
    """Money that is to go back: who asks, why, who pays."""
    at, actor = now(), actor_of(request)
    found = fees.refunds(actor, at=at)
    return render(request, "one_stop_shop/finance/refunds.html", {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")), "form": ReasonForm(),
        "tabs": _tabs("refunds", actor, at), "me": actor.user_id,
    })


@require_POST
@staff_required
def pay_refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Pay back, by the way the money came or (asked for) in cash."""
    return _act(request, "refunds", "Đã chi trả hoặc gửi ngân hàng chi trả.", fees.pay_refund, refund_id=refund_id,
                in_cash=request.POST.get("tien_mat") == "1")


@require_POST
@staff_required
def decline_refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Do not pay back, and say why."""
    return _act(request, "refunds", "Đã ghi nhận không hoàn trả.", fees.decline_refund, refund_id=refund_id,
                reason=request.POST.get("reason", "")[:300])


@never_cache
@require_safe
@staff_required
def unmatched(request: HttpRequest) -> HttpResponse:
    """Money that came and fits no order."""
    at, actor = now(), actor_of(request)
    found = fees.transfers(actor, at=at, waiting=request.GET.get("tat_ca") != "1")
    return render(request, "one_stop_shop/finance/unmatched.html", {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")), "assign_form": AssignForm(),
        "reason_form": ReasonForm(), "tabs": _tabs("unmatched", actor, at), "all": request.GET.get("tat_ca") == "1",
    })


@require_POST
@staff_required
def assign_transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Let it pay what a dossier owes.

    :raises NotFound: no such money of an office of the actor's.
    """
    actor, at = actor_of(request), now()
    fees.require_finance(actor, at)
    if not fees.transfers(actor, at=at).filter(pk=transfer_id).exists():
        raise NotFound()
    try:
        dossier = dossiers.get_visible(request.POST.get("ho_so", "")[:60], actor, at)
    except dossiers.UnknownDossier as unknown:
        messages.error(request, unknown.message)
        return redirect("one_stop_shop:unmatched")
    return _act(request, "unmatched", "Đã ghi khoản tiền cho hồ sơ.", fees.assign_transfer, transfer_id=transfer_id,
                dossier_id=dossier.pk, note=request.POST.get("note", "")[:300])


@require_POST
@staff_required
def return_transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Ask that it go back to whom it came from."""
    return _act(request, "unmatched", "Đã lập đề nghị trả lại; người khác trong bộ phận tài chính chi trả.",
                fees.return_transfer, transfer_id=transfer_id, reason=request.POST.get("reason", "")[:300])


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def accounts(request: HttpRequest) -> HttpResponse:
    """Into which accounts fees are paid; another from today."""
    at, actor = now(), actor_of(request)
    units = fees.offices(actor, at=at)
    form = AccountForm(request.POST or None, units=units.filter(orgs.valid_on(localdate(at))))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = given.pop("don_vi")
        try:
            fees.set_account(unit_id=unit.pk, actor=actor, at=at, **given, once=once_of(request))
        except Refusal as refusal:
            if isinstance(refusal, Denied):
                raise
            form.add_refusal(refusal)
        else:
            messages.success(request, f"Từ hôm nay phí, lệ phí của {unit.name} nộp vào tài khoản {given['number']}.")
            return redirect("one_stop_shop:accounts")
    return render(request, "one_stop_shop/finance/accounts.html", {
        "form": form, "accounts": fees.accounts_of(units), "tabs": _tabs("accounts", actor, at),
    }, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, back: str, said: str, act: Callable[..., Any], **told: Any) -> HttpResponse:
    do_and_say(request, act, said, **told)
    return redirect(f"one_stop_shop:{back}")


def _tabs(here: str, actor: Actor, at: Any) -> list[dict[str, Any]]:
    waiting = {
        "refunds": fees.refunds(actor, at=at, waiting=True).count(),
        "unmatched": fees.transfers(actor, at=at, waiting=True).count(),
    }
    titles = {"finance": "Thu trong kỳ", "refunds": "Hoàn trả", "unmatched": "Chưa khớp", "accounts": "Tài khoản thu"}
    return [
        {"title": title, "href": reverse(f"one_stop_shop:{name}"), "current": name == here, "count": waiting.get(name)}
        for name, title in titles.items()
    ]


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("tep", "trang"):
        query.pop(name, None)
    return query.urlencode()
