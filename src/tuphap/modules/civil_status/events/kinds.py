"""What an event is made of, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Dossier, Finding, FormPage
from tuphap.shared.plug import Registry

from .. import written
from ..checks import errors_first
from ..models import Act
from ..rules import BookKind, Series, Template
from .blocks import Declaration

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an act as pages and papers show it: a title and lines of label and value."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration before the register: what every check reads."""

    declared: Any  # the kind's own declaration: a check knows which
    dossier: Dossier
    on: date
    target: Act | None = None  # the registered act that it is about, as it stands


Check = Callable[[Case], Iterator[Finding]]
Effect = Callable[..., None]  # (act, *, actor, at): what a registration does to other acts, in its transaction
Undoing = Callable[..., None]  # (act, *, actor, at, because): what a cancelling does to them, beyond its notes


@dataclass(frozen=True, slots=True)
class EventKind:
    """One event of civil status.

    :param code: of the handler that a procedure's row names.
    :param declaration: what is declared: one block a page.
    :param checks: read the register; an error stops the dossier, a warning is answered for.
    :param sections: the act as pages, extracts and the officer's panel tell it, as it stands today.
    :param facts_of_paper: what the original's template shows beyond the sections.
    :param effects: called when the act is entered in its book.
    :param records: the code of the event that its acts record, where it is that event with more pages (``joined/``).
    :param undoings: called when it is cancelled, with the reason in words; what it had noted is taken back already.
    :param headline: who or what the act is about, in a line of the book.
    """

    code: str
    title: str
    book: BookKind
    series: Series
    declaration: type[Declaration]
    pages: tuple[FormPage, ...]
    checks: tuple[Check, ...]
    sections: Callable[[Act], tuple[Section, ...]]
    headline: Callable[[Act], str]
    template: Template
    originals: int = 1
    facts_of_paper: Callable[[Act], dict[str, Any]] = lambda act: {}
    extract_title: str = ""
    extract_mark: str = ""  # TLKT-BS: behind the number of an extract
    effects: tuple[Effect, ...] = ()
    undoings: tuple[Undoing, ...] = ()
    records: str = ""

    @property
    def event(self) -> str:
        """What its acts are known as, whichever declaration they came by."""
        return self.records or self.code

    def install(self) -> None:
        kinds.add(self.code, self)
        by_book.setdefault(self.book, self)  # the first of a book's events is what an act without a code records

    def findings(
        self, declared: Declaration, *, dossier: Dossier, on: date, target: Act | None = None
    ) -> list[Finding]:
        """Everything the register has to say about this declaration on this day; errors first.

        :param target: what ``declared.find_target()`` gave, where the caller has asked already.
        """
        case = Case(declared, dossier, on, target or declared.find_target())
        return errors_first(finding for check in self.checks for finding in check(case))

    def has_effects_on(self, act: Act, *, actor: Actor, at: datetime) -> None:
        for effect in self.effects:
            effect(act, actor=actor, at=at)

    def is_undone(self, act: Act, *, actor: Actor, at: datetime, because: str) -> None:
        for undoing in self.undoings:
            undoing(act, actor=actor, at=at, because=because)


kinds: Registry[EventKind] = Registry("civil_status.events")
by_book: dict[BookKind, EventKind] = {}


def kind_of(dossier: Dossier) -> EventKind:
    """The event that a dossier is about; its procedure names it."""
    return kinds[dossier.procedure.handler]


def handlers_of(event: str) -> list[str]:
    """Every handler whose dossiers lead to acts of this event."""
    return [kind.code for kind in kinds if kind.event == event]


def kind_of_act(act: Act) -> EventKind:
    """The event that an act records; births have a module part of their own and are not here.

    An act from an old book is told as that book has it: its facts are not those that a declaration would have given.
    """
    kind = kinds[act.event] if act.event else by_book[BookKind(act.kind)]
    if not act.is_from_paper:
        return kind
    return replace(
        kind, sections=sections_as_written, headline=written.headline,
        effects=kind.effects if kind.book in _EFFECTS_BY_ITSELF else (),
    )


# What such a registration does to other acts it does by whom it names, not by an act that it was declared about.
_EFFECTS_BY_ITSELF = frozenset({BookKind.DEATH, BookKind.RECOGNITION})


def sections_as_written(act: Act) -> tuple[Section, ...]:
    """An act from an old book in its parts; of a birth as well."""
    return tuple(Section(title, lines) for title, lines in written.sections(act))
