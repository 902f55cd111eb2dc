"""One whole platform for those who walk through it and for those who kill it: to start one takes half a minute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.harness.platform import Platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Running, with three staffed offices and not one birth. Whoever asks for it is of the group ``platform``."""
    from tests.harness.platform import Platform, prepared_home

    running = Platform(dense=3)
    try:
        prepared_home(running.home)
        running.start()
        running.found()
        yield running
    finally:
        running.stop()
