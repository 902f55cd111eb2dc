"""The circumstances of one message: what an agency's rules may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from .memory import Memory


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message being acted upon. ``doubts``: this time something seems to need verification.

    ``put_out``: queue a call of the agency's own (keywords ``kind``, ``subject``, ``body``), in the same transaction.
    """

    memory: Memory
    agency: str
    message_id: str
    chance: Random
    doubts: bool
    refuses: bool
    put_out: Callable[..., Any]
