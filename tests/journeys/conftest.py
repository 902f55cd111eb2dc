from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tuphap.shared.ui.tests.browser import browser, chromium

if TYPE_CHECKING:
    from tests.harness.platform import Platform
    from tests.journeys.town import Town
    from tests.journeys.visitor import Eyes, Visitor

HERE = Path(__file__).parent
SHORT = "not full"  # by which `make test` leaves out the rest


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the full run who walks has a platform apart from who is killed: one after another they take forty minutes."""
    if config.option.markexpr == SHORT:
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="package")
def town(platform: Platform) -> Town:
    from tests.journeys.town import Town

    return Town(platform)


@pytest.fixture(scope="package")
def eyes(pytestconfig: pytest.Config) -> Eyes:
    from tests.journeys.visitor import Eyes

    return Eyes.open(thorough=pytestconfig.option.markexpr != SHORT)


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
