"""Ghi vào Sổ hộ tịch việc kết hôn, ly hôn, việc hộ tịch khác đã giải quyết ở nước ngoài.

Basis: Luật Hộ tịch 2014, Điều 48, 50; Nghị định 123/2015/NĐ-CP, Điều 34–39.

A marriage registered abroad counts from its note on like one registered here: nobody who is noted as married marries
again. A divorce given abroad ends a marriage only once it is noted; a death noted from abroad is a death.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate, PersonName, Sex

from .. import rules
from ..answers import Block, PersonBlock, Text, checked, missing, none_if_empty, required
from ..checks import act_text, error, same_person, warning
from ..forms import PersonForm
from ..models import Act
from ..operations import annotate
from ..papers import day_text
from ..rules import AnnotationKind, BookKind, PartyRole
from . import checks
from .asking import Ask
from .blocks import (
    PERSON_ORDER,
    SEXED_ORDER,
    Contact,
    Copies,
    Declaration,
    SexedSomebody,
    Somebody,
    applicant_from,
    has_foreigner,
    person_lines,
    somebody_in,
)
from .death import note_beside as note_death_beside
from .kinds import Case, EventKind, Section
from .marriage import Who, check_kin
from .pages import page_form
from .standing import standing_of
from .targets import in_full, taken_over


class Abroad(Block):
    """What the foreign authority gave."""

    authority: Annotated[Text, Ask("Cơ quan nước ngoài đã giải quyết")] = Field(default="", validate_default=True)
    country: Annotated[Text, Ask("Nước")] = Field(default="", validate_default=True)
    number: Annotated[Text, Ask("Số giấy tờ", optional=True)] = ""
    given_on: Annotated[date | None, BeforeValidator(none_if_empty), Ask("Ngày giải quyết, có hiệu lực")] = Field(
        default=None, validate_default=True)
    legalised: Annotated[bool, Ask("Giấy tờ đã được hợp pháp hóa lãnh sự và dịch, hoặc được miễn")] = False

    @field_validator("authority", "country")
    @classmethod
    def _told(cls, text: str) -> str:
        if not text:
            raise missing("thông tin này như trên giấy tờ nước ngoài")
        return text

    @field_validator("given_on")
    @classmethod
    def _day_given(cls, day: date | None) -> date:
        if day is None:
            raise missing("ngày giải quyết")
        return day

    def kept(self) -> dict[str, Any]:
        """What the act keeps of it."""
        return {"authority": self.authority, "country": self.country, "number": self.number,
                "given_on": self.given_on.isoformat() if self.given_on else "", "legalised": self.legalised}


def check_abroad_on(abroad: Abroad, *, today: date) -> None:
    """:raises rules.DateOrder: it lies ahead."""
    if abroad.given_on is not None and abroad.given_on > today:
        raise rules.DateOrder(field="abroad.given_on", what="Ngày giải quyết không được sau ngày hôm nay.")


def check_legalised(case: Case) -> Iterator[Finding]:
    if not case.declared.abroad.legalised:
        yield warning("not_legalised",
                      "Giấy tờ nước ngoài chưa được hợp pháp hóa lãnh sự, dịch, hoặc chưa rõ được miễn.")


def abroad_section(facts: dict[str, Any], what: str) -> Section:
    of = facts["abroad"]
    return Section("Đã giải quyết ở nước ngoài", (
        (what, day_text(date.fromisoformat(of["given_on"]))), ("Cơ quan", f"{of['authority']}, {of['country']}"),
        ("Số giấy tờ", of["number"]),
    ))


# --- Marriage ---------------------------------------------------------------------------------------------------------


class Husband(Somebody):
    """Bên nam."""


class Wife(Somebody):
    """Bên nữ."""


class Together(Contact, Copies):
    """Who files."""

    files: Annotated[Who, Ask("Người nộp hồ sơ", titles={Who.HUSBAND: "Bên nam", Who.WIFE: "Bên nữ"})] = Who.HUSBAND


class ForeignMarriageDeclaration(Declaration):
    """A whole request to note a marriage registered abroad."""

    husband: Husband
    wife: Wife
    abroad: Abroad
    together: Together

    @model_validator(mode="after")
    def _a_citizen(self) -> ForeignMarriageDeclaration:
        if all(has_foreigner(block) for block in (self.husband, self.wife)):
            raise PydanticCustomError(
                "civil_status.no_citizen", "Chỉ ghi chú việc kết hôn của công dân Việt Nam.", {})
        return self

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.HUSBAND, self.husband, str(Sex.MALE)
        yield PartyRole.WIFE, self.wife, str(Sex.FEMALE)

    def applicant(self) -> Applicant:
        return applicant_from(self.husband if self.together.files is Who.HUSBAND else self.wife, self.together)

    def event_on(self) -> PartialDate:
        assert self.abroad.given_on is not None  # the block says so
        return PartialDate.of(self.abroad.given_on)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"abroad": self.abroad.kept(), "foreign": True}

    def wanted_copies(self) -> int:
        return self.together.copies

    def remark(self) -> str:
        return self.together.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DateOrder: the marriage lies ahead."""
        check_abroad_on(self.abroad, today=today)


