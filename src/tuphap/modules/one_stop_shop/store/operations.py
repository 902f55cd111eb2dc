"""Taking a result of before into a new dossier: the very file, with where it came from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.shared.accounts import api as accounts
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Attachment
from tuphap.shared.operation.api import operation

from ..rules import ResultNotForFiler
from . import queries, rules


@operation
def attach_result(
    *, dossier_id: UUID, component: str, document_id: UUID, actor: Actor, at: datetime
) -> Attachment:
    """Attach a paper of the citizen's store for one component: its file, its hash and its code are kept.

    :raises rules.UnknownResult: no such paper in their store.
    :raises rules.NoLongerValid: cancelled or replaced.
    :raises ResultNotForFiler: of somebody for whom they may file no more.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at)
    found = queries.get(document_id, actor, at)
    if not found.may_hold:
        raise ResultNotForFiler()
    if not found.in_force:
        raise rules.NoLongerValid(title=found.title, standing=found.standing.label.lower())
    document = found.document
    source = {
        "document": str(document.pk), "code": document.code, "title": found.title, "number": found.number,
        "sha256": document.sha256, "issued_by": document.unit.name, "dossier": found.dossier.reference,
        "taken_at": at.isoformat(),
    }
    return dossiers.attach_file(dossier, component=component, file=document.file, lookup=source, actor=actor, at=at)
