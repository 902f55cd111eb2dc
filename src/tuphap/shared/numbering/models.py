"""Legal number series. A number that was given stays: used, or void with its reason; the database holds to that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Series(models.Model):
    """One run of numbers: of one kind of book, in one office, in one year. Its row is the lock that takers queue for.

    ``next`` is the number that the next taker gets. It moves in the taker's transaction, so that one that rolls back
    leaves no gap.
    """

    code = models.CharField("loại sổ", max_length=100)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    book = models.CharField("quyển", max_length=60, blank=True)
    first = models.PositiveIntegerField("bắt đầu từ", default=1)
    next = models.PositiveIntegerField("số kế tiếp", default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "unit", "year", "book"], name="numbering_series_key"),
            models.CheckConstraint(condition=Q(first__gte=1) & Q(next__gte=models.F("first")),
                                   name="numbering_series_runs_on"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class Number(models.Model):
    """One number of a series and what became of it."""

    class State(models.TextChoices):
        RESERVED = "reserved", "Đã giữ số"
        CONFIRMED = "confirmed", "Đã vào sổ"
        VOID = "void", "Không dùng"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="numbers")
    value = models.PositiveIntegerField("số")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RESERVED)
    reason = models.CharField("lý do không dùng", max_length=300, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    reserved_at = models.DateTimeField("giữ số lúc")
    settled_at = models.DateTimeField("vào sổ hoặc hủy lúc", null=True)

    class Meta:
        ordering = ["series", "value"]
        constraints = [
            models.UniqueConstraint(fields=["series", "value"], name="numbering_number_once"),
            models.CheckConstraint(
                condition=(Q(state="reserved", settled_at__isnull=True, reason="")
                           | Q(state="confirmed", settled_at__isnull=False, reason="")
                           | (Q(state="void", settled_at__isnull=False) & ~Q(reason=""))),
                name="numbering_number_state",
            ),
        ]

    def __str__(self) -> str:
        return self.display

    @property
    def display(self) -> str:
        """As papers show it: ``Số: 15/2026``; below ten, ``01/2026``."""
        return f"{self.value:02d}/{self.series.year}"
