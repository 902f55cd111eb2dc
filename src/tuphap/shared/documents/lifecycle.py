"""The life of a document: asked for, signed outside any transaction, entered by its module, cancelled or replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Conflict, NotFound, Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.files import api as files
from tuphap.shared.operation.api import operation

from .declarations import outcomes, template_on, template_version
from .keys import certificate_for
from .models import Certificate, Document
from .rendering import Issue, render_version

TASK = "documents.sign"
_by_hand: ContextVar[bool] = ContextVar("signing_by_hand", default=False)


class NotPending(Conflict):
    code = "documents.not_pending"
    message_vi = "Văn bản không ở trạng thái chờ ký số."


class NotInForce(Conflict):
    code = "documents.not_in_force"
    message_vi = "Văn bản không còn ở trạng thái có giá trị."


class NoSuchDocument(NotFound):
    code = "documents.not_found"
    message_vi = "Không có văn bản này."


class DocumentDamaged(Refusal):
    """The stored file is not the one that was signed."""

    code = "documents.damaged"
    message_vi = "Tệp văn bản trong kho không còn đúng với bản đã ký."
    status = 500


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """What signing gave: the stored file, its hash in hexadecimal, when it was signed, with which certificates."""

    file: files.StoredFile
    sha256: str
    signed_at: datetime
    signer_certificate: Certificate
    seal_certificate: Certificate


@contextmanager
def signing_by_hand() -> Iterator[None]:
    """Within this block :func:`request` queues no job; who opened it calls :func:`sign_now` (the sample, and tests)."""
    token = _by_hand.set(True)
    try:
        yield
    finally:
        _by_hand.reset(token)


def request(
    *, template: str, data: dict[str, Any], subject: Model, unit_id: int, signer_id: UUID, outcome: str, actor: Actor,
    at: datetime, register_line: dict[str, Any],
) -> Document:
    """Ask for a paper to be made and signed; the job is queued in the transaction of the caller's operation.

    :param data: what the template shows (JSON values); kept with the document.
    :param unit_id: the issuing office (OrgUnit key), whose seal is set over the signature.
    :param signer_id: the person who signs.
    :param outcome: code of the module's :class:`SigningOutcome`.
    :param register_line: what the public check may show: ``number``, ``book``, ``date`` (ISO), ``kind``; nothing more.
    :raises UnknownTemplate: no version of the form is in use on this day.
    :raises CannotRender: the form does not go with the data (told now, and not after the number is taken).
    """
    if outcome not in outcomes:
        raise LookupError(f"no signing outcome {outcome!r} is declared")
    form = template_on(template, on=localdate(at))
    render_version(form, data, on=localdate(at))
    document = Document.objects.create(
        template=form.code, template_version=form.version, title=form.title,
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), unit_id=unit_id, signer_id=signer_id,
        outcome=outcome, data=data, register_line=register_line, requested_at=at, requested_by_id=actor.user_id,
    )
    audit.record("documents.requested", subject=document, actor=actor, at=at, unit_id=unit_id, template=form.code,
                 version=form.version)
    _queue(document)
    return document


def sign_now(document_id: UUID | str, *, at: datetime, system: bool = True) -> Document:
    """Make, sign, seal, stamp, store and enter one document: what the job does. Signed already: nothing is done.

    Rendering and signing stand outside any transaction. Entering them is one operation with the module's own.

    :param at: the time of signing, printed in the box and claimed by the signatures.
    :param system: act as the platform's signing job, without counting on a person being present.
    :raises NoSuchDocument, NotPending, NoCertificate, SignerDown, StampDown, RevocationUnknown, CannotRender:
    """
    from . import signing  # not above: pyHanko costs a process a second at its start, and few processes sign

    document = Document.objects.select_related("unit", "signer").filter(pk=document_id).first()
    if document is None:
        raise NoSuchDocument()
    if document.state == Document.State.SIGNED:
        return document
    if document.state != Document.State.PENDING:
        raise NotPending()
    office_id = document.unit_id
    person = certificate_for(kind=Certificate.Kind.PERSON, user_id=document.signer_id, office_id=office_id, at=at)
    seal = certificate_for(kind=Certificate.Kind.SEAL, user_id=None, office_id=office_id, at=at)
    form = template_version(document.template, document.template_version)
    issue = Issue(
        code=document.code, signer=document.signer.full_name, signer_title=document.signer.title,
        agency=document.unit.name, at=at,
    )
    paper = render_version(form, document.data, on=localdate(at), issue=issue)
    content = signing.sign_and_seal(paper, person=person, seal=seal, code=document.code, at=at)
    actor = system_actor("signing") if system else Actor(
        kind=system_actor("signing").kind, name=document.signer.full_name
    )
    return _enter(
        document_id=document.pk, content=content, person_id=person.pk, seal_id=seal.pk, actor=actor, at=at
    )


@operation
def _enter(
    *, document_id: UUID, content: bytes, person_id: int, seal_id: int, actor: Actor, at: datetime
) -> Document:
    """Store the signed file and let the module enter it, in one transaction; a second taker finds it done."""
    document = _locked(document_id)
    if document.state == Document.State.SIGNED:
        return document
    if document.state != Document.State.PENDING:
        raise NotPending()
    name = f"{document.template.replace('.', '-')}-{document.code[:8]}.pdf"
    stored = files.store(content, name=name, media_type="application/pdf", actor=actor, at=at, made_here=True)
    signed = SignedDocument(
        file=stored, sha256=stored.sha256, signed_at=at,
        signer_certificate=Certificate.objects.get(pk=person_id), seal_certificate=Certificate.objects.get(pk=seal_id),
    )
    outcomes[document.outcome].signed()(document=document, signed=signed, actor=actor, at=at)
    entered = Document.objects.get(pk=document_id)
    if entered.state != Document.State.SIGNED:
        raise RuntimeError(f"the outcome {document.outcome!r} did not attach the signed document")
    return entered


def attach(document: Document, signed: SignedDocument, *, actor: Actor, at: datetime) -> Document:
    """Enter the signed file in the document's row: it is issued. Called by the module's ``on_signed``, within.

    :raises NotPending: it was signed or voided in between.
    """
    held = _locked(document.pk)
    if held.state != Document.State.PENDING:
        raise NotPending()
    held.state = Document.State.SIGNED
    held.file, held.sha256, held.size = signed.file, signed.sha256, signed.file.size
    held.signed_at = signed.signed_at
    held.signer_certificate, held.seal_certificate = signed.signer_certificate, signed.seal_certificate
    held.failure = ""
    held.save()
    audit.record(
        "documents.signed", subject=held, actor=actor, at=at, unit_id=held.unit_id, sha256=held.sha256,
        signer_serial=signed.signer_certificate.serial, seal_serial=signed.seal_certificate.serial,
    )
    _copy(held, document)
    return document


@operation
def give_up(*, document_id: UUID, reason: str, actor: Actor, at: datetime) -> Document:
    """Note that signing failed for good, and let the module say what follows (void the number, tell the office)."""
    document = _locked(document_id)
    if document.state != Document.State.PENDING:
        return document
    document.state, document.failure = Document.State.FAILED, reason[:300]
    document.save(update_fields=["state", "failure"])
    audit.record("documents.failed", subject=document, actor=actor, at=at, unit_id=document.unit_id,
                 reason=document.failure)
    outcomes[document.outcome].failed()(document=document, reason=reason, actor=actor, at=at)
    return document


def retry(
    document: Document, *, actor: Actor, at: datetime, data: dict[str, Any] | None = None,
    register_line: dict[str, Any] | None = None,
) -> Document:
    """Queue a failed document again, with other facts where the first number was voided. Inside an operation.

    :raises NotPending: it is not in the state of failure.
    """
    held = _locked(document.pk)
    if held.state != Document.State.FAILED:
        raise NotPending()
    held.state, held.failure = Document.State.PENDING, ""
    if data is not None:
        held.data = data
    if register_line is not None:
        held.register_line = register_line
    held.save()
    audit.record("documents.retried", subject=held, actor=actor, at=at, unit_id=held.unit_id)
    _queue(held)
    _copy(held, document)
    return document


def void(document: Document, *, reason: str, actor: Actor, at: datetime) -> Document:
    """Give up a document that was never signed. Inside an operation.

    :raises NotPending: it is signed; what is signed can only be cancelled.
    """
    held = _locked(document.pk)
    if held.state not in (Document.State.PENDING, Document.State.FAILED):
        raise NotPending()
    held.state, held.failure = Document.State.VOID, reason[:300]
    held.save(update_fields=["state", "failure"])
    audit.record("documents.voided", subject=held, actor=actor, at=at, unit_id=held.unit_id, reason=reason[:300])
    _copy(held, document)
    return document


def cancel(document: Document, *, reason_code: str, decision: str, actor: Actor, at: datetime) -> Document:
    """Cancel an issued document in the register; the file stays as it is. Inside an operation.

    :param reason_code: one of :class:`Document.CancelReason`, told to the public with the day.
    :param decision: number and day of the decision; not told to the public.
    :raises NotInForce: it is not issued, or was cancelled or replaced before.
    """
    held = _issued(document)
    held.register_state, held.register_changed_at = Document.Standing.CANCELLED, at
    held.cancel_reason, held.cancel_decision = Document.CancelReason(reason_code), decision
    held.save(update_fields=["register_state", "register_changed_at", "cancel_reason", "cancel_decision"])
    audit.record("documents.cancelled", subject=held, actor=actor, at=at, unit_id=held.unit_id, reason=reason_code,
                 decision=decision)
    _copy(held, document)
    return document


def replace(document: Document, *, by: Document, actor: Actor, at: datetime) -> Document:
    """Note that another issued document stands in this one's place. Inside an operation.

    :raises NotInForce: either is not issued and in force.
    """
    held, newer = _issued(document), _issued(by)
    held.register_state, held.register_changed_at = Document.Standing.REPLACED, at
    held.replaced_by = newer
    held.save(update_fields=["register_state", "register_changed_at", "replaced_by"])
    audit.record("documents.replaced", subject=held, actor=actor, at=at, unit_id=held.unit_id, by=str(newer.pk))
    _copy(held, document)
    return document


def content(document: Document) -> bytes:
    """The signed file, checked against the hash in the register.

    :raises NoSuchDocument: it is not signed yet.
    :raises DocumentDamaged, FileMissing, FileDamaged: the store no longer has what was signed.
    """
    if document.file is None:
        raise NoSuchDocument()
    data = files.read(document.file)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise DocumentDamaged()
    return data


def _queue(document: Document) -> None:
    if _by_hand.get():
        return
    from procrastinate.contrib.django import app

    app.configure_task(TASK, queue="signing", lock=f"document-{document.pk}").defer(document_id=str(document.pk))


def _locked(document_id: UUID) -> Document:
    held = Document.objects.select_for_update().filter(pk=document_id).first()
    if held is None:
        raise NoSuchDocument()
    return held


def _issued(document: Document) -> Document:
    held = _locked(document.pk)
    if held.state != Document.State.SIGNED or held.register_state != Document.Standing.IN_FORCE:
        raise NotInForce()
    return held


def _copy(held: Document, document: Document) -> None:
    """Let the caller's object say what the row says now."""
    for column in Document._meta.concrete_fields:
        setattr(document, column.attname, getattr(held, column.attname))
