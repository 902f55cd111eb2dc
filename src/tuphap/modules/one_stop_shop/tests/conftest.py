"""Fixtures of this module's tests; read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .department import Department
    from .steps import Work


@pytest.fixture
def work(town: Any) -> Work:
    """The verbs of the town's people."""
    from tuphap.modules.one_stop_shop.tests.steps import Work

    return Work(town)


@pytest.fixture
def department(catalogue: None, db: None) -> Department:
    """The department of justice and its people."""
    from tuphap.modules.one_stop_shop.tests.department import build

    return build()
