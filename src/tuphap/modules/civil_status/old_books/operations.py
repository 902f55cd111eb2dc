"""The writes of old books, one verb each: an entry is transcribed, proposed, returned or confirmed into the register.

Rows are locked in the order of the module: the entry first, then acts, then the book. Confirming makes an act that no
dossier asked for and nobody signs here, so that no reaction to a registration follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.files import api as files
from tuphap.shared.files.models import StoredFile
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import PartialDate, PersonName

from .. import operations as register
from .. import rules as civil_status
from ..events.death import note_on as note_death_on
from ..events.kinds import kind_of_act
from ..events.standing import COUPLE, has_ended, same_as, standing_of
from ..models import Act, BirthAct, Book, OldEntry, Party
from ..rules import ActState, AnnotationKind, BookKind, Origin, PartyRole, Permission
from . import checks, declare, rules
from .digitised import Digitised
from .rules import EntryState, Event, Line


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a page as it was handed in."""

    content: bytes
    name: str
    media_type: str


PERSON_COLUMNS = ("sex", "ethnicity", "nationality", "residence", "personal_number")


# --- Transcribing -----------------------------------------------------------------------------------------------------


@operation
def start(
    *, what: str, unit_id: int, line: Line, scan: Scan | None = None, dossier_id: UUID | None = None, actor: Actor,
    at: datetime,
) -> OldEntry:
    """Begin to transcribe an entry: of which kind, where it stands, and the scan of its page, unless that comes later.

    :param unit_id: the office whose book it is, or that keeps it now (``line.stands_for``).
    :param dossier_id: the request that led to it, if one did.
    :raises access.Forbidden: the actor may not prepare in that office.
    :raises rules.UnknownPart: there is no such kind of entry.
    :raises dossiers.UnknownDossier: the actor does not see the request.
    :raises Refusal: no book has this line, or something stands there: see ``checks.refuse_line``; the scan is none: see
        :func:`attach_scan`.
    """
    today = localdate(at)
    access.require(actor, Permission.PREPARE, unit_id=unit_id, on=today)
    if what not in declare.KINDS:
        raise rules.UnknownPart(part=what)
    dossier = dossiers.get_visible(dossier_id, actor, at) if dossier_id is not None else None
    kind, unit = declare.KINDS[what], OrgUnit.objects.get(pk=unit_id)
    checks.refuse_line(line, unit=unit, kind=kind.book, today=today)
    entry = OldEntry.objects.create(
        what=what, kind=kind.book, unit=unit, **_columns(line), dossier=dossier, transcriber_id=_user(actor),
        transcriber_name=actor.name[:100], written_by=[str(_user(actor))], created_at=at, changed_at=at,
        scan=_stored(scan, actor=actor, at=at) if scan is not None else None,
    )
    audit.record(
        Event.STARTED, subject=entry, actor=actor, at=at, unit_id=unit.pk, book=entry.book_title,
        number=entry.display_number, dossier=dossier.reference if dossier is not None else "",
    )
    return entry


@operation
def write_line(*, entry_id: UUID, unit_id: int, line: Line, actor: Actor, at: datetime) -> OldEntry:
    """Put right where the entry stands.

    :raises access.Forbidden: the actor may not prepare in the office that has or keeps the book, before or after.
    :raises rules.WrongEntryState: it is proposed, entered or withdrawn.
    :raises Refusal: no book has this line, or something stands there: see ``checks.refuse_line``.
    """
    entry = _lock_to_write(entry_id, actor=actor, at=at)
    access.require(actor, Permission.PREPARE, unit_id=unit_id, on=localdate(at))
    unit = OrgUnit.objects.get(pk=unit_id)
    checks.refuse_line(line, unit=unit, kind=BookKind(entry.kind), today=localdate(at))
    return _write(entry, declare.LINE, actor=actor, at=at, unit=unit, **_columns(line))


