"""The signer process: keys that never leave it, a log that cannot be cut unseen, clear words when it is away."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tuphap.kernel import signer as wire
from tuphap.runtime import signer

SECRET = b"a secret for the tests alone"
SOFTHSM = next(Path("/usr").glob("lib*/**/libsofthsm2.so"), None) if shutil.which("softhsm2-util") else None


class Process:
    """A signer process under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "run" / "signer.sock"
        self.running: subprocess.Popen[bytes] | None = None

    def start(self, secret: bytes = SECRET) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-m", "tuphap.runtime.signer", "--socket", str(self.socket), "--keys",
             str(self.folder / "keys")],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(signer.__file__).parents[2])},
        )
        assert self.running.stdin is not None
        self.running.stdin.write(secret + b"\n")
        self.running.stdin.close()

    def wait_until_up(self) -> None:
        for _ in range(400):
            try:
                assert wire.ask("ping")["pid"] == self.running.pid
                return
            except (wire.SignerDown, AssertionError):
                assert self.running.poll() is None, self.running.stderr.read()
                time.sleep(0.05)
        raise AssertionError("the signer did not come up")

    def end(self, how: int = signal.SIGTERM) -> int:
        self.running.send_signal(how)
        code = self.running.wait(timeout=20)
        self.running.stderr.close()
        return code


@pytest.fixture
def process(tmp_path) -> Iterator[Process]:
    made = Process(tmp_path)
    before = dict(wire._place)
    wire.configure(made.socket)
    yield made
    if made.running is not None and made.running.poll() is None:
        made.end(signal.SIGKILL)
    wire._place.clear()
    wire._place.update(before)


def is_signature(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        serialization.load_der_public_key(public).verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def chain_holds(log: Path) -> bool:
    before = ""
    for line in log.read_bytes().splitlines():
        if json.loads(line)["before"] != before:
            return False
        before = hashlib.sha256(line).hexdigest()
    return True


def test_keys_survive_a_kill_and_never_lie_open(process) -> None:
    process.start()
    process.wait_until_up()
    public = wire.create_key("seal-7-1")
    assert wire.create_key("seal-7-1") == public, "a second call makes no second key"
    assert is_signature(public, wire.sign("seal-7-1", b"to be signed"), b"to be signed")
    assert stat.S_IMODE(process.socket.stat().st_mode) == 0o600
    process.end(signal.SIGKILL)
    with pytest.raises(wire.SignerDown):
        wire.sign("seal-7-1", b"x")
    process.start()
    process.wait_until_up()
    assert wire.public_key("seal-7-1") == public
    assert set(wire.keys()) == {"audit", "exchange", "seal-7-1"}
    files = list((process.folder / "keys").glob("*.pem"))
    assert len(files) == 3
    for file in files:
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert process.end() == 0
    assert not process.socket.exists()


def test_the_log_is_written_before_the_signature_goes_out(process) -> None:
    process.start()
    process.wait_until_up()
    for number in range(5):
        wire.sign("audit", f"checkpoint {number}".encode(), purpose="checkpoint")
    process.end(signal.SIGKILL)
    log = process.folder / "keys" / "signed.log"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["sha256"] for line in lines] == [
        hashlib.sha256(f"checkpoint {n}".encode()).hexdigest() for n in range(5)]
    assert {line["purpose"] for line in lines} == {"checkpoint"}
    assert chain_holds(log)
    log.write_bytes(log.read_bytes() + b'{"half": ')
    process.start()
    process.wait_until_up()
    wire.sign("audit", b"after the crash")
    whole = [line for line in log.read_text().splitlines() if line != '{"half": ']
    assert json.loads(whole[-1])["before"] == hashlib.sha256(b'{"half": ').hexdigest()


def test_a_wrong_secret_opens_nothing(process) -> None:
    process.start()
    process.wait_until_up()
    process.end()
    process.start(b"another secret altogether")
    assert process.running.wait(timeout=20) != 0
    process.running.stderr.close()


def test_no_secret_no_service(process) -> None:
    process.start(b"short")
    assert process.running.wait(timeout=20) == 2
    process.running.stderr.close()


def test_a_second_process_on_the_same_keys_is_refused(process, tmp_path) -> None:
    process.start()
    process.wait_until_up()
    second = Process(tmp_path)
    second.socket = tmp_path / "other.sock"
    second.start()
    assert second.running.wait(timeout=20) == 3
    second.running.stderr.close()
    assert wire.keys() == ("audit", "exchange")


