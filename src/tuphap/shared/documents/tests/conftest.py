"""The fixtures of these tests; what they make lies in ``offices`` and is imported only once Django is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .offices import Office


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    from . import offices

    offices.TEMPLATE.install()
    offices.OUTCOME.install()
    offices.calls.clear()
    yield


@pytest.fixture
def office(db: None, signing_services: Any) -> Office:
    from .offices import make_office

    return make_office(signing_services)


@pytest.fixture
def another_office(db: None, signing_services: Any) -> Callable[[], Office]:
    from .offices import make_office

    return lambda: make_office(signing_services)


@pytest.fixture
def noon() -> datetime:
    """A day in the sample's past."""
    return datetime(2025, 6, 15, 5, 0, tzinfo=UTC)
