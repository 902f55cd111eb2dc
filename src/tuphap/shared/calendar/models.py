"""The dated table of days and hours. Rows are only added: the row of the highest version speaks for its day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .rules import DayKind


class CalendarDay(models.Model):
    """What one day is since one version of the table. Switched off, the row gives the day back to its weekday."""

    version = models.PositiveIntegerField("phiên bản")
    date = models.DateField("ngày")
    kind = models.CharField("loại", max_length=12, choices=[(k.value, k.label) for k in DayKind])
    source_document = models.CharField("văn bản", max_length=200)
    switched_on = models.BooleanField("áp dụng", default=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    recorded_at = models.DateTimeField("ghi lúc")
    recorded_by = models.CharField("người ghi", max_length=200)

    class Meta:
        ordering = ["date", "version"]
        constraints = [
            models.UniqueConstraint(fields=["date", "version"], name="calendar_day_once_a_version"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DayKind]) & ~Q(source_document=""),
                name="calendar_day_has_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.get_kind_display()}"


class OfficeHours(models.Model):
    """From when to when an office works, since a day; ``office_id`` empty: every office that has none of its own."""

    version = models.PositiveIntegerField("phiên bản")
    office_id = models.BigIntegerField("đơn vị", null=True)
    valid_from = models.DateField("áp dụng từ")
    opens = models.TimeField("mở cửa")
    noon_from = models.TimeField("nghỉ trưa từ")
    noon_to = models.TimeField("nghỉ trưa đến")
    closes = models.TimeField("đóng cửa")
    source_document = models.CharField("văn bản", max_length=200)
    recorded_at = models.DateTimeField("ghi lúc")
    recorded_by = models.CharField("người ghi", max_length=200)

    class Meta:
        ordering = ["office_id", "valid_from", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["office_id", "valid_from", "version"], name="calendar_hours_once_a_version",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("noon_from")) & Q(noon_from__lte=F("noon_to")) & Q(noon_to__lt=F("closes")),
                name="calendar_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"
