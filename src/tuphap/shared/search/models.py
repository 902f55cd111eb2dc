"""What can be found, in folded words. The records themselves stay with their modules."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class SearchRecord(models.Model):
    """One record of one source, under the words by which it is found and the permission by which it may be."""

    source = models.CharField("nguồn", max_length=60)
    object_id = models.CharField(max_length=60)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    permission = models.CharField("quyền", max_length=100)
    title = models.CharField("tiêu đề", max_length=300)
    url = models.CharField("địa chỉ", max_length=300)
    text_folded = models.TextField("chữ để tìm")
    data = models.JSONField("hiển thị", default=dict)
    updated_at = models.DateTimeField("cập nhật lúc")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "object_id"], name="search_record_once")]
        indexes = [
            GinIndex(OpClass("text_folded", "gin_trgm_ops"), name="search_record_words"),
            models.Index(fields=["permission", "unit"], name="search_record_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word that some record is or was found by; see :mod:`.words`."""

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word