@operation
def write_part(
    *, entry_id: UUID, part: str, places: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime
) -> OldEntry:
    """Transcribe a part of the entry: every place as written, with how it is understood, not stated or illegible.

    :param places: place → ``raw``, ``value``, ``standing``.
    :raises access.Forbidden: the actor may not prepare in the office that has or keeps the book.
    :raises rules.WrongEntryState: it is proposed, entered or withdrawn.
    :raises rules.UnknownPart: an entry of this kind has no such part.
    :raises rules.NotRead, rules.BadPage: a place is left open, or cannot be understood; ``field`` is the place.
    """
    entry = _lock_to_write(entry_id, actor=actor, at=at)
    read = declare.read_part(entry.entry_kind.part(part), places)
    return _write(entry, part, actor=actor, at=at, content={**entry.content, part: read})


@operation
def write_notes(*, entry_id: UUID, notes: Sequence[Mapping[str, str]], actor: Actor, at: datetime) -> OldEntry:
    """Transcribe the notes beside the entry, in their order; none where the margin is empty.

    :raises access.Forbidden, rules.WrongEntryState: as :func:`write_part`.
    :raises rules.BadNote: a note without text, with a day that cannot be, or of a kind that such a book has not; its
        field is ``notes.0.text``.
    """
    entry = _lock_to_write(entry_id, actor=actor, at=at)
    if len(notes) > rules.MOST_NOTES:
        raise rules.BadNote(field="text", what=f"Chép nhiều nhất {rules.MOST_NOTES} ghi chú.")
    read = [_read_note(entry, place, note, today=localdate(at)) for place, note in enumerate(notes)]
    return _write(entry, "notes", actor=actor, at=at, notes=read)


def _read_note(entry: OldEntry, place: int, note: Mapping[str, str], *, today: date) -> rules.Note:
    try:
        return rules.read_note(note, book=BookKind(entry.kind), today=today, registered_on=entry.registered_on)
    except rules.BadNote as fault:
        fault.field = f"notes.{place}.{fault.field}"
        raise


@operation
def attach_scan(*, entry_id: UUID, scan: Scan, actor: Actor, at: datetime) -> OldEntry:
    """Attach the scan of the page, PDF or picture; it takes the place of one that was attached before.

    :raises access.Forbidden, rules.WrongEntryState: as :func:`write_part`.
    :raises files.FileNoScan: neither PDF nor picture; the others as ``files.store``.
    """
    entry = _lock_to_write(entry_id, actor=actor, at=at)
    entry.scan, entry.changed_at = _stored(scan, actor=actor, at=at), at
    entry.save(update_fields=["scan", "changed_at"])
    audit.record(Event.SCANNED, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, sha256=entry.scan.sha256)
    return entry


def _stored(scan: Scan, *, actor: Actor, at: datetime) -> StoredFile:
    """:raises files.FileNoScan: neither PDF nor picture; the others as ``files.store``."""
    return files.store(
        scan.content, name=scan.name, media_type=scan.media_type, actor=actor, at=at, scan_of_paper=True)


@operation
def propose(
    *, entry_id: UUID, day_reason: str = "", duplicate_reason: str = "", actor: Actor, at: datetime
) -> OldEntry:
    """Put the transcription before who confirms it; nothing in it changes from then on unless it is returned.

    :raises access.Forbidden, rules.WrongEntryState: as :func:`write_part`.
    :raises rules.ScanMissing, rules.NotWhole: something is missing.
    :raises rules.DayNeedsReason, rules.PossibleDuplicate: doubtful, and no reason is given.
    :raises rules.OpenedTwice: another transcription of this line waits already.
    :raises Refusal: the line cannot be any more: see ``checks.refuse_line``.
    """
    entry = _lock_to_write(entry_id, actor=actor, at=at)
    entry.day_reason, entry.duplicate_reason = tidy(day_reason)[:500], tidy(duplicate_reason)[:500]
    _refuse_unfinished(entry)
    checks.refuse_line(entry.line, unit=entry.unit, kind=BookKind(entry.kind), today=localdate(at))
    for doubt in checks.wants_reasons(entry):
        raise doubt
    entry.transcriber_id, entry.transcriber_name = _user(actor), actor.name[:100]
    entry.written_by = sorted({*entry.written_by, str(_user(actor))})
    _move(entry, EntryState.PROPOSED, at=at, proposed_at=at, returned={}, columns=(
        "day_reason", "duplicate_reason", "transcriber", "transcriber_name", "written_by"))
    audit.record(
        Event.PROPOSED, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, number=entry.display_number,
        book=entry.book_title, doubts=[name for name in ("day_reason", "duplicate_reason") if getattr(entry, name)],
    )
    return entry


