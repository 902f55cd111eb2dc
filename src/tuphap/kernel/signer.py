"""The way to the signer process: it alone holds private keys; everybody else sends it what is to be signed.

Messages are JSON behind a length of four bytes, over a Unix socket; one request and one answer for each connection.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .refusal import Refusal

LIMIT = 1024 * 1024  # bytes in one message: what is signed is a few kilobytes
_LENGTH = struct.Struct(">I")
_place: dict[str, Path] = {}


class SignerDown(Refusal):
    """The signer process does not answer. Nothing was signed; try again later."""

    code = "signer.down"
    message_vi = "Dịch vụ ký số chưa sẵn sàng. Văn bản chưa được ký; hệ thống sẽ thử lại."
    status = 503


class SignerRefused(Refusal):
    """The signer process answered that it cannot do this (no such key, key locked, message not understood)."""

    code = "signer.refused"
    message_vi = "Dịch vụ ký số từ chối yêu cầu: {reason}."
    status = 503


def configure(path: Path) -> None:
    """Say where the signer process listens; until then ``TUPHAP_SIGNER_SOCKET`` or the platform's home says it."""
    _place["socket"] = path


def place() -> Path:
    """The socket of the signer process."""
    if "socket" in _place:
        return _place["socket"]
    home = Path(os.environ.get("TUPHAP_HOME", "var")).absolute()
    return Path(os.environ.get("TUPHAP_SIGNER_SOCKET", str(home / "run" / "signer.sock")))


def sign(key_id: str, data: bytes, *, purpose: str = "") -> bytes:
    """Sign ``data`` with the key: ECDSA on P-256 over SHA-256, DER.

    :param purpose: what for; kept in the signer's own log.
    :raises SignerDown: the process does not answer.
    :raises SignerRefused: it holds no such key.
    """
    answer = ask("sign", key=key_id, data=base64.b64encode(data).decode(), purpose=purpose)
    return base64.b64decode(answer["signature"])


def public_key(key_id: str) -> bytes:
    """The public key in DER (SubjectPublicKeyInfo).

    :raises SignerDown: the process does not answer.
    :raises SignerRefused: it holds no such key.
    """
    return base64.b64decode(ask("public_key", key=key_id)["public_key"])


def create_key(key_id: str) -> bytes:
    """Make the key if there is none under this name; its public key in DER. The private key never leaves the process.

    :raises SignerDown: the process does not answer.
    :raises SignerRefused: the name is not well-formed, or the key store cannot make keys.
    """
    return base64.b64decode(ask("create_key", key=key_id)["public_key"])


def keys() -> tuple[str, ...]:
    """The names of the keys that the process holds.

    :raises SignerDown: the process does not answer.
    """
    return tuple(ask("keys")["keys"])


def ask(verb: str, *, timeout: float = 20.0, **fields: Any) -> dict[str, Any]:
    """Send one request and wait for its answer.

    :raises SignerDown: nobody listens, or the answer breaks off.
    :raises SignerRefused: the answer is an error.
    """
    try:
        with _connected(place(), timeout) as connection:
            send(connection, {"do": verb, **fields})
            answer = receive(connection)
    except (OSError, ValueError) as error:
        raise SignerDown() from error
    if answer is None:
        raise SignerDown()
    if "error" in answer:
        raise SignerRefused(reason=str(answer["error"]))
    return answer


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Write one message."""
    body = json.dumps(message).encode()
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Read one message; None where the other side has closed.

    :raises ValueError: longer than allowed, broken off, or not an object.
    """
    head = _exactly(connection, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LIMIT:
        raise ValueError("message too long")
    body = _exactly(connection, length)
    if body is None:
        raise ValueError("message broken off")
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("message is not an object")
    return message


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    """So many bytes; None where the other side closes first."""
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


@contextmanager
def _connected(path: Path, timeout: float) -> Iterator[socket.socket]:
    # A socket's path may hold 107 bytes; through the folder's descriptor it is always short enough.
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            connection.connect(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)
        yield connection
