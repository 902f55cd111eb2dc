"""The doors by which the engine of dossiers reaches an event's declaration, pages and checks."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.dossiers.api import Dossier, Finding, FormPage, Procedure

from ..checks import incomplete
from .blocks import Declaration
from .kinds import kind_of, kinds


def declaration(procedure: Procedure) -> type[Declaration]:
    return kinds[procedure.handler].declaration


def pages(procedure: Procedure) -> tuple[FormPage, ...]:
    return kinds[procedure.handler].pages


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """Everything the register has to say about this declaration on this day; errors first."""
    kind = kind_of(dossier)
    try:
        declared = kind.declaration.model_validate(dossier.answers)
    except ValidationError as faults:
        return incomplete(faults)
    return kind.findings(declared, dossier=dossier, on=localdate(at))