@operation
def withdraw(*, entry_id: UUID, reason: str, actor: Actor, at: datetime) -> OldEntry:
    """Give up a transcription that has not been entered.

    :raises access.Forbidden: the actor may not prepare in the office that has or keeps the book.
    :raises civil_status.ReasonRequired: no reason.
    :raises rules.WrongEntryState: it is entered or withdrawn.
    """
    if not tidy(reason):
        raise civil_status.ReasonRequired()
    entry = _lock(entry_id)
    access.require(actor, Permission.PREPARE, unit_id=entry.unit_id, on=localdate(at))
    _move(entry, EntryState.WITHDRAWN, at=at, state_reason=tidy(reason)[:500])
    audit.record(Event.WITHDRAWN, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, reason=tidy(reason)[:200])
    return entry


# --- Confirming -------------------------------------------------------------------------------------------------------


@operation
def return_entry(*, entry_id: UUID, reasons: Mapping[str, str], actor: Actor, at: datetime) -> OldEntry:
    """Give the transcription back, with what is wrong at which place.

    :param reasons: ``part.place`` → why; ``line`` and ``notes`` for those as a whole. Empty ones are left out.
    :raises access.Forbidden: the actor may not sign in the office that has or keeps the book.
    :raises rules.NothingReturned: no reason at all.
    :raises rules.UnknownPart: a place that such an entry has not.
    :raises rules.WrongEntryState: it does not wait to be confirmed.
    """
    entry = _lock(entry_id)
    access.require(actor, Permission.SIGN, unit_id=entry.unit_id, on=localdate(at))
    told = {place: tidy(why)[:300] for place, why in reasons.items() if tidy(why)}
    if not told:
        raise rules.NothingReturned()
    for place in told:
        _refuse_unknown_place(entry.entry_kind, place)
    _move(entry, EntryState.RETURNED, at=at, returned=told)
    audit.record(Event.RETURNED, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, places=sorted(told))
    notices.send(
        template="civil_status.old_entry_returned", to_user_id=entry.transcriber_id, actor=actor, at=at,
        number=entry.display_number,
    )
    return entry


@operation
def confirm(*, entry_id: UUID, compared: bool, actor: Actor, at: datetime) -> Act:
    """Enter the transcription in the register, as an act of its old book: compared with the scan, by another.

    Basis: Luật Hộ tịch 2014, Điều 63; Nghị định 87/2020/NĐ-CP; quy trình số hóa sổ hộ tịch (chép, duyệt là hai người).

    :raises access.Forbidden: the actor may not sign in the office that has or keeps the book.
    :raises rules.ConfirmerIsTranscriber: the actor has written in it.
    :raises rules.NotCompared: the scan was not looked at.
    :raises rules.WrongEntryState: it does not wait to be confirmed.
    :raises civil_status.NumberTaken: an act stands under its number meanwhile.
    :raises rules.PossibleDuplicate: the event has been entered meanwhile, and nobody has answered for it.
    :raises Refusal: the line cannot be any more: see ``checks.refuse_line``.
    """
    entry, today = _lock(entry_id), localdate(at)
    access.require(actor, Permission.SIGN, unit_id=entry.unit_id, on=today)
    if entry.state != EntryState.PROPOSED:
        raise rules.WrongEntryState(state=entry.state_title)
    if str(actor.user_id) in entry.written_by:
        raise rules.ConfirmerIsTranscriber()
    if not compared:
        raise rules.NotCompared()
    kind = BookKind(entry.kind)
    register.hold_line(entry.unit, kind, year=entry.year)
    register.hold(*(name for role in entry.entry_kind.main for name in _names(entry, role)))
    checks.refuse_line(entry.line, unit=entry.unit, kind=kind, today=today)
    for doubt in checks.wants_reasons(entry):
        raise doubt
    act = _enter(entry, actor=actor, at=at)
    _move(entry, EntryState.ENTERED, at=at, act=act, confirmer_id=actor.user_id, confirmer_name=actor.name[:100],
          entered_at=at)
    audit.record(
        Event.ENTERED, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, number=act.display_number,
        act=str(act.pk),
    )
    notices.send(
        template="civil_status.old_entry_entered", to_user_id=entry.transcriber_id, actor=actor, at=at,
        number=act.display_number,
    )
    return act


