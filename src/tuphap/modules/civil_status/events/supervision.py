"""Giám sát việc giám hộ: who watches over a registered guardianship, and the end of that (BLDS 2015, Điều 51)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate

from .. import rules
from ..answers import PersonBlock, Text, missing
from ..checks import act_text, error, warning
from ..forms import PersonForm
from ..models import Act
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
    person_lines,
    somebody_in,
)
from .endings import EndDeclaration, Ending, Requester, of_line, told_of, ward_and_guardian
from .kinds import Case, EventKind, Section
from .pages import filer_page, page_form
from .standing import guardianship_has_ended
from .targets import GuardianshipTarget, check_competence, check_target, taken_over

HANDLER, HANDLER_END = rules.SUPERVISION, rules.SUPERVISION_END


class Supervisor(SexedSomebody):
    """Who watches over the guardian."""

    relation: Annotated[Text, Ask("Quan hệ với người được giám hộ", "Ví dụ: chú ruột, bác ruột.")] = ""


class Agreement(Contact, Copies):
    """By what one was chosen, and that one may be."""

    chosen_by: Annotated[Text, Ask(
        "Văn bản cử người giám sát", "Tên, số, ngày; của người thân thích hoặc UBND cấp xã.")] = Field(
        default="", validate_default=True)
    able: Annotated[bool, Ask(
        "Người giám sát có đủ năng lực hành vi dân sự, có điều kiện cần thiết và đồng ý giám sát")] = False

    @field_validator("chosen_by")
    @classmethod
    def _told(cls, value: str) -> str:
        if not value:
            raise missing("văn bản cử người giám sát")
        return value

    @field_validator("able")
    @classmethod
    def _declared(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("civil_status.supervisor_able", "Người giám sát phải cam đoan nội dung này.", {})
        return value


class SupervisionDeclaration(Declaration):
    """A whole declaration; the supervisor files."""

    target: GuardianshipTarget
    supervisor: Supervisor
    agreement: Agreement

    @property
    def requester(self) -> Supervisor:
        """Who asks, for the checks that declarations about an act have in common."""
        return self.supervisor

    def find_target(self) -> Act | None:
        return self.target.find(BookKind.GUARDIANSHIP)

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.SUPERVISOR, self.supervisor, str(self.supervisor.sex)

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        return ward_and_guardian(target)

    def applicant(self) -> Applicant:
        return applicant_from(self.supervisor, self.agreement)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"relation": self.supervisor.relation, "chosen_by": self.agreement.chosen_by}

    def facts_about(self, target: Act) -> dict[str, Any]:
        return told_of(target)

    def wanted_copies(self) -> int:
        return self.agreement.copies

    def remark(self) -> str:
        return self.agreement.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.NotOfAge: the supervisor surely is none."""
        assert self.supervisor.born_on is not None  # a named person has a birthday
        rules.check_guardian_age(born_on=self.supervisor.born_on, on=today, field="supervisor.born_on")


class End(Ending):
    """Why and since when."""

    reason: Annotated[Text, Ask("Lý do chấm dứt giám sát", kind="text", most=300)] = Field(
        default="", validate_default=True)

    @field_validator("reason")
    @classmethod
    def _told(cls, value: str) -> str:
        if not value:
            raise missing("lý do chấm dứt")
        return value


class SupervisionTarget(GuardianshipTarget):
    """Which supervision: it stands in the book of guardianships."""


class SupervisionEndDeclaration(EndDeclaration):
    """A whole request that a supervision be ended."""

    target: SupervisionTarget
    end: End

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        supervisor = target.party(PartyRole.SUPERVISOR)
        own = [taken_over(supervisor, PartyRole.SUPERVISOR)] if supervisor is not None else []
        return [*super().people_from(target), *own]

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {"reason": self.end.reason}


# --- What the register says -------------------------------------------------------------------------------------------


def check_guardianship(case: Case) -> Iterator[Finding]:
    """It is a guardianship that has not ended, and nobody else watches over it."""
    if case.target is None:
        return
    if case.target.event != rules.GUARDIANSHIP:
        yield error("not_a_guardianship", "Việc này không phải là đăng ký giám hộ.", act_text(case.target))
        return
    if guardianship_has_ended(case.target):
        yield error("guardianship_ended", "Việc giám hộ này đã chấm dứt.", act_text(case.target))
    for act in case.target.followers.filter(
        event=HANDLER, state__in=(ActState.PENDING_SIGNATURE, ActState.REGISTERED)
    ):
        if not supervision_has_ended(act):
            yield error("already_supervised", "Việc giám hộ này đang có người giám sát.", act_text(act))


def check_other(case: Case) -> Iterator[Finding]:
    """The supervisor is neither the guardian nor the ward."""
    if case.target is None:
        return
    number = case.declared.supervisor.personal_number
    for role in (PartyRole.GUARDIAN, PartyRole.WARD):
        party = case.target.party(role)
        if party is not None and number and party.personal_number == number:
            yield error("supervises_oneself", "Người giám sát không được là người giám hộ hoặc người được giám hộ.",
                        party.name)


def check_alive(case: Case) -> Iterator[Finding]:
    yield from checks.alive(case.declared.supervisor, "supervisor", "Người giám sát")


