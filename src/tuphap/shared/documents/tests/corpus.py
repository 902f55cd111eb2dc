"""One file of each kind that somebody may hold under our nose, and what each judge should say of it.

``ours`` is content, signatures and register; ``theirs`` is what poppler's pdfsig says of each signature under the
sample's roots: (signature, certificate, whether it covers the total document). pdfsig knows neither our register nor
the law's order of signatures, and asks no revocation list; where the two differ, ``why`` says so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.validation.dss import DocumentSecurityStore

from tuphap.kernel import signer as signer_process
from tuphap.kernel.clock import localdate
from tuphap.shared.documents import api as documents
from tuphap.shared.documents import rendering, signing
from tuphap.shared.documents.models import Certificate
from tuphap.shared.operation.api import operation

from . import tampering
from .offices import ACTOR, FACTS, TEMPLATE, Office
from .outside import BROKEN, TRUSTED, UNKNOWN, VALID

SIGNED = datetime(2025, 6, 15, 5, 0, tzinfo=UTC)
PASSED, FAILED, UNDECIDED = "TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"
GOOD = (PASSED, "")
BOTH = ((VALID, TRUSTED, False), (VALID, TRUSTED, True))
BENEATH = ((VALID, TRUSTED, False), (VALID, TRUSTED, False))


@dataclass(frozen=True)
class Case:
    make: Callable[[Office, Callable[[], Office]], bytes]
    content: str
    signatures: tuple[tuple[str, str], ...]
    register: str
    theirs: tuple[tuple[str, str, bool], ...]
    why: str = ""


def good(office: Office, other: Callable[[], Office]) -> bytes:
    return office.issue(SIGNED)[1]


def byte_changed(office: Office, other: Callable[[], Office]) -> bytes:
    return tampering.with_byte_changed(office.issue(SIGNED)[1])


def page_added(office: Office, other: Callable[[], Office]) -> bytes:
    return tampering.with_page_added(office.issue(SIGNED)[1])


def annotation_added(office: Office, other: Callable[[], Office]) -> bytes:
    return tampering.with_annotation_added(office.issue(SIGNED)[1])


def evidence_added(office: Office, other: Callable[[], Office]) -> bytes:
    """What a long-term archive does: revocation data of its own, in an update of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(office.issue(SIGNED)[1]))
    certificates, lists = signing.gather_evidence(at=SIGNED + timedelta(days=30))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=lists)
    return tampering.written(writer)


def revoked_before(office: Office, other: Callable[[], Office]) -> bytes:
    document, content = office.issue(SIGNED)
    _revoke(office, document.signer_certificate, SIGNED - timedelta(days=1))
    return content


def revoked_after(office: Office, other: Callable[[], Office]) -> bytes:
    document, content = office.issue(SIGNED)
    _revoke(office, document.signer_certificate, SIGNED + timedelta(days=90))
    return content


def seal_revoked_before(office: Office, other: Callable[[], Office]) -> bytes:
    document, content = office.issue(SIGNED)
    _revoke(office, document.seal_certificate, SIGNED - timedelta(hours=1))
    return content


def expired_before(office: Office, other: Callable[[], Office]) -> bytes:
    return _by_hand(office, person=_certified(office, valid_to=SIGNED - timedelta(days=30)))


def expired_after(office: Office, other: Callable[[], Office]) -> bytes:
    return _by_hand(office, person=_certified(office, valid_to=SIGNED + timedelta(days=30)))


def wrong_agency(office: Office, other: Callable[[], Office]) -> bytes:
    return _by_hand(office, seal=_held(other(), "seal"))


def other_anchor(office: Office, other: Callable[[], Office]) -> bytes:
    """A certificate of an authority that is not on the trust list at all."""
    return _foreign_signature(office, _paper(office))


def added_forgery(office: Office, other: Callable[[], Office]) -> bytes:
    """A page added to a good file, and a signature of the forger's own over everything."""
    return _foreign_signature(office, page_added(office, other), field="Them")


def seal_first(office: Office, other: Callable[[], Office]) -> bytes:
    sealed = _sign(_paper(office), _held(office, "seal"), "ConDauCoQuan", evidence=True)
    return _sign(sealed, _held(office, "person"), "ChuKyCaNhan")


