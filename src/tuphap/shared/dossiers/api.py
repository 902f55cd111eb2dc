"""What the rest of the platform may know of dossiers. See the README for the life of one."""

from __future__ import annotations

from . import law
from .applicants import Applicant
from .catalogue import matching, parameter, procedure_in_force, procedures, seed_procedures
from .deadlines import counted_now
from .declared import (
    APPLICANT_PAGES,
    FIELD_TITLES,
    ORGANISATION_PAGE,
    PERSON_PAGE,
    BadForm,
    FieldKind,
    FieldSpec,
    PageSpec,
    read_form,
    written_form,
)
from .engine import (
    ActionOffer,
    advance,
    applicant_of,
    attach_file,
    available_actions,
    detach_file,
    follow_law,
    lock,
    lock_for_editing,
    open_draft,
    read_answers,
    require_living,
    save_page,
    take,
)
from .guards import check_answers, missing_components, open_duplicates
from .handlers import Desk, Finding, FormPage, Levels, OnAdvance, ProcedureHandler, Stage, desk, handlers
from .lateness import CAUSE_TITLES, Cause, Move, principal, quotas_of, spent
from .models import Attachment, Custody, Dossier, Event, Pause, Procedure, ProcedureParameter, Rating
from .queries import by_code_and_phone, essentials, get_visible, visible
from .ratings import may_rate_until, rate, rating_of
from .rules import (
    ACTION_TITLES,
    EDGES,
    IN_HAND,
    LEVEL_TITLES,
    OPEN,
    OVERLAY_TITLES,
    REFUSAL_REASONS,
    STAR_TITLES,
    STATE_TITLES,
    TERMINAL,
    Action,
    Edge,
    LawChanged,
    Level,
    NotAssigned,
    NotHandledOnline,
    Overlay,
    ProcedureNotInForce,
    State,
    StateConflict,
    UnknownDossier,
    UnresolvedErrors,
    VersionConflict,
    check_code,
)
from .sheet import StepRecord, StepVerdict, control_sheet

__all__ = [
    "ACTION_TITLES", "APPLICANT_PAGES", "CAUSE_TITLES", "EDGES", "FIELD_TITLES", "IN_HAND", "LEVEL_TITLES", "OPEN",
    "ORGANISATION_PAGE", "OVERLAY_TITLES", "PERSON_PAGE", "REFUSAL_REASONS", "STAR_TITLES", "STATE_TITLES", "TERMINAL",
    "Action", "ActionOffer", "Applicant", "Attachment", "BadForm", "Cause", "Custody", "Desk", "Dossier", "Edge",
    "Event", "FieldKind", "FieldSpec", "Finding", "FormPage", "LawChanged", "Level", "Levels", "Move", "NotAssigned",
    "NotHandledOnline", "OnAdvance", "Overlay", "PageSpec", "Pause", "Procedure", "ProcedureHandler",
    "ProcedureNotInForce", "ProcedureParameter", "Rating", "Stage", "State", "StateConflict", "StepRecord",
    "StepVerdict", "UnknownDossier", "UnresolvedErrors", "VersionConflict", "advance", "applicant_of", "attach_file",
    "available_actions", "by_code_and_phone", "check_answers", "check_code", "control_sheet", "counted_now", "desk",
    "detach_file", "essentials", "follow_law", "get_visible", "handlers", "law", "lock", "lock_for_editing", "matching",
    "may_rate_until", "missing_components", "open_draft", "open_duplicates", "parameter", "principal",
    "procedure_in_force", "procedures", "quotas_of", "rate", "rating_of", "read_answers", "read_form",
    "require_living", "save_page", "seed_procedures", "spent", "take", "visible", "written_form",
]
