"""Watch every session: it must belong to an active account, be in the list, and not have been idle too long."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tuphap.kernel.clock import now

from . import sessions
from .api import sample_allowed
from .models import LoginSession


class SessionWatchMiddleware:
    """Look at the database at every request of a session, so that what ended there has ended here.

    Whoever must change the password sees only that page. A session that has ended leaves its reason for the login page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.login_session = None  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            self._look(request)
        user = request.user
        request.must_change_password = (  # type: ignore[attr-defined]
            user.is_authenticated and user.must_change_password and not self._is_step_in(request)
        )
        if request.must_change_password and not self._may_pass(request):  # type: ignore[attr-defined]
            if "HX-Request" in request.headers:  # a part of the open page: another page does not belong into it
                return HttpResponse(status=204)
            return HttpResponseRedirect(reverse("accounts:password"))
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        found: LoginSession | LoginSession.Ended = LoginSession.Ended.DISABLED
        if request.user.is_authenticated:
            found = sessions.watch(session_key=request.session.session_key or "", at=now())
        if isinstance(found, LoginSession) and found.user_id != request.user.pk:
            found = LoginSession.Ended.ENDED
        if isinstance(found, LoginSession) and found.how == LoginSession.How.SAMPLE and not sample_allowed():
            found = LoginSession.Ended.ENDED
        if isinstance(found, LoginSession):
            request.login_session = found  # type: ignore[attr-defined]
            return
        request.session.flush()
        request.user = AnonymousUser()
        request.session["ended_because"] = str(found)

    def _is_step_in(self, request: HttpRequest) -> bool:
        session: LoginSession | None = request.login_session  # type: ignore[attr-defined]
        return session is not None and session.how == LoginSession.How.SAMPLE

    def _may_pass(self, request: HttpRequest) -> bool:
        open_pages = (reverse("accounts:password"), reverse("accounts:logout"))
        return request.path in open_pages or request.path.startswith(("/static/", "/api/"))
