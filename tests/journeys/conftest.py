from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tuphap.shared.ui.tests.browser import browser, chromium

if TYPE_CHECKING:
    from tests.harness.platform import Platform
    from tests.journeys.town import Town
    from tests.journeys.visitor import Eyes, Visitor


@pytest.fixture(scope="package")
def town(platform: Platform) -> Town:
    from tests.journeys.town import Town

    return Town(platform)


@pytest.fixture(scope="package")
def eyes(pytestconfig: pytest.Config) -> Eyes:
    from tests.journeys.visitor import Eyes

    return Eyes.open(thorough=pytestconfig.option.markexpr != "not full")


@pytest.fixture(scope="package")
def chrome() -> Iterator[Any]:
    if chromium() is None:
        pytest.skip("Chromium is not installed")
    with browser() as opened:
        yield opened


@pytest.fixture
def visit(chrome: Any, platform: Platform, eyes: Eyes) -> Iterator[Callable[..., Visitor]]:
    """Open one window more, for whom it names."""
    from tests.journeys.visitor import Visitor

    opened: list[Visitor] = []

    def one(name: str, **asked: Any) -> Visitor:
        opened.append(Visitor(chrome, platform.url, eyes, name=name, **asked))
        return opened[-1]

    yield one
    for visitor in opened:
        visitor.context.close()