def _partners(case: Case) -> Iterator[tuple[str, str, Somebody]]:
    yield "husband", "Bên nam", case.declared.husband
    yield "wife", "Bên nữ", case.declared.wife


def check_homes(case: Case) -> Iterator[Finding]:
    citizens = [block for _, _, block in _partners(case) if not has_foreigner(block)]
    yield from checks.competence(case, [block.residence for block in citizens], "Công dân Việt Nam yêu cầu")


def check_married(case: Case) -> Iterator[Finding]:
    """Neither is married to somebody else, nor are the two in the register already."""
    for code, title, block in _partners(case):
        other = case.declared.wife if code == "husband" else case.declared.husband
        marriage = standing_of(same_person(block)).current
        if marriage is None:
            continue
        couple = {p.search_key for p in marriage.act.parties.all()}
        if PersonName(other.name).search_key in couple:
            yield error("possible_duplicate", "Việc kết hôn của hai người đã có trong sổ.", act_text(marriage.act))
            return
        yield error("already_married", f"{title} đang có vợ hoặc chồng khác theo sổ hộ tịch.", act_text(marriage.act))


def check_ages(case: Case) -> Iterator[Finding]:
    """Under age on the day of the marriage abroad: noted only where that was mended since (Điều 34 khoản 2)."""
    day = case.declared.abroad.given_on
    for code, title, block in _partners(case):
        assert block.born_on is not None  # a named person has a birthday
        try:
            rules.check_marriage_age(born_on=block.born_on, male=code == "husband", on=day, who=title,
                                     field=f"{code}.born_on")
        except rules.UnderAge as young:
            yield warning(f"{code}_age", f"{young.message} Chỉ ghi chú khi hậu quả đã được khắc phục.",
                          f"Sinh {block.born_on}, kết hôn {day_text(day)}")


def _couple(act: Act) -> tuple[Section, ...]:
    return (
        *(Section(title, person_lines(somebody_in(act, role)))
          for role, title in ((PartyRole.WIFE, "Vợ"), (PartyRole.HUSBAND, "Chồng"))),
        abroad_section(act.facts, "Ngày kết hôn"),
    )


_ABROAD = FormPage("abroad", "Giấy tờ nước ngoài", page_form(
    Abroad, order=("authority", "country", "number", "given_on", "legalised"),
    rows=(("authority", "country"), ("number", "given_on"))), "Ghi như trên giấy tờ, bản dịch.")

