"""A date of which perhaps only the month or the year is known, as old books have them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from tuphap.engines.vietnamese import partial_date_in_words

from .refusals import BadDate, written_as_text

FIRST_YEAR, LAST_YEAR = 1800, 2199
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_VIETNAMESE = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month of a year, or a year; never more exact than what is known.

    Not ordered: whether 2026 is before 03/2026 has no answer. Compare :attr:`earliest` and :attr:`latest`.

    :raises BadDate: no such day, or a day without its month, or a year out of 1800–2199.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR or (self.day is not None and self.month is None):
            raise BadDate()
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except ValueError:
            raise BadDate() from None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2026``, ``2026-03``, ``2026-03-05``, or ``05/03/2026``, ``03/2026``.

        :raises BadDate: anything else.
        """
        if found := _ISO.fullmatch(text.strip()):
            year, month, day = found.groups()
        elif found := _VIETNAMESE.fullmatch(text.strip()):
            day, month, year = found.groups()
        else:
            raise BadDate()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A date that is known to the day."""
        return cls(day.year, day.month, day.day)

    @property
    def earliest(self) -> date:
        """The first day that it may stand for."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it may stand for."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def is_complete(self) -> bool:
        """Whether it is known to the day."""
        return self.day is not None

    def may_equal(self, other: PartialDate) -> bool:
        """Whether both may stand for the same day."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def years_until(self, day: date) -> tuple[int, int]:
        """The least and the greatest age in full years that somebody born then may have on this day."""
        return _full_years(self.latest, day), _full_years(self.earliest, day)

    def isoformat(self) -> str:
        """For storing: ``2026``, ``2026-03``, ``2026-03-05``; sorts by itself."""
        return "-".join([f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)])

    def __str__(self) -> str:
        """For people: ``05/03/2026``, ``03/2026``, ``2026``."""
        return "/".join(reversed(self.isoformat().split("-")))

    def in_words(self) -> str:
        """``Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu``."""
        return partial_date_in_words(self.year, self.month, self.day)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return written_as_text(cls, cls.parse, cls.isoformat)


def _full_years(since: date, until: date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
