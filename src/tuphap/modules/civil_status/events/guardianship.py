"""Giám hộ: one answers for a minor or for who cannot act (Luật Hộ tịch 2014, Điều 19–23; BLDS 2015, Điều 46–63)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Applicant, Finding, FormPage

from .. import rules
from ..answers import PersonBlock, Text, missing, required
from ..checks import act_text, error, same_person, warning
from ..forms import PersonForm
from ..models import Act
from ..rules import BookKind, PartyRole
from . import checks
from .asking import Ask
from .blocks import (
    SEXED_ORDER,
    Contact,
    Copies,
    Declaration,
    SexedSomebody,
    applicant_from,
    has_foreigner,
    person_lines,
    somebody_in,
)
from .kinds import Case, EventKind, Section
from .pages import page_form
from .standing import forebears, guardianship_has_ended, in_acts, same_as, standing_of

HANDLER = rules.GUARDIANSHIP


class Why(StrEnum):
    """Why somebody needs a guardian: BLDS 2015, Điều 47."""

    NO_PARENTS = "no_parents"
    PARENTS_CANNOT = "parents_cannot"
    INCAPABLE = "incapable"
    UNAWARE = "unaware"


WHY_TITLES = {
    Why.NO_PARENTS: "Chưa thành niên, không còn cha mẹ hoặc không xác định được cha mẹ",
    Why.PARENTS_CANNOT: "Chưa thành niên, cha mẹ không có điều kiện chăm sóc, giáo dục",
    Why.INCAPABLE: "Mất năng lực hành vi dân sự theo quyết định của Tòa án",
    Why.UNAWARE: "Có khó khăn trong nhận thức, làm chủ hành vi theo quyết định của Tòa án",
}
OF_MINORS = (Why.NO_PARENTS, Why.PARENTS_CANNOT)


class Form(StrEnum):
    """By what one becomes a guardian."""

    NATURAL = "natural"
    APPOINTED = "appointed"


FORM_TITLES = {Form.NATURAL: "Giám hộ đương nhiên", Form.APPOINTED: "Giám hộ cử"}


class Ward(SexedSomebody):
    """Who is looked after."""

    why: Annotated[Why, Ask("Lý do cần giám hộ", titles=WHY_TITLES)] = Field(default=None, validate_default=True)
    decision: Annotated[Text, Ask("Quyết định của Tòa án (nếu có)", "Số, ngày, Tòa án.", optional=True)] = ""

    _why_given = field_validator("why", mode="before")(required("lý do cần giám hộ"))

    @model_validator(mode="after")
    def _decided(self) -> Ward:
        if self.why not in OF_MINORS and not self.decision:
            raise missing("số, ngày quyết định của Tòa án")
        return self

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield "born_on", "ngày sinh (hoặc năm sinh)"
        yield "residence", "nơi cư trú"


class Guardian(SexedSomebody):
    """Who looks after."""

    relation: Annotated[Text, Ask("Quan hệ với người được giám hộ", "Ví dụ: bà nội, anh ruột.")] = ""



class Terms(Contact, Copies):
    """By what, and what is looked after beside the person."""

    form: Annotated[Form, Ask("Hình thức giám hộ", titles=FORM_TITLES)] = Form.NATURAL
    appointment: Annotated[Text, Ask("Văn bản cử người giám hộ", "Số, ngày, cơ quan (khi giám hộ cử).",
                                     optional=True)] = ""
    property: Annotated[Text, Ask("Tài sản của người được giám hộ", kind="text", optional=True, most=500)] = ""
    able: Annotated[bool, Ask(
        "Người giám hộ có đủ năng lực hành vi dân sự, tư cách đạo đức tốt, không bị kết án về các tội mà pháp luật "
        "không cho phép làm người giám hộ")] = False

    @field_validator("able")
    @classmethod
    def _declared(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("civil_status.guardian_able", "Người giám hộ phải cam đoan nội dung này.", {})
        return value

    @model_validator(mode="after")
    def _appointed(self) -> Terms:
        if self.form is Form.APPOINTED and not self.appointment:
            raise missing("văn bản cử người giám hộ")
        return self


class GuardianshipDeclaration(Declaration):
    """A whole declaration of guardianship; the guardian files."""

    ward: Ward
    guardian: Guardian
    terms: Terms

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.WARD, self.ward, str(self.ward.sex)
        yield PartyRole.GUARDIAN, self.guardian, str(self.guardian.sex)

    def applicant(self) -> Applicant:
        return applicant_from(self.guardian, self.terms)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {
            "why": self.ward.why, "decision": self.ward.decision, "relation": self.guardian.relation,
            "form": self.terms.form, "appointment": self.terms.appointment, "property": self.terms.property,
            "foreign": has_foreigner(self.ward, self.guardian),
        }

    def wanted_copies(self) -> int:
        return self.terms.copies

    def remark(self) -> str:
        return self.terms.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.NotOfAge: the guardian surely is none, or who is said to be a minor surely is none."""
        assert self.ward.born_on is not None and self.guardian.born_on is not None  # a named person has a birthday
        rules.check_guardian_age(born_on=self.guardian.born_on, on=today)
        if self.ward.why in OF_MINORS:
            rules.check_minor(born_on=self.ward.born_on, on=today)


