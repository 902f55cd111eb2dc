"""The desk's own tables: papers that end a procedure which no module handles, parcels, and the lists of hand-overs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.api import constraint_means

from .post.rules import PARCEL_TITLES, ParcelState
from .rules import (
    DECISION_STATES,
    DECISION_TITLES,
    TAKEN_TITLES,
    WAY_TITLES,
    DecisionKind,
    DecisionState,
    HandedOverAlready,
    Taken,
)


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


class HandOver(models.Model):
    """A list of dossiers whose papers somebody hands to somebody else, numbered by office and year, signed by both.

    ``to_person`` empty: whoever of the office may take them. What it hands over is a step of each dossier's log, which
    its lines name; nothing that the log tells is told here again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=10, choices=[(w.value, t) for w, t in WAY_TITLES.items()])
    from_unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="bên giao")
    to_unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="bên nhận")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reserved = models.ForeignKey("numbering.Number", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField("ký nhận lúc", null=True)
    cancelled_at = models.DateTimeField("hủy lúc", null=True)
    cancel_reason = models.CharField("lý do hủy", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | (Q(taken_at__isnull=False, cancelled_at__isnull=True) & ~Q(taken_by=F("made_by"))),
                name="one_stop_hand_over_two_people",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""), name="one_stop_hand_over_cancel_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["to_unit", "-made_at"], name="one_stop_hand_over_to"),
            models.Index(fields=["from_unit", "-made_at"], name="one_stop_hand_over_from"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return self.reserved.display

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.cancelled_at is None

    @property
    def state_title(self) -> str:
        if self.cancelled_at is not None:
            return "Đã hủy"
        return "Đã ký nhận" if self.taken_at is not None else "Chờ ký nhận"

    @property
    def to_name(self) -> str:
        return self.to_person.full_name if self.to_person is not None else self.to_unit.name


class HandOverLine(models.Model):
    """One dossier of a list: the step by which it came into the giver's hands, and whether it was taken over.

    ``due_at``: until when it had to be handed over. A dossier goes each way once: one that was left behind may be
    put on another list.
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField("thứ tự")
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="hand_overs")
    way = models.CharField(max_length=10, choices=[(w.value, t) for w, t in WAY_TITLES.items()])
    step = models.ForeignKey("dossiers.Event", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("phải bàn giao trước")
    taken = models.CharField(
        max_length=8, choices=[(k.value, t) for k, t in TAKEN_TITLES.items()], default=Taken.WAITING.value
    )
    reason = models.CharField("lý do không nhận", max_length=300, blank=True)

    class Meta:
        ordering = ["hand_over", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "way"], condition=~Q(taken=Taken.LEFT.value), name="one_stop_hand_over_line_once"
            ),
            models.UniqueConstraint(fields=["hand_over", "place"], name="one_stop_hand_over_line_place"),
            models.CheckConstraint(
                condition=~Q(taken=Taken.LEFT.value) | ~Q(reason=""), name="one_stop_hand_over_line_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.place}"

    @property
    def is_late(self) -> bool:
        return self.hand_over.made_at > self.due_at

    @property
    def is_waiting(self) -> bool:
        return self.taken == Taken.WAITING

    @property
    def is_left(self) -> bool:
        return self.taken == Taken.LEFT


constraint_means("one_stop_hand_over_line_once", lambda: HandedOverAlready(codes="vừa chọn"))
