"""The register over the API: the same queries and operations as the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.people.api import PartialDate

from . import persons, queries, rules
from .copies.papers import sections_of
from .current import as_it_stands
from .joined.api import router as legs
from .models import Act, BirthAct, Party
from .old_books.api import router as old_books
from .queries import about

router = Router(tags=["Hộ tịch"])
router.add_router("", legs)
router.add_router("", old_books)

MOST = 200


class PersonOut(Schema):
    """A person as written in an act."""

    role: str
    name: str
    born_on: str
    sex: str
    ethnicity: str
    nationality: str
    residence: str
    personal_number: str


class BirthLineOut(Schema):
    """A line of the register: enough for a list."""

    id: UUID
    number: str
    office: str
    office_code: str
    registered_on: date
    state: str
    child: str
    born_on: str
    timeliness: str
    personal_number_state: str


class ActPaperOut(Schema):
    kind: str
    state: str
    code: str
    register_state: str
    sha256: str
    signed_at: datetime | None


class AnnotationOut(Schema):
    kind: str
    text: str
    noted_on: date
    decision_no: str


class BirthOut(BirthLineOut):
    """A whole act."""

    sex: str
    place: str
    native_place: str
    book: str
    page: int | None
    people: list[PersonOut]
    papers: list[ActPaperOut]
    annotations: list[AnnotationOut]


class BirthsOut(Schema):
    """One page of a list; ``next_offset`` is null at its end."""

    items: list[BirthLineOut]
    next_offset: int | None


class BirthsIn(Schema):
    state: str = ""
    office_code: str = ""
    registered_from: date | None = None
    registered_to: date | None = None
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class BirthLookIn(Schema):
    """Why one looks; kept with the look."""

    purpose: str = Field("", max_length=300)


class BirthSearchIn(Schema):
    """Whom one looks for, and for what purpose; the purpose is kept."""

    purpose: str = Field(..., min_length=3, max_length=300)
    text: str = Field("", max_length=100)
    role: str = Field("", pattern="^(child|mother|father|declarant)?$")
    born_on: str = Field("", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="2026, 2026-03 hoặc 2026-03-05")
    personal_number: str = Field("", pattern=r"^(\d{12})?$")
    number: str = Field("", max_length=12)


class ActLineOut(Schema):
    """A line of any book. ``happened_on``: the day of what it records, in part perhaps; of a birth the birthday."""

    id: UUID
    kind: str = Field(description="mã sổ: KS, KH, KT, GH, CMC, TĐCC, HN, GC")
    title: str
    number: str
    office: str
    office_code: str
    registered_on: date
    happened_on: str
    state: str
    about: str = Field(description="người có tên trong việc")


class ActTextOut(Schema):
    label: str
    value: str


class ActSectionOut(Schema):
    title: str
    lines: list[ActTextOut]


class ActOut(ActLineOut):
    """A whole act as it stands today; ``changed``: not as it was written, and the annotations tell what was."""

    book: str
    page: int | None = Field(description="rỗng khi sổ giấy không ghi trang")
    origin: str = Field(description="register: đăng ký trên hệ thống; old_book: chép từ sổ giấy")
    target: UUID | None = Field(description="việc hộ tịch mà việc này nói tới")
    changed: bool
    sections: list[ActSectionOut]
    people: list[PersonOut]
    papers: list[ActPaperOut]
    annotations: list[AnnotationOut]


class ActSearchIn(BirthSearchIn):
    """Acts of which kind (none: of all), with whom, on which day."""

    kind: str = Field("", pattern="^(KS|KH|KT|GH|CMC|TĐCC|HN|GC)?$")
    role: str = Field("", pattern="^[a-z]{0,12}$")


class CheckIn(Schema):
    """What is printed on the certificate that somebody holds."""

    number: str = Field(..., max_length=12, examples=["15/2026"])
    name: str = Field(..., min_length=2, max_length=100)
    born_on: date
    office_code: str = Field("", max_length=30)
    purpose: str = Field(..., min_length=3, max_length=300)


class CheckOut(Schema):
    """Yes or no, and how the act stands; nothing else."""

    matches: bool
    state: str = Field(description="registered, cancelled; rỗng khi không khớp")


@router.get("/civil-status/births", response=BirthsOut, summary="Danh sách việc khai sinh")
def list_births(request: HttpRequest, wanted: Query[BirthsIn]) -> dict[str, Any]:
    """The births of the offices whose register the caller may see, newest first."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    acts = queries.visible_births(actor, at)
    if wanted.state:
        acts = acts.filter(state=wanted.state)
    if wanted.office_code:
        acts = acts.filter(unit__code=wanted.office_code)
    if wanted.registered_from:
        acts = acts.filter(registered_on__gte=wanted.registered_from)
    if wanted.registered_to:
        acts = acts.filter(registered_on__lte=wanted.registered_to)
    found = list(acts[wanted.offset : wanted.offset + wanted.limit + 1])
    more = len(found) > wanted.limit
    return {
        "items": [_line(act) for act in found[: wanted.limit]],
        "next_offset": wanted.offset + wanted.limit if more else None,
    }


@router.get("/civil-status/births/{uuid:act_id}", response=BirthOut, summary="Một việc khai sinh")
def get_birth(request: HttpRequest, act_id: UUID, asked: Query[BirthLookIn]) -> dict[str, Any]:
    """One act with its people, papers and annotations; the look is kept in the log."""
    actor = replace(request.actor, purpose=asked.purpose.strip())  # type: ignore[attr-defined]
    return _whole(queries.get_birth(act_id, actor, now()))


