"""Whom we trust: the anchors in ``settings.TRUST_FOLDER``, the authorities below them, and their revocation lists.

``trust.json`` names each anchor's root, its authorities, where their lists are published, and the kinds of office whose
certificates come from it. The folder is read without a database, so a file can be checked anywhere.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from django.conf import settings

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal

# How long a list that we fetched counts as what the authority says now. Design choices: a revocation should be seen at
# once by whoever checks, and an office that signs all day need not ask its authority each time.
FRESH_FOR_SIGNING = timedelta(minutes=10)
FRESH_FOR_CHECKING = timedelta(seconds=30)
PATIENCE = httpx.Timeout(4.0, connect=2.0)
SAMPLE_CLOCK = "X-Sample-Clock"


_asked: ContextVar[dict[bytes, RevocationList] | None] = ContextVar("asked_authorities", default=None)


class StampDown(Refusal):
    """No time stamp can be had; nothing is signed without one (certification.md: queue, do not sign without)."""

    code = "documents.stamp_down"
    message_vi = "Dịch vụ cấp dấu thời gian chưa sẵn sàng. Văn bản chưa được ký; hệ thống sẽ thử lại."
    status = 503


class NoTrust(Refusal):
    code = "documents.no_trust"
    message_vi = "Hệ thống chưa có danh sách tổ chức chứng thực được tin cậy ({place})."
    status = 503


class RevocationUnknown(Refusal):
    """The authority's revocation list cannot be had, or is not its own."""

    code = "documents.revocation_unknown"
    message_vi = "Chưa lấy được danh sách chứng thư bị thu hồi của {authority}."
    status = 503


@dataclass(frozen=True, slots=True)
class Anchor:
    """A root that we trust, with the authorities below it. ``lists``: address of the list, by key identifier."""

    code: str
    title: str
    root: x509.Certificate
    authorities: tuple[x509.Certificate, ...]
    lists: dict[bytes, str]
    offices: tuple[str, ...]
    stamps: bool

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        return (self.root, *self.authorities)


@dataclass(frozen=True, slots=True)
class RevocationList:
    """An authority's list, its signature checked. ``live``: fetched now, so the authority knows nothing newer."""

    crl: x509.CertificateRevocationList
    source: str
    live: bool

    @property
    def issued_at(self) -> datetime:
        return self.crl.last_update_utc

    @property
    def ends_at(self) -> datetime:
        return self.crl.next_update_utc or self.issued_at

    def revoked_at(self, serial: int) -> tuple[datetime, str] | None:
        """Since when this certificate is revoked, and why; None where it is not."""
        entry = self.crl.get_revoked_certificate_by_serial_number(serial)
        if entry is None:
            return None
        try:
            reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
        except x509.ExtensionNotFound:
            reason = ""
        return entry.revocation_date_utc, reason


def anchors(folder: Path | None = None) -> tuple[Anchor, ...]:
    """The anchors of the trust folder.

    :raises NoTrust: there is no trust list.
    """
    place = (folder or Path(settings.TRUST_FOLDER)) / "trust.json"
    try:
        stamp = place.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise NoTrust(place=place) from error
    return _read(place, stamp)


def anchor_for(office_kind: str) -> Anchor:
    """The anchor from which an office of this kind has its certificates.

    :raises NoTrust: the trust list names none.
    """
    found = next((a for a in anchors() if office_kind in a.offices), None)
    if found is None:
        raise NoTrust(place=office_kind)
    return found


def identifier(certificate: x509.Certificate) -> bytes:
    """The key identifier by which an authority's lists are kept."""
    return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def list_for_signing(authority: x509.Certificate, *, at: datetime) -> RevocationList:
    """The authority's list in force at the time of signing; one fetched within the last minutes will do.

    :raises RevocationUnknown: it cannot be had.
    """
    kept = _kept(authority)
    if kept is not None and timedelta(0) <= at - kept.issued_at < FRESH_FOR_SIGNING:
        return kept
    return _fetch(authority, at=at)


def list_for_checking(authority: x509.Certificate, *, since: datetime) -> RevocationList:
    """What the authority says now; where it does not answer, a kept list made after ``since``.

    A list made before the signature proves nothing about the moment of signing: a key stolen in between would pass.

    :raises RevocationUnknown: neither can be had.
    """
    asked = _asked.get()
    key = identifier(authority)
    if asked is None:
        return _ask(authority, since)
    if key not in asked or asked[key].issued_at < since:
        asked[key] = _ask(authority, since)
    return asked[key]


