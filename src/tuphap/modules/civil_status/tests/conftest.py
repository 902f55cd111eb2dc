"""The fixtures of these tests; what they make lies in ``world`` and is imported only once Django is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from .world import World


@pytest.fixture(scope="session")
def law(country: None, django_db_blocker: Any) -> None:
    """The working calendar and the catalogue of procedures. Committed; no test may change them."""
    from tuphap.shared.calendar import api as calendar
    from tuphap.shared.dossiers import api as dossiers

    with django_db_blocker.unblock():
        calendar.seed_calendar()
        dossiers.seed_procedures()


@pytest.fixture
def world(law: None, request: pytest.FixtureRequest) -> World:
    """Two communes with their people, in the test's own transaction or committed, as the test asks for."""
    committing = any(mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db"))
    request.getfixturevalue("transactional_db" if committing else "db")
    from .world import make_world

    return make_world()


@pytest.fixture
def browser(world: World) -> Callable[[str], Client]:
    """A browser of one of the world's people."""
    from django.test import Client

    from tuphap.shared.accounts.testing import force_login

    def of(role: str) -> Client:
        client = Client()
        force_login(client, world.users[role])
        return client

    return of
