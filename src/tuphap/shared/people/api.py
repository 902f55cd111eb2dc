"""People as value types: no table, no clock. They stand in forms, models and papers of every module."""

from __future__ import annotations

from .addresses import Address
from .cards import IdentityCard, read_card
from .dates import PartialDate
from .identity import (
    PROVINCES,
    Sex,
    Warning_,
    birth_year,
    check_personal_number,
    registration_province,
    sex_of,
)
from .lists import ETHNICITIES, FOREIGN, NATIONALITIES, STATELESS
from .names import PersonName
from .refusals import BadAddress, BadDate, BadName, BadPersonalNumber, UnreadableCard

__all__ = [
    "ETHNICITIES",
    "FOREIGN",
    "NATIONALITIES",
    "PROVINCES",
    "STATELESS",
    "Address",
    "BadAddress",
    "BadDate",
    "BadName",
    "BadPersonalNumber",
    "IdentityCard",
    "PartialDate",
    "PersonName",
    "Sex",
    "UnreadableCard",
    "Warning_",
    "birth_year",
    "check_personal_number",
    "read_card",
    "registration_province",
    "sex_of",
]