@contextmanager
def one_question() -> Iterator[None]:
    """Within the block each authority is asked once: one file, one question, however many signatures it bears."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def _ask(authority: x509.Certificate, since: datetime) -> RevocationList:
    moment = now()
    kept = _kept(authority)
    if kept is not None and kept.issued_at >= since and timedelta(0) <= moment - kept.issued_at < _patience():
        return kept
    try:
        return _fetch(authority, at=moment)
    except RevocationUnknown:
        if kept is not None and kept.issued_at >= since:
            return RevocationList(kept.crl, kept.source, live=False)
        raise


def _patience() -> timedelta:
    """In the sample everybody asks anew each time: a visitor who revokes a certificate looks at once."""
    return timedelta(0) if getattr(settings, "CA_URL", "") else FRESH_FOR_CHECKING


@lru_cache(maxsize=8)
def _read(place: Path, stamp: int) -> tuple[Anchor, ...]:
    told = json.loads(place.read_text(encoding="utf-8"))
    return tuple(_anchor(place.parent, entry) for entry in told["anchors"])


def _anchor(folder: Path, entry: dict[str, object]) -> Anchor:
    def load(name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((folder / name).read_bytes())

    root = load(str(entry["root"]))
    names = [str(name) for name in entry["authorities"]]  # type: ignore[attr-defined]
    authorities = {Path(name).stem: load(name) for name in names}
    by_name = {Path(str(entry["root"])).stem: root, **authorities}
    lists = {identifier(by_name[code]): str(url) for code, url in entry["lists"].items()}  # type: ignore[attr-defined]
    return Anchor(
        code=str(entry["code"]), title=str(entry["title"]), root=root, lists=lists, stamps=bool(entry["stamps"]),
        authorities=tuple(c for c in authorities.values() if c != root),
        offices=tuple(str(kind) for kind in entry["offices"]),  # type: ignore[attr-defined]
    )


def _place(authority: x509.Certificate) -> Path:
    return Path(settings.TRUST_FOLDER) / "lists" / f"{identifier(authority).hex()}.crl"


def _kept(authority: x509.Certificate) -> RevocationList | None:
    """The list that we fetched last; whatever lies there is checked like a fresh one."""
    try:
        content = _place(authority).read_bytes()
        return RevocationList(_checked(content, authority), "bản lưu tại hệ thống", live=True)
    except (OSError, ValueError):
        return None


def _fetch(authority: x509.Certificate, *, at: datetime) -> RevocationList:
    name = authority.subject.rfc4514_string()
    address = next((a.lists[identifier(authority)] for a in anchors() if identifier(authority) in a.lists), None)
    if address is None:
        raise RevocationUnknown(authority=name)
    try:
        answer = httpx.get(address, headers=sample_clock(at), timeout=PATIENCE, verify=tls())
        answer.raise_for_status()
        crl = _checked(answer.content, authority)
    except (httpx.HTTPError, ValueError) as error:
        raise RevocationUnknown(authority=name) from error
    _keep(authority, crl)
    return RevocationList(crl, address, live=True)


def _checked(content: bytes, authority: x509.Certificate) -> x509.CertificateRevocationList:
    """The list, if the authority itself signed it.

    :raises ValueError: it did not, or this is no list.
    """
    crl = x509.load_der_x509_crl(content)
    try:
        own = crl.is_signature_valid(authority.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, TypeError):
        own = False
    if not own or crl.issuer != authority.subject:
        raise ValueError("the list is not the authority's own")
    return crl


def _keep(authority: x509.Certificate, crl: x509.CertificateRevocationList) -> None:
    """Keep the newest list: the sample's walking clock may fetch older ones in between."""
    kept = _kept(authority)
    if kept is not None and kept.issued_at > crl.last_update_utc:
        return
    place = _place(authority)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_suffix(f".{crl.fingerprint(crl.signature_hash_algorithm).hex()[:8]}")  # type: ignore[arg-type]
        half.write_bytes(crl.public_bytes(serialization.Encoding.DER))
        half.replace(place)
    except OSError:
        return  # a kept list is a help, not a need: the trust folder may be read-only


@cache
def tls() -> ssl.SSLContext:
    """The machine's trusted TLS roots, read once: reading them costs more than the question."""
    return ssl.create_default_context()


def sample_clock(at: datetime) -> dict[str, str]:
    """The header by which the sample's simulators follow the walking clock; empty in production and at present time."""
    if not getattr(settings, "CA_URL", "") or abs(at - datetime.now(UTC)) < timedelta(minutes=2):
        return {}
    return {SAMPLE_CLOCK: at.isoformat()}
