"""Reads: a dossier's money by who may see the dossier; an office's by who looks after its money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet, Sum

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.access import api as access
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.orgs.models import OrgUnit

from .ledger import collecting
from .models import Account, PaymentOrder, Receipt, Refund, Transfer
from .rules import (
    METHOD_TITLES,
    Method,
    OrderState,
    Permission,
    RefundState,
    TransferState,
    UnknownReceipt,
)

# -- one dossier


def receipts_of(dossier: Dossier) -> list[Receipt]:
    """Every receipt of a dossier that one may see, also the voided ones."""
    found = Receipt.objects.filter(dossier=dossier).select_related("unit").prefetch_related("refunds")
    return list(found.order_by("paid_at", "pk"))


def open_order_of(dossier: Dossier) -> PaymentOrder | None:
    """The order that waits for a payment."""
    found = PaymentOrder.objects.filter(dossier=dossier, state=OrderState.OPEN)
    return found.select_related("account", "unit").first()


def may_collect(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """Whether the actor may take money for this dossier."""
    on = localdate(at)
    units = {dossier.receiving_unit_id, collecting(dossier, at=at).pk, dossier.resolving_unit_id}
    return any(access.may(actor, Permission.COLLECT, unit_id=unit, on=on) for unit in units)


def get_receipt(receipt_id: int, actor: Actor, at: datetime) -> Receipt:
    """One receipt of a dossier that one may see, or of an office whose money one may see.

    :raises UnknownReceipt: there is none, or the actor may not know of it.
    """
    found = Receipt.objects.select_related("unit", "dossier", "dossier__procedure").filter(pk=receipt_id).first()
    if found is None:
        raise UnknownReceipt()
    if found.unit_id in _units(actor, at):
        return found
    try:
        dossiers.get_visible(found.dossier_id, actor, at)
    except dossiers.UnknownDossier as unknown:
        raise UnknownReceipt() from unknown
    return found


# -- an office


def require_finance(actor: Actor, at: datetime) -> None:
    """:raises access.Forbidden: the actor looks after no office's money."""
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))


def accounts_of(units: QuerySet[OrgUnit]) -> QuerySet[Account]:
    """The accounts of these offices, of all days."""
    found = Account.objects.filter(unit__in=units).select_related("unit")
    return found.order_by("unit__sort_key", "unit", "-valid_from")


def require(actor: Actor, at: datetime) -> None:
    """:raises access.Forbidden: the actor may see no office's money."""
    on = localdate(at)
    if not access.may_anywhere(actor, Permission.VIEW, on=on):
        access.require_anywhere(actor, Permission.MANAGE, on=on)


def offices(actor: Actor, *, at: datetime) -> QuerySet[OrgUnit]:
    """The offices whose money the actor may see.

    :raises access.Forbidden: none.
    """
    require(actor, at)
    return OrgUnit.objects.filter(pk__in=_units(actor, at)).order_by("kind", "sort_key", "code", "valid_from")


def receipts(
    actor: Actor, *, at: datetime, days: tuple[date, date], unit_id: int | None = None, method: str = ""
) -> QuerySet[Receipt]:
    """What was taken on these days, both included, the first first; voided ones among them.

    :raises access.Forbidden: the actor may see no office's money.
    """
    require(actor, at)
    start, end = _span(days)
    found = Receipt.objects.select_related("unit", "dossier", "dossier__procedure").filter(
        unit__in=_units(actor, at), paid_at__gte=start, paid_at__lte=end
    )
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if method:
        found = found.filter(method=method)
    return found.order_by("paid_at", "pk")


def refunds(actor: Actor, *, at: datetime, waiting: bool = False) -> QuerySet[Refund]:
    """Money that is to go back or has gone, the newest first.

    :raises access.Forbidden: the actor may see no office's money.
    """
    require(actor, at)
    found = Refund.objects.select_related("unit", "receipt", "receipt__dossier", "transfer").filter(
        unit__in=_units(actor, at)
    )
    if waiting:
        found = found.filter(state__in=(RefundState.ASKED, RefundState.FAILED))
    return found.order_by("-asked_at", "-pk")


def transfers(actor: Actor, *, at: datetime, waiting: bool = False) -> QuerySet[Transfer]:
    """Money that came by transfer, the newest first; ``waiting``: what fits nothing.

    :raises access.Forbidden: the actor may see no office's money.
    """
    require(actor, at)
    found = Transfer.objects.select_related("unit", "order", "order__dossier", "receipt", "receipt__dossier").filter(
        unit__in=_units(actor, at)
    )
    if waiting:
        found = found.filter(state=TransferState.UNMATCHED)
    return found.order_by("-paid_at", "-pk")


def number_waiting(*, actor: Actor, at: datetime) -> int:
    """How much waits for who looks after money: refunds to pay, transfers that fit nothing."""
    units = access.units_where(actor, Permission.MANAGE, on=localdate(at))
    return (
        Transfer.objects.filter(unit__in=units, state=TransferState.UNMATCHED).count()
        + Refund.objects.filter(unit__in=units, state__in=(RefundState.ASKED, RefundState.FAILED)).count()
    )


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one day came to by one method, and how much of the transfers the gateway told of."""

    day: date
    method: str
    number: int
    amount: int
    voided: int

    @property
    def method_title(self) -> str:
        return METHOD_TITLES[Method(self.method)]


def by_day(rows: Iterable[Receipt]) -> list[DayLine]:
    """Receipts added up by day and method; voided ones are told apart and add nothing."""
    told: dict[tuple[date, str], list[int]] = {}
    for row in rows:
        cell = told.setdefault((localdate(row.paid_at), row.method), [0, 0, 0])
        if row.voided_at is not None:
            cell[2] += 1
        else:
            cell[0] += 1
            cell[1] += row.amount
    return [DayLine(day, method, *cell) for (day, method), cell in sorted(told.items())]


@dataclass(frozen=True, slots=True)
class BankLine:
    """A day at the bank beside ours: what came, what of it is in receipts, what fits nothing or goes back."""

    came: int
    receipted: int
    unmatched: int
    returned: int

    @property
    def agrees(self) -> bool:
        return self.came == self.receipted + self.unmatched + self.returned


def at_bank(actor: Actor, *, at: datetime, days: tuple[date, date], unit_id: int | None = None) -> BankLine:
    """The transfers of these days by what became of them."""
    start, end = _span(days)
    found = transfers(actor, at=at).order_by().filter(paid_at__gte=start, paid_at__lte=end)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    receipted = Q(receipt__isnull=False)
    sums = found.aggregate(
        came=Sum("amount"), receipted=Sum("receipt__amount", filter=receipted),
        unmatched=Sum("amount", filter=Q(state=TransferState.UNMATCHED)),
        returned=Sum("amount", filter=Q(state=TransferState.RETURNED))
    )
    return BankLine(**{name: sums[name] or 0 for name in ("came", "receipted", "unmatched", "returned")})


def _units(actor: Actor, at: datetime) -> frozenset[int]:
    on = localdate(at)
    return access.units_where(actor, Permission.VIEW, on=on) | access.units_where(actor, Permission.MANAGE, on=on)


def _span(days: tuple[date, date]) -> tuple[datetime, datetime]:
    """From the first instant of the one day to the last of the other."""
    first, last = days
    return datetime.combine(first, time.min, tzinfo=VIETNAM), datetime.combine(last, time.max, tzinfo=VIETNAM)
