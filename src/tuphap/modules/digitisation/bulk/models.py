"""Files that were taken in, how their columns are met, and the rows that were set aside."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tuphap.kernel.ids import new_id
from tuphap.modules.civil_status import public as register
from tuphap.shared.operation.integrity import constraint_means

from . import rules
from .rules import BatchState, Shape

_SHAPES = [(shape.value, title) for shape, title in rules.SHAPE_TITLES.items()]


class Mapping(models.Model):
    """How the columns of a tool's files are met, kept under a name for the next file. ``columns``: header → place."""

    name = models.CharField("tên", max_length=100, unique=True)
    what = models.CharField("loại việc", max_length=40, choices=register.ENTRY_TITLES)
    shape = models.CharField("mỗi dòng là", max_length=6, choices=_SHAPES, default=Shape.ENTRY.value)
    columns = models.JSONField("ghép cột", default=dict)
    kept_at = models.DateTimeField("lưu lúc")
    kept_by = models.CharField("người lưu", max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A file that is taken in. ``unit``: the office that answers for it; ``office_code``: whose entries they all are.

    ``done``: chunks of the file that have been dealt with, each in one transaction with the counts beside it: loaded
    (new entries), joined (entries of the manifest that now have content), same (there already, word for word), aside
    (set aside), remarked (loaded with remarks), skipped (other kinds of acts), mended (rows of other files that came
    right by this one).
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField("mã băm của tệp", max_length=64)
    name = models.CharField("tên tệp", max_length=200)
    told = models.CharField("dạng tệp", max_length=100)
    headers = models.JSONField("tiêu đề cột", default=list)
    rows = models.PositiveIntegerField("số dòng")
    chunk = models.PositiveIntegerField("số dòng mỗi lượt")
    what = models.CharField("loại việc", max_length=40, choices=register.ENTRY_TITLES)
    shape = models.CharField("mỗi dòng là", max_length=6, choices=_SHAPES, default=Shape.ENTRY.value)
    columns = models.JSONField("ghép cột", default=dict)
    office_code = models.CharField("mã cơ quan của cả tệp", max_length=30, blank=True)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị nạp")
    state = models.CharField(
        "trạng thái", max_length=9, choices=[(s.value, title) for s, title in rules.STATE_TITLES.items()],
        default=BatchState.MAPPING.value,
    )
    done = models.PositiveIntegerField("lượt đã xong", default=0)
    loaded = models.PositiveIntegerField("nạp mới", default=0)
    joined = models.PositiveIntegerField("nạp vào việc đã có bản quét", default=0)
    same = models.PositiveIntegerField("đã có, giống hệt", default=0)
    aside = models.PositiveIntegerField("tách ra", default=0)
    remarked = models.PositiveIntegerField("nạp có lưu ý", default=0)
    skipped = models.PositiveIntegerField("loại việc khác", default=0)
    mended = models.PositiveIntegerField("dòng đã sửa", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField("người nạp", max_length=200)
    chosen_at = models.DateTimeField("chọn tệp lúc")
    started_at = models.DateTimeField("bắt đầu lúc", null=True)
    ended_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        ordering = ["-chosen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "what"], condition=~Q(state=BatchState.WITHDRAWN.value),
                name="digitisation_batch_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.MAPPING.value, BatchState.WITHDRAWN.value], done=0)
                | Q(started_at__isnull=False), name="digitisation_batch_started",
            ),
        ]
        indexes = [models.Index(fields=["unit", "chosen_at"], name="digitisation_batch_list")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("digitisation:import", args=[self.pk])

    @property
    def kind(self) -> register.EntryKind:
        return register.ENTRY_KINDS[self.what]

    @property
    def chunks(self) -> int:
        return -(-self.rows // self.chunk)

    @property
    def rows_done(self) -> int:
        return min(self.rows, self.done * self.chunk)

    @property
    def percent(self) -> int:
        return self.rows_done * 100 // self.rows if self.rows else 100

    @property
    def state_title(self) -> str:
        return rules.STATE_TITLES[BatchState(self.state)]

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return rules.STATE_TONES[BatchState(self.state)]

    @property
    def is_mapping(self) -> bool:
        return self.state == BatchState.MAPPING

    @property
    def is_running(self) -> bool:
        return self.state == BatchState.RUNNING

    @property
    def is_paused(self) -> bool:
        return self.state == BatchState.PAUSED


class FaultyRow(models.Model):
    """A row in which something was found: set aside with all its cells, or loaded with a remark.

    ``cells``: header → text, of a row that was set aside. ``mended_by``: the file in which it came back.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="faulty", db_index=False)
    row = models.PositiveIntegerField("dòng")
    is_aside = models.BooleanField("tách ra")
    cells = models.JSONField("ô của dòng", default=dict)
    faults = models.JSONField("lỗi", default=list)
    mended_by = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="mends", db_index=False, verbose_name="sửa ở tệp"
    )

    class Meta:
        ordering = ["batch", "row"]
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="digitisation_faultyrow_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.row}"

    @property
    def told(self) -> list[tuple[str, str]]:
        """Where and what, in words."""
        return [(rules.where(self.row, found), rules.message(found)) for found in self.faults]


class ImportedBook(models.Model):
    """That a book stands in the manifest because a file had entries of it: its numbers grow with what is loaded."""

    book = models.OneToOneField(
        "digitisation.Book", on_delete=models.PROTECT, primary_key=True, related_name="imported"
    )
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="books")

    def __str__(self) -> str:
        return str(self.book_id)


constraint_means("digitisation_batch_once", lambda: rules.AnotherMapping())
constraint_means(
    "digitisation_mapping_name_key", lambda: rules.BadMapping(field="name", what="Đã có cách ghép tên này.")
)