FOREIGN_MARRIAGE = EventKind(
    code=rules.FOREIGN_MARRIAGE, title="Ghi chú kết hôn ở nước ngoài", book=BookKind.FOREIGN,
    series=rules.Series.FOREIGN, declaration=ForeignMarriageDeclaration,
    pages=(
        FormPage("husband", "Bên nam", page_form(Husband, base=PersonForm, order=PERSON_ORDER)),
        FormPage("wife", "Bên nữ", page_form(Wife, base=PersonForm, order=PERSON_ORDER)),
        _ABROAD,
        FormPage("together", "Người yêu cầu", page_form(
            Together, order=("files", "phone", "email", "copies", "note"), rows=(("phone", "email"),))),
    ),
    checks=(checks.check_days, check_homes, check_married, check_ages, check_kin, check_legalised,
            checks.check_numbers),
    sections=_couple,
    headline=lambda act: f"{somebody_in(act, PartyRole.HUSBAND).name} – {somebody_in(act, PartyRole.WIFE).name}",
    template=rules.Template.EXTRACT, extract_title="TRÍCH LỤC GHI CHÚ KẾT HÔN", extract_mark="TLGCKH-BS",
)


# --- Divorce ----------------------------------------------------------------------------------------------------------


class Subject(SexedSomebody):
    """Who was divorced, and asks."""


class Former(Contact, Copies):
    """From whom, and how the one who asks is reached."""

    name: Annotated[Text, Ask("Họ, chữ đệm, tên người vợ hoặc chồng cũ", kind="name")] = Field(
        default="", validate_default=True)
    about: Annotated[Text, Ask("Ngày sinh, quốc tịch, giấy tờ của người đó", optional=True)] = ""

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise missing("họ, chữ đệm, tên người vợ hoặc chồng cũ")
        return str(checked(lambda: PersonName(name)))


class ForeignDivorceDeclaration(Declaration):
    """A whole request to note a divorce given abroad."""

    subject: Subject
    former: Former
    abroad: Abroad

    def find_target(self) -> Act | None:
        """The marriage of the two that holds; None where the register has none of theirs."""
        marriage = standing_of(same_person(self.subject)).current
        if marriage is None:
            return None
        names = {party.search_key for party in marriage.act.parties.all()}
        return in_full(marriage.act) if PersonName(self.former.name).search_key in names else None

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.SUBJECT, self.subject, str(self.subject.sex)

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        """The other of the two as the marriage tells them."""
        key = PersonName(self.former.name).search_key
        return [taken_over(party, PartyRole.SPOUSE) for party in target.parties.all() if party.search_key == key][:1]

    def applicant(self) -> Applicant:
        return applicant_from(self.subject, self.former)

    def event_on(self) -> PartialDate:
        assert self.abroad.given_on is not None  # the block says so
        return PartialDate.of(self.abroad.given_on)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"abroad": self.abroad.kept(), "former": self.former.name, "former_about": self.former.about,
                "foreign": True}

    def facts_about(self, target: Act) -> dict[str, Any]:
        return {"of": {"number": target.display_number, "office": target.unit_name,
                       "registered_on": target.registered_on.isoformat()}}

    def wanted_copies(self) -> int:
        return self.former.copies

    def remark(self) -> str:
        return self.former.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DateOrder: the divorce lies ahead."""
        check_abroad_on(self.abroad, today=today)


def check_home(case: Case) -> Iterator[Finding]:
    """Where the one who asks lives, or where the marriage was registered (Nghị định 123/2015, Điều 38)."""
    target = case.target
    if target is None or target.unit_id != case.dossier.resolving_unit_id:
        yield from checks.competence(case, [case.declared.subject.residence], "Người yêu cầu")


def check_marriage(case: Case) -> Iterator[Finding]:
    """Which marriage it ends; noted without one where that was registered abroad and never noted."""
    if case.target is None:
        current = standing_of(same_person(case.declared.subject)).current
        if current is not None:
            yield error("another_spouse", "Theo sổ hộ tịch, người này đang có vợ hoặc chồng khác người đã khai.",
                        act_text(current.act))
        else:
            yield warning("marriage_unknown",
                          "Sổ điện tử không có việc kết hôn của hai người; đối chiếu giấy tờ kết hôn.",
                          case.declared.former.name)
    elif case.declared.abroad.given_on < case.target.registered_on and case.target.kind == BookKind.MARRIAGE:
        yield error("date_order", "Ngày ly hôn phải sau ngày đăng ký kết hôn.", act_text(case.target))


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the divorce beside the marriage that it ends."""
    if act.target is None:
        return
    of = act.facts["abroad"]
    annotate(
        act.target, AnnotationKind.DIVORCE, actor=actor, at=at, by=act.signer_name, source=act,
        decision_no=of["number"], decided_on=date.fromisoformat(of["given_on"]), authority=of["authority"],
        text=f"Đã ly hôn tại {of['country']} ({of['authority']}) ngày {day_text(date.fromisoformat(of['given_on']))}; "
        f"ghi chú ly hôn số {act.display_number} ngày {day_text(act.registered_on)}, {act.unit_name}.",
    )


