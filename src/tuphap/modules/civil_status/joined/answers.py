"""What the joined procedure of births asks for beyond a declaration of birth: the household, and the health card."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Dossier, Procedure
from tuphap.shared.people.api import Address, PartialDate

from .. import rules as register
from ..answers import BirthDeclaration, Block, NameText, NumberText, Text, missing, none_if_empty, required
from . import rules


class ResidenceBlock(Block):
    """Where the child is registered: in its mother's or father's household, or in another that takes it in."""

    host: rules.Host = Field(default=None, validate_default=True)
    address: Annotated[Address | None, BeforeValidator(none_if_empty)] = None
    head_name: NameText = ""
    head_number: NumberText = ""

    _host_given = field_validator("host", mode="before")(required("nơi đăng ký thường trú"))

    @model_validator(mode="after")
    def _whole(self) -> ResidenceBlock:
        if self.host is not rules.Host.OTHER:
            return self
        for value, what in (
            (self.address, "địa chỉ đăng ký thường trú"), (self.head_name, "họ, chữ đệm, tên chủ hộ"),
            (self.head_number, "số định danh cá nhân của chủ hộ"),
        ):
            if not value:
                raise missing(what)
        return self


class CardBlock(Block):
    """The health card: where the child is first seen, and how the card comes."""

    clinic_code: Text = ""
    email: Text = ""
    phone: Text = ""

    @field_validator("clinic_code")
    @classmethod
    def _code(cls, code: str) -> str:
        if code and not (len(code) == 5 and code.isascii() and code.isdecimal()):
            raise PydanticCustomError("civil_status.clinic_code", "Mã cơ sở khám chữa bệnh gồm 5 chữ số.")
        return code

    @model_validator(mode="after")
    def _reachable(self) -> CardBlock:
        if not self.email and not self.phone:
            raise missing("thư điện tử hoặc điện thoại nhận thẻ")
        return self


class JoinedDeclaration(BirthDeclaration):
    """A declaration of birth with what the other agencies need."""

    residence: ResidenceBlock
    card: CardBlock

    @model_validator(mode="after")
    def _host_known(self) -> JoinedDeclaration:
        if self.residence.host in (rules.Host.MOTHER, rules.Host.FATHER):
            who = "mẹ" if self.residence.host is rules.Host.MOTHER else "cha"
            host = self.mother if self.residence.host is rules.Host.MOTHER else self.father
            if not host.personal_number:
                raise missing(f"số định danh cá nhân của {who}, để đăng ký thường trú theo {who}")
            if self.host_address is None or self.host_address.is_abroad:
                raise missing(f"nơi cư trú trong nước của {who}")
        return self

    @property
    def host_number(self) -> str:
        """The personal number of who takes the child into the household."""
        return {
            rules.Host.MOTHER: self.mother.personal_number, rules.Host.FATHER: self.father.personal_number,
            rules.Host.OTHER: self.residence.head_number,
        }[self.residence.host]

    @property
    def host_address(self) -> Address | None:
        """Where that household lives."""
        return {
            rules.Host.MOTHER: self.mother.residence, rules.Host.FATHER: self.father.residence,
            rules.Host.OTHER: self.residence.address,
        }[self.residence.host]

    def check_against_day(self, *, today: date) -> None:
        """As of any birth; besides, the child is under the age of the procedure and its whole birthday is known.

        :raises rules.DayNeeded, rules.TooOld: as said.
        """
        super().check_against_day(today=today)
        born = self.child.born_on
        if born.earliest != born.latest:
            raise rules.DayNeeded()
        years = register.in_force(rules.UNDER_AGE_YEARS, on=today).value
        if register.age_range(born_on=born, at=PartialDate.parse(today.isoformat()))[0] >= years:
            raise rules.TooOld(years=years)


def joined_declaration(procedure: Procedure) -> type[JoinedDeclaration]:
    """The model of a joined declaration: the same in every version so far."""
    return JoinedDeclaration


def has_paper(dossier: Dossier, component: str) -> bool:
    """Whether this paper is among those handed in."""
    return dossier.attachments.filter(component=component, removed_at__isnull=True).exists()
