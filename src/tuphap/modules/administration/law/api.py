"""The law over HTTP: the same operations and queries as the pages, under ``/api/v1/administration``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema, Status

from tuphap.kernel.clock import localdate, now
from tuphap.shared.calendar.api import DayKind
from tuphap.shared.dossiers.api import Procedure, law
from tuphap.shared.operation.http import actor_of, once_of

from ..models import Decree, LawChange
from ..operations import require_provincial
from ..rules import Permission
from . import operations, queries

router = Router(tags=["Quản trị: thủ tục, văn bản"])

Code = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9._\-]+$")]
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


class VersionOut(Schema):
    """One version of a procedure, whole."""

    code: str
    valid_from: date
    valid_to: date | None
    source: str
    text: dict[str, Any]

    @staticmethod
    def resolve_text(procedure: Procedure) -> dict[str, Any]:
        return law.text_of(procedure).columns()


class EntryOut(Schema):
    """A procedure of the catalogue, in force or not."""

    code: str
    name: str
    sector: str
    authority_level: str
    in_force: bool
    next_on: date | None
    ends_on: date | None


class ChangeOut(Schema):
    """What differs between two texts, in words."""

    label: str
    old: str
    new: str


class EnactedOut(Schema):
    """A version as it would be, or was, enacted: what changes, and whom it concerns."""

    enacted: bool
    changes: list[ChangeOut]
    dossiers_that_keep_their_law: int
    dossiers_that_follow: int
    version: VersionOut | None = None


class VersionIn(Schema):
    """The whole text of a version; with ``preview`` nothing is written."""

    text: dict[str, Any]
    first: date
    decree: int | None = Field(None, ge=1, le=2**63 - 1)
    preview: bool = False


class NewProcedureIn(Schema):
    code: str = Field(max_length=40)
    text: dict[str, Any]
    first: date
    decree: int | None = Field(None, ge=1, le=2**63 - 1)


class WithdrawIn(Schema):
    first: date
    reason: str = Field("", max_length=300)
    decree: int | None = Field(None, ge=1, le=2**63 - 1)


class ParameterOut(Schema):
    code: str
    title: str
    value: int
    unit: str
    legal_basis: str
    valid_from: date
    valid_to: date | None


class ParameterIn(Schema):
    value: int = Field(ge=0, le=100_000)
    first: date
    basis: str = Field("", max_length=300)
    decree: int | None = Field(None, ge=1, le=2**63 - 1)


class DecreeOut(Schema):
    id: int
    number: str
    issuer: str
    title: str
    issued_on: date
    effective_on: date


class DecreeIn(Schema):
    number: str = Field(min_length=1, max_length=60)
    issuer: str = Field(min_length=1, max_length=150)
    title: str = Field(min_length=1, max_length=500)
    issued_on: date
    effective_on: date


class LawChangeOut(Schema):
    kind: str
    subject: str
    title: str
    effective_on: date
    changes: list[ChangeOut]
    made_at: datetime
    made_by: str


class DecreeWholeOut(DecreeOut):
    changes: list[LawChangeOut]

    @staticmethod
    def resolve_changes(decree: Decree) -> list[LawChange]:
        return list(queries.changes_under(decree))


class DayIn(Schema):
    day: date
    kind: Literal[tuple(DayKind)]  # type: ignore[valid-type]
    note: str = Field("", max_length=300)
    switched_on: bool = True


class SearchIn(Schema):
    q: str = Field("", max_length=200)
    sector: str = Field("", max_length=60)



@router.get("/administration/procedures", response=list[EntryOut], summary="Danh mục thủ tục, cả hết hiệu lực")
def list_procedures(request: HttpRequest, wanted: Query[SearchIn]) -> list[dict[str, Any]]:
    return [
        {"code": e.procedure.code, "name": e.procedure.name, "sector": e.procedure.sector, "in_force": e.in_force,
         "authority_level": e.procedure.authority_level, "next_on": e.next_on, "ends_on": e.ends_on}
        for e in queries.catalogue(actor_of(request), at=now(), text=wanted.q, sector=wanted.sector)
    ]


@router.post("/administration/procedures", response={201: VersionOut}, summary="Thêm thủ tục mới")
def introduce(request: HttpRequest, asked: NewProcedureIn) -> Any:
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    return Status(201, operations.introduce_procedure(
        code=asked.code, text=law.read_text(asked.text), first=asked.first, decree_id=asked.decree, actor=actor, at=at,
        once=once_of(request),
    ))


@router.get("/administration/procedures/{code}/versions", response=list[VersionOut], summary="Các phiên bản")
def list_versions(request: HttpRequest, code: Code) -> list[Procedure]:
    return [version.procedure for version in queries.timeline(code, actor_of(request), at=now())]


@router.post("/administration/procedures/{code}/versions", response={200: EnactedOut, 201: EnactedOut},
             summary="Phiên bản mới từ một ngày (hoặc xem trước)")
def enact(request: HttpRequest, code: Code, asked: VersionIn) -> Any:
    at, actor = now(), actor_of(request)
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    text, reach, versions = law.read_text(asked.text), law.reach(code), law.versions_of(code)
    old = next((version for version in versions if version.holds_on(asked.first)), None)
    told = {
        "enacted": not asked.preview, "dossiers_that_keep_their_law": reach.kept, "dossiers_that_follow": reach.moved,
        "changes": [{"label": c.label, "old": c.old, "new": c.new}
                    for c in law.changes(law.text_of(old) if old else None, text)],
    }
    if asked.preview:
        return Status(200, told)
    made = operations.enact_version(
        code=code, text=text, first=asked.first, decree_id=asked.decree, actor=actor, at=at, once=once_of(request)
    )
    return Status(201, {**told, "version": made})


@router.post("/administration/procedures/{code}/withdraw", response=VersionOut, summary="Bãi bỏ thủ tục từ một ngày")
def withdraw(request: HttpRequest, code: Code, asked: WithdrawIn) -> Procedure:
    return operations.withdraw_procedure(
        code=code, first=asked.first, reason=asked.reason, decree_id=asked.decree, actor=actor_of(request), at=now(),
        once=once_of(request),
    )


@router.get("/administration/parameters", response=list[ParameterOut], summary="Tham số một cửa, mọi thời kỳ")
def list_parameters(request: HttpRequest) -> list[Any]:
    return [row for one in queries.parameters(actor_of(request), at=now()) for row in one.rows]


@router.post("/administration/parameters/{code}", response={201: ParameterOut}, summary="Giá trị mới của tham số")
def set_parameter(request: HttpRequest, code: Code, asked: ParameterIn) -> Any:
    return Status(201, operations.set_parameter(
        code=code, value=asked.value, first=asked.first, basis=asked.basis, decree_id=asked.decree,
        actor=actor_of(request), at=now(), once=once_of(request),
    ))


@router.get("/administration/decrees", response=list[DecreeOut], summary="Văn bản thay đổi quy định")
def list_decrees(request: HttpRequest) -> list[Decree]:
    return list(queries.decrees(actor_of(request), at=now())[:200])


@router.post("/administration/decrees", response={201: DecreeOut}, summary="Nhập văn bản")
def enter_decree(request: HttpRequest, asked: DecreeIn) -> Any:
    made = operations.enter_decree(**asked.dict(), actor=actor_of(request), at=now(), once=once_of(request))
    return Status(201, made)


@router.get("/administration/decrees/{int:decree_id}", response=DecreeWholeOut, summary="Một văn bản và các thay đổi")
def get_decree(request: HttpRequest, decree_id: Key) -> Decree:
    return queries.decree(decree_id, actor_of(request), at=now())


@router.post("/administration/decrees/{int:decree_id}/days", response={201: DecreeWholeOut},
             summary="Ghi một ngày vào lịch theo văn bản")
def set_day(request: HttpRequest, decree_id: Key, asked: DayIn) -> Any:
    at, actor = now(), actor_of(request)
    operations.set_day(
        decree_id=decree_id, day=asked.day, kind=DayKind(asked.kind), note=asked.note, switched_on=asked.switched_on,
        actor=actor, at=at, once=once_of(request),
    )
    return Status(201, queries.decree(decree_id, actor, at=at))
