"""For tests of any module: the agencies in a thread, beside a platform whose door is open.

A pytest plugin: ask for the fixture ``sim``.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import pytest
import uvicorn

from tuphap.runtime.simulators.agencies.server import Agencies, application


@dataclass(slots=True)
class Sim:
    """The agencies, running."""

    url: str
    home: Path
    line: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60))

    def behave(self, agency: str = "all", **how: Any) -> None:
        self.line.post(f"{self.url}/_control/{agency}", json=how).raise_for_status()

    def act(self, agency: str, **what: Any) -> None:
        self.line.post(f"{self.url}/_act/{agency}", json=what).raise_for_status()

    def set_people(self, people: Sequence[Mapping[str, Any]]) -> None:
        """Enter records of the police's population database, new ones or changed."""
        self.line.post(f"{self.url}/_people", json={"people": list(people)}).raise_for_status()

    def people(self) -> dict[str, dict[str, Any]]:
        """The population database of the police, by key."""
        return {one["key"]: one for one in self.line.get(f"{self.url}/_people").json()["people"]}

    def state(self, agency: str) -> dict[str, Any]:
        told: dict[str, Any] = self.line.get(f"{self.url}/_state").json()[agency]
        return told

    def wait_until_sent(self, agency: str, *, within: float = 20.0) -> None:
        """Until nothing of the agency's own waits any more."""
        def waits() -> int:
            number: int = self.line.get(f"{self.url}/_waiting").json()[agency]
            return number

        wait_until(lambda: waits() == 0, within=within)


def wait_until(condition: Callable[[], object], *, within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come to pass")
        time.sleep(0.05)


def short_folder() -> Path:
    """A folder near the root, where sockets' paths stay short."""
    return Path(mkdtemp(prefix="tp-exchange-", dir="/tmp"))


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def agencies(trust: Path, *, platform: str, client: str) -> Iterator[Sim]:
    """The agencies in a thread; they lay their keys out in ``trust``, which is ``<home>/trust``."""
    home = short_folder()
    (home / "trust").symlink_to(trust, target_is_directory=True)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(
        application(Agencies(home, platform=platform, client=client, seed=1)), host="127.0.0.1", port=port,
        log_level="critical", access_log=False,
    ))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    sim = Sim(f"http://127.0.0.1:{port}", home)
    try:
        yield sim
    finally:
        sim.line.close()
        server.should_exit = True
        thread.join(10)
        remove(home)


@pytest.fixture
def sim(
    transactional_db: None, country: None, signing_services: Any, live_server: Any, settings: Any
) -> Iterator[Sim]:
    """The agencies, and a platform that they can call; ``run_jobs("exchange")`` delivers what is queued."""
    from tuphap.shared.exchange import keys, transport

    settings.TRUST_FOLDER = signing_services.trust
    keys._own.cache_clear()
    keys.own_fingerprint()
    with agencies(signing_services.trust, platform=live_server.url, client=settings.EXCHANGE_CLIENT) as running:
        settings.EXCHANGE_URLS = {}
        settings.EXCHANGE_DEFAULT_URL = running.url
        yield running
        transport.hang_up()
