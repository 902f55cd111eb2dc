"""What the pages of the generic path read: the paper of a dossier that one may see, and the papers that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.api import Dossier, State

from .. import rules
from ..models import Decision
from ..rules import DecisionKind, DecisionState, GenericPermission
from .papers import decision_data

_WITH = ("reserved__series", "document", "signer", "unit", "drafted_by", "dossier__procedure")


def paper_of(dossier: Dossier) -> Decision | None:
    """The paper of a dossier that stands, if it was worded; the dossier comes from ``get_visible``."""
    return Decision.objects.filter(dossier=dossier).exclude(state=DecisionState.VOID).select_related(*_WITH).first()


def essentials(found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What the leader is asked to sign: the paper's answer and its title, beside who asks for what."""
    papers = Decision.objects.filter(dossier__in=found).exclude(state=DecisionState.VOID)
    return {
        paper.dossier_id: [("Kết quả đề xuất", paper.get_kind_display()), ("Văn bản", paper.title)] for paper in papers
    }


def may_draft(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """Whether the actor may word this dossier's paper now."""
    return (
        dossier.state in (State.ASSIGNED, State.IN_PROCESS) and dossier.assigned_to_id == actor.user_id
        and access.may(actor, GenericPermission.PREPARE, unit_id=dossier.resolving_unit_id, on=localdate(at))
    )


def preview(dossier: Dossier, *, at: datetime) -> bytes:
    """The paper as it would look, without number and value.

    :raises rules.NoDraft: nobody has worded it.
    """
    decision = paper_of(dossier)
    if decision is None:
        raise rules.NoDraft()
    on = decision.decided_on or localdate(at)
    data = decision_data(decision, dossier, number=decision.number or f"……/{on.year}", on=on)
    return documents.render(rules.DECISION_TEMPLATE, data, on=on)


def suggestion(dossier: Dossier) -> dict[str, str]:
    """A first wording to go on from: the result that the procedure names, for this applicant, on this basis."""
    procedure = dossier.procedure
    return {
        "kind": DecisionKind.GRANTED, "title": procedure.result_type,
        "paragraphs": "\n\n".join([
            f"Căn cứ {procedure.legal_basis};",
            f"Xét hồ sơ mã số {dossier.reference} của {dossier.applicant_name} về việc {_lower(procedure.name)};",
            f"{dossier.resolving_unit.name} chấp thuận đề nghị của {dossier.applicant_name}: "
            f"{_lower(procedure.result_type)}.",
        ]),
    }


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def failed_signings(actor: Actor, at: datetime) -> QuerySet[Decision]:
    """The papers whose signing failed, in the offices where the actor signs, oldest first."""
    units = access.units_where(actor, GenericPermission.SIGN, on=localdate(at))
    failed = Decision.objects.filter(state=DecisionState.FAILED, unit__in=units)
    return failed.select_related(*_WITH).order_by("decided_on", "pk")


def count_failed_signings(*, actor: Actor, at: datetime) -> int:
    """How many papers wait to be signed again: the number beside the menu's line."""
    return failed_signings(actor, at).count()
