"""PAdES: the person's signature, then the office's seal over it, each with a time stamp; the last covers all.

What a later check needs (the certificates above, the revocation lists in force) is written with the first signature and
lies under both. Nothing is added after the seal: a reader finds it covering the total document.
"""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import Any

import httpx
from asn1crypto import crl as asn1_crl
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tuphap.kernel import signer as signer_process
from tuphap.kernel.clock import localtime
from tuphap.kernel.refusal import Refusal

from . import trust
from .keys import HOLDER_VI
from .models import Certificate
from .rendering import check_address

PERSON_FIELD, SEAL_FIELD = "ChuKyCaNhan", "ConDauCoQuan"
ROOM = 24 * 1024  # hexadecimal digits kept free for one signature with its chain and time stamp; some 9,000 are used
STAMP_PATIENCE = httpx.Timeout(5.0, connect=2.0)


class CertificateRevoked(Refusal):
    code = "documents.certificate_revoked"
    message_vi = "Chứng thư chữ ký số của {holder} đã bị thu hồi, không thể ký."


class StampDown(Refusal):
    """No time stamp can be had; nothing is signed without one (certification.md: queue, do not sign without)."""

    code = "documents.stamp_down"
    message_vi = "Dịch vụ cấp dấu thời gian chưa sẵn sàng. Văn bản chưa được ký; hệ thống sẽ thử lại."
    status = 503


def sign_and_seal(paper: bytes, *, person: Certificate, seal: Certificate, code: str, at: datetime) -> bytes:
    """The paper with both signatures.

    :param paper: an unsigned PDF.
    :param code: the verification code; its address stands in both signatures.
    :param at: the time that the signatures claim; the stamps of the time-stamping authority prove it.
    :raises SignerDown, SignerRefused, StampDown, RevocationUnknown, CertificateRevoked, NoTrust: nothing was issued.
    """
    evidence = gather_evidence(at=at)
    for certificate in (person, seal):
        _refuse_revoked(certificate, at=at)
    once = add_signature(
        paper, person, field=PERSON_FIELD, code=code, at=at, evidence=evidence,
        reason="Ký ban hành văn bản",
    )
    return add_signature(once, seal, field=SEAL_FIELD, code=code, at=at, evidence=None, reason="Đóng dấu cơ quan")


def gather_evidence(*, at: datetime) -> tuple[list[asn1_x509.Certificate], list[asn1_crl.CertificateList]]:
    """The trusted authorities' certificates and their lists in force now, for the file's security store.

    :raises RevocationUnknown: a list cannot be had: what could not be checked later is not signed now.
    """
    certificates, lists = [], []
    for anchor in trust.anchors():
        if not anchor.stamps and not anchor.offices:
            continue
        for authority in anchor.certificates:
            certificates.append(as_asn1(authority))
            held = trust.list_for_signing(authority, at=at)
            lists.append(asn1_crl.CertificateList.load(held.crl.public_bytes(serialization.Encoding.DER)))
    return certificates, lists


def _refuse_revoked(certificate: Certificate, *, at: datetime) -> None:
    own, *above = x509.load_pem_x509_certificates(certificate.pem.encode())
    issuer = next((c for c in above if c.subject == own.issuer), None)
    if issuer is None:
        return
    revoked = trust.list_for_signing(issuer, at=at).revoked_at(own.serial_number)
    if revoked is not None and revoked[0] <= at:
        raise CertificateRevoked(holder=HOLDER_VI[certificate.kind])


def add_signature(
    paper: bytes, certificate: Certificate, *, field: str, code: str, at: datetime, reason: str,
    evidence: tuple[list[asn1_x509.Certificate], list[asn1_crl.CertificateList]] | None,
) -> bytes:
    """One more signature, in an update of its own; ``evidence`` goes into the same update, beneath it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(paper), strict=False)
    if evidence is not None:
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=evidence[0], crls=evidence[1])
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason,
        contact_info=check_address(code), location=certificate.office.name,
        name=certificate.user.full_name if certificate.user else certificate.office.name,
    )
    signer = _DatedSigner(
        metadata, signer=ProcessSigner(certificate), timestamper=HttpStamper(at=at),
        new_field_spec=fields.SigFieldSpec(sig_field_name=field), at=at,
    )
    try:
        signed = asyncio.run(signer.async_sign_pdf(writer, bytes_reserved=ROOM))
    except (TimestampRequestError, httpx.HTTPError) as error:
        raise StampDown() from error
    content: bytes = signed.getvalue()
    return content


class ProcessSigner(signers.Signer):
    """A pyHanko signer whose private key lies in the signer process."""

    def __init__(self, certificate: Certificate) -> None:
        own, *above = x509.load_pem_x509_certificates(certificate.pem.encode())
        store = SimpleCertificateStore()
        store.register_multiple([as_asn1(c) for c in above])
        self._key_id = certificate.key_id
        self._own = own
        super().__init__(
            signing_cert=as_asn1(own), cert_registry=store,
            # Loaded from its bytes: what is freshly built, asn1crypto encodes anew at every look.
            signature_mechanism=SignedDigestAlgorithm.load(SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(72)  # an ECDSA signature on P-256 in DER is never longer
        return signer_process.sign(self._key_id, data, purpose=f"document, certificate {self._own.serial_number}")


class HttpStamper(timestamps.TimeStamper):
    """The port to the time-stamping authority of ``settings.TSA_URL``."""

    def __init__(self, *, at: datetime) -> None:
        super().__init__()
        self._at = at

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        async with httpx.AsyncClient(timeout=STAMP_PATIENCE, verify=trust.tls()) as client:
            answer = await client.post(
                settings.TSA_URL, content=req.dump(),
                headers={"Content-Type": "application/timestamp-query", **trust.sample_clock(self._at)},
            )
        answer.raise_for_status()
        _check_stamp(answer.content, imprint=req["message_imprint"]["hashed_message"].native)
        return tsp.TimeStampResp.load(answer.content)  # fresh: what was looked into is encoded anew, slowly


def _check_stamp(answer: bytes, *, imprint: bytes) -> None:
    """Refuse a stamp over something else; whether it was granted, and over our nonce, pyHanko looks itself.

    :raises TimestampRequestError: not an answer of the protocol, or for another hash.
    """
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            return
        stamped = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        stamped_imprint = stamped["message_imprint"]["hashed_message"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampRequestError("not a time-stamp answer") from error
    if stamped_imprint != imprint:
        raise TimestampRequestError("the stamp is for something else")


class _DatedSigner(signers.PdfSigner):
    """Claims the time that the operation was given, and not the machine's."""

    def __init__(self, *arguments: Any, at: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._at = at

    def init_signing_session(self, *arguments: Any, **options: Any) -> signers.PdfSigningSession:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = localtime(self._at).replace(microsecond=0)
        return session


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate in the form that pyHanko takes."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
