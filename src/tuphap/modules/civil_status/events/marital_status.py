"""Xác nhận tình trạng hôn nhân: the register attests whether somebody is married (Nghị định 123/2015, Điều 21–23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate, PersonName

from .. import rules
from ..answers import PersonBlock, Text, checked, missing, required
from ..checks import act_text, error, same_person, warning
from ..forms import PersonForm
from ..models import Act
from ..rules import BookKind, MaritalState, PartyRole
from . import checks
from .asking import Ask
from .blocks import SEXED_ORDER, Contact, Declaration, SexedSomebody, applicant_from, somebody_in
from .kinds import Case, EventKind, Section
from .pages import page_form
from .standing import standing_of

HANDLER = "civil_status.marital_status"


class Subject(SexedSomebody):
    """Of whom the status is attested."""


class Purpose(StrEnum):
    """What the certificate may be used for; one for marriage names whom."""

    MARRIAGE = "marriage"
    OTHER = "other"


class Request(Contact):
    """What is said of the marital status, and what the certificate is for."""

    status: Annotated[MaritalState, Ask("Tình trạng hôn nhân hiện nay", titles=rules.MARITAL_TITLES)] = Field(
        default=None, validate_default=True)
    earlier: Annotated[Text, Ask(
        "Nơi cư trú trước đây kể từ khi đủ tuổi kết hôn", "Ghi từng nơi, thời gian; để trống nếu chưa chuyển nơi nào.",
        kind="text", optional=True, most=500)] = ""
    purpose: Annotated[Purpose, Ask("Mục đích sử dụng", titles={
        Purpose.MARRIAGE: "Đăng ký kết hôn", Purpose.OTHER: "Mục đích khác"})] = Purpose.OTHER
    spouse_name: Annotated[Text, Ask("Họ, chữ đệm, tên người dự định kết hôn", kind="name", optional=True)] = ""
    spouse_born: Annotated[Text, Ask("Năm sinh, quốc tịch, giấy tờ của người đó", optional=True)] = ""
    married_at: Annotated[Text, Ask("Nơi sẽ đăng ký kết hôn", optional=True)] = ""
    use: Annotated[Text, Ask("Mục đích khác (ghi rõ)", optional=True)] = ""

    _status_given = field_validator("status", mode="before")(required("tình trạng hôn nhân"))

    @field_validator("spouse_name")
    @classmethod
    def _name(cls, name: str) -> str:
        return str(checked(lambda: PersonName(name))) if name else ""

    @model_validator(mode="after")
    def _for_what(self) -> Request:
        if self.purpose is Purpose.MARRIAGE and not (self.spouse_name and self.married_at):
            raise missing("họ tên người dự định kết hôn và nơi sẽ đăng ký kết hôn")
        if self.purpose is Purpose.OTHER and not self.use:
            raise missing("mục đích sử dụng giấy xác nhận")
        return self


class MaritalStatusDeclaration(Declaration):
    """A whole request."""

    subject: Subject
    request: Request

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.SUBJECT, self.subject, str(self.subject.sex)

    def applicant(self) -> Applicant:
        return applicant_from(self.subject, self.request)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        asked = self.request
        if asked.purpose is Purpose.MARRIAGE:
            about = f", {asked.spouse_born}" if asked.spouse_born else ""
            purpose = f"đăng ký kết hôn với {asked.spouse_name}{about}, tại {asked.married_at}"
        else:
            purpose = asked.use
        months = rules.in_force(rules.MARITAL_STATUS_MONTHS, on=declared_on).value
        return {"status": asked.status, "earlier": asked.earlier, "purpose": purpose, "for": asked.purpose,
                "months": months}


# --- What the register says -------------------------------------------------------------------------------------------


def check_competence(case: Case) -> Iterator[Finding]:
    yield from checks.competence(case, [case.declared.subject.residence], "Người yêu cầu")


def check_status(case: Case) -> Iterator[Finding]:
    """Dead people are attested nothing; what is declared is what the register says."""
    subject, declared = case.declared.subject, case.declared.request.status
    standing = standing_of(same_person(subject))
    if standing.death is not None:
        yield error("subject_dead", "Người này đã được đăng ký khai tử.", act_text(standing.death))
    yield from checks.perhaps_married(subject, "subject", "Người được xác nhận")
    if standing.marital == declared:
        return
    acts = "; ".join(act_text(m.act) for m in standing.marriages)
    if standing.marital == MaritalState.MARRIED:
        yield error("already_married", "Theo sổ hộ tịch, người này đang có vợ hoặc chồng.", acts)
    else:
        yield warning("marital_status", f"Khai “{rules.MARITAL_TITLES[declared]}”, sổ hộ tịch ghi "
                      f"“{rules.MARITAL_TITLES[standing.marital]}”.", acts)


def check_earlier(case: Case) -> Iterator[Finding]:
    """Earlier homes are asked, or the applicant's own statement is taken (Điều 22 khoản 4)."""
    if case.declared.request.earlier:
        yield warning("earlier_residences", "Đã cư trú ở nơi khác: xác minh tình trạng hôn nhân tại các nơi đó hoặc "
                      "lấy văn bản cam đoan.", case.declared.request.earlier)


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    subject, facts = somebody_in(act, PartyRole.SUBJECT), act.facts
    until = rules.months_after(act.registered_on, facts["months"])
    return (
        Section("", (
            ("Họ, chữ đệm, tên", subject.name.upper()),
            ("Ngày, tháng, năm sinh", str(PartialDate.parse(subject.born_on))),
            ("Giới tính", "Nam" if subject.sex == "male" else "Nữ"), ("Dân tộc", subject.ethnicity),
            ("Quốc tịch", subject.nationality), ("Giấy tờ tùy thân", subject.id_text),
            ("Nơi cư trú", subject.residence),
        )),
        Section("Tình trạng hôn nhân", (
            ("Hiện tại", rules.MARITAL_TITLES[MaritalState(facts["status"])]),
            ("Mục đích sử dụng", facts["purpose"]),
            ("Có giá trị", f"đến ngày {until:%d/%m/%Y}, hoặc đến khi tình trạng hôn nhân thay đổi"),
        )),
    )


def headline(act: Act) -> str:
    return somebody_in(act, PartyRole.SUBJECT).name


MARITAL_STATUS = EventKind(
    code=HANDLER, title="Cấp Giấy xác nhận tình trạng hôn nhân", book=BookKind.MARITAL_STATUS,
    series=rules.Series.MARITAL_STATUS, declaration=MaritalStatusDeclaration,
    pages=(
        FormPage("subject", "Người yêu cầu xác nhận", page_form(Subject, base=PersonForm, order=SEXED_ORDER)),
        FormPage("request", "Nội dung xác nhận", page_form(Request, order=(
            "status", "earlier", "purpose", "spouse_name", "spouse_born", "married_at", "use", "phone", "email"),
            rows=(("phone", "email"),))),
    ),
    checks=(check_competence, check_status, check_earlier, checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.MARITAL_STATUS,
)
