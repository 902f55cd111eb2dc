"""Khai tử: a death is entered; it ends the dead person's marriage (Luật Hộ tịch 2014, Điều 32–34)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import Address, PartialDate

from .. import rules
from ..answers import PersonBlock, Text, day_of, missing, none_if_empty, required
from ..checks import act_text, error, same_person, warning
from ..forms import PersonForm
from ..models import Act, BirthAct, Party
from ..operations import annotate
from ..rules import AnnotationKind, BookKind, PartyRole
from . import checks
from .asking import Ask
from .blocks import SEXED_ORDER, Copies, Declaration, Filer, SexedSomebody, applicant_from, has_foreigner, somebody_in
from .kinds import Case, EventKind, Section
from .pages import filer_page, page_form
from .standing import COUPLE, in_acts, same_as, standing_of

HANDLER = "civil_status.death"


class Deceased(SexedSomebody):
    """Who has died, by what they were known when alive; a residence need not be known."""

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield "born_on", "ngày sinh (hoặc năm sinh)"
        yield "residence", "nơi cư trú cuối cùng"


class PlaceKind(StrEnum):
    """Where somebody died."""

    FACILITY = "facility"
    HOME = "home"
    ELSEWHERE = "elsewhere"


class Proof(StrEnum):
    """What stands for a death notice: Nghị định 123/2015/NĐ-CP, Điều 4 khoản 2."""

    NOTICE = "notice"
    JUDGMENT = "judgment"
    EXAMINER = "examiner"
    WITNESS = "witness"


PROOF_TITLES = {
    Proof.NOTICE: "Giấy báo tử", Proof.JUDGMENT: "Bản án, quyết định của Tòa án tuyên bố đã chết",
    Proof.EXAMINER: "Kết quả giám định, văn bản của cơ quan điều tra", Proof.WITNESS: "Văn bản của người làm chứng",
}


class Passing(Copies):
    """The death itself."""

    died_on: Annotated[PartialDate, Ask("Ngày chết", "Ví dụ: 05/03/2026; không rõ ngày thì ghi 03/2026 hoặc 2026.")] = (
        Field(default=None, validate_default=True))
    died_at: Annotated[Text, Ask("Giờ, phút chết (nếu biết)", "Ví dụ: 14:30.", optional=True, most=5)] = ""
    place_kind: Annotated[PlaceKind, Ask("Chết tại", titles={
        PlaceKind.FACILITY: "Cơ sở y tế", PlaceKind.HOME: "Tại nhà", PlaceKind.ELSEWHERE: "Nơi khác"})] = PlaceKind.HOME
    facility: Annotated[Text, Ask("Tên cơ sở y tế", optional=True, most=150)] = ""
    place: Annotated[Address, Ask("Địa chỉ nơi chết", "Chọn xã, phường, đặc khu.")] = Field(
        default=None, validate_default=True)
    cause: Annotated[Text, Ask("Nguyên nhân chết", "Ghi như trên giấy báo tử; không rõ thì ghi “Không rõ”.")] = ""
    proof: Annotated[Proof, Ask("Giấy tờ chứng minh việc chết", titles=PROOF_TITLES)] = Proof.NOTICE
    proof_number: Annotated[Text, Ask("Số, ngày, nơi cấp giấy tờ đó", optional=True)] = ""
    proof_on: Annotated[date | None, BeforeValidator(none_if_empty), Ask("Ngày cấp", optional=True)] = None

    _died_read = field_validator("died_on", mode="before")(day_of)
    _died_given = field_validator("died_on", mode="before")(required("ngày chết"))
    _place_given = field_validator("place", mode="before")(required("nơi chết"))

    @field_validator("died_at")
    @classmethod
    def _hour(cls, text: str) -> str:
        if text:
            hours, _, minutes = text.replace("g", ":").replace("h", ":").partition(":")
            if not (hours.isdecimal() and (minutes or "0").isdecimal() and int(hours) < 24 and int(minutes or 0) < 60):
                raise missing("giờ chết dạng 14:30")
            return f"{int(hours):02d}:{int(minutes or 0):02d}"
        return text

    @field_validator("cause")
    @classmethod
    def _told(cls, cause: str) -> str:
        if not cause:
            raise missing("nguyên nhân chết (hoặc “Không rõ”)")
        return cause


class Relation(StrEnum):
    """What the declarant was to the dead."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    RELATIVE = "relative"
    OTHER = "other"


