"""The form of a message on its way: headers, hashes, the text that is signed. Neither Django nor a database.

A request is ``POST /r1/{instance}/{class}/{member}/{subsystem}/{service}`` with a JSON body and the headers of X-Road's
REST protocol; what X-Road does not have (subject, sequence, purpose, signature) stands in headers ``X-Message-…``.

*Request hash* (``X-Road-Request-Hash``): base64 of SHA-512 over the digest of the headers followed by the digest of the
body, each SHA-512. The digest of the headers is that of the lines ``name:value\\n``, names in lower case, in the order
of :data:`HASHED`, an absent header as an empty value. Time and signature of one try are not among them, so that every
try of one message has the same hash.

*Signature* (``X-Message-Signature``): base64 of ECDSA on P-256 over SHA-256 (DER) of the text that
:func:`signed_request` or :func:`signed_answer` gives.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT = "X-Road-Client"
ID = "X-Road-Id"
USER = "X-Road-UserId"
ISSUE = "X-Road-Issue"
SERVICE = "X-Road-Service"
REQUEST_ID = "X-Road-Request-Id"
REQUEST_HASH = "X-Road-Request-Hash"
ERROR = "X-Road-Error"
KIND = "X-Message-Kind"
SUBJECT = "X-Message-Subject"
SEQUENCE = "X-Message-Sequence"
REPLY_TO = "X-Message-Reply-To"
PURPOSE = "X-Message-Purpose"
SENT = "X-Message-Sent"
KEY = "X-Message-Key"
SIGNATURE = "X-Message-Signature"

HASHED = (CLIENT, ID, USER, ISSUE, KIND, SUBJECT, SEQUENCE, REPLY_TO, PURPOSE)
ANSWER_SIGNED = (CLIENT, ID, SERVICE, REQUEST_ID, REQUEST_HASH, ERROR, SENT, KEY)

MARK = "tuphap-exchange-1"
LARGEST = 1024 * 1024  # bytes of one body
CONTENT_TYPE = "application/json; charset=utf-8"
_PART = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
_CLIENT_ID = re.compile(rf"{_PART}/{_PART}/{_PART}/{_PART}")

Sign = Callable[[bytes], bytes]


class BadSignature(Exception):
    """The text was not signed by this key."""


@dataclass(frozen=True, slots=True)
class Request:
    """A message as it is sent: where to, under which headers, with which bytes. Values as they stand in headers."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def hash(self) -> str:
        return request_hash(self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, or goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


def is_client_id(text: str) -> bool:
    """Whether this is ``instance/class/member/subsystem``."""
    return _CLIENT_ID.fullmatch(text) is not None


def canonical(body: Any) -> str:
    """JSON with one spelling, so that a message has the same bytes at every try."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_header(text: str) -> str:
    """Vietnamese words as a header can carry them: percent-encoded UTF-8."""
    return quote(text, safe=" -_.,;:/()")


def from_header(text: str) -> str:
    """What :func:`in_header` wrote."""
    return unquote(text)


def instant(at: datetime) -> str:
    """An instant as it stands in a header: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """:raises ValueError: not an instant with its offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without offset")
    return at


def digest(data: bytes) -> bytes:
    """SHA-512."""
    return hashlib.sha512(data).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def request_hash(headers: Mapping[str, str], body: bytes) -> str:
    """The hash by which both sides name this request; the same at every try."""
    lines = "".join(f"{name.lower()}:{headers.get(name, '')}\n" for name in HASHED)
    return b64(digest(digest(lines.encode("utf-8")) + digest(body)))


def signed_request(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The text under a request's signature: mark, method, path, hashed headers, time and key, the body's digest."""
    told = (f"{name.lower()}:{headers.get(name, '')}" for name in (*HASHED, SENT, KEY))
    lines = [MARK, "POST", path, *told, b64(digest(body))]
    return "\n".join(lines).encode("utf-8")


def signed_answer(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    """The text under an answer's signature; it holds the request's hash, and so goes with that request alone."""
    lines = [MARK, str(status), *(f"{n.lower()}:{headers.get(n, '')}" for n in ANSWER_SIGNED), b64(digest(body))]
    return "\n".join(lines).encode("utf-8")


def seal_request(path: str, headers: dict[str, str], body: bytes, *, key: str, at: datetime, sign: Sign) -> Request:
    """The request with the time of this try, the key's fingerprint and the signature."""
    sealed = {**headers, SENT: instant(at), KEY: key, "Content-Type": CONTENT_TYPE}
    sealed[SIGNATURE] = b64(sign(signed_request(path, sealed, body)))
    return Request(path, sealed, body)


def seal_answer(
    request: Request, status: int, body: bytes, *, service: str, request_id: str, error: str = "", key: str,
    at: datetime, sign: Sign,
) -> Answer:
    """The answer to a request, bound to it by its hash, signed."""
    headers = {
        CLIENT: request.header(CLIENT), ID: request.header(ID), SERVICE: service, REQUEST_ID: request_id,
        REQUEST_HASH: request.hash, SENT: instant(at), KEY: key, "Content-Type": CONTENT_TYPE,
    }
    if error:
        headers[ERROR] = error
    headers[SIGNATURE] = b64(sign(signed_answer(status, headers, body)))
    return Answer(status, headers, body)


def fingerprint(public_key: bytes) -> str:
    """By what a key is named: ``sha256:`` and the hash of its DER form."""
    return "sha256:" + hashlib.sha256(public_key).hexdigest()


def pem(public_key: bytes) -> bytes:
    """A public key in DER as PEM."""
    return serialization.load_der_public_key(public_key).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_keys(text: bytes) -> dict[str, ec.EllipticCurvePublicKey]:
    """The keys of a PEM file by their fingerprints; an old and a new one stand there together while keys change.

    :raises ValueError: something else than public keys on P-256.
    """
    found = {}
    for block in re.findall(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", text, re.DOTALL):
        key = serialization.load_pem_public_key(block)
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("not a public key on P-256")
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        found[fingerprint(der)] = key
    return found


def check(text: bytes, signature: str, key: ec.EllipticCurvePublicKey) -> None:
    """:raises BadSignature: the signature is not that of this text by this key, or is no signature at all."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError) as wrong:
        raise BadSignature() from wrong


def trust_file(client: str) -> str:
    """The name of the file that holds a partner's keys."""
    return client.replace("/", ".") + ".pem"
