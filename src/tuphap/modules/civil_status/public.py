"""The only names of this module that others may import."""

from __future__ import annotations

from .models import Act, BirthAct, Book
from .old_books.declare import KINDS as ENTRY_KINDS
from .old_books.declare import EntryKind, Part, Place, understand, value_at
from .old_books.rules import STANDING_TITLES, InBook, Written
from .queries import act_of_dossier
from .rules import BOOK_TITLES, ActState, BookKind, Event, Permission, Series

ENTRY_TITLES = [(code, kind.title) for code, kind in ENTRY_KINDS.items()]

__all__ = [
    "BOOK_TITLES", "ENTRY_KINDS", "ENTRY_TITLES", "STANDING_TITLES", "Act", "ActState", "BirthAct", "Book", "BookKind",
    "EntryKind", "Event", "InBook", "Part", "Permission", "Place", "Series", "Written", "act_of_dossier", "understand",
    "value_at",
]
