"""The only names of this module that others may import."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor

from .models import Act, BirthAct, Book
from .old_books.declare import KINDS as ENTRY_KINDS
from .old_books.declare import EntryKind, Part, Place, understand, value_at
from .old_books.digitised import Digitised
from .old_books.rules import (
    NOTE_KINDS,
    STANDING_TITLES,
    BadNote,
    InBook,
    Line,
    PossibleDuplicate,
    Written,
    read_note,
)
from .queries import act_of_dossier
from .rules import ANNOTATION_TITLES, BOOK_TITLES, ActState, AnnotationKind, BookKind, Event, Permission, Series
from .written import show

ENTRY_TITLES = [(code, kind.title) for code, kind in ENTRY_KINDS.items()]

__all__ = [
    "ANNOTATION_TITLES", "BOOK_TITLES", "ENTRY_KINDS", "ENTRY_TITLES", "NOTE_KINDS", "STANDING_TITLES", "Act",
    "ActState", "AnnotationKind", "BadNote", "BirthAct", "Book", "BookKind", "Digitised", "EntryKind", "Event",
    "InBook", "Line", "Part", "Permission", "Place", "PossibleDuplicate", "Series", "Written", "act_of_dossier",
    "enter_digitised", "read_note", "show", "understand", "value_at",
]


def enter_digitised(*, digitised: Digitised, actor: Actor, at: datetime) -> Act:
    """Enter a digitised entry in the register: see ``old_books.operations.enter_digitised``.

    :raises Refusal: the register cannot have it, or seems to have it already.
    """
    from .old_books import operations  # what only names are asked of need not load what writes

    return operations.enter_digitised(digitised=digitised, actor=actor, at=at)
