"""What people were told, and what is on its way to them by mail or telephone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from tuphap.kernel.ids import new_id

from .declarations import Channel, templates


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
        FAILED = "failed", "Không gửi được"

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="outgoing")
    channel = models.CharField(max_length=5, choices=[(c.value, c.name) for c in Channel])
    address = models.CharField("nơi nhận", max_length=254)
    state = models.CharField(max_length=6, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    last_error = models.CharField("lỗi gần nhất", max_length=300, blank=True)
    sent_at = models.DateTimeField("gửi xong lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="notices_outgoing_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notices_outgoing_sent_at",
            ),
        ]
        indexes = [models.Index(fields=["state"], condition=~Q(state="sent"), name="notices_outgoing_open")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
