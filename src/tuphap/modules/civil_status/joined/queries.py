"""Legs, as officers, the citizen and the figures see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import looks
from tuphap.shared.calendar.api import Verdict
from tuphap.shared.dossiers.api import Dossier, Stage
from tuphap.shared.indicators.api import Scope

from .. import rules as register
from ..models import Act, BirthAct
from . import rules
from .bodies import person
from .models import Leg

LEG_FILTERS = {
    "can-xu-ly": "Cần xử lý", "xac-minh": "Cần xác minh", "khong-thanh-cong": "Không thành công", "qua-han": "Quá hạn",
    "dang-cho": "Đang chờ", "tat-ca": "Tất cả",
}


def visible_legs(actor: Actor, at: datetime) -> QuerySet[Leg]:
    """The legs of the offices where the actor prepares or sees the register."""
    day = localdate(at)
    units = access.units_where(actor, register.Permission.PREPARE, on=day)
    units |= access.units_where(actor, register.Permission.VIEW, on=day)
    return Leg.objects.filter(unit__in=units).select_related("act__dossier", "act__book", "unit").prefetch_related(
        "act__parties"
    )


def legs_list(actor: Actor, at: datetime, *, which: str = "can-xu-ly") -> QuerySet[Leg]:
    """What waits for somebody or something, the most pressing first."""
    legs = visible_legs(actor, at).order_by("due_at", "opened_at", "pk")
    conditions = {
        "can-xu-ly": _pressing(at),
        "xac-minh": Q(state=rules.LegState.NEEDS_VERIFICATION),
        "khong-thanh-cong": Q(state=rules.LegState.FAILED),
        "qua-han": _overdue(at) | Q(verdict=Verdict.LATE),
        "dang-cho": Q(state__in=[rules.LegState.WAITING, rules.LegState.SENT]),
    }
    return legs.filter(conditions[which]) if which in conditions else legs


def _overdue(at: datetime) -> Q:
    return ~Q(state__in=rules.OVER) & Q(due_at__lt=at)


def _pressing(at: datetime) -> Q:
    return Q(state__in=rules.WANTS_SOMEBODY) | _overdue(at)


def count_waiting(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu: what somebody of the office must look at."""
    units = access.units_where(actor, register.Permission.PREPARE, on=localdate(at))
    return Leg.objects.filter(_pressing(at), unit__in=units).count()


def get_leg(leg_id: int, actor: Actor, at: datetime) -> Leg:
    """One leg; the look at who the act is about is kept in the log.

    :raises rules.UnknownLeg: there is none, or the actor may not know of it.
    """
    found = visible_legs(actor, at).filter(pk=leg_id).first()
    if found is None:
        raise rules.UnknownLeg()
    looks.note_look(
        subject=_looked_at(found), actor=actor, at=at, what="civil_status.leg", unit_id=found.unit_id,
        purpose=actor.purpose or "theo dõi phần việc của cơ quan khác",
    )
    return found


def _looked_at(leg: Leg) -> Act:
    return (BirthAct if leg.act.kind == register.BookKind.BIRTH else Act)(pk=leg.act_id)


@dataclass(frozen=True, slots=True)
class LegView:
    """A leg as a page or a program shows it. ``late``: past its time, done or not."""

    leg: Leg
    late: bool
    number: str

    @property
    def result(self) -> str:
        """What was received: the number of the thing, or the child's personal number."""
        return self.number if self.leg.kind == rules.LegKind.NUMBER and self.leg.state == "done" else self.leg.reference

    @property
    def since(self) -> str:
        """Of when what was received is: the day of a decision, the month from which nothing is paid, the first day."""
        day = self.leg.in_force_on
        if day is None:
            return ""
        words = {rules.LegKind.AID: "ngày %d/%m/%Y", rules.LegKind.PAYMENTS_STOP: "từ tháng %m/%Y"}
        return day.strftime(words.get(rules.LegKind(self.leg.kind), "từ ngày %d/%m/%Y"))


def legs_of(dossier_id: UUID, *, at: datetime) -> list[LegView]:
    """The legs of a dossier that the caller may see, in their order."""
    legs = (
        Leg.objects.filter(act__dossier_id=dossier_id).select_related("act", "recall").prefetch_related("act__parties")
        .order_by("place", "pk")
    )
    return [
        LegView(
            leg, late=leg.verdict == Verdict.LATE or (not leg.is_over and leg.due_at is not None and leg.due_at < at),
            number=person(leg.act).personal_number,
        )
        for leg in legs
    ]


def stages(dossier: Dossier) -> list[Stage]:
    """Where each agency's part stands, without anything personal: what anybody with the code may know."""
    return [
        Stage(title=leg.title, state=leg.get_state_display(), tone=leg.tone, due_at=leg.due_at, done_at=leg.finished_at)
        for leg in Leg.objects.filter(act__dossier=dossier).order_by("place", "pk")
    ]


# --- Figures: each the length of a list -------------------------------------------------------------------------------


def legs_done(scope: Scope) -> QuerySet[Leg]:
    return (
        Leg.objects.filter(
            state=rules.LegState.DONE, finished_at__gte=scope.start, finished_at__lt=scope.end
        ).select_related("unit").order_by("finished_at", "pk")
    )


def legs_failed(scope: Scope) -> QuerySet[Leg]:
    """Legs of the period that stand failed now."""
    return Leg.objects.filter(
        state=rules.LegState.FAILED, opened_at__gte=scope.start, opened_at__lt=scope.end
    ).select_related("unit").order_by("opened_at", "pk")
