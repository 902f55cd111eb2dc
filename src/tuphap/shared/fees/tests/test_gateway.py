"""The gateway over real HTTP: a page to pay on, signed calls that come often, wrong or never; the poll; refunds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tuphap.kernel.clock import localdate, now
from tuphap.modules.one_stop_shop.tests.steps import Work
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.dossiers.testing import FIRST_DAY, Town
from tuphap.shared.exchange.api import Outbound, contracts
from tuphap.shared.exchange.models import Call
from tuphap.shared.fees import api as fees
from tuphap.shared.fees import gateway, operations, tasks
from tuphap.shared.fees.models import PaymentOrder, Receipt, Refund, Transfer
from tuphap.shared.operation.testing import run_jobs, setting_up

if TYPE_CHECKING:
    from tuphap.shared.exchange.testing import Sim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_order(sim: Sim, town: Town) -> PaymentOrder:
    """A citizen's dossier that waits for 5.000 đồng."""
    with setting_up():
        town.staff("finance", "fees.manage", "fees.view")
        town.staff("finance2", "fees.manage")
        fees.Account.objects.create(unit=town.commune, bank="970436", bank_name="Ngân hàng", number="1031000111",
                                    holder="UBND", basis="x", valid_from=FIRST_DAY)
    dossier = Work(town).submit_online(procedure=testing.COSTS, at=now() - timedelta(minutes=30))
    return fees.open_order(dossier_id=dossier.pk, actor=town.who("lan"), at=now() - timedelta(minutes=20))


def pay(sim: Sim, order: PaymentOrder) -> str:
    """As the resident does on the bank's page."""
    text = fees.qr_text(order)
    shown = sim.line.get(f"{sim.url}/ngan-hang/", params={"qr": text})
    assert shown.status_code == 200 and order.reference in shown.text and "5.000 đồng" in shown.text
    done = sim.line.post(f"{sim.url}/ngan-hang/", data={"qr": text})
    assert done.status_code == 200 and "Chuyển tiền thành công" in done.text
    return str(sim.state("payment")["done"][-1]["about"])


def look(order: PaymentOrder) -> str:
    order.refresh_from_db()
    return order.state


def test_paid_on_the_banks_page_and_told_by_a_signed_call(sim: Sim, open_order: PaymentOrder) -> None:
    number = pay(sim, open_order)
    sim.wait_until_sent("payment")
    assert look(open_order) == "paid"
    heard = Transfer.objects.get()
    assert (heard.transaction, heard.heard_by, heard.state) == (number, "call", "matched")
    assert Receipt.objects.get().amount == 5000
    call = Call.objects.get(kind="payment.paid")
    assert (call.result, call.service) == ("ok", "payment")
    assert sim.line.get(f"{sim.url}/ngan-hang/", params={"qr": "nothing"}).status_code == 422


def test_five_calls_at_once_and_the_poll_beside_them_are_one_payment(sim: Sim, open_order: PaymentOrder) -> None:
    """The same call repeated, others under ids of their own, and our own question: all of one transfer."""
    sim.behave("payment", tells="lost")
    assert gateway.ask_about([open_order], actor=fees.PAYMENTS, at=now()) == 0
    number = pay(sim, open_order)
    credit = contracts.PaymentTold(transaction=number, reference=open_order.reference, account="1031000111",
                                   amount=5000, paid_at=now())
    body = credit.model_dump(mode="json")
    sim.behave("payment", repeat=4)

    def poll(_: int) -> Any:
        try:
            return gateway.ask_about([open_order], actor=fees.PAYMENTS, at=now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        for place in range(5):
            sim.act("payment", kind="payment.paid", subject=f"credit:{number}:{place}", body=body)
        asked = list(hands.map(poll, range(3)))
    sim.wait_until_sent("payment")
    assert all(answer is not None for answer in asked)
    assert Transfer.objects.count() == Receipt.objects.count() == 1
    assert look(open_order) == "paid" and Dossier.objects.get().fee_amount == 5000
    assert Call.objects.filter(kind="payment.paid", result="ok").count() == 25


@pytest.mark.parametrize("tells", ["lost", "bad_signature"])
def test_a_lost_or_ill_signed_call_loses_no_money(sim: Sim, open_order: PaymentOrder, tells: str) -> None:
    sim.behave("payment", tells=tells)
    pay(sim, open_order)
    sim.wait_until_sent("payment")
    assert look(open_order) == "open" and not Transfer.objects.exists()
    if tells == "bad_signature":
        assert Call.objects.get(kind="payment.paid").result == "bad_signature"
    assert tasks.reconcile() == 1 and look(open_order) == "paid"
    assert Transfer.objects.get().heard_by == "asked" and tasks.reconcile() == 0


@pytest.mark.parametrize(("tells", "misfit"), [("wrong_amount", "wrong_amount"), ("unknown_order", "unknown_order")])
def test_a_wrong_call_waits_for_finance(sim: Sim, open_order: PaymentOrder, tells: str, misfit: str) -> None:
    sim.behave("payment", tells=tells)
    pay(sim, open_order)
    sim.wait_until_sent("payment")
    heard = Transfer.objects.get()
    assert (heard.state, heard.misfit, heard.unit) == ("unmatched", misfit, open_order.unit)
    assert look(open_order) == "open" and not Receipt.objects.exists()


def test_a_gateway_that_is_away_changes_nothing_and_the_day_is_asked_for(sim: Sim, open_order: PaymentOrder) -> None:
    sim.behave("payment", tells="lost")
    pay(sim, open_order)
    sim.behave("payment", down=True)
    assert gateway.ask_about([open_order], actor=fees.PAYMENTS, at=now()) is None and look(open_order) == "open"
    assert sim.line.get(f"{sim.url}/ngan-hang/").status_code == 503
    sim.behave("payment", delay_ms=50)
    assert gateway.ask_about_day(localdate(now()), actor=fees.PAYMENTS, at=now()) == 1 and look(open_order) == "paid"
    assert gateway.ask_about_day(date(2020, 1, 1), actor=fees.PAYMENTS, at=now()) == 0


def test_a_refund_goes_out_and_comes_back_answered(sim: Sim, open_order: PaymentOrder, town: Town) -> None:
    pay(sim, open_order)
    sim.wait_until_sent("payment")
    at = now()
    receipt = Receipt.objects.get()
    asked = fees.ask_refund(receipt_id=receipt.pk, reason="Từ chối do lỗi cơ quan", actor=town.who("desk"), at=at)
    fees.pay_refund(refund_id=asked.pk, actor=town.who("finance"), at=at)
    run_jobs("exchange")
    assert Outbound.objects.get(kind=operations.REFUND).state == "answered"
    done = Refund.objects.get()
    assert (done.state, done.method) == ("done", "transfer") and done.reference.startswith("HT")
    assert [one["what"] for one in sim.state("payment")["done"]] == ["credit", "refund"]
