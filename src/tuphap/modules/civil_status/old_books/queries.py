"""Reads of old books: what is being transcribed, by the offices whose register the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.audit.models import Entry
from tuphap.shared.files.models import StoredFile
from tuphap.shared.indicators.api import Scope
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from ..fields import Kind
from ..models import OldEntry
from ..rules import ANNOTATION_TITLES, AnnotationKind, Permission
from ..written import show
from . import declare, rules
from .rules import EntryState, InBook, Written

FILTERS = {
    "dang-chep": ("Đang chép", (EntryState.DRAFT, EntryState.RETURNED)),
    "cho-xac-nhan": ("Chờ xác nhận", (EntryState.PROPOSED,)),
    "da-vao-so": ("Đã vào sổ điện tử", (EntryState.ENTERED,)),
    "da-thoi": ("Đã thôi chép", (EntryState.WITHDRAWN,)),
}


def visible(actor: Actor, at: datetime) -> QuerySet[OldEntry]:
    """The entries of the offices whose register the actor may see, the last changed first."""
    found = OldEntry.objects.select_related("unit", "act", "dossier", "scan").order_by("-changed_at", "-pk")
    return access.rows(actor, Permission.VIEW, found, on=localdate(at))


def listed(actor: Actor, at: datetime, *, which: str) -> QuerySet[OldEntry]:
    """Those in the states of a filter."""
    return visible(actor, at).filter(state__in=[str(state) for state in FILTERS[which][1]])


def count_to_confirm(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu: what waits for the actor, where the actor signs and has not written in it."""
    units = access.units_where(actor, Permission.SIGN, on=localdate(at))
    waiting = OldEntry.objects.filter(state=EntryState.PROPOSED, unit__in=units)
    return waiting.exclude(written_by__contains=[str(actor.user_id)]).count()


def get(entry_id: UUID, actor: Actor, at: datetime) -> OldEntry:
    """One entry; the look is kept in the log.

    :raises rules.UnknownEntry: there is none, or the actor may not know of it.
    """
    found = visible(actor, at).filter(pk=entry_id).first()
    if found is None:
        raise rules.UnknownEntry()
    audit.record_read(
        subject=found, actor=actor, at=at, purpose=actor.purpose or "Chép, đối chiếu sổ giấy",
        what="civil_status.old_entry", unit_id=found.unit_id,
    )
    return found


def scan_of(entry_id: UUID, actor: Actor, at: datetime) -> StoredFile:
    """The scan of an entry's page.

    :raises rules.UnknownEntry: there is no such entry, or it has no scan yet.
    """
    found = get(entry_id, actor, at).scan
    if found is None:
        raise rules.UnknownEntry()
    return found


def entry_of_act(act_id: UUID) -> OldEntry | None:
    """The transcription that an act came from; whoever may see the act may see the scan of its page."""
    return OldEntry.objects.select_related("scan").filter(act_id=act_id).first()


def history(entry: OldEntry) -> QuerySet[Entry]:
    """What the log tells of an entry, oldest first; the looks at it are left to the auditor."""
    return Entry.objects.filter(
        subject_type=entry._meta.label_lower, subject_id=str(entry.pk)
    ).exclude(event="record.read").order_by("at", "pk")


def offices_of(actor: Actor, at: datetime) -> QuerySet[OrgUnit]:
    """The offices in whose books the actor may transcribe: those of now, and those whose place they took."""
    units = access.units_where(actor, Permission.PREPARE, on=localdate(at))
    return OrgUnit.objects.filter(pk__in=units).order_by("sort_key", "valid_from")


# --- An entry in its parts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A place as it is compared with the scan: as written, as understood where that is another, why it came back."""

    path: str
    title: str
    raw: str
    understood: str
    standing: str
    returned: str

    @property
    def words(self) -> str:
        """What the book says."""
        return self.raw if self.standing == InBook.GIVEN else rules.STANDING_TITLES[InBook(self.standing)]


@dataclass(frozen=True, slots=True)
class PartTold:
    """A part with its places; none while it is not transcribed."""

    code: str
    title: str
    places: tuple[Told, ...]
    is_written: bool

    @property
    def faults(self) -> int:
        return sum(1 for place in self.places if place.returned)


def parts_of(entry: OldEntry) -> list[PartTold]:
    """The entry in the order of its form."""
    return [
        PartTold(
            part.code, part.title, tuple(
                _told(entry, part, place, entry.content[part.code][place.code]) for place in part.places
            ) if part.code in entry.content else (), part.code in entry.content,
        )
        for part in entry.entry_kind.parts
    ]


def _told(entry: OldEntry, part: declare.Part, place: declare.Place, written: Written) -> Told:
    path, understood = f"{part.code}.{place.code}", show(written["value"], place.kind)
    own = place.kind is not Kind.TEXT and understood.casefold() != written["raw"].casefold()
    return Told(path, place.title, written["raw"], understood if own else "", written["standing"],
                entry.returned.get(path, ""))


def notes_of(entry: OldEntry) -> list[tuple[str, rules.Note]]:
    """The notes of the margin, each with the title of its kind."""
    return [(ANNOTATION_TITLES[AnnotationKind(note["kind"])], note) for note in entry.notes]


# --- Figures ----------------------------------------------------------------------------------------------------------


def entered(scope: Scope) -> QuerySet[OldEntry]:
    """Entries of old books entered in the register within the period. They are nobody's registrations of that time."""
    return (
        OldEntry.objects.filter(state=EntryState.ENTERED, entered_at__gte=scope.start, entered_at__lt=scope.end)
        .select_related("unit").order_by("entered_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Transcribed:
    """How many entries of one officer have been entered, and for which office of today."""

    office: str
    officer: str
    entries: int


def by_officer(scope: Scope) -> list[Transcribed]:
    """The entries of a period by office of today and by who transcribed them; most first."""
    counted = entered(scope).filter(unit__in=scope.unit_ids).order_by().values(
        "unit_id", "transcriber_id", "transcriber_name").annotate(many=Count("pk"))
    now = orgs.restatement([row["unit_id"] for row in counted], on=scope.period_to)
    names = dict(OrgUnit.objects.filter(pk__in=[pk for pk in now.values() if pk]).values_list("pk", "name"))
    total: dict[tuple[str, str], int] = {}
    for row in counted:
        office = names.get(now[row["unit_id"]] or 0, "")
        total[office, row["transcriber_name"]] = total.get((office, row["transcriber_name"]), 0) + row["many"]
    found = [Transcribed(office, officer, many) for (office, officer), many in total.items()]
    return sorted(found, key=lambda one: (-one.entries, one.office, one.officer))
