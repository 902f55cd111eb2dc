"""The calendar and the catalogue for the tests that fill a small sample."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def law(country: None, django_db_blocker: Any) -> None:
    """Committed; no test may change them."""
    from tuphap.shared.calendar import api as calendar
    from tuphap.shared.dossiers import api as dossiers

    with django_db_blocker.unblock():
        calendar.seed_calendar()
        dossiers.seed_procedures()
