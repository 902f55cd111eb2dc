"""A pytest plugin: ``catalogue`` (once a session, committed), ``town`` (people and grants of one test).

Loaded before the settings are known, so it imports nothing of Django's outside its functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .testing import Town


@pytest.fixture(scope="session")
def catalogue(country: None, django_db_blocker: Any) -> None:
    """The working calendar, the whole catalogue and the procedures of ``testing``. No test may change them."""
    from .testing import seed

    with django_db_blocker.unblock():
        seed()


@pytest.fixture
def test_handlers() -> Iterator[None]:
    """The handlers of the procedures of ``testing``, declared for the time of one test."""
    from tuphap.shared.access.api import permissions

    from .api import handlers
    from .testing import HANDLERS, PREPARE, SIGN

    for declared in (PREPARE, SIGN, *HANDLERS):
        declared.install()
    yield
    for handler in HANDLERS:
        handlers._items.pop(handler.code, None)
    for permission in (PREPARE, SIGN):
        permissions._items.pop(permission.code, None)


@pytest.fixture
def town(catalogue: None, test_handlers: None, request: pytest.FixtureRequest) -> Town:
    """A desk with its people, made in the test's own database access: rolled back, or emptied afterwards."""
    from tuphap.shared.operation.testing import setting_up

    from .testing import build_town

    mark = request.node.get_closest_marker("django_db")
    committed = mark is not None and mark.kwargs.get("transaction", False)
    request.getfixturevalue("transactional_db" if committed else "db")
    with setting_up():
        return build_town()
