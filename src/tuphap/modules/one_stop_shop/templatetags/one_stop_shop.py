"""What the desk's templates need beside the common components."""

from __future__ import annotations

from typing import Any

from django import template

from tuphap.kernel.clock import now
from tuphap.modules.one_stop_shop import answers
from tuphap.modules.one_stop_shop.generic import queries
from tuphap.shared.dossiers.models import Dossier, Procedure

register = template.Library()


@register.filter
def papers_short(procedure: Procedure) -> str:
    """How many papers one brings, in a few words."""
    return answers.papers_short(procedure.components)


@register.filter
def fee_short(procedure: Procedure) -> str:
    """What it costs, in a few words."""
    return answers.fee_short(procedure.fee_rules)


@register.simple_tag(takes_context=True)
def decision_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """The paper of a generic dossier, and whether the viewer may word it now."""
    actor = context["request"].actor
    return {"paper": queries.paper_of(dossier), "may_draft": queries.may_draft(dossier, actor, now())}
