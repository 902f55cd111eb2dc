"""The tables of the engine. What has happened is never changed: the log refuses it in the database itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now, NullIf
from pydantic import BaseModel

from tuphap.kernel.ids import new_id
from tuphap.shared.calendar.api import AfterPause, LimitUnit, Verdict
from tuphap.shared.orgs.models import ValidDays

from . import rules
from .handlers import FormPage, Levels, ProcedureHandler, handlers
from .post import PostTo
from .representation import Representation, components


class Choices:
    """Choice lists of the enumerations, in the order of the rules."""

    STATES = [(s.value, t) for s, t in rules.STATE_TITLES.items()]
    OVERLAYS = [(o.value, t) for o, t in rules.OVERLAY_TITLES.items()]
    ACTIONS = [(a.value, t) for a, t in rules.ACTION_TITLES.items()]
    LIMIT_UNITS = [(u.value, u.label) for u in LimitUnit]
    RULES = [(AfterPause.RESTART.value, "Tính lại từ đầu"), (AfterPause.RESUME.value, "Tính tiếp phần còn lại")]
    VERDICTS = [(v.value, v.label) for v in Verdict]


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính) as published from one day on. The key is (code, valid_from).

    ``components``: list of ``{code, name, form (original|copy), copies, mandatory, replaced_by_database, note}``.
    ``fee_rules``: list of ``{code, name, amount (đồng, or null: set by the province), condition, basis, …}``; how they
    are counted says ``law.FeeText``.
    ``internal_steps``: list of ``{role (level name), title, hours}``. ``keywords``: residents' words for it.
    ``originals``: list of ``{code, name, before (return|close), basis}``: what the law still wants signed by hand, to
    be scanned back. ``eligibility``: sentences that say who may file. ``handler``: which declared handler runs it;
    empty: on paper.
    ``form``: the declaration of a handler that reads it from here, see ``declared.PageSpec``; else empty.
    """

    class Authority(models.TextChoices):
        PROVINCE = "tinh", "Cấp tỉnh"
        COMMUNE = "xa", "Cấp xã"
        OTHER = "khac", "Cơ quan khác"

    class Service(models.TextChoices):
        FULL = "toan_trinh", "Dịch vụ công toàn trình"
        PARTIAL = "mot_phan", "Dịch vụ công một phần"
        OFFLINE = "truc_tiep", "Nộp trực tiếp"

    code = models.CharField("mã thủ tục", max_length=40)
    name = models.CharField("tên thủ tục", max_length=400)
    sector = models.CharField("lĩnh vực", max_length=60)
    group = models.CharField("nhóm", max_length=60, blank=True)
    authority_level = models.CharField(max_length=5, choices=Authority.choices)
    service_kind = models.CharField(max_length=12, choices=Service.choices)
    limit_value = models.PositiveSmallIntegerField("thời hạn", default=0)
    limit_unit = models.CharField(max_length=12, choices=Choices.LIMIT_UNITS)
    extra_value = models.PositiveSmallIntegerField("thêm khi phải xác minh", default=0)
    extra_unit = models.CharField(max_length=12, choices=Choices.LIMIT_UNITS, blank=True)
    restart_rule = models.CharField(max_length=8, choices=Choices.RULES)
    fee_rules = models.JSONField("phí, lệ phí", default=list)
    components = models.JSONField("thành phần hồ sơ", default=list)
    internal_steps = models.JSONField("quy trình nội bộ", default=list)
    originals = models.JSONField("bản ký tay phải lưu", default=list)
    eligibility = models.JSONField("đối tượng thực hiện", default=list)
    keywords = models.JSONField("từ khóa", default=list)
    result_type = models.CharField("kết quả", max_length=200)
    handler = models.CharField(max_length=60, blank=True)
    form = models.JSONField("tờ khai", default=list)
    decision_no = models.CharField("quyết định công bố", max_length=200, blank=True)
    legal_basis = models.CharField("căn cứ pháp lý", max_length=400, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)
    valid_from = models.DateField("hiệu lực từ")
    valid_to = models.DateField("đến trước ngày", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="dossiers_procedure_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="dossiers_procedure_days"
            ),
            ExclusionConstraint(
                name="dossiers_procedure_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (ValidDays("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def declared_handler(self) -> ProcedureHandler | None:
        """The handler that a module has declared for this row; None: filed in person."""
        return handlers.get(self.handler) if self.handler else None

    @property
    def levels(self) -> Levels | None:
        """By which permissions it is handled; a division head reviews where its internal steps name one."""
        declared = self.declared_handler
        if declared is None:
            return None
        reviewed = any(step["role"] == rules.Level.HEAD.name for step in self.internal_steps)
        return declared.permissions if reviewed else replace(declared.permissions, review="")

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def handled_online(self) -> bool:
        return self.declared_handler is not None and self.service_kind != self.Service.OFFLINE

    @property
    def public_code(self) -> str:
        """The national code; nothing where the catalogue has only a key of its own, which means nothing to people."""
        return "" if self.code.startswith(rules.PROVISIONAL_CODE) else self.code

    @property
    def authority_text(self) -> str:
        """Who resolves it, as people call the office."""
        return _RESOLVED_BY[self.Authority(self.authority_level)]

    @property
    def limit_text(self) -> str:
        """The limit as people say it."""
        if self.limit_unit == LimitUnit.SAME_DAY:
            return "Trong ngày làm việc"
        return f"{self.limit_value} {LimitUnit(self.limit_unit).label}"

    @property
    def extra_text(self) -> str:
        if not self.extra_value:
            return ""
        return f"thêm không quá {self.extra_value} {LimitUnit(self.extra_unit).label} khi phải xác minh"


_RESOLVED_BY = {
    Procedure.Authority.PROVINCE: "Sở Tư pháp",
    Procedure.Authority.COMMUNE: "Ủy ban nhân dân xã, phường, đặc khu",
    Procedure.Authority.OTHER: "Cơ quan khác",
}


class ProcedureParameter(models.Model):
    """A number of the one-stop rules that an official may change from a day on: timers, how often a thing may be."""

    code = models.CharField(max_length=60)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    legal_basis = models.CharField("căn cứ", max_length=300)
    valid_from = models.DateField("hiệu lực từ")
    valid_to = models.DateField("đến trước ngày", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="dossiers_parameter_key"),
            ExclusionConstraint(
                name="dossiers_parameter_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (ValidDays("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value} {self.unit}"


class Dossier(models.Model):
    """One request of one applicant, from its draft to its end."""

    class Channel(models.TextChoices):
        DIRECT = "truc_tiep", "Trực tiếp"
        POST = "buu_chinh", "Bưu chính"
        ONLINE = "truc_tuyen", "Trực tuyến"
        ELSEWHERE = "phi_dia_gioi", "Phi địa giới"

    class ResultWay(models.TextChoices):
        DESK = "tai_quay", "Nhận tại Bộ phận Một cửa"
        POST = "buu_chinh", "Nhận qua bưu chính"
        ONLINE = "truc_tuyen", "Nhận bản điện tử"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("mã hồ sơ", max_length=40, null=True)
    submission_code = models.CharField("mã nộp trực tuyến", max_length=20, null=True)
    external_code = models.CharField("mã của Cổng Dịch vụ công quốc gia", max_length=60, blank=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="dossiers")
    state = models.CharField("trạng thái", max_length=20, choices=Choices.STATES, default=rules.State.DRAFT)
    overlay = models.CharField(max_length=24, choices=Choices.OVERLAYS, default="", blank=True)
    channel = models.CharField("kênh nộp", max_length=14, choices=Channel.choices)
    receiving_unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    resolving_unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")

    applicant_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    applicant = models.JSONField("người nộp", default=dict)
    applicant_name = models.CharField("họ và tên người nộp", max_length=100, blank=True)
    applicant_phone = models.CharField("điện thoại", max_length=15, blank=True)
    applicant_key = models.CharField(max_length=140, blank=True)
    representation = models.JSONField("nộp thay cho", null=True)
    represented_number = models.CharField("số định danh người được đại diện", max_length=12, blank=True)

    answers = models.JSONField("tờ khai", default=dict)
    form_version = models.CharField(max_length=20, default="1")
    result_way = models.CharField("cách nhận kết quả", max_length=12, choices=ResultWay.choices,
                                  default=ResultWay.DESK)
    post_to = models.JSONField("địa chỉ nhận qua bưu chính", null=True)

    created_at = models.DateTimeField("tạo lúc")
    submitted_at = models.DateTimeField("nộp lúc", null=True)
    received_at = models.DateTimeField("tiếp nhận lúc", null=True)
    due_at = models.DateTimeField("hẹn trả", null=True)
    original_due_at = models.DateTimeField("hẹn trả ban đầu", null=True)
    result_ready_at = models.DateTimeField("có kết quả lúc", null=True)
    returned_at = models.DateTimeField("trả kết quả lúc", null=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True)
    verdict = models.CharField(max_length=8, choices=Choices.VERDICTS, blank=True)
    original_verdict = models.CharField(max_length=8, choices=Choices.VERDICTS, blank=True)

    extension_count = models.PositiveSmallIntegerField(default=0)
    supplement_count = models.PositiveSmallIntegerField("số lần bổ sung", default=0)
    supplements_after_receipt = models.PositiveSmallIntegerField(default=0)
    supplement_due_at = models.DateTimeField("hạn bổ sung", null=True)
    fee_amount = models.PositiveIntegerField("phí, lệ phí (đồng)", default=0)
    fee_paid_at = models.DateTimeField(null=True)
    fee_deferred = models.BooleanField(default=False)
    fee_receipt_no = models.CharField("biên lai", max_length=40, blank=True)

    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged = models.JSONField("lý do chấp nhận cảnh báo", default=dict)
    result = models.JSONField("kết quả", default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="dossiers_dossier_code"),
            models.UniqueConstraint(fields=["submission_code"], name="dossiers_dossier_submission_code"),
            models.UniqueConstraint(NullIf("external_code", Value("")), name="dossiers_dossier_external_code"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, code__isnull=True, due_at__isnull=True)
                | Q(received_at__isnull=False, code__isnull=False, due_at__isnull=False),
                name="dossiers_dossier_receipt_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("received_at")), name="dossiers_dossier_due_after"
            ),
            models.CheckConstraint(condition=Q(extension_count__lte=1), name="dossiers_dossier_extended_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(prepared_by__isnull=True)
                | ~Q(approved_by=F("prepared_by")),
                name="dossiers_dossier_signer_not_preparer",
            ),
        ]
        # None has a condition: the planner would try to prove it from each alternative of what one may see, which takes
        # longer than every query on this table (ADR 0126).
        indexes = [
            models.Index(fields=["resolving_unit", "state", "due_at"], name="dossiers_dossier_worklist"),
            models.Index(fields=["receiving_unit", "state"], name="dossiers_dossier_desk"),
            models.Index(fields=["assigned_to", "state"], name="dossiers_dossier_assigned"),
            models.Index(fields=["applicant_user", "-created_at"], name="dossiers_dossier_own"),
            models.Index(fields=["applicant_key", "procedure"], name="dossiers_dossier_applicant"),
            models.Index(fields=["received_at"], name="dossiers_dossier_received"),
            models.Index(fields=["fee_paid_at"], name="dossiers_dossier_fee_paid"),
            models.Index(fields=["represented_number"], name="dossiers_dossier_represented"),
            models.Index(fields=["external_code"], name="dossiers_dossier_external"),
            models.Index(fields=["-created_at", "-id"], name="dossiers_dossier_newest"),
        ]

    def __str__(self) -> str:
        return self.reference or "hồ sơ nháp"

    @property
    def reference(self) -> str:
        """What people call it by: its code; before receipt the code of its submission; nothing for a draft."""
        return self.code or self.submission_code or ""

    @property
    def is_paused(self) -> bool:
        return self.overlay in rules.PAUSES

    @property
    def is_extended(self) -> bool:
        return self.extension_count > 0

    @property
    def is_ended(self) -> bool:
        return self.state in rules.TERMINAL

    @property
    def overlays(self) -> tuple[rules.Overlay, ...]:
        """Everything that lies over the step now."""
        found = [rules.Overlay(self.overlay)] if self.overlay else []
        return (*found, rules.Overlay.EXTENDED) if self.is_extended else tuple(found)

    @property
    def represents(self) -> Representation | None:
        """For whom it is filed, where that is not the filer."""
        return None if self.representation is None else Representation.model_validate(self.representation)

    @property
    def components(self) -> list[dict[str, Any]]:
        """The papers that it needs: those of its procedure, and those of filing for another."""
        return components(self.represents, self.procedure.components)

    @property
    def posted_to(self) -> PostTo | None:
        """Where its result goes by post."""
        return None if self.post_to is None else PostTo.model_validate(self.post_to)

    @property
    def handler(self) -> ProcedureHandler:
        """:raises NotHandledOnline: no module handles this procedure."""
        handler = self.procedure.declared_handler
        if handler is None:
            raise rules.NotHandledOnline(name=self.procedure.name)
        return handler

    @property
    def levels(self) -> Levels:
        """By which permissions it is handled.

        :raises NotHandledOnline: no module handles this procedure.
        """
        levels = self.procedure.levels
        if levels is None:
            raise rules.NotHandledOnline(name=self.procedure.name)
        return levels

    def form_pages(self) -> tuple[FormPage, ...]:
        """The pages of its declaration, by its version of the procedure."""
        return self.handler.form_pages(self.procedure)

    def form_page(self, code: str) -> FormPage | None:
        return next((page for page in self.form_pages() if page.code == code), None)

    def answers_model(self) -> type[BaseModel]:
        """The model of its whole declaration, by its version of the procedure."""
        return self.handler.answers_model(self.procedure)


