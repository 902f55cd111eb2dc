"""The one policy: it answers "may he?" and "which rows?" from the same grants. Closed by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Denied
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.plug import Registry

from .models import Grant

M = TypeVar("M", bound=Model)


class Forbidden(Denied):
    """The actor holds no grant of this permission over this unit on this day."""

    code = "access.forbidden"
    message_vi = "Ông/bà chưa được giao quyền thực hiện việc này tại đơn vị."


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that may be granted. ``reaches_down``: a grant in a unit covers the offices in its territory."""

    code: str
    title: str
    reaches_down: bool = False

    def install(self) -> None:
        permissions.add(self.code, self)


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, as offices speak of them; giving it makes one grant for each."""

    code: str
    title: str
    permissions: tuple[str, ...]

    def install(self) -> None:
        roles.add(self.code, self)


permissions: Registry[Permission] = Registry("permission")
roles: Registry[Role] = Registry("role")


def units_where(actor: Actor, permission: str, *, on: date) -> frozenset[int]:
    """The offices (OrgUnit keys) over which the actor holds the permission on this day; empty when none."""
    if actor.user_id is None or permission not in permissions:
        return frozenset()
    key = (permission, on)
    if key not in actor.memo:
        actor.memo[key] = _read_units(actor, permission, on)
    units: frozenset[int] = actor.memo[key]
    return units


def may(actor: Actor, permission: str, *, unit_id: int, on: date) -> bool:
    """Whether the actor holds the permission over this office on this day."""
    return unit_id in units_where(actor, permission, on=on)


def require(actor: Actor, permission: str, *, unit_id: int, on: date) -> None:
    """Refuse unless :func:`may`.

    :raises Forbidden: no such grant; the refusal is kept in the log by the operation's frame.
    """
    if not may(actor, permission, unit_id=unit_id, on=on):
        raise Forbidden(permission=permission, unit_id=unit_id)


def may_anywhere(actor: Actor, permission: str, *, on: date) -> bool:
    """Whether the actor holds the permission over any office at all: for menus, never for decisions."""
    return bool(units_where(actor, permission, on=on))


def rows(
    actor: Actor, permission: str, queryset: QuerySet[M], *, on: date, unit_field: str = "unit"
) -> QuerySet[M]:
    """Those rows of ``queryset`` whose office the actor may see under this permission."""
    return queryset.filter(**{f"{unit_field}__in": units_where(actor, permission, on=on)})


def _read_units(actor: Actor, permission: str, on: date) -> frozenset[int]:
    grants = (
        Grant.objects.filter(person_id=actor.user_id, person__is_active=True, permission=permission, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), revoked_at__isnull=True)
        .select_related("unit", "delegated_from")
    )
    units: set[int] = set()
    for grant in grants:
        lender = grant.delegated_from
        if lender is not None and (lender.revoked_at is not None or (lender.valid_to and lender.valid_to < on)):
            continue
        units.add(grant.unit_id)
        if permissions[permission].reaches_down:
            units.update(_offices_within(grant.unit))
    return frozenset(units)


def _offices_within(unit: OrgUnit) -> set[int]:
    """Every office whose territory lies within this unit's: parts of it, and offices of units below it."""
    territory = unit.admin_unit_id
    within = Q(admin_unit_id=territory) | Q(admin_unit__parent_id=territory) | Q(
        admin_unit__parent__parent_id=territory
    )
    if unit.kind in (OrgUnit.Kind.COMMUNE, OrgUnit.Kind.DIVISION, OrgUnit.Kind.CENTRE):
        within = Q(pk=unit.pk) | Q(parent_id=unit.pk)
    return set(OrgUnit.objects.filter(within).values_list("pk", flat=True))
