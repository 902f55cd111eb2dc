from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


@pytest.fixture
def sim(
    transactional_db: None, country: None, signing_services: Any, live_server: Any, settings: Any
) -> Iterator[Any]:
    """The agencies beside a platform whose door is open; both know each other's keys."""
    from tuphap.shared.exchange import keys, transport

    from . import world

    settings.TRUST_FOLDER = signing_services.trust
    keys._own.cache_clear()
    keys.own_fingerprint()
    with world.agencies(
        signing_services.trust, platform=live_server.url, client=settings.EXCHANGE_CLIENT
    ) as running:
        settings.EXCHANGE_URLS = {}
        settings.EXCHANGE_DEFAULT_URL = running.url
        yield running
        transport.hang_up()
