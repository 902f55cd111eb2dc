"""What people were told, and what is on its way to them by mail or telephone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from tuphap.kernel.ids import new_id

from . import rules
from .declarations import CHANNEL_TITLES, Channel, templates


class Notice(models.Model):
    """One notice to one person. It holds a code and plain facts, never the content of a dossier."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    template = models.CharField("mẫu", max_length=100)
    dossier_code = models.CharField("mã hồ sơ", max_length=40, blank=True)
    params = models.JSONField("tham số", default=dict)
    created_at = models.DateTimeField("gửi lúc")
    read_at = models.DateTimeField("đọc lúc", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_user", "-created_at"], name="notices_notice_list"),
            models.Index(fields=["to_user"], condition=Q(read_at__isnull=True), name="notices_notice_unread"),
            models.Index(fields=["dossier_code"], condition=~Q(dossier_code=""), name="notices_notice_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.dossier_code}"

    @property
    def title(self) -> str:
        """What it says in one line, in Vietnamese."""
        return templates[self.template].title_for(self.facts)

    @property
    def text(self) -> str:
        """What it says in full, in Vietnamese."""
        return templates[self.template].text_for(self.facts)

    @property
    def url(self) -> str:
        """The page it speaks of, as a path; empty where there is none."""
        return templates[self.template].path_for(self.dossier_code)

    @property
    def facts(self) -> dict[str, Any]:
        return {**self.params, "dossier_code": self.dossier_code}


class Outgoing(models.Model):
    """A notice on its way outside: to whom, by which carrier, and how far it has come."""

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        DELIVERED = "delivered", "Đã đến máy người nhận"
        FAILED = "failed", "Không gửi được"
        STALE = "stale", "Không gửi vì tin đã cũ"

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="outgoing")
    channel = models.CharField(max_length=5, choices=[(c.value, t) for c, t in CHANNEL_TITLES.items()])
    address = models.CharField("nơi nhận", max_length=254)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    last_error = models.CharField("lỗi gần nhất", max_length=300, blank=True)
    sent_at = models.DateTimeField("gửi xong lúc", null=True)
    held_until = models.DateTimeField("hoãn đến", null=True)
    reported_at = models.DateTimeField("có báo phát lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="notices_outgoing_once"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "delivered"], sent_at__isnull=False)
                | Q(state__in=["queued", "stale"], sent_at__isnull=True) | Q(state="failed"),
                name="notices_outgoing_sent_at",
            ),
        ]
        indexes = [models.Index(fields=["state"], condition=Q(state="queued"), name="notices_outgoing_open")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def masked(self) -> str:
        return rules.masked(self.address)


class Preference(models.Model):
    """By which ways one account wants to be told outside, and in which hours not; without a row the usual holds."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    email = models.BooleanField("thư điện tử", default=True)
    sms = models.BooleanField("tin nhắn SMS", default=True)
    zalo = models.BooleanField("Zalo", default=False)
    quiet_from = models.TimeField("không nhắn từ", default=rules.QUIET_FROM)
    quiet_to = models.TimeField("đến", default=rules.QUIET_TO)
    changed_at = models.DateTimeField("đổi lúc")

    def __str__(self) -> str:
        return str(self.user_id)

    @property
    def reach(self) -> rules.Reach:
        wanted = {Channel.EMAIL: self.email, Channel.SMS: self.sms, Channel.ZALO: self.zalo}
        return rules.Reach(frozenset(c for c, on in wanted.items() if on), self.quiet_from, self.quiet_to)
