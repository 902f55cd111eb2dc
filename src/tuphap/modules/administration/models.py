"""The history of law: which document ordered which change of the catalogue, the parameters and the calendar."""

from __future__ import annotations

from django.db import models

from .rules import CHANGE_TITLES


class Decree(models.Model):
    """A document that changes the law or the rules of work (luật, nghị định, thông tư, nghị quyết, quyết định)."""

    number = models.CharField("số, ký hiệu", max_length=60)
    issuer = models.CharField("cơ quan ban hành", max_length=150)
    title = models.CharField("trích yếu", max_length=500)
    issued_on = models.DateField("ngày ban hành")
    effective_on = models.DateField("ngày có hiệu lực")
    entered_at = models.DateTimeField("nhập lúc")
    entered_by = models.CharField("người nhập", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "issuer"], name="administration_decree_once"),
            models.CheckConstraint(
                condition=models.Q(effective_on__gte=models.F("issued_on")), name="administration_decree_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.issuer}"

    @property
    def cited(self) -> str:
        """As others cite it."""
        return f"{self.number} ngày {self.issued_on:%d/%m/%Y} của {self.issuer}"


class LawChange(models.Model):
    """One change that an official entered, with what was before and after. Never changed again, by a trigger.

    ``subject`` is the procedure's or the parameter's code, or the day (ISO); ``changes``: ``{label, old, new}``.
    """

    decree = models.ForeignKey(Decree, on_delete=models.PROTECT, null=True, related_name="changes")
    kind = models.CharField("loại", max_length=20, choices=[(k.value, t) for k, t in CHANGE_TITLES.items()])
    subject = models.CharField(max_length=60)
    title = models.CharField("đối tượng", max_length=400)
    effective_on = models.DateField("hiệu lực từ")
    changes = models.JSONField("nội dung", default=list)
    made_at = models.DateTimeField("nhập lúc")
    made_by = models.CharField("người nhập", max_length=200)

    class Meta:
        indexes = [models.Index(fields=["subject", "made_at"], name="administration_change_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.effective_on}"
