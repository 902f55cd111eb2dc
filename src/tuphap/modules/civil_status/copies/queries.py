"""Reads for the pages of dossiers that ask for copies."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import ValidationError

from tuphap.shared.dossiers.api import Dossier

from .. import rules
from ..models import Act, Paper
from .declaration import Asked, CopyDeclaration, read


def essentials(found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What a leader sees of each before deciding: of which act, how much."""
    return {dossier.pk: _told(dossier) for dossier in found}


def _told(dossier: Dossier) -> list[tuple[str, str]]:
    try:
        declared = read(dossier)
    except ValidationError:
        return []
    target, asked = declared.target, declared.request
    wanted = ("Xác nhận", asked.about) if isinstance(asked, Asked) else ("Số bản sao", str(asked.copies))
    return [
        (rules.ACT_TITLES[target.book], f"số {target.number}, {target.office.text}"), ("Của", target.name), wanted,
        ("Người yêu cầu", declared.requester.name),
    ]


def declared(dossier: Dossier) -> tuple[CopyDeclaration, Act | None] | None:
    """The request and the act that it is about; None while it is not whole."""
    try:
        asked = read(dossier)
    except ValidationError:
        return None
    return asked, asked.find_target()


def paper_of(dossier_id: UUID) -> Paper | None:
    """The paper that a dossier led to, the latest where one was made void."""
    made = Paper.objects.filter(dossier_id=dossier_id).select_related("document", "reserved", "act")
    return made.order_by("-pk").first()
