"""The desk over HTTP: the same operations and queries as the pages, under ``/api/v1``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Attachment, Dossier, Event, Overlay, Procedure, SignedScan, State
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import operations, queries, rules
from .generic.api import router as generic
from .handover.api import router as handover
from .looks import queries as looks
from .looks.api import router as own_looks
from .payments.api import CountIn, FeeCode
from .payments.api import router as payments
from .post import operations as post_operations
from .post import queries as post_queries
from .store.api import router as store

router = Router(tags=["Một cửa"])
router.add_router("", generic)
router.add_router("", payments)
router.add_router("", store)
router.add_router("", own_looks)
router.add_router("", handover)

MOST = 200
Reference = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9.\-]+$", description="Mã hồ sơ hoặc mã nộp")]
Text = Annotated[str, Field(max_length=2000)]
Code = Annotated[str, Field(max_length=9, description="Mã của ứng dụng xác thực; không cần với mã truy cập API")]
ScanId = Annotated[int, Path(ge=1, le=9_000_000_000_000_000_000)]
ProcedureCode = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9.\-]+$")]


# -- what goes out


class ProcedureOut(Schema):
    """A procedure of the catalogue as it is in force today."""

    code: str
    name: str
    sector: str
    group: str
    service_kind: str
    limit: str
    limit_extra: str
    handled_online: bool
    result: str


class ProcedureWholeOut(ProcedureOut):
    components: list[dict[str, Any]]
    fees: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    eligibility: list[str]
    legal_basis: str
    valid_from: str
    pages: list[dict[str, str]]


class OfferOut(Schema):
    action: str
    label: str
    needs_reason: bool
    danger: bool


class DossierLineOut(Schema):
    """A dossier in a list."""

    id: UUID
    reference: str
    code: str | None
    external_code: str
    procedure_code: str
    procedure_name: str
    state: str
    state_title: str
    overlay: str
    channel: str
    applicant_name: str
    receiving_unit: str
    resolving_unit: str
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    result_ready_at: datetime | None
    returned_at: datetime | None
    verdict: str
    version: int


class PaperOut(Schema):
    id: int
    component: str
    source: str
    name: str
    sha256: str
    copies: int
    is_original: bool
    added_at: datetime


class RatingOut(Schema):
    """What the applicant thought of how they were served."""

    stars: int
    words: str
    at: datetime


class DossierOut(DossierLineOut):
    """A dossier whole, with what the caller may do with it now."""

    applicant: dict[str, Any]
    answers: dict[str, Any]
    representation: dict[str, Any] | None
    result_way: str
    post_to: dict[str, Any] | None
    original_due_at: datetime | None
    extension_count: int
    supplement_count: int
    supplement_due_at: datetime | None
    fee_amount: int
    fee_paid_at: datetime | None
    assigned_to: str
    result: dict[str, Any]
    papers: list[PaperOut]
    actions: list[OfferOut]
    rating: RatingOut | None


class EventOut(Schema):
    seq: int
    at: datetime
    action: str
    title: str
    from_state: str
    to_state: str
    to_overlay: str
    by: str
    unit: str
    to_name: str
    note: str
    reasons: list[str]
    form: str
    due_before: datetime | None
    due_after: datetime | None


class StepOut(Schema):
    """A line of the control sheet (form 06)."""

    number: int
    title: str
    from_role: str
    from_name: str
    to_role: str
    to_name: str
    handed_at: datetime
    received_at: datetime
    quota_hours: float | None
    finished_at: datetime | None
    hours: float
    verdict: str
    note: str


class FindingOut(Schema):
    code: str
    severity: str
    message: str
    evidence: str


class WorkItemOut(Schema):
    dossier: DossierLineOut
    action: str
    label: str
    deadline: datetime | None
    bucket: str


class TrackStepOut(Schema):
    title: str
    at: datetime


class StageOut(Schema):
    """The part of another agency."""

    title: str
    state: str
    due_at: datetime | None
    done_at: datetime | None


class TrackOut(Schema):
    """What anybody is told who knows the code and the last digits of the telephone: nothing personal."""

    reference: str
    procedure: str
    unit: str
    state: str
    state_title: str
    overlay_title: str
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    result_ready_at: datetime | None
    steps: list[TrackStepOut]
    stages: list[StageOut]


class ScanOut(Schema):
    """The scan of a paper that is signed by hand."""

    id: int
    original: str
    sha256: str
    added_at: datetime
    verified_at: datetime | None
    sent_back_at: datetime | None
    reason: str

    @staticmethod
    def resolve_sha256(scan: SignedScan) -> str:
        return scan.file.sha256


class OutcomeOut(Schema):
    dossier_id: UUID
    done: bool
    code: str = ""
    message: str = ""


# -- what comes in


class DraftIn(Schema):
    procedure_code: str = Field(max_length=40)
    resolving_unit: str = Field(max_length=30, description="Mã cơ quan giải quyết")
    receiving_unit: str = Field("", max_length=30, description="Mã cơ quan tiếp nhận, nếu khác cơ quan giải quyết")
    channel: Literal["truc_tiep", "buu_chinh", "truc_tuyen", "phi_dia_gioi"] = "truc_tuyen"


class RatingIn(Schema):
    stars: int = Field(ge=1, le=5, description="Mức độ hài lòng, từ 1 đến 5")
    words: str = Field("", max_length=1000)


class PaperIn(Schema):
    component: str = Field(max_length=60)
    copies: int = Field(1, ge=1, le=999)
    is_original: bool = True
    note: str = Field("", max_length=300)


class SparedIn(Schema):
    """Why a fee is not owed, and what shows it."""

    reason: Literal[tuple(fees.EXEMPTIONS)]  # type: ignore[valid-type]
    proof: str = Field(min_length=1, max_length=300)


class PaymentIn(Schema):
    """What the desk does about the fee when it takes a dossier in."""

    counts: dict[FeeCode, CountIn] = Field(default_factory=dict, description="Mã khoản thu → số lượng")
    exempt: dict[FeeCode, SparedIn] = Field(default_factory=dict, description="Mã khoản thu → lý do miễn, giảm")
    cash: bool = False
    deferred: bool | None = None


class AuthorisationIn(Schema):
    """The paper of an authorisation; ``e_copy`` names a certified electronic copy in place of a scan."""

    writing: Literal["notarised", "certified", "plain"]
    number: str = Field("", max_length=60)
    issued_on: date
    issuer: str = Field("", max_length=200)
    valid_to: date | None = None
    e_copy: str = Field("", max_length=200)
    receives_result: bool = True


class RepresentationIn(Schema):
    """For whom the dossier is filed, and by what right."""

    ground: Literal["parent", "guardian", "authorised"]
    name: str = Field(max_length=100)
    personal_number: str = Field("", max_length=12)
    born_on: date | None = None
    kinship: Literal["father", "mother", "grandparent", "child", "spouse", "sibling", "other"]
    authorisation: AuthorisationIn | None = None
    guardianship: str = Field("", max_length=200)


class AddressIn(Schema):
    unit_code: str = Field(max_length=5, description="Mã xã, phường, đặc khu")
    as_of: date
    detail: str = Field(max_length=200, description="Số nhà, đường, thôn")


class PostToIn(Schema):
    """Where the result goes by post."""

    name: str = Field(max_length=100)
    phone: str = Field(max_length=20)
    address: AddressIn


class ForAnotherIn(Schema):
    """Null: the filer files for themselves."""

    representation: RepresentationIn | None
    version: int | None = Field(None, ge=1, le=2_000_000_000)


class CounterIn(Schema):
    """A whole dossier taken in at the desk."""

    procedure_code: str = Field(max_length=40)
    receiving_unit: str = Field(max_length=30)
    resolving_unit: str = Field(max_length=30)
    channel: Literal["truc_tiep", "buu_chinh", "phi_dia_gioi"] = "truc_tiep"
    answers: dict[str, dict[str, Any]]
    papers: list[PaperIn] = Field(default_factory=list, max_length=100)
    result_way: Literal["tai_quay", "buu_chinh", "truc_tuyen"] = "tai_quay"
    post_to: PostToIn | None = None
    representation: RepresentationIn | None = None
    duplicate_reason: Text = ""
    payment: PaymentIn | None = None


class PageIn(Schema):
    answers: dict[str, Any]
    version: int | None = Field(None, ge=1, le=2_000_000_000)


class Versioned(Schema):
    version: int | None = Field(None, ge=1, le=2_000_000_000, description="Phiên bản hồ sơ đã xem")


class SubmitIn(Versioned):
    result_way: Literal["", "tai_quay", "buu_chinh", "truc_tuyen"] = ""
    exemption: str = Field("", max_length=20, description="Lý do đề nghị miễn, giảm phí, lệ phí")
    proof: str = Field("", max_length=300, description="Giấy tờ chứng minh được miễn, giảm")
    post_to: PostToIn | None = None


class WayIn(Versioned):
    way: Literal["tai_quay", "buu_chinh", "truc_tuyen"]
    post_to: PostToIn | None = None


class ReceiveIn(Versioned):
    duplicate_reason: Text = ""
    fee_deferred: bool | None = None
    payment: PaymentIn | None = None


class SupplementIn(Versioned):
    reasons: list[Text] = Field(max_length=50)
    note: Text = ""


class NoteIn(Versioned):
    note: Text = ""


class RefuseIn(Versioned):
    reason_code: str = Field(max_length=60)
    text: Text


class AssignIn(Versioned):
    to_user_id: UUID
    note: Text = ""


class ProposeIn(Versioned):
    acknowledged: dict[str, Text] = Field(default_factory=dict)
    note: Text = ""


class ReturnIn(Versioned):
    way: Literal["tai_quay", "buu_chinh", "truc_tuyen"]
    received_by: str = Field("", max_length=200)


class ReasonIn(Versioned):
    reason: Text


class ReasonOnlyIn(Schema):
    reason: str = Field(min_length=1, max_length=500)


class FeeIn(Versioned):
    amount: int | None = Field(None, ge=1, le=1_000_000_000, description="đồng")
    fee: str = Field("", max_length=60, description="Mã khoản thu của thủ tục; để trống khi thu khoản khác")
    count: CountIn | None = None
    note: Text


class ResumeIn(Versioned):
    receipt_no: str = Field("", max_length=40)
    note: Text = ""


class SettleIn(Schema):
    receipt_no: str = Field(max_length=40)


class ExtendIn(Versioned):
    new_due: AwareDatetime
    reason: Text


class TransferIn(Versioned):
    to_unit: str = Field(max_length=30)
    reason: Text


class AgencyIn(Versioned):
    agency: str = Field(max_length=200)
    note: Text


class LookupIn(Schema):
    component: str = Field(max_length=60)
    database: str = Field(max_length=200)
    found: bool
    reference: str = Field("", max_length=200)


class ApproveIn(Versioned):
    code: Code = ""


class ApproveEachIn(Schema):
    dossier_ids: list[UUID] = Field(min_length=1, max_length=100)
    code: Code = ""


class ListIn(Schema):
    state: Literal[tuple(State)] | None = None  # type: ignore[valid-type]
    procedure: str = Field("", max_length=40)
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class ProcedureSearchIn(Schema):
    q: str = Field("", max_length=200)
    sector: str = Field("", max_length=60)


class ParcelOut(Schema):
    """A result that goes by post: where to, and where it is."""

    reference: str
    name: str
    phone: str
    address: str
    tracking_no: str
    state: str


class PostalIn(Schema):
    part: Literal["waiting", "on_the_way", "delivered"] = "waiting"
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=200)


class HandIn(Versioned):
    tracking_no: str = Field(max_length=40, description="Số vận đơn")


class DeliveredIn(Versioned):
    received_by: str = Field("", max_length=200)


_POSTAL = {"waiting": post_queries.waiting, "on_the_way": post_queries.on_the_way, "delivered": post_queries.brought}


class TrackIn(Schema):
    code: str = Field(max_length=60)
    phone: str = Field(min_length=4, max_length=4, pattern=r"^\d{4}$", description="4 số cuối điện thoại")


# -- procedures


@router.get("/procedures", response=list[ProcedureOut], auth=None, summary="Tìm thủ tục hành chính")
def procedures(request: HttpRequest, wanted: Query[ProcedureSearchIn]) -> list[dict[str, Any]]:
    """The procedures in force today; with ``q``, those that a resident's words mean."""
    found = queries.find_procedures(wanted.q, on=localdate(now()), sector=wanted.sector)
    return [_procedure(procedure) for procedure in found]


