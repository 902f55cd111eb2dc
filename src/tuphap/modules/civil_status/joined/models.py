"""A leg: one agency's part in what a birth or a death sets going."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from . import rules


class Leg(models.Model):
    """One agency's part. It keeps what the agency gave (number, day, amount), and no data of the act's people.

    ``service``: whose part it is; one kind may be asked of two agencies. ``due_at``: when this part is due, None where
    the law sets no time (after a registration that is not joined). ``message_id``: the message last sent.
    ``clinic_code``, ``account``: the clinic, the bank account as an officer has put it right. ``verified``: the office
    has looked into what the police wanted verified. ``amount``: the aid in đồng.
    """

    act = models.ForeignKey("civil_status.Act", on_delete=models.PROTECT, related_name="legs", verbose_name="việc")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="nơi đăng ký")
    kind = models.CharField(
        "nhánh", max_length=10, choices=[(k.value, title) for k, title in rules.LEG_TITLES.items()]
    )
    service = models.CharField(
        "cơ quan", max_length=10, choices=[(k.value, title) for k, title in rules.SERVICE_TITLES.items()]
    )
    place = models.PositiveSmallIntegerField("thứ tự")
    joined = models.BooleanField("thuộc thủ tục liên thông")
    state = models.CharField(
        "trạng thái", max_length=20, choices=[(s.value, title) for s, title in rules.LEG_STATE_TITLES.items()],
        default=rules.LegState.WAITING.value,
    )
    reason = models.CharField("lý do", max_length=500, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    reference = models.CharField("số của kết quả", max_length=100, blank=True)
    in_force_on = models.DateField("có hiệu lực từ", null=True)
    amount = models.PositiveBigIntegerField("số tiền", null=True)
    source = models.CharField("nguồn", max_length=200, blank=True)
    clinic_code = models.CharField("mã cơ sở khám chữa bệnh", max_length=5, blank=True)
    account = models.CharField("số tài khoản", max_length=19, blank=True)
    verified = models.BooleanField("đã xác minh", default=False)
    message_id = models.UUIDField("thông điệp", null=True)
    times_sent = models.PositiveSmallIntegerField("số lần gửi", default=0)
    opened_at = models.DateTimeField("mở lúc")
    due_at = models.DateTimeField("hạn", null=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    finished_at = models.DateTimeField("xong lúc", null=True)
    verdict = models.CharField("so với hạn", max_length=8, blank=True)
    ended_by = models.CharField("người kết thúc", max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "kind", "service"], name="civil_status_leg_once"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "ended"], finished_at__isnull=False)
                | (~Q(state__in=["done", "ended"]) & Q(finished_at__isnull=True)),
                name="civil_status_leg_finished",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "ended"]) | ~Q(reason=""), name="civil_status_leg_reason"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0, kind=rules.LegKind.AID.value, state="done"),
                name="civil_status_leg_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "state"], condition=~Q(state__in=["done", "ended"]), name="civil_status_leg_open"
            ),
            models.Index(fields=["finished_at"], name="civil_status_leg_finished_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.act_id}"

    @property
    def recalled(self) -> Recall | None:
        """What the agency was told of a cancelled registration; None: nothing, or there is none."""
        return getattr(self, "recall", None)

    @property
    def title(self) -> str:
        return rules.LEG_TITLES[rules.LegKind(self.kind)]

    @property
    def agency(self) -> str:
        return rules.SERVICE_TITLES[rules.Service(self.service)]

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return rules.LEG_TONES[rules.LegState(self.state)]

    @property
    def is_over(self) -> bool:
        return self.state in rules.OVER

    @property
    def may_resend(self) -> bool:
        return self.state in rules.MAY_RESEND

    @property
    def may_end(self) -> bool:
        return self.state in rules.MAY_END

    @property
    def wants_number(self) -> bool:
        """Whether an officer may tell the child's number here."""
        return self.kind == rules.LegKind.NUMBER and self.state != rules.LegState.DONE


class Recall(models.Model):
    """An agency is told that the registration on which its part rests was cancelled, and what it answers."""

    leg = models.OneToOneField(Leg, on_delete=models.PROTECT, related_name="recall", verbose_name="nhánh")
    message_id = models.UUIDField("thông điệp", unique=True)
    told_at = models.DateTimeField("báo lúc")
    state = models.CharField(
        "trả lời", max_length=6, choices=[(s.value, title) for s, title in rules.RECALL_TITLES.items()],
        default=rules.RecallState.TOLD.value,
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=rules.RecallState.TOLD.value, answered_at__isnull=True)
                | (~Q(state=rules.RecallState.TOLD.value) & Q(answered_at__isnull=False)),
                name="civil_status_recall_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id} {self.state}"

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return rules.RECALL_TONES[rules.RecallState(self.state)]
