"""The world of civil status, with people who match and confirm in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuphap.modules.civil_status.tests.conftest import browser, law, world

if TYPE_CHECKING:
    from tuphap.modules.civil_status.tests.world import World

__all__ = ["browser", "law", "town", "world"]


@pytest.fixture
def town(world: World, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, where the officer decides, the chairman and the deputy confirm, and the stranger does so elsewhere.

    What speaks for and against a pair is asked of the engine only in the tests of matching: it takes seconds to load.
    """
    from .town import grant

    if "house" not in request.fixturenames:
        monkeypatch.setattr("tuphap.modules.population.matching.explain", lambda civil, record: ())
    grant(world)
    return world


