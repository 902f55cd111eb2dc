"""What people change of their own accounts. What administrators change lies in ``modules.administration``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from . import recovery, sessions
from .identity import Identity
from .models import LoginSession, RecoveryCode, User


class AccountDisabled(Denied):
    """The account is disabled; whoever it belongs to cannot come in."""

    code = "accounts.disabled"
    message_vi = "Tài khoản đang bị khóa. Vui lòng liên hệ quản trị hệ thống."


class WrongPassword(Refusal):
    code = "accounts.wrong_password"
    message_vi = "Mật khẩu hiện tại không đúng."
    field = "current"


class WeakPassword(Refusal):
    code = "accounts.weak_password"
    message_vi = "{why}"
    field = "new"


class WrongCode(Refusal):
    code = "accounts.wrong_code"
    message_vi = "Mã xác thực không đúng. Vui lòng kiểm tra giờ của điện thoại và nhập mã đang hiển thị."
    field = "code"


class WrongRecoveryCode(Refusal):
    code = "accounts.wrong_recovery_code"
    message_vi = "Mã dự phòng không đúng hoặc đã được dùng."
    field = "code"


class NotEnrolled(Refusal):
    code = "accounts.not_enrolled"
    message_vi = "Tài khoản chưa ghi danh ứng dụng xác thực nên chưa có mã dự phòng."


class AlreadyEnrolled(Refusal):
    code = "accounts.already_enrolled"
    message_vi = "Tài khoản đã có ứng dụng xác thực. Muốn đổi, vui lòng liên hệ quản trị hệ thống."


class NoSuchSession(NotFound):
    code = "accounts.no_such_session"
    message_vi = "Không tìm thấy phiên làm việc này."


@operation
def enter_citizen(*, identity: Identity, actor: Actor, at: datetime) -> User:
    """The account of this citizen, opened at their first login and brought up to date at each.

    The key is (issuer, subject): the same subject of another issuer is another account.

    :raises AccountDisabled: the account exists and is disabled.
    """
    known = User.objects.select_for_update().filter(issuer=identity.issuer, subject=identity.subject).first()
    said = {"birth_date": identity.birth_date, "sex": identity.sex, "warnings": list(identity.warnings)}
    if known is None:
        user = User.objects.create_citizen(
            issuer=identity.issuer, subject=identity.subject, full_name=identity.full_name,
            personal_number=identity.personal_number, phone=identity.phone, assurance_level=identity.assurance_level,
            claims=said,
        )
        audit.record("accounts.citizen_entered", subject=user, actor=actor, at=at, level=identity.assurance_level)
        return user
    if not known.is_active:
        raise AccountDisabled()
    brought = {
        "full_name": identity.full_name, "personal_number": identity.personal_number, "phone": identity.phone,
        "assurance_level": identity.assurance_level, "claims": said,
    }
    changed = [name for name, value in brought.items() if getattr(known, name) != value]
    if changed:
        for name in changed:
            setattr(known, name, brought[name])
        known.save(update_fields=changed)
        audit.record("accounts.citizen_changed", subject=known, actor=actor, at=at, fields=changed)
    return known


@operation
def start_enrolment(*, user_id: UUID, actor: Actor, at: datetime) -> TOTPDevice:
    """The device that the user is about to confirm; made once and shown again until confirmed.

    :raises AlreadyEnrolled: there is a confirmed one.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise AlreadyEnrolled()
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()
    return device or TOTPDevice.objects.create(user=user, name="Ứng dụng xác thực", confirmed=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An authenticator bound to the account, and the recovery codes that go with it: told now and never again."""

    device: TOTPDevice
    codes: list[str]


@operation
def confirm_enrolment(*, user_id: UUID, code: str, actor: Actor, at: datetime) -> Enrolled:
    """Bind the authenticator to the account, by a code that it shows; recovery codes come with it.

    :raises AlreadyEnrolled: there is a confirmed one.
    :raises WrongCode: the code is not the device's present one.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise AlreadyEnrolled()
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).order_by("pk").first()
    if device is None or not device.verify_token(code):
        raise WrongCode()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit.record("accounts.second_factor_enrolled", subject=user, actor=actor, at=at)
    return Enrolled(device, recovery.make_anew(user, at=at))


@operation
def use_recovery_code(*, user_id: UUID, code: str, actor: Actor, at: datetime) -> RecoveryCode:
    """Use up one recovery code in place of the authenticator. Whose it is will be told.

    :raises WrongRecoveryCode: none of this account's, or used before.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    used = recovery.take(user, code, at=at)
    if used is None:
        raise WrongRecoveryCode()
    audit.record(recovery.USED, subject=user, actor=actor, at=at, left=recovery.left(user.pk))
    return used


@operation
def make_recovery_codes(*, password: str, actor: Actor, at: datetime) -> list[str]:
    """Give oneself a fresh set of recovery codes; those not used so far open nothing any more.

    :raises WrongPassword: it is not the password.
    :raises NotEnrolled: there is no authenticator that they could stand in for.
    """
    user = User.objects.select_for_update().get(pk=actor.user_id or "")
    if not user.check_password(password):
        raise WrongPassword()
    if not TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise NotEnrolled()
    codes = recovery.make_anew(user, at=at)
    audit.record(recovery.MADE, subject=user, actor=actor, at=at, count=len(codes))
    return codes


@operation
def change_password(*, current: str, new: str, keep_session: str, actor: Actor, at: datetime) -> User:
    """Give oneself a new password; every other session of the account ends.

    :raises WrongPassword: ``current`` is not the password.
    :raises WeakPassword: the new one is too short, common, alike, or the old one again.
    """
    user = User.objects.select_for_update().get(pk=actor.user_id or "")
    if not user.check_password(current):
        raise WrongPassword()
    if current == new:
        raise WeakPassword(why="Mật khẩu mới phải khác mật khẩu hiện tại.")
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise WeakPassword(why=" ".join(weak.messages)) from weak
    user.set_password(new)
    user.must_change_password, user.password_changed_at = False, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    others = LoginSession.objects.filter(user=user).exclude(session_key=keep_session)
    sessions.end(others, reason=LoginSession.Ended.CHANGED, at=at)
    audit.record("accounts.password_changed", subject=user, actor=actor, at=at)
    return user


@operation
def end_session(*, session_id: int, actor: Actor, at: datetime) -> int:
    """End one of one's own sessions.

    :raises NoSuchSession: not one of one's own, or ended already.
    """
    ended = _end_own(LoginSession.objects.filter(pk=session_id, user_id=actor.user_id or ""), actor=actor, at=at)
    if not ended:
        raise NoSuchSession()
    return ended


@operation
def end_other_sessions(*, keep_session: str, actor: Actor, at: datetime) -> int:
    """End all of one's own sessions but this one; answers how many."""
    others = LoginSession.objects.filter(user_id=actor.user_id or "").exclude(session_key=keep_session)
    return _end_own(others, actor=actor, at=at)


def _end_own(chosen: QuerySet[LoginSession], *, actor: Actor, at: datetime) -> int:
    ended = sessions.end(chosen, reason=LoginSession.Ended.ENDED, at=at)
    if ended:
        audit.record("accounts.sessions_ended", subject=None, actor=actor, at=at, count=ended)
    return ended
