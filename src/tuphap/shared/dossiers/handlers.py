"""What a module declares so that its procedures run on this engine: form, permissions, checks, decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django import forms
from django.db import connection
from django.utils.module_loading import import_string
from pydantic import BaseModel

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.documents.models import Document
from tuphap.shared.plug import Registry

from .representation import points
from .rules import Action

if TYPE_CHECKING:
    from .models import Dossier, Event, Procedure

# PostgreSQL NOTIFY channel: {"unit": office, "user": applicant's account or null, "dossier": key}, sent on commit.
NOTIFY_CHANNEL = "tuphap_dossiers"


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of a declaration. ``code`` is the key of its block in the answers; ``form`` a Django form class."""

    code: str
    title: str
    form: type[forms.Form]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. An error stops the proposal; a warning must be answered for with a reason."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a dossier that another agency has, as anybody with its code may know it: nothing personal."""

    title: str
    state: str
    tone: str = "grey"
    due_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """Permission codes of the handlers of a procedure; ``review`` empty: no division head ever stands between."""

    receive: str
    prepare: str
    review: str
    sign: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Permission codes of the one-stop desk, told to the engine by the module that keeps the desk."""

    receive: str
    assign: str
    hand_out: str
    view: str

    def install(self) -> None:
        desks.add("desk", self)


@dataclass(frozen=True, slots=True)
class ProcedureHandler:
    """How one kind of dossier is filled in, checked and decided.

    :param code: what a procedure's row names in ``handler`` (``"civil_status.birth"``).
    :param answers: dotted path of ``fn(procedure)`` that gives the pydantic model of the whole declaration: one field
        for each page, named by the page's code. If it has a method ``applicant() -> Applicant``, that is who applies;
        if it has a method ``check_against_day(*, today)``, that refuses what cannot be declared on the day on which it
        is sent in.
    :param pages: dotted path of ``fn(procedure) -> tuple[FormPage, ...]``. Both are given the version of the procedure,
        so that a form which is itself data comes the same way as one that is written in code.
    :param permissions: by which permissions its levels act. Whether a division head stands between, the procedure's
        internal steps say (see ``Procedure.levels``).
    :param checks: dotted path of ``fn(dossier, actor, at) -> list[Finding]``; reads only.
    :param decide: dotted path of an operation ``fn(*, dossier_id, actor, at)`` that decides, called by the leader's
        approval in its transaction; it must advance the dossier by ``Action.APPROVE``.
    :param panels: names of templates that show more about the dossier; each gets ``dossier`` and ``answers``.
    :param own_panels: the same on the applicant's own page.
    :param essentials: dotted path of ``fn(dossiers) -> dict[UUID, list[tuple[str, str]]]``: label and value of what a
        leader must see of each before deciding, for many at once.
    :param stages: dotted path of ``fn(dossier) -> list[Stage]``: the parts of other agencies, told to whoever
        follows the dossier by its code.
    """

    code: str
    title: str
    answers: str
    pages: str
    permissions: Levels
    checks: str
    decide: str
    panels: tuple[str, ...] = ()
    own_panels: tuple[str, ...] = ()
    stages: str = ""
    essentials: str = ""
    form_version: str = "1"

    def install(self) -> None:
        handlers.add(self.code, self)

    def answers_model(self, procedure: Procedure) -> type[BaseModel]:
        model: type[BaseModel] = load(self.answers)(procedure)
        return model

    def form_pages(self, procedure: Procedure) -> tuple[FormPage, ...]:
        pages: tuple[FormPage, ...] = load(self.pages)(procedure)
        return pages

    def find(self, dossier: Dossier, *, actor: Actor, at: datetime) -> list[Finding]:
        """What the procedure's own checks say, after what is to be said of filing for another."""
        check: Callable[..., list[Finding]] = load(self.checks)
        return [*_of_representation(dossier, at), *_of_results(dossier), *check(dossier=dossier, actor=actor, at=at)]

    def public_stages(self, dossier: Dossier) -> list[Stage]:
        """The parts of other agencies; none where the procedure has none."""
        stages: list[Stage] = load(self.stages)(dossier) if self.stages else []
        return stages

    def essentials_of(self, found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
        """What a leader must see of each of these dossiers of this kind; nothing where the procedure tells nothing."""
        told: dict[UUID, list[tuple[str, str]]] = load(self.essentials)(found) if self.essentials else {}
        return told

    def decide_now(self, *, dossier_id: UUID, actor: Actor, at: datetime) -> Any:
        """Run the procedure's decision, in the caller's transaction."""
        return load(self.decide)(dossier_id=dossier_id, actor=actor, at=at)


def _of_representation(dossier: Dossier, at: datetime) -> list[Finding]:
    told = dossier.represents
    found = points(told, today=localdate(at)) if told is not None else ()
    return [Finding(point.code, point.severity, point.message, point.evidence) for point in found]


def _of_results(dossier: Dossier) -> list[Finding]:
    """Papers from the applicant's store that have been cancelled or replaced since."""
    taken = dossier.attachments.filter(source="store", removed_at__isnull=True).values_list("lookup", flat=True)
    ended = Document.objects.filter(pk__in=[source["document"] for source in taken if source]).exclude(
        register_state=Document.Standing.IN_FORCE
    )
    return [
        Finding(
            "dossiers.result_ended", "error",
            f"{document.title} lấy từ kho kết quả: {document.get_register_state_display().lower()}.",
            f"Mã xác minh {document.code}.",
        )
        for document in ended.order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class OnAdvance:
    """After each of ``actions``, in the same transaction, call ``call``: ``fn(*, dossier, event, actor, at)``."""

    actions: tuple[Action, ...]
    call: str

    def install(self) -> None:
        for action in self.actions:
            _listeners.setdefault(action, [])
            if self.call not in _listeners[action]:
                _listeners[action].append(self.call)


handlers: Registry[ProcedureHandler] = Registry("procedure handler")
desks: Registry[Desk] = Registry("one-stop desk")
_listeners: dict[Action, list[str]] = {}


def desk() -> Desk:
    """The desk's permissions.

    :raises RuntimeError: no module has declared a desk.
    """
    found = desks.get("desk")
    if found is None:
        raise RuntimeError("no module has declared the one-stop desk")
    return found


def tell(dossier: Dossier, event: Event, *, actor: Actor, at: datetime) -> None:
    """Call those who asked to hear of this action."""
    for path in _listeners.get(Action(event.action), ()):
        load(path)(dossier=dossier, event=event, actor=actor, at=at)
    _announce(dossier)


def _announce(dossier: Dossier) -> None:
    """Let open pages know, once this commits, that the dossier has moved; who it is about stays in the database."""
    facts = {"unit": dossier.resolving_unit_id, "user": dossier.applicant_user_id, "dossier": dossier.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFY_CHANNEL, json.dumps(facts, default=str)])


@cache
def load(path: str) -> Any:
    """The object at a dotted path, imported once."""
    return import_string(path)
