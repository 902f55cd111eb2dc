"""What administrators see: accounts, rights, tokens, the log; each only of the offices that are theirs."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.access.api import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.api import ApiToken, User
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import rules
from .rules import Permission


def is_provincial(actor: Actor, permission: str, *, on: date) -> bool:
    """Whether the actor holds the permission over an office whose power is the whole province's."""
    kinds = (OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.PROVINCE)
    return OrgUnit.objects.filter(pk__in=access.units_where(actor, permission, on=on), kind__in=kinds).exists()


def people(actor: Actor, *, at: datetime, text: str = "", kind: str = User.Kind.STAFF) -> QuerySet[User]:
    """The accounts that the actor manages, by name; citizens only when looked for by a whole name or number.

    :raises access.Forbidden: the actor manages accounts nowhere.
    """
    on = localdate(at)
    access.require_anywhere(actor, Permission.ACCOUNTS, on=on)
    managed = Q(office__in=access.units_where(actor, Permission.ACCOUNTS, on=on))
    if is_provincial(actor, Permission.ACCOUNTS, on=on):
        managed |= Q(office__isnull=True)
    found = User.objects.filter(managed, kind=kind).select_related("office")
    if kind == User.Kind.CITIZEN:
        found = found.filter(Q(full_name__iexact=text) | Q(personal_number=text)) if text else found.none()
    elif text:
        found = found.filter(
            Q(full_name__icontains=text) | Q(username__icontains=text) | Q(title__icontains=text)
            | Q(office__name__icontains=text) | Q(office__successor__name__icontains=text)
        )
    return found.annotate(seen_at=Max("sessions__last_seen_at")).order_by(
        "office__kind", "office__sort_key", "full_name", "pk"
    )


def person(actor: Actor, user_id: UUID, *, at: datetime) -> User:
    """One account that the actor manages.

    :raises NoSuchAccount: none such, or not the actor's to see.
    """
    on = localdate(at)
    access.require_anywhere(actor, Permission.ACCOUNTS, on=on)
    user = User.objects.select_related("office").filter(pk=user_id).first()
    if user is None or not _manages(actor, user, on=on):
        raise rules.NoSuchAccount()
    return user


def _manages(actor: Actor, user: User, *, on: date) -> bool:
    if user.office_id is None:
        return is_provincial(actor, Permission.ACCOUNTS, on=on)
    return access.may(actor, Permission.ACCOUNTS, unit_id=user.office_id, on=on)


@dataclass(frozen=True, slots=True)
class Right:
    """A grant as it is shown: in the words of offices, and whether it holds."""

    grant: Grant
    role_title: str
    permission_title: str
    holds: bool
    why_not: str


def rights_of(user: User, *, at: datetime) -> list[Right]:
    """Every grant that the person ever had, those in force first."""
    on = localdate(at)
    in_force = set(access.grants_in_force(on=on).filter(person=user).values_list("pk", flat=True))
    grants = Grant.objects.filter(person=user).select_related("unit", "delegated_from__person")
    shown = [_right(grant, holds=grant.pk in in_force, on=on) for grant in grants.order_by("-valid_from", "pk")]
    return sorted(shown, key=lambda right: not right.holds)


def lendable(actor: Actor, *, at: datetime) -> list[Right]:
    """One's own grants in force that may be lent."""
    on = localdate(at)
    grants = access.grants_in_force(on=on).filter(person_id=actor.user_id, delegated_from__isnull=True)
    return [_right(g, holds=True, on=on) for g in grants.select_related("unit").order_by("unit__sort_key", "pk")]


def loans(actor: Actor, *, at: datetime) -> list[Right]:
    """What one has lent and borrowed, running or to come; ended ones of the last year too."""
    on = localdate(at)
    mine = Q(delegated_from__person_id=actor.user_id) | Q(person_id=actor.user_id)
    found = Grant.objects.filter(mine, delegated_from__isnull=False, valid_to__gte=on.replace(day=1, month=1))
    in_force = set(access.grants_in_force(on=on).filter(mine).values_list("pk", flat=True))
    found = found.select_related("unit", "person", "delegated_from__person").order_by("-valid_from", "-pk")
    return [_right(grant, holds=grant.pk in in_force, on=on) for grant in found]


def colleagues(actor: Actor, *, at: datetime) -> QuerySet[User]:
    """Active staff of the same office, whatever it was called before, and of its parts, to whom rights may be lent."""
    me = User.objects.filter(pk=actor.user_id or "").first()
    mine = [office.pk for office in accounts.offices_now([me] if me else [], on=localdate(at)).values()]
    places = orgs.with_predecessors(mine)
    near = Q(office__in=places) | Q(office__parent__in=places)
    return User.objects.filter(near, kind=User.Kind.STAFF, is_active=True).exclude(pk=actor.user_id or "").order_by(
        "full_name", "pk"
    )


