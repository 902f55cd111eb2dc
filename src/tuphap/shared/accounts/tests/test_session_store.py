"""A session that could not be kept: ended meanwhile, or the database gone. The two are not the same answer."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from tuphap.shared.accounts.session_store import SessionStore
from tuphap.shared.operation.testing import setting_up


def _kept() -> SessionStore:
    store = SessionStore()
    store["page"] = 1
    store.save()
    return store


@pytest.mark.django_db
def test_a_session_that_ended_meanwhile_is_told_so() -> None:
    store = _kept()
    with setting_up():
        Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_no_ended_session() -> None:
    store = _kept()
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(OperationalError):
        store.save()
    connection.close()
    store.save()
    assert SessionStore(store.session_key)["page"] == 1
