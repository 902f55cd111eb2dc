from __future__ import annotations

import pytest


@pytest.fixture
def province(db):
    from .world import Province  # this file is read before Django is set up

    return Province()
