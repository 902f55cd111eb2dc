"""Judge the signatures of a PDF by the trust list: EN 319 102-1's three indications, each with its reason.

pyHanko says whether bytes, signatures, stamps and chains hold. Revocation is asked here, of the authority itself: an
old list, embedded or kept, proves nothing about a key stolen after it was made.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from tuphap.kernel.clock import localtime, now

from . import trust
from .findings import Indication, SignatureLine
from .signing import as_asn1
from .waiting import wait_for

# Claimed and stamped time may differ by the skew beyond which nothing is signed (security_and_interop: 5 minutes).
SKEW = timedelta(minutes=5)
MOST_SIGNATURES = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A signature in a file: where its signed bytes end, and the line that tells of it."""

    end: int
    line: SignatureLine


@dataclass(frozen=True, slots=True)
class _Verdict:
    indication: Indication
    reason: str
    detail: str
    revoked_at: datetime | None = None
    source: str = ""


def signed_ends(data: bytes) -> tuple[int, ...]:
    """Where each signature's signed bytes end, in the order of signing; empty where the file cannot be read."""
    return tuple(sorted(_end(signature) for signature in _signatures(data)))


def judge(data: bytes) -> tuple[SignatureLine, ...]:
    """Every signature of these bytes, in the order of signing.

    :raises NoTrust: there is no trust list to judge by.
    """
    signatures = sorted(_signatures(data), key=_end)[:MOST_SIGNATURES]
    with trust.one_question():
        lines = [_judge_one(signature) for signature in signatures]
    return tuple(_judge_order(lines))


def latest_change(data: bytes) -> str:
    """What was done to the file after its last signature: ``none``, ``benign`` (evidence only) or ``visible``."""
    signatures = sorted(_signatures(data), key=_end)
    if not signatures:
        return "visible"
    last = signatures[-1]
    try:
        last.compute_integrity_info()
        level = last.summarise_integrity_info().get("diff_result")
    except Exception:  # a file made to confuse: whatever was added is not vouched for
        return "visible"
    if last.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    found = getattr(level, "modification_level", ModificationLevel.OTHER)
    return "benign" if found <= ModificationLevel.LTA_UPDATES else "visible"


def _signatures(data: bytes) -> list[EmbeddedPdfSignature]:
    """The signatures that can be read; a file made to break the reader has none."""
    try:
        found = PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures
        return [s for s in found if len(s.byte_range) == 4 and all(isinstance(int(n), int) for n in s.byte_range)]
    except Exception:  # broken in one of a hundred ways; the content line says the rest
        return []


def _end(signature: EmbeddedPdfSignature) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def _judge_one(signature: EmbeddedPdfSignature) -> SignatureLine:
    try:
        certificate = signature.signer_cert
        stamp = _stamp(signature)
        status, moment = _status(signature, stamp)
    except trust.NoTrust:
        raise
    except Exception:  # a signature that cannot even be taken apart
        return SignatureLine(
            Indication.FAILED, "FORMAT_FAILURE", "Không đọc được chữ ký.", "", "", "", is_seal=False
        )
    verdict = _verdict(signature, status, stamp, moment)
    subject = _subject(certificate)
    stamped = status.timestamp_validity
    return SignatureLine(
        indication=verdict.indication, reason=verdict.reason, detail=verdict.detail,
        signer=subject["name"], office=subject["office"], office_code=subject["office_code"],
        is_seal=subject["name"] == subject["office"],
        claimed_at=status.signer_reported_dt,
        stamped_at=stamped.timestamp if stamped is not None and stamped.valid and stamped.trusted else None,
        stamped_by=_subject(stamped.signing_cert)["name"] if stamped is not None else "",
        chain=_chain(status), serial=str(certificate.serial_number), revoked_at=verdict.revoked_at,
        revocation_source=verdict.source,
    )


def _status(signature: EmbeddedPdfSignature, stamp: tsp.TSTInfo | None) -> tuple[PdfSignatureStatus, datetime]:
    """pyHanko's judgement as of the moment of signing: that of the stamp where there is one, else the claimed one."""
    claimed = signature.self_reported_timestamp
    moment: datetime = stamp["gen_time"].native if stamp is not None else claimed or now()
    anchors = trust.anchors()
    embedded = signature.other_embedded_certs
    signers = _context((a for a in anchors), embedded, moment)
    stamps = _context((a for a in anchors if a.stamps), embedded, moment)
    # Where the signed bytes are not those signed, nothing is asked of what came later: the damage may lie in the way.
    status = wait_for(async_validate_pdf_signature(
        signature, signer_validation_context=signers, ts_validation_context=stamps, skip_diff=_is_changed(signature)
    ))
    return status, moment


