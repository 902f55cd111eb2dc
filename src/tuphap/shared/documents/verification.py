"""Check a file that somebody holds: its bytes against the register, its signatures against the trust list."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from tuphap.kernel.clock import localdate
from tuphap.kernel.ids import normalise_public_code
from tuphap.kernel.refusal import NotFound

from .findings import Content, ContentLine, RegisterLine, SignatureLine, Standing, Verification
from .models import Document

# The address of the public check stands in every signature that we make, in bytes that no filter hides; a PDF string
# may write its slashes as they are or in octal.
CODE = re.compile(rb"minh(?:/|\\057)([0-9A-HJKMNP-TV-Z]{26})(?:/|\\057)")


class CodeUnknown(NotFound):
    """No issued document bears this code; nothing is said of codes that are near it."""

    code = "documents.code_unknown"
    message_vi = "Không có văn bản nào với mã xác minh và ngày cấp này."


class RegisterAway(Exception):
    """The register cannot be consulted from here."""


def verify_pdf(data: bytes, *, at: datetime) -> Verification:
    """The three lines about a file.

    Works without a database as well: the register's lines then say that it could not be consulted.

    :raises NoTrust: there is no trust list.
    """
    from . import signature_check  # not above, as in lifecycle

    digest = hashlib.sha256(data).hexdigest()
    ends = [end for end in signature_check.signed_ends(data) if end <= len(data)]
    prefixes = {hashlib.sha256(data[:end]).hexdigest(): end for end in ends}
    try:
        issued = _issued_with({digest, *prefixes})
        claimed = issued or _claimed(data)
    except RegisterAway:
        return _without_register(data, digest, ends, at)
    kept = len(data) if issued is not None and issued.sha256 == digest else prefixes.get(
        issued.sha256 if issued is not None else "", ends[-1] if ends else len(data))
    signatures = _signatures(data, kept)
    if claimed is not None:
        signatures = tuple(_of_office(line, claimed) for line in signatures)
    return Verification(
        content=_content(data, digest, issued, claimed, kept), signatures=signatures, register=_register(claimed),
        checked_at=at, sha256=digest, remarks=_remarks(signatures),
    )


def look_up(code: str, *, issued_on: date | None = None) -> RegisterLine:
    """What the register says of a code.

    :param code: as scanned or typed.
    :param issued_on: the day printed on the paper, asked for where the code was typed.
    :raises CodeUnknown: no issued document has this code, or its day is another.
    """
    wanted = normalise_public_code(code)
    document = Document.objects.select_related("unit", "replaced_by").filter(
        code=wanted, state=Document.State.SIGNED
    ).first()
    if document is None or document.signed_at is None:
        raise CodeUnknown()
    line = _register(document)
    if issued_on is not None and issued_on not in (localdate(document.signed_at), line.issued_on):
        raise CodeUnknown()
    return line


def look_up_hash(sha256: str) -> RegisterLine | None:
    """What the register says of the file with this hash; None where no such file was issued."""
    document = Document.objects.select_related("unit", "replaced_by").filter(
        sha256=sha256.lower(), state=Document.State.SIGNED
    ).first()
    return _register(document) if document is not None else None


def _signatures(data: bytes, kept: int) -> tuple[SignatureLine, ...]:
    """Signatures within the issued bytes are judged on those alone; what came after is told by the content line."""
    from . import signature_check

    inner = signature_check.judge(data[:kept])
    if kept >= len(data):
        return inner
    return (*inner, *signature_check.judge(data)[len(inner):])


def _content(
    data: bytes, digest: str, issued: Document | None, claimed: Document | None, kept: int
) -> ContentLine:
    if issued is not None and issued.sha256 == digest:
        return ContentLine(Content.SAME)
    if issued is not None:
        return ContentLine(Content.ADDED, _added(data, kept))
    if claimed is not None:
        return ContentLine(Content.ALTERED)
    return ContentLine(Content.FOREIGN)


def _added(data: bytes, kept: int) -> str:
    from . import signature_check

    if signature_check.latest_change(data) == "benign":
        return "Phần thêm vào chỉ là dữ liệu phục vụ kiểm tra chữ ký, không hiện trên trang."
    return (
        f"Chỉ {kept:,} byte đầu là văn bản đã ban hành; trang, ghi chú hoặc nội dung thêm vào sau đó "
        "không thuộc văn bản."
    ).replace(",", ".", 1)


def _issued_with(hashes: set[str]) -> Document | None:
    """The issued document with one of these hashes.

    :raises RegisterAway: no database answers.
    """
    try:
        return Document.objects.select_related("unit", "replaced_by").filter(
            sha256__in=hashes, state=Document.State.SIGNED
        ).order_by("-size").first()
    except (DatabaseError, ImproperlyConfigured, KeyError) as error:
        raise RegisterAway() from error


def _claimed(data: bytes) -> Document | None:
    """The issued document whose code the file bears, for files whose bytes are no longer those issued."""
    codes = {found.decode() for found in CODE.findall(data)}
    return Document.objects.select_related("unit", "replaced_by").filter(
        code__in=codes, state=Document.State.SIGNED
    ).order_by("pk").first() if codes else None


def _of_office(line: SignatureLine, document: Document) -> SignatureLine:
    if line.is_seal and line.office_code and line.office_code != document.unit.code:
        from . import signature_check

        return signature_check.constrained(line, "Con dấu không phải của cơ quan ban hành văn bản.")
    return line


def _register(document: Document | None) -> RegisterLine:
    if document is None:
        return RegisterLine(Standing.NOT_FOUND)
    public = document.register_line
    newer = document.replaced_by
    return RegisterLine(
        standing=Standing(document.register_state), code=document.code, kind=public.get("kind") or document.title,
        number=public.get("number", ""), book=public.get("book", ""), issued_on=_day(public.get("date"), document),
        office=document.unit.name,
        changed_on=localdate(document.register_changed_at) if document.register_changed_at else None,
        reason=document.get_cancel_reason_display() if document.cancel_reason else "",
        replaced_by=f"{newer.title} số {newer.register_line.get('number', '')}" if newer is not None else "",
    )


def _day(text: str | None, document: Document) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return localdate(document.signed_at) if document.signed_at else None


def _without_register(data: bytes, digest: str, ends: list[int], at: datetime) -> Verification:
    kept = ends[-1] if ends else len(data)
    signatures = _signatures(data, kept)
    if kept < len(data):
        detail = "Tệp có nội dung được thêm vào sau chữ ký cuối cùng."
    else:
        detail = "Theo chữ ký, xem dòng dưới." if signatures else ""
    return Verification(
        content=ContentLine(Content.UNKNOWN, detail), signatures=signatures,
        register=RegisterLine(Standing.UNKNOWN), checked_at=at, sha256=digest, remarks=_remarks(signatures),
    )


def _remarks(signatures: tuple[SignatureLine, ...]) -> tuple[str, ...]:
    """What an issued paper must bear and this file lacks."""
    lacking = []
    if not any(not line.is_seal for line in signatures):
        lacking.append("Thiếu chữ ký của người có thẩm quyền.")
    if not any(line.is_seal for line in signatures):
        lacking.append("Thiếu con dấu của cơ quan.")
    return tuple(lacking)