RELATION_TITLES = {
    Relation.SPOUSE: "Vợ, chồng", Relation.CHILD: "Con", Relation.PARENT: "Cha, mẹ",
    Relation.RELATIVE: "Người thân thích khác", Relation.OTHER: "Cơ quan, tổ chức, cá nhân khác",
}


class Declarant(Filer):
    """Who declares."""

    relation: Annotated[Relation, Ask("Quan hệ với người chết", titles=RELATION_TITLES)] = Field(
        default=None, validate_default=True)

    _relation_given = field_validator("relation", mode="before")(required("quan hệ với người chết"))


class DeathDeclaration(Declaration):
    """A whole declaration of death."""

    deceased: Deceased
    death: Passing
    declarant: Declarant

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.DECEASED, self.deceased, str(self.deceased.sex)
        yield PartyRole.DECLARANT, self.declarant, ""

    def applicant(self) -> Applicant:
        return applicant_from(self.declarant, self.declarant)

    def event_on(self) -> PartialDate:
        return self.death.died_on

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        death = self.death
        return {
            "died_at": death.died_at, "place_kind": death.place_kind, "cause": death.cause,
            "place": ", ".join(part for part in (death.facility, death.place.text) if part),
            "place_code": death.place.unit_code, "proof": death.proof, "proof_number": death.proof_number,
            "proof_on": death.proof_on.isoformat() if death.proof_on else "", "relation": self.declarant.relation,
            "timeliness": rules.death_timeliness(died_on=death.died_on, declared_on=declared_on),
            "age_group": rules.death_age_group(born_on=self.deceased.born_on, died_on=death.died_on),
            "foreign": has_foreigner(self.deceased),
        }

    def wanted_copies(self) -> int:
        return self.death.copies

    def remark(self) -> str:
        return self.death.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DiedInTheFuture, rules.DateOrder: the day of death cannot be."""
        rules.check_died(died_on=self.death.died_on, born_on=self.deceased.born_on, today=today)


# --- What the register says -------------------------------------------------------------------------------------------


def check_competence(case: Case) -> Iterator[Finding]:
    """Where the dead last lived; where that is not known or abroad, where the death happened."""
    residence = case.declared.deceased.residence
    known = residence if residence is not None and not residence.is_abroad else case.declared.death.place
    yield from checks.competence(case, [known], "Người chết")


def check_registered_before(case: Case) -> Iterator[Finding]:
    death = standing_of(same_person(case.declared.deceased)).death
    if death is not None:
        yield error("possible_duplicate", "Người này đã được đăng ký khai tử.", act_text(death))


def check_declared_before(case: Case) -> Iterator[Finding]:
    for other in checks.open_beside(case, "deceased", case.declared.deceased):
        yield warning("declared_twice", "Có hồ sơ khác đang mở khai tử cho người này.",
                      f"{other.reference} ({other.resolving_unit.short_name})")


def check_proof(case: Case) -> Iterator[Finding]:
    if not case.declared.death.proof_number:
        title = PROOF_TITLES[case.declared.death.proof]
        yield warning("death_proof", f"Chưa ghi số của giấy tờ chứng minh việc chết ({title}).")


def check_late_acts(case: Case) -> Iterator[Finding]:
    """Acts in which the dead stand as acting after the declared day of death: one of the two days is wrong."""
    died = case.declared.death.died_on
    for act in in_acts(same_person(case.declared.deceased), BookKind.MARRIAGE, COUPLE):
        if act.registered_on > died.latest:
            yield error("acted_after_death", "Người này đã đăng ký kết hôn sau ngày chết được khai.", act_text(act))


# --- What a registered death does -------------------------------------------------------------------------------------


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the death beside the dead person's birth and beside the marriage that it ends."""
    who = same_as(somebody_in(act, PartyRole.DECEASED))
    births = BirthAct.objects.filter(
        parties__in=Party.objects.filter(who, role=PartyRole.CHILD), state=rules.ActState.REGISTERED)
    for birth in births:
        note_on(birth, act, actor=actor, at=at)
    current = standing_of(who).current
    if current is not None and current.act.state == rules.ActState.REGISTERED:
        note_on(current.act, act, actor=actor, at=at)