@router.get("/procedures/{code}", response=ProcedureWholeOut, auth=None, summary="Xem một thủ tục hành chính")
def procedure(request: HttpRequest, code: ProcedureCode) -> dict[str, Any]:
    found = dossiers.procedure_in_force(code, on=localdate(now()))
    handler = found.declared_handler
    pages = handler.form_pages(found) if handler else ()
    return _procedure(found) | {
        "components": found.components, "fees": found.fee_rules, "steps": found.internal_steps,
        "eligibility": found.eligibility, "legal_basis": found.legal_basis, "valid_from": str(found.valid_from),
        "pages": [{"code": page.code, "title": page.title} for page in pages],
    }


# -- reading dossiers


@router.get("/dossiers", response=list[DossierLineOut], summary="Danh sách hồ sơ được xem")
def dossier_list(request: HttpRequest, wanted: Query[ListIn]) -> list[dict[str, Any]]:
    found = queries.visible(actor_of(request), at=now())
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.procedure:
        found = found.filter(procedure__code=wanted.procedure)
    return [_line(dossier) for dossier in found[wanted.offset : wanted.offset + wanted.limit]]


@router.get("/worklist", response=list[WorkItemOut], summary="Việc đang chờ tôi, theo hạn")
def worklist(request: HttpRequest) -> list[dict[str, Any]]:
    items = queries.worklist(actor_of(request), now(), limit=MOST).items
    return [
        {"dossier": _line(i.dossier), "action": i.action, "label": i.label, "deadline": i.deadline, "bucket": i.bucket}
        for i in items
    ]


