"""Books on paper and their entries, from the shelf to the register.

A province has some millions of entries: an entry's row is narrow, with few indexes, and how many entries of a book
stand where is kept in :class:`Count` by the statement that moves them (``migrations/guards.sql``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse

from tuphap.modules.civil_status import public as register
from tuphap.shared.operation.integrity import constraint_means

from . import rules
from .bulk.models import Batch, FaultyRow, ImportedBook  # noqa: F401 - tables of a room of its own
from .rules import State


def _choices(titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(code.value, title) for code, title in titles.items()]


_EMPTY, _NONE = Value({}, models.JSONField()), Value([], models.JSONField())


def _codes(states: frozenset[State]) -> list[str]:
    return sorted(state.value for state in states)


def _person(title: str) -> models.ForeignKey[Any, Any]:
    """Who did a part of the work. Nobody looks for entries by it, so that it has no index."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=title,
    )


class Practice(models.Model):
    """How a province digitises, from a day on: how much is keyed twice, who approves, how scans are named.

    The names of files follow a pattern that no published text confirms; so it is a row with its ground, not a constant.
    """

    valid_from = models.DateField("áp dụng từ", unique=True)
    keyed_twice = models.PositiveSmallIntegerField("tỷ lệ nhập hai lần (%)")
    approver = models.CharField("cấp duyệt", max_length=10, choices=_choices(rules.APPROVER_TITLES))
    name_pattern = models.CharField("mẫu tên tệp quét", max_length=300)
    basis = models.CharField("căn cứ", max_length=300)
    set_at = models.DateTimeField("đặt lúc")
    set_by = models.CharField("người đặt", max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(keyed_twice__lte=100), name="digitisation_practice_share"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"


class Book(models.Model):
    """A book of the manifest. ``unit`` had it, or keeps it where ``stands_for``; ``office_name`` is as written on it.

    ``what``: what its entries record unless one is said to record something else of the same kind of book.
    ``expected``: how many acts it holds by its closing page or by count.
    """

    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị có sổ")
    office_name = models.CharField("cơ quan đăng ký (ghi trên sổ)", max_length=200)
    stands_for = models.BooleanField("đơn vị chỉ giữ sổ", default=False)
    kind = models.CharField("loại sổ", max_length=5, choices=_choices(register.BOOK_TITLES))
    what = models.CharField("loại việc", max_length=40, choices=register.ENTRY_TITLES)
    year = models.PositiveSmallIntegerField("năm mở sổ")
    volume = models.CharField("quyển số", max_length=3)
    first_number = models.PositiveSmallIntegerField("số đầu", default=1)
    last_number = models.PositiveSmallIntegerField("số cuối")
    expected = models.PositiveSmallIntegerField("số việc dự kiến")
    opened_on = models.DateField("ngày mở sổ")
    closed_on = models.DateField("ngày khóa sổ", null=True)
    condition = models.CharField(
        "tình trạng", max_length=10, choices=_choices(rules.CONDITION_TITLES), default=rules.Condition.GOOD.value
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    state = models.CharField(
        "trạng thái", max_length=6, choices=_choices(rules.BOOK_STATE_TITLES), default=rules.BookState.OPEN.value
    )
    entered_at = models.DateTimeField("vào danh mục lúc")
    entered_by = models.CharField("người lập", max_length=200)
    finished_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        ordering = ["unit__sort_key", "kind", "year", "volume", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "office_name", "kind", "year", "volume"], name="digitisation_book_once"
            ),
            models.CheckConstraint(condition=Q(volume__regex=r"^[0-9]{2}[A-Z]?$"), name="digitisation_book_volume"),
            models.CheckConstraint(
                condition=Q(first_number__gte=1, last_number__gte=F("first_number"), last_number__lte=9999),
                name="digitisation_book_numbers",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="digitisation_book_days"
            ),
        ]
        indexes = [models.Index(fields=["kind", "year"], name="digitisation_book_kind")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.year}.{self.volume}"

    def get_absolute_url(self) -> str:
        return reverse("digitisation:book", args=[self.pk])

    @property
    def title(self) -> str:
        return f"{register.BOOK_TITLES[register.BookKind(self.kind)]} năm {self.year}, quyển số {self.volume}"

    @property
    def is_open(self) -> bool:
        return self.state == rules.BookState.OPEN

    @property
    def state_title(self) -> str:
        return rules.BOOK_STATE_TITLES[rules.BookState(self.state)]

    @property
    def condition_title(self) -> str:
        return rules.CONDITION_TITLES[rules.Condition(self.condition)]