def _is_changed(signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed bytes have another digest than the one that was signed."""
    signed = cms.ContentInfo.load(signature.pkcs7_content)["content"]["signer_infos"][0]["signed_attrs"]
    digests = [a["values"][0].native for a in signed if a["type"].native == "message_digest"]
    return bool(digests) and digests[0] != signature.compute_digest()


def _context(
    anchors: Iterable[trust.Anchor], embedded: list[asn1_x509.Certificate], moment: datetime
) -> ValidationContext:
    trusted = list(anchors)
    return ValidationContext(
        trust_roots=[as_asn1(a.root) for a in trusted],
        other_certs=[*(as_asn1(c) for a in trusted for c in a.authorities), *embedded],
        moment=moment, best_signature_time=moment, allow_fetching=False, revocation_mode="soft-fail",
    )


def _verdict(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, stamp: tsp.TSTInfo | None, moment: datetime
) -> _Verdict:
    """The rules in the order in which they decide."""
    return (
        _by_bytes(status)
        or _by_certificate(signature, status, moment)
        or _by_stamp(status, stamp)
        or _by_revocation(status, moment)
    )


def _by_bytes(status: PdfSignatureStatus) -> _Verdict | None:
    if not status.intact:
        return _Verdict(Indication.FAILED, "HASH_FAILURE", "Nội dung được ký đã bị thay đổi.")
    if not status.valid:
        return _Verdict(Indication.FAILED, "SIG_CRYPTO_FAILURE", "Chữ ký không khớp với chứng thư.")
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return _Verdict(Indication.FAILED, "FORMAT_FAILURE", "Chữ ký không bao trùm toàn bộ văn bản tại lúc ký.")
    if status.modification_level is not None and status.modification_level >= ModificationLevel.ANNOTATIONS:
        return _Verdict(Indication.FAILED, "FORMAT_FAILURE", "Văn bản bị sửa sau chữ ký này.")
    return None


def _by_certificate(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, moment: datetime
) -> _Verdict | None:
    certificate = signature.signer_cert
    if status.validation_path is not None and status.trust_problem_indic is None:
        return None
    indication = "NO_CERTIFICATE_CHAIN_FOUND"
    if _issued_by_known(certificate):
        if certificate.not_valid_after < moment:
            return _Verdict(Indication.FAILED, "EXPIRED", "Chứng thư đã hết hạn khi ký.")
        if certificate.not_valid_before > moment:
            return _Verdict(Indication.FAILED, "NOT_YET_VALID", "Chứng thư chưa có hiệu lực khi ký.")
        indication = getattr(status.trust_problem_indic, "name", indication)
    return _Verdict(Indication.UNDECIDED, indication, "Chứng thư không do tổ chức được tin cậy cấp.")


def _by_stamp(status: PdfSignatureStatus, stamp: tsp.TSTInfo | None) -> _Verdict | None:
    stamped = status.timestamp_validity
    if stamp is None or stamped is None:
        return _Verdict(Indication.UNDECIDED, "NO_POE", "Không có dấu thời gian nên không rõ ký lúc nào.")
    if not (stamped.intact and stamped.valid):
        return _Verdict(Indication.FAILED, "HASH_FAILURE", "Dấu thời gian không thuộc về chữ ký này.")
    if not stamped.trusted:
        return _Verdict(Indication.UNDECIDED, "NO_POE", "Dấu thời gian không do tổ chức được tin cậy cấp.")
    claimed = status.signer_reported_dt
    if claimed is not None and abs(claimed - stamped.timestamp) > SKEW:
        return _Verdict(
            Indication.UNDECIDED, "SIG_CONSTRAINTS_FAILURE", "Thời điểm ký khai không khớp với dấu thời gian."
        )
    return None


def _by_revocation(status: PdfSignatureStatus, moment: datetime) -> _Verdict:
    """Ask each authority of both chains; the first that does not answer leaves the question open."""
    own = _path(status.validation_path)
    stamped = status.timestamp_validity
    stamp_path = _path(stamped.validation_path) if stamped is not None else []
    source, later = "", None
    try:
        for path, of_stamp in ((own, False), (stamp_path, True)):
            for issuer, certificate in pairwise(path):
                held = trust.list_for_checking(issuer, since=moment)
                if not of_stamp:  # the last one is that of the signer's own authority
                    source = f"{held.source}, lập lúc {localtime(held.issued_at):%H:%M:%S %d/%m/%Y}"
                revoked = held.revoked_at(certificate.serial_number)
                if revoked is None:
                    continue
                if revoked[0] <= moment:
                    return _revoked(revoked[0], source, of_stamp=of_stamp)
                if not of_stamp and certificate == own[-1]:
                    later = revoked[0]
    except trust.RevocationUnknown as unknown:
        return _Verdict(Indication.UNDECIDED, "TRY_LATER", unknown.message, source="không lấy được")
    if later is not None:
        detail = "Chứng thư bị thu hồi sau khi ký; chữ ký đã có trước đó nên vẫn hợp lệ."
        return _Verdict(Indication.PASSED, "", detail, revoked_at=later, source=source)
    return _Verdict(Indication.PASSED, "", "", source=source)


def _revoked(since: datetime, source: str, *, of_stamp: bool) -> _Verdict:
    if of_stamp:
        return _Verdict(
            Indication.UNDECIDED, "NO_POE", "Chứng thư cấp dấu thời gian đã bị thu hồi.", source=source
        )
    return _Verdict(
        Indication.FAILED, "REVOKED", "Chứng thư đã bị thu hồi trước khi ký.", revoked_at=since, source=source
    )


def _judge_order(lines: list[SignatureLine]) -> list[SignatureLine]:
    """The seal comes last and belongs to the signer's office; a seal that does neither decides nothing."""
    judged = []
    for position, line in enumerate(lines):
        fault = ""
        if line.is_seal and any(not later.is_seal for later in lines[position + 1:]):
            fault = "Con dấu được đóng trước chữ ký của người có thẩm quyền."
        persons = {other.office_code for other in lines if not other.is_seal and other.office_code}
        if line.is_seal and persons and line.office_code not in persons:
            fault = "Con dấu không phải của cơ quan nơi người ký công tác."
        judged.append(constrained(line, fault) if fault else line)
    return judged


def constrained(line: SignatureLine, fault: str) -> SignatureLine:
    """A signature that holds, and yet does not meet what the law asks of it; failures stay failures."""
    if line.indication is not Indication.PASSED:
        return line
    told = {name: getattr(line, name) for name in SignatureLine.__slots__}
    return SignatureLine(**{
        **told, "indication": Indication.UNDECIDED, "reason": "SIG_CONSTRAINTS_FAILURE", "detail": fault
    })


def _stamp(signature: EmbeddedPdfSignature) -> tsp.TSTInfo | None:
    """The time-stamp token's content, not yet judged; None where there is none or it cannot be read."""
    # Taken from the bytes anew: what asn1crypto has handed out once, it encodes again at every later look.
    attributes = cms.ContentInfo.load(signature.pkcs7_content)["content"]["signer_infos"][0]["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return None
    for attribute in attributes:
        if attribute["type"].native == "signature_time_stamp_token":
            info: tsp.TSTInfo = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            return info
    return None


def _subject(certificate: asn1_x509.Certificate) -> dict[str, str]:
    names: dict[str, Any] = certificate.subject.native

    def one(key: str) -> str:
        value = names.get(key, "")
        return str(value[0] if isinstance(value, list) else value)

    return {
        "name": one("common_name"), "office": one("organization_name"),
        "office_code": one("organization_identifier") or one("2.5.4.97"),
    }


def _path(path: Any) -> list[x509.Certificate]:
    """A validation path from the root down, in the other library's form."""
    return [x509.load_der_x509_certificate(c.dump()) for c in path.iter_certs(include_root=True)] if path else []


def _chain(status: PdfSignatureStatus) -> tuple[str, ...]:
    path = status.validation_path
    return tuple(_subject(c)["name"] for c in path.iter_certs(include_root=True)) if path else ()


def _issued_by_known(certificate: asn1_x509.Certificate) -> bool:
    """Whether one of the trusted authorities signed this certificate, whatever its days say."""
    own = x509.load_der_x509_certificate(certificate.dump())
    for anchor in trust.anchors():
        for authority in anchor.certificates:
            try:
                own.verify_directly_issued_by(authority)
            except Exception:  # noqa: S112 - the library raises several kinds; each means: not this one
                continue
            return True
    return False
