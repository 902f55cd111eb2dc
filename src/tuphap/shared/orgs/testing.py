"""Fixtures for tests that need real units. Seeded once a session and committed; no test may change these tables."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def country(django_db_setup: None, django_db_blocker: Any) -> None:
    """All administrative units, and the offices of Hải Phòng (``H31…``)."""
    from .seeds import seed_units

    with django_db_blocker.unblock():
        seed_units(province_offices=("31",))