@router.post("/civil-status/births/search", response=list[BirthLineOut], summary="Tra cứu việc khai sinh")
def search_births(request: HttpRequest, wanted: BirthSearchIn) -> list[dict[str, Any]]:
    """Births by name (accents do not matter), day, number; at most 200. The purpose is kept in the log."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    found = queries.search_births(_wanted(wanted), actor=actor, at=at, purpose=wanted.purpose)
    return [_line(act) for act in found[:MOST]]


def _wanted(asked: BirthSearchIn) -> queries.Wanted:
    return queries.Wanted(
        text=asked.text, role=asked.role, personal_number=asked.personal_number, number=asked.number,
        born_on=PartialDate.parse(asked.born_on) if asked.born_on else None,
    )


@router.get("/civil-status/acts/{uuid:act_id}", response=ActOut, summary="Một việc hộ tịch")
def get_act(request: HttpRequest, act_id: UUID, asked: Query[BirthLookIn]) -> dict[str, Any]:
    """One act of any kind as it stands today; the look is kept in the log."""
    actor = replace(request.actor, purpose=asked.purpose.strip())  # type: ignore[attr-defined]
    return _whole_act(queries.get_act(act_id, actor, now()))


@router.post("/civil-status/acts/search", response=list[ActLineOut], summary="Tra cứu việc hộ tịch")
def search_acts(request: HttpRequest, wanted: ActSearchIn) -> list[dict[str, Any]]:
    """Acts of every kind by name (old or new, accents do not matter), day, number; at most 200."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    found = queries.search_acts(_wanted(wanted), kind=wanted.kind, actor=actor, at=at, purpose=wanted.purpose)
    return [_act_line(act) for act in found[:MOST]]


@router.post("/civil-status/births/check", response=CheckOut, summary="Kiểm tra thông tin khai sinh")
def check_birth(request: HttpRequest, asked: CheckIn) -> queries.CheckAnswer:
    """For banks, notaries and other agencies: does the register say what this certificate says?"""
    return queries.check_birth(
        number=asked.number, office=asked.office_code, name=asked.name, born_on=asked.born_on,
        actor=request.actor, at=now(), purpose=asked.purpose,  # type: ignore[attr-defined]
    )


class StatusIn(Schema):
    """Of whom it is asked, what, and why; whoever is meant is named exactly."""

    personal_number: str = Field(..., pattern=r"^\d{12}$")
    name: str = Field(..., min_length=2, max_length=100)
    born_on: date
    alive: bool = Field(False, description="hỏi người này còn sống không")
    marital: bool = Field(False, description="hỏi tình trạng hôn nhân")
    purpose: str = Field(..., min_length=3, max_length=300)


class StatusOut(Schema):
    """What was asked, and nothing else."""

    known: bool
    alive: bool | None = Field(description="rỗng khi không hỏi hoặc không biết")
    marital: str | None = Field(description="single, married, divorced, widowed; rỗng khi không hỏi hoặc không biết")


@router.post("/civil-status/persons/status", response=StatusOut, summary="Kiểm tra còn sống, tình trạng hôn nhân")
def check_status(request: HttpRequest, asked: StatusIn) -> persons.StatusAnswer:
    """For notaries and other agencies: is she alive, is he married? By purpose, with the least data."""
    return persons.check_status(
        number=asked.personal_number, name=asked.name, born_on=asked.born_on, alive=asked.alive, marital=asked.marital,
        actor=request.actor, at=now(), purpose=asked.purpose,  # type: ignore[attr-defined]
    )


def _line(act: BirthAct) -> dict[str, Any]:
    return {
        "id": act.pk, "number": act.display_number, "office": act.unit_name, "office_code": act.unit.code,
        "registered_on": act.registered_on, "state": act.state, "child": act.child.name, "born_on": act.born_on,
        "timeliness": act.timeliness, "personal_number_state": act.personal_number_state,
    }


def _whole(act: BirthAct) -> dict[str, Any]:
    return {
        **_line(act), "sex": act.sex, "place": act.place, "native_place": act.native_place, **_common(act),
        "people": [_person(p) for p in act.parties.all()],
    }


def _act_line(act: Act) -> dict[str, Any]:
    return {
        "id": act.pk, "kind": act.kind, "title": act.title, "number": act.display_number, "office": act.unit_name,
        "office_code": act.unit.code, "registered_on": act.registered_on, "happened_on": act.event_on,
        "state": act.state, "about": about(act),
    }


def _whole_act(act: Act) -> dict[str, Any]:
    standing = as_it_stands(act)
    return {
        **_act_line(standing), **_common(act), "target": act.target_id, "origin": act.origin,
        "changed": standing is not act,
        "happened_on": standing.born_on if isinstance(standing, BirthAct) else standing.event_on,
        "sections": [
            {"title": part.title, "lines": [{"label": label, "value": value} for label, value in part.lines]}
            for part in sections_of(standing)
        ],
        "people": [_person(p) for p in standing.parties.all()],
    }


def _common(act: Act) -> dict[str, Any]:
    return {
        "book": act.book.title, "page": act.page,
        "papers": [
            {
                "kind": p.kind, "state": p.state, "code": p.document.code, "signed_at": p.signed_at,
                "register_state": p.document.register_state, "sha256": p.document.sha256,
            }
            for p in act.papers.all()
        ],
        "annotations": [
            {"kind": a.kind, "text": a.text, "noted_on": a.noted_on, "decision_no": a.decision_no}
            for a in act.annotations.all()
        ],
    }


def _person(party: Party) -> dict[str, Any]:
    return {
        "role": party.role, "name": party.name, "born_on": party.born_on, "sex": party.sex,
        "ethnicity": party.ethnicity, "nationality": party.nationality, "residence": party.residence,
        "personal_number": party.personal_number,
    }
