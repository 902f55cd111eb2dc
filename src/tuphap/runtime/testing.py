"""For tests: a signer process's server and the sample authorities, in threads, with the settings pointing at them.

A pytest plugin: ask for the fixture ``signing_services``.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tuphap.kernel import signer as wire
from tuphap.runtime import signer
from tuphap.runtime.simulators import tsa


@dataclass(slots=True)
class SigningServices:
    """What signing needs beside the platform. ``authorities`` can be told to misbehave, the signer to go away."""

    folder: Path
    authorities: tsa.Server
    _signer: signer.Server | None = None
    _keys: signer.SoftwareKeys | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return self.authorities.address

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    def behave(self, what: str, how: str) -> None:
        """``what``: ``tsa`` or ``crl``; ``how``: ``well``, ``slow``, ``wrong`` or ``down``."""
        self.authorities.behaviour[what] = how

    def forget_lists(self) -> None:
        """As if no revocation list had ever been fetched."""
        shutil.rmtree(self.trust / "lists", ignore_errors=True)

    def start_signer(self) -> None:
        """Serve signatures; nothing where the signer is up."""
        if self._signer is not None:
            return
        if self._keys is None:
            self._keys = signer.SoftwareKeys(self.folder / "keys", b"secret of the tests only")
            self._keys.create("audit")
        log = signer.SignatureLog(self.folder / "keys" / "signed.log")
        self._signer = signer.Server(self.folder / "signer.sock", signer.Signer(self._keys, log))
        threading.Thread(target=self._signer.serve_forever, args=(0.02,), daemon=True).start()

    def stop_signer(self) -> None:
        """As if the signer process had been killed."""
        if self._signer is not None:
            self._signer.shutdown()
            self._signer.server_close()
            self._signer = None


@contextmanager
def running() -> Iterator[SigningServices]:
    """Start everything, point the settings there, stop everything."""
    from django.conf import settings

    folder = Path(mkdtemp(prefix="tp-signing-", dir="/tmp"))
    authorities = tsa.Server(port=0, folder=folder / "authorities")
    threading.Thread(target=authorities.serve_forever, args=(0.02,), daemon=True).start()
    services = SigningServices(folder, authorities)
    authorities.authority.write_trust(services.trust)
    services.start_signer()
    pointed = {"TSA_URL": f"{services.address}/tsa", "CA_URL": services.address, "TRUST_FOLDER": services.trust,
               "SIGNER_SOCKET": folder / "signer.sock"}
    before = {name: getattr(settings, name) for name in pointed}
    for name, value in pointed.items():
        setattr(settings, name, value)
    wire.configure(folder / "signer.sock")
    try:
        yield services
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        wire.configure(before["SIGNER_SOCKET"])
        services.stop_signer()
        authorities.shutdown()
        authorities.server_close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _signing_services() -> Iterator[SigningServices]:
    with running() as services:
        yield services


@pytest.fixture
def signing_services(_signing_services: SigningServices) -> SigningServices:
    """Signer and authorities, all of them well, whatever the test before did to them."""
    _signing_services.behave("tsa", "well")
    _signing_services.behave("crl", "well")
    _signing_services.start_signer()
    return _signing_services
