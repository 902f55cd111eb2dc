"""PAdES: the person's signature, then the office's seal over it, each with a time stamp; the last covers all.

What a later check needs (the certificates above, the revocation lists in force) is written with the first signature and
lies under both. Nothing is added after the seal: a reader finds it covering the total document.
"""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

import httpx
from asn1crypto import cms, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore

from tuphap.kernel import der
from tuphap.kernel import signer as signer_process
from tuphap.kernel.clock import localtime
from tuphap.kernel.refusal import Refusal

from . import trust
from .keys import HOLDER_VI
from .models import Certificate
from .rendering import check_address
from .trust import StampDown
from .waiting import wait_for

PERSON_FIELD, SEAL_FIELD = "ChuKyCaNhan", "ConDauCoQuan"
ROOM = 24 * 1024  # hexadecimal digits kept free for one signature with its chain and time stamp; some 9,000 are used
STAMP_PATIENCE = httpx.Timeout(5.0, connect=2.0)

_DIGEST = cms.CMSAttributeType("message_digest").dump()
# What a certificate's signatures have in common (RFC 5652 §11, RFC 5035): content type, the certificate's own hash, the
# algorithms. By certificate and digest; a few hundred bytes each.
_UNCHANGING: dict[tuple[bytes, str], tuple[bytes, ...]] = {}


class CertificateRevoked(Refusal):
    code = "documents.certificate_revoked"
    message_vi = "Chứng thư chữ ký số của {holder} đã bị thu hồi, không thể ký."


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
        signed = wait_for(signer.async_sign_pdf(writer, bytes_reserved=ROOM))
    except (TimestampRequestError, httpx.HTTPError) as error:
        raise StampDown() from error
    content: bytes = signed.getvalue()
    return content


class ProcessSigner(signers.Signer):
    """A pyHanko signer whose private key lies in the signer process.

    The finished parts are put together as bytes. asn1crypto takes a length that ends in the byte 0x80 for an indefinite
    one and encodes everything beneath anew, at a cost that doubles with each level: a signature with its time stamp
    took milliseconds, and one in ten took many seconds.
    """

    def __init__(self, certificate: Certificate) -> None:
        own, *above = x509.load_pem_x509_certificates(certificate.pem.encode())
        self._key_id = certificate.key_id
        self._own = own
        self._chain = [c.public_bytes(serialization.Encoding.DER) for c in (own, *above)]
        super().__init__(
            signing_cert=as_asn1(own), signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(72)  # an ECDSA signature on P-256 in DER is never longer
        return signer_process.sign(self._key_id, data, purpose=f"document, certificate {self._own.serial_number}")

    async def signed_attrs(
        self, data_digest: bytes, digest_algorithm: str, *arguments: Any, **options: Any
    ) -> cms.CMSAttributes:
        """What is signed, as its finished bytes: built of parts, it would be encoded anew at each of sixteen looks.

        Only the digest differs between two signatures with one certificate; the rest of it is encoded once a process.
        """
        key = (self._chain[0], digest_algorithm)
        if key not in _UNCHANGING:
            built = await super().signed_attrs(data_digest, digest_algorithm, *arguments, **options)
            _UNCHANGING[key] = tuple(
                part for part in der.values(der.inside(built.dump())) if not der.inside(part).startswith(_DIGEST)
            )
        told = der.sequence(_DIGEST, der.set_of(der.octets(data_digest)))
        return cms.CMSAttributes.load(der.set_of(*_UNCHANGING[key], told))

    async def unsigned_attrs(
        self, digest_algorithm: str, signature: bytes, signed_attrs: cms.CMSAttributes, timestamper: Any = None,
        dry_run: bool = False,
    ) -> bytes | None:
        """The time stamp over the signature, as a finished SET OF attributes."""
        if timestamper is None:
            return None
        token = await timestamper.stamp(hashlib.new(digest_algorithm, signature).digest(), digest_algorithm)
        kind = cms.CMSAttributeType("signature_time_stamp_token").dump()
        return der.set_of(der.sequence(kind, der.set_of(token)))

    def _package_signature(
        self, *, digest_algorithm: str, cms_version: str, signed_attrs: cms.CMSAttributes, signature: bytes,
        unsigned_attrs: bytes | None, encap_content_info: Any,
    ) -> bytes:
        """The CMS object of RFC 5652 (ContentInfo over SignedData), finished."""
        info = der.inside(self.signer_info(digest_algorithm, signed_attrs, signature).dump())
        stamped = b"" if unsigned_attrs is None else der.implicit(1, unsigned_attrs)
        data = der.sequence(
            cms.CMSVersion(cms_version).dump(),
            der.set_of(cms.DigestAlgorithm({"algorithm": digest_algorithm}).dump()),
            der.sequence(cms.ContentType("data").dump()),
            der.implicit(0, der.set_of(*self._chain)),
            der.set_of(der.sequence(info, stamped)),
        )
        return der.sequence(cms.ContentType("signed_data").dump(), der.explicit(0, data))


class HttpStamper(timestamps.TimeStamper):
    """The port to the time-stamping authority of ``settings.TSA_URL``."""

    def __init__(self, *, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._at = at
        self._answer = b""

    async def stamp(self, digest: bytes, algorithm: str) -> bytes:
        """A time-stamp token over this digest, as the authority encoded it.

        :raises TimestampRequestError: refused, or for something else; httpx.HTTPError: nobody answers.
        """
        await self.async_timestamp(digest, algorithm)  # pyHanko looks at status and nonce
        return der.values(der.inside(self._answer))[1]

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        async with httpx.AsyncClient(timeout=STAMP_PATIENCE, verify=trust.tls()) as client:
            answer = await client.post(
                settings.TSA_URL, content=req.dump(),
                headers={"Content-Type": "application/timestamp-query", **trust.sample_clock(self._at)},
            )
        answer.raise_for_status()
        _check_stamp(answer.content, imprint=req["message_imprint"]["hashed_message"].native)
        self._answer = answer.content
        return tsp.TimeStampResp.load(answer.content)


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

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = localtime(self._at).replace(microsecond=0)
        return session


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate in the form that pyHanko takes."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