def check_supervision(case: Case) -> Iterator[Finding]:
    """It is a supervision that has not ended, and began before it ends."""
    target, ended_on = case.target, case.declared.end.ended_on
    if target is None:
        return
    if target.event != HANDLER:
        yield error("not_a_supervision", "Việc này không phải là đăng ký giám sát việc giám hộ.", act_text(target))
    elif supervision_has_ended(target):
        yield error("supervision_ended", "Việc giám sát này đã chấm dứt.", act_text(target))
    if ended_on < target.registered_on:
        yield error("date_order", "Ngày chấm dứt phải từ ngày đăng ký giám sát.", act_text(target))
    elif ended_on < case.on and (case.on - ended_on).days > 365:
        yield warning("ended_long_ago", "Việc giám sát đã chấm dứt hơn một năm trước.", day_text(ended_on))


def supervision_has_ended(supervision: Act) -> bool:
    """Whether a note says so, of an act that was not cancelled since."""
    return supervision.annotations.filter(kind=AnnotationKind.SUPERVISION_END).exclude(
        source__state=ActState.CANCELLED).exists()


# --- What they do -----------------------------------------------------------------------------------------------------


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the supervisor beside the guardianship."""
    assert act.target is not None  # written with the act, in one operation
    annotate(
        act.target, AnnotationKind.SUPERVISION, actor=actor, at=at, by=act.signer_name, source=act,
        text=f"Người giám sát việc giám hộ: {somebody_in(act, PartyRole.SUPERVISOR).name.upper()}; đăng ký số "
        f"{act.display_number} ngày {day_text(act.registered_on)}, {act.unit_name}.",
    )


def note_the_end(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the end beside the supervision, and beside the guardianship that it was of."""
    assert act.target is not None  # written with the act, in one operation
    text = (f"Chấm dứt giám sát việc giám hộ từ ngày {PartialDate.parse(act.event_on)}; đăng ký số "
            f"{act.display_number} ngày {day_text(act.registered_on)}, {act.unit_name}.")
    for one in filter(None, (act.target, act.target.target)):
        annotate(one, AnnotationKind.SUPERVISION_END, actor=actor, at=at, by=act.signer_name, source=act, text=text)


# --- The acts as they are told ----------------------------------------------------------------------------------------


def _people(act: Act) -> tuple[Section, ...]:
    titles = ((PartyRole.SUPERVISOR, "Người giám sát"), (PartyRole.GUARDIAN, "Người giám hộ"),
              (PartyRole.WARD, "Người được giám hộ"))
    return tuple(
        Section(title, person_lines(party, sex=bool(party.sex)))
        for role, title in titles if (party := act.party(role)) is not None
    )


def sections(act: Act) -> tuple[Section, ...]:
    return (*_people(act), Section("Giám sát việc giám hộ", (
        of_line(act, "Giám hộ đã đăng ký"), ("Quan hệ với người được giám hộ", act.facts["relation"]),
        ("Văn bản cử người giám sát", act.facts["chosen_by"]),
    )))


def sections_of_end(act: Act) -> tuple[Section, ...]:
    return (*_people(act), Section("Chấm dứt giám sát việc giám hộ", (
        of_line(act, "Giám sát đã đăng ký"), ("Lý do", act.facts["reason"]),
        ("Từ ngày", str(PartialDate.parse(act.event_on))),
    )))


def headline(act: Act) -> str:
    ward = act.party(PartyRole.WARD)
    return f"{somebody_in(act, PartyRole.SUPERVISOR).name} giám sát việc giám hộ {ward.name if ward else ''}".strip()


def headline_of_end(act: Act) -> str:
    supervisor = act.party(PartyRole.SUPERVISOR)
    return f"{supervisor.name} thôi giám sát việc giám hộ" if supervisor else "Chấm dứt giám sát việc giám hộ"


_BOOK: dict[str, Any] = {
    "book": BookKind.GUARDIANSHIP, "series": rules.Series.GUARDIANSHIP, "template": rules.Template.EXTRACT,
}
SUPERVISION = EventKind(
    code=HANDLER, title="Đăng ký giám sát việc giám hộ", declaration=SupervisionDeclaration,
    pages=(
        FormPage("target", "Việc giám hộ", page_form(GuardianshipTarget, order=("number", "office", "name")),
                 "Ghi theo trích lục đăng ký giám hộ."),
        FormPage("supervisor", "Người giám sát", page_form(Supervisor, base=PersonForm, order=(
            *SEXED_ORDER, "relation"))),
        FormPage("agreement", "Việc giám sát", page_form(Agreement, order=(
            "chosen_by", "able", "phone", "email", "copies", "note"), rows=(("phone", "email"),))),
    ),
    checks=(checks.check_days, check_target, check_competence, check_guardianship, check_other, check_alive,
            checks.check_numbers),
    sections=sections, headline=headline, extract_title="TRÍCH LỤC ĐĂNG KÝ GIÁM SÁT VIỆC GIÁM HỘ",
    extract_mark="TLGSGH-BS", effects=(note_beside,), **_BOOK,
)
SUPERVISION_ENDED = EventKind(
    code=HANDLER_END, title="Đăng ký chấm dứt giám sát việc giám hộ", declaration=SupervisionEndDeclaration,
    pages=(
        FormPage("target", "Việc giám sát", page_form(SupervisionTarget, order=("number", "office", "name")),
                 "Ghi theo trích lục đăng ký giám sát việc giám hộ."),
        FormPage("end", "Việc chấm dứt", page_form(End, order=("reason", "ended_on", "copies", "note"))),
        filer_page("requester", "Người yêu cầu", Requester),
    ),
    checks=(checks.check_days, check_target, check_competence, check_supervision, checks.check_numbers),
    sections=sections_of_end, headline=headline_of_end,
    extract_title="TRÍCH LỤC ĐĂNG KÝ CHẤM DỨT GIÁM SÁT VIỆC GIÁM HỘ", extract_mark="TLCDGSGH-BS",
    effects=(note_the_end,), **_BOOK,
)
