"""What the site does around every request: an id, the actor, a strict content policy, refusals shown one way."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render

from tuphap.kernel.actor import PUBLIC, Actor, ActorKind
from tuphap.kernel.clock import now
from tuphap.kernel.ids import new_id
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.access.api import Forbidden
from tuphap.shared.accounts.api import NotLoggedIn, actor_for
from tuphap.shared.operation.api import log_denial

from . import problems

Next = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give every request an id that the log and the answer both carry."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(new_id())  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class CleanAddressMiddleware:
    """Turn away an address that holds a NUL byte, which no database text can hold."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return HttpResponseBadRequest("Địa chỉ không hợp lệ.", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


API = "/api/v1/"


class ApiProblemMiddleware:
    """Tell as a problem (RFC 9457) also what Django itself refuses under the API: a method, an address, a host."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        under_api = request.path.startswith(API)  # other agencies' door beside it has a form of its own
        if response.status_code < 400 or not under_api or response["Content-Type"] == problems.CONTENT_TYPE:
            return response
        told = problems.of_status(request, response.status_code)
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told


class ContentSecurityPolicyMiddleware:
    """Only what the platform itself serves may run or be shown; personal pages are not kept by caches."""

    POLICY = (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self' {oidc}; connect-src 'self' {stream}; frame-ancestors 'none'"
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        beside = settings.ENVIRONMENT.port + 3
        stream = settings.STREAM_URL or f"http://localhost:{beside} http://127.0.0.1:{beside}"
        self.policy = self.POLICY.format(oidc=settings.OIDC["issuer"], stream=stream)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response


class ActorMiddleware:
    """Say who acts: ``request.actor``, for every door."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind this request; a passer-by where nobody is logged in."""
    user = request.user
    ip = request.META.get("REMOTE_ADDR", "")
    request_id = getattr(request, "request_id", "")
    if not user.is_authenticated:
        return Actor(kind=ActorKind.PUBLIC, name=PUBLIC.name, ip=ip, request_id=request_id)
    session = getattr(request, "login_session", None)
    return actor_for(user, ip=ip, session_id=str(session.pk) if session else "", request_id=request_id)


def keep_denial(request: HttpRequest, refusal: Refusal) -> None:
    """Keep in the log a denial that no operation's frame has kept: one met while reading."""
    if isinstance(refusal, Denied) and not isinstance(refusal, NotLoggedIn):
        route = request.resolver_match.view_name if request.resolver_match else ""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        log_denial(refusal, where=f"{request.method} {route}", actor=actor, at=now())


def _asks_for_a_page(request: HttpRequest) -> bool:
    """Whether somebody who has not logged in is looking at a page, and can be sent to log in."""
    return not request.user.is_authenticated and "text/html" in request.headers.get("Accept", "")


class RefusalMiddleware:
    """Show a refusal that no door caught, once and in one way; a passer-by who is denied is asked to log in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        keep_denial(request, exception)
        if isinstance(exception, (Forbidden, NotLoggedIn)) and _asks_for_a_page(request):
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        request.refused = True  # type: ignore[attr-defined]
        return render(request, "site/refusal.html", {"refusal": exception}, status=exception.status)
