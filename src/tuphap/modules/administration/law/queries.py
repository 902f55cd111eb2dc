"""What the pages of the law read: the catalogue as it stands and as it will stand, its history, its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Procedure, ProcedureParameter, law

from .. import rules
from ..models import Decree, LawChange
from ..queries import is_provincial
from ..rules import Permission


def require_reader(actor: Actor, *, at: datetime) -> None:
    """:raises access.Forbidden: the actor manages procedures nowhere."""
    access.require_anywhere(actor, Permission.PROCEDURES, on=localdate(at))


def may_change(actor: Actor, *, at: datetime) -> bool:
    """Whether the catalogue is the actor's to change: it is one for the whole province."""
    return is_provincial(actor, Permission.PROCEDURES, on=localdate(at))


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure of the list: the version to be shown, and when the next one begins or it ends."""

    procedure: Procedure
    in_force: bool
    next_on: date | None
    ends_on: date | None


def catalogue(actor: Actor, *, at: datetime, text: str = "", sector: str = "") -> list[Entry]:
    """Every procedure, known words first; those that hold no more or not yet, too.

    :raises access.Forbidden: the actor manages procedures nowhere.
    """
    require_reader(actor, at=at)
    on = localdate(at)
    versions: dict[str, list[Procedure]] = {}
    rows = Procedure.objects.defer("form", "components", "internal_steps", "fee_rules").order_by("code", "valid_from")
    for row in rows:
        versions.setdefault(row.code, []).append(row)
    entries = {code: _entry(found, on) for code, found in versions.items()}
    shown = [entry.procedure for entry in entries.values() if not sector or entry.procedure.sector == sector]
    if text:
        return [entries[procedure.code] for procedure in dossiers.matching(shown, text)]
    shown.sort(key=lambda p: (p.authority_level != "xa", p.sector, p.group, p.name))
    return [entries[procedure.code] for procedure in shown]


def _entry(versions: list[Procedure], on: date) -> Entry:
    holding = next((version for version in versions if version.holds_on(on)), None)
    ahead = next((version for version in versions if version.valid_from > on), None)
    shown = holding or ahead or versions[-1]
    ends = versions[-1].valid_to
    return Entry(shown, in_force=holding is not None, next_on=ahead.valid_from if ahead else None,
                 ends_on=ends if ends is not None and ends > on else None)


def sectors() -> list[str]:
    """The sectors of the catalogue, in alphabetical order."""
    return sorted(set(Procedure.objects.values_list("sector", flat=True).order_by()))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the timeline: what it changed against the one before it, and by which documents."""

    procedure: Procedure
    changes: tuple[law.Change, ...]
    made: tuple[LawChange, ...]
    in_force: bool
    dossiers: int


def timeline(code: str, actor: Actor, *, at: datetime) -> list[Version]:
    """The versions of a procedure, the latest first.

    :raises access.Forbidden: the actor manages procedures nowhere.
    :raises dossiers.UnknownProcedure: no procedure has this code.
    """
    require_reader(actor, at=at)
    versions, on = law.versions_of(code), localdate(at)
    made: dict[date, list[LawChange]] = {}
    for change in history(code):
        made.setdefault(change.effective_on, []).append(change)
    used = dict(
        dossiers.Dossier.objects.filter(procedure__code=code).values_list("procedure_id").order_by().annotate(Count("pk"))
    )
    shown, before = [], None
    for version in versions:
        text = law.text_of(version)
        shown.append(Version(
            version, tuple(law.changes(before, text)) if before else (), tuple(made.get(version.valid_from, ())),
            in_force=version.holds_on(on), dossiers=used.get(version.pk, 0),
        ))
        before = text
    return shown[::-1]


def history(subject: str) -> QuerySet[LawChange]:
    """What officials entered about a procedure, a parameter or a day, the latest first."""
    return LawChange.objects.filter(subject=subject).select_related("decree").order_by("-made_at", "-pk")


def decrees(actor: Actor, *, at: datetime) -> QuerySet[Decree]:
    """The documents, the latest in force first, each with how many changes were made under it.

    :raises access.Forbidden: the actor manages procedures nowhere.
    """
    require_reader(actor, at=at)
    return Decree.objects.annotate(number_of_changes=Count("changes")).order_by("-effective_on", "-pk")


def decree(decree_id: int, actor: Actor, *, at: datetime) -> Decree:
    """:raises NoSuchDecree: no such document.
    :raises access.Forbidden: the actor manages procedures nowhere.
    """
    found = decrees(actor, at=at).filter(pk=decree_id).first()
    if found is None:
        raise rules.NoSuchDecree()
    return found


def changes_under(decree: Decree) -> QuerySet[LawChange]:
    """What was changed under a document, in the order of entering."""
    return decree.changes.order_by("made_at", "pk")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the one-stop rules: its value today, and every row of it."""

    now: ProcedureParameter
    rows: tuple[ProcedureParameter, ...]


def parameters(actor: Actor, *, at: datetime) -> list[Parameter]:
    """The numbers of the one-stop rules, each with its past and its future.

    :raises access.Forbidden: the actor manages procedures nowhere.
    """
    require_reader(actor, at=at)
    rows: dict[str, list[ProcedureParameter]] = {}
    for row in ProcedureParameter.objects.order_by("code", "-valid_from"):
        rows.setdefault(row.code, []).append(row)
    return [Parameter(row, tuple(rows[row.code])) for row in law.parameters(on=localdate(at))]
