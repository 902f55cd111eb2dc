"""The communes and people of civil status, with what digitisation grants them; made only once Django is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from .shelf import Shelf


@pytest.fixture(scope="session")
def law(country: None, django_db_blocker: Any) -> None:
    """The working calendar and the catalogue of procedures. Committed; no test may change them."""
    from tuphap.shared.calendar import api as calendar
    from tuphap.shared.dossiers import api as dossiers

    with django_db_blocker.unblock():
        calendar.seed_calendar()
        dossiers.seed_procedures()


@pytest.fixture
def shelf(law: None, request: pytest.FixtureRequest) -> Shelf:
    """A commune's old books with those who digitise them."""
    committing = any(mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db"))
    request.getfixturevalue("transactional_db" if committing else "db")
    from .shelf import make_shelf

    return make_shelf()


@pytest.fixture
def browser(shelf: Shelf) -> Callable[[str], Client]:
    """A browser of one of the shelf's people."""
    from django.test import Client

    from tuphap.shared.accounts.testing import force_login

    def of(role: str) -> Client:
        client = Client()
        force_login(client, shelf.users[role])
        return client

    return of
