"""One person as civil status and as the population database tell of them, field by field; pure.

What is compared is what a clerk would compare: the same word in another spelling is a matter of form, one word or one
day is a small difference, another year, sex or parent a great one. A field of which one side says nothing differs in
nothing, but for the personal number that a birth wants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum

from tuphap.engines.vietnamese import fold, normalise
from tuphap.kernel.refusal import Refusal
from tuphap.shared.people.api import PartialDate, Sex


class Level(StrEnum):
    """How two sides of a field agree."""

    SAME = "same"
    UNTOLD = "untold"
    FORMAT = "format"
    MINOR = "minor"
    MAJOR = "major"


LEVEL_TITLES = {
    Level.SAME: "Giống nhau", Level.UNTOLD: "Một bên không ghi", Level.FORMAT: "Khác cách viết",
    Level.MINOR: "Khác ít", Level.MAJOR: "Khác nhiều",
}
LEVEL_TONES = {
    Level.SAME: "green", Level.UNTOLD: "grey", Level.FORMAT: "blue", Level.MINOR: "amber", Level.MAJOR: "red",
}
# What counts as a difference: of the others there is nothing to put right.
DIFFERS = frozenset({Level.FORMAT, Level.MINOR, Level.MAJOR})


class Life(StrEnum):
    """Whether the population database holds somebody for alive."""

    ALIVE = "alive"
    DEAD = "dead"
    MERGED = "merged"  # two numbers of one person were put together: the record that is no more


LIFE_TITLES = {Life.ALIVE: "Còn sống", Life.DEAD: "Đã chết", Life.MERGED: "Đã hợp nhất vào bản ghi khác"}


@dataclass(frozen=True, slots=True)
class Told:
    """What one side tells of a person; "" where it says nothing.

    ``sex`` is a code of :class:`~tuphap.shared.people.api.Sex`, ``born_on`` as :class:`PartialDate` writes it,
    ``number`` the twelve-digit personal number.
    """

    name: str = ""
    sex: str = ""
    born_on: str = ""
    father: str = ""
    mother: str = ""
    number: str = ""


FIELD_TITLES = {
    "name": "Họ, chữ đệm, tên", "sex": "Giới tính", "born_on": "Ngày sinh", "father": "Họ tên cha",
    "mother": "Họ tên mẹ", "number": "Số định danh", "state": "Tình trạng",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both sides."""

    field: str
    civil: str
    population: str
    level: Level

    @property
    def title(self) -> str:
        return FIELD_TITLES[self.field]

    @property
    def differs(self) -> bool:
        return self.level in DIFFERS

    @property
    def shown(self) -> tuple[str, str]:
        """Both values as people read them."""
        return show(self.field, self.civil), show(self.field, self.population)

    def plain(self) -> dict[str, str]:
        """As a column keeps it."""
        return {"field": self.field, "civil": self.civil, "population": self.population, "level": str(self.level)}


def compare(civil: Told, population: Told) -> tuple[Compared, ...]:
    """Every field of :class:`Told`, in its order."""
    return tuple(
        _compared(field.name, getattr(civil, field.name), getattr(population, field.name)) for field in fields(Told)
    )


def from_plain(kept: Iterable[dict[str, str]]) -> tuple[Compared, ...]:
    """What :meth:`Compared.plain` kept."""
    return tuple(Compared(one["field"], one["civil"], one["population"], Level(one["level"])) for one in kept)


def _compared(field: str, civil: str, population: str) -> Compared:
    if not civil or not population:
        return Compared(field, civil, population, Level.UNTOLD if civil or population else Level.SAME)
    return Compared(field, civil, population, _LEVELS[field](civil, population))


def names(one: str, other: str) -> Level:
    """Two spellings of a name, words apart, another word, another name."""
    if _spelt(one) == _spelt(other):
        return Level.SAME
    first, second = fold(one), fold(other)
    if first.replace(" ", "") == second.replace(" ", ""):
        return Level.FORMAT
    return Level.MINOR if _words_apart(first.split(), second.split()) == 1 else Level.MAJOR


def _spelt(name: str) -> str:
    return " ".join(normalise(name).casefold().split())


def _words_apart(one: list[str], other: list[str]) -> int:
    """How many words stand in one and not in the other, those that took another's place counted once."""
    apart = 0
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            apart += max(b - a, d - c)
    return apart


def days(one: str, other: str) -> Level:
    """Days of birth, either known perhaps in part."""
    try:
        first, second = PartialDate.parse(one), PartialDate.parse(other)
    except Refusal:
        return Level.SAME if one.strip() == other.strip() else Level.MINOR
    if first == second:
        return Level.SAME
    if first.earliest.year != second.earliest.year:
        return Level.MAJOR
    return Level.FORMAT if first.may_equal(second) else Level.MINOR


def sexes(one: str, other: str) -> Level:
    return Level.SAME if one == other else Level.MAJOR


_LEVELS = {
    "name": names, "sex": sexes, "born_on": days, "father": names, "mother": names, "number": sexes,
}


# --- What a page shows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stand on both sides, or on this one alone."""

    text: str
    differs: bool


def pieces(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, so that each letter that differs can be marked; a letter with its accents is one."""
    first, second = normalise(one), normalise(other)
    mine: list[Piece] = []
    theirs: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if a < b:
            mine.append(Piece(first[a:b], tag != "equal"))
        if c < d:
            theirs.append(Piece(second[c:d], tag != "equal"))
    return tuple(mine), tuple(theirs)


def show(field: str, value: str) -> str:
    """A kept value as people read it."""
    if not value:
        return ""
    if field == "born_on":
        try:
            return str(PartialDate.parse(value))
        except Refusal:
            return value
    if field == "state":
        return LIFE_TITLES[Life(value)]
    if field == "sex":
        return Sex(value).label if value in {str(sex) for sex in Sex} else value
    return value


def read_day(text: str) -> str:
    """A day of another system as we keep it; as it is where it is none that we can read."""
    told = re.sub(r"\s", "", text)
    try:
        return PartialDate.parse(told).isoformat() if told else ""
    except Refusal:
        return text.strip()[:10]
