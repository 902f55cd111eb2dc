"""The postal hand-over list: what waits for the post, what is with it, what it has brought; as one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.access import api as access
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier, Overlay, State

from ..models import Parcel
from ..rules import Permission
from .rules import ParcelState

LONGEST_SHEET = 300


def _mine(actor: Actor, at: datetime) -> QuerySet[Dossier]:
    """Dossiers whose result goes by post, of the offices in which the actor hands out results."""
    units = access.units_where(actor, Permission.RETURN, on=localdate(at))
    return (
        dossiers.visible(actor, at=at)
        .filter(Q(receiving_unit__in=units) | Q(resolving_unit__in=units), result_way=Dossier.ResultWay.POST)
        .prefetch_related(Prefetch("parcels", Parcel.objects.select_related("handed_by").order_by("-handed_at", "-pk")))
    )


def waiting(actor: Actor, at: datetime) -> QuerySet[Dossier]:
    """Results that lie ready and are to go by post; the longest waiting first."""
    found = _mine(actor, at).filter(state=State.RESULT_READY).exclude(overlay=Overlay.AT_POST)
    return found.order_by("result_ready_at", "pk")


def on_the_way(actor: Actor, at: datetime) -> QuerySet[Dossier]:
    """Results that the post has; the longest under way first."""
    found = _mine(actor, at).filter(state=State.RESULT_READY, overlay=Overlay.AT_POST)
    return found.order_by("parcels__handed_at", "pk").filter(parcels__state=ParcelState.HANDED)


def brought(actor: Actor, at: datetime) -> QuerySet[Dossier]:
    """Results that the post has delivered, the latest first."""
    return _mine(actor, at).filter(parcels__state=ParcelState.DELIVERED).order_by("-returned_at", "-pk")


def number_waiting(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu."""
    return waiting(actor, at).count()


def parcels(dossier: Dossier) -> list[Parcel]:
    """What was sent of a dossier that one may see, the latest first."""
    return list(dossier.parcels.order_by("-handed_at", "-pk"))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet that goes with the parcels."""

    code: str
    name: str
    phone: str
    address: str
    tracking_no: str


def sheet(actor: Actor, at: datetime, *, day: date | None = None) -> list[SheetRow]:
    """What was handed over on this day, by tracking number; without a day, what waits to be."""
    if day is None:
        found = waiting(actor, at)[:LONGEST_SHEET]
        return [_row(dossier, dossier.post_to, "") for dossier in found if dossier.post_to]
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    handed = Parcel.objects.filter(
        handed_at__gte=start, handed_at__lt=start + timedelta(days=1), dossier__in=_mine(actor, at).order_by()
    ).select_related("dossier").order_by("tracking_no")[:LONGEST_SHEET]
    return [_row(parcel.dossier, parcel.to, parcel.tracking_no) for parcel in handed]


def _row(dossier: Dossier, told: object, tracking_no: str) -> SheetRow:
    to = dossiers.read_post_to(told)
    return SheetRow(dossier.reference, to.name, to.phone, to.address.text, tracking_no)
