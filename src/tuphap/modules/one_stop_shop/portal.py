"""The national portal tells of what was submitted there, and is told of every step of a dossier, in their order."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import STATE_TITLES, Action, Dossier, Event, State
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import InboundKind, OutboundKind, contracts

KIND = OutboundKind(
    "portal.sync-dossier", "portal", "Đồng bộ trạng thái hồ sơ", contracts.DossierStep, contracts.Recorded,
    "Đồng bộ trạng thái hồ sơ lên Cổng Dịch vụ công quốc gia",
)
SUBMISSION = InboundKind(
    "portal.online-submission", "portal", "Hồ sơ nộp tại Cổng Dịch vụ công quốc gia", contracts.OnlineSubmission,
    "tuphap.modules.one_stop_shop.national.operations.take_in",
    unit="tuphap.modules.one_stop_shop.national.operations.office_of",
)
# Every step that whoever follows a dossier there can see; our own re-counting of a due date is told with the next one.
TOLD = tuple(action for action in Action if action is not Action.RECOMPUTE)


def tell(*, dossier: Dossier, event: Event, actor: Actor, at: datetime) -> None:
    """Queue this step; a draft that was given up has no code and is nobody's business."""
    if not dossier.reference:
        return
    exchange.send(
        kind=KIND.code, subject=f"dossier:{dossier.pk}", unit_id=dossier.resolving_unit_id,
        dossier_code=dossier.reference, actor=actor, at=at,
        body=contracts.DossierStep(
            dossier_code=dossier.reference, external_code=dossier.external_code, procedure_code=dossier.procedure.code,
            event=event.seq, state=dossier.state, state_title=STATE_TITLES[State(dossier.state)],
            office_code=dossier.resolving_unit.code, at=at, due_at=dossier.due_at,
        ),
    )
