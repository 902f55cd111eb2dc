"""Nhận cha, mẹ, con: a parent and a child recognise each other.

Basis: Luật Hộ tịch 2014, Điều 24–25; Luật Hôn nhân và gia đình 2014, Điều 88–92.

Where the child's birth is in the register, the parent is noted beside it and stands in it from then on
(``current.as_it_stands``); where a parent of that kind stands there already, only a court decides. A child whose birth
is registered by the same decision (``together``) has the parent written in its birth; the recognition names that birth
as its target.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate, Sex

from .. import rules
from ..answers import Block, PersonBlock, Text, missing, required
from ..checks import act_text, error, same_person, warning
from ..current import struck_out
from ..forms import PersonForm
from ..models import Act, BirthAct, Party
from ..operations import annotate
from ..papers import day_text
from ..rules import ActState, AnnotationKind, BookKind, PartyRole
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
from .standing import forebears, in_acts, same_as
from .targets import in_full

HANDLER = "civil_status.recognition"
YOUNGEST_GAP = 10  # years between parent and child below which the two are looked at again: ours


class Parent(SexedSomebody):
    """Who is the father or the mother."""


class Child(SexedSomebody):
    """Who is the son or the daughter."""

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield "born_on", "ngày sinh (hoặc năm sinh)"
        yield "residence", "nơi cư trú"


class Who(StrEnum):
    """Which of the two asks."""

    PARENT = "parent"
    CHILD = "child"


class Evidence(StrEnum):
    """What shows that they are of one blood: Thông tư 04/2020/TT-BTP, Điều 14."""

    EXAMINATION = "examination"
    STATEMENT = "statement"


EVIDENCE_TITLES = {
    Evidence.EXAMINATION: "Văn bản của cơ quan y tế, giám định (ADN)",
    Evidence.STATEMENT: "Văn bản cam đoan và ít nhất hai người làm chứng",
}


class Grounds(Block):
    """By what, and that nobody disputes it."""

    evidence: Annotated[Evidence, Ask("Chứng cứ chứng minh quan hệ", titles=EVIDENCE_TITLES)] = Field(
        default=None, validate_default=True)
    evidence_number: Annotated[Text, Ask("Số, ngày, nơi cấp; hoặc họ tên người làm chứng")] = Field(
        default="", validate_default=True)
    both_present: Annotated[bool, Ask("Hai bên tự nguyện, cùng có mặt khi đăng ký")] = False
    undisputed: Annotated[bool, Ask("Việc nhận cha, mẹ, con không có tranh chấp")] = False
    child_agrees: Annotated[bool, Ask("Con từ đủ 9 tuổi trở lên đồng ý")] = False
    other_parent_agrees: Annotated[bool, Ask("Người cha hoặc mẹ còn lại đồng ý (con chưa thành niên)")] = False

    _evidence_given = field_validator("evidence", mode="before")(required("chứng cứ chứng minh quan hệ"))

    @field_validator("evidence_number")
    @classmethod
    def _told(cls, text: str) -> str:
        if not text:
            raise missing("số, ngày, nơi cấp hoặc họ tên người làm chứng")
        return text

    @field_validator("both_present", "undisputed")
    @classmethod
    def _declared(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError(
                "civil_status.recognition_declared",
                "Hai bên phải cam đoan nội dung này; có tranh chấp thì Tòa án giải quyết.", {})
        return value


class Proof(Contact, Copies, Grounds):
    """The grounds, who of the two asks, and how they are reached."""

    files: Annotated[Who, Ask("Người yêu cầu", titles={
        Who.PARENT: "Cha hoặc mẹ nhận con", Who.CHILD: "Con nhận cha hoặc mẹ"})] = Who.PARENT


class RecognitionDeclaration(Declaration):
    """A whole declaration; who of the two asks files it."""

    parent: Parent
    child: Child
    proof: Proof

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.PARENT, self.parent, str(self.parent.sex)
        yield PartyRole.CHILD, self.child, str(self.child.sex)

    def who_files(self) -> Who:
        return self.proof.files

    def applicant(self) -> Applicant:
        return applicant_from(self.parent if self.proof.files is Who.PARENT else self.child, self.proof)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        proof = self.proof
        return {"evidence": proof.evidence, "evidence_number": proof.evidence_number, "files": self.who_files(),
                "child_agrees": proof.child_agrees, "other_parent_agrees": proof.other_parent_agrees,
                "foreign": has_foreigner(self.parent, self.child)}

    def wanted_copies(self) -> int:
        return self.proof.copies

    def remark(self) -> str:
        return self.proof.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DateOrder: the parent is no older than the child."""
        assert self.parent.born_on is not None and self.child.born_on is not None  # a named person has a birthday
        rules.check_before(earlier=self.parent.born_on, later=self.child.born_on, field="parent.born_on",
                           what="Ngày sinh của cha, mẹ phải trước ngày sinh của con.")


