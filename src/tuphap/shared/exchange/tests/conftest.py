from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' kinds, and whatever modules have declared left aside."""
    from . import kinds

    for registry, kept in kinds.registries().items():
        monkeypatch.setattr(registry, "_items", kept)
    kinds.declare()
