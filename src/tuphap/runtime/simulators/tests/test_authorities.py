"""The sample's authorities as processes: stamps that openssl accepts, lists that follow the clock, memory."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tuphap.kernel import der
from tuphap.runtime.simulators import ca

DAY = datetime(2025, 6, 15, 5, 0, tzinfo=UTC)


class Authorities:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tuphap.runtime.simulators.tsa", "--port", str(self.port),
             "--folder", str(self.folder / "authorities"), "--trust", str(self.folder / "trust")],
            env={**os.environ, "PYTHONPATH": str(Path(ca.__file__).parents[3])},
        )
        for _ in range(400):
            try:
                assert self.get("/health")[0] == 200
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)

    def get(self, path: str, *, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def revoked(self, at: datetime) -> set[int]:
        content = self.get("/crl/public-duty.crl", **{"X-Sample-Clock": at.isoformat()})[1]
        crl = x509.load_der_x509_crl(content)
        assert crl.last_update_utc == at
        assert crl.is_signature_valid(x509.load_pem_x509_certificate(self.get("/ca/public-duty.pem")[1]).public_key())
        return {entry.serial_number for entry in crl}


@pytest.fixture
def authorities(tmp_path) -> Iterator[Authorities]:
    made = Authorities(tmp_path)
    yield made
    if made.process.poll() is None:
        made.stop(signal.SIGKILL)


def request_file(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "key")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    place = folder / "request.pem"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return place


def test_a_certificate_is_issued_revoked_and_remembered(authorities, tmp_path, capsys) -> None:
    told = ca.main(["--address", authorities.address, "issue", str(request_file(tmp_path)), "--name", "Trần Văn Ơn",
                    "--office", "UBND phường Lê Chân", "--office-code", "H31.1", "--title", "Chủ tịch"])
    assert told == 0
    issued = json.loads(capsys.readouterr().out)
    serial = int(issued["serial"])
    assert x509.load_pem_x509_certificate(issued["certificate"].encode()).serial_number == serial
    assert authorities.revoked(DAY + timedelta(days=10)) == set()
    ca.main(["--address", authorities.address, "revoke", str(serial), "--at", DAY.isoformat()])
    assert authorities.revoked(DAY - timedelta(days=1)) == set()
    assert authorities.revoked(DAY + timedelta(days=1)) == {serial}
    root = authorities.get("/ca/public-duty-root.pem")[1]
    authorities.stop(signal.SIGKILL)
    authorities.start()
    assert authorities.get("/ca/public-duty-root.pem")[1] == root
    assert authorities.revoked(DAY + timedelta(days=1)) == {serial}
    assert authorities.stop() == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="not on this machine: openssl")
def test_openssl_accepts_the_stamps_and_their_time(authorities, tmp_path) -> None:
    (tmp_path / "data").write_bytes(b"to be stamped")
    subprocess.run(["openssl", "ts", "-query", "-data", tmp_path / "data", "-sha256", "-cert", "-out", tmp_path / "q"],
                   check=True, capture_output=True, timeout=60)
    status, answer = authorities.get(
        "/tsa", body=(tmp_path / "q").read_bytes(),
        **{"Content-Type": "application/timestamp-query", "X-Sample-Clock": DAY.isoformat()})
    assert status == 200
    (tmp_path / "r").write_bytes(answer)
    for name in ("public-duty-root", "public-duty"):
        (tmp_path / name).write_bytes(authorities.get(f"/ca/{name}.pem")[1])
    verify = ["openssl", "ts", "-verify", "-in", tmp_path / "r", "-queryfile", tmp_path / "q", "-CAfile",
              tmp_path / "public-duty-root", "-untrusted", tmp_path / "public-duty"]
    assert b"Verification: OK" in subprocess.run(verify, capture_output=True, check=True, timeout=60).stdout
    shown = subprocess.run(["openssl", "ts", "-reply", "-in", tmp_path / "r", "-text"], capture_output=True, text=True,
                           check=True, timeout=60).stdout
    assert "Time stamp: Jun 15 05:00:00 2025 GMT" in shown


def test_it_can_be_told_to_fail(authorities) -> None:
    ca.main(["--address", authorities.address, "behave", "crl", "down"])
    assert authorities.get("/crl/public-duty.crl")[0] == 503
    ca.main(["--address", authorities.address, "behave", "tsa", "down"])
    assert authorities.get("/tsa", body=b"x")[0] == 503
    ca.main(["--address", authorities.address, "behave", "crl", "wrong"])
    forged = x509.load_der_x509_crl(authorities.get("/crl/public-duty.crl")[1])
    own = x509.load_pem_x509_certificate(authorities.get("/ca/public-duty.pem")[1])
    assert not forged.is_signature_valid(own.public_key())


def test_broken_and_foreign_requests_are_turned_away(authorities) -> None:
    assert authorities.get("/nothing")[0] == 404
    assert authorities.get("/crl/unknown.crl")[0] == 404
    assert authorities.get("/ca/revoke", body=b"{}")[0] == 415, "a form of another web site gives no orders"
    assert authorities.get("/ca/revoke", body=b"{}", **{"Content-Type": "application/json"})[0] == 400
    assert authorities.get("/ca/issue", body=b"junk", **{"Content-Type": "application/json"})[0] == 400
    status, answer = authorities.get("/tsa", body=b"junk")
    assert status == 200
    refused = tsp.PKIStatusInfo.load(der.inside(answer))
    assert refused["status"].native == "rejection"
    assert refused["fail_info"].native == {"bad_data_format"}
