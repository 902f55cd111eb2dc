"""The calendar, the catalogue and the procedures of the tests, once for all; a house for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .house import House


@pytest.fixture
def house(catalogue: None, test_handlers: None, db: None) -> Iterator[House]:
    """A house of the test's own transaction; the clock stands at the instant of the call."""
    yield from _built()


@pytest.fixture
def standing(catalogue: None, test_handlers: None, transactional_db: None) -> Iterator[House]:
    """The same, committed."""
    yield from _built()


def _built() -> Iterator[House]:
    from tuphap.kernel.clock import standing_at

    from .house import CALLED, House

    with standing_at(CALLED):
        yield House()
