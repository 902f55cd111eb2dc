"""Make ``units.xz`` from three tables: ``python -m tuphap.shared.orgs.data.pack FOLDER``.

The folder holds ``units_2025.csv`` (code, name, kind, parent_code), ``units_before_2025-07.csv`` (province_code,
province, district_code, district, ward_code, ward) and ``succession_2025-07-01.csv`` (old_ward_code, new_ward_code,
share, note: the main successor of a divided commune is marked ``default``).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from .form import FILE, Unit, write

# The five island districts had no communes; on 1 July 2025 each became a special zone of the same island.
ISLANDS = {"318": "11948", "471": "19742", "498": "20333", "536": "21548", "755": "26732"}

KINDS = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu")

Row = dict[str, str]


def convert(folder: Path) -> Iterator[Unit]:
    """The tables as lines of our form."""
    old, new = _rows(folder / "units_before_2025-07.csv"), _rows(folder / "units_2025.csv")
    became: dict[str, list[str]] = {}
    province_became: dict[str, str] = {}
    for row in _rows(folder / "succession_2025-07-01.csv"):
        heirs = became.setdefault(row["old_ward_code"], [])
        heirs.insert(0 if row["note"] == "default" else len(heirs), row["new_ward_code"])
        province_became[row["old_province_code"]] = row["new_province_code"]
    yield from _before(old, became, province_became)
    yield from _after(new)


def _before(old: list[Row], became: dict[str, list[str]], province_became: dict[str, str]) -> Iterator[Unit]:
    ordered = sorted(old, key=lambda r: (r["province_code"], r["district_code"], r["ward_code"]))
    for (code, name), in_province in groupby(ordered, key=lambda r: (r["province_code"], r["province"])):
        yield Unit("P", code, _named(name), (province_became[code],))
        for (district, title), communes in groupby(in_province, key=lambda r: (r["district_code"], r["district"])):
            yield Unit("D", district, _named(title), (ISLANDS[district],) if district in ISLANDS else ())
            for row in communes:
                if row["ward_code"]:
                    yield Unit("C", row["ward_code"], _named(row["ward"]), tuple(became[row["ward_code"]]))


def _after(new: list[Row]) -> Iterator[Unit]:
    provinces = sorted((r for r in new if not r["parent_code"]), key=lambda r: r["code"])
    for province in provinces:
        yield Unit("N", province["code"], _named(province["name"]))
        for row in sorted((r for r in new if r["parent_code"] == province["code"]), key=lambda r: r["code"]):
            yield Unit("c", row["code"], _named(row["name"]))


def _named(name: str) -> str:
    """The kind in its one spelling (some tables print "Thành Phố"), the proper name as printed."""
    for kind in KINDS:
        if name.lower().startswith(f"{kind.lower()} "):
            return kind + name[len(kind) :]
    raise ValueError(f"{name!r} names no kind of unit")


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    blob = write(convert(Path(sys.argv[1])))
    target = Path(__file__).with_name(FILE)
    target.write_bytes(blob)
    sys.stdout.write(f"{target}: {len(blob)} bytes\n")
