"""Money on a real database: what is owed at receipt, cash, orders, transfers that fit and that do not, refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tuphap.kernel.refusal import Refusal
from tuphap.modules.one_stop_shop import operations as desk
from tuphap.modules.one_stop_shop.tests.steps import Work
from tuphap.shared.access import api as access
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, Event, FeeUnpaid, Overlay, State, StateConflict
from tuphap.shared.dossiers.models import Procedure
from tuphap.shared.dossiers.testing import FIRST_DAY, Town, morning
from tuphap.shared.exchange.api import Outbound, contracts
from tuphap.shared.fees import api as fees
from tuphap.shared.fees import operations, rules, vietqr
from tuphap.shared.fees.gateway import GATEWAY
from tuphap.shared.fees.models import FeeLine, PaymentOrder, Receipt, Refund, Transfer
from tuphap.shared.notices.models import Notice
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import Once
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
COPY = {"code": "ban_sao", "name": "Phí bản sao", "amount": 2000, "basis": "TT 226/2016/TT-BTC", "unit": "trang",
        "then_from": 3, "then_amount": 1000, "cap": 200_000, "exempt": ["poor", "merit"], "condition": "",
        "reduced": ["student"], "reduced_percent": 50}
EXTRACT = {**COPY, "code": "trich_luc", "name": "Phí trích lục", "amount": 8000, "then_from": 0, "then_amount": 0,
           "unit": "bản", "asked": True}
UNSET = {**EXTRACT, "code": "qua_han", "name": "Lệ phí quá hạn", "amount": None}


@dataclass
class Till:
    """A desk that takes money, finance beside it, and a procedure that costs something."""

    town: Town
    work: Work

    def who(self, name: str) -> Any:
        return self.town.who(name)

    def submitted(self) -> Dossier:
        return self.work.submit_online()

    def order(self, dossier: Dossier, *, who: str = "lan", at: datetime = morning(MONDAY, 8, 10)) -> PaymentOrder:
        return fees.open_order(dossier_id=dossier.pk, actor=self.who(who), at=at)

    def told(self, order: PaymentOrder, **changed: Any) -> contracts.PaymentTold:
        said = {"transaction": "FT1", "reference": f"CK {order.reference}", "account": order.account.number,
                "amount": order.amount, "paid_at": morning(MONDAY, 8, 15)}
        return contracts.PaymentTold(**{**said, **changed})

    def hear(self, told: contracts.PaymentTold, at: datetime = morning(MONDAY, 8, 16)) -> Transfer:
        return fees.hear_transfer(told=told, by="call", actor=GATEWAY, at=at)

    def owed(self, dossier: Dossier) -> int:
        return fees.owed(self.work.look(dossier))


@pytest.fixture
def till(town: Town) -> Till:
    with setting_up():
        Procedure.objects.filter(code__in=(testing.RESTARTS, testing.RESUMES)).update(fee_rules=[COPY, EXTRACT, UNSET])
        for name in ("finance", "finance2"):
            town.staff(name, "fees.manage", "fees.view", "one_stop.dossier.view")
        fees.Account.objects.create(unit=town.commune, bank="970436", bank_name="Ngân hàng", number="1031000111",
                                    holder="UBND", basis="x", valid_from=FIRST_DAY)
    return Till(town, Work(town))


# -- at filing and receipt


def test_filing_assesses_and_the_desk_receives_nothing_unpaid(till: Till) -> None:
    dossier = till.submitted()
    assert (dossier.fee_amount, dossier.fee_paid_at) == (2000, None)
    line = FeeLine.objects.get(dossier=dossier)
    assert (line.base, line.quantity, line.copies, line.basis) == (2000, 1, 1, "TT 226/2016/TT-BTC")
    with pytest.raises(FeeUnpaid):
        till.work.receive(dossier)
    assert till.work.look(dossier).state == State.SUBMITTED


def test_counted_by_the_desk_paid_in_cash_in_the_form_of_receipt(till: Till) -> None:
    payment = desk.Payment(counts={"ban_sao": fees.Count(4, 2)}, cash=True)
    dossier = till.work.file(payment=payment)
    receipt = Receipt.objects.get(dossier=dossier)
    assert (dossier.state, dossier.fee_amount, dossier.fee_receipt_no) == (State.RECEIVED, 12_000, receipt.receipt_no)
    assert dossier.fee_paid_at == morning(MONDAY) and receipt.method == rules.Method.CASH
    assert receipt.receipt_no == "01/2026" and receipt.items == [
        {"name": "Phí bản sao", "text": "4 trang, 2 bản", "amount": 12_000}]
    assert FeeLine.objects.get(dossier=dossier).receipt_no == "01/2026"
    assert Entry.objects.filter(event=rules.Event.PAID).count() == 1


def test_exempt_with_proof_or_put_off(till: Till) -> None:
    spared = till.work.file(payment=desk.Payment(exempt={"ban_sao": ("poor", "GCN hộ nghèo số 12")}))
    line = FeeLine.objects.get(dossier=spared)
    assert (spared.fee_amount, line.amount, line.full, line.exemption_title) == (0, 0, 2000, "Hộ nghèo")
    assert not Receipt.objects.exists()
    later = till.work.file(number="031090000222", payment=desk.Payment(deferred=True))
    assert later.fee_deferred and till.owed(later) == 2000 and later.state == State.RECEIVED


def test_who_owes_less_pays_the_rest(till: Till) -> None:
    paid = till.work.file(payment=desk.Payment(exempt={"ban_sao": ("student", "Thẻ sinh viên số 7")}, cash=True))
    line = FeeLine.objects.get(dossier=paid)
    assert (line.full, line.reduction, line.amount, line.proof) == (2000, 1000, 1000, "Thẻ sinh viên số 7")
    assert Receipt.objects.get(dossier=paid).amount == 1000

    sent = till.submitted()
    at, who = morning(MONDAY), till.who("desk")
    fees.exempt(dossier_id=sent.pk, reason="student", proof="Thẻ sinh viên", actor=who, at=at)
    assert till.owed(sent) == 1000
    fees.assess(dossier_id=sent.pk, counts={"ban_sao": fees.Count(2, 1)}, actor=who, at=at)
    assert till.owed(sent) == 2000, "counted anew, it is still less by half"
    with setting_up():
        till.town.staff("desk2", rules.Permission.COLLECT)
    fees.exempt(dossier_id=sent.pk, reason="poor", proof="GCN hộ nghèo", actor=till.who("desk2"), at=at)
    assert till.owed(sent) == 0
    assert FeeLine.objects.get(dossier=sent).exempted_by_name == till.who("desk2").name != who.name


@pytest.mark.parametrize(("payment", "why"), [
    (desk.Payment(exempt={"ban_sao": ("poor", " ")}), rules.ProofRequired),
    (desk.Payment(exempt={"ban_sao": ("disabled", "Giấy")}), rules.NotExempt),
    (desk.Payment(counts={"khac": fees.Count()}), rules.UnknownFee),
    (desk.Payment(), FeeUnpaid),
])
def test_a_receipt_that_is_refused_leaves_nothing(till: Till, payment: desk.Payment, why: type[Refusal]) -> None:
    with pytest.raises(why):
        till.work.file(payment=payment)
    assert not Dossier.objects.exists() and not FeeLine.objects.exists()


def test_numbers_have_no_gap_when_a_receipt_is_undone(till: Till) -> None:
    pay = desk.Payment(cash=True)
    first = till.work.file(payment=pay)
    with pytest.raises(Refusal):  # the same person has one open: everything is undone, the number too
        till.work.file(payment=pay)
    second = till.work.file(payment=pay, number="031090000333")
    assert [first.fee_receipt_no, second.fee_receipt_no] == ["01/2026", "02/2026"]
    assert numbering.gaps("fees.receipt", unit_id=till.town.commune.pk, year=2026) == []


def test_the_applicant_claims_and_the_desk_decides(till: Till) -> None:
    draft = till.work.draft_online()
    actor = till.who("lan")
    desk.save_page(dossier_id=draft.pk, page="request", actor=actor, at=morning(MONDAY, 8),
                   answers={"name": "Nguyễn Thị Lan"})
    till.work.scan(draft, who="lan", at=morning(MONDAY, 8))
    told: dict[str, Any] = {"dossier_id": draft.pk, "actor": actor, "at": morning(MONDAY, 8)}
    for exemption, proof, why in (("poor", "", rules.ProofRequired), ("elderly", "Thẻ", rules.NotExempt)):
        with pytest.raises(why):
            desk.submit(**told, exemption=exemption, proof=proof)
    sent = desk.submit(**told, exemption="poor", proof="GCN số 12")
    assert FeeLine.objects.get(dossier=sent).claim == "poor" and till.owed(sent) == 2000
    fees.exempt(dossier_id=sent.pk, reason="poor", proof="Đã xem GCN số 12", actor=till.who("desk"), at=morning(MONDAY))
    assert till.owed(sent) == 0 and till.work.receive(sent).state == State.RECEIVED


def test_a_supplement_before_receipt_is_counted_anew(till: Till) -> None:
    dossier = till.submitted()
    with setting_up():
        Procedure.objects.filter(code=testing.RESTARTS).update(fee_rules=[{**COPY, "amount": 3000}])
    desk.ask_supplement(dossier_id=dossier.pk, reasons=["Thiếu"], actor=till.who("desk"), at=morning(MONDAY, 8, 20))
    desk.answer_supplement(dossier_id=dossier.pk, actor=till.who("lan"), at=morning(MONDAY, 8, 30))
    assert till.owed(dossier) == 3000
    again = fees.assess(dossier_id=dossier.pk, counts={"ban_sao": fees.Count(3, 1)}, actor=till.who("desk"),
                        at=morning(MONDAY, 8, 40))
    assert again.fee_amount == 7000
    with setting_up():  # the fee is abolished: what was owed is owed no more
        Procedure.objects.filter(code=testing.RESTARTS).update(fee_rules=[])
    assert till.work.receive(dossier).fee_amount == 0


def test_who_may_not_touch_money(till: Till) -> None:
    dossier = till.submitted()
    at = morning(MONDAY)
    for name in ("officer", "stranger", "finance", "hoa"):
        for act in (lambda who: fees.take_cash(dossier_id=dossier.pk, actor=who, at=at),
                    lambda who: fees.exempt(dossier_id=dossier.pk, reason="poor", proof="x", actor=who, at=at),
                    lambda who: fees.assess(dossier_id=dossier.pk, actor=who, at=at)):
            with pytest.raises(access.Forbidden):
                act(till.who(name))
    with pytest.raises(Refusal):
        till.order(dossier, who="hoa")
    receipt = fees.take_cash(dossier_id=dossier.pk, actor=till.who("desk"), at=at)
    for name in ("officer", "stranger", "lan"):
        with pytest.raises(access.Forbidden):
            fees.void_receipt(receipt_id=receipt.pk, reason="x", actor=till.who(name), at=at)
        with pytest.raises(access.Forbidden):
            fees.ask_refund(receipt_id=receipt.pk, reason="x", actor=till.who(name), at=at)
    assert Entry.objects.filter(event="access.denied").exists()


def test_cash_is_taken_once_under_one_key(till: Till) -> None:
    dossier = till.submitted()
    once = Once("thu-tien-mat-1")
    told: dict[str, Any] = {"dossier_id": dossier.pk, "actor": till.who("desk"), "at": morning(MONDAY), "once": once}
    assert fees.take_cash(**told) == fees.take_cash(**told)
    with pytest.raises(rules.NothingOwed):
        fees.take_cash(**{**told, "once": None})
    assert Receipt.objects.count() == 1


# -- asked for after receipt


def test_a_pause_for_a_fee_ends_by_itself_when_it_is_paid(till: Till) -> None:
    dossier = till.work.assign(till.work.file(procedure=testing.RESUMES, payment=desk.Payment(cash=True)))
    paused = desk.pause_fee(dossier_id=dossier.pk, fee="trich_luc", count=fees.Count(2), note="Hai bản trích lục",
                            actor=till.who("officer"), at=morning(MONDAY, 10))
    assert (paused.overlay, paused.fee_amount, paused.fee_paid_at) == (Overlay.PAUSED_FEE, 16_000, None)
    order = till.order(paused, who="desk", at=morning(MONDAY, 10, 5))
    assert order.amount == 16_000
    heard = till.hear(till.told(order), at=morning(MONDAY + timedelta(days=2), 15))
    resumed = till.work.look(dossier)
    assert heard.state == rules.TransferState.MATCHED and resumed.overlay == Overlay.NONE
    assert resumed.fee_receipt_no == "02/2026" and resumed.fee_amount == 18_000
    assert resumed.due_at is not None and dossier.due_at is not None and resumed.due_at > dossier.due_at
    last = Event.objects.filter(dossier=dossier).latest("seq")
    assert (last.action, last.actor_kind) == ("resume", "system")


def test_a_pause_ends_by_cash_by_a_paper_receipt_and_by_an_exemption(till: Till) -> None:
    for number, end in enumerate((
        lambda pk: fees.take_cash(dossier_id=pk, actor=till.who("desk"), at=morning(MONDAY, 11)),
        lambda pk: desk.settle_fee(dossier_id=pk, receipt_no="BL 7", actor=till.who("desk"), at=morning(MONDAY, 11)),
        lambda pk: fees.exempt(dossier_id=pk, reason="merit", proof="GCN", actor=till.who("desk"),
                               at=morning(MONDAY, 11)),
    )):
        dossier = till.work.assign(till.work.file(number=f"03109000055{number}", payment=desk.Payment(cash=True)))
        desk.pause_fee(dossier_id=dossier.pk, fee="trich_luc", note="Trích lục", actor=till.who("officer"),
                       at=morning(MONDAY, 10))
        end(dossier.pk)
        assert till.work.look(dossier).overlay == Overlay.NONE and till.owed(dossier) == 0


def test_what_is_asked_for_must_be_something(till: Till) -> None:
    dossier = till.work.assign(till.work.file(payment=desk.Payment(cash=True)))
    told: dict[str, Any] = {"dossier_id": dossier.pk, "note": "Lệ phí", "actor": till.who("officer"),
                            "at": morning(MONDAY, 10)}
    with pytest.raises(Refusal):
        desk.pause_fee(**told)
    with pytest.raises(rules.Unpriced):
        desk.pause_fee(**told, fee="qua_han")
    with pytest.raises(rules.UnknownFee):
        desk.pause_fee(**told, fee="khac")
    paused = desk.pause_fee(**told, fee="qua_han", amount=50_000)
    assert paused.fee_amount == 50_000
    assert FeeLine.objects.get(dossier=dossier, asked=True).basis == UNSET["basis"]


# -- orders and transfers


def test_an_order_waits_until_what_is_owed_changes(till: Till) -> None:
    dossier = till.submitted()
    order = till.order(dossier)
    assert till.order(dossier) == order and order.amount == 2000
    assert "Lan" not in order.reference and dossier.reference not in order.reference
    assert vietqr.read(fees.qr_text(order)) == vietqr.Transfer("970436", "1031000111", 2000, order.reference)
    fees.assess(dossier_id=dossier.pk, counts={"ban_sao": fees.Count(2)}, actor=till.who("desk"), at=morning(MONDAY))
    order.refresh_from_db()
    assert order.state == rules.OrderState.CLOSED
    assert till.order(dossier).amount == 4000


def test_no_account_no_order(till: Till) -> None:
    dossier = till.submitted()
    with setting_up():
        fees.Account.objects.all().delete()
    with pytest.raises(rules.NoAccount):
        till.order(dossier)


def test_a_confirmed_payment_lets_the_desk_receive(till: Till) -> None:
    dossier = till.submitted()
    order = till.order(dossier)
    heard = till.hear(till.told(order))
    order.refresh_from_db()
    assert order.state == rules.OrderState.PAID and order.receipt == heard.receipt
    assert till.hear(till.told(order)) == heard and Receipt.objects.count() == 1
    assert Notice.objects.filter(template="fees.paid", to_user=till.town.people["lan"]).exists()
    assert till.work.receive(till.work.look(dossier)).state == State.RECEIVED


@pytest.mark.parametrize(("changed", "misfit"), [
    ({"amount": 1999}, "wrong_amount"), ({"amount": 2001}, "wrong_amount"),
    ({"reference": "tien hoc"}, "unknown_order"),
])
def test_what_does_not_fit_waits_for_finance(till: Till, changed: dict[str, Any], misfit: str) -> None:
    dossier = till.submitted()
    heard = till.hear(till.told(till.order(dossier), **changed))
    assert (heard.state, heard.misfit, heard.unit) == ("unmatched", misfit, till.town.commune)
    assert till.owed(dossier) == 2000 and not Receipt.objects.exists()
    told = Notice.objects.filter(template="fees.unmatched").values_list("to_user__username", flat=True)
    assert set(told) == {"finance", "finance2"}


def test_paid_twice_and_paid_after_it_was_closed(till: Till) -> None:
    dossier = till.submitted()
    order = till.order(dossier)
    till.hear(till.told(order))
    assert till.hear(till.told(order, transaction="FT2")).misfit == "paid_before"
    other = till.work.submit_online(who="hoa")
    withdrawn = till.order(other, who="hoa")
    desk.withdraw(dossier_id=other.pk, actor=till.who("hoa"), at=morning(MONDAY, 9))
    assert till.hear(till.told(withdrawn, transaction="FT3")).misfit == "order_closed"
    cash = till.work.submit_online(who="hoa", at=morning(MONDAY, 9, 30))
    left = till.order(cash, who="hoa", at=morning(MONDAY, 9, 40))
    fees.take_cash(dossier_id=cash.pk, actor=till.who("desk"), at=morning(MONDAY, 9, 45))
    assert till.hear(till.told(left, transaction="FT4")).misfit == "order_closed"


def test_finance_gives_it_to_the_dossier_that_it_was_meant_for(till: Till) -> None:
    dossier = till.submitted()
    order = till.order(dossier)
    strange = till.hear(till.told(order, reference="tien hoc"))
    told: dict[str, Any] = {"transfer_id": strange.pk, "dossier_id": dossier.pk, "at": morning(MONDAY, 10)}
    with pytest.raises(access.Forbidden):
        fees.assign_transfer(**told, note="Theo sao kê", actor=till.who("desk"))
    with pytest.raises(rules.ReasonRequired):
        fees.assign_transfer(**told, note=" ", actor=till.who("finance"))
    done = fees.assign_transfer(**told, note="Theo sao kê", actor=till.who("finance"))
    assert done.state == "assigned" and done.receipt is not None and till.owed(dossier) == 0
    with pytest.raises(rules.TransferSettled):
        fees.return_transfer(transfer_id=strange.pk, reason="x", actor=till.who("finance"), at=morning(MONDAY, 11))
    short = till.hear(till.told(order, transaction="FT9", reference="x", amount=500))
    other = till.work.submit_online(who="hoa")
    with pytest.raises(rules.AmountDiffers):
        fees.assign_transfer(transfer_id=short.pk, dossier_id=other.pk, note="x", actor=till.who("finance"),
                             at=morning(MONDAY, 11))


# -- voided and given back


def test_a_mistaken_receipt_is_voided_on_its_day_and_keeps_its_number(till: Till) -> None:
    dossier = till.work.file(payment=desk.Payment(cash=True))
    receipt = Receipt.objects.get(dossier=dossier)
    told: dict[str, Any] = {"receipt_id": receipt.pk, "actor": till.who("desk")}
    with pytest.raises(rules.ReasonRequired):
        fees.void_receipt(**told, reason="", at=morning(MONDAY, 10))
    with pytest.raises(rules.OnlyCashToday):
        fees.void_receipt(**told, reason="Nhầm", at=morning(MONDAY + timedelta(days=1)))
    fees.void_receipt(**told, reason="Nhầm số trang", at=morning(MONDAY, 10))
    dossier = till.work.look(dossier)
    assert till.owed(dossier) == 2000 and dossier.fee_deferred and dossier.fee_paid_at is None
    with pytest.raises(rules.ReceiptVoided):
        fees.void_receipt(**told, reason="Nhầm", at=morning(MONDAY, 10))
    again = fees.take_cash(dossier_id=dossier.pk, actor=till.who("desk"), at=morning(MONDAY, 11))
    assert again.receipt_no == "02/2026" and Receipt.objects.count() == 2
    assert numbering.gaps("fees.receipt", unit_id=till.town.commune.pk, year=2026) == []


def test_cash_goes_back_by_another_hand_than_asked(till: Till) -> None:
    dossier = till.work.file(payment=desk.Payment(cash=True))
    receipt = Receipt.objects.get(dossier=dossier)
    asked = fees.ask_refund(receipt_id=receipt.pk, reason="Cơ quan từ chối sai", actor=till.who("finance"),
                            at=morning(MONDAY, 10))
    with pytest.raises(rules.RefundAsked):
        fees.ask_refund(receipt_id=receipt.pk, reason="x", actor=till.who("desk"), at=morning(MONDAY, 10))
    told: dict[str, Any] = {"refund_id": asked.pk, "at": morning(MONDAY, 11)}
    with pytest.raises(rules.PayerAsked):
        fees.pay_refund(**told, actor=till.who("finance"))
    with pytest.raises(access.Forbidden):
        fees.pay_refund(**told, actor=till.who("desk"))
    paid = fees.pay_refund(**told, actor=till.who("finance2"))
    assert (paid.state, paid.method, paid.asked_by_name, paid.paid_by_name) == (
        "done", "cash", till.who("finance").name, till.who("finance2").name)
    with pytest.raises(rules.RefundMoved):
        fees.pay_refund(**told, actor=till.who("finance2"))
    assert not Outbound.objects.filter(kind=operations.REFUND).exists()


def test_a_transfer_goes_back_through_the_outbox_and_its_answer_ends_it(till: Till) -> None:
    order = till.order(till.submitted())
    heard = till.hear(till.told(order))
    assert heard.receipt is not None
    asked = fees.ask_refund(receipt_id=heard.receipt.pk, reason="Hồ sơ bị từ chối do lỗi cơ quan",
                            actor=till.who("desk"), at=morning(MONDAY, 9))
    sent = fees.pay_refund(refund_id=asked.pk, actor=till.who("finance"), at=morning(MONDAY, 10))
    message = Outbound.objects.get(kind=operations.REFUND)
    assert sent.state == "sent" and '"transaction":"FT1"' in message.body and '"amount":2000' in message.body
    refused = contracts.RefundAnswer(outcome="refused", reason="Tài khoản đã đóng")
    with transaction.atomic(), setting_up():
        operations.refund_answered(message=message, answer=refused, actor=GATEWAY, at=morning(MONDAY, 10, 1))
    assert Refund.objects.get().state == "failed"
    done = fees.pay_refund(refund_id=asked.pk, in_cash=True, actor=till.who("finance"), at=morning(MONDAY, 11))
    assert (done.state, done.method) == ("done", "cash")


def test_a_bank_that_could_not_pay_back_is_asked_again_and_pays_once(till: Till) -> None:
    heard = till.hear(till.told(till.order(till.submitted())))
    assert heard.receipt is not None
    asked = fees.ask_refund(receipt_id=heard.receipt.pk, reason="Lỗi của cơ quan", actor=till.who("desk"),
                            at=morning(MONDAY, 9))
    fees.pay_refund(refund_id=asked.pk, actor=till.who("finance"), at=morning(MONDAY, 10))
    first = Outbound.objects.get(kind=operations.REFUND)
    with transaction.atomic(), setting_up():
        operations.refund_failed(message=first, reason="", final=True, actor=GATEWAY, at=morning(MONDAY, 10, 30))
    again = fees.pay_refund(refund_id=asked.pk, actor=till.who("finance"), at=morning(MONDAY, 11))
    assert (again.state, again.note) == ("sent", "")
    second = Outbound.objects.filter(kind=operations.REFUND).exclude(pk=first.pk).get()
    told: dict[str, Any] = {"answer": contracts.RefundAnswer(outcome="refunded", reference="HT1"), "actor": GATEWAY}
    with transaction.atomic(), setting_up():
        operations.refund_answered(message=second, at=morning(MONDAY, 11, 1), **told)
    with pytest.raises(rules.RefundMoved), transaction.atomic(), setting_up():  # money twice: a person must look
        operations.refund_answered(message=first, at=morning(MONDAY, 11, 2), **told)
    refund = Refund.objects.get()
    assert (refund.state, refund.reference, refund.ended_at) == ("done", "HT1", morning(MONDAY, 11, 1))


def test_money_that_fits_nothing_goes_back(till: Till) -> None:
    strange = till.hear(till.told(till.order(till.submitted()), reference="tien hoc"))
    asked = fees.return_transfer(transfer_id=strange.pk, reason="Chuyển nhầm", actor=till.who("finance"),
                                 at=morning(MONDAY, 10))
    strange.refresh_from_db()
    assert strange.state == "returned"
    with pytest.raises(rules.ReasonRequired):
        fees.decline_refund(refund_id=asked.pk, reason="", actor=till.who("finance2"), at=morning(MONDAY, 10))
    fees.decline_refund(refund_id=asked.pk, reason="Đã rõ hồ sơ", actor=till.who("finance2"), at=morning(MONDAY, 10))
    strange.refresh_from_db()
    assert strange.state == "unmatched"
    fees.return_transfer(transfer_id=strange.pk, reason="Nhầm", actor=till.who("finance"), at=morning(MONDAY, 11))


def test_the_database_keeps_what_was_paid(till: Till) -> None:
    dossier = till.work.file(payment=desk.Payment(cash=True))
    for wrong in (
        lambda: Receipt.objects.filter(dossier=dossier).update(amount=1),
        lambda: Receipt.objects.filter(dossier=dossier).delete(),
        lambda: FeeLine.objects.filter(dossier=dossier).update(amount=7),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), setting_up():
            wrong()


def test_an_ended_dossier_takes_no_money(till: Till) -> None:
    dossier = till.submitted()
    desk.withdraw(dossier_id=dossier.pk, actor=till.who("lan"), at=morning(MONDAY, 9))
    with pytest.raises(StateConflict):
        till.order(dossier)
    with pytest.raises(StateConflict):
        fees.take_cash(dossier_id=dossier.pk, actor=till.who("desk"), at=morning(MONDAY, 9))


# -- accounts, reads


def test_an_account_changes_from_today(till: Till) -> None:
    told: dict[str, Any] = {"unit_id": till.town.commune.pk, "bank": "970415", "bank_name": "Ngân hàng khác",
                            "number": "999888777", "holder": "UBND", "basis": "QĐ 5", "at": morning(MONDAY)}
    with pytest.raises(access.Forbidden):
        fees.set_account(**told, actor=till.who("desk"))
    with pytest.raises(rules.BadAccount):
        fees.set_account(**{**told, "bank": "97"}, actor=till.who("finance"))
    made = fees.set_account(**told, actor=till.who("finance"))
    assert fees.set_account(**{**told, "number": "999888778"}, actor=till.who("finance")) == made
    assert fees.account_of(till.town.commune.pk, at=morning(MONDAY)) == made
    before = fees.account_of(till.town.commune.pk, at=morning(MONDAY - timedelta(days=1)))
    assert before is not None and before.number == "1031000111"


def test_finance_sees_its_day_and_nobody_elses(till: Till) -> None:
    till.work.file(payment=desk.Payment(cash=True))
    order = till.order(till.submitted())
    till.hear(till.told(order))
    till.hear(till.told(order, transaction="FT2"))
    at = morning(MONDAY, 17)
    days = (MONDAY, MONDAY)
    found = fees.receipts(till.who("finance"), at=at, days=days)
    lines = {(line.method, line.number, line.amount) for line in fees.by_day(found)}
    assert lines == {("cash", 1, 2000), ("transfer", 1, 2000)}
    bank = fees.at_bank(till.who("finance"), at=at, days=days)
    assert (bank.came, bank.receipted, bank.unmatched, bank.agrees) == (4000, 2000, 2000, True)
    assert not fees.receipts(till.who("finance"), at=at, days=(MONDAY - timedelta(days=1),) * 2).exists()
    with pytest.raises(access.Forbidden):
        fees.receipts(till.who("desk"), at=at, days=days)
    with pytest.raises(Refusal):
        fees.get_receipt(Receipt.objects.first().pk, till.who("hoa"), at)