def note_on(beside: Act, death: Act, *, actor: Actor, at: datetime) -> None:
    """Note a registered death beside one act."""
    dead = somebody_in(death, PartyRole.DECEASED)
    how = "đăng ký khai tử" if death.kind == BookKind.DEATH else "ghi chú khai tử ở nước ngoài"
    text = (f"{dead.name} chết ngày {PartialDate.parse(death.event_on)}; {how} số {death.display_number}, "
            f"{death.unit_name}.")
    annotate(beside, AnnotationKind.DEATH, text=text, actor=actor, at=at, by=death.signer_name, source=death)


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    dead, declarant = somebody_in(act, PartyRole.DECEASED), act.declarant
    facts, died = act.facts, PartialDate.parse(act.event_on)
    hour = f"{facts['died_at'].replace(':', ' giờ ')} phút, " if facts["died_at"] else ""
    told = [
        Section("", (
            ("Họ, chữ đệm, tên", dead.name.upper()),
            ("Ngày, tháng, năm sinh", str(PartialDate.parse(dead.born_on)) if dead.born_on else ""),
            ("Giới tính", "Nam" if dead.sex == "male" else "Nữ"), ("Dân tộc", dead.ethnicity),
            ("Quốc tịch", dead.nationality), ("Nơi cư trú cuối cùng", dead.residence),
            ("Giấy tờ tùy thân", dead.id_text),
        )),
        Section("Đã chết", (
            ("Vào lúc", f"{hour}ngày {died}"), ("Ghi bằng chữ", died.in_words()), ("Nơi chết", facts["place"]),
            ("Nguyên nhân chết", facts["cause"]),
            ("Giấy tờ chứng minh", f"{PROOF_TITLES[Proof(facts['proof'])]} {facts['proof_number']}".strip()),
        )),
    ]
    if declarant is not None:
        told.append(Section("Người đi khai tử", (
            ("Họ, chữ đệm, tên", declarant.name.upper()), ("Giấy tờ tùy thân", declarant.id_text),
            ("Quan hệ với người chết", RELATION_TITLES[Relation(facts["relation"])]),
        )))
    return tuple(told)


def headline(act: Act) -> str:
    return somebody_in(act, PartyRole.DECEASED).name


def death_pages(deceased: type[Deceased] = Deceased, death: type[Passing] = Passing) -> tuple[FormPage, ...]:
    """The pages of a declaration; a procedure that must know more of the dead or the death gives its own blocks."""
    return (
        FormPage("deceased", "Người chết", page_form(deceased, base=PersonForm, order=SEXED_ORDER)),
        FormPage("death", "Việc chết", page_form(death, order=(
            "died_on", "died_at", "place_kind", "facility", "place", "cause", "proof", "proof_number", "proof_on",
            "copies", "note"), rows=(("died_on", "died_at"), ("proof_number", "proof_on"))),
            "Ghi như trên giấy báo tử."),
        filer_page("declarant", "Người đi khai tử", Declarant, "relation"),
    )


DEATH = EventKind(
    code=HANDLER, title="Đăng ký khai tử", book=BookKind.DEATH, series=rules.Series.DEATH,
    declaration=DeathDeclaration,
    pages=death_pages(),
    checks=(checks.check_days, check_competence, check_registered_before, check_declared_before, check_late_acts,
            check_proof, checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.EXTRACT,
    extract_title="TRÍCH LỤC KHAI TỬ", extract_mark="TLKT-BS", effects=(note_beside,),
)
