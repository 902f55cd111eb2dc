"""An entry as mass digitisation hands it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from . import rules

if TYPE_CHECKING:
    from tuphap.shared.orgs.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Digitised:
    """An entry that was keyed, proofed and approved elsewhere, with all that an :class:`OldEntry` has.

    ``day_reason``: why the day of registration may lie beyond the book's time. ``key``: what the log calls it.
    """

    what: str
    unit: OrgUnit
    line: rules.Line
    content: Mapping[str, Mapping[str, rules.Written]]
    notes: Sequence[rules.Note]
    key: str
    keyer_id: UUID | None = None
    keyer_name: str = ""
    day_reason: str = ""
    duplicate_reason: str = ""
