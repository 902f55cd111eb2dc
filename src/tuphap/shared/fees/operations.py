"""Everything that is written about money: one verb each, permitted, logged, and done once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier, Overlay
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import contracts
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit

from . import assessment, ledger, rules, vietqr
from .models import Account, FeeLine, PaymentOrder, Receipt, Refund, Transfer
from .rules import Count, Event, Method, Misfit, OrderState, Permission, RefundState, TransferState

REFUND = "payment.refund"


# -- the desk


@operation
def assess(
    *, dossier_id: UUID, actor: Actor, at: datetime, counts: Mapping[str, Count] | None = None,
) -> Dossier:
    """Reckon again what a dossier that is not received yet owes, with the desk's own counts.

    :raises access.Forbidden: not of the desk.
    :raises dossiers.StateConflict: it was received, or is not sent in.
    :raises rules.UnknownFee, rules.BadCount, rules.FeePaid: see :mod:`.rules`.
    """
    dossier = _at_desk(dossier_id, actor=actor, at=at)
    if dossier.state not in (dossiers.State.SUBMITTED, dossiers.State.NEEDS_SUPPLEMENT):
        raise dossiers.StateConflict(state=dossiers.STATE_TITLES[dossiers.State(dossier.state)],
                                     action="Tính phí, lệ phí", current=dossier.state)
    assessment.reckon(dossier, counts=counts, actor=actor, at=at)
    ledger.close_orders(dossier, actor=actor, at=at)
    dossier.version += 1
    assessment.keep(dossier)
    return dossier


@operation
def exempt(
    *, dossier_id: UUID, reason: str, proof: str, actor: Actor, at: datetime, line_id: int | None = None
) -> Dossier:
    """Let a fee be owed no more (without ``line_id``: each that the reason spares), for what the proof shows.

    With nothing left to pay a pause for the fee ends.

    :raises access.Forbidden: not of the desk.
    :raises rules.NothingOwed: nothing is owed.
    :raises rules.NotExempt, rules.ProofRequired, rules.FeePaid: see :mod:`.rules`.
    """
    dossier = _at_desk(dossier_id, actor=actor, at=at)
    found = [line for line in assessment.lines(dossier) if line.is_owed and line_id in (None, line.pk)]
    if not found:
        raise rules.NothingOwed()
    spared = [one for one in found if line_id is not None or _spares(dossier, one, reason)]
    if not spared:
        raise rules.NotExempt(name=found[0].name)
    for line in spared:
        assessment.spare(line, reason=reason, proof=proof, actor=actor)
        audit.record(Event.EXEMPTED, subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id,
                     fee=line.code, reason=reason)
    ledger.close_orders(dossier, actor=actor, at=at)
    dossier.version += 1
    assessment.keep(dossier)
    if dossier.overlay == Overlay.PAUSED_FEE and not assessment.owed(dossier):
        dossiers.advance(dossier, dossiers.Action.RESUME, actor=ledger.PAYMENTS, at=at,
                         note="Được miễn, giảm phí, lệ phí.")
    return dossier


def _spares(dossier: Dossier, line: FeeLine, reason: str) -> bool:
    known = {one.code: one for one in assessment.tariffs(dossier.procedure)}
    return line.code in known and reason in known[line.code].reasons


@operation
def take_cash(*, dossier_id: UUID, actor: Actor, at: datetime) -> Receipt:
    """Take what the dossier owes in cash, under the office's next number.

    :raises access.Forbidden: not of the desk.
    :raises rules.NothingOwed: nothing is owed.
    """
    return ledger.issue(_at_desk(dossier_id, actor=actor, at=at), method=Method.CASH, actor=actor, at=at)


@operation
def note_paper_receipt(*, dossier_id: UUID, receipt_no: str, actor: Actor, at: datetime) -> Receipt:
    """Note that the fee was paid by a receipt that was made outside the platform.

    :raises access.Forbidden: not of the desk.
    :raises rules.NoReceiptNumber: no number.
    :raises rules.NothingOwed: nothing is owed.
    """
    dossier = _at_desk(dossier_id, actor=actor, at=at)
    number = tidy(receipt_no)
    if not number:
        raise rules.NoReceiptNumber()
    return ledger.issue(dossier, method=Method.PAPER, receipt_no=number, actor=actor, at=at)


@operation
def void_receipt(*, receipt_id: int, reason: str, actor: Actor, at: datetime) -> Receipt:
    """Void a mistaken cash receipt on its own day; it keeps its number, and what it was for is owed again.

    :raises rules.UnknownReceipt: there is none, or the actor may not know of it.
    :raises access.Forbidden: not of the office that took the money.
    :raises rules.ReasonRequired: no reason.
    :raises rules.ReceiptVoided, rules.OnlyCashToday, rules.RefundAsked: too late, or not in this way.
    """
    receipt = _receipt(receipt_id, actor=actor, at=at)
    if not tidy(reason):
        raise rules.ReasonRequired()
    if receipt.voided_at is not None:
        raise rules.ReceiptVoided()
    if receipt.method != Method.CASH or localdate(receipt.paid_at) != localdate(at):
        raise rules.OnlyCashToday()
    if receipt.refunds.filter(state__in=rules.LIVE_REFUNDS).exists():
        raise rules.RefundAsked()
    receipt.voided_at, receipt.void_reason = at, tidy(reason)[:300]
    receipt.voided_by_id, receipt.voided_by_name = actor.user_id, actor.name[:100]
    receipt.save(update_fields=["voided_at", "void_reason", "voided_by", "voided_by_name"])
    receipt.lines.update(receipt=None)
    dossier = receipt.dossier
    dossier.fee_deferred = dossier.received_at is not None  # the office has it already; the money is owed beside
    dossier.version += 1
    assessment.keep(dossier)
    audit.record(Event.VOIDED, subject=receipt, actor=actor, at=at, unit_id=receipt.unit_id,
                 receipt_no=receipt.receipt_no, amount=receipt.amount, reason=receipt.void_reason)
    return receipt


# -- paying online


@operation
def open_order(*, dossier_id: UUID, actor: Actor, at: datetime) -> PaymentOrder:
    """Wish to pay online what one's dossier owes; the desk may for whoever stands before it.

    :raises dossiers.UnknownDossier: there is none, or the actor may not know of it.
    :raises access.Forbidden: neither the applicant nor the desk.
    :raises dossiers.StateConflict: it has ended.
    :raises rules.NothingOwed, rules.NoAccount: there is nothing to pay, or no account to pay into.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.take(dossier_id)
    dossiers.get_visible(dossier_id, actor, at)
    if dossier.applicant_user_id != actor.user_id or actor.user_id is None:
        require_desk(dossier, actor=actor, at=at)
    dossiers.require_living(dossier, "Thanh toán trực tuyến")
    return ledger.open_order(dossier, actor=actor, at=at)


