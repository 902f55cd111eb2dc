"""Where Django keeps sessions: in the database, and a lost database is told as such."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
    """Django's own takes every failed update for a session that was ended meanwhile, and answers 400: do not repeat.

    Where the database was lost nothing is known of the session; the answer is 500, and repeating it is right.
    """

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as told:
            if isinstance(told.__context__, (OperationalError, InterfaceError)):
                raise told.__context__ from None
            raise
