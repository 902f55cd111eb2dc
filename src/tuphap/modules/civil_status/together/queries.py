"""Reads for the pages of such dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import ValidationError

from tuphap.kernel.clock import now
from tuphap.shared.dossiers.api import Dossier

from .. import queries as register
from ..answers import declaration_of
from ..events.drafts import draft
from ..events.kinds import Section
from ..events.recognition import EVIDENCE_TITLES, RECOGNITION
from ..models import Act
from .declaration import RecognisedBirthDeclaration


def essentials(found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What a leader sees of each before deciding: the child and its parents, who recognises it and by what."""
    told = register.essentials(found)
    return {dossier.pk: [*told[dossier.pk], *_recognition(dossier)] for dossier in found}


def _recognition(dossier: Dossier) -> list[tuple[str, str]]:
    declared = read(dossier)
    if declared is None:
        return []
    kind, proof = "Cha" if declared.father.recognition else "Mẹ", declared.proof
    return [("Việc nhận con", f"{kind} nhận con · {EVIDENCE_TITLES[proof.evidence]}: {proof.evidence_number}")]


def read(dossier: Dossier) -> RecognisedBirthDeclaration | None:
    """The declaration; None while it is not whole."""
    try:
        declared = declaration_of(dossier)
    except ValidationError:
        return None
    assert isinstance(declared, RecognisedBirthDeclaration)  # this handler's own model
    return declared


def drafted(declared: RecognisedBirthDeclaration, dossier: Dossier) -> Act:
    """The recognition as it would be written today; it is never saved."""
    return draft(RECOGNITION, declared.recognition(), dossier, at=now())


def sections(dossier: Dossier) -> tuple[Section, ...]:
    """The recognition as the register will tell it; empty while the declaration is not whole."""
    declared = read(dossier)
    return RECOGNITION.sections(drafted(declared, dossier)) if declared is not None else ()
