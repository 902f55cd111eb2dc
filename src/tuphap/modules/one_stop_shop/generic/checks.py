"""What stands in the way of putting a generic dossier before the leader."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Dossier, Finding

from .. import rules
from ..models import Decision
from ..rules import DecisionState


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """The paper must be worded before anybody is asked to sign it."""
    if Decision.objects.filter(dossier=dossier).exclude(state=DecisionState.VOID).exists():
        return []
    return [Finding(rules.NoDraft.code, "error", rules.NoDraft.message_vi)]
