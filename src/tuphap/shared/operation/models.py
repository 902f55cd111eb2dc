from __future__ import annotations

from django.db import models


class Done(models.Model):
    """A write that carried an idempotency key, and what it answered: the same key gets the same answer."""

    actor_id = models.UUIDField(null=True)
    operation = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    is_answered = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "operation", "key"], name="operation_done_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
