"""The only names of this module that others may import."""

from __future__ import annotations

from .models import Act, BirthAct, Book
from .queries import act_of_dossier
from .rules import ActState, BookKind, Event, Permission, Series

__all__ = ["Act", "ActState", "BirthAct", "Book", "BookKind", "Event", "Permission", "Series", "act_of_dossier"]
