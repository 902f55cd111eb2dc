"""Digitisation over the API: the same queries and operations as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from tuphap.kernel.clock import now
from tuphap.modules.civil_status.public import AnnotationKind, BookKind, InBook
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs

from . import operations, progress, queries, rules
from .models import Book, Entry
from .rules import BookLine, BookState, Condition, State

router = Router(tags=["Số hóa sổ hộ tịch"])
MOST = 200


class DigitBookIn(Schema):
    """A book of the manifest. ``stands_for``: the office of the code only keeps it."""

    office_code: str = Field(..., max_length=30)
    office_on: date | None = Field(None, description="ngày mà mã đơn vị có hiệu lực; rỗng: ngày mở sổ")
    office_name: str = Field(..., min_length=1, max_length=200, description="tên cơ quan ghi trên sổ")
    stands_for: bool = False
    kind: BookKind
    what: str = Field(..., max_length=40, description="mã loại việc: civil_status.birth, …")
    year: int = Field(..., ge=rules.FIRST_YEAR, le=2100)
    volume: str = Field(..., pattern=r"^[0-9]{2}[A-Z]?$")
    first_number: int = Field(1, ge=1, le=9999)
    last_number: int = Field(..., ge=1, le=9999)
    expected: int | None = Field(None, ge=0, le=20_000)
    opened_on: date
    closed_on: date | None = None
    condition: Condition = Condition.GOOD
    note: str = Field("", max_length=300)


class DigitFiguresOut(Schema):
    """How many acts have come so far or further."""

    expected: int
    scanned: int
    keyed: int
    proofed: int
    approved: int
    transferred: int
    matched: int
    returned: int
    unreadable: int


class DigitBookOut(Schema):
    """A book with how far it is."""

    id: int
    office_code: str
    office_name: str
    kind: BookKind
    year: int
    volume: str
    first_number: int
    last_number: int
    state: BookState
    figures: DigitFiguresOut


class DigitIssueOut(Schema):
    """What is wrong with a scan, or with the scans of a book."""

    code: str
    name: str
    what: str


class DigitBookWholeOut(DigitBookOut):
    issues: list[DigitIssueOut]


class DigitBooksIn(Schema):
    kind: BookKind | None = None
    year: int | None = Field(None, ge=1900, le=2100)
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class DigitBooksOut(Schema):
    """One page of a list; ``next_offset`` is null at its end."""

    items: list[DigitBookOut]
    next_offset: int | None


class DigitTakenOut(Schema):
    """What became of the files."""

    new: int
    there: int
    refused: int


class DigitSeenIn(Schema):
    seen: bool = Field(..., description="đã xem các việc chọn mẫu")


class DigitApprovedOut(Schema):
    approved: int


class DigitJobOut(Schema):
    """Work that goes on by itself."""

    id: int
    total: int
    done: int
    failed: int
    ended_at: datetime | None


class DigitLineOut(Schema):
    """An entry: enough for a list."""

    id: int
    book_id: int
    number: str
    registered_on: date | None
    state: State
    source: str
    refused: str


class DigitPlaceOut(Schema):
    raw: str
    value: str
    standing: InBook
    read: bool


class DigitEntryOut(DigitLineOut):
    """A whole entry."""

    what: str
    content: dict[str, dict[str, DigitPlaceOut]]
    returned: dict[str, str]
    refused_why: str
    act: str | None


class DigitEntriesIn(Schema):
    book_id: int | None = Field(None, ge=1, le=9_000_000_000)
    state: State | None = None
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class DigitEntriesOut(Schema):
    items: list[DigitLineOut]
    next_offset: int | None


class DigitNextIn(Schema):
    book_id: int | None = Field(None, ge=1, le=9_000_000_000)


class DigitPlaceIn(Schema):
    """A place as written; ``value`` where it is to be understood otherwise than as it reads."""

    raw: str = Field("", max_length=400)
    value: str = Field("", max_length=100)
    standing: InBook = InBook.GIVEN


class DigitNoteIn(Schema):
    """A note of the margin."""

    kind: AnnotationKind = AnnotationKind.OLD_NOTE
    text: str = Field(..., min_length=1, max_length=900)
    noted_on: date
    decision_no: str = Field("", max_length=100)
    authority: str = Field("", max_length=200)


class DigitContentIn(Schema):
    """An entry as keyed: part → place."""

    what: str = Field(..., max_length=40)
    registered_on: date
    day_is_so: bool = False
    content: dict[str, dict[str, DigitPlaceIn]]
    notes: list[DigitNoteIn] = Field([], max_length=6)


class DigitProofIn(Schema):
    """``decided``: where two keyers differ, path → first or second."""

    compared: bool
    decided: dict[str, str] = Field({}, max_length=60)


class DigitReturnIn(Schema):
    """Why, place by place: ``child.name``; ``line`` and ``notes`` as a whole."""

    reasons: dict[str, str] = Field(..., max_length=60)


class DigitReasonIn(Schema):
    reason: str = Field(..., min_length=1, max_length=300)


class DigitAxisOut(Schema):
    title: str
    figures: DigitFiguresOut


# --- Books ------------------------------------------------------------------------------------------------------------


@router.get("/digitisation/books", response=DigitBooksOut, summary="Danh mục sổ số hóa")
def list_digit_books(request: HttpRequest, wanted: Query[DigitBooksIn]) -> dict[str, Any]:
    """Of the offices in which the caller has a part, with how far each book is."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    found = queries.books(actor, at)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    shown = list(found[wanted.offset : wanted.offset + wanted.limit + 1])
    standings = queries.standings(shown)
    return {"items": [_book(one, standings[one.pk]) for one in shown[: wanted.limit]],
            "next_offset": wanted.offset + wanted.limit if len(shown) > wanted.limit else None}


