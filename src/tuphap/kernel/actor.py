"""Who acts. Every operation is told; nothing is done by nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class ActorKind(StrEnum):
    """Staff of an office, a citizen, the platform itself, another agency's system, or a passer-by."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"
    AGENCY = "agency"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system at the moment of acting.

    ``user_id`` is None only for SYSTEM and PUBLIC. ``name`` is printed in logs and on papers. ``purpose`` and
    ``dossier`` say why a sensitive record is read. ``scopes`` narrows what a machine's token may use of its owner's
    grants (None: no narrowing). ``memo`` belongs to the access policy (grants read once a request).
    """

    kind: ActorKind
    name: str
    user_id: UUID | None = None
    ip: str = ""
    session_id: str = ""
    request_id: str = ""
    purpose: str = ""
    scopes: frozenset[str] | None = None
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def system_actor(name: str) -> Actor:
    """The platform acting by itself, named after its job (``"signing"``, ``"timers"``, ``"sample"``)."""
    return Actor(kind=ActorKind.SYSTEM, name=name)


PUBLIC = Actor(kind=ActorKind.PUBLIC, name="Khách")
