"""The writes of the generic path: word the paper, decide, take up what came of the signing.

As in every module deciding and signing are two steps; the signer process works between them, outside any transaction.
Rows are locked in one order everywhere: document, dossier, decision, number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, State
from tuphap.shared.notices import api as notices
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import operation

from .. import rules
from ..models import Decision
from ..rules import DecisionKind, DecisionState, GenericPermission
from .papers import decision_data

SYSTEM = system_actor("one_stop_shop")


@operation
def draft_decision(
    *, dossier_id: UUID, kind: str, title: str, paragraphs: Sequence[str], actor: Actor, at: datetime,
    enclosures: Sequence[str] = (),
) -> Decision:
    """Word the paper, or word it anew, while the dossier is in the case officer's hands.

    :raises access.Forbidden: no such right in the resolving office.
    :raises dossiers.NotAssigned: the dossier was assigned to another officer.
    :raises dossiers.StateConflict: it is not in the case officer's hands.
    :raises rules.EmptyDecision: no title or no text.
    """
    dossier = dossiers.lock(dossier_id, actor=actor, permission=GenericPermission.PREPARE, at=at)
    if dossier.assigned_to_id != actor.user_id:
        raise dossiers.NotAssigned(dossier=str(dossier.pk))
    if dossier.state not in (State.ASSIGNED, State.IN_PROCESS) or dossier.procedure.handler != rules.GENERIC:
        raise dossiers.StateConflict(state=dossiers.STATE_TITLES[State(dossier.state)], current=dossier.state,
                                     action="Soạn văn bản kết quả")
    texts = [text for text in (part.strip() for part in paragraphs) if text]
    if not title.strip() or not texts or sum(map(len, texts)) > rules.LONGEST_DECISION:
        raise rules.EmptyDecision()
    decision = _living(dossier) or Decision(dossier=dossier, unit=dossier.resolving_unit)
    if decision.state != DecisionState.DRAFT:
        raise rules.WrongDecisionState(state=decision.get_state_display())
    decision.kind, decision.title = DecisionKind(kind), " ".join(title.split())[:rules.LONGEST_TITLE]
    decision.paragraphs, decision.enclosures = texts, [line for line in enclosures if line.strip()]
    decision.unit, decision.drafted_at = dossier.resolving_unit, at
    decision.drafted_by = User.objects.get(pk=actor.user_id or "")
    decision.save()
    audit.record("one_stop.decision_drafted", subject=decision, actor=actor, at=at, unit_id=decision.unit_id,
                 dossier=dossier.reference, kind=decision.kind)
    return decision


@operation
def decide(*, dossier_id: UUID, actor: Actor, at: datetime) -> Decision:
    """The leader agrees with the paper: its number is taken, and it is asked to be signed and sealed.

    :raises access.Forbidden: no such right in the resolving office.
    :raises dossiers.StateConflict, dossiers.NotReviewed, dossiers.SignerIsPreparer: the guards of the approval.
    :raises rules.NoDraft: nobody has worded the paper.
    """
    today = localdate(at)
    dossier = dossiers.lock(dossier_id, actor=actor, permission=GenericPermission.SIGN, at=at)
    dossiers.advance(dossier, Action.APPROVE, actor=actor, at=at)
    decision = _living(dossier)
    if decision is None:
        raise rules.NoDraft()
    if decision.state != DecisionState.DRAFT:
        raise rules.WrongDecisionState(state=decision.get_state_display())
    number = numbering.reserve(
        rules.DECISION_SERIES, unit_id=dossier.resolving_unit_id, year=today.year, actor=actor, at=at, subject=decision
    )
    signer = User.objects.get(pk=actor.user_id or "")
    document = documents.request(
        template=rules.DECISION_TEMPLATE, data=decision_data(decision, dossier, number=number.display, on=today),
        subject=decision, unit_id=dossier.resolving_unit_id, signer_id=signer.pk, outcome=rules.DECISION_OUTCOME,
        actor=actor, at=at,
        register_line={
            "number": number.display, "book": "", "date": today.isoformat(),
            "kind": dossier.procedure.result_type if decision.is_granted else "Văn bản không chấp thuận yêu cầu",
        },
    )
    _move(decision, DecisionState.PENDING, unit=dossier.resolving_unit, reserved=number, signer=signer,
          decided_on=today, document=document)
    audit.record("one_stop.decision_approved", subject=decision, actor=actor, at=at, unit_id=decision.unit_id,
                 dossier=dossier.reference, number=number.display, kind=decision.kind)
    return decision


@operation
def enter_signed(
    *, document: documents.Document, signed: documents.SignedDocument, actor: Actor, at: datetime
) -> Decision:
    """The paper bears signature and seal: its number is confirmed, the dossier's result is ready. Called by the job.

    :raises rules.WrongDecisionState: it does not wait for a signature.
    """
    decision, dossier = _lock_for(document)
    if decision.state == DecisionState.SIGNED:
        return decision
    documents.attach(document, signed, actor=actor, at=at)
    assert decision.reserved is not None and decision.signer is not None  # whole, says the table
    numbering.confirm(decision.reserved, actor=actor, at=at)
    _move(decision, DecisionState.SIGNED, failure="")
    dossiers.advance(dossier, Action.SIGNED, actor=actor, at=at, result={
        "number": decision.number, "date": decision.decided_on, "signer": decision.signer.full_name,
        "kind": decision.kind, "documents": [{"id": document.pk, "title": decision.title}],
    })
    return decision


@operation
def signing_failed(*, document: documents.Document, reason: str, actor: Actor, at: datetime) -> Decision:
    """The signer gave up. The number stays reserved; the leader tries again or gives it up."""
    decision, _ = _lock_for(document)
    if decision.state != DecisionState.PENDING:
        return decision
    _move(decision, DecisionState.FAILED, failure=reason[:500], failures=decision.failures + 1)
    audit.record("one_stop.decision_signing_failed", subject=decision, actor=actor, at=at, unit_id=decision.unit_id,
                 number=decision.number, reason=reason[:200])
    notices.send(template="one_stop.signing_failed", to_user_id=decision.signer_id, actor=actor, at=at,
                 number=decision.number)
    return decision


@operation
def retry_signing(*, decision_id: UUID, actor: Actor, at: datetime) -> Decision:
    """Ask again for the signatures that failed, under the same number.

    :raises access.Forbidden: no such right in the issuing office.
    :raises rules.WrongDecisionState: nothing has failed.
    """
    decision, _ = _lock(decision_id)
    access.require(actor, GenericPermission.SIGN, unit_id=decision.unit_id, on=localdate(at))
    if decision.state != DecisionState.FAILED or decision.document is None:
        raise rules.WrongDecisionState(state=decision.get_state_display())
    _move(decision, DecisionState.PENDING)
    documents.retry(decision.document, actor=actor, at=at)
    audit.record("one_stop.decision_signing_retried", subject=decision, actor=actor, at=at, unit_id=decision.unit_id,
                 number=decision.number)
    return decision


@operation
def void_decision(*, decision_id: UUID, reason: str, actor: Actor, at: datetime) -> Decision:
    """Give up the number of a paper that could not be signed; the dossier goes back before the leader.

    :raises access.Forbidden: no such right in the issuing office.
    :raises rules.VoidReasonRequired: no reason.
    :raises rules.WrongDecisionState: nothing has failed.
    """
    why = " ".join(reason.split())[:300]
    if not why:
        raise rules.VoidReasonRequired()
    decision, dossier = _lock(decision_id)
    access.require(actor, GenericPermission.SIGN, unit_id=decision.unit_id, on=localdate(at))
    if decision.state != DecisionState.FAILED or decision.document is None or decision.reserved is None:
        raise rules.WrongDecisionState(state=decision.get_state_display())
    documents.void(decision.document, reason=why, actor=actor, at=at)
    numbering.void(decision.reserved, reason=why, actor=actor, at=at)
    _move(decision, DecisionState.VOID, void_reason=why)
    Decision.objects.create(
        dossier=dossier, unit=decision.unit, kind=decision.kind, title=decision.title, paragraphs=decision.paragraphs,
        enclosures=decision.enclosures, drafted_by=decision.drafted_by, drafted_at=decision.drafted_at,
    )
    dossiers.advance(dossier, Action.SIGNING_FAILED, actor=SYSTEM, at=at, note=why)
    audit.record("one_stop.decision_voided", subject=decision, actor=actor, at=at, unit_id=decision.unit_id,
                 number=decision.number, reason=why)
    return decision


# -- rows, locked and moved


def _living(dossier: Dossier) -> Decision | None:
    """The dossier's paper, locked; the dossier is locked already."""
    living = Decision.objects.select_for_update(of=("self",)).filter(dossier=dossier)
    return living.exclude(state=DecisionState.VOID).first()


