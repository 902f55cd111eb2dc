"""VietQR: the text of an EMVCo merchant-presented code as NAPAS lays it down for transfers to an account. No Django.

Each part is ``TTLLV``: two digits of tag, two of length, the value. The last part is the CRC of all before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAPAS, TO_ACCOUNT = "A000000727", "QRIBFTTA"
VND, COUNTRY = "704", "VN"
_BIN = re.compile(r"\d{6}")
_NUMBER = re.compile(r"[0-9A-Za-z]{4,19}")
_CONTENT = re.compile(r"[0-9A-Za-z ]{1,25}")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that the code asks for: to which bank and account, how many đồng, with which words."""

    bank: str
    account: str
    amount: int
    content: str


class NotVietQR(ValueError):
    """The text is none of these codes."""


def is_account(bank: str, number: str) -> bool:
    """Whether these can be a bank's code and an account's number."""
    return bool(_BIN.fullmatch(bank) and _NUMBER.fullmatch(number))


def text_of(wanted: Transfer) -> str:
    """The text behind the picture, for one payment of a fixed amount.

    :raises ValueError: no such account, an amount below one, words beyond plain letters and digits.
    """
    if not is_account(wanted.bank, wanted.account) or wanted.amount < 1 or not _CONTENT.fullmatch(wanted.content):
        raise ValueError("not a transfer that a code can ask for")
    receiver = _part("00", wanted.bank) + _part("01", wanted.account)
    service = _part("00", NAPAS) + _part("01", receiver) + _part("02", TO_ACCOUNT)
    body = (
        _part("00", "01") + _part("01", "12") + _part("38", service) + _part("53", VND)
        + _part("54", str(wanted.amount)) + _part("58", COUNTRY) + _part("62", _part("08", wanted.content)) + "6304"
    )
    return f"{body}{crc(body):04X}"


def read(text: str) -> Transfer:
    """What a code asks for.

    :raises NotVietQR: another kind of code, a part cut off, a CRC that does not fit.
    """
    if len(text) < 8 or text[-8:-4] != "6304" or f"{crc(text[:-4]):04X}" != text[-4:].upper():
        raise NotVietQR("the CRC does not fit")
    parts = _parts(text)
    service = _parts(parts.get("38", ""))
    receiver = _parts(service.get("01", ""))
    amount = parts.get("54", "")
    if service.get("00") != NAPAS or parts.get("53") != VND or not (amount.isascii() and amount.isdigit()):
        raise NotVietQR("not a transfer in đồng by NAPAS")
    content = _parts(parts.get("62", "")).get("08", "")
    return Transfer(receiver.get("00", ""), receiver.get("01", ""), int(amount), content)


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF, not reflected."""
    value = 0xFFFF
    for byte in text.encode("utf-8"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return value


def _part(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _parts(text: str) -> dict[str, str]:
    """:raises NotVietQR: a part that is cut off."""
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        tag, length = text[place : place + 2], text[place + 2 : place + 4]
        if not (length.isascii() and length.isdigit()) or place + 4 + int(length) > len(text):
            raise NotVietQR("a part is cut off")
        found[tag] = text[place + 4 : place + 4 + int(length)]
        place += 4 + int(length)
    return found
