"""The compact form: one line a unit, nested by its first letter, compressed. Read here, written by ``pack``.

::

    P⇥31⇥Thành phố Hải Phòng⇥31            a province until 30/06/2025, and what it became
    D⇥303⇥Quận Hồng Bàng                   a district of the province above
    C⇥11296⇥pQuán Toan⇥11602               its commune (p phường, x xã, t thị trấn, d đặc khu), wholly in one new unit
    C⇥00025⇥pGiảng Võ⇥00025 00008 00199    divided: the main successor first
    N⇥31⇥Thành phố Hải Phòng               a province from 01/07/2025
    c⇥11311⇥pHồng Bàng                     its commune
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

KINDS = {"p": "Phường", "x": "Xã", "t": "Thị trấn", "d": "Đặc khu"}
FILE = "units.xz"


@dataclass(frozen=True, slots=True)
class Unit:
    """One line. ``became``: the codes of what it turned into on 1 July 2025, the main one first."""

    mark: str
    code: str
    name: str
    became: tuple[str, ...] = ()


def read(blob: bytes | None = None) -> Iterator[Unit]:
    """The units in the file's order; those of the package when nothing is given."""
    data = blob if blob is not None else files(__package__).joinpath(FILE).read_bytes()
    for line in lzma.decompress(data).decode().splitlines():
        mark, code, name, *rest = line.split("\t")
        full = f"{KINDS[name[0]]} {name[1:]}" if mark in "Cc" else name
        yield Unit(mark, code, full, tuple(rest[0].split()) if rest else ())


def write(units: Iterable[Unit]) -> bytes:
    """The file of these units."""
    lines = []
    for unit in units:
        name = _short(unit.name) if unit.mark in "Cc" else unit.name
        lines.append("\t".join([unit.mark, unit.code, name, *([" ".join(unit.became)] if unit.became else [])]))
    return lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)


def _short(name: str) -> str:
    for letter, kind in KINDS.items():
        if name.startswith(f"{kind} "):
            return letter + name[len(kind) + 1 :]
    raise ValueError(f"{name!r} is no commune's name")
