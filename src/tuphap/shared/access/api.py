"""The one policy: it answers "may he?" and "which rows?" from the same grants. Closed by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.plug import Registry

from .models import Grant
from .reach import Held, offices_held, offices_reached

__all__ = [
    "REASONS_VI", "Forbidden", "Grant", "LendingRefused", "Permission", "Reason", "Role", "check_lendable",
    "grants_in_force", "may", "may_anywhere", "permissions", "require", "require_anywhere", "roles", "rows",
    "units_where", "why_not",
]

M = TypeVar("M", bound=Model)


class Reason(StrEnum):
    """Why a permission does not hold. Kept in the log beside every denial."""

    NOBODY = "nobody"
    UNKNOWN_PERMISSION = "unknown_permission"
    OUTSIDE_TOKEN = "outside_token"  # noqa: S105
    ACCOUNT_DISABLED = "account_disabled"
    NO_SUCH_PERMISSION = "no_such_permission"
    NOT_THIS_UNIT = "not_this_unit"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DELEGATION_LAPSED = "delegation_lapsed"


REASONS_VI = {
    Reason.NOBODY: "chưa đăng nhập",
    Reason.UNKNOWN_PERMISSION: "không có quyền mang mã này",
    Reason.OUTSIDE_TOKEN: "ngoài phạm vi của mã truy cập",
    Reason.ACCOUNT_DISABLED: "tài khoản đã bị khóa",
    Reason.NO_SUCH_PERMISSION: "chưa được giao quyền này",
    Reason.NOT_THIS_UNIT: "được giao quyền ở đơn vị khác",
    Reason.NOT_YET: "quyền chưa có hiệu lực",
    Reason.EXPIRED: "quyền đã hết hạn",
    Reason.REVOKED: "quyền đã bị thu hồi",
    Reason.DELEGATION_LAPSED: "người ủy quyền không còn quyền",
}


class Forbidden(Denied):
    """The actor holds no grant of this permission over this unit on this day; ``params["reason"]`` says why."""

    code = "access.forbidden"
    message_vi = "Ông/bà chưa được giao quyền thực hiện việc này tại đơn vị."


class LendingRefused(Refusal):
    """What may not be lent: another's grant, one that is itself lent, or beyond its days."""

    code = "access.lending_refused"
    message_vi = "Không thể ủy quyền: {why}."


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
    """The offices (OrgUnit keys) over which the actor holds the permission on this day; empty when none.

    What the actor holds is read once a day asked about, and kept on the actor, who lives as long as the request.
    """
    declared = permissions.get(permission)
    if actor.user_id is None or declared is None or not _in_scope(actor, permission):
        return frozenset()
    if on not in actor.memo:
        actor.memo[on] = offices_held(person=actor.user_id, on=on)
    held: Held = actor.memo[on]
    units = held.offices.get(permission)
    if units is None:
        return frozenset()
    return offices_reached(units=units, reaches_down=declared.reaches_down, on=on, state=held.state)


def may(actor: Actor, permission: str, *, unit_id: int, on: date) -> bool:
    """Whether the actor holds the permission over this office on this day."""
    return unit_id in units_where(actor, permission, on=on)


def may_anywhere(actor: Actor, permission: str, *, on: date) -> bool:
    """Whether the actor holds the permission over any office at all: for menus, never for decisions."""
    return bool(units_where(actor, permission, on=on))


def require(actor: Actor, permission: str, *, unit_id: int, on: date) -> None:
    """Refuse unless :func:`may`.

    :raises Forbidden: no such grant; the refusal and its reason are kept in the log.
    """
    if not may(actor, permission, unit_id=unit_id, on=on):
        reason = why_not(actor, permission, unit_id=unit_id, on=on)
        raise Forbidden(permission=permission, unit_id=unit_id, reason=str(reason))


def require_anywhere(actor: Actor, permission: str, *, on: date) -> None:
    """Refuse who holds the permission nowhere: for opening a page whose rows are then chosen by :func:`rows`.

    :raises Forbidden: no such grant in any unit.
    """
    if not may_anywhere(actor, permission, on=on):
        raise Forbidden(permission=permission, reason=str(why_not(actor, permission, unit_id=None, on=on)))


