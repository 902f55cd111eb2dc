"""What is on its way to other agencies and came from them, the order it keeps, and the log of both directions."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from tuphap.kernel.ids import new_id

from .rules import RECEIVED_TITLES, SENT_TITLES, BreakerState, Received, Sent


class Lane(models.Model):
    """The queue of one subject at one service: its messages go one after another.

    ``due_at``: when to look at the message at its head (None: nothing waits). Whoever delivers it puts it ahead by a
    lease, so that a message whose worker was killed comes up again. ``tries`` are those of the head;
    ``waits_for_service``: it waits for nothing but the circuit breaker; ``is_blocked``: a dead letter is at its head.
    """

    service = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    last_sequence = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    waits_for_service = models.BooleanField(default=False)
    is_blocked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "subject"], name="exchange_lane_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="exchange_lane_due")]

    def __str__(self) -> str:
        return f"{self.service} {self.subject}"


class Outbound(models.Model):
    """A message of ours. Its key is the message's id at every try; the body is kept as the bytes that are sent."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="messages")
    sequence = models.PositiveBigIntegerField("thứ tự")
    kind = models.CharField("loại", max_length=80)
    service = models.CharField("hệ thống", max_length=60)
    subject = models.CharField("đối tượng", max_length=120)
    dossier_code = models.CharField("mã hồ sơ", max_length=40, blank=True)
    purpose = models.CharField("mục đích", max_length=300)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    user_id = models.UUIDField(null=True)
    body = models.TextField()
    request_hash = models.CharField(max_length=100)
    state = models.CharField("trạng thái", max_length=10, choices=[(s.value, SENT_TITLES[s]) for s in Sent],
                             default=Sent.QUEUED.value)
    tries = models.PositiveIntegerField("số lần gửi", default=0)
    last_error = models.CharField("lỗi gần nhất", max_length=120, blank=True)
    last_detail = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)
    answer_hash = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField("lập lúc")
    accepted_at = models.DateTimeField("bên nhận tiếp nhận lúc", null=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True)
    dead_at = models.DateTimeField("thành thông điệp chờ xử lý lúc", null=True)
    closed_by_id = models.UUIDField(null=True)
    closed_reason = models.CharField("lý do dừng gửi", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lane", "sequence"], name="exchange_outbound_order"),
            models.CheckConstraint(
                condition=Q(state__in=["answered", "given_up"], ended_at__isnull=False)
                | (~Q(state__in=["answered", "given_up"]) & Q(ended_at__isnull=True)),
                name="exchange_outbound_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "sequence"], condition=~Q(state__in=["answered", "given_up"]),
                         name="exchange_outbound_head"),
            models.Index(fields=["service", "state"], condition=~Q(state__in=["answered", "given_up"]),
                         name="exchange_outbound_open"),
            models.Index(fields=["unit", "-created_at"], name="exchange_outbound_unit"),
            models.Index(fields=["dossier_code"], name="exchange_outbound_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} #{self.sequence}"


class Inbound(models.Model):
    """A message of another agency, kept once under its source and id, with the answer that it gets every time."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.CharField("bên gửi", max_length=170)
    message_id = models.UUIDField()
    service = models.CharField("hệ thống", max_length=60)
    kind = models.CharField("loại", max_length=80)
    reply_to = models.ForeignKey(Outbound, on_delete=models.PROTECT, null=True, related_name="replies")
    subject = models.CharField("đối tượng", max_length=120, blank=True)
    sequence = models.PositiveBigIntegerField("thứ tự", null=True)
    dossier_code = models.CharField("mã hồ sơ", max_length=40, blank=True)
    purpose = models.CharField("mục đích", max_length=300, blank=True)
    remote_user = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    body = models.TextField()
    request_hash = models.CharField(max_length=100)
    state = models.CharField("trạng thái", max_length=10, choices=[(s.value, RECEIVED_TITLES[s]) for s in Received])
    status = models.PositiveSmallIntegerField(default=200)
    answer = models.TextField(blank=True)
    error = models.CharField("lỗi", max_length=120, blank=True)
    tries = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField("nhận lúc")
    handled_at = models.DateTimeField("xử lý lúc", null=True)
    dead_at = models.DateTimeField(null=True)
    closed_by_id = models.UUIDField(null=True)
    closed_reason = models.CharField("lý do bỏ qua", max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "message_id"], name="exchange_inbound_once")]
        indexes = [
            models.Index(fields=["client", "subject", "sequence"], condition=Q(state="held"),
                         name="exchange_inbound_held"),
            models.Index(fields=["state"], condition=Q(state__in=["held", "dead"]), name="exchange_inbound_open"),
            models.Index(fields=["unit", "-received_at"], name="exchange_inbound_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} #{self.sequence}"


class Stream(models.Model):
    """How far the messages of one subject from one source have been handled: ``next_sequence`` is awaited."""

    client = models.CharField(max_length=170)
    subject = models.CharField(max_length=120)
    next_sequence = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "subject"], name="exchange_stream_once")]

    def __str__(self) -> str:
        return f"{self.client} {self.subject}"


class ServiceState(models.Model):
    """The circuit breaker of one service, and when it last answered."""

    service = models.CharField(primary_key=True, max_length=60)
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in BreakerState],
                             default=BreakerState.CLOSED.value)
    failures = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_failure = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.service} {self.state}"


class Call(models.Model):
    """One call, ours or another's: who, when, for which dossier and purpose, with which result. Never changed.

    Identifiers and hashes, no content; ``result`` is ``ok``, ``accepted`` or the code of what went wrong.
    """

    class Direction(models.TextChoices):
        OUT = "out", "Gửi đi"
        IN = "in", "Nhận về"

    direction = models.CharField("chiều", max_length=3, choices=Direction.choices)
    message_id = models.CharField(max_length=60)
    client = models.CharField("bên gửi", max_length=170)
    service = models.CharField("hệ thống", max_length=60)
    kind = models.CharField("loại", max_length=80, blank=True)
    user = models.CharField("người dùng", max_length=80, blank=True)
    dossier_code = models.CharField("mã hồ sơ", max_length=40, blank=True)
    purpose = models.CharField("mục đích", max_length=300, blank=True)
    unit_id = models.BigIntegerField("đơn vị", null=True)
    request_hash = models.CharField(max_length=100, blank=True)
    answer_hash = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField("lúc")
    milliseconds = models.PositiveIntegerField("thời gian (ms)")
    result = models.CharField("kết quả", max_length=120)
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["service", "at"], name="exchange_call_service"),
            models.Index(fields=["message_id"], name="exchange_call_message"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.service} {self.result}"
