"""The doors of the house: log in, second factor, citizens' login, sessions, password."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal

from . import login as doors
from . import operations, recovery, sessions
from .api import actor_for, login_required, sample_allowed, staff_required
from .forms import CodeForm, ConfirmForm, LoginForm, PasswordForm, RecoveryForm
from .identity import NoPersonalNumber, read_claims
from .models import LoginSession, User
from .oidc import LoginBroken, provider

_ATTEMPT = "oidc_attempt"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Two ways in: citizens by VNeID, staff by password and then a code."""
    at, next_url = now(), doors.safe_next(request, request.GET.get("next", "/"))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = authenticate(request, username=given["username"], password=given["password"])
        if isinstance(user, User) and user.kind == User.Kind.STAFF:
            doors.begin_half_login(request, user=user, next_url=next_url, at=at)
            enrolled = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
            return redirect("accounts:second_factor" if enrolled else "accounts:enrol")
        doors.record_failure(request, username=given["username"], why="password", at=at)
        form.add_error(None, "Tên đăng nhập hoặc mật khẩu không đúng.")
    ended = request.session.pop("ended_because", None) if "ended_because" in request.session else None
    context = {
        "form": form, "next": next_url, "sample": sample_allowed(),
        "ended": LoginSession.Ended(ended).label if ended in LoginSession.Ended.values else "",
    }
    return render(request, "accounts/login.html", context, status=200 if request.method != "POST" else 422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator; only now is anybody logged in."""
    at = now()
    half = doors.half_login(request, at=at)
    if half is None:
        return _start_again(request)
    user, kept = half
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = doors.verify_code(user=user, code=form.cleaned_data["code"])
        if device is not None:
            doors.enter(request, user=user, how=LoginSession.How.PASSWORD, device=device, at=at)
            return HttpResponseRedirect(kept.next_url)
        doors.count_wrong_code(request, user=user, half=kept, at=at)
        form.add_error("code", "Mã xác thực không đúng hoặc đã được dùng. Vui lòng chờ mã mới rồi nhập lại.")
    return render(request, "accounts/second_factor.html", {"form": form}, status=_status(request))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the authenticator's; counted like it when wrong."""
    at = now()
    half = doors.half_login(request, at=at)
    if half is None:
        return _start_again(request)
    user, kept = half
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_for(user, ip=request.META.get("REMOTE_ADDR", ""))
        try:
            used = operations.use_recovery_code(user_id=user.pk, code=form.cleaned_data["code"], actor=actor, at=at)
        except operations.WrongRecoveryCode as wrong:
            doors.count_wrong_code(request, user=user, half=kept, at=at)
            form.add_error("code", wrong.message)
        else:
            doors.enter(request, user=user, how=LoginSession.How.RECOVERY, recovery=used, at=at)
            left = recovery.left(user.pk)
            messages.warning(request, f"Đã đăng nhập bằng mã dự phòng; còn {left} mã chưa dùng.")
            return HttpResponseRedirect(kept.next_url)
    return render(request, "accounts/recover.html", {"form": form}, status=_status(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first login: bind an authenticator to the account, then come in."""
    at = now()
    half = doors.half_login(request, at=at)
    if half is None:
        return _start_again(request)
    user, kept = half
    actor = actor_for(user, ip=request.META.get("REMOTE_ADDR", ""))
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        return redirect("accounts:second_factor")
    device = operations.start_enrolment(user_id=user.pk, actor=actor, at=at)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enrolled = operations.confirm_enrolment(
                user_id=user.pk, code=form.cleaned_data["code"], actor=actor, at=at
            )
        except operations.WrongCode as wrong:
            doors.count_wrong_code(request, user=user, half=kept, at=at)
            form.add_error("code", wrong.message)
        else:
            doors.enter(request, user=user, how=LoginSession.How.PASSWORD, device=enrolled.device, at=at)
            return _codes_once(request, enrolled.codes, onward=kept.next_url)
    context = {"form": form, "qr": _qr(device.config_url), "secret": _spaced(device)}
    return render(request, "accounts/enrol.html", context, status=_status(request))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    doors.leave(request, at=now())
    return redirect("/")


@never_cache
@require_safe
def oidc_start(request: HttpRequest) -> HttpResponse:
    """Send the citizen to the identity provider."""
    address, attempt = provider().begin(
        redirect_uri=_redirect_uri(request), next_url=doors.safe_next(request, request.GET.get("next", "/")), at=now()
    )
    request.session[_ATTEMPT] = attempt.as_kept()
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def oidc_callback(request: HttpRequest) -> HttpResponse:
    """The provider's answer. The attempt is taken out first: the same answer is never looked at twice."""
    at = now()
    kept: dict[str, str] | None = request.session.pop(_ATTEMPT, None)
    request.session.save()
    answer = {key: str(value) for key, value in request.GET.items()}
    try:
        claims = provider().finish(kept=kept, answer=answer, at=at)
        identity = read_claims(claims, settings.OIDC["claims"], issuer=provider().issuer)
    except NoPersonalNumber:
        return redirect("accounts:no_number")
    except Refusal as refused:
        doors.record_failure(request, username="", why=refused.code, at=at)
        raise
    if kept is None:
        raise LoginBroken()
    user = operations.enter_citizen(identity=identity, actor=request.actor, at=at)  # type: ignore[attr-defined]
    doors.enter(request, user=user, how=LoginSession.How.OIDC, at=at)
    return HttpResponseRedirect(kept["next_url"])


@require_safe
def no_number(request: HttpRequest) -> HttpResponse:
    """What to do for somebody whose account bears no personal number."""
    return render(request, "accounts/no_number.html")


@never_cache
@login_required
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    user: Any = request.user
    current: LoginSession | None = request.login_session  # type: ignore[attr-defined]
    context = {
        "sessions": sessions.living(user, at=now()), "current": current.pk if current else None,
        "codes_left": recovery.left(user.pk),
    }
    return render(request, "accounts/sessions.html", context)


@never_cache
@sensitive_post_parameters()
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many recovery codes are left; a fresh set for one's password."""
    form = ConfirmForm(request.POST or None)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            codes = operations.make_recovery_codes(password=form.cleaned_data["current"], actor=actor, at=now())
        except operations.WrongPassword as wrong:
            form.add_error("current", wrong.message)
        except operations.NotEnrolled as refused:
            form.add_error(None, refused.message)
        else:
            return _codes_once(request, codes, onward=reverse("accounts:sessions"))
    assert actor.user_id is not None  # staff
    context = {"form": form, "left": recovery.left(actor.user_id), "whole": recovery.HOW_MANY}
    return render(request, "accounts/recovery_codes.html", context, status=_status(request))


def _codes_once(request: HttpRequest, codes: list[str], *, onward: str) -> HttpResponse:
    """The page that tells the codes: in this answer alone, never behind an address."""
    return render(request, "accounts/codes_once.html", {"codes": codes, "onward": onward})


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    operations.end_session(session_id=session_id, actor=request.actor, at=now())  # type: ignore[attr-defined]
    messages.success(request, "Đã kết thúc phiên làm việc.")
    return redirect("accounts:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = operations.end_other_sessions(
        keep_session=request.session.session_key or "", actor=request.actor, at=now()  # type: ignore[attr-defined]
    )
    messages.success(request, f"Đã kết thúc {ended} phiên khác.")
    return redirect("accounts:sessions")


@never_cache
@sensitive_post_parameters()
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.change_password(
                current=form.cleaned_data["current"], new=form.cleaned_data["new"],
                keep_session=request.session.session_key or "", actor=request.actor, at=now(),  # type: ignore[attr-defined]
            )
        except (operations.WrongPassword, operations.WeakPassword) as refused:
            form.add_error(refused.field, refused.message)
        else:
            doors.keep_after_password_change(request, user=user)
            messages.success(request, "Đã đổi mật khẩu. Các phiên khác của ông/bà đã được kết thúc.")
            return redirect("accounts:sessions")
    return render(request, "accounts/password.html", {"form": form}, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _start_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Vui lòng đăng nhập lại từ đầu.")
    return redirect("accounts:login")


def _redirect_uri(request: HttpRequest) -> str:
    """The one address registered with the provider; in the sample, the host by which the browser came."""
    path = reverse("accounts:oidc_callback")
    return request.build_absolute_uri(path) if sample_allowed() else f"{settings.PUBLIC_URL}{path}"


def _qr(text: str) -> str:
    """A picture of the text, as an address that the content policy allows."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=3)


def _spaced(device: TOTPDevice) -> str:
    """The secret as it is typed by hand, in groups of four."""
    import base64

    plain = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))
