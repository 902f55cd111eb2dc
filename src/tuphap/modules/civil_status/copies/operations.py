"""The decision to give copies or a confirmation; the signing and what comes of it are those of every paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import operation

from .. import operations as register
from .. import rules
from ..models import Paper
from . import papers
from .declaration import CONFIRMATION, findings, read


@operation
def approve_copy(*, dossier_id: UUID, actor: Actor, at: datetime) -> Paper:
    """Decide to give what was asked: take a number of extracts, ask for the paper to be signed by who decides.

    The paper says how the act stands at this moment, with its notes. The dossier waits in AWAITING_SIGNATURE.

    :raises access.Forbidden: the actor holds no such grant in the resolving office on this day.
    :raises dossiers.StateConflict: the dossier is not before the leader, or was decided already.
    :raises dossiers.SignerIsPreparer: the actor prepared the dossier.
    :raises dossiers.UnresolvedErrors: the act is not there, or does not stand.
    """
    today = localdate(at)
    dossier = dossiers.lock(dossier_id, actor=actor, permission=rules.Permission.SIGN, at=at)
    dossiers.advance(dossier, dossiers.Action.APPROVE, actor=actor, at=at)
    declared = read(dossier)
    errors = [f for f in findings(declared) if f.severity == "error"]
    target = declared.find_target()
    if errors or target is None:
        raise dossiers.UnresolvedErrors(names="; ".join(f.message for f in errors))
    unit = dossier.resolving_unit
    number = numbering.reserve(rules.Series.EXTRACT, unit_id=unit.pk, year=today.year, actor=actor, at=at,
                               subject=target)
    confirms = dossier.procedure.handler == CONFIRMATION
    paper = register.ask_for(
        target, rules.PaperKind.CONFIRMATION if confirms else rules.PaperKind.EXTRACT,
        papers.template_of(target, confirms=confirms),
        papers.data_of(declared, target, number=number.display, unit=unit, on=today), actor=actor, at=at,
        reserved=number, copies=1 if confirms else declared.request.copies, dossier=dossier, unit_id=unit.pk,
    )
    audit.record(
        rules.Event.COPY_APPROVED, subject=target, actor=actor, at=at, unit_id=unit.pk, number=number.display,
        paper=paper.kind, dossier=dossier.reference,
    )
    return paper