@operation
def hear_transfer(*, told: contracts.PaymentTold, by: str, actor: Actor, at: datetime) -> Transfer:
    """Money has come: it pays the order that its words name, or waits for finance. Heard again, nothing happens.

    :param by: ``call`` – the gateway called us, ``asked`` – we asked it.
    """
    ledger.alone(told.transaction)
    before = Transfer.objects.filter(transaction=told.transaction).first()
    if before is not None:
        return before
    named = ledger.order_named(told.reference)
    dossier, order = None, None
    if named is not None:
        dossier = dossiers.take(named.dossier_id)
        order = PaymentOrder.objects.select_for_update(of=("self",)).select_related("account").get(pk=named.pk)
    wrong = _misfit(order, dossier, told)
    transfer = Transfer(
        transaction=told.transaction, reference=told.reference, account=told.account, amount=told.amount,
        paid_at=told.paid_at, heard_at=at, heard_by=by, order=order,
        unit_id=order.unit_id if order is not None else _unit_of(told.account, at=at),
    )
    if wrong is not None or order is None or dossier is None:
        transfer.state, transfer.misfit = TransferState.UNMATCHED.value, str(wrong or Misfit.UNKNOWN_ORDER)
        transfer.save()
        audit.record(Event.TRANSFER_UNMATCHED, subject=transfer, actor=actor, at=at, unit_id=transfer.unit_id,
                     transaction=transfer.transaction, amount=transfer.amount, why=transfer.misfit)
        _tell_finance("fees.unmatched", transfer.unit_id, actor=actor, at=at)
        return transfer
    receipt = ledger.issue(dossier, method=Method.TRANSFER, actor=actor, at=at)
    order.state, order.closed_at, order.receipt = OrderState.PAID.value, at, receipt
    order.save(update_fields=["state", "closed_at", "receipt"])
    transfer.state, transfer.receipt = TransferState.MATCHED.value, receipt
    transfer.save()
    audit.record(Event.TRANSFER_HEARD, subject=transfer, actor=actor, at=at, unit_id=transfer.unit_id,
                 transaction=transfer.transaction, amount=transfer.amount, by=by, order=order.reference)
    return transfer


