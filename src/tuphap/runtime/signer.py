"""The signer process: ``python -m tuphap.runtime.signer --socket PATH --keys DIR``.

It alone holds private keys. The secret that unlocks them is the first line of its standard input; it is in no argument,
no environment and no file. It answers over a Unix socket that only its own user (and, if told, its group) may
open, and writes down each signature in a log of its own before it gives the signature out.

Keys are files (encrypted PKCS#8) or, with ``--pkcs11-module``, live in a security module and never leave it.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tuphap.kernel import signer as wire

KEY_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class CannotSign(Exception):
    """The request cannot be served; the text is sent back."""


class KeyStore(Protocol):
    """Where private keys live: port with two adapters, files and a PKCS#11 module."""

    def names(self) -> list[str]:
        """The keys that are there."""

    def create(self, name: str) -> bytes:
        """Make the key unless it is there; its public key in DER."""

    def public_key(self, name: str) -> bytes:
        """The public key in DER.

        :raises CannotSign: no such key.
        """

    def sign(self, name: str, data: bytes) -> bytes:
        """ECDSA over SHA-256 of ``data``, in DER.

        :raises CannotSign: no such key.
        """


class SoftwareKeys:
    """Keys as files in a folder, each encrypted with the secret; unlocked once and kept in memory."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._secret = secret
        self._unlocked: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.pem"))

    def create(self, name: str) -> bytes:
        with self._lock:
            path = self._folder / f"{name}.pem"
            if not path.exists():
                self._write(path, ec.generate_private_key(ec.SECP256R1()))
        return self.public_key(name)

    def public_key(self, name: str) -> bytes:
        return self._key(name).public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, name: str, data: bytes) -> bytes:
        return self._key(name).sign(data, ec.ECDSA(hashes.SHA256()))

    def _key(self, name: str) -> ec.EllipticCurvePrivateKey:
        if name not in self._unlocked:
            try:
                content = (self._folder / f"{name}.pem").read_bytes()
            except FileNotFoundError:
                raise CannotSign(f"no key {name}") from None
            try:
                key = serialization.load_pem_private_key(content, self._secret)
            except ValueError:
                raise CannotSign(f"key {name} does not open with this secret") from None
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise CannotSign(f"key {name} is not of the curve P-256")
            self._unlocked[name] = key
        return self._unlocked[name]

    def _write(self, path: Path, key: ec.EllipticCurvePrivateKey) -> None:
        """On disk, whole, before anybody hears of the key: a certificate for a lost key would be worthless."""
        content = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._secret),
        )
        half = path.with_suffix(".new")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        _sync_folder(path.parent)


class Pkcs11Keys:
    """Keys inside a security module. The module signs a digest; the session is used by one thread at a time.

    :param module: python-pkcs11's module object for the vendor's library (or a stand-in with its shape).
    """

    def __init__(self, module: Any, *, token: str, pin: str) -> None:
        self._session = module.get_token(token_label=token).open(user_pin=pin, rw=True)
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        import pkcs11

        with self._lock:
            found = self._session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
            return sorted(str(key.label) for key in found)

    def create(self, name: str) -> bytes:
        import pkcs11
        from pkcs11.util.ec import encode_named_curve_parameters

        with self._lock:
            if self._find(name, pkcs11.ObjectClass.PRIVATE_KEY) is None:
                parameters = self._session.create_domain_parameters(
                    pkcs11.KeyType.EC,
                    {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True,
                )
                parameters.generate_keypair(
                    mechanism=pkcs11.Mechanism.EC_KEY_PAIR_GEN, store=True, label=name, id=name.encode()
                )
        return self.public_key(name)

    def public_key(self, name: str) -> bytes:
        import pkcs11
        from pkcs11.util.ec import encode_ec_public_key

        with self._lock:
            key = self._find(name, pkcs11.ObjectClass.PUBLIC_KEY)
            if key is None:
                raise CannotSign(f"no key {name}")
            encoded: bytes = encode_ec_public_key(key)
            return encoded

    def sign(self, name: str, data: bytes) -> bytes:
        import pkcs11
        from pkcs11.util.ec import encode_ecdsa_signature

        with self._lock:
            key = self._find(name, pkcs11.ObjectClass.PRIVATE_KEY)
            if key is None:
                raise CannotSign(f"no key {name}")
            raw = key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
            encoded: bytes = encode_ecdsa_signature(raw)
            return encoded

    def _find(self, name: str, object_class: Any) -> Any:
        import pkcs11

        found = self._session.get_objects({pkcs11.Attribute.CLASS: object_class, pkcs11.Attribute.LABEL: name})
        return next(iter(found), None)


class SignatureLog:
    """What was signed, when, with which key, for whom: one line each, every line bearing the hash of the one before."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._last = self._mend(path)

    def write(self, *, key: str, data: bytes, purpose: str, peer: int) -> None:
        """Add a line and see it on disk."""
        with self._lock:
            line = json.dumps(
                {
                    "at": datetime.now(UTC).isoformat(), "key": key, "sha256": hashlib.sha256(data).hexdigest(),
                    "purpose": purpose[:200], "uid": peer, "before": self._last,
                }
            ).encode()
            os.write(self._descriptor, line + b"\n")
            os.fdatasync(self._descriptor)
            self._last = hashlib.sha256(line).hexdigest()

    def _mend(self, path: Path) -> str:
        """The hash of the last whole line; half a line, left by a crash before its signature went out, is closed."""
        content = path.read_bytes()
        if not content:
            return ""
        if not content.endswith(b"\n"):
            os.write(self._descriptor, b"\n")
        return hashlib.sha256(content.rstrip(b"\n").rsplit(b"\n", 1)[-1]).hexdigest()


