"""Blocks that several events ask for: a person in an act, who files, which act is meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from tuphap.shared.dossiers.api import Applicant
from tuphap.shared.people.api import PartialDate, Sex

from ..answers import Block, CopiesBlock, PersonBlock, Text, missing, required
from ..models import Act, Party
from ..rules import PartyRole
from .asking import Ask

VIETNAMESE = "Việt Nam"
SEXES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
# A person's page in the order in which it is read.
PERSON_ORDER = ("name", "born_on", "personal_number", "ethnicity", "nationality", "residence", "id_kind", "id_number")
SEXED_ORDER = ("name", "sex", *PERSON_ORDER[1:])


class Somebody(PersonBlock):
    """A person whom the act names, so that the block may not stay empty. ``must``: what its page says is needed."""

    must: ClassVar[tuple[str, ...]] = ("name", "born_on", "residence")

    name: str = Field(default="", validate_default=True)

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise missing("họ, chữ đệm, tên")
        return name

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield from super()._needed()
        if not self.personal_number and not self.id_number:
            yield "personal_number", "số định danh cá nhân hoặc số giấy tờ tùy thân"


class SexedSomebody(Somebody):
    """A person whose role does not tell the sex, so that it is asked for."""

    sex: Annotated[Sex, Ask("Giới tính", titles=SEXES)] = Field(default=None, validate_default=True)

    _sex_given = field_validator("sex", mode="before")(required("giới tính"))


class Contact(Block):
    """How whoever files is reached."""

    phone: Annotated[Text, Ask("Điện thoại", "Để nhận thông báo và tra cứu hồ sơ.", kind="phone")] = ""
    email: Annotated[Text, Ask("Thư điện tử", kind="email", optional=True)] = ""

    @field_validator("phone")
    @classmethod
    def _given(cls, phone: str) -> str:
        if not phone:
            raise missing("số điện thoại")
        return phone


class Filer(Contact, PersonBlock):
    """Who files for somebody else: named, identified, reached."""

    must: ClassVar[tuple[str, ...]] = ("name", "residence")

    name: str = Field(default="", validate_default=True)

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise missing("họ, chữ đệm, tên người yêu cầu")
        return name

    def _needed(self) -> Iterator[tuple[str, str]]:
        if not self.id_number and not self.personal_number:
            yield "personal_number", "số định danh cá nhân hoặc số giấy tờ tùy thân"
        yield "residence", "nơi cư trú"


class Copies(CopiesBlock):
    """What is asked for beside the original."""

    copies: Annotated[int, Ask("Số bản sao trích lục", "Bản điện tử dùng được nhiều lần.", optional=True)] = 0
    note: Annotated[Text, Ask("Đề nghị khác", kind="text", optional=True, most=300)] = ""


class Declaration(Block):
    """What every event's declaration can say of itself."""

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        """Everybody whom the act names: role, block, sex (empty where the role does not tell it)."""
        raise NotImplementedError

    def applicant(self) -> Applicant:
        """Who files."""
        raise NotImplementedError

    def event_on(self) -> PartialDate | None:
        """The day of what is registered, where that is not the registration itself."""
        return None

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        """What only this kind of act keeps: JSON values, written once."""
        return {}

    def find_target(self) -> Act | None:
        """The registered act that this is about, as it stands today; None where it is about none, or none is found."""
        return None

    def facts_about(self, target: Act) -> dict[str, Any]:
        """What the act keeps of its target: read when it is decided, not declared."""
        return {}

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        """Columns of people whom the act takes over from its target."""
        return []

    def wanted_copies(self) -> int:
        """Copies of the extract that are asked for beside the original."""
        return 0

    def remark(self) -> str:
        """What is noted at registration."""
        return ""

    def check_against_day(self, *, today: date) -> None:
        """What may be declared on one day and not on another; refuses by a typed refusal."""


def has_foreigner(*blocks: PersonBlock) -> bool:
    """Whether one of these people is no citizen of Việt Nam."""
    return any(block.nationality != VIETNAMESE for block in blocks)


def applicant_from(block: PersonBlock, contact: Contact) -> Applicant:
    return Applicant(
        name=block.name, personal_number=block.personal_number, phone=contact.phone, email=contact.email,
        address=block.residence.text if block.residence else "",
    )


def person_lines(party: Party, *, sex: bool = False) -> tuple[tuple[str, str], ...]:
    """A person as pages and papers tell them, with the sex where the role does not tell it."""
    told = [("Giới tính", SEXES[Sex(party.sex)])] if sex else []
    return (
        ("Họ, chữ đệm, tên", party.name.upper()),
        ("Ngày, tháng, năm sinh", str(PartialDate.parse(party.born_on)) if party.born_on else ""), *told,
        ("Dân tộc", party.ethnicity), ("Quốc tịch", party.nationality), ("Nơi cư trú", party.residence),
        ("Giấy tờ tùy thân", party.id_text),
    )


def somebody_in(act: Act, role: PartyRole) -> Party:
    """The person in a role that an act of this kind always has."""
    found = act.party(role)
    assert found is not None  # written with the act, in one operation
    return found
