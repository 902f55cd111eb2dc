"""The public check over HTTP, for programs: the same three lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Path, Query, Router, Schema
from ninja.files import UploadedFile

from tuphap.kernel.clock import now
from tuphap.shared.files.api import LARGEST, FileTooLarge, FileType
from tuphap.shared.operation.http import actor_of

from . import limits, verification
from .findings import PLAIN_WORDS, Content, Indication, RegisterLine, Standing

router = Router(tags=["Xác minh văn bản"])
Code = Annotated[str, Path(pattern=r"^[0-9A-Za-z -]{26,40}$", description="Mã xác minh in trên văn bản")]
Hash = Annotated[str, Path(pattern=r"^[0-9A-Fa-f]{64}$", description="SHA-256 của tệp, hệ thập lục phân")]
Day = Annotated[date | None, Query(description="Ngày cấp in trên văn bản, để đối chiếu")]


class RegisterOut(Schema):
    """What the register lets everybody see."""

    standing: Standing
    text: str
    code: str
    kind: str
    number: str
    book: str
    issued_on: date | None
    office: str
    changed_on: date | None
    reason: str
    replaced_by: str


class ContentOut(Schema):
    """Whether the file is what was issued."""

    state: Content
    text: str


class SignatureOut(Schema):
    """One signature: an indication of EN 319 102-1, and who, when, by whom vouched for."""

    indication: Indication
    reason: str
    text: str
    signer: str
    office: str
    office_code: str
    is_seal: bool
    claimed_at: datetime | None
    stamped_at: datetime | None
    stamped_by: str
    chain: list[str]
    revoked_at: datetime | None
    revocation_source: str


class VerificationOut(Schema):
    """The three lines."""

    content: ContentOut
    signatures: list[SignatureOut]
    register_: RegisterOut = Field(alias="register", serialization_alias="register")
    remarks: list[str]
    sha256: str
    checked_at: datetime
    plain_words: str = PLAIN_WORDS


# Before the path with a code, which would take any word.
@router.post("/documents/verify", response=VerificationOut, auth=None, by_alias=True, summary="Kiểm tra một tệp PDF")
def verify(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Public: the three lines about a file. The file is not kept."""
    limits.admit("file", actor=actor_of(request), at=now())
    if (file.size or 0) > LARGEST:
        raise FileTooLarge(limit=LARGEST // (1024 * 1024))
    data = file.read()
    if not data.startswith(b"%PDF-"):
        raise FileType()
    found = verification.verify_pdf(data, at=now())
    return {
        "content": found.content, "signatures": list(found.signatures), "register": found.register,
        "remarks": list(found.remarks), "sha256": found.sha256, "checked_at": found.checked_at,
    }


@router.get("/documents/by-hash/{sha256}", response=RegisterOut, auth=None, summary="Tra cứu theo mã băm của tệp")
def document_by_hash(request: HttpRequest, sha256: Hash) -> RegisterLine:
    """Public: the same, for whoever holds the file and would rather not send it."""
    limits.admit("hash", actor=actor_of(request), at=now())
    line = verification.look_up_hash(sha256)
    if line is None:
        raise verification.CodeUnknown()
    return line


@router.get("/documents/{code}", response=RegisterOut, auth=None, summary="Tra cứu văn bản theo mã")
def document(request: HttpRequest, code: Code, issued_on: Day = None) -> RegisterLine:
    """Public: number, book, date, office and kind, and whether it is in force; never the content."""
    limits.admit("code", actor=actor_of(request), at=now())
    return verification.look_up(code, issued_on=issued_on)

