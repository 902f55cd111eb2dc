"""The only names of this module that others may import."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor

from .current import as_it_stands
from .events.standing import has_ended
from .models import Act, Annotation, BirthAct, Book, OldEntry, Party
from .old_books.declare import KINDS as ENTRY_KINDS
from .old_books.declare import EntryKind, Part, Place, understand, value_at
from .old_books.digitised import Digitised
from .old_books.queries import entry_of_act
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
from .operations import set_personal_number
from .put_right.operations import mend_transcription, note_number_heard
from .queries import act_of_dossier, get_act
from .rules import (
    ANNOTATION_TITLES,
    BOOK_TITLES,
    IN_BOOK,
    PARTY_TITLES,
    ActState,
    AnnotationKind,
    BookKind,
    Event,
    Origin,
    PartyRole,
    Permission,
    Series,
    Step,
    event,
)
from .written import show

ENTRY_TITLES = [(code, kind.title) for code, kind in ENTRY_KINDS.items()]

__all__ = [
    "ANNOTATION_TITLES", "BOOK_TITLES", "ENTRY_KINDS", "ENTRY_TITLES", "IN_BOOK", "NOTE_KINDS", "PARTY_TITLES",
    "STANDING_TITLES", "Act", "ActState", "Annotation", "AnnotationKind", "BadNote", "BirthAct", "Book", "BookKind",
    "Digitised", "EntryKind", "Event", "InBook", "Line", "OldEntry", "Origin", "Part", "Party", "PartyRole",
    "Permission", "Place", "PossibleDuplicate", "Series", "Step", "Written", "act_of_dossier", "as_it_stands",
    "enter_digitised", "entry_of_act", "event", "get_act", "has_ended", "mend_transcription", "note_number_heard",
    "read_note", "set_personal_number", "show", "understand", "value_at",
]


def enter_digitised(*, digitised: Digitised, actor: Actor, at: datetime) -> Act:
    """Enter a digitised entry in the register: see ``old_books.operations.enter_digitised``.

    :raises Refusal: the register cannot have it, or seems to have it already.
    """
    from .old_books import operations  # what only names are asked of need not load what writes

    return operations.enter_digitised(digitised=digitised, actor=actor, at=at)