def _enter(entry: OldEntry, *, actor: Actor, at: datetime, key: str = "") -> Act:
    """Write the act with its people, and only then let it be registered: what is registered takes nobody in."""
    happened = declare.value_at(entry.content, entry.entry_kind.happened) if entry.entry_kind.happened else ""
    number, suffix = rules.split_number(entry.number)
    page = declare.value_at(entry.content, f"{declare.LINE}.page")
    line: dict[str, Any] = {
        "kind": entry.kind, "event": entry.entry_kind.event, "unit": entry.unit, "unit_name": entry.office_name,
        "office_then": entry.office_then, "origin": Origin.OLD_BOOK, "book": _book_of(entry, actor=actor, at=at),
        "page": int(page) if page else None, "year": entry.year, "number": number, "number_suffix": suffix,
        "registered_on": entry.registered_on, "preparer_id": entry.transcriber_id,
        "preparer_name": entry.transcriber_name, "created_at": at,
        "signer_name": declare.value_at(entry.content, f"{declare.LINE}.signer_name")[:100],
        "signer_title": declare.value_at(entry.content, f"{declare.LINE}.signer_title")[:100],
        "facts": {"written": entry.content}, **_day("event", happened),
    }
    act = BirthAct.objects.create(**line, **_of_birth(entry)) if entry.kind == BookKind.BIRTH else (
        Act.objects.create(**line))
    Party.objects.bulk_create([
        Party(act=act, **_person(entry, part)) for part in entry.entry_kind.parts
        if part.role is not None and declare.value_at(entry.content, f"{part.code}.name")
    ])
    act = register.let_in(act.pk, entry.kind)
    audit.record(
        civil_status.Event.ACT_TRANSCRIBED, subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, book=str(act.book), entry=key or str(entry.pk),
    )
    for note in entry.notes:
        _note(act, note, actor=actor, at=at)
    _meet_the_rest(act, actor=actor, at=at)
    register.let_be_found(act, at=at)
    return act


def _day(name: str, value: str) -> dict[str, Any]:
    """The three columns of a day known perhaps in part."""
    day = PartialDate.parse(value) if value else None
    return {f"{name}_on": value, f"{name}_earliest": day.earliest if day else None,
            f"{name}_latest": day.latest if day else None}


def _of_birth(entry: OldEntry) -> dict[str, Any]:
    """What only a birth has. Whether it was declared in time is no question of ours, nor is a number asked for."""
    def value(path: str) -> str:
        return declare.value_at(entry.content, path)

    state = civil_status.PersonalNumberState
    return {
        **_day("born", value("child.born_on")), "sex": value("child.sex"), "place": value("event.place"),
        "native_place": value("event.native_place"), "units_as_of": entry.registered_on,
        "declared_on": entry.registered_on,
        "personal_number_state": state.GIVEN if value("child.personal_number") else state.NOT_RECORDED,
    }


def _person(entry: OldEntry, part: declare.Part) -> dict[str, Any]:
    """The columns of a person."""
    name = PersonName(declare.value_at(entry.content, f"{part.code}.name"))
    told = {column: declare.value_at(entry.content, f"{part.code}.{column}") for column in PERSON_COLUMNS}
    assert part.role is not None  # asked by the caller
    sex = told["sex"] or _SEX_OF.get(part.role, "")
    return {
        **told, "role": part.role, "name": name.text, "sort_key": name.sort_key, "search_key": name.search_key,
        "sex": sex, "ethnicity": told["ethnicity"][:40], "nationality": told["nationality"][:60],
        **_day("born", declare.value_at(entry.content, f"{part.code}.born_on")),
    }


_SEX_OF = {PartyRole.MOTHER: "female", PartyRole.WIFE: "female", PartyRole.FATHER: "male", PartyRole.HUSBAND: "male"}


