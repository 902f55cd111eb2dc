"""Kết hôn: two become husband and wife (Luật Hộ tịch 2014, Điều 17–18; Luật Hôn nhân và gia đình 2014)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate, Sex

from .. import rules
from ..answers import PersonBlock, Text, required
from ..checks import act_text, error, same_person, warning
from ..forms import PersonForm
from ..models import Act, Party
from ..rules import BookKind, MaritalState, PartyRole
from . import checks
from .asking import Ask
from .blocks import (
    PERSON_ORDER,
    Contact,
    Copies,
    Declaration,
    Somebody,
    applicant_from,
    has_foreigner,
    person_lines,
    somebody_in,
)
from .kinds import Case, EventKind, Line, Section
from .pages import page_form
from .standing import standing_of

HANDLER = "civil_status.marriage"


class Before(StrEnum):
    """What a party says of having been married before."""

    SINGLE = "single"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


BEFORE_TITLES = {
    Before.SINGLE: "Chưa kết hôn lần nào", Before.DIVORCED: "Đã ly hôn", Before.WIDOWED: "Vợ/chồng đã chết",
}


class Partner(Somebody):
    """One of the two: who, and whether married before, by which proof."""

    before: Annotated[Before, Ask("Tình trạng hôn nhân trước khi đăng ký", titles=BEFORE_TITLES)] = Field(
        default=None, validate_default=True)
    proof: Annotated[Text, Ask(
        "Giấy tờ chứng minh", "Số bản án, quyết định ly hôn hoặc trích lục khai tử; để trống nếu chưa kết hôn lần nào.",
        optional=True)] = ""
    times: Annotated[int, Ask("Kết hôn lần thứ mấy")] = 1

    _before_given = field_validator("before", mode="before")(required("tình trạng hôn nhân"))

    @field_validator("times", mode="before")
    @classmethod
    def _once(cls, value: Any) -> Any:
        return 1 if value in (None, "") else value

    @model_validator(mode="after")
    def _consistent(self) -> Partner:
        if self.before is Before.SINGLE and self.times != 1:
            raise PydanticCustomError(
                "civil_status.marriage_times", "Chưa kết hôn lần nào thì đây là lần thứ nhất.", {})
        if self.before is not Before.SINGLE and self.times < 2:
            raise PydanticCustomError(
                "civil_status.marriage_times", "Đã từng kết hôn thì đây là lần thứ hai trở lên.", {})
        return self


class Husband(Partner):
    """Bên nam."""


class Wife(Partner):
    """Bên nữ."""


class Who(StrEnum):
    """Which of the two files; both sign."""

    HUSBAND = "husband"
    WIFE = "wife"


class Together(Contact, Copies):
    """What both declare, and how they are reached."""

    files: Annotated[Who, Ask("Người nộp hồ sơ", titles={Who.HUSBAND: "Bên nam", Who.WIFE: "Bên nữ"})] = Who.HUSBAND
    free_will: Annotated[bool, Ask(
        "Hai bên tự nguyện kết hôn, không có quan hệ huyết thống trong phạm vi ba đời, không từng là cha mẹ nuôi và "
        "con nuôi, cha chồng và con dâu, mẹ vợ và con rể, cha dượng, mẹ kế và con riêng")] = False

    @field_validator("free_will")
    @classmethod
    def _declared(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("civil_status.free_will", "Hai bên phải cam đoan nội dung này.", {})
        return value


class MarriageDeclaration(Declaration):
    """A whole declaration of marriage."""

    husband: Husband
    wife: Wife
    together: Together

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.HUSBAND, self.husband, str(Sex.MALE)
        yield PartyRole.WIFE, self.wife, str(Sex.FEMALE)

    def applicant(self) -> Applicant:
        return applicant_from(self.husband if self.together.files is Who.HUSBAND else self.wife, self.together)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {
            "husband": {"before": self.husband.before, "times": self.husband.times, "proof": self.husband.proof},
            "wife": {"before": self.wife.before, "times": self.wife.times, "proof": self.wife.proof},
            "foreign": self.is_foreign,
        }

    @property
    def is_foreign(self) -> bool:
        return has_foreigner(self.husband, self.wife)

    def wanted_copies(self) -> int:
        return self.together.copies

    def remark(self) -> str:
        return self.together.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.UnderAge: one of them surely is, on this day."""
        for code, title, block in (("husband", "Bên nam", self.husband), ("wife", "Bên nữ", self.wife)):
            assert block.born_on is not None  # a named person has a birthday
            rules.check_marriage_age(
                born_on=block.born_on, male=code == "husband", on=today, who=title, field=f"{code}.born_on")


# --- What the register says -------------------------------------------------------------------------------------------


def _partners(case: Case) -> Iterator[tuple[str, str, Partner]]:
    yield "husband", "Bên nam", case.declared.husband
    yield "wife", "Bên nữ", case.declared.wife


def check_competence(case: Case) -> Iterator[Finding]:
    yield from checks.competence(case, [block.residence for _, _, block in _partners(case)], "Hai bên nam, nữ")


def check_foreign_procedure(case: Case) -> Iterator[Finding]:
    """A marriage with a foreigner takes the procedure made for it, with its papers and its limit."""
    yield from checks.foreign_procedure(
        case.dossier, is_foreign=case.declared.is_foreign,
        told="Có bên là người nước ngoài: dùng thủ tục “Đăng ký kết hôn có yếu tố nước ngoài”.")