def rows(
    actor: Actor, permission: str, queryset: QuerySet[M], *, on: date, unit_field: str = "unit"
) -> QuerySet[M]:
    """Those rows of ``queryset`` whose office the actor may see under this permission."""
    return queryset.filter(**{f"{unit_field}__in": units_where(actor, permission, on=on)})


def why_not(actor: Actor, permission: str, *, unit_id: int | None, on: date) -> Reason:
    """The reason nearest to a grant for which :func:`may` says no; for the log and for administrators."""
    if actor.user_id is None:
        return Reason.NOBODY
    if permission not in permissions:
        return Reason.UNKNOWN_PERMISSION
    if not _in_scope(actor, permission):
        return Reason.OUTSIDE_TOKEN
    if units_where(actor, permission, on=on):
        return Reason.NOT_THIS_UNIT
    grants = list(
        Grant.objects.filter(person_id=actor.user_id, permission=permission).select_related("person")
        .only("unit_id", "revoked_at", "valid_from", "valid_to", "delegated_from_id", "person__is_active")
    )
    here = [grant for grant in grants if grant.unit_id == unit_id]
    return _nearest(_fault(grant, on=on) for grant in here or grants)


def _in_scope(actor: Actor, permission: str) -> bool:
    return actor.scopes is None or permission in actor.scopes


def _fault(grant: Grant, *, on: date) -> Reason:
    """What keeps this grant from holding on this day."""
    if not grant.person.is_active:
        return Reason.ACCOUNT_DISABLED
    if grant.revoked_at is not None:
        return Reason.REVOKED
    if grant.valid_from > on:
        return Reason.NOT_YET
    if grant.valid_to is not None and grant.valid_to < on:
        return Reason.EXPIRED
    if grant.delegated_from_id is not None:
        return Reason.DELEGATION_LAPSED
    return Reason.NOT_THIS_UNIT


_NEAREST_FIRST = (
    Reason.ACCOUNT_DISABLED, Reason.DELEGATION_LAPSED, Reason.NOT_YET, Reason.EXPIRED, Reason.REVOKED,
    Reason.NOT_THIS_UNIT,
)


def _nearest(faults: Iterable[Reason]) -> Reason:
    found = set(faults)
    return next((reason for reason in _NEAREST_FIRST if reason in found), Reason.NO_SUCH_PERMISSION)


def grants_in_force(*, on: date) -> QuerySet[Grant]:
    """The grants that hold on this day, lent ones only while their lender holds them: for lists and exports."""
    holds = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    lender_holds = Q(delegated_from__valid_from__lte=on) & (
        Q(delegated_from__valid_to__isnull=True) | Q(delegated_from__valid_to__gte=on)
    )
    lent = Q(
        delegated_from__revoked_at__isnull=True, delegated_from__person__is_active=True,
        delegated_from__delegated_from__isnull=True,
    )
    return Grant.objects.filter(holds, revoked_at__isnull=True, person__is_active=True).filter(
        Q(delegated_from__isnull=True) | (lent & lender_holds)
    )


def check_lendable(grant: Grant, *, lender: Actor, first: date, last: date) -> None:
    """Refuse a delegation that the rules do not allow; dates are whole days, both included.

    :raises LendingRefused: the lender is no member of staff; the grant is another's, is itself lent, is revoked, or
        does not span these days.
    :raises Forbidden: the lender calls with a token that may not use the permission.
    """
    if grant.person_id != lender.user_id:
        raise LendingRefused(why="quyền này không phải của ông/bà")
    if lender.kind is not ActorKind.STAFF:
        raise LendingRefused(why="chỉ cán bộ mới được ủy quyền cho đồng nghiệp")
    if not _in_scope(lender, grant.permission):
        raise Forbidden(permission=grant.permission, unit_id=grant.unit_id, reason=str(Reason.OUTSIDE_TOKEN))
    if grant.delegated_from_id is not None:
        raise LendingRefused(why="quyền được ủy quyền thì không được ủy quyền lại")
    if grant.revoked_at is not None:
        raise LendingRefused(why="quyền này đã bị thu hồi")
    if last < first:
        raise LendingRefused(field="last", why="ngày kết thúc phải sau ngày bắt đầu")
    if first < grant.valid_from or (grant.valid_to is not None and last > grant.valid_to):
        raise LendingRefused(field="first", why="thời gian ủy quyền phải nằm trong thời hạn của quyền")
