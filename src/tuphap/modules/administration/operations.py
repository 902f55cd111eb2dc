"""The writes of the low mechanisms: accounts, grants, delegations, tokens.

Each asks the policy, saves, and tells the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from axes.utils import reset as reset_lockout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.db.models.functions import Coalesce, Greatest
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.access.api import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.api import ApiToken, LoginSession, User
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import constraint_means, operation
from tuphap.shared.orgs.models import OrgUnit

from . import rules
from .rules import Event, Permission

constraint_means("accounts_user_username_key", rules.UsernameTaken)

ADMINISTRATOR = "administrator"


@operation
def found_administrator(
    *, username: str, full_name: str, office_id: int, password: str | None, actor: Actor, at: datetime
) -> User:
    """The first administrator of a new installation, who then makes all the others.

    :raises AlreadyFounded: somebody holds a grant already.
    :raises NoSuchUnit: no such office today.
    :raises WeakPassword: the password breaks its rules. None: no login by password (the sample's people).
    """
    if Grant.objects.exists():
        raise rules.AlreadyFounded()
    user = _new_staff(
        username=username, full_name=full_name, office=_open_unit(office_id, at), title="Quản trị hệ thống", email="",
        phone="", password=password, at=at,
    )
    first = localdate(at)
    _write_role(
        person=user, role=access.roles[ADMINISTRATOR], unit_id=office_id, first=first, last=None,
        basis="Quản trị viên đầu tiên", actor=actor, at=at,
    )
    audit.record(Event.FOUNDED, subject=user, actor=actor, at=at, unit_id=office_id)
    return user


@operation
def create_staff(
    *, username: str, full_name: str, office_id: int, actor: Actor, at: datetime, title: str = "", email: str = "",
    phone: str = "", password: str | None = None,
) -> User:
    """Open an account for somebody who works in this office. A given password must be changed at the first login.

    :raises access.Forbidden: no accounts may be managed in this office.
    :raises UsernameTaken: the name is in use.
    :raises WeakPassword: the password breaks its rules. None: no login by password.
    :raises NoSuchUnit: no such office today.
    """
    access.require(actor, Permission.ACCOUNTS, unit_id=office_id, on=localdate(at))
    user = _new_staff(
        username=username, full_name=full_name, office=_open_unit(office_id, at), title=title, email=email,
        phone=phone, password=password, at=at,
    )
    audit.record(Event.STAFF_CREATED, subject=user, actor=actor, at=at, unit_id=office_id)
    return user


@operation
def move_staff(*, user_id: UUID, office_id: int, title: str, actor: Actor, at: datetime) -> User:
    """Somebody works elsewhere, or under another title, from now on. Rights do not move: they are given and revoked.

    :raises access.Forbidden: accounts of the old or of the new office are not the actor's to manage.
    :raises NoSuchUnit: no such office today.
    :raises OnlyStaff: citizens and agencies have no office.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    access.require(actor, Permission.ACCOUNTS, unit_id=office_id, on=localdate(at))
    if user.kind != User.Kind.STAFF:
        raise rules.OnlyStaff()
    before, user.office, user.title = user.office_id, _open_unit(office_id, at), tidy(title)[:100]
    user.save(update_fields=["office", "title"])
    audit.record(Event.STAFF_MOVED, subject=user, actor=actor, at=at, unit_id=office_id, before=before)
    return user


@operation
def create_agency(*, username: str, full_name: str, actor: Actor, at: datetime, email: str = "") -> User:
    """Open an account for an organisation whose systems call the API (a bank, a notary's office).

    :raises access.Forbidden: the actor manages accounts of no province-wide office.
    :raises UsernameTaken: the name is in use.
    """
    require_provincial(actor, Permission.ACCOUNTS, on=localdate(at))
    if User.objects.filter(username=username).exists():
        raise rules.UsernameTaken()
    user = User.objects.create_agency(username=username, full_name=tidy(full_name), email=email, active_since=at)
    audit.record(Event.AGENCY_CREATED, subject=user, actor=actor, at=at)
    return user


@operation
def disable_account(*, user_id: UUID, reason: str, actor: Actor, at: datetime) -> User:
    """Close an account; all its sessions and tokens end in the same transaction.

    :raises access.Forbidden: the account is not in an office whose accounts the actor manages.
    :raises NotForOneself: one's own account.
    :raises ReasonRequired: no reason.
    :raises AlreadySo: it is closed already.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    _refuse_oneself(user, actor)
    why = _reason(reason)
    if not user.is_active:
        raise rules.AlreadySo()
    _disable(user, why=why, actor=actor, at=at)
    return user


@operation
def enable_account(*, user_id: UUID, reason: str, actor: Actor, at: datetime) -> User:
    """Open a closed account again. Its tokens stay dead.

    :raises access.Forbidden: as for :func:`disable_account`.
    :raises AlreadySo: it is open.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    _refuse_oneself(user, actor)
    why = _reason(reason)
    if user.is_active:
        raise rules.AlreadySo()
    user.is_active, user.disabled_at, user.disabled_reason, user.active_since = True, None, "", at
    user.save(update_fields=["is_active", "disabled_at", "disabled_reason", "active_since"])
    audit.record(Event.ACCOUNT_ENABLED, subject=user, actor=actor, at=at, unit_id=user.office_id, why=why)
    return user


@operation
def unlock(*, user_id: UUID, actor: Actor, at: datetime) -> User:
    """Lift the lock-out that failed logins have brought, before its time is over.

    :raises access.Forbidden: as for :func:`disable_account`.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    lifted = reset_lockout(username=user.username)
    TOTPDevice.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)
    audit.record(Event.UNLOCKED, subject=user, actor=actor, at=at, unit_id=user.office_id, lifted=lifted)
    return user


@operation
def reset_second_factor(*, user_id: UUID, reason: str, actor: Actor, at: datetime) -> User:
    """Forget the authenticator (a lost telephone) and its recovery codes; sessions end, the next login enrols another.

    :raises access.Forbidden: as for :func:`disable_account`.
    :raises NotForOneself: one's own.
    :raises ReasonRequired: no reason.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    _refuse_oneself(user, actor)
    why = _reason(reason)
    TOTPDevice.objects.filter(user=user).delete()
    accounts.forget_recovery_codes(user)
    accounts.end_all_sessions(user_id=user.pk, reason=LoginSession.Ended.CHANGED, at=at)
    audit.record(Event.SECOND_FACTOR_RESET, subject=user, actor=actor, at=at, unit_id=user.office_id, why=why)
    return user


@operation
def tell_of_recovery_codes(*, user_id: UUID, template: str, left: int, actor: Actor, at: datetime) -> None:
    """Tell the holder of an account that its recovery codes were used or made anew."""
    notices.send(template=template, at=at, actor=actor, to_user_id=user_id, left=left)
    holder = User.objects.get(pk=user_id)
    audit.record(
        Event.RECOVERY_CODES_TOLD, subject=holder, actor=actor, at=at, unit_id=holder.office_id, notice=template
    )


@operation
def reset_password(*, user_id: UUID, password: str, reason: str, actor: Actor, at: datetime) -> User:
    """Give a new first password, to be changed at the next login; sessions end.

    :raises access.Forbidden: as for :func:`disable_account`.
    :raises NotForOneself: one's own.
    :raises WeakPassword: it breaks its rules.
    :raises OnlyStaff: citizens and agencies have none.
    """
    user = _lock_managed(user_id, actor=actor, at=at)
    _refuse_oneself(user, actor)
    why = _reason(reason)
    if user.kind != User.Kind.STAFF:
        raise rules.OnlyStaff()
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    accounts.end_all_sessions(user_id=user.pk, reason=LoginSession.Ended.CHANGED, at=at)
    audit.record(Event.PASSWORD_RESET, subject=user, actor=actor, at=at, unit_id=user.office_id, why=why)
    return user


@operation
def give_role(
    *, person_id: UUID, role: str, unit_id: int, valid_from: date, actor: Actor, at: datetime,
    valid_to: date | None = None, basis: str = "",
) -> list[int]:
    """Give the permissions of a role in an office between two days, both included; answers the grants' keys.

    :raises access.Forbidden: no rights may be given in this office.
    :raises NotForOneself: nobody gives rights to himself.
    :raises UnknownRole: no such role.
    :raises OnlyStaff: a citizen, or a disabled account.
    :raises BadPeriod: the days are in the wrong order, or all past.
    :raises AlreadyGranted: the same role there on some of these days.
    """
    access.require(actor, Permission.GRANTS, unit_id=unit_id, on=localdate(at))
    declared = access.roles.get(role)
    if declared is None:
        raise rules.UnknownRole()
    person = _lock_user(person_id)
    _refuse_oneself(person, actor)
    if not person.is_active or person.kind == User.Kind.CITIZEN:
        raise rules.OnlyStaff()
    _check_period(valid_from, valid_to, at=at)
    overlapping = Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from), person=person, role=role, unit_id=unit_id,
        revoked_at__isnull=True, delegated_from__isnull=True,
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if overlapping.exists():
        raise rules.AlreadyGranted()
    return _write_role(
        person=person, role=declared, unit_id=unit_id, first=valid_from, last=valid_to, basis=basis, actor=actor, at=at
    )


