"""The only names of this module that others may import."""

from __future__ import annotations

from .models import Book, Entry
from .queries import scan_of_act
from .rules import POPULATION_MATCHED, Event, Permission, State

__all__ = ["POPULATION_MATCHED", "Book", "Entry", "Event", "Permission", "State", "scan_of_act"]
