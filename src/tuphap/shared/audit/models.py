"""The log's tables. The application's database role may insert and read here, and nothing else.

Triggers refuse changes by anybody else too, the tables' owner included, as long as nobody switches them off; that
somebody did, the chain shows.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
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


class Pending(models.Model):
    """An entry that waits for its link. A trigger writes it with the entry; the sequencer takes it away.

    Its absence hides nothing: the verifier looks for entries without a link by itself.
    """

    entry_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.entry_id)


class Link(models.Model):
    """The place of one entry in the chain: each link's hash covers its entry's hash and the link before it."""

    seq = models.BigIntegerField("thứ tự", primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    entry_hash = models.BinaryField()
    prev_hash = models.BinaryField()
    hash = models.BinaryField()
    linked_at = models.DateTimeField("nối lúc", db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seq__gte=1), name="audit_link_seq")]

    def __str__(self) -> str:
        return f"#{self.seq}"


class Checkpoint(models.Model):
    """A signed statement of what the chain was: the tree over the links since the last one, and the chain's end."""

    seq_from = models.BigIntegerField("từ", unique=True)
    seq_to = models.BigIntegerField("đến", unique=True)
    root = models.BinaryField()
    chain_hash = models.BinaryField()
    previous = models.BinaryField()
    at = models.DateTimeField("lúc")
    key_id = models.CharField("khóa", max_length=100)
    public_key = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq_to__gte=F("seq_from")), name="audit_checkpoint_range"),
        ]

    def __str__(self) -> str:
        return f"{self.seq_from}–{self.seq_to}"
