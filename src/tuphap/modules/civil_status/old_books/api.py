"""Old books over the API: the same queries and operations as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs

from ..models import OldEntry
from ..rules import AnnotationKind, Permission
from . import operations, queries, rules
from .rules import EntryState, InBook, Line

router = Router(tags=["Hộ tịch: sổ giấy cũ"])
MOST = 200


class OldLineIn(Schema):
    """Where the entry stands. ``stands_for``: the office of the code only keeps the book."""

    office_code: str = Field(..., max_length=30)
    office_on: date | None = Field(None, description="ngày mà mã đơn vị có hiệu lực; rỗng: ngày đăng ký")
    stands_for: bool = False
    office_name: str = Field(..., min_length=1, max_length=200, description="tên cơ quan đăng ký ghi trong sổ")
    year: int = Field(..., ge=rules.FIRST_YEAR, le=2100)
    volume: str = Field(..., pattern=r"^\d{2}[A-Z]?$")
    number: str = Field(..., pattern=r"^\d{1,4}[A-Z]?$")
    registered_on: date


class OldStartIn(OldLineIn):
    """Of which kind, where, and for which request."""

    what: str = Field(..., max_length=40, description="mã loại việc: civil_status.birth, civil_status.marriage, …")
    dossier_id: UUID | None = None


class OldPlaceIn(Schema):
    """A place as written; ``value`` where it is to be understood otherwise than as it reads."""

    raw: str = Field("", max_length=400)
    value: str = Field("", max_length=100)
    standing: InBook = InBook.GIVEN


class OldPartIn(Schema):
    """The places of a part by their codes."""

    places: dict[str, OldPlaceIn]


class OldNoteIn(Schema):
    """A note of the margin."""

    kind: AnnotationKind = AnnotationKind.OLD_NOTE
    text: str = Field(..., min_length=1, max_length=900)
    noted_on: date
    decision_no: str = Field("", max_length=100)
    authority: str = Field("", max_length=200)


class OldNotesIn(Schema):
    notes: list[OldNoteIn] = Field(..., max_length=rules.MOST_NOTES)


class OldProposeIn(Schema):
    """Reasons for what is doubtful; empty where nothing is."""

    day_reason: str = Field("", max_length=500)
    duplicate_reason: str = Field("", max_length=500)


class OldReturnIn(Schema):
    """Why, place by place: ``child.name``; ``line`` and ``notes`` as a whole."""

    reasons: dict[str, str] = Field(..., max_length=60)


class OldWithdrawIn(Schema):
    reason: str = Field(..., min_length=1, max_length=500)


class OldConfirmIn(Schema):
    """That every place was compared with the scan."""

    compared: bool


class OldLineOut(Schema):
    """An entry: enough for a list."""

    id: UUID
    what: str
    kind: str
    number: str
    volume: str
    year: int
    registered_on: date
    office_name: str
    office_code: str
    about: str
    state: EntryState
    transcriber: str
    changed_at: datetime


class OldPlaceOut(Schema):
    raw: str
    value: str
    standing: InBook
    read: bool = Field(description="cách hiểu do người chép ghi riêng")


class OldEntryOut(OldLineOut):
    """A whole entry."""

    stands_for: bool
    content: dict[str, dict[str, OldPlaceOut]]
    missing: list[str] = Field(description="các phần chưa chép")
    notes: list[OldNoteIn]
    scan_sha256: str
    returned: dict[str, str]
    day_reason: str
    duplicate_reason: str
    act: UUID | None
    dossier: UUID | None


class OldEntriesIn(Schema):
    state: EntryState | None = None
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class OldEntriesOut(Schema):
    """One page of a list; ``next_offset`` is null at its end."""

    items: list[OldLineOut]
    next_offset: int | None


class OldEnteredOut(Schema):
    """The act that the entry became."""

    act: UUID
    number: str
    state: str


@router.get("/civil-status/old-entries", response=OldEntriesOut, summary="Các dòng sổ giấy đang chép, đã chép")
def list_old_entries(request: HttpRequest, wanted: Query[OldEntriesIn]) -> dict[str, Any]:
    """Of the offices whose register the caller may see, the last changed first."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = queries.visible(actor, at)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    shown = list(found[wanted.offset : wanted.offset + wanted.limit + 1])
    more = len(shown) > wanted.limit
    return {"items": [_line(one) for one in shown[: wanted.limit]],
            "next_offset": wanted.offset + wanted.limit if more else None}


@router.post("/civil-status/old-entries", response={201: OldEntryOut}, summary="Bắt đầu chép một dòng sổ giấy")
def start_old_entry(request: HttpRequest, body: OldStartIn) -> Status[dict[str, Any]]:
    """Where it stands; its content and scan follow."""
    begun = operations.start(
        what=body.what, unit_id=_unit(body), line=_line_in(body), dossier_id=body.dossier_id, **_by(request, body))
    return Status(201, _whole(begun))


@router.get("/civil-status/old-entries/{uuid:entry_id}", response=OldEntryOut, summary="Một dòng sổ giấy")
def get_old_entry(request: HttpRequest, entry_id: UUID) -> dict[str, Any]:
    """The entry as transcribed; the look is kept in the log."""
    return _whole(queries.get(entry_id, actor_of(request), now()))


