"""The tables of the desk: papers that end a procedure which no module handles, parcels that carry results."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tuphap.kernel.ids import new_id

from .post.rules import PARCEL_TITLES, ParcelState
from .rules import DECISION_STATES, DECISION_TITLES, DecisionKind, DecisionState


class Decision(models.Model):
    """A paper that answers a dossier: worded by the case officer, numbered and signed by the leader's approval.

    ``paragraphs`` and ``enclosures`` are lists of texts. A number that could not be signed under is given up together
    with its row, which keeps the reason; the wording goes on in a new row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="decisions")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan")
    state = models.CharField(
        "trạng thái", max_length=8, choices=[(s.value, t) for s, t in DECISION_STATES.items()],
        default=DecisionState.DRAFT.value,
    )
    kind = models.CharField("kết quả", max_length=8, choices=[(k.value, t) for k, t in DECISION_TITLES.items()])
    title = models.CharField("tên văn bản", max_length=300)
    paragraphs = models.JSONField("nội dung", default=list)
    enclosures = models.JSONField("kèm theo", default=list)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("soạn lúc")
    reserved = models.ForeignKey("numbering.Number", on_delete=models.PROTECT, null=True, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("ngày ký", null=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    failure = models.CharField("lỗi ký số", max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    void_reason = models.CharField("lý do hủy số", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=~Q(state=DecisionState.VOID.value), name="one_stop_decision_one_living"
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.DRAFT.value, reserved__isnull=True, document__isnull=True)
                | (~Q(state=DecisionState.DRAFT.value) & Q(reserved__isnull=False, document__isnull=False,
                                                     signer__isnull=False, decided_on__isnull=False)),
                name="one_stop_decision_numbered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.VOID.value) | ~Q(void_reason=""), name="one_stop_decision_void_reason"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="one_stop_decision_unit")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    @property
    def number(self) -> str:
        return self.reserved.display if self.reserved is not None else ""

    @property
    def is_granted(self) -> bool:
        return self.kind == DecisionKind.GRANTED


class Parcel(models.Model):
    """A result on its way by post: to whom, under which number, and how it ended. ``to`` is the address of its day."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="parcels")
    tracking_no = models.CharField("số vận đơn", max_length=20)
    to = models.JSONField("nơi nhận")
    state = models.CharField(
        "trạng thái", max_length=9, choices=[(s.value, t) for s, t in PARCEL_TITLES.items()],
        default=ParcelState.HANDED.value,
    )
    handed_at = models.DateTimeField("giao bưu chính lúc")
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("phát, chuyển hoàn lúc", null=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tracking_no"], name="one_stop_parcel_tracking"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state=ParcelState.HANDED.value), name="one_stop_parcel_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state=ParcelState.HANDED.value, ended_at__isnull=True)
                | (~Q(state=ParcelState.HANDED.value) & Q(ended_at__isnull=False)),
                name="one_stop_parcel_end_dated",
            ),
        ]
        indexes = [models.Index(fields=["handed_at"], name="one_stop_parcel_handed")]

    def __str__(self) -> str:
        return f"{self.tracking_no} {self.state}"
