"""Đăng ký lại: what was registered before 2016 and is lost in book and paper is registered anew.

Basis: Nghị định 123/2015/NĐ-CP, Điều 24–28. A marriage and a death are the declarations of the event itself with a page
about what was lost; a birth likewise. What the register still has is not registered anew: an extract of it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Finding, FormPage, Procedure
from tuphap.shared.people.api import Address, PartialDate, PersonName

from .. import rules
from ..answers import BirthDeclaration, Block, Gather, Text, day_of, none_if_empty
from ..checks import act_text, error, same_person, warning
from ..forms import PAGES as BIRTH_PAGES
from ..forms import RecognisedFatherForm
from ..models import Act
from .asking import Ask
from .death import DEATH, DeathDeclaration
from .kinds import Case, EventKind, Section
from .marriage import MARRIAGE, MarriageDeclaration, check_free
from .pages import page_form
from .standing import standing_of


class Lost(Block):
    """The registration of before, as far as it is known, and what is left of it."""

    lost_number: Annotated[Text, Ask("Số, quyển số đã đăng ký (nếu biết)", optional=True)] = ""
    lost_on: Annotated[PartialDate | None, BeforeValidator(none_if_empty), BeforeValidator(day_of), Ask(
        "Ngày hoặc năm đăng ký trước đây", "Ví dụ: 05/03/1998; chỉ nhớ năm thì ghi 1998.")] = Field(
        default=None, validate_default=True)
    lost_at: Annotated[Address | None, BeforeValidator(none_if_empty), Ask(
        "Nơi đăng ký trước đây", "Chọn xã, phường, đặc khu hiện nay của nơi đó.")] = Field(
        default=None, validate_default=True)
    left: Annotated[Text, Ask("Giấy tờ còn giữ có liên quan", "Ví dụ: học bạ, sổ hộ khẩu cũ, bản chụp giấy tờ.",
                              kind="text", optional=True, most=500)] = ""
    sworn: Annotated[bool, Ask(
        "Cam đoan đã đăng ký nhưng không còn giữ bản chính; đã nộp mọi giấy tờ có liên quan, chịu trách nhiệm")] = False

    @field_validator("lost_on", "lost_at")
    @classmethod
    def _known(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("civil_status.required", "Vui lòng nhập thông tin của lần đăng ký trước đây.", {})
        return value

    @field_validator("sworn")
    @classmethod
    def _declared(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("civil_status.sworn", "Người yêu cầu phải cam đoan nội dung này.", {})
        return value

    def kept(self) -> dict[str, Any]:
        """What the act keeps of it."""
        return {
            "number": self.lost_number, "on": self.lost_on.isoformat() if self.lost_on else "",
            "at": self.lost_at.text if self.lost_at else "", "left": self.left,
        }


LOST_PAGE = FormPage("lost", "Lần đăng ký trước đây", page_form(Lost, order=(
    "lost_number", "lost_on", "lost_at", "left", "sworn"), rows=(("lost_number", "lost_on"),)),
    "Chỉ đăng ký lại khi sổ gốc và mọi bản chính đều đã mất.")


def check_lost(lost: Lost, *, on: date) -> Iterator[Finding]:
    """Only what was registered before the law of 2014; nothing is left is looked at again."""
    day = lost.lost_on
    if day is not None and day.earliest >= rules.LAW_OF_2014:
        yield error("not_before_2016", "Chỉ đăng ký lại việc đã đăng ký trước ngày 01/01/2016.",
                    f"Đăng ký {day}. Căn cứ: Nghị định 123/2015/NĐ-CP, Điều 24 khoản 1")
    if not lost.left:
        yield warning("nothing_left", "Không còn giấy tờ nào có liên quan: xác minh tại nơi đăng ký trước đây.")
    if lost.lost_at is not None:
        yield warning("ask_there", "Lấy văn bản của nơi đăng ký trước đây về việc còn lưu giữ sổ hay không.",
                      lost.lost_at.text)


def check_lost_of(case: Case) -> Iterator[Finding]:
    yield from check_lost(case.declared.lost, on=case.on)


def section_of(act: Act) -> Section:
    told = act.facts["again"]
    return Section("Đã đăng ký trước đây", (
        ("Số", told["number"]), ("Ngày, năm", str(PartialDate.parse(told["on"])) if told["on"] else ""),
        ("Tại", told["at"]), ("Giấy tờ còn giữ", told["left"]),
    ))


# --- Marriage, death --------------------------------------------------------------------------------------------------


class MarriageAgainDeclaration(MarriageDeclaration):
    """A whole request to register a marriage anew."""

    lost: Lost

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {**super().facts(declared_on=declared_on), "again": self.lost.kept()}

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.UnderAge: one of them surely was, on the last day on which it may have been registered."""
        assert self.lost.lost_on is not None  # the block says so
        super().check_against_day(today=self.lost.lost_on.latest)


