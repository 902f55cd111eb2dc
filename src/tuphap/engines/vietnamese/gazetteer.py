"""Units named in a written address, and what has become of them.

Built from rows that the caller gives; knows no unit of its own. An address is read from its small end: a part for the
commune, one for the district, one for the province; with or without marks, kinds and the larger parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from .abbreviations import spell_units
from .legacy import tidy
from .text import fold

_KINDS = (
    "thanh pho", "thi xa", "thi tran", "dac khu", "tinh", "quan", "huyen", "phuong", "xa", "thon", "ap", "ban", "buon",
    "to dan pho", "khu pho", "khom", "lang",
)
_KIND = re.compile(rf"^(?:{'|'.join(_KINDS)})\s+(?=\S)")
_NEXT_KIND = re.compile(r"(?<=\S)\s+(?=(?:thanh pho|thi xa|tinh|quan|huyen)\s+\S)")
_LOST_KINDS = {
    re.compile(rf"{shape}(?=\s+\S)"): kind for shape, kind in (
        (r"ph\?\?ng", "phuong"), (r"th\? tr\?n", "thi tran"), (r"th\? xa", "thi xa"), (r"thanh ph\?", "thanh pho"),
        (r"huy\?n", "huyen"), (r"qu\?n", "quan"), (r"t\?nh", "tinh"),
    )
}
_ZEROES = re.compile(r"^0+(?=\d)")
_SLIP = 1  # letters by which a long name may differ
_LONG = 6
_NOBODY = 0.5  # what weighs for its being none of the units; one named without kind and parents weighs 1


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the table.

    ``parents``: names of the units above it, nearest first. ``since``, ``until``: the first and the last year it was
    called so, ``None`` where not known. ``successor``: the code of the unit that it was merged into.
    """

    code: str
    name: str  # with its kind: xã Tây Lộc
    parents: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that an address may name. ``sureness``: 0 to 1; over all that were found less than 1 in sum."""

    unit: Unit
    today: Unit  # what it became, itself where nothing
    sureness: float


class Gazetteer:
    """Finds units by their names. Build it once; looking up takes some microseconds."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """
        :raises ValueError: two rows of one code.
        """
        self._units: dict[str, Unit] = {}
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_length: dict[int, set[str]] = defaultdict(set)
        self._parents: dict[str, tuple[str, ...]] = {}
        for unit in units:
            if unit.code in self._units:
                raise ValueError(f"two units have the code {unit.code}")
            self._units[unit.code] = unit
            bare = _bare(fold(unit.name))
            self._by_name[bare].append(unit)
            self._by_length[len(bare)].add(bare)
            self._parents[unit.code] = tuple(_bare(fold(name)) for name in unit.parents)

    def find(self, address: str, *, year: int | None = None) -> tuple[Found, ...]:
        """The units that a written address may name, the likeliest first; none where nothing fits.

        ``?`` stands for any letter, as in text whose marks were lost.

        :param year: when it was written; units that were not called so then are less likely.
        """
        parts = _parts(address)
        weighed: dict[str, float] = {}
        for at, part in enumerate(parts):
            for bare, slip in self._named(_bare(part.plain)):
                for unit in self._by_name[bare]:
                    weighed[unit.code] = self._weight(unit, part, parts[at + 1 :], slip=slip, year=year)
            if weighed:
                break  # what stands behind are its parents
        total = sum(weighed.values()) + _NOBODY
        ranked = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Found(self._units[code], self.today(code), round(weight / total, 4)) for code, weight in ranked)

    def today(self, code: str) -> Unit:
        """What the unit of this code has become; itself where nothing followed or its successor is not in the table.

        :raises KeyError: no unit has this code.
        """
        unit, seen = self._units[code], {code}
        while unit.successor in self._units and unit.successor not in seen:
            seen.add(unit.successor)
            unit = self._units[unit.successor]
        return unit

    def _named(self, bare: str) -> Iterable[tuple[str, bool]]:
        """The known names that a part may be, and whether by a slip."""
        if bare in self._by_name:
            yield bare, False
            return
        shape = re.compile(re.escape(bare).replace(r"\?", ".")) if "?" in bare else None
        for length in range(len(bare) - _SLIP, len(bare) + _SLIP + 1):
            for name in sorted(self._by_length.get(length, ())):
                if shape is None:
                    alike = len(bare) >= _LONG and OSA.distance(bare, name, score_cutoff=_SLIP) <= _SLIP
                else:
                    alike = shape.fullmatch(name) is not None
                if alike:
                    yield name, True

    def _weight(self, unit: Unit, part: _Part, above: Sequence[_Part], *, slip: bool, year: int | None) -> float:
        """How much speaks for a unit of the right name: its kind, its marks, those above it, its years."""
        weight = 0.5 if slip else 1.0
        written = _kind(part.plain)
        if written:
            weight *= 1.5 if written == _kind(fold(unit.name)) else 0.5
        if not part.written.isascii() and not part.written.lower().endswith(_own_name(unit.name)):
            weight *= 0.7
        known = self._parents[unit.code]
        for one in above:
            weight *= 3.0 if any(self._alike(_bare(one.plain), parent) for parent in known) else 0.4
        if year is not None and ((unit.since or year) > year or (unit.until or year) < year):
            weight *= 0.3
        return weight

    def _alike(self, bare: str, parent: str) -> bool:
        if "?" in bare:
            return re.fullmatch(re.escape(bare).replace(r"\?", "."), parent) is not None
        return bare == parent or (len(bare) >= _LONG and OSA.distance(bare, parent, score_cutoff=_SLIP) <= _SLIP)


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of an address: as written, and folded with its kind written out."""

    written: str
    plain: str


def _parts(address: str) -> list[_Part]:
    """The parts of an address, smallest first; where no signs part them, before the next kind of unit."""
    written = [part for part in re.split(r"\s*[,;]\s*|\s+-\s+", tidy(address).strip(" .")) if part]
    if len(written) == 1:
        written = _cut(written[0])
    return [_Part(part, _whole_kind(spell_units(part))) for part in written if part.strip(" .")]


def _whole_kind(plain: str) -> str:
    """A kind whose marks were lost to question marks is known all the same."""
    for shape, kind in _LOST_KINDS.items():
        if shape.match(plain):
            return shape.sub(kind, plain, count=1)
    return plain


def _cut(written: str) -> list[str]:
    folded = fold(written)
    if len(folded) != len(written):
        return [written]
    cuts = [0]
    for found in _NEXT_KIND.finditer(folded):
        if folded[cuts[-1] : found.start()].strip() not in _KINDS:  # huyện Quan Hóa is no quận
            cuts.append(found.start())
    return [written[a:b].strip() for a, b in pairwise([*cuts, len(written)])]


def _bare(folded: str) -> str:
    """A folded name without its kind: ``thi tran minh phuoc`` → ``minh phuoc``, ``phuong 02`` → ``2``."""
    return _ZEROES.sub("", _KIND.sub("", folded.strip(" ."))) or folded


def _kind(folded: str) -> str:
    found = _KIND.match(folded)
    return found[0].strip() if found else ""


def _own_name(name: str) -> str:
    words = tidy(name).lower().split()
    return " ".join(words[len(_kind(fold(name)).split()) :])