# --- What the register says -------------------------------------------------------------------------------------------


def check_competence(case: Case) -> Iterator[Finding]:
    homes = [case.declared.parent.residence, case.declared.child.residence]
    yield from checks.competence(case, homes, "Người nhận và người được nhận")


def check_alive(case: Case) -> Iterator[Finding]:
    """Both live (Luật HNGĐ 2014, Điều 92: else the court)."""
    yield from checks.alive(case.declared.parent, "parent", "Người cha hoặc mẹ")
    yield from checks.alive(case.declared.child, "child", "Người con")


def check_recognised_before(case: Case) -> Iterator[Finding]:
    """No other of the same kind is recognised already."""
    parent, child = case.declared.parent, case.declared.child
    kind = "cha" if parent.sex is Sex.MALE else "mẹ"
    others = in_acts(same_person(child), BookKind.RECOGNITION, (PartyRole.CHILD,))
    for act in others.exclude(dossier_id=case.dossier.pk):
        known = act.party(PartyRole.PARENT)
        if known is not None and known.sex == parent.sex:
            yield error("already_recognised", f"Người con đã được nhận {kind}.", f"{act_text(act)} ({known.name})")


def check_has_parent(case: Case) -> Iterator[Finding]:
    """No other of the same kind stands in the child's birth."""
    parent, child = case.declared.parent, case.declared.child
    kind = "cha" if parent.sex is Sex.MALE else "mẹ"
    for birth in births_of(same_person(child)):
        standing = birth.father if parent.sex is Sex.MALE else birth.mother
        if standing is not None and standing.name:
            yield error("has_parent", f"Giấy khai sinh của người con đã có người {kind}; Tòa án giải quyết.",
                        f"{act_text(birth)} ({standing.name})")


def check_births(case: Case) -> Iterator[Finding]:
    if not births_of(same_person(case.declared.child)):
        yield warning("birth_unknown", "Không tìm thấy việc khai sinh của người con trong sổ điện tử: việc nhận không "
                      "tự ghi vào khai sinh.", case.declared.child.name)


def check_consent(case: Case) -> Iterator[Finding]:
    child, proof = case.declared.child, case.declared.proof
    least, most = child.born_on.years_until(case.on)
    nine = rules.in_force(rules.RECOGNITION_CONSENT_YEARS, on=case.on)
    of_age = rules.in_force(rules.FULL_AGE_YEARS, on=case.on).value
    if most >= nine.value and not proof.child_agrees:
        yield error("consent_missing", f"Con từ đủ {nine.value} tuổi: cần con đồng ý.", nine.legal_basis)
    if least < of_age and not proof.other_parent_agrees:
        yield warning("other_parent", "Con chưa thành niên: cần ý kiến của người cha hoặc mẹ còn lại, trừ khi đã chết, "
                      "mất tích hoặc mất năng lực hành vi.")


def check_age_gap(case: Case) -> Iterator[Finding]:
    parent, child = case.declared.parent.born_on, case.declared.child.born_on
    if rules.age_range(born_on=parent, at=child)[1] < YOUNGEST_GAP:
        yield warning("parent_age", "Cha, mẹ và con cách tuổi quá ít.", f"Sinh {parent} và {child}")


def check_circle(case: Case) -> Iterator[Finding]:
    """Nobody is the parent of a forebear."""
    parent, child = case.declared.parent, case.declared.child
    if parent.personal_number and parent.personal_number == child.personal_number:
        yield error("recognises_oneself", "Người nhận và người được nhận là một người.")
        return
    above = [f for f in forebears(same_person(parent), generations=3)
             if child.personal_number and f.who.personal_number == child.personal_number]
    if above:
        yield error("recognition_circle", "Theo sổ khai sinh, người con là bậc trên của người cha hoặc mẹ.",
                    act_text(above[0].act))


