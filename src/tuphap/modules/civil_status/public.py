"""The only names of this module that others may import."""

from __future__ import annotations

from .current import as_it_stands
from .events.standing import has_ended
from .models import Act, Annotation, BirthAct, Book, OldEntry, Party
from .old_books.queries import entry_of_act
from .operations import set_personal_number
from .put_right.operations import mend_transcription, note_number_heard
from .queries import act_of_dossier, get_act
from .rules import (
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

__all__ = [
    "IN_BOOK",
    "PARTY_TITLES",
    "Act",
    "ActState",
    "Annotation",
    "AnnotationKind",
    "BirthAct",
    "Book",
    "BookKind",
    "Event",
    "OldEntry",
    "Origin",
    "Party",
    "PartyRole",
    "Permission",
    "Series",
    "Step",
    "act_of_dossier",
    "as_it_stands",
    "entry_of_act",
    "event",
    "get_act",
    "has_ended",
    "mend_transcription",
    "note_number_heard",
    "set_personal_number",
]
