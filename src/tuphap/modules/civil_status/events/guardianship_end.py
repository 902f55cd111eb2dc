"""Chấm dứt giám hộ: a registered guardianship ends (Luật Hộ tịch 2014, Điều 22; BLDS 2015, Điều 62)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Finding, FormPage
from tuphap.shared.people.api import PartialDate

from .. import rules
from ..answers import Text, required
from ..checks import act_text, error, warning
from ..models import Act
from ..operations import annotate
from ..papers import day_text
from ..rules import AnnotationKind, BookKind, PartyRole
from . import checks
from .asking import Ask
from .blocks import somebody_in
from .endings import EndDeclaration, Ending, Requester, of_line
from .kinds import Case, EventKind, Section
from .pages import filer_page, page_form
from .standing import guardianship_has_ended, same_as, standing_of
from .targets import GuardianshipTarget, check_competence, check_target

HANDLER = rules.GUARDIANSHIP_END


class Why(StrEnum):
    """Why nobody needs to be looked after any more: BLDS 2015, Điều 62."""

    OF_AGE = "of_age"
    DEAD = "dead"
    PARENTS_BACK = "parents_back"
    ADOPTED = "adopted"
    REPLACED = "replaced"


WHY_TITLES = {
    Why.OF_AGE: "Người được giám hộ đã có năng lực hành vi dân sự đầy đủ", Why.DEAD: "Người được giám hộ chết",
    Why.PARENTS_BACK: "Cha, mẹ đã đủ điều kiện chăm sóc, giáo dục",
    Why.ADOPTED: "Người được giám hộ được nhận làm con nuôi",
    Why.REPLACED: "Thay đổi người giám hộ",
}


class End(Ending):
    """Why and since when."""

    why: Annotated[Why, Ask("Lý do chấm dứt", titles=WHY_TITLES)] = Field(default=None, validate_default=True)
    proof: Annotated[Text, Ask("Giấy tờ chứng minh", "Tên, số, ngày, nơi cấp.", optional=True)] = ""

    _why_given = field_validator("why", mode="before")(required("lý do chấm dứt"))


class GuardianshipEndDeclaration(EndDeclaration):
    """A whole request."""

    end: End

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"why": self.end.why, "proof": self.end.proof}


# --- What the register says -------------------------------------------------------------------------------------------


def check_holds(case: Case) -> Iterator[Finding]:
    """It is a guardianship that has not ended, and it began before it ends."""
    target, ended_on = case.target, case.declared.end.ended_on
    if target is None:
        return
    if target.event != rules.GUARDIANSHIP:
        yield error("not_a_guardianship", "Việc này không phải là đăng ký giám hộ.", act_text(target))
    elif guardianship_has_ended(target):
        yield error("guardianship_ended", "Việc giám hộ này đã chấm dứt.", act_text(target))
    if ended_on < target.registered_on:
        yield error("date_order", "Ngày chấm dứt phải từ ngày đăng ký giám hộ.", act_text(target))


def check_reason(case: Case) -> Iterator[Finding]:
    """What the register knows of the ward against the reason that is told."""
    if case.target is None:
        return
    ward, why = somebody_in(case.target, PartyRole.WARD), case.declared.end.why
    of_age = rules.in_force(rules.FULL_AGE_YEARS, on=case.on).value
    if why is Why.OF_AGE and ward.born_on and PartialDate.parse(ward.born_on).years_until(case.on)[1] < of_age:
        yield warning("ward_is_minor", f"Người được giám hộ chưa đủ {of_age} tuổi.",
                      f"Sinh {PartialDate.parse(ward.born_on)}")
    if why is Why.DEAD and standing_of(same_as(ward)).death is None:
        yield warning("ward_death_unknown", "Sổ hộ tịch chưa ghi việc khai tử người được giám hộ.", ward.name)
    if not case.declared.end.proof:
        yield warning("end_proof", "Chưa ghi giấy tờ chứng minh.")


# --- What it does -----------------------------------------------------------------------------------------------------


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    assert act.target is not None  # written with the act, in one operation
    annotate(
        act.target, AnnotationKind.GUARDIANSHIP_END, actor=actor, at=at, by=act.signer_name, source=act,
        text=f"Chấm dứt giám hộ từ ngày {PartialDate.parse(act.event_on)}; đăng ký số {act.display_number} ngày "
        f"{day_text(act.registered_on)}, {act.unit_name}.",
    )


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    told = [
        Section(title, (("Họ, chữ đệm, tên", party.name.upper()),
                        ("Ngày, tháng, năm sinh", str(PartialDate.parse(party.born_on)) if party.born_on else ""),
                        ("Nơi cư trú", party.residence), ("Giấy tờ tùy thân", party.id_text)))
        for role, title in ((PartyRole.WARD, "Người được giám hộ"), (PartyRole.GUARDIAN, "Người giám hộ"))
        if (party := act.party(role)) is not None
    ]
    return (*told, Section("Chấm dứt giám hộ", (
        of_line(act, "Giám hộ đã đăng ký"),
        ("Lý do", WHY_TITLES[Why(act.facts["why"])]), ("Từ ngày", str(PartialDate.parse(act.event_on))),
        ("Giấy tờ chứng minh", act.facts["proof"]),
    )))


def headline(act: Act) -> str:
    guardian, ward = act.party(PartyRole.GUARDIAN), act.party(PartyRole.WARD)
    return f"{guardian.name} thôi giám hộ {ward.name}" if guardian and ward else "Chấm dứt giám hộ"


GUARDIANSHIP_ENDED = EventKind(
    code=HANDLER, title="Đăng ký chấm dứt giám hộ", book=BookKind.GUARDIANSHIP, series=rules.Series.GUARDIANSHIP,
    declaration=GuardianshipEndDeclaration,
    pages=(
        FormPage("target", "Việc giám hộ", page_form(GuardianshipTarget, order=("number", "office", "name")),
                 "Ghi theo trích lục đăng ký giám hộ."),
        FormPage("end", "Việc chấm dứt", page_form(End, order=("why", "ended_on", "proof", "copies", "note"))),
        filer_page("requester", "Người yêu cầu", Requester),
    ),
    checks=(checks.check_days, check_target, check_competence, check_holds, check_reason, checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.EXTRACT,
    extract_title="TRÍCH LỤC ĐĂNG KÝ CHẤM DỨT GIÁM HỘ", extract_mark="TLCDGH-BS", effects=(note_beside,),
)