class Entry(models.Model):
    """One act of a book. ``content`` is as old books of the register have it: part → place → raw, value, standing.

    ``source``: empty where it was keyed here, else the key of the import that brought it, with no keyer of ours.
    ``hands``: accounts other than ``keyer`` that have keyed in it. ``returned``: ``part.place`` → why. ``notes``: those
    of the margin. ``refused``, ``refused_why``: why the register did not take it; ``duplicate_reason``: why it is to
    take it though the act seems to be there. Rows may be written in bulk (COPY; what is left out has its default in the
    database); the constraints and triggers hold for them as for any other.
    """

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveSmallIntegerField("số")
    number_suffix = models.CharField("chữ sau số", max_length=1, blank=True, db_default="")
    what = models.CharField("loại việc", max_length=40)
    registered_on = models.DateField("ngày đăng ký", null=True)
    state = models.CharField("trạng thái", max_length=11, choices=_choices(rules.STATE_TITLES))
    source = models.CharField("nguồn nhập", max_length=40, blank=True, db_default="")
    scan = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    pages = models.PositiveSmallIntegerField("số trang", null=True)
    content = models.JSONField("nội dung", default=dict, db_default=_EMPTY)
    notes = models.JSONField("ghi chú bên lề", default=list, db_default=_NONE)
    returned = models.JSONField("lý do trả lại", default=dict, db_default=_EMPTY)
    keyed_twice = models.BooleanField("nhập hai lần", default=False, db_default=False)
    keyer = _person("người nhập")
    proofer = _person("người kiểm tra")
    approver = _person("người duyệt")
    hands = ArrayField(models.UUIDField(), null=True)
    scanned_at = models.DateTimeField("quét lúc", null=True)
    keyed_at = models.DateTimeField("nhập lúc", null=True)
    proofed_at = models.DateTimeField("kiểm tra lúc", null=True)
    approved_at = models.DateTimeField("duyệt lúc", null=True)
    transferred_at = models.DateTimeField("chuyển lúc", null=True)
    matched_at = models.DateTimeField("đối sánh lúc", null=True)
    act = models.ForeignKey(
        register.Act, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="việc hộ tịch"
    )
    refused = models.CharField("mã lý do chưa chuyển được", max_length=60, blank=True, db_default="")
    refused_why = models.CharField("lý do chưa chuyển được", max_length=400, blank=True, db_default="")
    duplicate_reason = models.CharField("căn cứ không trùng", max_length=500, blank=True, db_default="")

    class Meta:
        ordering = ["book", "number", "number_suffix"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number", "number_suffix"], name="digitisation_entry_once"),
            models.UniqueConstraint(fields=["act"], condition=Q(act__isnull=False), name="digitisation_entry_act"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=9999, number_suffix__regex=r"^[A-Z]?$"),
                name="digitisation_entry_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SCANNED.value) | Q(scan__isnull=False), name="digitisation_entry_scanned"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_codes(rules.WITH_CONTENT))
                | Q(registered_on__isnull=False, keyed_at__isnull=False) & ~Q(source="")
                | Q(registered_on__isnull=False, keyed_at__isnull=False, keyer__isnull=False, scan__isnull=False),
                name="digitisation_entry_keyed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_codes(rules.WITH_PROOFER), proofer__isnull=False, proofed_at__isnull=False)
                | ~Q(state__in=_codes(rules.WITH_PROOFER)) & Q(proofer__isnull=True),
                name="digitisation_entry_proofed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_codes(rules.WITH_APPROVER), approver__isnull=False, approved_at__isnull=False)
                | ~Q(state__in=_codes(rules.WITH_APPROVER)) & Q(approver__isnull=True),
                name="digitisation_entry_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_codes(rules.WITH_ACT), act__isnull=False, transferred_at__isnull=False)
                | ~Q(state__in=_codes(rules.WITH_ACT)) & Q(act__isnull=True),
                name="digitisation_entry_transferred",
            ),
            models.CheckConstraint(
                condition=(Q(proofer__isnull=True) | Q(keyer__isnull=True) | ~Q(proofer=F("keyer")))
                & (Q(approver__isnull=True) | Q(proofer__isnull=True) | ~Q(approver=F("proofer")))
                & (Q(approver__isnull=True) | Q(keyer__isnull=True) | ~Q(approver=F("keyer"))),
                name="digitisation_entry_three_people",
            ),
        ]
        indexes = [
            models.Index(fields=["scan"], condition=Q(scan__isnull=False), name="digitisation_entry_scan"),
            models.Index(
                fields=["keyer"], condition=Q(state=State.RETURNED.value), name="digitisation_entry_returned"
            ),
            models.Index(
                fields=["approved_at"], condition=Q(approved_at__isnull=False), name="digitisation_entry_of_approval"
            ),
            models.Index(
                fields=["transferred_at"], condition=Q(transferred_at__isnull=False), name="digitisation_entry_of_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.display_number}"

    def get_absolute_url(self) -> str:
        return reverse("digitisation:entry", args=[self.pk])

    @property
    def display_number(self) -> str:
        return f"{self.number:02d}{self.number_suffix}"

    @property
    def state_title(self) -> str:
        return rules.STATE_TITLES[State(self.state)]

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return rules.STATE_TONES[State(self.state)]


class SecondKeying(models.Model):
    """What another keyer made of an entry without seeing the first. ``decided``: path → ``first`` or ``second``."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="second")
    content = models.JSONField("nội dung nhập lần hai")
    registered_on = models.DateField("ngày đăng ký")
    keyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    keyed_at = models.DateTimeField("nhập lúc")
    decided = models.JSONField("kết quả đối chiếu", default=dict)
    decided_at = models.DateTimeField("đối chiếu lúc", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.entry_id}: 2"


class Tally(models.Model):
    """How many places of one kind a keyer has keyed in a book that were held against another's, and how many wrong."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="tallies")
    keyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.CharField("mục", max_length=40)
    checked = models.PositiveIntegerField("số mục đối chiếu", default=0)
    wrong = models.PositiveIntegerField("số mục sai", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "keyer", "place"], name="digitisation_tally_once"),
            models.CheckConstraint(condition=Q(wrong__lte=F("checked")), name="digitisation_tally_part"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}/{self.checked}"


class Count(models.Model):
    """How many entries of a book stand in a state, and how many of them have a scan. Written by the database alone."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="counts")
    state = models.CharField(max_length=11)
    entries = models.IntegerField(default=0)
    with_scan = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "state"], name="digitisation_count_once")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.state}: {self.entries}"


class Claim(models.Model):
    """That somebody is at an entry, so that nobody else is given it; it lapses by itself."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="claim")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField("giữ đến")

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.person_id}"


