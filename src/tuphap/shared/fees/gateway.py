"""Asking the gateway what has come, so that a call that was lost loses no money. Never inside an operation."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import Borrowed, contracts

from . import operations, rules
from .models import Account, PaymentOrder, Transfer
from .rules import OrderState

SERVICE, TOLD, FIND = "payment", "payment.paid", "payment.find"
GATEWAY = Actor(kind=ActorKind.AGENCY, name="Nền tảng thanh toán trực tuyến")
_AT_ONCE = 200
log = logging.getLogger(__name__)


def ask_about(orders: Iterable[PaymentOrder], *, actor: Actor, at: datetime) -> int | None:
    """Ask about these orders and enter what has come; how many payments were new. None: the gateway does not answer."""
    waiting = list(orders)[:_AT_ONCE]
    if not waiting:
        return 0
    asked = contracts.PaymentsAsked(references=[order.reference for order in waiting])
    return _enter(asked, unit_id=waiting[0].unit_id if len(waiting) == 1 else None, actor=actor, at=at)


def ask_about_day(day: date, *, actor: Actor, at: datetime) -> int | None:
    """Ask for everything that came to our accounts on a day; how many payments were new. None: no answer."""
    accounts = sorted(set(Account.objects.values_list("number", flat=True)))
    if not accounts:
        return 0
    asked = contracts.PaymentsAsked(accounts=accounts[:500], day=day)
    return _enter(asked, unit_id=None, actor=actor, at=at)


def waiting_orders(at: datetime) -> list[PaymentOrder]:
    """Orders about which nothing was heard for a while, oldest first."""
    return list(PaymentOrder.objects.filter(
        state=OrderState.OPEN, opened_at__lte=at - rules.ASK_AFTER, opened_at__gt=at - rules.ASK_UNTIL
    ).order_by("opened_at")[:_AT_ONCE])


def _enter(asked: contracts.PaymentsAsked, *, unit_id: int | None, actor: Actor, at: datetime) -> int | None:
    answer = exchange.ask(kind=FIND, body=asked, actor=actor, at=at, unit_id=unit_id)
    if not isinstance(answer, Borrowed):
        log.warning("the gateway was asked and did not answer: %s", answer.reason)
        return None
    new = 0
    for told in answer.value.payments:
        if not Transfer.objects.filter(transaction=told.transaction).exists():
            operations.hear_transfer(told=told, by="asked", actor=GATEWAY, at=at)
            new += 1
    return new
