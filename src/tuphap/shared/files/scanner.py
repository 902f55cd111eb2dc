"""The port to a malware scanner: ClamAV where its address is given, another by name (``settings.FILE_SCANNER``).

The built-in one knows only the industry's test file.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from .refusals import FileInfected, ScannerAway


class Scanner(Protocol):
    """Says what is wrong with a file, or None where nothing was found."""

    def scan(self, content: bytes) -> str | None: ...


class BuiltIn:
    """Finds the EICAR test file, wherever in the content it stands: shows that refusal works end to end."""

    # In two pieces, or every scanner on the way would take this source for the thing itself.
    MARK = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

    def scan(self, content: bytes) -> str | None:
        return "EICAR" if self.MARK in content else None


class Clamd:
    """ClamAV's daemon at ``settings.CLAMD``: ``host:port``, or the path of its socket.

    :raises ScannerAway: it does not answer, or answers nothing that can be understood.
    """

    WITHIN = 20.0  # seconds, for each word of it
    PIECE = 1 << 20  # bytes sent at once

    def __init__(self) -> None:
        self.address: str = settings.CLAMD

    def scan(self, content: bytes) -> str | None:
        with self._line() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), self.PIECE):
                piece = content[start : start + self.PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            said = self._answer(line)
        if said.endswith(" FOUND"):
            return said.removeprefix("stream: ").removesuffix(" FOUND")
        if said != "stream: OK":
            raise ScannerAway()
        return None

    def is_there(self) -> bool:
        """Whether it answers when it is called."""
        try:
            with self._line() as line:
                line.sendall(b"zPING\0")
                return self._answer(line) == "PONG"
        except ScannerAway:
            return False

    @contextmanager
    def _line(self) -> Iterator[socket.socket]:
        try:
            with self._open() as line:
                line.settimeout(self.WITHIN)
                yield line
        except OSError as error:
            raise ScannerAway() from error

    def _open(self) -> socket.socket:
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(self.WITHIN)
                line.connect(self.address)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self.WITHIN)

    def _answer(self, line: socket.socket) -> str:
        said = b""
        while not said.endswith(b"\0") and (more := line.recv(4096)):
            said += more
        return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def scan(content: bytes) -> None:
    """Have the scanner look at the content.

    :raises FileInfected: it found something.
    :raises ScannerAway: it could not be asked.
    """
    found = _scanner().scan(content)
    if found is not None:
        raise FileInfected(name=found)


def _scanner() -> Scanner:
    if settings.FILE_SCANNER:
        scanner: Scanner = import_string(settings.FILE_SCANNER)()
        return scanner
    return Clamd() if settings.CLAMD else BuiltIn()
