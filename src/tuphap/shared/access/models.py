"""Who may do what, where, from when to when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Grant(models.Model):
    """One person holds one permission in one unit between two days, both included.

    Given by an administrator, or lent by its holder (``delegated_from``). Holding it in a unit covers the offices
    within that unit's territory when the permission says so (see :class:`~tuphap.shared.access.api.Permission`), the
    office that has succeeded the unit, and the offices that the unit itself has succeeded. Never deleted: revoked.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    permission = models.CharField("quyền", max_length=100)
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField("vai trò", max_length=60, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True)
    delegated_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="lent")
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    given_by_id = models.UUIDField(null=True)
    given_at = models.DateTimeField("giao lúc", null=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True)
    revoked_by_id = models.UUIDField(null=True)
    revoked_reason = models.CharField("lý do thu hồi", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="access_grant_days"
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True) | Q(valid_to__isnull=False), name="access_grant_lent_until"
            ),
        ]
        indexes = [models.Index(fields=["person", "permission"], name="access_grant_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.permission} @ {self.unit}"
