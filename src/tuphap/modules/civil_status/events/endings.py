"""What registering an end has in common: since when, who asks, of which registered act of the book of guardianships."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from tuphap.shared.dossiers.api import Applicant
from tuphap.shared.people.api import PartialDate

from .. import rules
from ..answers import PersonBlock, missing, none_if_empty
from ..models import Act
from ..papers import day_text
from ..rules import BookKind, PartyRole
from .asking import Ask
from .blocks import Copies, Declaration, Filer, applicant_from
from .targets import GuardianshipTarget, taken_over


class Ending(Copies):
    """Since when; each kind of end asks for its own reason beside it."""

    ended_on: Annotated[date | None, BeforeValidator(none_if_empty), Ask("Chấm dứt từ ngày")] = Field(
        default=None, validate_default=True)

    @field_validator("ended_on")
    @classmethod
    def _day_given(cls, day: date | None) -> date:
        if day is None:
            raise missing("ngày chấm dứt")
        return day


class Requester(Filer):
    """Who asks: one of the parties, or who looks after them."""


class EndDeclaration(Declaration):
    """A whole request that what is registered be ended; the kinds narrow ``target`` and ``end``."""

    target: GuardianshipTarget
    end: Ending
    requester: Requester

    def find_target(self) -> Act | None:
        return self.target.find(BookKind.GUARDIANSHIP)

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.DECLARANT, self.requester, ""

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        return ward_and_guardian(target)

    def applicant(self) -> Applicant:
        return applicant_from(self.requester, self.requester)

    def event_on(self) -> PartialDate:
        assert self.end.ended_on is not None  # the block says so
        return PartialDate.of(self.end.ended_on)

    def facts_about(self, target: Act) -> dict[str, Any]:
        return told_of(target)

    def wanted_copies(self) -> int:
        return self.end.copies

    def remark(self) -> str:
        return self.end.note

    def check_against_day(self, *, today: date) -> None:
        """:raises rules.DateOrder: the end lies ahead."""
        if self.end.ended_on is not None and self.end.ended_on > today:
            raise rules.DateOrder(field="end.ended_on", what="Ngày chấm dứt không được sau ngày hôm nay.")


def ward_and_guardian(target: Act) -> list[dict[str, Any]]:
    """The columns of both, as they stand in the target."""
    found = ((role, target.party(role)) for role in (PartyRole.WARD, PartyRole.GUARDIAN))
    return [taken_over(party, role) for role, party in found if party is not None]


def told_of(target: Act) -> dict[str, Any]:
    """What an act keeps of the registered act that it is about, to be told by :func:`of_line`."""
    return {"of": {"number": target.display_number, "office": target.unit_name,
                   "registered_on": target.registered_on.isoformat()}}


def of_line(act: Act, title: str) -> tuple[str, str]:
    """The registered act that this one is about, as a line; empty where the act keeps nothing of it."""
    of = act.facts.get("of") or {"number": "", "office": "", "registered_on": ""}
    registered = day_text(date.fromisoformat(of["registered_on"])) if of["registered_on"] else ""
    return title, f"Số {of['number']}, ngày {registered}, {of['office']}" if of["number"] else ""