def _misfit(order: PaymentOrder | None, dossier: Dossier | None, told: contracts.PaymentTold) -> Misfit | None:
    if order is None or dossier is None:
        return Misfit.UNKNOWN_ORDER
    found = rules.misfit(state=OrderState(order.state), owed=order.amount, came=told.amount)
    if found is None and assessment.owed(dossier) != order.amount:
        return Misfit.ORDER_CLOSED  # what was owed has changed under it
    return found


def hear_call(*, body: contracts.PaymentTold, message: exchange.Inbound, actor: Actor, at: datetime) -> dict[str, Any]:
    """The gateway's own call, its signature checked at the door: heard in the transaction that keeps the message."""
    heard = hear_transfer(told=body, by="call", actor=actor, at=at)
    return {"outcome": "recorded", "reference": heard.transaction}


def unit_of_call(body: contracts.PaymentTold) -> int | None:
    """The office whose order, or whose account, a call of the gateway is about."""
    order = ledger.order_named(body.reference)
    account = Account.objects.filter(number=body.account, valid_to__isnull=True).first()
    return order.unit_id if order is not None else account.unit_id if account is not None else None


def _unit_of(account: str, *, at: datetime) -> int:
    found = Account.objects.filter(number=account).order_by("-valid_from").first()
    return found.unit_id if found is not None else exchange.department_id(at)


# -- money that fits nothing


@operation
def assign_transfer(*, transfer_id: int, dossier_id: UUID, note: str, actor: Actor, at: datetime) -> Transfer:
    """Let money that fits no order pay what a dossier owes, where it is exactly that.

    :raises rules.UnknownTransfer, access.Forbidden: none of the actor's office.
    :raises rules.TransferSettled: somebody was first.
    :raises rules.ReasonRequired: no words for it.
    :raises rules.AmountDiffers, rules.NothingOwed: the dossier owes something else, or nothing.
    """
    dossier = dossiers.take(dossier_id)
    transfer = _unmatched(transfer_id, actor=actor, at=at)
    if not tidy(note):
        raise rules.ReasonRequired(field="note")
    owed = assessment.owed(dossier)
    if not owed:
        raise rules.NothingOwed()
    if owed != transfer.amount:
        raise rules.AmountDiffers(owed=f"{owed:,}".replace(",", "."), came=f"{transfer.amount:,}".replace(",", "."))
    receipt = ledger.issue(dossier, method=Method.TRANSFER, actor=actor, at=at)
    ledger.close_orders(dossier, actor=actor, at=at)
    transfer.receipt = receipt
    return _settle(transfer, TransferState.ASSIGNED, note=note, actor=actor, at=at)


