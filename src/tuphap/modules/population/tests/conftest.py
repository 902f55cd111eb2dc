"""The world of civil status, with people who match and confirm in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuphap.modules.civil_status.tests.conftest import browser, law, world

if TYPE_CHECKING:
    from tuphap.modules.civil_status.tests.world import World

__all__ = ["browser", "law", "town", "world"]


@pytest.fixture
def town(world: World) -> World:
    """The world, where the officer decides, the chairman and the deputy confirm, and the stranger does so elsewhere."""
    from .town import grant

    grant(world)
    return world