def _divorced(act: Act) -> tuple[Section, ...]:
    facts, of, marriage = act.facts, act.facts.get("of"), ""
    if of is not None:
        marriage = f"Số {of['number']}, ngày {day_text(date.fromisoformat(of['registered_on']))}, {of['office']}"
    return (
        Section("Người yêu cầu", person_lines(somebody_in(act, PartyRole.SUBJECT))),
        Section("Vợ hoặc chồng cũ", (("Họ, chữ đệm, tên", facts["former"].upper()), ("Giấy tờ", facts["former_about"]),
                                     ("Kết hôn đã đăng ký", marriage))),
        abroad_section(facts, "Ngày ly hôn có hiệu lực"),
    )


FOREIGN_DIVORCE = EventKind(
    code=rules.FOREIGN_DIVORCE, title="Ghi chú ly hôn, hủy kết hôn ở nước ngoài", book=BookKind.FOREIGN,
    series=rules.Series.FOREIGN, declaration=ForeignDivorceDeclaration,
    pages=(
        FormPage("subject", "Người yêu cầu", page_form(Subject, base=PersonForm, order=SEXED_ORDER)),
        FormPage("former", "Vợ hoặc chồng cũ", page_form(Former, order=(
            "name", "about", "phone", "email", "copies", "note"), rows=(("phone", "email"),))),
        _ABROAD,
    ),
    checks=(checks.check_days, check_home, check_marriage, check_legalised, checks.check_numbers),
    sections=_divorced,
    headline=lambda act: f"{somebody_in(act, PartyRole.SUBJECT).name} ly hôn {act.facts['former']}",
    template=rules.Template.EXTRACT, extract_title="TRÍCH LỤC GHI CHÚ LY HÔN", extract_mark="TLGCLH-BS",
    effects=(note_beside,),
)


# --- Anything else ----------------------------------------------------------------------------------------------------


class What(StrEnum):
    """What was registered abroad."""

    BIRTH = "birth"
    RECOGNITION = "recognition"
    ADOPTION = "adoption"
    GUARDIANSHIP = "guardianship"
    DEATH = "death"
    CHANGE = "change"


WHAT_TITLES = {
    What.BIRTH: "Khai sinh", What.RECOGNITION: "Nhận, xác định cha, mẹ, con", What.ADOPTION: "Nuôi con nuôi",
    What.GUARDIANSHIP: "Giám hộ", What.DEATH: "Khai tử", What.CHANGE: "Thay đổi hộ tịch",
}


class Noted(Contact, Copies):
    """What is noted, and how whoever asks is reached."""

    what: Annotated[What, Ask("Việc đã đăng ký ở nước ngoài", titles=WHAT_TITLES)] = Field(
        default=None, validate_default=True)
    content: Annotated[Text, Ask(
        "Nội dung", "Ví dụ: họ tên cha, mẹ; nơi sinh; nguyên nhân chết.", kind="text", most=500)] = Field(
        default="", validate_default=True)
    requester: Annotated[Text, Ask(
        "Họ, chữ đệm, tên người yêu cầu (nếu là người khác)", kind="name", optional=True)] = ""

    _what_given = field_validator("what", mode="before")(required("việc đã đăng ký ở nước ngoài"))

    @field_validator("content")
    @classmethod
    def _told(cls, content: str) -> str:
        if not content:
            raise missing("nội dung như trên giấy tờ nước ngoài")
        return content

    @field_validator("requester")
    @classmethod
    def _named(cls, name: str) -> str:
        return str(checked(lambda: PersonName(name))) if name else ""