def _right(grant: Grant, *, holds: bool, on: date) -> Right:
    role, permission = access.roles.get(grant.role), access.permissions.get(grant.permission)
    return Right(
        grant=grant, role_title=role.title if role else grant.role,
        permission_title=permission.title if permission else grant.permission, holds=holds,
        why_not="" if holds else _why_not(grant, on=on),
    )


def _why_not(grant: Grant, *, on: date) -> str:
    if grant.revoked_at is not None:
        return "đã thu hồi"
    if grant.valid_from > on:
        return "chưa đến ngày"
    if grant.valid_to is not None and grant.valid_to < on:
        return "đã hết hạn"
    return "người ủy quyền không còn quyền" if grant.delegated_from_id else "tài khoản bị khóa"


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens of an account, living ones first."""
    return ApiToken.objects.filter(owner=user).order_by("revoked_at", "-created_at")


def offices_for(actor: Actor, permission: str, *, at: datetime) -> QuerySet[OrgUnit]:
    """The offices of today over which the actor holds the permission."""
    on = localdate(at)
    return OrgUnit.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), pk__in=access.units_where(actor, permission, on=on),
        valid_from__lte=on,
    ).order_by("kind", "sort_key", "pk")


def rights_in_force(actor: Actor, *, at: datetime) -> QuerySet[Grant]:
    """Every grant in force in the offices whose rights the actor manages: for the half-yearly review.

    :raises access.Forbidden: the actor manages rights nowhere.
    """
    on = localdate(at)
    access.require_anywhere(actor, Permission.GRANTS, on=on)
    found = access.rows(actor, Permission.GRANTS, access.grants_in_force(on=on), on=on)
    return found.select_related("person__office", "unit", "delegated_from__person").order_by(
        "unit__sort_key", "unit_id", "person__full_name", "person_id", "permission", "pk"
    )


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """One square of a month: the day (None outside the month), whether it is worked, and what the table says of it."""

    day: date | None
    worked: bool = True
    named: str = ""


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month in weeks from Monday to Sunday."""

    number: int
    weeks: tuple[tuple[CalendarCell, ...], ...]
    working_days: int


def calendar_year(year: int) -> list[CalendarMonth]:
    """The twelve months of a year as the calendar counts them now."""
    working = calendar.working_calendar()
    named = {row.date: row.note or row.get_kind_display() for row in calendar.days_of(year) if row.switched_on}
    months = []
    for number in range(1, 13):
        weeks = tuple(
            tuple(
                CalendarCell(day, working.is_working_day(day), named.get(day, "")) if day.month == number
                else CalendarCell(None)
                for day in week
            )
            for week in Calendar().monthdatescalendar(year, number)
        )
        worked = sum(cell.worked for week in weeks for cell in week if cell.day)
        months.append(CalendarMonth(number=number, weeks=weeks, working_days=worked))
    return months


def log(
    actor: Actor, *, at: datetime, event: str = "", who: str = "", first: date | None = None, last: date | None = None,
    denials: bool = False, dossier: str = "",
) -> QuerySet[Entry]:
    """Entries of the offices whose log the actor may see; those of no office for who oversees the province.

    :raises access.Forbidden: the actor may see the log nowhere.
    """
    on = localdate(at)
    access.require_anywhere(actor, Permission.AUDIT, on=on)
    visible = Q(unit_id__in=access.units_where(actor, Permission.AUDIT, on=on))
    if is_provincial(actor, Permission.AUDIT, on=on):
        visible |= Q(unit_id__isnull=True)
    entries = Entry.objects.filter(visible)
    if denials:
        entries = entries.filter(event="access.denied")
    elif event:
        entries = entries.filter(event__startswith=event)
    if who:
        entries = entries.filter(actor_name__icontains=who)
    if dossier:
        entries = entries.filter(subject_type=Dossier._meta.label_lower, subject_id__in=_dossiers_called(dossier))
    if first:
        entries = entries.filter(at__date__gte=first)
    if last:
        entries = entries.filter(at__date__lte=last)
    return entries.order_by("-id")


def _dossiers_called(code: str) -> list[str]:
    """The keys of the dossiers that bear this code, by which entries of the log name them."""
    text = code.strip()
    named = Q(code__iexact=text) | Q(submission_code__iexact=text) | Q(external_code=text)
    return [str(pk) for pk in Dossier.objects.filter(named).values_list("pk", flat=True)]


def dossier_codes(entries: Iterable[Entry]) -> dict[str, str]:
    """What people call the dossiers that these entries are about, by their keys."""
    keys = {entry.subject_id for entry in entries if entry.subject_type == Dossier._meta.label_lower}
    return {str(found.pk): found.reference for found in Dossier.objects.filter(pk__in=keys)}
