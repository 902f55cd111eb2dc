"""The identity card (thẻ căn cước): what the code printed on it says, as a scanner at the counter types it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tuphap.kernel.text import tidy

from .identity import Sex, check_personal_number
from .names import PersonName
from .refusals import BadName, BadPersonalNumber, UnreadableCard

# number | old card's number, or nothing | name | day of birth | sex | residence | day of issue | what later cards add
_LEAST_PARTS = 7
_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_SEXES = {"nam": Sex.MALE, "nữ": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """Who the card says its holder is. ``residence`` is as printed: the units of the day of issue, perhaps no more."""

    personal_number: str
    former_number: str
    name: str
    born_on: date
    sex: Sex
    residence: str
    issued_on: date | None


def read_card(typed: str) -> IdentityCard:
    """The card behind a scanned code.

    :raises UnreadableCard: not a code of an identity card, or one read with faults.
    """
    parts = [tidy(part) for part in typed.strip().split("|")]
    if len(parts) < _LEAST_PARTS:
        raise UnreadableCard()
    number, former, name, born, sex, residence, issued = parts[:_LEAST_PARTS]
    born_on = _day(born)
    try:
        check_personal_number(number, birth=None, sex=None)
        name = str(PersonName(name))
    except (BadPersonalNumber, BadName) as bad:
        raise UnreadableCard() from bad
    if born_on is None or sex.casefold() not in _SEXES:
        raise UnreadableCard()
    return IdentityCard(
        personal_number=number, former_number=former, name=name, born_on=born_on, sex=_SEXES[sex.casefold()],
        residence=residence, issued_on=_day(issued),
    )


def _day(digits: str) -> date | None:
    found = _DAY.fullmatch(digits)
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