@operation
def return_transfer(*, transfer_id: int, reason: str, actor: Actor, at: datetime) -> Refund:
    """Ask that money which fits nothing go back to whom it came from; another of finance pays.

    :raises rules.UnknownTransfer, access.Forbidden: none of the actor's office.
    :raises rules.TransferSettled: somebody was first.
    :raises rules.ReasonRequired: no reason.
    """
    transfer = _unmatched(transfer_id, actor=actor, at=at)
    if not tidy(reason):
        raise rules.ReasonRequired()
    _settle(transfer, TransferState.RETURNED, note=reason, actor=actor, at=at)
    return _ask_back(amount=transfer.amount, unit_id=transfer.unit_id, reason=reason, transfer=transfer, actor=actor,
                     at=at)


def _unmatched(transfer_id: int, *, actor: Actor, at: datetime) -> Transfer:
    transfer = Transfer.objects.select_for_update(of=("self",)).filter(pk=transfer_id).first()
    if transfer is None:
        raise rules.UnknownTransfer()
    access.require(actor, Permission.MANAGE, unit_id=transfer.unit_id, on=localdate(at))
    if transfer.state != TransferState.UNMATCHED:
        raise rules.TransferSettled()
    return transfer


def _settle(transfer: Transfer, state: TransferState, *, note: str, actor: Actor, at: datetime) -> Transfer:
    transfer.state, transfer.note, transfer.settled_at = state.value, tidy(note)[:300], at
    transfer.settled_by_id, transfer.settled_by_name = actor.user_id, actor.name[:100]
    transfer.save()
    audit.record(Event.TRANSFER_SETTLED, subject=transfer, actor=actor, at=at, unit_id=transfer.unit_id,
                 transaction=transfer.transaction, how=transfer.state, why=transfer.note)
    return transfer


# -- money that goes back


@operation
def ask_refund(*, receipt_id: int, reason: str, actor: Actor, at: datetime) -> Refund:
    """Ask that a payment go back, for the request failed by the office's fault. Finance pays, and another person.

    :raises rules.UnknownReceipt: there is none, or the actor may not know of it.
    :raises access.Forbidden: not of the office that took the money.
    :raises rules.ReasonRequired, rules.ReceiptVoided, rules.RefundAsked: see :mod:`.rules`.
    """
    receipt = _receipt(receipt_id, actor=actor, at=at)
    if not tidy(reason):
        raise rules.ReasonRequired()
    if receipt.voided_at is not None:
        raise rules.ReceiptVoided()
    if receipt.refunds.filter(state__in=rules.LIVE_REFUNDS).exists():
        raise rules.RefundAsked()
    return _ask_back(amount=receipt.amount, unit_id=receipt.unit_id, reason=reason, receipt=receipt, actor=actor, at=at)


def _ask_back(
    *, amount: int, unit_id: int, reason: str, actor: Actor, at: datetime, receipt: Receipt | None = None,
    transfer: Transfer | None = None,
) -> Refund:
    refund = Refund.objects.create(
        receipt=receipt, transfer=transfer, unit_id=unit_id, amount=amount, reason=tidy(reason)[:300], asked_at=at,
        asked_by_id=actor.user_id, asked_by_name=actor.name[:100],
    )
    audit.record(Event.REFUND_ASKED, subject=refund, actor=actor, at=at, unit_id=unit_id, amount=amount,
                 reason=refund.reason)
    _tell_finance("fees.refund_asked", unit_id, actor=actor, at=at)
    return refund