class ForeignOtherDeclaration(Declaration):
    """A whole request to note anything else."""

    subject: Subject
    noted: Noted
    abroad: Abroad

    @property
    def is_death(self) -> bool:
        return self.noted.what is What.DEATH

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield (PartyRole.DECEASED if self.is_death else PartyRole.SUBJECT), self.subject, str(self.subject.sex)

    def applicant(self) -> Applicant:
        applicant = applicant_from(self.subject, self.noted)
        if not self.noted.requester:
            return applicant
        return applicant.model_copy(update={"name": self.noted.requester, "personal_number": ""})

    def event_on(self) -> PartialDate:
        assert self.abroad.given_on is not None  # the block says so
        return PartialDate.of(self.abroad.given_on)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"abroad": self.abroad.kept(), "what": self.noted.what, "content": self.noted.content, "foreign": True}

    def wanted_copies(self) -> int:
        return self.noted.copies

    def remark(self) -> str:
        return self.noted.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DateOrder: it lies ahead."""
        check_abroad_on(self.abroad, today=today)


def check_subject_home(case: Case) -> Iterator[Finding]:
    yield from checks.competence(case, [case.declared.subject.residence], "Công dân Việt Nam yêu cầu")


def check_not_dead(case: Case) -> Iterator[Finding]:
    death = standing_of(same_person(case.declared.subject)).death
    if death is not None and case.declared.is_death:
        yield error("possible_duplicate", "Người này đã được đăng ký khai tử.", act_text(death))


def note_beside_all(act: Act, *, actor: Actor, at: datetime) -> None:
    """A death abroad does what a death here does."""
    if act.party(PartyRole.DECEASED) is not None:
        note_death_beside(act, actor=actor, at=at)


def _other(act: Act) -> tuple[Section, ...]:
    person = act.party(PartyRole.DECEASED) or somebody_in(act, PartyRole.SUBJECT)
    what = WHAT_TITLES[What(act.facts["what"])]
    return (
        Section("Người có việc hộ tịch", person_lines(person)),
        Section("Việc được ghi chú", (("Việc", what), ("Nội dung", act.facts["content"]))),
        abroad_section(act.facts, "Ngày xảy ra, có hiệu lực"),
    )


def _other_headline(act: Act) -> str:
    person = act.party(PartyRole.DECEASED) or somebody_in(act, PartyRole.SUBJECT)
    return f"{WHAT_TITLES[What(act.facts['what'])]} ở nước ngoài: {person.name}"


FOREIGN_OTHER = EventKind(
    code=rules.FOREIGN_OTHER, title="Ghi chú việc hộ tịch khác ở nước ngoài", book=BookKind.FOREIGN,
    series=rules.Series.FOREIGN, declaration=ForeignOtherDeclaration,
    pages=(
        FormPage("subject", "Người có việc hộ tịch", page_form(Subject, base=PersonForm, order=SEXED_ORDER)),
        FormPage("noted", "Việc cần ghi chú", page_form(Noted, order=(
            "what", "content", "requester", "phone", "email", "copies", "note"), rows=(("phone", "email"),))),
        _ABROAD,
    ),
    checks=(checks.check_days, check_subject_home, check_not_dead, check_legalised, checks.check_numbers),
    sections=_other, headline=_other_headline, template=rules.Template.EXTRACT,
    extract_title="TRÍCH LỤC GHI CHÚ HỘ TỊCH", extract_mark="TLGCHT-BS", effects=(note_beside_all,),
)