@router.get("/tracking", response=TrackOut, auth=None, summary="Tra cứu tình trạng hồ sơ")
def tracking(request: HttpRequest, wanted: Query[TrackIn]) -> queries.TrackView:
    return queries.track(wanted.code, wanted.phone)


@router.get("/dossiers/{reference}", response=DossierOut, summary="Xem một hồ sơ")
def dossier_whole(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    at = now()
    return _whole(_seen(request, reference), actor_of(request), at)


@router.get("/dossiers/{reference}/events", response=list[EventOut], summary="Nhật ký xử lý hồ sơ")
def dossier_events(request: HttpRequest, reference: Reference) -> list[dict[str, Any]]:
    return [_event(event) for event in queries.history(_seen(request, reference))]


@router.get("/dossiers/{reference}/control-sheet", response=list[StepOut], summary="Phiếu kiểm soát (mẫu số 06)")
def dossier_sheet(request: HttpRequest, reference: Reference) -> list[queries.StepRecord]:
    return queries.control_sheet(_seen(request, reference))


@router.get("/dossiers/{reference}/findings", response=list[FindingOut], summary="Kết quả kiểm tra trước khi trình")
def dossier_findings(request: HttpRequest, reference: Reference) -> list[dossiers.Finding]:
    at = now()
    return queries.findings(_seen(request, reference), actor_of(request), at)


@router.get("/dossiers/{reference}/slips/{form}", summary="Phiếu mẫu số 01 đến 05 (PDF)",
            openapi_extra={"responses": {200: {"content": {"application/pdf": {
                "schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}}})
def dossier_slip(
    request: HttpRequest, reference: Reference, form: Literal["01", "02", "03", "04", "05"]
) -> HttpResponse:
    return HttpResponse(queries.slip(_seen(request, reference), form), content_type="application/pdf")


# -- filling in


@router.post("/dossiers", response={201: DossierOut}, summary="Tạo hồ sơ nháp")
def start_draft(request: HttpRequest, body: DraftIn) -> Status[dict[str, Any]]:
    at = now()
    made = operations.start_draft(
        procedure_code=body.procedure_code, resolving_unit_id=_unit_id(body.resolving_unit, at),
        receiving_unit_id=_unit_id(body.receiving_unit, at) if body.receiving_unit else None, channel=body.channel,
        actor=actor_of(request), at=at, once=once_of(request),
    )
    return Status(201, _whole(made, actor_of(request), at))


@router.post("/counter/dossiers", response={201: DossierOut}, summary="Nhận trọn hồ sơ tại quầy")
def file_at_counter(request: HttpRequest, body: CounterIn) -> Status[dict[str, Any]]:
    at = now()
    made = operations.file_at_counter(
        procedure_code=body.procedure_code, receiving_unit_id=_unit_id(body.receiving_unit, at),
        resolving_unit_id=_unit_id(body.resolving_unit, at), channel=body.channel, answers=body.answers,
        papers=[paper.dict() for paper in body.papers], result_way=body.result_way,
        post_to=body.post_to.dict() if body.post_to else None,
        representation=body.representation.dict() if body.representation else None,
        duplicate_reason=body.duplicate_reason, payment=_payment(body.payment), actor=actor_of(request), at=at,
        once=once_of(request),
    )
    return Status(201, _whole(made, actor_of(request), at))


@router.put("/dossiers/{reference}/pages/{page}", response=DossierOut, summary="Lưu một trang tờ khai")
def save_page(
    request: HttpRequest, reference: Reference, page: Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_]+$")],
    body: PageIn,
) -> dict[str, Any]:
    return _do(request, reference, operations.save_page, page=page, answers=body.answers, version=body.version)


@router.put("/dossiers/{reference}/representation", response=DossierOut, summary="Khai nộp thay người khác")
def represent(request: HttpRequest, reference: Reference, body: ForAnotherIn) -> dict[str, Any]:
    return _do(request, reference, operations.represent, **body.dict())


@router.put("/dossiers/{reference}/result-way", response=DossierOut, summary="Đổi cách nhận kết quả")
def choose_way(request: HttpRequest, reference: Reference, body: WayIn) -> dict[str, Any]:
    return _do(request, reference, operations.choose_way, **body.dict())


@router.post("/dossiers/{reference}/files", response={201: PaperOut}, summary="Đính kèm tệp cho một thành phần")
def attach(
    request: HttpRequest, reference: Reference, component: Annotated[str, Form(max_length=60)],
    file: Annotated[UploadedFile, File()],
) -> Status[dict[str, Any]]:
    at = now()
    dossier = queries.get_visible(reference, actor_of(request), at)
    made = operations.attach(
        dossier_id=dossier.pk, component=component, content=file.read(), name=file.name or "tep",
        media_type=file.content_type or "", actor=actor_of(request), at=at,
        once=once_of(request, body=[component, file.size]),
    )
    return Status(201, _paper(made))


@router.post("/dossiers/{reference}/papers", response={201: PaperOut}, summary="Ghi nhận giấy tờ nhận tại quầy")
def attach_paper(request: HttpRequest, reference: Reference, body: PaperIn) -> Status[dict[str, Any]]:
    at = now()
    dossier = queries.get_visible(reference, actor_of(request), at)
    made = operations.attach_paper(
        dossier_id=dossier.pk, actor=actor_of(request), at=at, **body.dict(), once=once_of(request)
    )
    return Status(201, _paper(made))


@router.delete("/dossiers/{reference}/papers/{paper_id}", response={204: None}, summary="Bỏ một giấy tờ đã đính kèm")
def detach(
    request: HttpRequest, reference: Reference, paper_id: Annotated[int, Path(ge=1, le=9_000_000_000_000_000_000)]
) -> Status[None]:
    at = now()
    dossier = queries.get_visible(reference, actor_of(request), at)
    operations.detach(
        dossier_id=dossier.pk, attachment_id=paper_id, actor=actor_of(request), at=at, once=once_of(request)
    )
    return Status(204, None)


@router.post("/dossiers/{reference}/lookups", response={201: PaperOut}, summary="Ghi kết quả tra cứu cơ sở dữ liệu")
def record_lookup(request: HttpRequest, reference: Reference, body: LookupIn) -> Status[dict[str, Any]]:
    at = now()
    dossier = queries.get_visible(reference, actor_of(request), at)
    made = operations.record_lookup(
        dossier_id=dossier.pk, actor=actor_of(request), at=at, **body.dict(), once=once_of(request)
    )
    return Status(201, _paper(made))


# -- moving: one address for each verb


@router.post("/dossiers/{reference}/submit", response=DossierOut, summary="Nộp hồ sơ")
def submit(request: HttpRequest, reference: Reference, body: SubmitIn) -> dict[str, Any]:
    return _do(request, reference, operations.submit, **body.dict())


@router.post("/dossiers/{reference}/receive", response=DossierOut, summary="Tiếp nhận (mẫu số 01)")
def receive(request: HttpRequest, reference: Reference, body: ReceiveIn) -> dict[str, Any]:
    told = body.dict(exclude={"payment"})
    return _do(request, reference, operations.receive, payment=_payment(body.payment), **told)


@router.post("/dossiers/{reference}/ask-supplement", response=DossierOut, summary="Yêu cầu bổ sung (mẫu số 02)")
def ask_supplement(request: HttpRequest, reference: Reference, body: SupplementIn) -> dict[str, Any]:
    return _do(request, reference, operations.ask_supplement, **body.dict())


@router.post("/dossiers/{reference}/answer-supplement", response=DossierOut, summary="Nộp bổ sung")
def answer_supplement(request: HttpRequest, reference: Reference, body: NoteIn) -> dict[str, Any]:
    return _do(request, reference, operations.answer_supplement, **body.dict())


@router.post("/dossiers/{reference}/refuse", response=DossierOut, summary="Từ chối (mẫu số 03)")
def refuse(request: HttpRequest, reference: Reference, body: RefuseIn) -> dict[str, Any]:
    return _do(request, reference, operations.refuse, **body.dict())


@router.post("/dossiers/{reference}/assign", response=DossierOut, summary="Phân công thụ lý")
def assign(request: HttpRequest, reference: Reference, body: AssignIn) -> dict[str, Any]:
    return _do(request, reference, operations.assign, **body.dict())


@router.post("/dossiers/{reference}/begin", response=DossierOut, summary="Bắt đầu giải quyết")
def begin(request: HttpRequest, reference: Reference, body: Versioned) -> dict[str, Any]:
    return _do(request, reference, operations.begin, **body.dict())


@router.post("/dossiers/{reference}/propose", response=DossierOut, summary="Trình lãnh đạo")
def propose(request: HttpRequest, reference: Reference, body: ProposeIn) -> dict[str, Any]:
    return _do(request, reference, operations.propose, **body.dict())


@router.post("/dossiers/{reference}/review", response=DossierOut, summary="Đồng ý trình ký")
def review(request: HttpRequest, reference: Reference, body: NoteIn) -> dict[str, Any]:
    return _do(request, reference, operations.review, **body.dict())


@router.post("/dossiers/{reference}/send-back", response=DossierOut, summary="Trả lại người thụ lý")
def send_back(request: HttpRequest, reference: Reference, body: NoteIn) -> dict[str, Any]:
    return _do(request, reference, operations.send_back, **body.dict())


@router.post("/dossiers/{reference}/approve", response=DossierOut, summary="Phê duyệt và ký")
def approve(request: HttpRequest, reference: Reference, body: ApproveIn) -> dict[str, Any]:
    return _do(request, reference, operations.approve_in_person, **body.dict())


@router.post("/approvals", response=list[OutcomeOut], summary="Phê duyệt nhiều hồ sơ")
def approve_each(request: HttpRequest, body: ApproveEachIn) -> list[dict[str, Any]]:
    """Each in a transaction of its own; one that is refused does not hold up the others."""
    outcomes = operations.approve_each(
        dossier_ids=body.dossier_ids, code=body.code, actor=actor_of(request), at=now(), once=once_of(request)
    )
    return [
        {"dossier_id": o.dossier_id, "done": o.done, "code": o.refusal.code if o.refusal else "",
         "message": o.refusal.message if o.refusal else ""}
        for o in outcomes
    ]


@router.post("/dossiers/{reference}/return", response=DossierOut, summary="Trả kết quả")
def return_result(request: HttpRequest, reference: Reference, body: ReturnIn) -> dict[str, Any]:
    return _do(request, reference, operations.return_result, **body.dict())


@router.get("/postal", response=list[ParcelOut], summary="Kết quả trả qua bưu chính")
def postal(request: HttpRequest, wanted: Query[PostalIn]) -> list[dict[str, Any]]:
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, rules.Permission.RETURN, on=localdate(at))
    found = _POSTAL[wanted.part](actor, at)[wanted.offset : wanted.offset + wanted.limit]
    return [_parcel(dossier) for dossier in found]


@router.post("/dossiers/{reference}/hand-to-post", response=DossierOut, summary="Giao kết quả cho bưu chính")
def hand_to_post(request: HttpRequest, reference: Reference, body: HandIn) -> dict[str, Any]:
    return _do(request, reference, post_operations.hand_to_post, **body.dict())


@router.post("/dossiers/{reference}/post-delivered", response=DossierOut, summary="Bưu chính đã phát kết quả")
def delivered(request: HttpRequest, reference: Reference, body: DeliveredIn) -> dict[str, Any]:
    return _do(request, reference, post_operations.mark_delivered, **body.dict())


@router.post("/dossiers/{reference}/post-returned", response=DossierOut, summary="Bưu chính chuyển hoàn kết quả")
def returned(request: HttpRequest, reference: Reference, body: ReasonIn) -> dict[str, Any]:
    return _do(request, reference, post_operations.mark_returned, **body.dict())


@router.post("/dossiers/{reference}/signed-scans", response={201: ScanOut}, summary="Đính kèm bản quét đã ký tay")
def attach_signed_scan(
    request: HttpRequest, reference: Reference, original: Annotated[str, Form(max_length=60)],
    file: Annotated[UploadedFile, File()],
) -> Status[SignedScan]:
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(reference, actor, at)
    return Status(201, operations.attach_signed_scan(
        dossier_id=dossier.pk, original=original, content=file.read(), name=file.name or "ban-quet",
        media_type=file.content_type or "", actor=actor, at=at, once=once_of(request, body=[original, file.size]),
    ))


@router.post("/dossiers/{reference}/signed-scans/{scan_id}/verify", response=ScanOut, summary="Xác nhận bản quét")
def verify_signed_scan(request: HttpRequest, reference: Reference, scan_id: ScanId) -> SignedScan:
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(reference, actor, at)
    return operations.verify_signed_scan(
        dossier_id=dossier.pk, scan_id=scan_id, actor=actor, at=at, once=once_of(request)
    )


@router.post("/dossiers/{reference}/signed-scans/{scan_id}/reject", response=ScanOut, summary="Trả lại bản quét")
def send_signed_scan_back(
    request: HttpRequest, reference: Reference, scan_id: ScanId, body: ReasonOnlyIn
) -> SignedScan:
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(reference, actor, at)
    return operations.send_signed_scan_back(
        dossier_id=dossier.pk, scan_id=scan_id, reason=body.reason, actor=actor, at=at, once=once_of(request)
    )


@router.post("/dossiers/{reference}/close", response=DossierOut, summary="Kết thúc hồ sơ")
def close(request: HttpRequest, reference: Reference, body: NoteIn) -> dict[str, Any]:
    return _do(request, reference, operations.close, **body.dict())


@router.post("/dossiers/{reference}/withdraw", response=DossierOut, summary="Rút hồ sơ")
def withdraw(request: HttpRequest, reference: Reference, body: NoteIn) -> dict[str, Any]:
    return _do(request, reference, operations.withdraw, **body.dict())


@router.post("/dossiers/{reference}/rating", response=DossierOut, summary="Đánh giá việc giải quyết hồ sơ")
def rate(request: HttpRequest, reference: Reference, body: RatingIn) -> dict[str, Any]:
    return _do(request, reference, operations.rate, **body.dict())


@router.post("/dossiers/{reference}/stop", response=DossierOut, summary="Dừng giải quyết (mẫu số 05)")
def stop(request: HttpRequest, reference: Reference, body: ReasonIn) -> dict[str, Any]:
    return _do(request, reference, operations.stop, **body.dict())


@router.post("/dossiers/{reference}/pause-fee", response=DossierOut, summary="Tạm dừng chờ nộp phí, lệ phí")
def pause_fee(request: HttpRequest, reference: Reference, body: FeeIn) -> dict[str, Any]:
    count = fees.Count(body.count.quantity, body.count.copies) if body.count else None
    return _do(request, reference, operations.pause_fee, count=count, **body.dict(exclude={"count"}))


@router.post("/dossiers/{reference}/settle-fee", response=DossierOut, summary="Ghi nhận đã nộp phí, lệ phí")
def settle_fee(request: HttpRequest, reference: Reference, body: SettleIn) -> dict[str, Any]:
    return _do(request, reference, operations.settle_fee, **body.dict())


@router.post("/dossiers/{reference}/ask-agency", response=DossierOut, summary="Lấy ý kiến cơ quan khác")
def ask_agency(request: HttpRequest, reference: Reference, body: AgencyIn) -> dict[str, Any]:
    return _do(request, reference, operations.ask_agency, **body.dict())


@router.post("/dossiers/{reference}/resume", response=DossierOut, summary="Tiếp tục giải quyết")
def resume(request: HttpRequest, reference: Reference, body: ResumeIn) -> dict[str, Any]:
    return _do(request, reference, operations.resume, **body.dict())


@router.post("/dossiers/{reference}/extend", response=DossierOut, summary="Xin lỗi và gia hạn (mẫu số 04)")
def extend(request: HttpRequest, reference: Reference, body: ExtendIn) -> dict[str, Any]:
    return _do(request, reference, operations.extend, **body.dict())


@router.post("/dossiers/{reference}/transfer", response=DossierOut, summary="Chuyển cơ quan giải quyết")
def transfer(request: HttpRequest, reference: Reference, body: TransferIn) -> dict[str, Any]:
    told = body.dict(exclude={"to_unit"})
    return _do(request, reference, operations.transfer, to_unit_id=_unit_id(body.to_unit, now()), **told)


# -- between


def _payment(told: PaymentIn | None) -> operations.Payment | None:
    if told is None:
        return None
    return operations.Payment(
        counts={code: fees.Count(one.quantity, one.copies) for code, one in told.counts.items()},
        exempt={code: (one.reason, one.proof) for code, one in told.exempt.items()}, cash=told.cash,
        deferred=told.deferred,
    )




def _seen(request: HttpRequest, reference: str) -> Dossier:
    """A dossier that the caller may see; that it was looked at is kept."""
    at, actor = now(), actor_of(request)
    found = queries.get_visible(reference, actor, at)
    looks.note(found, actor, at)
    return found


def _do(request: HttpRequest, reference: str, act: Callable[..., Dossier], **told: Any) -> dict[str, Any]:
    """Find the dossier among those that the caller may see, act, and show it as it is now."""
    at = now()
    dossier = queries.get_visible(reference, actor_of(request), at)
    acted = act(dossier_id=dossier.pk, actor=actor_of(request), at=at, **told, once=once_of(request))
    return _whole(acted, actor_of(request), at)


def _unit_id(code: str, at: datetime) -> int:
    """The key of the office that bears this code today, or bore it last.

    :raises rules.UnknownUnit: no office ever did.
    """
    found = OrgUnit.objects.filter(code=code.strip(), valid_from__lte=localdate(at)).order_by("-valid_from").first()
    if found is None:
        raise rules.UnknownUnit()
    return found.pk


def _procedure(procedure: Procedure) -> dict[str, Any]:
    return {
        "code": procedure.code, "name": procedure.name, "sector": procedure.sector, "group": procedure.group,
        "service_kind": procedure.service_kind, "limit": procedure.limit_text, "limit_extra": procedure.extra_text,
        "handled_online": procedure.handled_online, "result": procedure.result_type,
    }


def _line(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.pk, "reference": dossier.reference, "code": dossier.code, "external_code": dossier.external_code,
        "procedure_code": dossier.procedure.code, "procedure_name": dossier.procedure.name, "state": dossier.state,
        "state_title": dossiers.STATE_TITLES[State(dossier.state)], "overlay": Overlay(dossier.overlay),
        "channel": dossier.channel, "applicant_name": dossier.applicant_name,
        "receiving_unit": dossier.receiving_unit.code, "resolving_unit": dossier.resolving_unit.code,
        "submitted_at": dossier.submitted_at, "received_at": dossier.received_at, "due_at": dossier.due_at,
        "result_ready_at": dossier.result_ready_at, "returned_at": dossier.returned_at, "verdict": dossier.verdict,
        "version": dossier.version,
    }


def _whole(dossier: Dossier, actor: Actor, at: datetime) -> dict[str, Any]:
    offers = queries.available_actions(dossier, actor, at)
    rating = dossiers.rating_of(dossier)
    return _line(dossier) | {
        "applicant": dossier.applicant, "answers": dossier.answers, "representation": dossier.representation,
        "result_way": dossier.result_way, "post_to": dossier.post_to, "original_due_at": dossier.original_due_at,
        "extension_count": dossier.extension_count, "supplement_count": dossier.supplement_count,
        "supplement_due_at": dossier.supplement_due_at, "fee_amount": dossier.fee_amount,
        "fee_paid_at": dossier.fee_paid_at, "result": dossier.result,
        "assigned_to": dossier.assigned_to.full_name if dossier.assigned_to else "",
        "papers": [_paper(paper) for paper in queries.papers(dossier)],
        "rating": {"stars": rating.stars, "words": rating.words, "at": rating.at} if rating else None,
        "actions": [
            {"action": o.action, "label": o.label, "needs_reason": o.needs_reason, "danger": o.danger} for o in offers
        ],
    }


def _paper(paper: Attachment) -> dict[str, Any]:
    return {
        "id": paper.pk, "component": paper.component, "source": paper.source,
        "name": paper.file.name if paper.file else "", "sha256": paper.file.sha256 if paper.file else "",
        "copies": paper.copies, "is_original": paper.is_original, "added_at": paper.added_at,
    }


def _parcel(dossier: Dossier) -> dict[str, Any]:
    last = next(iter(dossier.parcels.all()), None)
    to = dossiers.read_post_to(dossier.post_to)
    return {
        "reference": dossier.reference, "name": to.name, "phone": to.phone, "address": to.address.text,
        "tracking_no": last.tracking_no if last else "", "state": last.state if last else "waiting",
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "at": event.at, "action": event.action, "title": event.title, "from_state": event.from_state,
        "to_state": event.to_state, "to_overlay": event.to_overlay, "by": event.actor_name, "unit": event.unit.code,
        "to_name": event.to_name, "note": event.note, "reasons": event.reasons, "form": event.form,
        "due_before": event.due_before, "due_after": event.due_after,
    }