@operation
def pay_refund(*, refund_id: UUID, actor: Actor, at: datetime, in_cash: bool = False) -> Refund:
    """Pay back: what came by transfer goes back by the gateway, whatever else in cash at the desk.

    ``in_cash`` pays a transfer back at the desk, where the bank could not. The bank may also be asked again: it knows
    the wish by the refund's own number, and pays for it once.

    :raises rules.UnknownRefund, access.Forbidden: none of the actor's office.
    :raises rules.PayerAsked: who asked does not pay.
    :raises rules.RefundMoved: it was paid or declined.
    """
    refund = _refund(refund_id, actor=actor, at=at)
    if refund.asked_by_id == actor.user_id:
        raise rules.PayerAsked()
    transaction = _transaction_of(refund)
    by_bank = bool(transaction) and not in_cash
    _move(refund, RefundState.SENT if by_bank else RefundState.DONE)
    refund.paid_by_id, refund.paid_by_name = actor.user_id, actor.name[:100]
    refund.method = str(Method.TRANSFER if by_bank else Method.CASH)
    refund.note = ""  # why the bank could not pay before stands in the log
    if by_bank:
        refund.sent_at = at
        refund.save()
        audit.record(Event.REFUND_SENT, subject=refund, actor=actor, at=at, unit_id=refund.unit_id,
                     amount=refund.amount)
        exchange.send(
            kind=REFUND, subject=f"refund:{refund.pk}", unit_id=refund.unit_id, actor=actor, at=at,
            dossier_code=refund.receipt.dossier.reference if refund.receipt else "",
            body=contracts.RefundWanted(refund=str(refund.pk), transaction=transaction, amount=refund.amount,
                                        reason=refund.reason),
        )
        return refund
    _done(refund, reference="", actor=actor, at=at)
    return refund


@operation
def decline_refund(*, refund_id: UUID, reason: str, actor: Actor, at: datetime) -> Refund:
    """Do not pay back, and say why.

    :raises rules.UnknownRefund, access.Forbidden: none of the actor's office.
    :raises rules.ReasonRequired: no reason. :raises rules.RefundMoved: it was paid or declined.
    """
    refund = _refund(refund_id, actor=actor, at=at)
    if not tidy(reason):
        raise rules.ReasonRequired()
    _move(refund, RefundState.DECLINED)
    refund.note, refund.ended_at = tidy(reason)[:300], at
    refund.paid_by_name = actor.name[:100]
    refund.save()
    if refund.transfer is not None:  # the money is still here, and still fits nothing
        refund.transfer.state = TransferState.UNMATCHED.value
        refund.transfer.save(update_fields=["state"])
    audit.record(Event.REFUND_DECLINED, subject=refund, actor=actor, at=at, unit_id=refund.unit_id, reason=refund.note)
    return refund


def refund_answered(
    *, message: exchange.Outbound, answer: contracts.RefundAnswer, actor: Actor, at: datetime
) -> None:
    """The gateway has paid back, or says why it does not; in the transaction that records its answer."""
    refund = _refund_of(message)
    if answer.outcome == "refunded":
        _move(refund, RefundState.DONE)
        _done(refund, reference=answer.reference, actor=actor, at=at)
    else:
        _failed(refund, answer.reason, actor=actor, at=at)


def refund_failed(*, message: exchange.Outbound, reason: str, final: bool, actor: Actor, at: datetime) -> None:
    """The wish could not be delivered. While its owner may still send it again, nothing is decided."""
    if final:
        _failed(_refund_of(message), "Không gửi được đến ngân hàng.", actor=actor, at=at)


def _failed(refund: Refund, note: str, *, actor: Actor, at: datetime) -> None:
    _move(refund, RefundState.FAILED)
    refund.note = note[:300]
    refund.save()
    audit.record(Event.REFUND_FAILED, subject=refund, actor=actor, at=at, unit_id=refund.unit_id, reason=refund.note)
    _tell_finance("fees.refund_failed", refund.unit_id, actor=actor, at=at)


def _done(refund: Refund, *, reference: str, actor: Actor, at: datetime) -> None:
    refund.ended_at, refund.reference = at, reference
    refund.save()
    audit.record(Event.REFUNDED, subject=refund, actor=actor, at=at, unit_id=refund.unit_id, amount=refund.amount,
                 method=refund.method)


def _move(refund: Refund, state: RefundState) -> None:
    if (RefundState(refund.state), state) not in rules.REFUND_EDGES:
        raise rules.RefundMoved(state=rules.REFUND_TITLES[RefundState(refund.state)])
    refund.state = state.value


def _transaction_of(refund: Refund) -> str:
    """The bank's number of the money that goes back; empty: it came as cash."""
    if refund.transfer is not None:
        return refund.transfer.transaction
    came = Transfer.objects.filter(receipt=refund.receipt).first()
    return came.transaction if came is not None else ""