def births_of(who: Any) -> list[BirthAct]:
    """The registered births of a person, as they stand."""
    acts = Act.objects.filter(
        kind=BookKind.BIRTH, state=ActState.REGISTERED,
        parties__in=Party.objects.filter(who, role=PartyRole.CHILD),
    ).order_by("created_at")[:3]
    return [act for act in map(in_full, acts) if isinstance(act, BirthAct)]


# --- What a registered recognition does, and what its cancelling undoes -----------------------------------------------


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the parent beside the child's birth, where no other stands: from then on the birth tells of the two.

    A birth of the same decision has the parent written in it.
    """
    if act.target_id is not None:
        return
    parent, child = somebody_in(act, PartyRole.PARENT), somebody_in(act, PartyRole.CHILD)
    role, kind = ("father", "cha") if parent.sex == Sex.MALE else ("mother", "mẹ")
    for birth in births_of(same_as(child)):
        if birth.party(PartyRole(role)) is not None:
            continue
        changes = [
            {"field": f"{role}.{column}", "before": "", "after": getattr(parent, column)}
            for column in ("name", "born_on", "ethnicity", "nationality", "residence") if getattr(parent, column)
        ]
        annotate(
            birth, AnnotationKind.RECOGNITION, actor=actor, at=at, by=act.signer_name, source=act, changes=changes,
            text=f"Bổ sung phần ghi về người {kind}: {parent.name.upper()}"
            f"{f', sinh {PartialDate.parse(parent.born_on)}' if parent.born_on else ''}; "
            f"đăng ký nhận cha, mẹ, con số {act.display_number} ngày {day_text(act.registered_on)}, {act.unit_name}.",
        )


def strike_out(act: Act, *, actor: Actor, at: datetime, because: str) -> None:
    """Strike the parent out of the birth of the same decision: who stood there by this recognition stands no more."""
    birth = in_full(act.target) if act.target is not None else None
    if birth is None or birth.state != ActState.REGISTERED:
        return
    role = PartyRole.FATHER if somebody_in(act, PartyRole.PARENT).sex == Sex.MALE else PartyRole.MOTHER
    standing, kind = birth.party(role), "cha" if role is PartyRole.FATHER else "mẹ"
    if standing is None:
        return
    annotate(
        birth, AnnotationKind.RECOGNITION, actor=actor, at=at, changes=[struck_out(standing)],
        text=f"Phần ghi về người {kind} ({standing.name.upper()}) để trống: đăng ký nhận cha, mẹ, con số "
        f"{act.display_number} ngày {day_text(act.registered_on)}, {act.unit_name} {because}.",
    )


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    parent, child = somebody_in(act, PartyRole.PARENT), somebody_in(act, PartyRole.CHILD)
    kind = "cha" if parent.sex == Sex.MALE else "mẹ"
    return (
        Section(f"Người {kind}", person_lines(parent, sex=True)), Section("Người con", person_lines(child, sex=True)),
        Section("Việc nhận", (
            ("Là", f"quan hệ {kind} – con"),
            ("Chứng cứ", f"{EVIDENCE_TITLES[Evidence(act.facts['evidence'])]}: {act.facts['evidence_number']}"),
        )),
    )


def headline(act: Act) -> str:
    return f"{somebody_in(act, PartyRole.PARENT).name} nhận {somebody_in(act, PartyRole.CHILD).name}"


RECOGNITION = EventKind(
    code=HANDLER, title="Đăng ký nhận cha, mẹ, con", book=BookKind.RECOGNITION, series=rules.Series.RECOGNITION,
    declaration=RecognitionDeclaration,
    pages=(
        FormPage("parent", "Người cha hoặc mẹ", page_form(Parent, base=PersonForm, order=SEXED_ORDER)),
        FormPage("child", "Người con", page_form(Child, base=PersonForm, order=SEXED_ORDER)),
        FormPage("proof", "Chứng cứ, cam đoan", page_form(Proof, order=(
            "files", "evidence", "evidence_number", "both_present", "undisputed", "child_agrees", "other_parent_agrees",
            "phone", "email", "copies", "note"), rows=(("phone", "email"),)), "Hai bên cùng có mặt khi đăng ký."),
    ),
    checks=(checks.check_days, check_competence, check_alive, check_recognised_before, check_has_parent, check_births,
            check_consent, check_age_gap, check_circle, checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.EXTRACT,
    extract_title="TRÍCH LỤC ĐĂNG KÝ NHẬN CHA, MẸ, CON", extract_mark="TLNCMC-BS", effects=(note_beside,),
    undoings=(strike_out,),
)
