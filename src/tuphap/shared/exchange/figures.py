"""The exchange in figures: messages sent, answered, failed and dead within a period, each a list one can open."""

from __future__ import annotations

from django.db.models import QuerySet

from tuphap.shared.indicators.api import Column, Indicator, Scope

from .models import Outbound
from .rules import SENT_TITLES, Sent

COLUMNS = (
    Column("Hệ thống", "service"),
    Column("Loại", "kind"),
    Column("Hồ sơ", "dossier_code"),
    Column("Lập lúc", "created_at"),
    Column("Trạng thái", "state", tuple((state.value, title) for state, title in SENT_TITLES.items())),
)


def sent(scope: Scope) -> QuerySet[Outbound]:
    """Queued within the period."""
    return Outbound.objects.filter(created_at__gte=scope.start, created_at__lt=scope.end).order_by("created_at", "pk")


def answered(scope: Scope) -> QuerySet[Outbound]:
    """Answered within the period."""
    return _ended(scope, Sent.ANSWERED)


def given_up(scope: Scope) -> QuerySet[Outbound]:
    """Given up by their owners within the period."""
    return _ended(scope, Sent.GIVEN_UP)


def dead(scope: Scope) -> QuerySet[Outbound]:
    """Waiting for their owners at the scope's moment, as far as they still wait now."""
    return Outbound.objects.filter(state=Sent.DEAD, dead_at__lt=scope.moment).order_by("dead_at", "pk")


def _ended(scope: Scope, state: Sent) -> QuerySet[Outbound]:
    ended = Outbound.objects.filter(state=state, ended_at__gte=scope.start, ended_at__lt=scope.end)
    return ended.order_by("ended_at", "pk")


def _declare(name: str, title: str, at_field: str) -> Indicator:
    return Indicator(
        code=f"exchange.{name}", title=title, unit_vi="thông điệp", list=f"{__name__}.{name}", unit_field="unit",
        at_field=at_field, label_field="id", columns=COLUMNS,
    )


INDICATORS = (
    _declare("sent", "Thông điệp liên thông đã lập", "created_at"),
    _declare("answered", "Thông điệp liên thông đã được trả lời", "ended_at"),
    _declare("given_up", "Thông điệp liên thông đã dừng gửi", "ended_at"),
    _declare("dead", "Thông điệp liên thông chờ xử lý", ""),
)
