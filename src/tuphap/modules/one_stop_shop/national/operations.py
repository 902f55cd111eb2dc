"""What was submitted at the national portal becomes a dossier here, whole or not at all."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.accounts.models import User
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier
from tuphap.shared.exchange.api import contracts
from tuphap.shared.files import api as files
from tuphap.shared.operation.api import constraint_means, operation
from tuphap.shared.orgs.models import OrgUnit

from ..rules import RESOLVED_BY, UnknownUnit, WrongOffice
from . import rules

if TYPE_CHECKING:
    from tuphap.shared.exchange.api import Inbound

constraint_means("dossiers_dossier_external_code", rules.CodeUsed)


@operation
def take_in(
    *, body: contracts.OnlineSubmission, message: Inbound, actor: Actor, at: datetime
) -> contracts.SubmissionAnswer:
    """Let a submission lie at the desk as one that was sent online; told twice, it is there once.

    :raises rules.CodeUsed: the portal's code stands for another dossier.
    :raises rules.AnotherApplicant: the declaration names another than who submitted.
    :raises rules.PaperDamaged, files.FileType, files.FileInfected: a paper is not taken in; nothing is.
    :raises Refusal: whatever a filing at our own portal is refused for.
    """
    known = Dossier.objects.select_related("procedure", "resolving_unit").filter(external_code=body.external_code)
    before = known.first()
    if before is not None:
        if before.procedure.code != body.procedure_code or not _is_of(before, body.applicant_number):
            raise rules.CodeUsed()
        return _answer(before)
    portal = Actor(kind=ActorKind.SYSTEM, name=actor.name)
    dossier = _draft(body, portal, at)
    for page, answers in body.answers.items():
        dossiers.save_page(dossier, page=page, answers=dict(answers), actor=portal, at=at)
    if body.representation is not None:
        dossiers.represent(dossier, told=dict(body.representation), actor=portal, at=at)
    for paper in body.papers:
        stored = files.store(_bytes(paper), name=paper.name, media_type=paper.media_type, actor=portal, at=at)
        dossiers.attach_file(dossier, component=paper.component, file=stored, actor=portal, at=at)
    dossiers.direct_result(dossier, way=body.result_way, post_to=body.post_to)
    applicant = dossiers.applicant_of(dossier)
    if applicant.personal_number and applicant.personal_number != body.applicant_number:
        raise rules.AnotherApplicant()
    dossiers.advance(dossier, Action.SUBMIT, actor=portal, at=at, external_code=body.external_code,
                     applicant_number=body.applicant_number, submitted_there=body.submitted_at)
    return _answer(dossier)


def _is_of(dossier: Dossier, number: str) -> bool:
    """Whether this person submitted it there; the number is kept with the step by which it came."""
    came = dossier.events.filter(action=Action.SUBMIT).order_by("seq").first()
    return came is not None and came.facts.get("applicant_number") == number


def _draft(body: contracts.OnlineSubmission, portal: Actor, at: datetime) -> Dossier:
    on = localdate(at)
    procedure = dossiers.procedure_in_force(body.procedure_code, on=on)
    office = OrgUnit.objects.select_related("successor").filter(
        code=body.office_code, valid_from__lte=on
    ).order_by("-valid_from").first()
    if office is None:
        raise UnknownUnit(field="office_code")
    if office.kind != RESOLVED_BY.get(procedure.authority_level):
        raise WrongOffice(unit=office.name, field="office_code")
    account = User.objects.filter(
        kind=User.Kind.CITIZEN, personal_number=body.applicant_number, is_active=True
    ).order_by("created_at").first()
    dossier = dossiers.open_draft(
        procedure=procedure, channel=Dossier.Channel.ONLINE, receiving_unit=office, resolving_unit=office,
        applicant_user=account, actor=portal, at=at,
    )
    dossier.external_code = body.external_code
    told: dict[str, Any] = {"name": body.applicant_name, "personal_number": body.applicant_number,
                            "phone": body.phone, "email": body.email}
    dossier.applicant = dossiers.Applicant.model_validate(told).model_dump(mode="json")
    dossier.save(update_fields=["external_code", "applicant"])
    return dossier


def _bytes(paper: contracts.SubmittedPaper) -> bytes:
    try:
        content = base64.b64decode(paper.content, validate=True)
    except binascii.Error:
        raise rules.PaperDamaged(name=paper.name) from None
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise rules.PaperDamaged(name=paper.name)
    return content


def _answer(dossier: Dossier) -> contracts.SubmissionAnswer:
    return contracts.SubmissionAnswer(
        outcome="submitted", external_code=dossier.external_code, submission_code=dossier.submission_code or "",
        office_code=dossier.resolving_unit.code,
    )


def office_of(body: contracts.OnlineSubmission) -> int | None:
    """The office that a submission concerns, for who must look where it cannot be taken in."""
    found = OrgUnit.objects.filter(code=body.office_code).order_by("-valid_from").first()
    return found.pk if found is not None else None