@router.post("/digitisation/books", response={201: DigitBookOut}, summary="Thêm sổ vào danh mục")
def enter_digit_book(request: HttpRequest, body: DigitBookIn) -> Status[dict[str, Any]]:
    """By who manages books of that office."""
    unit = orgs.office(body.office_code, on=body.office_on or max(body.opened_on, orgs.EARLIEST))
    line = BookLine(**body.dict(exclude={"office_code", "office_on"}))
    book = operations.enter_book(unit_id=unit.pk, line=line, **_by(request, body))
    return Status(201, _book(book, queries.Standing(book.expected, 1)))


@router.get("/digitisation/books/{int:volume_id}", response=DigitBookWholeOut, summary="Một sổ và các lỗi bản quét")
def get_digit_book(request: HttpRequest, volume_id: int) -> dict[str, Any]:
    book = queries.get_book(volume_id, actor_of(request), now())
    one = Book.objects.filter(pk=book.pk)
    return {**_book(book, queries.standing(one)),
            "issues": [{"code": each.code, "name": each.name, "what": each.what} for each in queries.issues(one)]}


@router.post("/digitisation/books/{int:volume_id}/scans", response=DigitTakenOut, summary="Nạp một bản quét của sổ")
def take_in_digit_scan(request: HttpRequest, volume_id: int, file: Annotated[UploadedFile, File()]) -> dict[str, int]:
    """A PDF by its name; the same file again changes nothing."""
    taken = operations.take_in(
        files_in=[operations.ScanFile(file.name or "", file.read())], book_id=volume_id, actor=actor_of(request),
        at=now())
    return {"new": taken.new, "there": taken.there, "refused": taken.refused}


@router.post("/digitisation/books/{int:volume_id}/approve", response=DigitApprovedOut, summary="Duyệt cả sổ")
def approve_digit_book(request: HttpRequest, volume_id: int, body: DigitSeenIn) -> dict[str, int]:
    """Every proofed entry in which the caller has had no hand; the sample was looked at."""
    return {"approved": operations.approve_book(book_id=volume_id, seen=body.seen, **_by(request, body))}


@router.post("/digitisation/books/{int:volume_id}/transfer", response=DigitJobOut, summary="Chuyển vào sổ điện tử")
def transfer_digit_book(request: HttpRequest, volume_id: int) -> dict[str, Any]:
    """Begun here, done in the background."""
    job = operations.begin_transfer(book_id=volume_id, actor=actor_of(request), at=now(), once=once_of(request, {}))
    return {"id": job.pk, "total": job.total, "done": job.done, "failed": job.failed, "ended_at": job.ended_at}


@router.get("/digitisation/progress/{axis}", response=list[DigitAxisOut], summary="Tiến độ theo đơn vị, loại, năm")
def digit_progress(request: HttpRequest, axis: str) -> list[dict[str, Any]]:
    """``axis``: ``don-vi``, ``loai`` or ``nam``; anything else is by office."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    lines = progress.lines(actor, progress.Wanted(axis if axis in progress.AXES else "don-vi"), at=at)
    return [{"title": line.title, "figures": _figures(line.standing)} for line in lines]


# --- Entries ----------------------------------------------------------------------------------------------------------


@router.get("/digitisation/entries", response=DigitEntriesOut, summary="Các việc trong sổ đang số hóa")
def list_digit_entries(request: HttpRequest, wanted: Query[DigitEntriesIn]) -> dict[str, Any]:
    """Without their content."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    found = queries.entries(actor, at)
    if wanted.book_id is not None:
        found = found.filter(book=wanted.book_id)
    if wanted.state is not None:
        found = queries.in_states(found, [wanted.state])
    shown = list(found[wanted.offset : wanted.offset + wanted.limit + 1])
    return {"items": [_line(one) for one in shown[: wanted.limit]],
            "next_offset": wanted.offset + wanted.limit if len(shown) > wanted.limit else None}


