"""One whole platform for those who walk through it and for those who kill it: to start one takes half a minute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A test that fails on the platform tells what the platform's own logs said meanwhile."""
    report = yield
    running = getattr(item, "funcargs", {}).get("platform")
    if report.failed and running is not None:
        report.sections.append(("the platform", running.last_words()))
    return report
