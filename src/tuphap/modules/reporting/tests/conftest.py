"""The communes and people of civil status, with what reporting grants them; made only once Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .offices import Offices


@pytest.fixture(scope="session")
def law(country: None, django_db_blocker: Any) -> None:
    """The calendar, the catalogue, the forms. Committed; no test may change them."""
    from tuphap.modules.reporting import seeds
    from tuphap.shared.calendar import api as calendar
    from tuphap.shared.dossiers import api as dossiers

    with django_db_blocker.unblock():
        calendar.seed_calendar()
        dossiers.seed_procedures()
        seeds.seed()


@pytest.fixture
def offices(law: None, request: pytest.FixtureRequest) -> Offices:
    """Two communes and the department with their people."""
    committing = any(mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db"))
    request.getfixturevalue("transactional_db" if committing else "db")
    from .offices import make_offices

    return make_offices()
