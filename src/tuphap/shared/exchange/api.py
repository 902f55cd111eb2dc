"""Messages to and from other agencies: declared by modules, sent in their operations, asked from their screens.

The only names others may import.
"""

from __future__ import annotations

from . import contracts
from .declarations import (
    MANAGE,
    ExchangeService,
    InboundKind,
    LookupKind,
    OutboundKind,
    inbound_kinds,
    lookup_kinds,
    outbound_kinds,
    services,
)
from .lookups import Answered, Borrowed, SourceDown, SourceRefused, ask
from .models import Inbound, Outbound
from .outbox import drop, lock, send
from .owners import department_id, owners
from .rules import RECEIVED_TITLES, SENT_TITLES, DossierRequired, Received, Sent, UnknownKind

__all__ = [
    "MANAGE",
    "RECEIVED_TITLES",
    "SENT_TITLES",
    "Answered",
    "Borrowed",
    "DossierRequired",
    "ExchangeService",
    "Inbound",
    "InboundKind",
    "LookupKind",
    "Outbound",
    "OutboundKind",
    "Received",
    "Sent",
    "SourceDown",
    "SourceRefused",
    "UnknownKind",
    "ask",
    "contracts",
    "department_id",
    "drop",
    "inbound_kinds",
    "lock",
    "lookup_kinds",
    "outbound_kinds",
    "owners",
    "send",
    "services",
]