@pytest.fixture
def served(tmp_path) -> Iterator[Path]:
    """A server in this process, in a folder whose path is longer than a socket's may be."""
    place = tmp_path / ("x" * 120) / "signer.sock"
    keys = signer.SoftwareKeys(tmp_path / "keys", SECRET)
    keys.create("audit")
    server = signer.Server(place, signer.Signer(keys, signer.SignatureLog(tmp_path / "signed.log")))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    before = dict(wire._place)
    wire.configure(place)
    yield place
    wire._place.clear()
    wire._place.update(before)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["../audit", "", "A", "a/b", "x" * 101, "a\n"])
def test_names_of_keys_are_well_formed(served, name) -> None:
    for verb in (wire.create_key, wire.public_key, lambda key: wire.sign(key, b"x")):
        with pytest.raises(wire.SignerRefused):
            verb(name)


def test_unknown_keys_and_verbs_are_refused(served) -> None:
    with pytest.raises(wire.SignerRefused, match="no key"):
        wire.sign("nobody", b"x")
    with pytest.raises(wire.SignerRefused):
        wire.ask("export_key", key="audit")
    with pytest.raises(wire.SignerRefused):
        wire.ask("sign", key="audit")


@pytest.mark.parametrize("bytes_sent", [b"", b"\xff\xff\xff\xff", b"\0\0\0\5ab", b"\0\0\0\2[]", b"\0\0\0\3xyz"])
def test_broken_messages_harm_nobody(served, bytes_sent) -> None:
    folder = os.open(served.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"/proc/self/fd/{folder}/{served.name}")
        connection.sendall(bytes_sent)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    os.close(folder)
    assert wire.keys() == ("audit",)


def test_fifty_at_once_are_all_served_and_all_logged(served, tmp_path) -> None:
    public = wire.public_key("audit")
    results: list[bool] = []

    def one(number: int) -> None:
        data = f"document {number}".encode()
        results.append(is_signature(public, wire.sign("audit", data), data))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 50
    assert len((tmp_path / "signed.log").read_text().splitlines()) == 50
    assert chain_holds(tmp_path / "signed.log")


class FakeModule:
    """A security module with the shape of python-pkcs11's, over keys in memory."""

    def __init__(self) -> None:
        self.objects: list[FakeKey] = []

    def get_token(self, *, token_label: str) -> FakeModule:
        assert token_label == "tuphap"
        return self

    def open(self, *, user_pin: str, rw: bool) -> FakeModule:
        assert (user_pin, rw) == ("1234", True)
        return self

    def get_objects(self, wanted: dict[Any, Any]) -> Iterator[FakeKey]:
        return iter([key for key in self.objects if all(key.attributes.get(k) == v for k, v in wanted.items())])

    def create_domain_parameters(self, kind: Any, attributes: dict[Any, Any], *, local: bool) -> FakeModule:
        self.parameters = next(iter(attributes.values()))
        return self

    def generate_keypair(self, *, mechanism: Any, store: bool, label: str, id: bytes) -> None:
        import pkcs11

        key = ec.generate_private_key(ec.SECP256R1())
        for kind in (pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.ObjectClass.PUBLIC_KEY):
            self.objects.append(FakeKey(key, kind, label, self.parameters))


class FakeKey:
    def __init__(self, key: ec.EllipticCurvePrivateKey, kind: Any, label: str, parameters: bytes) -> None:
        import pkcs11
        from asn1crypto.core import OctetString

        point = key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.key, self.label = key, label
        self.attributes = {
            pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.EC_PARAMS: parameters,
            pkcs11.Attribute.EC_POINT: OctetString(point).dump(),
        }

    def __getitem__(self, attribute: Any) -> Any:
        return self.attributes[attribute]

    def sign(self, digest: bytes, *, mechanism: Any) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

        r, s = decode_dss_signature(self.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def real_module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    import pkcs11

    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "tuphap", "--pin", "1234", "--so-pin", "5678"],
        check=True, capture_output=True, timeout=60,
    )
    return pkcs11.lib(str(SOFTHSM))


@pytest.mark.parametrize("kind", ["stand-in", *(["SoftHSM"] if SOFTHSM else [])])
def test_a_security_module_does_the_same_as_files(kind, tmp_path, monkeypatch) -> None:
    """With SoftHSM where the machine has it; everywhere with a stand-in of the same shape."""
    module = FakeModule() if kind == "stand-in" else real_module(tmp_path, monkeypatch)
    keys = signer.Pkcs11Keys(module, token="tuphap", pin="1234")
    public = keys.create("seal-7-1")
    assert keys.create("seal-7-1") == public
    assert keys.names() == ["seal-7-1"]
    assert is_signature(public, keys.sign("seal-7-1", b"to be signed"), b"to be signed")
    assert not is_signature(public, keys.sign("seal-7-1", b"something else"), b"to be signed")
    with pytest.raises(signer.CannotSign):
        keys.sign("nobody", b"x")
    with pytest.raises(signer.CannotSign):
        keys.public_key("nobody")
