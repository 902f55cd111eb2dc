"""What is looked at beyond a birth's own checks."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Dossier, Finding

from .. import checks as register
from ..answers import declaration_of
from . import rules
from .answers import JoinedDeclaration, has_paper


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """The register's findings, and the consent that another's home needs; errors first."""
    found = register.checks(dossier=dossier, actor=actor, at=at)
    try:
        declared = declaration_of(dossier)
    except ValidationError:
        return found  # told already
    assert isinstance(declared, JoinedDeclaration)  # the joined handler's own model
    if declared.residence.host is rules.Host.OTHER and not has_paper(dossier, rules.CONSENT_PAPER):
        missing = rules.ConsentMissing()
        found.insert(0, Finding(missing.code, "error", missing.message))
    return found