@router.put("/civil-status/old-entries/{uuid:entry_id}/line", response=OldEntryOut, summary="Sửa sổ, quyển, số")
def write_old_line(request: HttpRequest, entry_id: UUID, body: OldLineIn) -> dict[str, Any]:
    return _whole(operations.write_line(
        entry_id=entry_id, unit_id=_unit(body), line=_line_in(body), **_by(request, body)))


@router.put(
    "/civil-status/old-entries/{uuid:entry_id}/parts/{slug:part}", response=OldEntryOut, summary="Chép một phần")
def write_old_part(request: HttpRequest, entry_id: UUID, part: str, body: OldPartIn) -> dict[str, Any]:
    """Every place as written, not stated or illegible."""
    places = {code: {"raw": one.raw, "value": one.value, "standing": str(one.standing)}
              for code, one in body.places.items()}
    return _whole(operations.write_part(entry_id=entry_id, part=part, places=places, **_by(request, body)))


@router.put("/civil-status/old-entries/{uuid:entry_id}/notes", response=OldEntryOut, summary="Chép ghi chú bên lề")
def write_old_notes(request: HttpRequest, entry_id: UUID, body: OldNotesIn) -> dict[str, Any]:
    notes = [
        {"kind": str(one.kind), "text": one.text, "noted_on": one.noted_on.isoformat(), "decision_no": one.decision_no,
         "authority": one.authority} for one in body.notes
    ]
    return _whole(operations.write_notes(entry_id=entry_id, notes=notes, **_by(request, body)))


@router.post("/civil-status/old-entries/{uuid:entry_id}/scan", response=OldEntryOut, summary="Đính kèm bản quét")
def attach_old_scan(request: HttpRequest, entry_id: UUID, file: Annotated[UploadedFile, File()]) -> dict[str, Any]:
    """PDF or picture; it takes the place of the one before."""
    scan = operations.Scan(file.read(), file.name or "", file.content_type or "")
    return _whole(operations.attach_scan(
        entry_id=entry_id, scan=scan, actor=actor_of(request), at=now(), once=once_of(request, {"name": scan.name})))


@router.post("/civil-status/old-entries/{uuid:entry_id}/propose", response=OldEntryOut, summary="Trình xác nhận")
def propose_old_entry(request: HttpRequest, entry_id: UUID, body: OldProposeIn) -> dict[str, Any]:
    return _whole(operations.propose(
        entry_id=entry_id, day_reason=body.day_reason, duplicate_reason=body.duplicate_reason, **_by(request, body)))


@router.post("/civil-status/old-entries/{uuid:entry_id}/return", response=OldEntryOut, summary="Trả lại người chép")
def return_old_entry(request: HttpRequest, entry_id: UUID, body: OldReturnIn) -> dict[str, Any]:
    return _whole(operations.return_entry(entry_id=entry_id, reasons=body.reasons, **_by(request, body)))


@router.post("/civil-status/old-entries/{uuid:entry_id}/withdraw", response=OldEntryOut, summary="Thôi chép")
def withdraw_old_entry(request: HttpRequest, entry_id: UUID, body: OldWithdrawIn) -> dict[str, Any]:
    return _whole(operations.withdraw(entry_id=entry_id, reason=body.reason, **_by(request, body)))


@router.post(
    "/civil-status/old-entries/{uuid:entry_id}/confirm", response=OldEnteredOut, summary="Xác nhận, vào sổ điện tử")
def confirm_old_entry(request: HttpRequest, entry_id: UUID, body: OldConfirmIn) -> dict[str, Any]:
    """By another than who transcribed, the scan compared."""
    act = operations.confirm(entry_id=entry_id, compared=body.compared, **_by(request, body))
    return {"act": act.pk, "number": act.display_number, "state": act.state}


def _unit(body: OldLineIn) -> int:
    """The office of this code then; of before the lists, as the first list has it.

    :raises orgs.UnknownUnit: none bore it.
    """
    day = body.office_on or max(body.registered_on, orgs.EARLIEST)
    return int(orgs.office(body.office_code, on=day).pk)


def _line_in(body: OldLineIn) -> Line:
    return Line(body.office_name, body.stands_for, body.year, body.volume, body.number, body.registered_on)


def _by(request: HttpRequest, body: Schema) -> dict[str, Any]:
    return {"actor": actor_of(request), "at": now(), "once": once_of(request, body)}


def _line(entry: OldEntry) -> dict[str, Any]:
    return {
        "id": entry.pk, "what": entry.what, "kind": entry.kind, "number": entry.number, "volume": entry.volume,
        "year": entry.year, "registered_on": entry.registered_on, "office_name": entry.office_name,
        "office_code": entry.unit.code, "about": entry.about, "state": entry.state,
        "transcriber": entry.transcriber_name, "changed_at": entry.changed_at,
    }


def _whole(entry: OldEntry) -> dict[str, Any]:
    return {
        **_line(entry), "stands_for": entry.stands_for, "content": entry.content, "notes": entry.notes,
        "missing": [part.code for part in entry.entry_kind.parts if part.code not in entry.content],
        "scan_sha256": entry.scan.sha256 if entry.scan is not None else "", "returned": entry.returned,
        "day_reason": entry.day_reason, "duplicate_reason": entry.duplicate_reason, "act": entry.act_id,
        "dossier": entry.dossier_id,
    }
