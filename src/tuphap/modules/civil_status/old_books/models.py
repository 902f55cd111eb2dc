"""An entry of an old book on its way into the register: as transcribed, with the scan of its page."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.integrity import constraint_means

from .. import rules as register
from . import declare, rules
from .rules import EntryState

_SCANNED = [str(EntryState.PROPOSED), str(EntryState.ENTERED)]


class OldEntry(models.Model):
    """One entry. ``unit`` had the book, or keeps it now where ``stands_for``; ``office_name`` is as written in it.

    ``written_by``: keys of the accounts that wrote in it; none of them confirms it. ``content``: part → place →
    :class:`rules.Written`. ``returned``: ``part.place`` → why. ``dossier``: whose request led to it.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    what = models.CharField(
        "loại việc", max_length=40, choices=[(code, kind.title) for code, kind in declare.KINDS.items()]
    )
    kind = models.CharField(
        "loại sổ", max_length=5, choices=[(code.value, title) for code, title in register.BOOK_TITLES.items()]
    )
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị có sổ")
    office_name = models.CharField("cơ quan đăng ký (ghi trong sổ)", max_length=200)
    stands_for = models.BooleanField("đơn vị chỉ giữ sổ", default=False)
    year = models.PositiveSmallIntegerField("năm mở sổ")
    volume = models.CharField("quyển số", max_length=3)
    number = models.CharField("số", max_length=5)
    registered_on = models.DateField("ngày đăng ký")
    content = models.JSONField("nội dung", default=dict)
    notes = models.JSONField("ghi chú bên lề", default=list)
    scan = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        "trạng thái", max_length=10, choices=[(s.value, title) for s, title in rules.STATE_TITLES.items()],
        default=EntryState.DRAFT.value,
    )
    returned = models.JSONField("lý do trả lại", default=dict)
    state_reason = models.CharField("lý do", max_length=500, blank=True)
    day_reason = models.CharField("lý do về ngày đăng ký", max_length=500, blank=True)
    duplicate_reason = models.CharField("căn cứ không trùng", max_length=500, blank=True)
    transcriber = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người chép"
    )
    transcriber_name = models.CharField("người chép", max_length=100)
    written_by = models.JSONField(default=list)
    confirmer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người xác nhận"
    )
    confirmer_name = models.CharField("người xác nhận", max_length=100, blank=True)
    act = models.OneToOneField(
        "civil_status.Act", on_delete=models.PROTECT, null=True, related_name="old_entry", verbose_name="việc hộ tịch"
    )
    dossier = models.ForeignKey(
        "dossiers.Dossier", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="hồ sơ yêu cầu"
    )
    created_at = models.DateTimeField("bắt đầu chép lúc")
    changed_at = models.DateTimeField("sửa lúc")
    proposed_at = models.DateTimeField("trình lúc", null=True)
    entered_at = models.DateTimeField("vào sổ lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "office_name", "kind", "year", "volume", "number"],
                condition=Q(state=EntryState.PROPOSED.value),
                name="civil_status_old_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(volume__regex=r"^[0-9]{2}[A-Z]?$", number__regex=r"^[0-9]{1,4}[A-Z]?$"),
                name="civil_status_old_entry_line",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_SCANNED) | Q(scan__isnull=False, proposed_at__isnull=False),
                name="civil_status_old_entry_scan",
            ),
            models.CheckConstraint(
                condition=Q(state=EntryState.ENTERED.value, act__isnull=False, confirmer__isnull=False,
                            entered_at__isnull=False) & ~Q(confirmer=F("transcriber"))
                | ~Q(state=EntryState.ENTERED.value) & Q(act__isnull=True, confirmer__isnull=True,
                                                         entered_at__isnull=True),
                name="civil_status_old_entry_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=EntryState.WITHDRAWN.value) | ~Q(state_reason=""),
                name="civil_status_old_entry_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "changed_at"], name="civil_status_old_entry_list"),
            models.Index(fields=["kind", "year", "number"], name="civil_status_old_entry_number"),
            models.Index(fields=["entered_at"], name="civil_status_old_entry_entered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.display_number}"

    def get_absolute_url(self) -> str:
        return reverse("civil_status:old_entry", args=[self.pk])

    @property
    def line(self) -> rules.Line:
        return rules.Line(self.office_name, self.stands_for, self.year, self.volume, self.number, self.registered_on)

    @property
    def entry_kind(self) -> declare.EntryKind:
        return declare.KINDS[self.what]

    @property
    def display_number(self) -> str:
        number, suffix = rules.split_number(self.number)
        return f"{number:02d}{suffix}/{self.year}"

    @property
    def office_then(self) -> str:
        """What tells the act apart from those of ``unit`` itself: see :class:`models.Act`."""
        return self.office_name if self.stands_for else ""

    @property
    def book_title(self) -> str:
        return f"{register.BOOK_TITLES[register.BookKind(self.kind)]} năm {self.year}, quyển số {self.volume}"

    @property
    def state_title(self) -> str:
        return rules.STATE_TITLES[EntryState(self.state)]

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return rules.STATE_TONES[EntryState(self.state)]

    @property
    def about(self) -> str:
        """Whom it is about, as far as transcribed."""
        names = (declare.value_at(self.content, f"{role}.name") for role in self.entry_kind.main)
        return " – ".join(name for name in names if name)

    @property
    def is_writable(self) -> bool:
        return self.state in rules.WRITABLE

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


constraint_means("civil_status_old_entry_once", rules.OpenedTwice)
constraint_means("civil_status_old_entry_fixed", rules.EntryFixed)
constraint_means("civil_status_old_entry_confirmed", rules.ConfirmerIsTranscriber)