def no_seal(office: Office, other: Callable[[], Office]) -> bytes:
    return _sign(_paper(office), _held(office, "person"), "ChuKyCaNhan", evidence=True)


def no_time_stamp(office: Office, other: Callable[[], Office]) -> bytes:
    once = _sign(_paper(office), _held(office, "person"), "ChuKyCaNhan", evidence=True)
    seal = _held(office, "seal")
    writer = IncrementalPdfFileWriter(io.BytesIO(once))
    metadata = signers.PdfSignatureMetadata(
        field_name="ConDauCoQuan", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signed = signers.PdfSigner(metadata, signer=signing.ProcessSigner(seal)).sign_pdf(writer, bytes_reserved=16384)
    return bytes(signed.getvalue())


def cancelled(office: Office, other: Callable[[], Office]) -> bytes:
    document, content = office.issue(SIGNED)
    _cancel(document=document, actor=ACTOR, at=SIGNED + timedelta(days=5))
    return content


def replaced(office: Office, other: Callable[[], Office]) -> bytes:
    document, content = office.issue(SIGNED)
    newer, _ = office.issue(SIGNED + timedelta(days=4))
    _replace(document=document, by=newer, actor=ACTOR, at=SIGNED + timedelta(days=5))
    return content


def unsigned(office: Office, other: Callable[[], Office]) -> bytes:
    return documents.render("test.paper", FACTS, on=localdate(SIGNED))


CASES = {
    "good": Case(good, "same", (GOOD, GOOD), "in_force", BOTH),
    "byte changed": Case(
        byte_changed, "altered", ((FAILED, "HASH_FAILURE"),) * 2, "in_force",
        ((BROKEN, "", False), (BROKEN, "", True)),
    ),
    "page added": Case(
        page_added, "added", (GOOD, GOOD), "in_force", BENEATH,
        "pdfsig says only that the total document is not signed; we say that something visible was added",
    ),
    "annotation added": Case(annotation_added, "added", (GOOD, GOOD), "in_force", BENEATH, "as for the added page"),
    "evidence added": Case(evidence_added, "added", (GOOD, GOOD), "in_force", BENEATH, "as for the added page"),
    "revoked before": Case(
        revoked_before, "same", ((FAILED, "REVOKED"), GOOD), "in_force", BOTH,
        "pdfsig asks no revocation list; we ask the authority",
    ),
    "revoked after": Case(revoked_after, "same", (GOOD, GOOD), "in_force", BOTH),
    "seal revoked before": Case(
        seal_revoked_before, "same", (GOOD, (FAILED, "REVOKED")), "in_force", BOTH, "as for the person's"
    ),
    "expired before": Case(
        expired_before, "foreign", ((FAILED, "EXPIRED"), GOOD), "not_found",
        ((VALID, "Certificate has Expired", False), (VALID, TRUSTED, True)),
    ),
    "expired after": Case(
        expired_after, "foreign", (GOOD, GOOD), "not_found",
        ((VALID, "Certificate has Expired", False), (VALID, TRUSTED, True)),
        "pdfsig judges the certificate as of today; we as of the time stamp",
    ),
    "wrong agency": Case(
        wrong_agency, "foreign", (GOOD, (UNDECIDED, "SIG_CONSTRAINTS_FAILURE")), "not_found", BOTH,
        "pdfsig does not know whose seal belongs on a paper",
    ),
    "self-signed": Case(
        other_anchor, "foreign", ((UNDECIDED, "NO_CERTIFICATE_CHAIN_FOUND"),), "not_found",
        ((VALID, UNKNOWN, True),),
    ),
    "forger signs over an added page": Case(
        added_forgery, "added", (GOOD, GOOD, (UNDECIDED, "NO_CERTIFICATE_CHAIN_FOUND")), "in_force",
        (*BENEATH, (VALID, UNKNOWN, True)),
        "we judge the issued part by itself and say that the rest is no part of it",
    ),
    "seal first": Case(
        seal_first, "foreign", ((UNDECIDED, "SIG_CONSTRAINTS_FAILURE"), GOOD), "not_found", BOTH,
        "the order of person and seal is the law's, not the format's",
    ),
    "no seal": Case(no_seal, "foreign", (GOOD,), "not_found", ((VALID, TRUSTED, True),), "as for the order"),
    "no time stamp": Case(
        no_time_stamp, "foreign", (GOOD, (UNDECIDED, "NO_POE")), "not_found", BOTH,
        "pdfsig believes the claimed time; we want it proved",
    ),
    "cancelled": Case(cancelled, "same", (GOOD, GOOD), "cancelled", BOTH, "pdfsig knows no register"),
    "replaced": Case(replaced, "same", (GOOD, GOOD), "replaced", BOTH, "pdfsig knows no register"),
    "unsigned": Case(unsigned, "foreign", (), "not_found", ()),
}


@operation
def _cancel(*, document: Any, actor: Any, at: datetime) -> None:
    documents.cancel(document, reason_code="wrong_content", decision="12/QĐ-UBND", actor=actor, at=at)


@operation
def _replace(*, document: Any, by: Any, actor: Any, at: datetime) -> None:
    documents.replace(document, by=by, actor=actor, at=at)


def _revoke(office: Office, certificate: Any, at: datetime) -> None:
    office.services.authorities.authority.revoke(authority="public-duty", serial=int(certificate.serial), at=at)


def _held(office: Office, kind: str) -> Certificate:
    return Certificate.objects.get(kind=kind, office=office.unit)


def _paper(office: Office) -> bytes:
    issue = rendering.Issue("0" * 26, office.chairman.full_name, "Chủ tịch", office.unit.name, SIGNED)
    return rendering.render_version(TEMPLATE, FACTS, on=localdate(SIGNED), issue=issue)


def _sign(paper: bytes, certificate: Certificate, field: str, *, evidence: bool = False) -> bytes:
    return signing.add_signature(
        paper, certificate, field=field, code="0" * 26, at=SIGNED, reason="Thử",
        evidence=signing.gather_evidence(at=SIGNED) if evidence else None,
    )


def _by_hand(office: Office, *, person: Certificate | None = None, seal: Certificate | None = None) -> bytes:
    """Signed past the platform's own refusals, as a forger or another system might."""
    once = _sign(_paper(office), person or _held(office, "person"), "ChuKyCaNhan", evidence=True)
    return _sign(once, seal or _held(office, "seal"), "ConDauCoQuan")


def _certified(office: Office, *, valid_to: datetime) -> Certificate:
    """The chairman's, for other days than usual."""
    authority = office.services.authorities.authority
    name = f"short-lived-{office.unit.pk}-{int(valid_to.timestamp())}"
    key = serialization.load_der_public_key(signer_process.create_key(name))
    issued = authority.issue(
        request=key, valid_to=valid_to,
        names={"name": office.chairman.full_name, "office": office.unit.name, "office_code": office.unit.code,
               "title": "Chủ tịch"},
    )
    above = authority.chain("public-duty")
    pem = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (issued, *above)).decode()
    return Certificate(kind="person", user=office.chairman, office=office.unit, key_id=name, pem=pem)


def _foreign_signature(office: Office, paper: bytes, field: str = "ChuKyCaNhan") -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, office.chairman.full_name)])
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(77).not_valid_before(SIGNED - timedelta(days=9)).not_valid_after(SIGNED + timedelta(days=900))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True).sign(key, hashes.SHA256())
    )
    pem = own.public_bytes(serialization.Encoding.PEM).decode()
    held = Certificate(kind="person", user=office.chairman, office=office.unit, key_id="forger", pem=pem)
    forger = signing.ProcessSigner(held)
    forger._key_id = ""

    async def sign_raw(data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return key.sign(data, ec.ECDSA(hashes.SHA256()))

    forger.async_sign_raw = sign_raw  # type: ignore[method-assign]
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signer = signing._DatedSigner(metadata, signer=forger, timestamper=signing.HttpStamper(at=SIGNED), at=SIGNED)
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    return bytes(signer.sign_pdf(writer, bytes_reserved=signing.ROOM).getvalue())


