"""A small real time-stamping authority (RFC 3161) beside the sample; the sample authorities' lists on the same port.

``python -m tuphap.runtime.simulators.tsa --port P --folder DIR --trust DIR`` serves ``/tsa``, ``/crl/<authority>.crl``,
``/ca/<authority>.pem`` and, for the sample's set-up, ``/ca/issue``, ``/ca/revoke``, ``/ca/behave``. The sample's
clock may say what time it is (``X-Sample-Clock``): that is why this must never stamp anything outside the sample.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tuphap.kernel import der
from tuphap.runtime.simulators.ca import AUTHORITIES, BORN, SampleAuthority, pem

POLICY = "1.3.6.1.4.1.99999.1.1"  # an arc for examples: a sample's stamps follow no real policy
ACCEPTED = {"sha256", "sha384", "sha512"}
SLOW_SECONDS = 8.0


def stamp(request: bytes, *, authority: SampleAuthority, at: datetime, wrong: bool = False) -> bytes:
    """Answer a time-stamp request; a request that cannot be read or granted is rejected in the protocol's own way.

    :param wrong: stamp something else than was asked, as a broken authority would.
    """
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        imprint = asked["message_imprint"]
        known = imprint["hash_algorithm"]["algorithm"].native in ACCEPTED
        _ = imprint["hashed_message"].native
    except (ValueError, TypeError):
        return _rejected("bad_data_format")
    if not known:
        return _rejected("bad_alg")
    info = tsp.TSTInfo({
        "version": "v1", "policy": POLICY, "message_imprint": imprint,
        "serial_number": secrets.randbits(64), "gen_time": at.replace(microsecond=0),
        **({"nonce": asked["nonce"]} if asked["nonce"].native is not None else {}),
    })
    if wrong:
        info["message_imprint"]["hashed_message"] = secrets.token_bytes(len(imprint["hashed_message"].native))
    granted = der.sequence(core.Integer(0).dump())
    return der.sequence(granted, _signed(info.dump(), authority, at))


def _rejected(why: str) -> bytes:
    return der.sequence(tsp.PKIStatusInfo({"status": "rejection", "fail_info": {why}}).dump())


def _signed(content: bytes, authority: SampleAuthority, at: datetime) -> bytes:
    """The stamp as signed data (RFC 5652), with the certificate that signs it and those above."""
    own = _asn1(authority.certificate("stamp"))
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
    attributes = cms.CMSAttributes([
        _attribute("content_type", "tst_info"),
        _attribute("signing_time", cms.Time({"utc_time": core.UTCTime(at)})),
        _attribute("signing_certificate_v2", tsp.SigningCertificateV2({
            "certs": [tsp.ESSCertIDv2({"cert_hash": own.sha256})]})),
        _attribute("message_digest", hashlib.sha256(content).digest()),
    ]).dump()
    signer = der.sequence(
        core.Integer(1).dump(),
        der.sequence(own.issuer.dump(), core.Integer(own.serial_number).dump()),
        sha256,
        der.implicit(0, attributes),
        algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump(),
        core.OctetString(authority.key("stamp").sign(attributes, ec.ECDSA(hashes.SHA256()))).dump(),
    )
    data = der.sequence(
        core.Integer(3).dump(),
        der.set_of(sha256),
        der.sequence(cms.ContentType("tst_info").dump(), der.explicit(0, core.OctetString(content).dump())),
        der.implicit(0, der.set_of(*(_der(c) for c in authority.chain("stamp")))),
        der.set_of(signer),
    )
    return der.sequence(cms.ContentType("signed_data").dump(), der.explicit(0, data))


def _attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(_der(certificate))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


class Server(ThreadingHTTPServer):
    """Serves time stamps and lists on the loop-back address; can be told to be slow, wrong or down."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, port: int, folder: Path, address: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.address = address or f"http://localhost:{self.server_address[1]}"
        self.authority = SampleAuthority(folder, address=self.address)
        self.behaviour = {"tsa": "well", "crl": "well"}


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Lists and certificates."""
        part, _, name = self.path.strip("/").partition("/")
        known = {a.code for a in AUTHORITIES}
        if part == "crl" and name.removesuffix(".crl") in known:
            if self._misbehaves("crl"):
                return
            forged = self.server.behaviour["crl"] == "wrong"
            content = self.server.authority.revocation_list(name.removesuffix(".crl"), at=self._now(), forged=forged)
            self._answer(200, content, "application/pkix-crl")
        elif part == "ca" and name.removesuffix(".pem") in known:
            content = pem(self.server.authority.certificate(name.removesuffix(".pem")))
            self._answer(200, content, "application/x-pem-file")
        elif part == "health":
            self._answer(200, b"ok", "text/plain")
        else:
            self._answer(404, b"", "text/plain")

    def do_POST(self) -> None:
        """Time stamps, and what the sample's set-up asks of the authorities."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, 1024 * 1024))
        if self.path.rstrip("/") == "/tsa":
            if self._misbehaves("tsa"):
                return
            wrong = self.server.behaviour["tsa"] == "wrong"
            answer = stamp(body, authority=self.server.authority, at=self._now(), wrong=wrong)
            self._answer(200, answer, "application/timestamp-reply")
        elif self.path.startswith("/ca/"):
            self._control(self.path.removeprefix("/ca/").strip("/"), body)
        else:
            self._answer(404, b"", "text/plain")

    def _control(self, verb: str, body: bytes) -> None:
        # A page in a browser cannot send this type to another address, so no web site can give orders here.
        if self.headers.get("Content-Type") != "application/json":
            self._answer(415, b"", "text/plain")
            return
        try:
            asked = json.loads(body)
            done = {"issue": self._issue, "revoke": self._revoke, "behave": self._behave}[verb](asked)
        except (KeyError, ValueError, TypeError) as fault:
            self._answer(400, json.dumps({"error": repr(fault)}).encode(), "application/json")
            return
        self._answer(200, json.dumps(done).encode(), "application/json")

    def _issue(self, asked: dict[str, Any]) -> dict[str, Any]:
        names = {key: str(asked[key]) for key in ("name", "office", "office_code", "title", "person") if asked.get(key)}
        authority = str(asked.get("authority", "public-duty"))
        certificate = self.server.authority.issue(
            request=_public_key(asked), names=names, authority=authority,
            valid_from=_instant(asked.get("valid_from"), BORN),
            valid_to=_instant(asked["valid_to"], BORN) if asked.get("valid_to") else None,
        )
        above = b"".join(pem(c) for c in self.server.authority.chain(authority))
        serial = str(certificate.serial_number)
        return {"certificate": pem(certificate).decode(), "chain": above.decode(), "serial": serial}

    def _revoke(self, asked: dict[str, Any]) -> dict[str, Any]:
        at = _instant(asked.get("at"), datetime.now(UTC))
        self.server.authority.revoke(
            authority=str(asked.get("authority", "public-duty")), serial=int(asked["serial"]), at=at,
            reason=str(asked.get("reason", "key_compromise")),
        )
        return {"revoked": str(asked["serial"]), "at": at.isoformat()}

    def _behave(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["what"] not in self.server.behaviour or asked["how"] not in ("well", "slow", "wrong", "down"):
            raise ValueError("no such behaviour")
        self.server.behaviour[asked["what"]] = asked["how"]
        return dict(self.server.behaviour)

    def _misbehaves(self, what: str) -> bool:
        """Wait when slow, answer 503 when down; whether the request is done with."""
        if self.server.behaviour[what] == "slow":
            time.sleep(SLOW_SECONDS)
        if self.server.behaviour[what] == "down":
            self._answer(503, b"", "text/plain")
            return True
        return False

    def _now(self) -> datetime:
        return _instant(self.headers.get("X-Sample-Clock"), datetime.now(UTC))

    def _answer(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the sample makes thousands of stamps."""


def _public_key(asked: dict[str, Any]) -> x509.CertificateSigningRequest | ec.EllipticCurvePublicKey:
    """The key to certify, from a certificate request or, within the sample, as it is."""
    if "request" in asked:
        request = x509.load_pem_x509_csr(asked["request"].encode())
        if not request.is_signature_valid:
            raise ValueError("the request is not signed by its own key")
        return request
    key = serialization.load_pem_public_key(asked["public_key"].encode())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("only keys on P-256 are certified here")
    return key


def _instant(text: str | None, otherwise: datetime) -> datetime:
    if not text:
        return otherwise
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return at.astimezone(UTC)


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="tuphap.runtime.simulators.tsa", description=__doc__)
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--folder", type=Path, required=True, help="the sample authorities' keys and journal")
    parser.add_argument("--trust", type=Path, help="write the trust list there")
    parser.add_argument("--address", default="", help="how the platform reaches this server")
    arguments = parser.parse_args(argv)
    server = Server(port=arguments.port, folder=arguments.folder, address=arguments.address)
    if arguments.trust:
        server.authority.write_trust(arguments.trust)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever(poll_interval=0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