class Event(models.Model):
    """One entry of the dossier's log: who did what when, from which step to which. Append-only, by a trigger."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField("lúc")
    recorded_at = models.DateTimeField(db_default=Now())
    action = models.CharField("việc", max_length=20, choices=Choices.ACTIONS)
    from_state = models.CharField(max_length=20, choices=Choices.STATES)
    to_state = models.CharField(max_length=20, choices=Choices.STATES)
    from_overlay = models.CharField(max_length=24, blank=True)
    to_overlay = models.CharField(max_length=24, blank=True)
    level = models.SmallIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField("người thực hiện", max_length=200)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    to_name = models.CharField("người nhận", max_length=200, blank=True)
    note = models.TextField("ý kiến", blank=True)
    reasons = models.JSONField("lý do", default=list)
    facts = models.JSONField(default=dict)
    form = models.CharField("mẫu số", max_length=4, blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dossier", "seq"]
        constraints = [models.UniqueConstraint(fields=["dossier", "seq"], name="dossiers_event_seq")]
        indexes = [models.Index(fields=["action", "at"], name="dossiers_event_action")]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.seq} {self.action}"

    @property
    def title(self) -> str:
        return rules.ACTION_TITLES[rules.Action(self.action)]


class InstantRange(Func):
    """The range of instants of a row, without its end unless told otherwise; an open end lasts for ever."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Pause(models.Model):
    """A stretch in which the clock stood still. Never two at once."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=24, choices=Choices.OVERLAYS)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="dossiers_pause_order"
            ),
            models.UniqueConstraint(fields=["dossier"], condition=Q(ended_at__isnull=True), name="dossiers_pause_one"),
            ExclusionConstraint(
                name="dossiers_pause_no_overlap",
                expressions=[
                    ("dossier", RangeOperators.EQUAL),
                    (InstantRange("started_at", "ended_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.kind} {self.started_at}"


# After its beginning, up to and with its end: an instant is in one stretch of a dossier at most.
ALL_OF_IT = RangeBoundary(inclusive_lower=False, inclusive_upper=True)


class Custody(models.Model):
    """The stretch in which one unit owed the answer: from receipt or transfer in, to the result or another end.

    Statistics count these rows, so that received + carried over + transferred in always equals what ended + what is
    pending: each row has one beginning and at most one end. How long the office took is counted once, when it ends, by
    the calendar of that day (:mod:`.handling`): a day off that is decreed later changes no figure of what was done.

    ``channel``, ``procedure``: the dossier's, fixed since its receipt; ``verdict``, ``original_verdict``,
    ``electronic``: of the result in which it ended. They stand here as well, so that what came and went is counted by
    these rows alone.
    """

    class Came(models.TextChoices):
        RECEIPT = "receipt", "Tiếp nhận"
        TRANSFER = "transfer", "Chuyển đến"

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "Đã giải quyết"
        REFUSED = "refused", "Từ chối"
        STOPPED = "stopped", "Dừng giải quyết"
        WITHDRAWN = "withdrawn", "Rút hồ sơ"
        TRANSFERRED = "transferred", "Chuyển đi"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="custodies")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    came = models.CharField(max_length=8, choices=Came.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    channel = models.CharField("kênh nộp", max_length=14, choices=Dossier.Channel.choices)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Choices.VERDICTS, blank=True)
    original_verdict = models.CharField(max_length=8, choices=Choices.VERDICTS, blank=True)
    electronic = models.BooleanField("có kết quả điện tử", default=False)
    handling_hours = models.FloatField("giờ làm việc", null=True)
    handling_days = models.PositiveIntegerField("ngày làm việc", null=True)
    paused_hours = models.FloatField("giờ tạm dừng", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True, outcome="") | (Q(until__isnull=False) & ~Q(outcome="")),
                name="dossiers_custody_end_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    until__isnull=True, handling_hours__isnull=True, handling_days__isnull=True,
                    paused_hours__isnull=True,
                ) | Q(
                    until__isnull=False, handling_hours__gte=0, handling_days__gte=0, paused_hours__gte=0,
                ),
                name="dossiers_custody_end_measured",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="resolved") & ~Q(verdict="") & ~Q(original_verdict=""))
                | (~Q(outcome="resolved") & Q(verdict="", original_verdict="")),
                name="dossiers_custody_end_judged",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="dossiers_custody_order"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(until__isnull=True), name="dossiers_custody_one_open"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(came="receipt"), name="dossiers_custody_one_receipt"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "since"], name="dossiers_custody_since"),
            models.Index(fields=["unit", "until"], name="dossiers_custody_until"),
            GistIndex(InstantRange("since", "until", ALL_OF_IT), name="dossiers_custody_stretch"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} @ {self.unit_id}"


class Attachment(models.Model):
    """One paper of the dossier: a file, a paper seen at the counter, a look-up in a database, a result of before.

    ``lookup`` of a result from the applicant's store: ``{document, code, title, sha256, issued_by, taken_at}``.
    """

    class Source(models.TextChoices):
        FILE = "file", "Tệp điện tử"
        PAPER = "paper", "Bản giấy"
        LOOKUP = "lookup", "Tra cứu cơ sở dữ liệu"
        STORE = "store", "Lấy từ kho kết quả"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attachments")
    component = models.CharField("thành phần", max_length=60)
    source = models.CharField(max_length=8, choices=Source.choices)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    lookup = models.JSONField(null=True)
    is_original = models.BooleanField("bản chính", default=False)
    copies = models.PositiveSmallIntegerField("số bản", default=1)
    note = models.CharField(max_length=300, blank=True)
    added_by_id = models.UUIDField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source="file", file__isnull=False, lookup__isnull=True)
                | Q(source="paper", file__isnull=True, lookup__isnull=True)
                | Q(source="store", file__isnull=False, lookup__isnull=False)
                | Q(source="lookup", lookup__isnull=False),
                name="dossiers_attachment_source",
            ),
        ]
        indexes = [models.Index(fields=["dossier", "component"], name="dossiers_attachment_of")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.component}"


class SignedScan(models.Model):
    """The scan of a paper that bears signatures by hand, of one dossier: attached by one, verified by another.

    ``original`` names it among the ``originals`` of the procedure. One that was sent back stays with its reason.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="signed_scans")
    original = models.CharField("giấy tờ", max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("đính kèm lúc")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField("kiểm tra lúc", null=True)
    sent_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField("trả lại lúc", null=True)
    reason = models.CharField("lý do trả lại", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "original"], condition=Q(sent_back_at__isnull=True),
                name="dossiers_signedscan_one_living",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | (Q(verified_at__isnull=False, sent_back_at__isnull=True) & ~Q(verified_by=F("added_by"))),
                name="dossiers_signedscan_other_verifies",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True) | (Q(sent_back_by__isnull=False) & ~Q(reason="")),
                name="dossiers_signedscan_back_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.original}"


class Rating(models.Model):
    """What the applicant thought of how the dossier was handled, once, after the result was handed out."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField("mức độ hài lòng")
    words = models.CharField("nhận xét", max_length=1000, blank=True)
    at = models.DateTimeField("lúc")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=rules.FEWEST_STARS, stars__lte=rules.MOST_STARS), name="dossiers_rating_stars"
            ),
        ]
        indexes = [models.Index(fields=["unit", "at"], name="dossiers_rating_unit")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.stars}"

    @property
    def title(self) -> str:
        return rules.STAR_TITLES[self.stars]


class DayCounter(models.Model):
    """The last number given to a dossier of one agency on one day. It only rises, so no code is given twice."""

    agency = models.CharField(max_length=30)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="dossiers_daycounter_key")]

    def __str__(self) -> str:
        return f"{self.agency} {self.day}: {self.last}"