@router.get("/digitisation/entries/{int:line_id}", response=DigitEntryOut, summary="Một việc trong sổ đang số hóa")
def get_digit_entry(request: HttpRequest, line_id: int) -> dict[str, Any]:
    """As keyed; the look is kept in the log."""
    return _whole(queries.get(line_id, actor_of(request), now()))


@router.post("/digitisation/entries/next", response=DigitEntryOut, summary="Nhận việc tiếp theo để nhập")
def next_digit_entry(request: HttpRequest, body: DigitNextIn) -> dict[str, Any]:
    """Nobody else is given it meanwhile. Of one that is keyed a second time, the first keying is not told."""
    found = operations.take_next(book_id=body.book_id, **_by(request, body))
    told = _whole(found)
    return {**told, "content": {}} if found.state == State.KEYED else told


@router.put("/digitisation/entries/{int:line_id}/content", response=DigitLineOut, summary="Nhập nội dung")
def key_digit_entry(request: HttpRequest, line_id: int, body: DigitContentIn) -> dict[str, Any]:
    """Every place as written, not stated or illegible."""
    typed = {part: {code: {"raw": one.raw, "value": one.value, "standing": str(one.standing)}
                    for code, one in places.items()} for part, places in body.content.items()}
    notes = [{**one.dict(), "kind": str(one.kind), "noted_on": one.noted_on.isoformat()} for one in body.notes]
    return _line(operations.key(
        entry_id=line_id, what=body.what, registered_on=body.registered_on, typed=typed, day_is_so=body.day_is_so,
        notes=notes, **_by(request, body)))


@router.post("/digitisation/entries/{int:line_id}/unreadable", response=DigitLineOut, summary="Không đọc được")
def digit_entry_unreadable(request: HttpRequest, line_id: int, body: DigitReasonIn) -> dict[str, Any]:
    return _line(operations.set_unreadable(entry_id=line_id, reason=body.reason, **_by(request, body)))


@router.post("/digitisation/entries/{int:line_id}/proof", response=DigitLineOut, summary="Xác nhận đã kiểm tra")
def proof_digit_entry(request: HttpRequest, line_id: int, body: DigitProofIn) -> dict[str, Any]:
    """By another than who keyed, the scan compared."""
    return _line(operations.proof(
        entry_id=line_id, compared=body.compared, decided=body.decided, **_by(request, body)))


@router.post("/digitisation/entries/{int:line_id}/return", response=DigitLineOut, summary="Trả lại người nhập")
def return_digit_entry(request: HttpRequest, line_id: int, body: DigitReturnIn) -> dict[str, Any]:
    return _line(operations.return_entry(entry_id=line_id, reasons=body.reasons, **_by(request, body)))


@router.post("/digitisation/entries/{int:line_id}/approve", response=DigitLineOut, summary="Duyệt một việc")
def approve_digit_entry(request: HttpRequest, line_id: int) -> dict[str, Any]:
    """By a third."""
    return _line(operations.approve(entry_id=line_id, actor=actor_of(request), at=now(), once=once_of(request, {})))


def _by(request: HttpRequest, body: Schema) -> dict[str, Any]:
    return {"actor": actor_of(request), "at": now(), "once": once_of(request, body)}


def _figures(one: queries.Standing) -> dict[str, int]:
    return dict(zip(queries.FIGURES, one.figures, strict=True))


def _book(book: Book, standing: queries.Standing) -> dict[str, Any]:
    return {
        "id": book.pk, "office_code": book.unit.code, "office_name": book.office_name, "kind": book.kind,
        "year": book.year, "volume": book.volume, "first_number": book.first_number, "last_number": book.last_number,
        "state": book.state, "figures": _figures(standing),
    }


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.pk, "book_id": entry.book_id, "number": entry.display_number, "registered_on": entry.registered_on,
        "state": entry.state, "source": entry.source, "refused": entry.refused,
    }


def _whole(entry: Entry) -> dict[str, Any]:
    return {
        **_line(entry), "what": entry.what, "content": entry.content, "returned": entry.returned,
        "refused_why": entry.refused_why, "act": str(entry.act_id) if entry.act_id else None,
    }