class ScanIssue(models.Model):
    """Something wrong with a scan, or with the scans of a book; gone when a later look finds it mended."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, null=True, related_name="issues")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField("mã lỗi", max_length=20)
    name = models.CharField("tên tệp", max_length=200)
    folder = models.CharField("thư mục", max_length=300, blank=True)
    what = models.CharField("nội dung", max_length=500)
    found_at = models.DateTimeField("thấy lúc")
    gone_at = models.DateTimeField("hết lúc", null=True)

    class Meta:
        ordering = ["code", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "code", "name"], nulls_distinct=False, condition=Q(gone_at__isnull=True),
                name="digitisation_scanissue_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


class Job(models.Model):
    """Long work: how far it is. Taken up again after a break, it goes on where it stood."""

    kind = models.CharField("loại", max_length=10, choices=_choices(rules.JOB_TITLES))
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, null=True, related_name="jobs")
    total = models.PositiveIntegerField("tổng số")
    done = models.PositiveIntegerField("đã xong", default=0)
    failed = models.PositiveIntegerField("không được", default=0)
    after = models.BigIntegerField("đã làm đến", default=0)  # key of the last entry that was looked at
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField("người chạy", max_length=200)
    begun_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("kết thúc lúc", null=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "book"], condition=Q(ended_at__isnull=True, book__isnull=False),
                name="digitisation_job_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def title(self) -> str:
        return rules.JOB_TITLES[rules.JobKind(self.kind)]

    @property
    def percent(self) -> int:
        return (self.done + self.failed) * 100 // self.total if self.total else 100


constraint_means("digitisation_practice_valid_from_key", lambda: rules.PracticeExists())
constraint_means("digitisation_book_once", lambda: rules.BookExists())
constraint_means("digitisation_entry_once", lambda: rules.EntryExists())
constraint_means("digitisation_entry_act", lambda: rules.WrongState(state=rules.STATE_TITLES[State.TRANSFERRED]))
constraint_means("digitisation_entry_three_people", lambda: rules.OwnWork())
constraint_means("digitisation_entry_fixed", lambda: rules.EntryFixed())
constraint_means("digitisation_job_one_at_a_time", lambda: rules.JobRuns())