def _book_of(entry: OldEntry, *, actor: Actor, at: datetime) -> Book:
    """The book on paper as the register knows it; entered with the first of its acts. Called while its line is held."""
    volume, suffix = rules.split_volume(entry.volume)
    key: dict[str, Any] = {
        "unit": entry.unit, "office_then": entry.office_then, "kind": entry.kind, "year": entry.year, "volume": volume,
        "volume_suffix": suffix, "origin": Origin.OLD_BOOK,
    }
    book = Book.objects.filter(**key).first()
    if book is None:
        book = Book.objects.create(**key, first_number=1, opened_on=date(entry.year, 1, 1))
        audit.record(civil_status.Event.BOOK_OPENED, subject=book, actor=actor, at=at, unit_id=entry.unit_id,
                     book=str(book), origin=str(Origin.OLD_BOOK))
    return book


def _note(act: Act, note: rules.Note, *, actor: Actor, at: datetime) -> None:
    """A note of the margin, with its own day."""
    noted_on = date.fromisoformat(note["noted_on"])
    register.annotate(
        act, AnnotationKind(note["kind"]), text=note["text"], actor=actor, at=at, noted_on=noted_on,
        by="Ghi trong sổ giấy", decision_no=note["decision_no"], authority=note["authority"],
    )


def _meet_the_rest(act: Act, *, actor: Actor, at: datetime) -> None:
    """What the act does to others by whom it names, and what others that came before it in here do to it."""
    if act.kind != BookKind.BIRTH:
        kind_of_act(act).has_effects_on(act, actor=actor, at=at)
    roles = COUPLE if act.kind == BookKind.MARRIAGE or act.event == civil_status.FOREIGN_MARRIAGE else (
        (PartyRole.CHILD,) if act.kind == BookKind.BIRTH else ())
    for party in act.parties.filter(role__in=roles).order_by("pk"):
        death = standing_of(same_as(party)).death
        known = act.annotations.filter(kind=AnnotationKind.DEATH)
        if death is not None and death.state == ActState.REGISTERED and not known.exists() and not has_ended(act):
            note_death_on(act, death, actor=actor, at=at)


def _names(entry: OldEntry, role: PartyRole) -> list[str]:
    """By what nobody else decides about the same person at this moment: as ``events.operations`` holds them."""
    name = PersonName(declare.value_at(entry.content, f"{role}.name")).search_key
    number = declare.value_at(entry.content, f"{role}.personal_number")
    return [one for one in (number, f"{name}|{declare.value_at(entry.content, f'{role}.born_on')}") if one]


# --- Mass digitisation ------------------------------------------------------------------------------------------------


@operation
def enter_digitised(*, digitised: Digitised, actor: Actor, at: datetime) -> Act:
    """Enter a digitised entry in the register, with the checks of :func:`confirm`; no transcription of ours stays.

    Who keyed, proofed and approved it is the caller's to hold; who may, as well. Called inside the caller's operation,
    it is undone alone where it refuses.

    :raises rules.UnknownPart: there is no such kind of entry.
    :raises rules.NotWhole: a part was not keyed.
    :raises rules.NotRead: a place without which the register holds no act has no value.
    :raises civil_status.NumberTaken: an act stands under its number.
    :raises rules.DayNeedsReason, rules.PossibleDuplicate: doubtful, and no reason is given.
    :raises Refusal: no book can have the line: see ``checks.refuse_line``.
    """
    if digitised.what not in declare.KINDS:
        raise rules.UnknownPart(part=digitised.what)
    entry = OldEntry(
        what=digitised.what, kind=declare.KINDS[digitised.what].book, unit=digitised.unit, **_columns(digitised.line),
        content=digitised.content, notes=list(digitised.notes), transcriber_name=digitised.keyer_name[:100],
        day_reason=digitised.day_reason, duplicate_reason=digitised.duplicate_reason,
    )
    if digitised.keyer_id is not None:
        entry.transcriber_id = digitised.keyer_id
    kind = BookKind(entry.kind)
    _refuse_unread(entry)
    register.hold_line(entry.unit, kind, year=entry.year)
    register.hold(*(name for role in entry.entry_kind.main for name in _names(entry, role)))
    checks.refuse_line(entry.line, unit=entry.unit, kind=kind, today=localdate(at))
    for doubt in checks.wants_reasons(entry):
        raise doubt
    return _enter(entry, key=digitised.key, actor=actor, at=at)


