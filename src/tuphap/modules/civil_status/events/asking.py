"""How a field of a declaration is asked for: said beside its type, read by ``pages.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field of a block is asked for on its page.

    :param titles: of an enumeration's members; their order is that of the page. A mapping of mappings is a list in
        parts.
    :param kind: ``name``, ``number`` (personal number), ``phone``, ``email``, ``text`` (several lines); empty: by type.
    :param optional: the page lets it empty; whether it may stay so in the end, the block says.
    """

    label: str
    help: str = ""
    titles: Mapping[Any, Any] = field(default_factory=dict)
    kind: str = ""
    optional: bool = False
    most: int = 200
