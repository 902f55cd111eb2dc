"""What the rest of the platform may know of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.refusal import Denied
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.api import OrgUnit

from . import sessions, tokens
from .identity import BadClaim, use_personal_number_check
from .models import ApiToken, LoginSession, User
from .operations import WrongCode
from .presence import asks_for_code, require_presence
from .recovery import MADE as RECOVERY_CODES_MADE
from .recovery import USED as RECOVERY_CODE_USED
from .recovery import forget as forget_recovery_codes
from .tokens import fingerprint as token_fingerprint
from .tokens import new_secret as new_token_secret

__all__ = [
    "RECOVERY_CODES_MADE", "RECOVERY_CODE_USED", "ApiToken", "AssuranceTooLow", "BadClaim", "LoginSession",
    "NotLoggedIn", "User", "WrongCode", "actor_for", "asks_for_code", "citizen_required", "end_all_sessions",
    "forget_recovery_codes", "login_required", "new_token_secret", "offices_now", "require_assurance",
    "require_presence", "sample_allowed",
    "staff_required", "token_fingerprint", "token_named", "use_personal_number_check",
]


class NotLoggedIn(Denied):
    """This can only be done by somebody who has logged in."""

    code = "accounts.not_logged_in"
    message_vi = "Vui lòng đăng nhập để tiếp tục."
    status = 401


class WrongKind(Denied):
    """A page of staff asked for by a citizen, or the other way round."""

    code = "accounts.wrong_kind"
    message_vi = "Trang này dành cho {who}."


class AssuranceTooLow(Denied):
    """The citizen's electronic identity is below the level that this act needs (submission: level 2, NĐ 69/2024)."""

    code = "accounts.assurance_too_low"
    message_vi = (
        "Tài khoản định danh của ông/bà ở mức độ {actual}, chỉ được tra cứu. "
        "Việc này cần tài khoản định danh điện tử mức độ {level}."
    )


def actor_for(
    user: User, *, ip: str = "", session_id: str = "", request_id: str = "", purpose: str = "",
    scopes: frozenset[str] | None = None,
) -> Actor:
    """This account as one who acts."""
    return Actor(
        kind=ActorKind(user.kind), name=user.full_name, user_id=user.pk, ip=ip, session_id=session_id,
        request_id=request_id, purpose=purpose, scopes=scopes,
    )


def require_assurance(actor: Actor, *, level: int | None = None) -> None:
    """Refuse a citizen whose electronic identity is below ``level`` (by default the level for submission).

    Staff act under their grants and are let through.

    :raises NotLoggedIn: a passer-by.
    :raises AssuranceTooLow: the identity's level is lower.
    """
    needed = settings.OIDC["submission_level"] if level is None else level
    if actor.kind is ActorKind.PUBLIC:
        raise NotLoggedIn()
    if actor.kind is not ActorKind.CITIZEN:
        return
    actual = User.objects.values_list("assurance_level", flat=True).get(pk=actor.user_id or "")
    if actual < needed:
        raise AssuranceTooLow(level=needed, actual=actual)


def end_all_sessions(
    *, user_id: UUID, reason: LoginSession.Ended, at: datetime, keep: str | None = None
) -> int:
    """End every session of this account, but the one with the key ``keep``; called inside an operation."""
    chosen = LoginSession.objects.filter(user_id=user_id)
    if keep:
        chosen = chosen.exclude(session_key=keep)
    return sessions.end(chosen, reason=reason, at=at)


def token_named(secret: str, *, at: datetime) -> ApiToken | None:
    """The living API token with this secret, or None."""
    return tokens.find(secret, at=at)


def sample_allowed() -> bool:
    """Whether the one-click step into a role exists here: in the sample province, and never in production."""
    return bool(settings.SAMPLE_MODE) and settings.ENVIRONMENT.mode != "production"


def offices_now(users: Iterable[User], *, on: date) -> dict[int, OrgUnit]:
    """Where these people work on this day, by the key of their account's office: a merged one by its successor."""
    heirs = orgs.restatement({user.office_id for user in users if user.office_id is not None}, on=on)
    now = OrgUnit.objects.in_bulk({heir for heir in heirs.values() if heir is not None})
    return {office: now[heir] for office, heir in heirs.items() if heir is not None}


View = Callable[..., HttpResponse]


def login_required(view: View) -> View:
    """A page for anybody who has logged in; others are sent to the login page and come back."""
    return _for_kinds(view, (), "")


def staff_required(view: View) -> View:
    """A page for staff. What they may see on it is still decided by their grants."""
    return _for_kinds(view, (ActorKind.STAFF,), "cán bộ, công chức")


def citizen_required(view: View) -> View:
    """A page for citizens who have logged in through the national identity provider."""
    return _for_kinds(view, (ActorKind.CITIZEN,), "công dân")


def _for_kinds(view: View, kinds: tuple[ActorKind, ...], who: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.kind is ActorKind.PUBLIC:
            return redirect_to_login(request.get_full_path())
        if kinds and actor.kind not in kinds:
            raise WrongKind(who=who)
        return view(request, *args, **kwargs)

    return guarded
