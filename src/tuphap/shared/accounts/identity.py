"""What the national identity provider says of a citizen, checked before any of it is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy


class BadClaim(Refusal):
    """The provider's answer holds something that cannot be true (a number of the wrong form, no name)."""

    code = "accounts.bad_claim"
    message_vi = "Thông tin định danh nhận được không hợp lệ. Vui lòng liên hệ bộ phận hỗ trợ."


class NoPersonalNumber(Refusal):
    """The account at the provider bears no personal number; no account can be opened here."""

    code = "accounts.no_personal_number"
    message_vi = "Tài khoản VNeID của ông/bà chưa có số định danh cá nhân."


@dataclass(frozen=True, slots=True)
class Identity:
    """A citizen as the provider names them; the key is (``issuer``, ``subject``)."""

    issuer: str
    subject: str
    full_name: str
    personal_number: str
    birth_date: str
    sex: str
    phone: str
    assurance_level: int
    warnings: tuple[str, ...] = ()


Check = Callable[[str, str, str], tuple[str, ...]]


def _twelve_digits(number: str, birth_date: str, sex: str) -> tuple[str, ...]:
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        raise BadClaim()
    return ()


_check: Check = _twelve_digits


def use_personal_number_check(check: Check) -> None:
    """Let ``check`` judge personal numbers; ``people`` lies above this floor and is plugged in by the site.

    :param check: of (number, day of birth, sex) as the provider tells them; raises a Refusal for what is no number,
        answers the codes of what does not fit the person and may yet be right.
    """
    global _check
    _check = check


def read_claims(claims: dict[str, Any], names: dict[str, str], *, issuer: str) -> Identity:
    """The identity that these verified claims tell of. ``names`` maps our words to the provider's claim names.

    :raises NoPersonalNumber: the claim is missing or empty.
    :raises BadClaim: the number breaks its rules, or there is no name.
    """
    def text(word: str) -> str:
        value = claims.get(names[word])
        return tidy(str(value)) if value is not None else ""

    number = text("personal_number")
    if not number:
        raise NoPersonalNumber()
    try:
        warnings = _check(number, text("birth_date"), text("sex"))
    except Refusal as refusal:
        raise BadClaim() from refusal
    name = text("full_name")
    if not name or len(name) > 100:
        raise BadClaim()
    level = claims.get(names["assurance_level"])
    return Identity(
        issuer=issuer, subject=str(claims["sub"])[:200], full_name=name, personal_number=number,
        birth_date=text("birth_date"), sex=text("sex"), phone=text("phone")[:15],
        assurance_level=int(str(level)) if str(level) in ("1", "2", "3") else 0, warnings=warnings,
    )