class Signer:
    """The verbs of the process."""

    def __init__(self, keys: KeyStore, log: SignatureLog) -> None:
        self._keys = keys
        self._log = log
        self._verbs: dict[str, Callable[[dict[str, Any], int], dict[str, Any]]] = {
            "sign": self._sign,
            "public_key": self._public_key,
            "create_key": self._create_key,
            "keys": self._names,
            "ping": self._ping,
        }

    def answer(self, request: dict[str, Any], *, peer: int) -> dict[str, Any]:
        """Serve one request; every fault becomes an ``error`` in the answer, never the end of the process."""
        verb = self._verbs.get(str(request.get("do")))
        if verb is None:
            return {"error": "no such verb"}
        try:
            return verb(request, peer)
        except CannotSign as fault:
            return {"error": str(fault)}
        except Exception as fault:  # the process must live; the caller hears of it, and so does its operator
            sys.stderr.write(f"signer: {type(fault).__name__}: {fault}\n")
            return {"error": "internal fault"}

    def _sign(self, request: dict[str, Any], peer: int) -> dict[str, Any]:
        name = _key_name(request)
        data = base64.b64decode(request["data"])
        signature = self._keys.sign(name, data)
        self._log.write(key=name, data=data, purpose=str(request.get("purpose", "")), peer=peer)
        return {"signature": base64.b64encode(signature).decode()}

    def _public_key(self, request: dict[str, Any], peer: int) -> dict[str, Any]:
        return {"public_key": base64.b64encode(self._keys.public_key(_key_name(request))).decode()}

    def _create_key(self, request: dict[str, Any], peer: int) -> dict[str, Any]:
        return {"public_key": base64.b64encode(self._keys.create(_key_name(request))).decode()}

    def _names(self, request: dict[str, Any], peer: int) -> dict[str, Any]:
        return {"keys": self._keys.names()}

    def _ping(self, request: dict[str, Any], peer: int) -> dict[str, Any]:
        return {"pid": os.getpid()}


class Server(socketserver.ThreadingUnixStreamServer):
    """One thread for each request; a request waits at most 20 seconds for its bytes."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, path: Path, signer: Signer, *, mode: int = 0o600) -> None:
        self.signer = signer
        self._path = path
        self._mode = mode
        super().__init__(str(path), _Handler)

    def server_bind(self) -> None:
        """Listen under the path; through the folder, as a socket's path may hold only 107 bytes."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        before = os.umask(0o777 & ~self._mode)
        try:
            self.socket.bind(f"/proc/self/fd/{folder}/{self._path.name}")
        finally:
            os.umask(before)
            os.close(folder)
        self._path.chmod(self._mode)
        self.server_address = str(self._path)

    def server_close(self) -> None:
        super().server_close()
        self._path.unlink(missing_ok=True)


class _Handler(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        connection: socket.socket = self.request
        connection.settimeout(20)
        peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]
        try:
            request = wire.receive(connection)
            if request is not None:
                wire.send(connection, self.server.signer.answer(request, peer=peer))
        except (OSError, ValueError):
            return  # the caller has gone, or speaks another language


def _key_name(request: dict[str, Any]) -> str:
    name = str(request.get("key", ""))
    if KEY_NAME.fullmatch(name) is None:
        raise CannotSign("not a key name")
    return name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_keys(arguments: argparse.Namespace, secret: bytes) -> KeyStore:
    """The key store that the command line names."""
    if arguments.pkcs11_module:
        import pkcs11

        return Pkcs11Keys(pkcs11.lib(arguments.pkcs11_module), token=arguments.pkcs11_token, pin=secret.decode())
    return SoftwareKeys(arguments.keys, secret)


def main(argv: list[str] | None = None) -> int:
    """Read the secret, open the keys, serve until told to stop."""
    parser = argparse.ArgumentParser(prog="tuphap.runtime.signer", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="folder of the keys and of the log")
    parser.add_argument("--group", action="store_true", help="let the socket's group in (0660)")
    parser.add_argument("--pkcs11-module", default="", help="library of the security module")
    parser.add_argument("--pkcs11-token", default="tuphap")
    arguments = parser.parse_args(argv)
    secret = sys.stdin.buffer.readline().strip()
    if len(secret) < 16:
        sys.stderr.write("signer: the first line of standard input must be the secret (16 characters or more)\n")
        return 2
    os.umask(0o077)  # whatever this process writes is its own
    arguments.keys.mkdir(parents=True, exist_ok=True)
    alone = (arguments.keys / "signer.lock").open("w")
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)  # two processes would each write a log of their own
    except BlockingIOError:
        sys.stderr.write("signer: another process serves these keys\n")
        return 3
    keys = open_keys(arguments, secret)
    for name in ("audit", "exchange"):  # checkpoints and messages are signed from the first day
        keys.create(name)
    signer = Signer(keys, SignatureLog(arguments.keys / "signed.log"))
    server = Server(arguments.socket, signer, mode=0o660 if arguments.group else 0o600)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever(poll_interval=0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
