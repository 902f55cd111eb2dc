"""ClamAV's daemon over a real line: clean, infected, silent, away."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tuphap.kernel.refusal import Refusal
from tuphap.shared.files.refusals import ScannerAway
from tuphap.shared.files.scanner import BuiltIn, Clamd, scan


class Daemon(socketserver.StreamRequestHandler):
    """Speaks as ``clamd`` does: a command that ends with NUL, a stream in pieces, one answer that ends with NUL."""

    heard: bytes = b""
    said = ""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        Daemon.heard = content
        found = "stream: Eicar-Test-Signature FOUND" if BuiltIn.MARK in content else "stream: OK"
        if (Daemon.said or found) != "nothing":
            self.wfile.write((Daemon.said or found).encode() + b"\0")


@pytest.fixture(params=["port", "socket"])
def clamd(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    Daemon.said = ""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "clamd.ctl")
        server: Any = (
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon) if request.param == "port"
            else socketserver.ThreadingUnixStreamServer(path, Daemon)
        )
        with server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            settings.CLAMD = f"127.0.0.1:{server.server_address[1]}" if request.param == "port" else path
            yield server
            server.shutdown()


def test_what_is_clean_passes_whole_and_what_is_not_is_named(clamd: Any) -> None:
    content = bytes(range(256)) * 10_000  # more than one piece
    scan(content)
    assert Daemon.heard == content
    assert Clamd().is_there()
    with pytest.raises(Refusal, match="Eicar-Test-Signature") as refused:
        scan(b"x" + BuiltIn.MARK)
    assert (refused.value.code, refused.value.status) == ("files.infected", 422)


@pytest.mark.parametrize("said", ["INSTREAM size limit exceeded. ERROR", "nothing", "stream: fine"])
def test_what_it_does_not_call_clean_is_not_taken_in(clamd: Any, said: str) -> None:
    Daemon.said = said
    with pytest.raises(ScannerAway):
        scan(b"content")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_while_it_is_away_nothing_is_taken_in(settings: Any, address: str) -> None:
    settings.CLAMD = address
    with pytest.raises(ScannerAway) as refused:
        scan(b"content")
    assert refused.value.status == 503
    assert not Clamd().is_there()