@operation
def revoke_grant(*, grant_id: int, reason: str, actor: Actor, at: datetime) -> Grant:
    """Take a grant back at once; what was lent from it is lost with it.

    :raises access.Forbidden: no rights may be taken in its office.
    :raises NoSuchGrant: no such grant.
    :raises ReasonRequired: no reason.
    :raises AlreadySo: it was revoked before.
    """
    grant = _lock_grant(grant_id)
    access.require(actor, Permission.GRANTS, unit_id=grant.unit_id, on=localdate(at))
    _revoke(grant, why=_reason(reason), actor=actor, at=at)
    audit.record(
        Event.REVOKED, subject=grant, actor=actor, at=at, unit_id=grant.unit_id, person=str(grant.person_id),
        permission=grant.permission, why=grant.revoked_reason,
    )
    return grant


@operation
def revoke_role(*, person_id: UUID, role: str, unit_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Take back every grant of a role that a person holds in an office; answers how many.

    :raises access.Forbidden: no rights may be taken in this office.
    :raises NoSuchGrant: the person does not hold it there.
    """
    access.require(actor, Permission.GRANTS, unit_id=unit_id, on=localdate(at))
    why = _reason(reason)
    grants = Grant.objects.select_for_update().filter(
        person_id=person_id, role=role, unit_id=unit_id, revoked_at__isnull=True, delegated_from__isnull=True
    ).order_by("pk")
    if not grants:
        raise rules.NoSuchGrant()
    for grant in grants:
        _revoke(grant, why=why, actor=actor, at=at)
    audit.record(
        Event.REVOKED, subject=grants[0], actor=actor, at=at, unit_id=unit_id, person=str(person_id), role=role,
        why=why, grants=[g.pk for g in grants],
    )
    return len(grants)


@operation
def delegate(
    *, grant_ids: Sequence[int], to_user_id: UUID, first: date, last: date, basis: str, actor: Actor, at: datetime
) -> list[int]:
    """Lend one's own rights to a colleague between two days; answers the keys of the lent grants.

    The lender keeps them too. They end with the lender's own, and cannot be lent on.

    :raises NoSuchGrant: none of one's own.
    :raises access.LendingRefused: by an agency; or the grant is itself lent, revoked, or beyond its days.
    :raises access.Forbidden: by a token that may not use the right itself.
    :raises OnlyStaff: the colleague is no active member of staff.
    :raises NotForOneself: to oneself.
    :raises BadPeriod: it would begin in the past.
    :raises ReasonRequired: no document as its basis.
    :raises AlreadyGranted: lent to the same person on some of these days.
    """
    to = _lock_user(to_user_id)
    _refuse_oneself(to, actor)
    if not to.is_active or to.kind != User.Kind.STAFF:
        raise rules.OnlyStaff()
    document = _reason(basis, field="basis")
    if first < localdate(at):
        raise rules.BadPeriod(field="first", why="không thể ủy quyền cho ngày đã qua")
    lent: list[int] = []
    for grant_id in sorted(set(grant_ids)):
        grant = _lock_grant(grant_id)
        if grant.person_id != actor.user_id:
            raise rules.NoSuchGrant()
        access.check_lendable(grant, lender=actor, first=first, last=last)
        lent.append(_lend(grant, to=to, first=first, last=last, basis=document, actor=actor, at=at).pk)
    if not lent:
        raise access.LendingRefused(field="grants", why="chưa chọn quyền nào")
    return lent


@operation
def end_delegation(*, grant_id: int, reason: str, actor: Actor, at: datetime) -> Grant:
    """End a loan before its last day: its lender, its borrower, or who manages the rights of the office.

    :raises NoSuchGrant: no such loan.
    :raises access.Forbidden: somebody else.
    :raises AlreadySo: it was ended before.
    """
    grant = _lock_grant(grant_id)
    lender = grant.delegated_from
    if lender is None:
        raise rules.NoSuchGrant()
    if actor.user_id not in (lender.person_id, grant.person_id):
        access.require(actor, Permission.GRANTS, unit_id=grant.unit_id, on=localdate(at))
    _revoke(grant, why=tidy(reason)[:200] or "Chấm dứt ủy quyền", actor=actor, at=at)
    audit.record(
        Event.DELEGATION_ENDED, subject=grant, actor=actor, at=at, unit_id=grant.unit_id,
        permission=grant.permission, to=str(grant.person_id),
    )
    return grant


@operation
def issue_token(
    *, owner_id: UUID, label: str, scopes: Sequence[str], expires_at: datetime, secret_hash: str, hint: str,
    actor: Actor, at: datetime,
) -> ApiToken:
    """Enter a token in the list. The secret itself is made and shown by the door, and never comes here.

    :param secret_hash: ``accounts.token_fingerprint(secret)``.
    :raises access.Forbidden: the owner's account is not the actor's to manage.
    :raises UnknownScope: a code that no module declares, or none at all.
    :raises BadPeriod: in the past, or longer than tokens live.
    :raises OnlyStaff: a citizen, or a disabled account.
    """
    owner = _lock_managed(owner_id, actor=actor, at=at)
    if not owner.is_active or owner.kind == User.Kind.CITIZEN:
        raise rules.OnlyStaff()
    if not scopes or any(code not in access.permissions for code in scopes):
        raise rules.UnknownScope()
    if expires_at <= at:
        raise rules.BadPeriod(field="expires", why="ngày hết hạn phải ở tương lai")
    if expires_at - at > rules.TOKEN_LIFE.length:
        raise rules.BadPeriod(field="expires", why=f"mã truy cập dài nhất {rules.TOKEN_LIFE.length.days} ngày")
    token = ApiToken.objects.create(
        owner=owner, label=tidy(label)[:100], hash=secret_hash, hint=hint[:12], scopes=sorted(set(scopes)),
        created_at=at, expires_at=expires_at,
    )
    audit.record(
        Event.TOKEN_ISSUED, subject=token, actor=actor, at=at, unit_id=owner.office_id, owner=str(owner.pk),
        scopes=token.scopes,
    )
    return token


@operation
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> ApiToken:
    """Let a token open nothing from now on.

    :raises NoSuchToken: no such token.
    :raises access.Forbidden: its owner's account is not the actor's to manage, nor the actor's own.
    :raises AlreadySo: it was revoked before.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise rules.NoSuchToken()
    if token.owner_id != actor.user_id:
        _lock_managed(token.owner_id, actor=actor, at=at)
    if token.revoked_at is not None:
        raise rules.AlreadySo()
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record(Event.TOKEN_REVOKED, subject=token, actor=actor, at=at, owner=str(token.owner_id))
    return token


@operation
def set_calendar_day(
    *, day: date, kind: calendar.DayKind, source_document: str, actor: Actor, at: datetime, note: str = "",
    switched_on: bool = True,
) -> int:
    """Say what one day is in the State's calendar (or, switched off, that it is as any weekday); answers the version.

    :raises access.Forbidden: the calendar is one for all offices; only who manages it province-wide changes it.
    :raises calendar.SourceRequired: no document that says so.
    :raises AlreadySo: the table says just this.
    """
    require_provincial(actor, Permission.CALENDAR, on=localdate(at))
    before = next(iter(calendar.history(day)), None)
    if before is not None and (before.kind, before.switched_on) == (kind, switched_on) and (
        before.source_document == tidy(source_document)
    ):
        raise rules.AlreadySo()
    entry = calendar.Day(day, kind, tidy(source_document)[:200], tidy(note)[:300], switched_on)
    version = calendar.set_days([entry], actor=actor, at=at)
    audit.record(
        Event.CALENDAR_SET, subject=None, actor=actor, at=at, day=day.isoformat(), version=version,
        old=f"{before.kind}{'' if before.switched_on else ' (tắt)'}" if before else None,
        new=f"{kind}{'' if switched_on else ' (tắt)'}", source=entry.source_document,
    )
    return version


@operation
def set_office_hours(
    *, hours: calendar.Hours, office_id: int | None, valid_from: date, source_document: str, actor: Actor, at: datetime
) -> int:
    """Say from when to when an office works (None: every office that has no hours of its own); answers the version.

    :raises access.Forbidden: not an office whose calendar the actor manages; None needs a province-wide grant.
    :raises calendar.SourceRequired: no document that says so.
    """
    if office_id is None:
        require_provincial(actor, Permission.CALENDAR, on=localdate(at))
    else:
        access.require(actor, Permission.CALENDAR, unit_id=_open_unit(office_id, at).pk, on=localdate(at))
    version = calendar.set_hours(
        hours, office_id=office_id, valid_from=valid_from, source_document=tidy(source_document)[:200], actor=actor,
        at=at,
    )
    audit.record(
        Event.HOURS_SET, subject=None, actor=actor, at=at, unit_id=office_id, version=version, hours=str(hours)
    )
    return version


@operation
def disable_unused(*, actor: Actor, at: datetime) -> int:
    """Close the accounts of staff that nobody has used for as long as :data:`rules.UNUSED` allows; answers how many."""
    limit = at - rules.UNUSED.length
    unused = User.objects.filter(kind=User.Kind.STAFF, is_active=True, active_since__lt=limit).annotate(
        used_at=Greatest("active_since", Coalesce(Max("sessions__last_seen_at"), "active_since"))
    ).filter(used_at__lt=limit)
    closed = 0
    chosen = list(unused.values_list("pk", flat=True))
    for user in User.objects.select_for_update().filter(pk__in=chosen, is_active=True).order_by("pk"):
        _disable(user, why=f"Không sử dụng trong {rules.UNUSED.length.days} ngày", actor=actor, at=at)
        closed += 1
    return closed


def _new_staff(
    *, username: str, full_name: str, office: OrgUnit, title: str, email: str, phone: str, password: str | None,
    at: datetime,
) -> User:
    if User.objects.filter(username=username).exists():
        raise rules.UsernameTaken()
    if password is not None:
        _check_password(password, User(username=username, full_name=full_name))
    return User.objects.create_staff(
        username=username, password=password, full_name=tidy(full_name), title=tidy(title), email=email, phone=phone,
        office=office, must_change_password=password is not None, active_since=at,
    )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise rules.WeakPassword(why=" ".join(weak.messages)) from weak


def _disable(user: User, *, why: str, actor: Actor, at: datetime) -> None:
    user.is_active, user.disabled_at, user.disabled_reason = False, at, why
    user.save(update_fields=["is_active", "disabled_at", "disabled_reason"])
    ended = accounts.end_all_sessions(user_id=user.pk, reason=LoginSession.Ended.DISABLED, at=at)
    ApiToken.objects.filter(owner=user, revoked_at__isnull=True).update(revoked_at=at)
    audit.record(
        Event.ACCOUNT_DISABLED, subject=user, actor=actor, at=at, unit_id=user.office_id, why=why, sessions=ended
    )


def _write_role(
    *, person: User, role: access.Role, unit_id: int, first: date, last: date | None, basis: str, actor: Actor,
    at: datetime,
) -> list[int]:
    given = Grant.objects.bulk_create([
        Grant(
            person=person, permission=code, unit_id=unit_id, role=role.code, valid_from=first, valid_to=last,
            basis=tidy(basis)[:200], given_by_id=actor.user_id, given_at=at,
        )
        for code in role.permissions
    ])
    audit.record(
        Event.GRANTED, subject=given[0], actor=actor, at=at, unit_id=unit_id, person=str(person.pk), role=role.code,
        first=str(first), last=str(last) if last else None, grants=[g.pk for g in given],
    )
    return [g.pk for g in given]


def _lend(grant: Grant, *, to: User, first: date, last: date, basis: str, actor: Actor, at: datetime) -> Grant:
    twice = Grant.objects.filter(
        delegated_from=grant, person=to, revoked_at__isnull=True, valid_from__lte=last, valid_to__gte=first
    )
    if twice.exists():
        raise rules.AlreadyGranted()
    lent = Grant.objects.create(
        person=to, permission=grant.permission, unit_id=grant.unit_id, role=grant.role, valid_from=first,
        valid_to=last, delegated_from=grant, basis=basis, given_by_id=actor.user_id, given_at=at,
    )
    audit.record(
        Event.DELEGATED, subject=lent, actor=actor, at=at, unit_id=grant.unit_id, to=str(to.pk),
        permission=grant.permission, first=str(first), last=str(last),
    )
    return lent


def _revoke(grant: Grant, *, why: str, actor: Actor, at: datetime) -> None:
    if grant.revoked_at is not None:
        raise rules.AlreadySo()
    grant.revoked_at, grant.revoked_by_id, grant.revoked_reason = at, actor.user_id, why
    grant.save(update_fields=["revoked_at", "revoked_by_id", "revoked_reason"])


def _lock_user(user_id: UUID) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise rules.NoSuchAccount()
    return user


def _lock_managed(user_id: UUID, *, actor: Actor, at: datetime) -> User:
    """The account, locked, if it is the actor's to manage: by its office; without one, by a province-wide office."""
    user = _lock_user(user_id)
    if user.office_id is None:
        require_provincial(actor, Permission.ACCOUNTS, on=localdate(at))
    else:
        access.require(actor, Permission.ACCOUNTS, unit_id=user.office_id, on=localdate(at))
    return user


def _lock_grant(grant_id: int) -> Grant:
    grant = Grant.objects.select_for_update(of=("self",)).select_related("delegated_from").filter(pk=grant_id).first()
    if grant is None:
        raise rules.NoSuchGrant()
    return grant


def require_provincial(actor: Actor, permission: str, *, on: date) -> None:
    """:raises access.Forbidden: the actor holds the permission over no province-wide office."""
    from .queries import is_provincial

    access.require_anywhere(actor, permission, on=on)
    if not is_provincial(actor, permission, on=on):
        raise access.Forbidden(permission=permission, reason=str(access.Reason.NOT_THIS_UNIT))


def _open_unit(unit_id: int, at: datetime) -> OrgUnit:
    today = localdate(at)
    unit = OrgUnit.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today), pk=unit_id, valid_from__lte=today
    ).first()
    if unit is None:
        raise rules.NoSuchUnit(field="office")
    return unit


def _check_period(first: date, last: date | None, *, at: datetime) -> None:
    if last is not None and last < first:
        raise rules.BadPeriod(field="valid_to", why="ngày kết thúc phải từ ngày bắt đầu trở đi")
    if last is not None and last < localdate(at):
        raise rules.BadPeriod(field="valid_to", why="ngày kết thúc đã qua")


def _reason(text: str, *, field: str = "reason") -> str:
    tidied = tidy(text)[:200]
    if not tidied:
        raise rules.ReasonRequired(field=field)
    return tidied


def _refuse_oneself(user: User, actor: Actor) -> None:
    if user.pk == actor.user_id:
        raise rules.NotForOneself()
