"""The citizen's store of results over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema, Status

from tuphap.kernel.clock import now
from tuphap.shared.operation.http import actor_of, once_of

from ..queries import get_visible
from ..rules import ResultNotForFiler
from . import operations, queries

router = Router(tags=["Kho kết quả"])
Reference = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9.\-]+$", description="Mã hồ sơ hoặc mã nộp")]


class ResultOut(Schema):
    """A signed paper, and how it stands in the register today."""

    document_id: UUID
    title: str
    number: str
    issued_by: str
    signed_at: datetime | None
    standing: str
    code: str
    sha256: str
    dossier: str
    whose: str
    may_hold: bool


class ResultsIn(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=200)


class FromStoreIn(Schema):
    component: str = Field(max_length=60)
    document_id: UUID


class FromStoreOut(Schema):
    id: int
    component: str
    sha256: str
    source: dict[str, Any]


@router.get("/results", response=list[ResultOut], summary="Kho kết quả của tôi")
def results(request: HttpRequest, wanted: Query[ResultsIn]) -> list[dict[str, Any]]:
    """Of the latest dossiers first; ``offset`` and ``limit`` count dossiers."""
    at, actor = now(), actor_of(request)
    found = queries.with_results(actor, at)[wanted.offset : wanted.offset + wanted.limit]
    return [_result(one) for one in queries.results(found, actor, at)]


@router.get("/results/{document_id}", summary="Tải một kết quả (PDF)",
            openapi_extra={"responses": {200: {"content": {"application/pdf": {
                "schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}}})
def result(request: HttpRequest, document_id: UUID) -> HttpResponse:
    found = queries.get(document_id, actor_of(request), now())
    if not found.may_hold:
        raise ResultNotForFiler()
    return HttpResponse(queries.content(found), content_type="application/pdf")


@router.post("/dossiers/{reference}/stored-papers", response={201: FromStoreOut},
             summary="Đính kèm một kết quả từ kho")
def attach_result(request: HttpRequest, reference: Reference, body: FromStoreIn) -> Status[dict[str, Any]]:
    at = now()
    dossier = get_visible(reference, actor_of(request), at)
    made = operations.attach_result(
        dossier_id=dossier.pk, actor=actor_of(request), at=at, **body.dict(), once=once_of(request)
    )
    assert made.file is not None
    return Status(201, {"id": made.pk, "component": made.component, "sha256": made.file.sha256, "source": made.lookup})



def _result(one: queries.StoredResult) -> dict[str, Any]:
    document = one.document
    return {
        "document_id": document.pk, "title": one.title, "number": one.number, "issued_by": document.unit.name,
        "signed_at": document.signed_at, "standing": one.standing, "code": document.code, "sha256": document.sha256,
        "dossier": one.dossier.reference, "whose": one.whose, "may_hold": one.may_hold,
    }