def _refund(refund_id: UUID, *, actor: Actor, at: datetime) -> Refund:
    refund = Refund.objects.select_for_update(of=("self",)).filter(pk=refund_id).first()
    if refund is None:
        raise rules.UnknownRefund()
    access.require(actor, Permission.MANAGE, unit_id=refund.unit_id, on=localdate(at))
    return refund


def _refund_of(message: exchange.Outbound) -> Refund:
    return Refund.objects.select_for_update(of=("self",)).get(pk=message.subject.partition(":")[2])


# -- where the money goes


@operation
def set_account(
    *, unit_id: int, bank: str, bank_name: str, number: str, holder: str, basis: str, actor: Actor, at: datetime
) -> Account:
    """From today the office's fees go to this account.

    :raises access.Forbidden: not of the office's finance.
    :raises rules.BadAccount: no such account can be. :raises rules.ReasonRequired: no basis, or no names.
    """
    today = localdate(at)
    access.require(actor, Permission.MANAGE, unit_id=unit_id, on=today)
    OrgUnit.objects.select_for_update().get(pk=unit_id)
    bank, number = bank.strip(), number.strip()
    if not vietqr.is_account(bank, number):
        raise rules.BadAccount()
    if not all(map(tidy, (bank_name, holder, basis))):
        raise rules.ReasonRequired(field="basis")
    told = {"bank": bank, "bank_name": tidy(bank_name)[:100], "number": number, "holder": tidy(holder)[:150],
            "basis": tidy(basis)[:200]}
    before = ledger.account_of(unit_id, at=at)
    if before is not None and before.valid_from == today:
        account = before
        for name, value in told.items():
            setattr(account, name, value)
        account.save()
    else:
        if before is not None:
            before.valid_to = today
            before.save(update_fields=["valid_to"])
        account = Account.objects.create(unit_id=unit_id, valid_from=today, **told)
    audit.record(Event.ACCOUNT_SET, subject=account, actor=actor, at=at, unit_id=unit_id, bank=bank, number=number,
                 basis=account.basis)
    return account


# -- between


def _at_desk(dossier_id: UUID, *, actor: Actor, at: datetime) -> Dossier:
    """The dossier, locked, for who takes money at one of its desks.

    :raises access.Forbidden: somebody else. :raises dossiers.StateConflict: it has ended.
    """
    dossier = dossiers.take(dossier_id)
    require_desk(dossier, actor=actor, at=at)
    dossiers.require_living(dossier, "Thu phí, lệ phí")
    return dossier


def require_desk(dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """:raises access.Forbidden: the actor takes no money at any desk of this dossier."""
    on = localdate(at)
    units = (dossier.receiving_unit_id, ledger.collecting(dossier, at=at).pk, dossier.resolving_unit_id)
    if not any(access.may(actor, Permission.COLLECT, unit_id=unit, on=on) for unit in units):
        access.require(actor, Permission.COLLECT, unit_id=units[0], on=on)


def _receipt(receipt_id: int, *, actor: Actor, at: datetime) -> Receipt:
    """The receipt with its dossier locked first, as everything about money locks.

    :raises rules.UnknownReceipt: there is none.
    :raises access.Forbidden: not of the office that took the money.
    """
    seen = Receipt.objects.filter(pk=receipt_id).first()
    if seen is None:
        raise rules.UnknownReceipt()
    on = localdate(at)
    if not access.may(actor, Permission.MANAGE, unit_id=seen.unit_id, on=on):
        access.require(actor, Permission.COLLECT, unit_id=seen.unit_id, on=on)
    dossier = dossiers.take(seen.dossier_id)
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt_id)
    receipt.dossier = dossier
    return receipt


def _tell_finance(template: str, unit_id: int, *, actor: Actor, at: datetime) -> None:
    for person in exchange.owners(Permission.MANAGE, unit_id=unit_id, at=at):
        notices.send(template=template, to_user_id=person.pk, actor=actor, at=at)