def _refuse_unread(entry: OldEntry) -> None:
    """:raises rules.NotWhole, rules.NotRead: without this the register holds no act."""
    left = list(declare.missing_parts(entry.entry_kind, entry.content))
    if left:
        raise rules.NotWhole(parts="; ".join(part.title for part in left), field=left[0].code)
    for part in entry.entry_kind.parts:
        for place in part.places:
            path = f"{part.code}.{place.code}"
            if place.must and not part.optional and not declare.value_at(entry.content, path):
                raise rules.NotRead(field=path, what=f"{part.title}, {place.title}: chưa có cách hiểu để vào sổ.")
    page = declare.value_at(entry.content, f"{declare.LINE}.page")
    if page:
        rules.understand_page(page)


# --- Rows, locked and changed -----------------------------------------------------------------------------------------


def _lock(entry_id: UUID) -> OldEntry:
    """:raises rules.UnknownEntry: there is none."""
    found = OldEntry.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=entry_id).first()
    if found is None:
        raise rules.UnknownEntry()
    return found


def _lock_to_write(entry_id: UUID, *, actor: Actor, at: datetime) -> OldEntry:
    """The entry, for who transcribes.

    :raises access.Forbidden: the actor may not prepare in the office that has or keeps the book.
    :raises rules.WrongEntryState: nothing may be written in it.
    """
    entry = _lock(entry_id)
    access.require(actor, Permission.PREPARE, unit_id=entry.unit_id, on=localdate(at))
    if not entry.is_writable:
        raise rules.WrongEntryState(state=entry.state_title)
    return entry


def _write(entry: OldEntry, what: str, *, actor: Actor, at: datetime, **columns: Any) -> OldEntry:
    """Keep what was written, and who wrote it."""
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.changed_at, entry.written_by = at, sorted({*entry.written_by, str(_user(actor))})
    entry.save(update_fields=[*columns, "changed_at", "written_by"])
    audit.record(Event.WRITTEN, subject=entry, actor=actor, at=at, unit_id=entry.unit_id, part=what)
    return entry


def _move(entry: OldEntry, state: EntryState, *, at: datetime, columns: tuple[str, ...] = (), **changed: Any) -> None:
    """Move the entry along an edge of ``rules.EDGES``; the database refuses any other.

    :param columns: set by the caller already, saved here.
    :raises rules.WrongEntryState: there is no such edge.
    """
    if (EntryState(entry.state), state) not in rules.EDGES:
        raise rules.WrongEntryState(state=entry.state_title)
    for name, value in changed.items():
        setattr(entry, name, value)
    entry.state, entry.changed_at = state, at
    entry.save(update_fields=["state", "changed_at", *columns, *changed])


def _refuse_unfinished(entry: OldEntry) -> None:
    """:raises rules.ScanMissing, rules.NotWhole: something is missing."""
    if entry.scan_id is None:
        raise rules.ScanMissing()
    left = list(declare.missing_parts(entry.entry_kind, entry.content))
    if left:
        raise rules.NotWhole(parts="; ".join(part.title for part in left), field=left[0].code)


def _refuse_unknown_place(kind: declare.EntryKind, path: str) -> None:
    """:raises rules.UnknownPart: an entry of this kind has no such place."""
    part, _, place = path.partition(".")
    if path in (declare.LINE, "notes") or any(one.code == place for one in kind.part(part).places):
        return
    raise rules.UnknownPart(part=path)


def _columns(line: Line) -> dict[str, Any]:
    return {
        "office_name": tidy(line.office_name)[:200], "stands_for": line.stands_for, "year": line.year,
        "volume": line.volume, "number": line.number, "registered_on": line.registered_on,
    }


def _user(actor: Actor) -> UUID:
    assert actor.user_id is not None  # who may prepare is a person
    return actor.user_id
