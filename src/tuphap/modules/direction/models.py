"""Figures as they were when their period was closed. Nothing here is ever changed: the database itself refuses to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tuphap.shared.operation.integrity import constraint_means

from . import rules


class Closing(models.Model):
    """One closing of the figures of a period: by whom, when, on what ground, over which offices.

    Reopened, it stays with its figures, and the next closing of the period has the next ``version``. ``hash`` is over
    everything that was frozen (see ``freezing.fingerprint``).
    """

    kind = models.CharField("loại kỳ", max_length=8, choices=[(k.value, t) for k, t in rules.PERIOD_TITLES.items()])
    first = models.DateField("từ ngày")
    last = models.DateField("đến ngày")
    version = models.PositiveSmallIntegerField("lần khóa")
    office = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị khóa")
    units = ArrayField(models.BigIntegerField(), verbose_name="các đơn vị có số liệu")
    closed_at = models.DateTimeField("khóa lúc")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_by_name = models.CharField("người khóa", max_length=200)
    basis = models.CharField("căn cứ", max_length=300)
    hash = models.CharField("mã băm", max_length=64)

    class Meta:
        ordering = ["-first", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "first", "version"], name="direction_closing_once"),
            models.CheckConstraint(condition=Q(last__gt=F("first")), name="direction_closing_days"),
            models.CheckConstraint(condition=~Q(basis=""), name="direction_closing_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.period.title} ({self.version})"

    @property
    def period(self) -> rules.Period:
        return rules.Period(rules.PeriodKind(self.kind), self.first)

    @property
    def is_reopened(self) -> bool:
        """Whether the closing was taken back."""
        return hasattr(self, "reopening")


class FrozenFigure(models.Model):
    """How many records a figure counted in one office (as it was), sector, procedure and channel, and which."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(max_length=60)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=60, blank=True)
    procedure = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=14, blank=True)
    number = models.PositiveIntegerField()
    labels = ArrayField(models.CharField(max_length=60))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "code", "unit", "sector", "procedure", "channel"], name="direction_frozenfigure_once"
            ),
            models.CheckConstraint(
                condition=Q(number=F("labels__len")),
                name="direction_frozenfigure_is_its_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.code}: {self.number}"


class FrozenMeasure(models.Model):
    """What a measure said of one office (as it was), or of all together (``unit`` empty)."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=60)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    value = models.FloatField(null=True)
    base = models.PositiveIntegerField()
    has_source = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "code", "unit"], name="direction_frozenmeasure_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.code}: {self.value}"


class Reopening(models.Model):
    """That a closing was taken back, by whom and why."""

    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="reopening")
    at = models.DateTimeField("mở lại lúc")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField("người mở lại", max_length=200)
    reason = models.CharField("lý do", max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="direction_reopening_has_reason")]

    def __str__(self) -> str:
        return f"{self.closing_id}: {self.reason}"


constraint_means("direction_closing_once", rules.PeriodClosed)
constraint_means("direction_reopening_closing_id_key", rules.AlreadyReopened)
