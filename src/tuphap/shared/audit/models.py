"""The log's tables. The application's database role may insert and read here, and nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that somebody did, saw or was refused. Never changed, never deleted."""

    at = models.DateTimeField("thời điểm")
    recorded_at = models.DateTimeField("ghi lúc", db_default=Now())
    event = models.CharField("sự kiện", max_length=100)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField("người thực hiện", max_length=200)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    unit_id = models.BigIntegerField("đơn vị", null=True)
    purpose = models.CharField("mục đích", max_length=300, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    session_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField("chi tiết", default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
            models.Index(fields=["event", "at"], name="audit_entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.actor_name}"
