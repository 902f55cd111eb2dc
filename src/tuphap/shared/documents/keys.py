"""Certificates of persons and seals: which is in force, getting one in the sample, bringing one in in production."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
from asn1crypto import csr
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db.models import Q

from tuphap.kernel import signer as signer_process
from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit

from . import trust
from .models import Certificate

if TYPE_CHECKING:
    from tuphap.shared.accounts.models import User

# What each kind of holder is told when there is no certificate.
HOLDER_VI = {"person": "người ký", "seal": "con dấu của cơ quan"}


class NoCertificate(Refusal):
    """No certificate of this holder is in force at this time."""

    code = "documents.no_certificate"
    message_vi = "Không có chứng thư chữ ký số còn hiệu lực của {holder}."


class AuthorityDown(Refusal):
    code = "documents.authority_down"
    message_vi = "Tổ chức chứng thực chữ ký số không phản hồi."
    status = 503


class NoAuthority(Refusal):
    code = "documents.no_authority"
    message_vi = "Hệ thống không tự cấp chứng thư; vui lòng nhập chứng thư do tổ chức chứng thực cấp."


class WrongCertificate(Refusal):
    code = "documents.wrong_certificate"
    message_vi = "Chứng thư không dùng được: {reason}."


def certificate_for(*, kind: str, user_id: UUID | None, office_id: int, at: datetime) -> Certificate:
    """The holder's certificate in force at this time, the newest where several are.

    :raises NoCertificate: there is none.
    """
    holder = {"user_id": user_id} if kind == Certificate.Kind.PERSON else {}
    found = (
        Certificate.objects.filter(kind=kind, office_id=office_id, valid_from__lte=at, valid_to__gt=at, **holder)
        .filter(Q(retired_at__isnull=True) | Q(retired_at__gt=at))
        .order_by("-valid_from", "-pk").first()
    )
    if found is None:
        raise NoCertificate(holder=HOLDER_VI[kind])
    return found


def can_sign(*, user_id: UUID, office_id: int, at: datetime) -> bool:
    """Whether both certificates that a document needs are in force: the person's and the office's seal."""
    try:
        certificate_for(kind=Certificate.Kind.PERSON, user_id=user_id, office_id=office_id, at=at)
        certificate_for(kind=Certificate.Kind.SEAL, user_id=None, office_id=office_id, at=at)
    except NoCertificate:
        return False
    return True


@operation
def ensure_person_key(*, user: User, office: OrgUnit, actor: Actor, at: datetime) -> Certificate:
    """The person's certificate for signing in this office; in the sample one is made and issued where none is in force.

    :raises NoAuthority: in production certificates are imported.
    :raises SignerDown, AuthorityDown: nothing was made.
    """
    try:
        return certificate_for(kind=Certificate.Kind.PERSON, user_id=user.pk, office_id=office.pk, at=at)
    except NoCertificate:
        return _obtain(Certificate.Kind.PERSON, user, office, actor, at)


@operation
def ensure_office_seal(*, office: OrgUnit, actor: Actor, at: datetime) -> Certificate:
    """The certificate of the office's seal; in the sample one is made and issued where none is in force.

    :raises NoAuthority: in production certificates are imported.
    :raises SignerDown, AuthorityDown: nothing was made.
    """
    try:
        return certificate_for(kind=Certificate.Kind.SEAL, user_id=None, office_id=office.pk, at=at)
    except NoCertificate:
        return _obtain(Certificate.Kind.SEAL, None, office, actor, at)


@operation
def import_certificate(
    *, pem: bytes, key_id: str, office: OrgUnit, user: User | None, actor: Actor, at: datetime
) -> Certificate:
    """Bring in a certificate, issued elsewhere for a key that the signer process holds.

    :param pem: the certificate, followed by those above it.
    :param user: the person; None for the office's seal.
    :raises WrongCertificate: not for this key, not under an anchor for this kind of office, or past its days.
    :raises SignerDown, SignerRefused: the signer process does not answer, or holds no such key.
    """
    kind = Certificate.Kind.SEAL if user is None else Certificate.Kind.PERSON
    return _enter(pem, kind=kind, key_id=key_id, user=user, office=office, actor=actor, at=at)


@operation
def retire(*, certificate: Certificate, actor: Actor, at: datetime) -> Certificate:
    """Sign no more with this certificate from now on; what it has signed stays signed."""
    certificate.retired_at = at
    certificate.save(update_fields=["retired_at"])
    audit.record("documents.certificate_retired", subject=certificate, actor=actor, at=at,
                 unit_id=certificate.office_id, serial=certificate.serial)
    return certificate


def certificate_request(key_id: str) -> bytes:
    """A certificate request (PKCS#10, PEM) for a key of the signer process, to be handed to an authority.

    It bears the key's name alone: who the holder is, the authority establishes for itself.

    :raises SignerDown, SignerRefused: the process does not answer, or cannot make the key.
    """
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, key_id[:64])])
    info = csr.CertificationRequestInfo({
        "version": "v1",
        "subject": csr.Name.load(subject.public_bytes()),
        "subject_pk_info": csr.PublicKeyInfo.load(signer_process.create_key(key_id)),
        "attributes": [],
    })
    request = csr.CertificationRequest({
        "certification_request_info": info,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signer_process.sign(key_id, info.dump(), purpose="certificate request"),
    })
    return x509.load_der_x509_csr(request.dump()).public_bytes(serialization.Encoding.PEM)


def _obtain(kind: str, user: User | None, office: OrgUnit, actor: Actor, at: datetime) -> Certificate:
    """Make a key in the signer process and have the sample authority certify it, from the sample's first day."""
    if not getattr(settings, "CA_URL", ""):
        raise NoAuthority()
    earlier = Certificate.objects.filter(kind=kind, office=office, user=user).count()
    holder = f"person-{user.pk.hex}-{office.pk}" if user is not None else f"seal-{office.pk}"
    key_id = f"{holder}-{earlier + 1}"
    names = {"name": user.full_name if user else office.name, "office": office.name, "office_code": office.code}
    if user is not None:
        names |= {"title": user.title, "person": str(user.pk)}
    request = certificate_request(key_id)
    try:
        answer = httpx.post(
            f"{settings.CA_URL}/ca/issue", timeout=trust.PATIENCE, verify=trust.tls(),
            json={**names, "request": request.decode(), "authority": trust.anchor_for(office.kind).code},
        )
        answer.raise_for_status()
        issued = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise AuthorityDown() from error
    content = (issued["certificate"] + issued["chain"]).encode()
    return _enter(content, kind=kind, key_id=key_id, user=user, office=office, actor=actor, at=at)


def _enter(
    content: bytes, *, kind: str, key_id: str, user: User | None, office: OrgUnit, actor: Actor, at: datetime
) -> Certificate:
    try:
        own, *above = x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise WrongCertificate(reason="không đọc được") from error
    anchor = trust.anchor_for(office.kind)
    if own.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    ) != signer_process.public_key(key_id):
        raise WrongCertificate(reason="không cấp cho khoá này")
    if not _leads_to(own, above, anchor):
        raise WrongCertificate(reason="không do tổ chức chứng thực được tin cậy cấp cho loại cơ quan này")
    if own.not_valid_after_utc <= at:
        raise WrongCertificate(reason="đã hết hạn")
    made = Certificate.objects.create(
        kind=kind, user=user, office=office, key_id=key_id, anchor=anchor.code, serial=str(own.serial_number),
        subject=own.subject.rfc4514_string()[:300], pem=content.decode(), valid_from=own.not_valid_before_utc,
        valid_to=own.not_valid_after_utc,
    )
    audit.record("documents.certificate_entered", subject=made, actor=actor, at=at, unit_id=office.pk,
                 serial=made.serial, kind=kind)
    return made


def _leads_to(own: x509.Certificate, above: list[x509.Certificate], anchor: trust.Anchor) -> bool:
    """Whether the certificates form a chain up to the anchor's root."""
    known = [*above, *anchor.certificates]
    for _ in range(len(known) + 1):
        issuer = next((c for c in known if c.subject == own.issuer and _signed_by(own, c)), None)
        if issuer is None:
            return False
        if issuer == anchor.root:
            return True
        own = issuer
    return False


def _signed_by(own: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        own.verify_directly_issued_by(issuer)
    except Exception:  # the library raises several kinds; each means no
        return False
    return True


def expiring(*, before: datetime) -> list[Certificate]:
    """Certificates in use that end before this time, soonest first: for whoever must order new ones."""
    return list(Certificate.objects.filter(
        retired_at__isnull=True, valid_to__lt=before, valid_to__gt=datetime.now(UTC)).order_by("valid_to", "pk"))
