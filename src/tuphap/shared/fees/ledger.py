"""Taking money and giving it back, inside operations: receipts, orders, transfers. One place for each."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import connection

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import localdate
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, Overlay
from tuphap.shared.notices import api as notices
from tuphap.shared.numbering import api as numbering
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import assessment, rules, vietqr
from .models import Account, FeeLine, PaymentOrder, Receipt
from .rules import Event, Method, OrderState

SERIES = "fees.receipt"
PAYMENTS = system_actor("payments")
# Letters and digits that nobody takes for one another, typed or read aloud.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_MARK, _LENGTH = "TPS", 10


def collecting(dossier: Dossier, *, at: datetime) -> OrgUnit:
    """The office that takes the money: where it was filed, or what that office has become."""
    return orgs.current(dossier.receiving_unit, on=localdate(at))


def account_of(unit_id: int, *, at: datetime) -> Account | None:
    """Into which account the office's fees are paid today."""
    on = localdate(at)
    return Account.objects.filter(orgs.valid_on(on), unit_id=unit_id).first()


def issue(
    dossier: Dossier, *, method: Method, actor: Actor, at: datetime, receipt_no: str = ""
) -> Receipt:
    """A receipt for everything that a locked dossier owes; a pause for the fee ends with it.

    :param receipt_no: the number of a receipt that was made outside; ours takes the office's next one.
    :raises rules.NothingOwed: nothing is.
    """
    due = [line for line in assessment.lines(dossier) if line.is_owed]
    if not due:
        raise rules.NothingOwed()
    unit = collecting(dossier, at=at)
    number = None
    if method is not Method.PAPER:
        number = numbering.reserve(SERIES, unit_id=unit.pk, year=localdate(at).year, actor=actor, at=at)
        receipt_no = number.display
    receipt = Receipt.objects.create(
        dossier=dossier, unit=unit, number=number, receipt_no=receipt_no[:40],
        amount=sum(line.amount for line in due), method=method, payer_name=dossier.applicant_name[:100],
        paid_at=at, taken_by_id=actor.user_id if actor.kind is ActorKind.STAFF else None,
        taken_by_name=actor.name[:100], items=[item_of(line) for line in due],
    )
    if number is not None:
        numbering.bind(number, subject=receipt)
        numbering.confirm(number, actor=actor, at=at)
    for line in due:
        line.receipt = receipt
        line.save(update_fields=["receipt"])
    audit.record(Event.PAID, subject=receipt, actor=actor, at=at, unit_id=unit.pk, receipt_no=receipt.receipt_no,
                 amount=receipt.amount, method=str(method), dossier=dossier.reference)
    if method is not Method.TRANSFER:
        close_orders(dossier, actor=actor, at=at)
    dossier.fee_deferred = False
    dossier.version += 1
    assessment.keep(dossier)
    if dossier.overlay == Overlay.PAUSED_FEE:
        dossiers.advance(dossier, Action.RESUME, actor=PAYMENTS, at=at, receipt_no=receipt.receipt_no)
    tell_payer(dossier, receipt, actor=actor, at=at)
    return receipt


def item_of(line: FeeLine) -> dict[str, object]:
    """What a receipt says of a line, for good."""
    how = f"{line.quantity} {line.unit}" if line.unit else ""
    copies = f"{line.copies} bản" if line.copies != 1 else ""
    less = f"giảm {line.reduction:,} đồng khi nộp trực tuyến".replace(",", ".") if line.reduction else ""
    return {"name": line.name, "text": ", ".join(filter(None, (how, copies, less))), "amount": line.amount}


def tell_payer(dossier: Dossier, receipt: Receipt, *, actor: Actor, at: datetime) -> None:
    """The applicant hears that the money has come; who stands at the desk has the receipt in hand."""
    if dossier.applicant_user_id is None:
        return
    notices.send(
        template="fees.paid", to_user_id=dossier.applicant_user_id, dossier_code=dossier.reference, actor=actor, at=at,
        amount=f"{receipt.amount:,}".replace(",", "."), receipt_no=receipt.receipt_no,
    )


# -- orders


def open_order(dossier: Dossier, *, actor: Actor, at: datetime) -> PaymentOrder:
    """The order that waits for what a locked dossier owes; one of another amount is closed.

    :raises rules.NothingOwed: nothing is owed.
    :raises rules.NoAccount: the office has no account.
    """
    amount = assessment.owed(dossier)
    if not amount:
        raise rules.NothingOwed()
    unit = collecting(dossier, at=at)
    account = account_of(unit.pk, at=at)
    if account is None:
        raise rules.NoAccount(unit=unit.name)
    waiting = PaymentOrder.objects.filter(dossier=dossier, state=OrderState.OPEN).first()
    if waiting is not None and (waiting.amount, waiting.account_id) == (amount, account.pk):
        return waiting
    close_orders(dossier, actor=actor, at=at)
    order = PaymentOrder.objects.create(
        reference=new_reference(), dossier=dossier, unit=unit, account=account, amount=amount, opened_at=at,
        opened_by_id=actor.user_id,
    )
    audit.record(Event.ORDER_OPENED, subject=order, actor=actor, at=at, unit_id=unit.pk, amount=amount,
                 dossier=dossier.reference)
    return order


def close_orders(dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """Let no order of a locked dossier wait any more."""
    for order in PaymentOrder.objects.select_for_update(of=("self",)).filter(dossier=dossier, state=OrderState.OPEN):
        order.state, order.closed_at = OrderState.CLOSED.value, at
        order.save(update_fields=["state", "closed_at"])
        audit.record(Event.ORDER_CLOSED, subject=order, actor=actor, at=at, unit_id=order.unit_id)


def new_reference() -> str:
    """Words for a transfer that say nothing of anybody, and that nobody guesses."""
    return _MARK + "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def references_in(words: str) -> list[str]:
    """What may be a reference within the words of a transfer: banks prolong them, and set blanks into them."""
    text = "".join(words.upper().split())
    found = (text[place : place + len(_MARK) + _LENGTH] for place in range(len(text)) if text.startswith(_MARK, place))
    return [one for one in found if len(one) == len(_MARK) + _LENGTH and set(one[len(_MARK):]) <= set(_SIGNS)]


def order_named(words: str) -> PaymentOrder | None:
    """The order that the words of a transfer name."""
    named = references_in(words)
    return PaymentOrder.objects.filter(reference__in=named).order_by("-opened_at").first() if named else None


def qr_text(order: PaymentOrder) -> str:
    """The text of the order's VietQR code."""
    return vietqr.text_of(vietqr.Transfer(order.account.bank, order.account.number, order.amount, order.reference))


def alone(transaction: str) -> None:
    """Wait for whoever hears of the same transaction just now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"fees {transaction}"])
