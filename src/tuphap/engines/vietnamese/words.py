"""Numbers, dates and hours as certificates write them out."""

from __future__ import annotations

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9
LIMIT = 10**18
"""Numbers at or above this are not written out."""


def number_in_words(number: int, *, odd: str = "linh") -> str:
    """``2005`` → ``hai nghìn không trăm linh năm``.

    :param number: 0 ≤ number < 10¹⁸.
    :param odd: the word before a single unit after a hundred: ``linh`` (north) or ``lẻ`` (south).
    :raises ValueError: out of range.
    """
    if not 0 <= number < LIMIT:
        raise ValueError(f"{number} cannot be written out")
    if number == 0:
        return _DIGITS[0]
    return " ".join(_words(number, odd, padded=False))


def date_in_words(day: date, *, odd: str = "linh") -> str:
    """``2026-03-15`` → ``Ngày mười lăm tháng ba năm hai nghìn không trăm hai mươi sáu``."""
    return partial_date_in_words(day.year, day.month, day.day, odd=odd)


def partial_date_in_words(year: int, month: int | None = None, day: int | None = None, *, odd: str = "linh") -> str:
    """As :func:`date_in_words`, of which only the month and year, or only the year, are known.

    :raises ValueError: a day without its month.
    """
    if day is not None and month is None:
        raise ValueError("a day without its month")
    parts = []
    if day is not None:
        parts.append(f"ngày {number_in_words(day, odd=odd)}")
    if month is not None:
        parts.append(f"tháng {'tư' if month == 4 else number_in_words(month, odd=odd)}")
    parts.append(f"năm {number_in_words(year, odd=odd)}")
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def time_in_words(hour: int, minute: int | None = None) -> str:
    """``(8, 35)`` → ``tám giờ ba mươi lăm phút``; without minutes, ``tám giờ``.

    :raises ValueError: no such time of day.
    """
    if not 0 <= hour <= 23 or (minute is not None and not 0 <= minute <= 59):
        raise ValueError(f"{hour}:{minute} is no time of day")
    text = f"{number_in_words(hour)} giờ"
    return text if minute is None else f"{text} {number_in_words(minute)} phút"


def _words(number: int, odd: str, *, padded: bool) -> list[str]:
    """``padded``: something stands before, so that the hundreds are spoken even when there are none."""
    if number >= _BILLION:
        high, low = divmod(number, _BILLION)
        return [*_words(high, odd, padded=padded), "tỷ", *(_words(low, odd, padded=True) if low else [])]
    words: list[str] = []
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = number // scale % 1000
        if group:
            words += _group(group, odd, padded=padded or bool(words))
            words += [name] if name else []
    return words


def _group(number: int, odd: str, *, padded: bool) -> list[str]:
    """One to 999."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words: list[str] = []
    if hundreds or padded:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if units:
            words += ([odd] if words else []) + [_DIGITS[units]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units:
        words.append(_unit_after_tens(tens, units))
    return words


def _unit_after_tens(tens: int, units: int) -> str:
    if units == 5:
        return "lăm"
    if tens > 1 and units == 1:
        return "mốt"
    if tens > 1 and units == 4:
        return "tư"
    return _DIGITS[units]
