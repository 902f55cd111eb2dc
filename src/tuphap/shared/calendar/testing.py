"""The calendar for tests: filled once a session and committed; no test may change these tables for the next one."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def working_days(django_db_setup: None, django_db_blocker: Any) -> None:
    """The State's days off and make-up days, 2024–2027."""
    from .api import seed_calendar

    with django_db_blocker.unblock():
        seed_calendar()
