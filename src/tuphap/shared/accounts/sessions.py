"""The list of sessions: every login is in it, and a session that is not in it is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from .models import LoginSession, User

_SEEN_EVERY = timedelta(minutes=1)

_BROWSERS = (
    ("Edg/", "Edge"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A browser's header as people would call their device: ``"Chrome trên Windows"``."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Trình duyệt khác")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "thiết bị khác")
    return f"{browser} trên {system}"


def open_session(
    *, user: User, session_key: str, how: LoginSession.How, ip: str, user_agent: str, at: datetime
) -> LoginSession:
    """Enter a new login in the list."""
    return LoginSession.objects.create(
        user=user, session_key=session_key, how=how, ip=ip[:45], device=device_name(user_agent), started_at=at,
        last_seen_at=at,
    )


def living(user: User, *, at: datetime) -> QuerySet[LoginSession]:
    """The user's sessions that still open something, latest first."""
    return LoginSession.objects.filter(
        user=user, ended_at__isnull=True, last_seen_at__gt=at - settings.SESSION_IDLE
    ).order_by("-last_seen_at")


def end(sessions: QuerySet[LoginSession], *, reason: LoginSession.Ended, at: datetime) -> int:
    """End these sessions at once: their keys open nothing from the commit of this transaction on."""
    with transaction.atomic():
        open_ones = list(sessions.filter(ended_at__isnull=True).select_for_update())
        Session.objects.filter(session_key__in=[s.session_key for s in open_ones]).delete()
        LoginSession.objects.filter(pk__in=[s.pk for s in open_ones]).update(ended_at=at, end_reason=reason)
    return len(open_ones)


def watch(*, session_key: str, at: datetime) -> LoginSession | LoginSession.Ended:
    """The session if it is alive (marked as seen now), or why it is not; an idle one is ended here."""
    session = LoginSession.objects.filter(session_key=session_key).first()
    if session is None:
        return LoginSession.Ended.ENDED
    if session.ended_at is not None:
        return LoginSession.Ended(session.end_reason)
    if session.last_seen_at + settings.SESSION_IDLE <= at:
        end(LoginSession.objects.filter(pk=session.pk), reason=LoginSession.Ended.IDLE, at=at)
        return LoginSession.Ended.IDLE
    if session.last_seen_at + _SEEN_EVERY <= at:
        LoginSession.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session
