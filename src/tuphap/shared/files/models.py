"""What was handed in or made: bytes kept once under their hash, and what they are called."""

from __future__ import annotations

from django.db import models

from tuphap.kernel.ids import new_id


class StoredFile(models.Model):
    """A file that was taken in. Its bytes lie in the store under ``sha256``; the same bytes are kept once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("tên tệp", max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by_id = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