def _lock(decision_id: UUID) -> tuple[Decision, Dossier]:
    """The paper and its dossier, locked after its document.

    :raises rules.UnknownDecision: there is none.
    """
    known = Decision.objects.filter(pk=decision_id).values("dossier_id", "document_id").first()
    if known is None:
        raise rules.UnknownDecision()
    if known["document_id"] is not None:
        documents.Document.objects.select_for_update().filter(pk=known["document_id"]).values_list("pk").first()
    dossier = dossiers.take(known["dossier_id"])
    return _fresh(decision_id), dossier


def _lock_for(document: documents.Document) -> tuple[Decision, Dossier]:
    """The paper of a document that the signing job holds locked, and its dossier."""
    known = Decision.objects.values("pk", "dossier_id").get(document_id=document.pk)
    dossier = dossiers.take(known["dossier_id"])
    return _fresh(known["pk"]), dossier


def _fresh(decision_id: UUID) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).select_related(
        "reserved__series", "document", "signer", "unit", "drafted_by"
    )
    return rows.get(pk=decision_id)


def _move(decision: Decision, to: DecisionState, **columns: object) -> None:
    """Move the paper along an edge of ``rules.DECISION_EDGES``.

    :raises rules.WrongDecisionState: there is no such edge.
    """
    if (DecisionState(decision.state), to) not in rules.DECISION_EDGES:
        raise rules.WrongDecisionState(state=decision.get_state_display())
    decision.state = to
    for column, value in columns.items():
        setattr(decision, column, value)
    decision.save(update_fields=["state", *columns])
