"""Liên thông khai tử: a death with what the police, social insurance and social assistance need for their parts.

Basis: Nghị định 63/2024/NĐ-CP. The death itself is declared, looked at and registered as any other
(``events/death.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Finding, FormPage
from tuphap.shared.people.api import Address, PartialDate

from .. import rules as register
from ..answers import Block, Gather, NameText, NumberText, Text, checked, missing, none_if_empty, required
from ..checks import warning
from ..events.asking import Ask
from ..events.death import DEATH, RELATION_TITLES, DeathDeclaration, Deceased, Passing, Relation, death_pages
from ..events.kinds import Case
from ..events.pages import page_form
from . import rules
from .answers import has_paper
from .rules import Aid, Home, Household, Payment, Seeker, Service, Way


class KnownDeceased(Deceased):
    """Who has died, by the number by which every agency knows them."""

    must: ClassVar[tuple[str, ...]] = (*Deceased.must, "personal_number")

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield from super()._needed()
        yield "personal_number", "số định danh cá nhân của người chết"


class DatedPassing(Passing):
    """The death itself, of which the whole day is known."""

    @field_validator("died_on")
    @classmethod
    def _whole_day(cls, died_on: PartialDate) -> PartialDate:
        checked(lambda: rules.check_death_day(died_on))
        return died_on


class RemovalBlock(Block):
    """The household that the dead leave."""

    home: Annotated[Home, Ask("Nơi đăng ký thường trú cần xóa", titles=rules.HOME_TITLES)] = Home.LAST
    address: Annotated[Address | None, BeforeValidator(none_if_empty), Ask(
        "Địa chỉ thường trú (nếu là nơi khác)", optional=True)] = None
    household: Annotated[Household, Ask("Chủ hộ", titles=rules.HOUSEHOLD_TITLES)] = Field(
        default=None, validate_default=True)
    head_name: Annotated[NameText, Ask(
        "Họ, chữ đệm, tên chủ hộ", "Người chết là chủ hộ thì ghi người sẽ làm chủ hộ.", kind="name",
        optional=True)] = ""
    head_number: Annotated[NumberText, Ask("Số định danh của chủ hộ", kind="number", optional=True)] = ""

    _household_given = field_validator("household", mode="before")(required("chủ hộ"))

    @model_validator(mode="after")
    def _whole(self) -> RemovalBlock:
        with Gather(self) as errors:
            if self.home is Home.OTHER and self.address is None:
                errors.add("address", missing("địa chỉ thường trú"))
            if self.address is not None and self.address.is_abroad:
                errors.add("address", missing("nơi thường trú trong nước"))
            if self.household is not Household.ALONE:
                for field, what in (("head_name", "họ, chữ đệm, tên chủ hộ"), ("head_number", "số định danh chủ hộ")):
                    if not getattr(self, field):
                        errors.add(field, missing(what))
        return self


class AidBlock(Block):
    """The money for the funeral, and what the dead were paid every month."""

    aid: Annotated[Aid, Ask(
        "Đề nghị hưởng", "Một người chết được hưởng một khoản. Chọn theo chế độ mà người chết thuộc diện.",
        titles=rules.AID_TITLES)] = Field(default=None, validate_default=True)
    insurance_number: Annotated[Text, Ask(
        "Mã số bảo hiểm xã hội của người chết (nếu có)", "10 chữ số.", optional=True, most=10)] = ""
    seeker: Annotated[Seeker, Ask("Người đề nghị hưởng", titles=rules.SEEKER_TITLES)] = Seeker.DECLARANT
    name: Annotated[NameText, Ask("Họ, chữ đệm, tên (nếu là người khác)", kind="name", optional=True)] = ""
    number: Annotated[NumberText, Ask("Số định danh của người đề nghị", kind="number", optional=True)] = ""
    paper: Annotated[Text, Ask(
        "Giấy tờ tùy thân khác (nếu không có số định danh)", "Loại giấy tờ, số, nơi cấp.", optional=True,
        most=100)] = ""
    relation: Annotated[Relation | None, BeforeValidator(none_if_empty), Ask(
        "Quan hệ với người chết", titles=RELATION_TITLES, optional=True)] = None
    way: Annotated[Way, Ask("Cách nhận tiền", titles=rules.WAY_TITLES)] = Way.ACCOUNT
    bank: Annotated[Text, Ask("Ngân hàng", optional=True, most=100)] = ""
    account: Annotated[Text, Ask("Số tài khoản", "Của người đề nghị hưởng.", optional=True, most=30)] = ""
    pension: Annotated[bool, Ask("Người chết đang hưởng lương hưu, trợ cấp bảo hiểm xã hội hằng tháng")] = False
    social: Annotated[bool, Ask("Người chết đang hưởng trợ cấp xã hội hằng tháng")] = False
    merit: Annotated[bool, Ask("Người chết đang hưởng trợ cấp ưu đãi người có công hằng tháng")] = False

    _aid_given = field_validator("aid", mode="before")(required("khoản đề nghị hưởng, hoặc “Không đề nghị”"))

    @field_validator("insurance_number")
    @classmethod
    def _insured(cls, number: str) -> str:
        if number and not (len(number) == 10 and number.isascii() and number.isdecimal()):
            raise PydanticCustomError("civil_status.insurance_number", "Mã số bảo hiểm xã hội gồm 10 chữ số.")
        return number

    @field_validator("account")
    @classmethod
    def _account(cls, account: str) -> str:
        account = account.replace(" ", "")
        if account and re.fullmatch(rules.ACCOUNT, account) is None:
            raise PydanticCustomError("civil_status.account", rules.ACCOUNT_FORM)
        return account

    @model_validator(mode="after")
    def _whole(self) -> AidBlock:
        with Gather(self) as errors:
            if self.aid is Aid.NONE:
                return self
            if self.seeker is Seeker.OTHER:
                for field, what in (
                    ("name", "họ, chữ đệm, tên người đề nghị"), ("relation", "quan hệ với người chết"),
                ):
                    if not getattr(self, field):
                        errors.add(field, missing(what))
                if not self.number and not self.paper:
                    errors.add("number", missing("số định danh hoặc giấy tờ tùy thân khác của người đề nghị"))
            if self.way is Way.ACCOUNT:
                for field, what in (("bank", "tên ngân hàng"), ("account", "số tài khoản")):
                    if not getattr(self, field):
                        errors.add(field, missing(what))
        return self

    @property
    def payments(self) -> tuple[Payment, ...]:
        """What the dead were paid every month."""
        return tuple(payment for payment in Payment if getattr(self, payment))


@dataclass(frozen=True, slots=True)
class AidSeeker:
    """Who asks for the aid, whether it is the declarant or somebody else."""

    name: str
    number: str
    paper: str
    relation: Relation


class JoinedDeath(DeathDeclaration):
    """A declaration of death with what the other agencies need."""

    deceased: KnownDeceased
    death: DatedPassing
    residence: RemovalBlock
    aid: AidBlock

    @model_validator(mode="after")
    def _at_home(self) -> JoinedDeath:
        with Gather(self) as errors:
            if self.home is None or self.home.is_abroad:
                errors.add("residence.home", missing("nơi thường trú trong nước của người chết"))
        return self

    @property
    def home(self) -> Address | None:
        """Where the dead were registered as permanent residents."""
        return self.residence.address if self.residence.home is Home.OTHER else self.deceased.residence

    @property
    def seeker(self) -> AidSeeker:
        aid, declarant = self.aid, self.declarant
        if aid.seeker is Seeker.OTHER:
            assert aid.relation is not None  # the block says so
            return AidSeeker(aid.name, aid.number, aid.paper, aid.relation)
        paper = f"{register.ID_TITLES[declarant.id_kind]} số {declarant.id_number}" if declarant.id_kind else ""
        return AidSeeker(declarant.name, declarant.personal_number, paper, declarant.relation)

    def services(self) -> dict[rules.LegKind, tuple[Service, ...]]:
        """Which agency is asked for what: none for the aid that nobody wants, the payment that nobody had."""
        granting = rules.AID_FROM.get(self.aid.aid)
        paying = {rules.PAID_BY[payment] for payment in self.aid.payments}
        return {
            rules.LegKind.AID: (granting,) if granting is not None else (),
            rules.LegKind.PAYMENTS_STOP: tuple(service for service in Service if service in paying),
        }


def check_aid_paper(case: Case) -> Iterator[Finding]:
    """The paper with which this aid is asked for lies beside the declaration."""
    law = register.in_force(rules.AID_PAPERS, on=case.on)
    wanted = law.value.get(case.declared.aid.aid)
    if wanted is not None and not has_paper(case.dossier, wanted):
        yield warning("aid_paper", f"Đề nghị mai táng phí nhưng chưa có {rules.AID_PAPER_TITLES[wanted]}.",
                      f"Căn cứ: {law.legal_basis}")


def check_aid_and_payments(case: Case) -> Iterator[Finding]:
    """Aid of the insurance for somebody who is said to have been paid by social assistance alone, and the like."""
    aid: AidBlock = case.declared.aid
    granting = rules.AID_FROM.get(aid.aid)
    paying = {rules.PAID_BY[payment] for payment in aid.payments}
    if granting is not None and paying and granting not in paying:
        yield warning("aid_elsewhere", "Khoản mai táng phí đề nghị không cùng cơ quan đang chi trả hằng tháng.",
                      "; ".join(rules.PAYMENT_TITLES[payment] for payment in aid.payments))


JOINED_DEATH = replace(
    DEATH, code=register.JOINED_DEATH_HANDLER, records=DEATH.code,
    title="Liên thông đăng ký khai tử, xóa đăng ký thường trú, giải quyết mai táng phí",
    declaration=JoinedDeath, checks=(*DEATH.checks, check_aid_paper, check_aid_and_payments),
    pages=(
        *death_pages(KnownDeceased, DatedPassing),
        FormPage("residence", "Xóa đăng ký thường trú", page_form(RemovalBlock, rows=(("head_name", "head_number"),)),
                 "Người chết được xóa khỏi hộ nào."),
        FormPage("aid", "Mai táng phí và chế độ hằng tháng", page_form(AidBlock, rows=(
            ("name", "number"), ("bank", "account"))),
            "Đánh dấu các khoản mà người chết đang hưởng hằng tháng để cơ quan chi trả dừng."),
    ),
)