def check_free(case: Case) -> Iterator[Finding]:
    """Neither is dead, neither is married, and what they say of earlier marriages is what the register says."""
    for code, title, block in _partners(case):
        standing = standing_of(same_person(block))
        if standing.death is not None:
            yield error(f"{code}_dead", f"{title} đã được đăng ký khai tử.", act_text(standing.death))
        if (marriage := standing.current) is not None:
            spouse = next((p.name for p in marriage.act.parties.all() if p.name != block.name), "")
            yield error("already_married", f"{title} đang có vợ hoặc chồng theo sổ hộ tịch.",
                        f"{act_text(marriage.act)}{f' ({spouse})' if spouse else ''}")
        elif standing.marital != MaritalState(block.before):
            yield warning(
                f"{code}_before", f"{title} khai “{BEFORE_TITLES[block.before]}”, sổ hộ tịch ghi "
                f"“{rules.MARITAL_TITLES[standing.marital]}”.", "; ".join(act_text(m.act) for m in standing.marriages))
        yield from checks.perhaps_married(block, code, title)
        if block.before is not Before.SINGLE and not block.proof:
            yield warning(f"{code}_proof", f"{title} đã từng kết hôn nhưng chưa ghi giấy tờ chứng minh.")


def check_ages(case: Case) -> Iterator[Finding]:
    """Of whose birthday only a part is known may yet be too young."""
    for code, title, block in _partners(case):
        assert block.born_on is not None  # a named person has a birthday
        if rules.may_be_under_age(born_on=block.born_on, male=code == "husband", on=case.on):
            yield warning(f"{code}_age", f"{title} có thể chưa đủ tuổi kết hôn: ngày sinh chưa đầy đủ.",
                          f"Sinh {block.born_on}")


def check_kin(case: Case) -> Iterator[Finding]:
    """One descends from the other, or both from the same within three generations, as births tell."""
    for message, evidence in checks.kinship(case.declared.husband, case.declared.wife, on=case.on):
        yield error("kin", f"Hai bên {message}", evidence)


def check_declared_before(case: Case) -> Iterator[Finding]:
    for code, title, block in _partners(case):
        for other in checks.open_beside(case, code, block):
            yield warning(f"{code}_declared_twice", f"{title} có hồ sơ đăng ký kết hôn khác đang mở.",
                          f"{other.reference} ({other.resolving_unit.short_name})")


def check_presence(case: Case) -> Iterator[Finding]:
    """Both come and sign before the officer; the officer says so when the dossier goes to the leader."""
    yield warning("both_present", "Xác nhận hai bên nam, nữ cùng có mặt, ký vào sổ khi đăng ký.",
                  "Luật Hộ tịch 2014, Điều 18 khoản 2")


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    return tuple(
        Section(title, _of(somebody_in(act, role), act.facts[role]))
        for role, title in ((PartyRole.WIFE, "Vợ"), (PartyRole.HUSBAND, "Chồng"))
    )


def _of(party: Party, facts: dict[str, Any]) -> tuple[Line, ...]:
    before = f"{BEFORE_TITLES[Before(facts['before'])]}; kết hôn lần thứ {facts['times']}"
    return (*person_lines(party), ("Trước khi đăng ký", before))


def certificate(act: Act) -> dict[str, Any]:
    """The two columns of the certificate."""
    def column(role: PartyRole) -> dict[str, str]:
        party = somebody_in(act, role)
        return {"name": party.name.upper(), "born": str(PartialDate.parse(party.born_on)),
                "ethnicity": party.ethnicity, "nationality": party.nationality, "residence": party.residence,
                "id": party.id_text}

    return {"wife": column(PartyRole.WIFE), "husband": column(PartyRole.HUSBAND)}


def headline(act: Act) -> str:
    return f"{somebody_in(act, PartyRole.HUSBAND).name} – {somebody_in(act, PartyRole.WIFE).name}"


_ORDER = (*PERSON_ORDER, "before", "times", "proof")
_ROWS = (*PersonForm.rows, ("before", "times"))

MARRIAGE = EventKind(
    code=HANDLER, title="Đăng ký kết hôn", book=BookKind.MARRIAGE, series=rules.Series.MARRIAGE,
    declaration=MarriageDeclaration,
    pages=(
        FormPage("husband", "Bên nam", page_form(Husband, base=PersonForm, order=_ORDER, rows=_ROWS)),
        FormPage("wife", "Bên nữ", page_form(Wife, base=PersonForm, order=_ORDER, rows=_ROWS)),
        FormPage("together", "Cam đoan chung", page_form(
            Together, order=("free_will", "files", "phone", "email", "copies", "note"), rows=(("phone", "email"),)),
            "Hai bên cùng có mặt khi đăng ký."),
    ),
    checks=(checks.check_days, check_competence, check_foreign_procedure, check_free, check_ages, check_kin,
            check_declared_before, checks.check_numbers, check_presence),
    sections=sections, headline=headline, template=rules.Template.MARRIAGE_CERTIFICATE, originals=2,
    facts_of_paper=certificate, extract_title="TRÍCH LỤC KẾT HÔN", extract_mark="TLKH-BS",
)
