"""What the police share of the province's people, who of civil status is whom, and what does not agree.

The mirror is never written but by what the police send. A ticket keeps both values of every field as they were when it
was opened; its states and its steps are held by triggers (``migrations/guards.sql``).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.integrity import constraint_means

from . import comparison, rules
from .comparison import Life
from .rules import BatchState, Choice, Klass, LifeConflict, LinkState, State


def _choices(titles: dict[Any, str]) -> list[tuple[str, str]]:
    return [(code.value, title) for code, title in titles.items()]


# Sets have no order, and a constraint is the same only as long as its text is.
_OVER, _FOUR_EYES, _WITHOUT_REASON = (
    sorted(str(one) for one in words) for words in (rules.OVER, rules.FOUR_EYES, rules.WITHOUT_REASON))


class PopulationRecord(models.Model):
    """One person as the population database has them; ``version`` counts its changes there, ``sequence`` all of theirs.

    ``key`` is their own name of the record: one person may have two, until they are merged. ``born_on`` as
    :class:`~tuphap.shared.people.api.PartialDate` writes it.
    """

    key = models.CharField("mã bản ghi", max_length=40, unique=True)
    number = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    old_number = models.CharField("số chứng minh nhân dân", max_length=12, blank=True)
    name = models.CharField("họ, chữ đệm, tên", max_length=100)
    search_key = models.CharField(max_length=150)
    sex = models.CharField("giới tính", max_length=6, blank=True)
    born_on = models.CharField("ngày sinh", max_length=10, blank=True)
    born_year = models.PositiveSmallIntegerField(null=True)
    father = models.CharField("họ tên cha", max_length=100, blank=True)
    mother = models.CharField("họ tên mẹ", max_length=100, blank=True)
    birth_place = models.CharField("nơi sinh", max_length=400, blank=True)
    residence = models.CharField("nơi thường trú", max_length=400, blank=True)
    residence_code = models.CharField("mã đơn vị nơi thường trú", max_length=5, blank=True)
    state = models.CharField(
        "tình trạng", max_length=6, choices=_choices(rules.LIFE_TITLES), default=Life.ALIVE.value)
    died_on = models.DateField("ngày chết", null=True)
    merged_into = models.CharField("đã hợp nhất vào", max_length=40, blank=True)
    version = models.PositiveIntegerField("lần sửa")
    sequence = models.BigIntegerField("thứ tự thay đổi")
    taken_at = models.DateTimeField("nhận lúc")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=r"^[0-9]{12}$"), name="population_record_number"),
            models.CheckConstraint(
                condition=Q(state=Life.MERGED.value) ^ Q(merged_into=""), name="population_record_merged"),
        ]
        indexes = [
            models.Index(fields=["number"], condition=~Q(number=""), name="population_record_by_number"),
            models.Index(fields=["search_key", "born_on"], name="population_record_same"),
            models.Index(fields=["residence_code", "born_year"], name="population_record_lives"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.version})"

    @property
    def told(self) -> comparison.Told:
        return comparison.Told(
            name=self.name, sex=self.sex, born_on=self.born_on, father=self.father, mother=self.mother,
            number=self.number,
        )

    @property
    def life(self) -> str:
        return rules.LIFE_TITLES[Life(self.state)]


class Feed(models.Model):
    """How far we have taken in what a source has changed: the sequence of its last change that is here."""

    source = models.CharField(max_length=20, unique=True)
    sequence = models.BigIntegerField(default=0)
    pulled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} {self.sequence}"


class Batch(models.Model):
    """One matching run over the registered acts of some offices, kinds and years. Killed, it goes on where it was.

    ``place``: how many of the engine's results are entered; ``counts``: people, and how they were decided and classed.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    units = ArrayField(models.BigIntegerField(), verbose_name="các đơn vị")
    kinds = ArrayField(models.CharField(max_length=5), verbose_name="loại sổ")
    year_from = models.PositiveSmallIntegerField("từ năm")
    year_to = models.PositiveSmallIntegerField("đến năm")
    state = models.CharField(
        "trạng thái", max_length=8, choices=_choices(rules.BATCH_TITLES), default=BatchState.QUEUED.value)
    stage = models.CharField("đang làm", max_length=100, blank=True)
    percent = models.PositiveSmallIntegerField("phần trăm", default=0)
    place = models.PositiveIntegerField(default=0)
    counts = models.JSONField("kết quả", default=dict)
    sequence = models.BigIntegerField("dữ liệu dân cư đến thay đổi số", default=0)
    failure = models.CharField("lỗi", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_by_name = models.CharField("người lập", max_length=100)
    begun_at = models.DateTimeField("lập lúc")
    ended_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state__in=[BatchState.QUEUED.value, BatchState.RUNNING.value]),
                name="population_batch_alone"),
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="population_batch_years"),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.DONE.value, BatchState.FAILED.value], ended_at__isnull=False)
                | (Q(state__in=[BatchState.QUEUED.value, BatchState.RUNNING.value]) & Q(ended_at__isnull=True)),
                name="population_batch_ended"),
        ]
        indexes = [models.Index(fields=["unit", "-begun_at"], name="population_batch_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year_from}–{self.year_to}"

    def get_absolute_url(self) -> str:
        return reverse("population:batch", args=[self.pk])

    @property
    def state_title(self) -> str:
        return rules.BATCH_TITLES[BatchState(self.state)]

    @property
    def state_tone(self) -> str:
        return rules.BATCH_TONES[BatchState(self.state)]

    @property
    def kind_titles(self) -> str:
        return ", ".join(rules.KIND_TITLES[kind].lower() for kind in self.kinds)

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


class Link(models.Model):
    """That a person of an act is probably, surely or not the one of a record; ``record`` None: none was found.

    ``findings``: what spoke for and against, as the engine explains it. ``unit`` and ``year`` are the act's.
    """

    party = models.ForeignKey("civil_status.Party", on_delete=models.PROTECT, related_name="+", verbose_name="người")
    act = models.ForeignKey("civil_status.Act", on_delete=models.PROTECT, related_name="+", verbose_name="việc")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    kind = models.CharField("loại sổ", max_length=5)
    year = models.PositiveSmallIntegerField("năm")
    record = models.ForeignKey(PopulationRecord, on_delete=models.PROTECT, null=True, related_name="links")
    probability = models.FloatField("xác suất", default=0)
    klass = models.CharField("nhóm", max_length=1, choices=_choices(rules.KLASS_TITLES))
    differs = ArrayField(models.CharField(max_length=10), default=list, verbose_name="mục khác nhau")
    findings = models.JSONField("căn cứ", default=list)
    state = models.CharField("trạng thái", max_length=10, choices=_choices(rules.LINK_TITLES))
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="links")
    matched_at = models.DateTimeField("đối chiếu lúc")
    decided_at = models.DateTimeField("xác nhận lúc", null=True)
    decided_by = models.CharField("người xác nhận", max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(state__in=[str(state) for state in rules.LIVE]),
                name="population_link_one"),
            models.CheckConstraint(
                condition=Q(record__isnull=False) | ~Q(state=LinkState.CONFIRMED.value), name="population_link_record"),
        ]
        indexes = [
            models.Index(fields=["unit", "year", "klass"], name="population_link_figures"),
            models.Index(fields=["act"], name="population_link_act"),
            models.Index(fields=["matched_at"], name="population_link_matched"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} – {self.record_id}"

    @property
    def state_title(self) -> str:
        return rules.LINK_TITLES[LinkState(self.state)]


class Ticket(models.Model):
    """One discrepancy, from its finding to its end. ``subject`` names what does not agree: one open ticket each.

    ``compared``: both values of every field (:meth:`comparison.Compared.plain`). ``choice``, ``right``, ``minutes``,
    ``reason`` are what was decided or, while ``proposed_by`` waits for another's eyes, what is proposed.
    """

    subject = models.CharField(max_length=60)
    klass = models.CharField("nhóm", max_length=1, choices=_choices(rules.KLASS_TITLES))
    conflict = models.CharField("xung đột", max_length=20, blank=True, choices=_choices(rules.CONFLICT_TITLES))
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    kind = models.CharField("loại sổ", max_length=5, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True)
    party = models.ForeignKey("civil_status.Party", on_delete=models.PROTECT, null=True, related_name="+")
    act = models.ForeignKey("civil_status.Act", on_delete=models.PROTECT, null=True, related_name="+")
    other_act = models.ForeignKey("civil_status.Act", on_delete=models.PROTECT, null=True, related_name="+")
    record = models.ForeignKey(PopulationRecord, on_delete=models.PROTECT, null=True, related_name="tickets")
    other_record = models.ForeignKey(PopulationRecord, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField("về", max_length=100)
    compared = models.JSONField("hai bên", default=list)
    differs = ArrayField(models.CharField(max_length=10), default=list, verbose_name="mục khác nhau")
    state = models.CharField(
        "trạng thái", max_length=20, choices=_choices(rules.STATE_TITLES), default=State.OPEN.value)
    since = models.DateTimeField("ở trạng thái này từ")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateField("hạn")
    opened_at = models.DateTimeField("mở lúc")
    closed_at = models.DateTimeField("xong lúc", null=True)
    choice = models.CharField("cách xử lý", max_length=12, blank=True, choices=_choices(rules.CHOICE_TITLES))
    right = models.JSONField("theo sổ", default=dict)
    reason = models.CharField("lý do, căn cứ", max_length=500, blank=True)
    minutes = models.CharField("biên bản đối chiếu", max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by_name = models.CharField("người đề xuất", max_length=100, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by_name = models.CharField("người xác nhận", max_length=100, blank=True)
    message_id = models.UUIDField("thông điệp", null=True)
    verdict = models.CharField("trả lời của công an", max_length=14, blank=True, choices=_choices(rules.VERDICT_TITLES))
    verdict_note = models.CharField("lý do của công an", max_length=500, blank=True)
    verdict_at = models.DateTimeField("trả lời lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state__in=[str(state) for state in rules.WAITING]),
                name="population_ticket_once"),
            models.CheckConstraint(condition=~Q(klass=Klass.A.value), name="population_ticket_klass"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, state__in=_OVER)
                | (Q(closed_at__isnull=True) & ~Q(state__in=_OVER)),
                name="population_ticket_closed"),
            models.CheckConstraint(  # four eyes
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="population_ticket_four_eyes"),
            models.CheckConstraint(
                condition=~Q(klass__in=_FOUR_EYES) | Q(choice="")
                | Q(state__in=[State.OPEN.value, State.WITH_JUSTICE.value])
                | Q(proposed_by__isnull=False, confirmed_by__isnull=False),
                name="population_ticket_confirmed"),
            models.CheckConstraint(
                condition=Q(choice__in=["", *_WITHOUT_REASON]) | ~Q(reason=""),
                name="population_ticket_reason"),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "klass", "due"], name="population_ticket_list"),
            models.Index(fields=["opened_at"], name="population_ticket_opened"),
            models.Index(fields=["closed_at"], name="population_ticket_closed_at"),
            models.Index(fields=["message_id"], condition=Q(message_id__isnull=False), name="population_ticket_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.klass}"

    def get_absolute_url(self) -> str:
        return reverse("population:ticket", args=[self.pk])

    @property
    def code(self) -> str:
        return f"ĐC-{self.pk:06d}"

    @property
    def fields(self) -> tuple[comparison.Compared, ...]:
        return comparison.from_plain(self.compared)

    @property
    def klass_title(self) -> str:
        return rules.KLASS_TITLES[Klass(self.klass)]

    @property
    def klass_tone(self) -> str:
        return rules.KLASS_TONES[Klass(self.klass)]

    @property
    def state_title(self) -> str:
        return rules.STATE_TITLES[State(self.state)]

    @property
    def state_tone(self) -> str:
        return rules.STATE_TONES[State(self.state)]

    @property
    def conflict_title(self) -> str:
        return rules.CONFLICT_TITLES[LifeConflict(self.conflict)] if self.conflict else ""

    @property
    def choice_title(self) -> str:
        return rules.CHOICE_TITLES[Choice(self.choice)] if self.choice else ""

    @property
    def differing(self) -> str:
        """The fields that differ, in words."""
        told = [comparison.FIELD_TITLES[field].lower() for field in self.differs]
        return self.conflict_title or ", ".join(told)

    @property
    def is_over(self) -> bool:
        return self.state in rules.OVER

    @property
    def is_proposed(self) -> bool:
        """A decision that waits for another's eyes."""
        return self.state == State.WITH_JUSTICE and bool(self.choice) and self.confirmed_by_id is None

    @property
    def may_be_decided(self) -> bool:
        return self.state in rules.DECIDABLE and not self.is_proposed

    def is_late(self, today: date) -> bool:
        return not self.is_over and self.due < today


class Evidence(models.Model):
    """A file kept with a ticket: the joint minutes, a paper that the citizen brought."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    words = models.CharField("là gì", max_length=200)
    added_at = models.DateTimeField("thêm lúc")
    added_by = models.CharField("người thêm", max_length=100)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.words


class Step(models.Model):
    """One thing that happened to a ticket: who, when, what was said. Never changed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, choices=_choices(rules.STATE_TITLES))
    title = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.title}"


constraint_means("population_batch_alone", rules.BatchRuns)
constraint_means("population_batch_years", rules.YearsBackwards)
constraint_means("population_ticket_four_eyes", rules.ProposerConfirms)
constraint_means("population_ticket_reason", rules.ReasonRequired)
