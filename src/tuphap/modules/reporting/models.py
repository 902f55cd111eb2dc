"""Forms and the reports made after them. What was sent is never changed: the database itself refuses to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.integrity import constraint_means

from . import layout as layouts
from . import rules
from .layout import Cell, Layout
from .rules import Level, Stage, State


def _choices(titles: dict[Any, str]) -> list[tuple[str, str]]:
    return [(code.value, title) for code, title in titles.items()]


class Form(models.Model):
    """One version of a statistical form: valid for the periods that end between its days (``valid_to`` exclusive).

    ``layout`` is what :class:`~.layout.Layout` reads. A version is never changed; another takes over on its own day.
    ``summary_code`` is what the form is called when the department makes it of its communes' reports.
    """

    code = models.CharField("mã biểu", max_length=40)
    summary_code = models.CharField("mã biểu tổng hợp", max_length=40)
    title = models.CharField("tên biểu", max_length=300)
    legal_basis = models.CharField("căn cứ", max_length=300)
    layout = models.JSONField("nội dung biểu")
    valid_from = models.DateField("áp dụng từ")
    valid_to = models.DateField("đến trước ngày", null=True)
    enacted_at = models.DateTimeField("ban hành trên hệ thống lúc")
    enacted_by = models.CharField("người ban hành", max_length=200)

    class Meta:
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="reporting_form_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="reporting_form_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.valid_from:%d/%m/%Y})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:form", args=[self.pk])

    @cached_property
    def lay(self) -> Layout:
        """The form's rows, columns and sums."""
        return layouts.parse(self.layout)


class Report(models.Model):
    """One office's report after one form for one period. An amended one is another row of the next ``version``.

    ``counted`` and ``typed`` hold a number a cell (``row/column``): what the platform counted, ``counted_at``, and what
    people put beside it (the rest of a period that is not over, rows that nothing counts). Their sum is the figure.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="reports", verbose_name="biểu")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị báo cáo")
    level = models.CharField("cấp", max_length=4, choices=[(Level.COMMUNE, "Cấp xã"), (Level.PROVINCE, "Cấp tỉnh")])
    kind = models.CharField("loại kỳ", max_length=8, choices=_choices(rules.PERIOD_TITLES))
    stage = models.CharField("loại báo cáo", max_length=12, choices=_choices(rules.STAGE_TITLES))
    year = models.PositiveSmallIntegerField("năm")
    first = models.DateField("từ ngày")
    last = models.DateField("đến hết ngày")  # of what is counted: the cut-off, or the office's last day
    due = models.DateField("hạn gửi")
    version = models.PositiveSmallIntegerField("lần", default=1)
    state = models.CharField(
        "trạng thái", max_length=12, choices=_choices(rules.STATE_TITLES), default=State.DRAFT.value
    )
    counted = models.JSONField("số đếm được", default=dict)
    counted_at = models.DateTimeField("đếm lúc")
    typed = models.JSONField("số bổ sung", default=dict)
    explanations = models.JSONField("giải trình", default=dict)
    confirmed_zero = models.BooleanField("xác nhận không phát sinh", default=False)
    missing = ArrayField(models.BigIntegerField(), default=list, verbose_name="đơn vị chưa có báo cáo")
    missing_reason = models.CharField("lý do tổng hợp khi còn thiếu", max_length=300, blank=True)
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="amendment", verbose_name="sửa đổi báo cáo"
    )
    reason = models.CharField("lý do sửa đổi", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by_name = models.CharField("người lập", max_length=100)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signer_name = models.CharField("người ký", max_length=100, blank=True)
    signer_title = models.CharField("chức vụ", max_length=100, blank=True)
    reserved = models.OneToOneField("numbering.Number", on_delete=models.PROTECT, null=True, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    failure = models.CharField("lỗi khi ký", max_length=500, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)

    class Meta:
        ordering = ["-due", "form__code", "unit__sort_key", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form", "kind", "stage", "year", "version"], name="reporting_report_once"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="reporting_report_days"),
            models.CheckConstraint(
                condition=Q(version=1, amends__isnull=True) | Q(version__gt=1, amends__isnull=False),
                name="reporting_report_version",
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="reporting_report_reason"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in (State.DRAFT, State.READY, State.SIGNING, State.RETURNED)])
                | Q(sent_at__isnull=False, document__isnull=False, reserved__isnull=False),
                name="reporting_report_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["year", "kind", "stage", "form"], name="reporting_report_period"),
            models.Index(fields=["unit", "-due"], name="reporting_report_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.unit_id} {self.period.code} ({self.version})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])

    @property
    def period(self) -> rules.Period:
        return rules.period(f"{self.year}.{self.kind}.{self.stage}")

    @property
    def code(self) -> str:
        """The form's code as this report bears it."""
        return self.form.summary_code if self.level == Level.PROVINCE else self.form.code

    @property
    def is_estimate(self) -> bool:
        return self.stage == Stage.ESTIMATE

    @property
    def is_summary(self) -> bool:
        """Made of the communes' reports, and not of records."""
        return self.level == Level.PROVINCE

    @property
    def values(self) -> dict[Cell, int]:
        """The figure of every cell."""
        counted, typed = layouts.cells_of(self.counted), layouts.cells_of(self.typed)
        return {cell: counted.get(cell, 0) + typed.get(cell, 0) for cell in self.form.lay.cells()}

    @property
    def number(self) -> str:
        """``12/2026``; empty before it is approved."""
        return self.reserved.display if self.reserved else ""

    @property
    def state_title(self) -> str:
        return rules.STATE_TITLES[State(self.state)]

    @property
    def state_tone(self) -> str:
        return rules.STATE_TONES[State(self.state)]

    @property
    def is_being_made(self) -> bool:
        return State(self.state) in rules.BEING_MADE


class CountedGroup(models.Model):
    """Records alike in every trait of the form that a report counts, by name: the list behind its figures."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="groups")
    source = models.CharField(max_length=80)
    classes = models.JSONField()
    labels = ArrayField(models.CharField(max_length=60))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "source", "classes"], name="reporting_countedgroup_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.classes}: {len(self.labels)}"


class Included(models.Model):
    """That a summary counts this report of a commune."""

    summary = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="summaries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "part"], name="reporting_included_once")]

    def __str__(self) -> str:
        return f"{self.summary_id} ⊃ {self.part_id}"


class StepTaken(models.Model):
    """One change of a report's state: who, when, and what was said."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=_choices(rules.STATE_TITLES))
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"

    @property
    def title(self) -> str:
        return rules.STATE_TITLES[State(self.state)]


constraint_means("reporting_form_once", rules.FormExists)
constraint_means("reporting_report_once", rules.ReportExists)
constraint_means("reporting_report_amends_id_key", rules.ReportExists)