# --- What the register says -------------------------------------------------------------------------------------------


def check_competence(case: Case) -> Iterator[Finding]:
    homes = [case.declared.ward.residence, case.declared.guardian.residence]
    yield from checks.competence(case, homes, "Người được giám hộ, người giám hộ")


def check_alive(case: Case) -> Iterator[Finding]:
    yield from checks.alive(case.declared.ward, "ward", "Người được giám hộ")
    yield from checks.alive(case.declared.guardian, "guardian", "Người giám hộ")


def check_guarded(case: Case) -> Iterator[Finding]:
    """One guardian at a time; grandparents alone look after together (BLDS 2015, Điều 47 khoản 2)."""
    wards = in_acts(same_person(case.declared.ward), BookKind.GUARDIANSHIP, (PartyRole.WARD,))
    for act in wards.filter(event=HANDLER):
        if not guardianship_has_ended(act):
            yield error("already_guarded", "Người này đang có người giám hộ.", act_text(act))


def check_self(case: Case) -> Iterator[Finding]:
    ward, guardian = case.declared.ward, case.declared.guardian
    if ward.personal_number and ward.personal_number == guardian.personal_number:
        yield error("guards_oneself", "Người giám hộ và người được giám hộ là một người.")


def check_parents(case: Case) -> Iterator[Finding]:
    """A minor whose parents live by the register: why they do not care for the child is looked into."""
    if case.declared.ward.why is Why.NO_PARENTS:
        living = [f.who for f in forebears(same_person(case.declared.ward), generations=1)
                  if standing_of(same_as(f.who)).death is None]
        if living:
            yield warning("parents_alive", "Sổ khai sinh có cha, mẹ chưa được khai tử.",
                          "; ".join(parent.name for parent in living))


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    facts = act.facts
    terms = [("Lý do", WHY_TITLES[Why(facts["why"])]), ("Hình thức", FORM_TITLES[Form(facts["form"])])]
    for title, key in (("Quyết định của Tòa án", "decision"), ("Văn bản cử", "appointment"), ("Tài sản", "property")):
        if facts[key]:
            terms.append((title, facts[key]))
    return (
        Section("Người được giám hộ", person_lines(somebody_in(act, PartyRole.WARD), sex=True)),
        Section("Người giám hộ", (*person_lines(somebody_in(act, PartyRole.GUARDIAN), sex=True),
                                  ("Quan hệ với người được giám hộ", facts["relation"]))),
        Section("Việc giám hộ", tuple(terms)),
    )


def headline(act: Act) -> str:
    return f"{somebody_in(act, PartyRole.GUARDIAN).name} giám hộ {somebody_in(act, PartyRole.WARD).name}"



GUARDIANSHIP = EventKind(
    code=HANDLER, title="Đăng ký giám hộ", book=BookKind.GUARDIANSHIP, series=rules.Series.GUARDIANSHIP,
    declaration=GuardianshipDeclaration,
    pages=(
        FormPage("ward", "Người được giám hộ", page_form(Ward, base=PersonForm, order=(
            *SEXED_ORDER, "why", "decision"))),
        FormPage("guardian", "Người giám hộ", page_form(Guardian, base=PersonForm, order=(*SEXED_ORDER, "relation"))),
        FormPage("terms", "Việc giám hộ", page_form(Terms, order=(
            "form", "appointment", "property", "able", "phone", "email", "copies", "note"),
            rows=(("phone", "email"),))),
    ),
    checks=(checks.check_days, check_competence, check_alive, check_guarded, check_self, check_parents,
            checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.EXTRACT,
    extract_title="TRÍCH LỤC ĐĂNG KÝ GIÁM HỘ", extract_mark="TLGH-BS",
)
