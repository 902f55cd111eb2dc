"""What is asked for: which act, how many copies or which confirmation, by whom (Luật Hộ tịch 2014, Điều 63–64)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Applicant, Dossier, Finding, FormPage, Procedure
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import PersonName

from .. import rules
from ..answers import Block, Text, missing, none_if_empty, required
from ..checks import act_text, error, errors_first, incomplete, warning
from ..events.asking import Ask
from ..events.blocks import Declaration, Filer, applicant_from
from ..events.pages import filer_page, page_form
from ..events.targets import Target
from ..models import Act, OldEntry
from ..old_books.rules import OPEN
from ..rules import ActState

COPY, CONFIRMATION = "civil_status.extract_copy", "civil_status.confirmation"


class AnyTarget(Target):
    """Which act, of any kind."""

    book: Annotated[rules.BookKind, Ask("Việc hộ tịch đã đăng ký", titles={
        kind: title for kind, title in rules.ACT_TITLES.items() if kind is not rules.BookKind.MARITAL_STATUS})]
    on_paper: Annotated[bool, Ask(
        "Đăng ký từ trước, chỉ có trong sổ giấy hoặc không rõ đã có trong cơ sở dữ liệu điện tử chưa")] = False
    registered_on: Annotated[date | None, BeforeValidator(none_if_empty), Ask(
        "Ngày đăng ký (nếu biết)", optional=True)] = None
    volume: Annotated[Text, Ask("Quyển số (nếu biết)", optional=True, most=3)] = ""
    page: Annotated[Text, Ask("Trang số (nếu biết)", optional=True, most=3)] = ""
    office_then: Annotated[Text, Ask(
        "Tên cơ quan đăng ký khi đó (nếu biết)", "Như trên giấy tờ cũ, kể cả xã, huyện nay không còn.",
        optional=True)] = ""


class Copies(Block):
    """How many, and what for."""

    copies: Annotated[int, Ask("Số bản sao", "Bản điện tử dùng được nhiều lần.")] = 1
    purpose: Annotated[Text, Ask("Mục đích sử dụng", optional=True)] = ""

    @field_validator("copies")
    @classmethod
    def _some(cls, copies: int) -> int:
        if not 1 <= copies <= rules.MOST_COPIES:
            raise PydanticCustomError("civil_status.copies", "Số bản sao từ 1 đến {most}.", {"most": rules.MOST_COPIES})
        return copies


class Asked(Block):
    """What is to be confirmed, and what for."""

    about: Annotated[Text, Ask("Thông tin đề nghị xác nhận", kind="text", most=500)] = Field(
        default="", validate_default=True)
    purpose: Annotated[Text, Ask("Mục đích sử dụng", optional=True)] = ""

    @field_validator("about")
    @classmethod
    def _told(cls, about: str) -> str:
        if not about:
            raise missing("thông tin đề nghị xác nhận")
        return about


class Relation(StrEnum):
    """Who asks, to whom the act is about."""

    SELF = "self"
    KIN = "kin"
    PROXY = "proxy"
    AGENCY = "agency"


RELATION_TITLES = {
    Relation.SELF: "Người có tên trong việc hộ tịch", Relation.KIN: "Cha, mẹ, vợ, chồng, con, người thân thích",
    Relation.PROXY: "Người được ủy quyền", Relation.AGENCY: "Cơ quan, tổ chức có thẩm quyền",
}


class Requester(Filer):
    """Who asks."""

    relation: Annotated[Relation, Ask("Người yêu cầu là", titles=RELATION_TITLES)] = Field(
        default=None, validate_default=True)

    _relation_given = field_validator("relation", mode="before")(required("tư cách người yêu cầu"))


class CopyDeclaration(Declaration):
    """A whole request for copies of an extract."""

    target: AnyTarget
    request: Copies
    requester: Requester

    def find_target(self) -> Act | None:
        return self.target.find(self.target.book)

    def applicant(self) -> Applicant:
        return applicant_from(self.requester, self.requester)


class ConfirmationDeclaration(CopyDeclaration):
    """A whole request for a written confirmation."""

    request: Asked  # type: ignore[assignment]  # another page of the same name


_REQUESTER = filer_page("requester", "Người yêu cầu", Requester, "relation")
_TARGET = FormPage("target", "Việc hộ tịch", page_form(
    AnyTarget, order=("book", "number", "office", "name", "on_paper", "office_then", "registered_on", "volume", "page"),
    rows=(("volume", "page"),)),
                   "Ghi theo giấy tờ hộ tịch đang giữ.")
_MODELS: dict[str, type[CopyDeclaration]] = {COPY: CopyDeclaration, CONFIRMATION: ConfirmationDeclaration}
_PAGES = {
    COPY: (_TARGET, FormPage("request", "Bản sao", page_form(Copies, order=("copies", "purpose"))), _REQUESTER),
    CONFIRMATION: (_TARGET, FormPage("request", "Xác nhận", page_form(Asked, order=("about", "purpose"))), _REQUESTER),
}


def model(procedure: Procedure) -> type[CopyDeclaration]:
    return _MODELS[procedure.handler]


def pages(procedure: Procedure) -> tuple[FormPage, ...]:
    return _PAGES[procedure.handler]


def read(dossier: Dossier) -> CopyDeclaration:
    """:raises pydantic.ValidationError: it is not whole."""
    return _MODELS[dossier.procedure.handler].model_validate(dossier.answers)


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """What the register has to say about the request today; errors first."""
    try:
        declared = read(dossier)
    except ValidationError as faults:
        return incomplete(faults)
    return errors_first(findings(declared))


def _not_in_register(asked: AnyTarget) -> Finding:
    """What the officer does first: the entry is transcribed from its book, or the request is answered otherwise."""
    told = f"{rules.ACT_TITLES[asked.book]} số {asked.number}, {asked.office.text}, {asked.name}."
    entry = transcription_of(asked)
    if entry is not None:
        state = entry.state_title.lower()
        return error("old_entry_open", f"Việc hộ tịch này đang được chép từ sổ giấy ({state}).", told)
    if asked.on_paper:
        return error("old_entry_wanted", "Việc hộ tịch này chưa có trong sổ điện tử: chép từ sổ giấy trước, hoặc trả "
                     "lời người yêu cầu nếu sổ không có.", told)
    return error("target_unknown", "Không tìm thấy việc hộ tịch này trong sổ điện tử.",
                 f"{told} Nếu chỉ có trong sổ giấy thì chép vào sổ điện tử trước.")


def transcription_of(asked: AnyTarget) -> OldEntry | None:
    """The transcription of this very entry that is under way, by its number in what is one commune now."""
    number, _, year = asked.number.partition("/")
    unit = asked.office.unit()
    found = OldEntry.objects.filter(
        unit__admin_unit__in=[unit, *orgs.predecessors(unit)], kind=asked.book, year=int(year),
        number__regex=f"^0*{number.lstrip('0')}$", state__in=OPEN,
    )
    return found.order_by("-changed_at").first()


def findings(declared: CopyDeclaration) -> Iterator[Finding]:
    """What stands in the way of giving what was asked, or must be looked at before."""
    asked, act = declared.target, declared.find_target()
    if act is None:
        yield _not_in_register(asked)
        return
    if act.state != ActState.REGISTERED:
        yield error("target_state", f"Việc hộ tịch này đang ở trạng thái “{act.state_title}”, không trích lục được.",
                    act_text(act))
    requester = declared.requester
    named = {p.personal_number for p in act.parties.all()} - {""} | {p.search_key for p in act.parties.all()}
    known = {requester.personal_number, PersonName(requester.name).search_key} & named
    if requester.relation is Relation.SELF and not known:
        yield warning("requester_not_named",
                      "Người yêu cầu khai là người có tên trong việc hộ tịch nhưng sổ không có tên.", act_text(act))
    if requester.relation in (Relation.KIN, Relation.PROXY):
        yield warning("requester_right", "Kiểm tra giấy tờ chứng minh quan hệ hoặc văn bản ủy quyền.",
                      RELATION_TITLES[requester.relation])
