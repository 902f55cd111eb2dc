from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' kinds, and whatever modules have declared left aside."""
    from tuphap.shared.exchange import declarations

    from . import kinds

    for registry in (declarations.outbound_kinds, declarations.inbound_kinds):
        monkeypatch.setattr(registry, "_items", {})
    kept = {k: v for k, v in declarations.lookup_kinds._items.items() if k.endswith(".ping")}
    monkeypatch.setattr(declarations.lookup_kinds, "_items", kept)
    kinds.declare()
