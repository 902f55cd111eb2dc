"""For tests: log somebody in without the proofs that a door asks for."""

from __future__ import annotations

from django.test import Client

from tuphap.kernel.clock import now

from . import sessions
from .models import LoginSession, User

_django_force_login = Client.force_login


def force_login(client: Client, user: User, backend: str | None = None) -> None:
    """Django's own, and the session entered in the list, without which it would not live."""
    _django_force_login(client, user, backend or "django.contrib.auth.backends.ModelBackend")
    how = LoginSession.How.PASSWORD if user.kind == User.Kind.STAFF else LoginSession.How.OIDC
    sessions.open_session(
        user=user, session_key=client.session.session_key or "", how=how, ip="127.0.0.1", user_agent="test", at=now()
    )
