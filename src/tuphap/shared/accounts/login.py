"""How somebody comes in and goes out. Nobody is logged in before every proof that their kind needs has been given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import PUBLIC, Actor, ActorKind
from tuphap.kernel.refusal import Denied
from tuphap.shared.audit import api as audit

from . import sessions
from .models import LoginSession, RecoveryCode, User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_HALF = "half_login"
_HALF_LIFE = timedelta(minutes=5)
_TRIES = 5


class SampleOnly(Denied):
    """Stepping into a role exists in the sample province alone."""

    code = "accounts.sample_only"
    message_vi = "Chức năng thử vai chỉ có ở tỉnh mẫu."


@dataclass(frozen=True, slots=True)
class HalfLogin:
    """The password was right; the second factor is still to come. Kept in the session, where nobody is logged in."""

    user_id: str
    at: str
    next_url: str
    tries: int = 0


def begin_half_login(request: HttpRequest, *, user: User, next_url: str, at: datetime) -> None:
    """Remember, in a fresh session, that this browser has given the right password of this account."""
    request.session.flush()
    _keep(request, HalfLogin(user_id=str(user.pk), at=at.isoformat(), next_url=next_url))


def half_login(request: HttpRequest, *, at: datetime) -> tuple[User, HalfLogin] | None:
    """The account whose password was given here a short while ago, or None."""
    kept = request.session.get(_HALF)
    if not kept:
        return None
    half = HalfLogin(**kept)
    if at - datetime.fromisoformat(half.at) > _HALF_LIFE or half.tries >= _TRIES:
        forget_half_login(request)
        return None
    user = User.objects.filter(pk=UUID(half.user_id), is_active=True, kind=User.Kind.STAFF).first()
    return (user, half) if user else None


def forget_half_login(request: HttpRequest) -> None:
    request.session.pop(_HALF, None)


def count_wrong_code(request: HttpRequest, *, user: User, half: HalfLogin, at: datetime) -> None:
    """A wrong code counts towards the lock-out like a wrong password."""
    _keep(request, HalfLogin(half.user_id, half.at, half.next_url, half.tries + 1))
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)
    record_failure(request, username=user.username, why="second_factor", at=at)


def record_failure(request: HttpRequest, *, username: str, why: str, at: datetime) -> None:
    """Keep a failed login. The name is kept only where it is an account's: others may be passwords typed amiss."""
    user = User.objects.filter(username=username[:150]).first()
    with transaction.atomic():
        audit.record("accounts.login_failed", subject=user, actor=_passer_by(request), at=at, why=why)


def verify_code(*, user: User, code: str) -> TOTPDevice | None:
    """The user's device if the code is its present one; the same code never passes twice, even at the same moment."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device if device is not None and device.verify_token(code) else None


def enter(
    request: HttpRequest, *, user: User, how: LoginSession.How, at: datetime, device: TOTPDevice | None = None,
    recovery: RecoveryCode | None = None,
) -> None:
    """Log this account in here, enter the session in the list, and say so in the log.

    :raises SampleOnly: a step into a role outside the sample province.
    :raises RuntimeError: staff without a second factor; a defect of the caller.
    """
    from .api import actor_for, sample_allowed

    if how is LoginSession.How.SAMPLE and not sample_allowed():
        raise SampleOnly()
    if how is LoginSession.How.PASSWORD and (device is None or device.user_id != user.pk or not device.confirmed):
        raise RuntimeError("nobody is logged in by password without a second factor")
    if how is LoginSession.How.RECOVERY and (recovery is None or recovery.user_id != user.pk or not recovery.used_at):
        raise RuntimeError("nobody is logged in by a recovery code that was not used up")
    with transaction.atomic():
        if request.user.is_authenticated:
            leave(request, at=at)
        auth.login(request, user, backend=_BACKEND)
        forget_half_login(request)
        request.session.save()
        ip = request.META.get("REMOTE_ADDR", "")
        session = sessions.open_session(
            user=user, session_key=request.session.session_key or "", how=how, ip=ip,
            user_agent=request.META.get("HTTP_USER_AGENT", ""), at=at,
        )
        actor = actor_for(user, ip=ip, session_id=str(session.pk), request_id=getattr(request, "request_id", ""))
        audit.record("accounts.logged_in", subject=user, actor=actor, at=at, how=str(how))


def leave(request: HttpRequest, *, at: datetime) -> None:
    """Log out here; the session ends in the list and in the store."""
    actor: Actor = getattr(request, "actor", None) or _passer_by(request)
    user = request.user if request.user.is_authenticated else None
    with transaction.atomic():
        if user is not None:
            chosen = LoginSession.objects.filter(session_key=request.session.session_key or "")
            sessions.end(chosen, reason=LoginSession.Ended.LOGOUT, at=at)
            audit.record("accounts.logged_out", subject=user, actor=actor, at=at)
        auth.logout(request)


def keep_after_password_change(request: HttpRequest, *, user: User) -> None:
    """Keep this one session alive under the new password (Django ties sessions to the password's hash)."""
    auth.update_session_auth_hash(request, user)
    session: LoginSession | None = getattr(request, "login_session", None)
    if session is not None:
        request.session.save()
        LoginSession.objects.filter(pk=session.pk).update(session_key=request.session.session_key)


def safe_next(request: HttpRequest, url: str) -> str:
    """``url`` if it leads into this site, else the front door."""
    if url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return url
    return "/"


def locked_out(request: HttpRequest, original: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    """What somebody sees who has failed too often."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)


def _keep(request: HttpRequest, half: HalfLogin) -> None:
    request.session[_HALF] = asdict(half)


def _passer_by(request: HttpRequest) -> Actor:
    return Actor(
        kind=ActorKind.PUBLIC, name=PUBLIC.name, ip=request.META.get("REMOTE_ADDR", ""),
        request_id=getattr(request, "request_id", ""),
    )