def check_couple(case: Case) -> Iterator[Finding]:
    """What the register has of the two themselves is not registered anew; a marriage to somebody else forbids it."""
    husband, wife = case.declared.husband, case.declared.wife
    marriage = standing_of(same_person(husband)).current
    if marriage is not None and PersonName(wife.name).search_key in {p.search_key for p in marriage.act.parties.all()}:
        yield error("possible_duplicate", "Việc kết hôn này còn trong sổ: cấp bản sao trích lục, không đăng ký lại.",
                    act_text(marriage.act))
        return
    yield from check_free(case)


MARRIAGE_AGAIN = replace(
    MARRIAGE, code=rules.MARRIAGE_AGAIN, title="Đăng ký lại kết hôn", declaration=MarriageAgainDeclaration,
    pages=(*MARRIAGE.pages, LOST_PAGE),
    checks=(*(check_couple if check is check_free else check for check in MARRIAGE.checks), check_lost_of),
    sections=lambda act: (*MARRIAGE.sections(act), section_of(act)),
)


class DeathAgainDeclaration(DeathDeclaration):
    """A whole request to register a death anew."""

    lost: Lost

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        return {**super().facts(declared_on=declared_on), "again": self.lost.kept(),
                "timeliness": rules.Timeliness.AGAIN}


DEATH_AGAIN = replace(
    DEATH, code=rules.DEATH_AGAIN, title="Đăng ký lại khai tử", declaration=DeathAgainDeclaration,
    pages=(*DEATH.pages, LOST_PAGE), checks=(*DEATH.checks, check_lost_of),
    sections=lambda act: (*DEATH.sections(act), section_of(act)),
)


# --- Birth: its own handler decides, signs and shows it ---------------------------------------------------------------


class BirthAgainDeclaration(BirthDeclaration):
    """A whole request to register a birth anew."""

    lost: Lost

    def _check_recognition(self, errors: Gather) -> None:
        """What was registered before may have named a father who had recognised the child."""

    def as_columns(self, *, declared_on: date) -> dict[str, Any]:
        return {**super().as_columns(declared_on=declared_on), "timeliness": rules.Timeliness.AGAIN,
                "facts": {"again": self.lost.kept()}}

    def more_findings(self, *, on: date) -> Iterator[Finding]:
        yield from check_lost(self.lost, on=on)


_BIRTH_PAGES = tuple(
    replace(page, form=RecognisedFatherForm) if page.code == "father" else page for page in BIRTH_PAGES
)


def birth_again(procedure: Procedure) -> type[BirthAgainDeclaration]:
    return BirthAgainDeclaration


def birth_again_pages(procedure: Procedure) -> tuple[FormPage, ...]:
    return (*_BIRTH_PAGES, LOST_PAGE)


AGAIN: tuple[EventKind, ...] = (MARRIAGE_AGAIN, DEATH_AGAIN)
