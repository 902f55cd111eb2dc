"""What follows a step of a dossier in the same transaction: nobody is asked to pay for what has ended."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Action, Dossier
from tuphap.shared.dossiers.api import Event as Step

from . import ledger

ENDS = (Action.REFUSE, Action.STOP, Action.WITHDRAW)


def close_orders(*, dossier: Dossier, event: Step, actor: Actor, at: datetime) -> None:
    """Money that comes all the same fits no order any more, and waits for finance."""
    ledger.close_orders(dossier, actor=actor, at=at)
