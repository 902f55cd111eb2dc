"""A person, and a real identity provider on a port of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from django.conf import settings as django_settings

from tuphap.runtime.simulators import vneid

if TYPE_CHECKING:  # this file is read before Django is set up
    from tuphap.shared.accounts.models import User

PASSWORD = "mot-mat-khau-kha-dai"


class RunningProvider:
    """The simulator, listening; ``answer`` plays the citizen's browser at the provider's pages."""

    def __init__(self, home: Path) -> None:
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{sock.getsockname()[1]}"
        self.provider = vneid.Provider(
            issuer=self.issuer, home=home, client_id=django_settings.OIDC["client_id"],
            client_secret=django_settings.OIDC["client_secret"],
        )
        config = uvicorn.Config(vneid.application(self.provider), log_level="error", access_log=False, lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [sock]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def control(self, **told: object) -> None:
        with httpx.Client(trust_env=False, verify=False) as client:
            assert client.post(f"{self.issuer}/_control", json=told).status_code == 200

    def choose(self, address: str, sub: str) -> str:
        """Open the login page, choose a citizen; answers where the provider sends the browser back to."""
        with httpx.Client(trust_env=False, verify=False) as client:
            page = client.get(address)
            assert page.status_code == 200, page.text
            asked = dict(httpx.URL(address).params)
            back = client.post(f"{self.issuer}/authorize/choose", data={**asked, "sub": sub})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(5)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    provider = RunningProvider(tmp_path_factory.mktemp("vneid"))
    yield provider
    provider.stop()


@pytest.fixture
def idp(running: RunningProvider, settings) -> Iterator[RunningProvider]:
    settings.OIDC = {**settings.OIDC, "issuer": running.issuer}
    running.control()
    yield running
    running.control()


@pytest.fixture
def officer(db) -> User:
    from tuphap.shared.accounts.models import User
    from tuphap.shared.operation.testing import setting_up

    with setting_up():
        return User.objects.create_staff(username="lan.ht", password=PASSWORD, full_name="Nguyễn Thị Lan")
