"""The one place where the engine of linkage is called: files out, candidates and links in.

The engine knows files and no database. What it needs lies under ``<home>/population``: an index of the mirror for
look-ups of one person in milliseconds, and a folder for each batch while it runs.
"""

from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tuphap.engines.linkage import Candidate, CivilRecord, Decision, Finding
from tuphap.engines.linkage import PopulationRecord as Person
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit, Succession
from tuphap.shared.people.api import Sex

from .models import PopulationRecord

CIVIL = ("civil_id", "loai", "quyen_so", "so", "nam_dk", "ma_xa_dk", "ho_ten", "ho_ten_cha", "ho_ten_me", "noi_sinh",
         "noi_cu_tru", "gioi_tinh", "ngay_sinh", "so_giay_to")
_COMMUNES = ("ma_xa", "ten_xa", "ten_huyen", "tinh", "ma_xa_moi", "ten_xa_moi", "tinh_moi")
_PEOPLE = """
COPY (SELECT key AS pop_id, nullif(number, '') AS cccd, nullif(old_number, '') AS cmnd, name AS ho_ten,
             CASE sex WHEN 'male' THEN 'Nam' WHEN 'female' THEN 'Nữ' END AS gioi_tinh, nullif(born_on, '') AS ngay_sinh,
             nullif(father, '') AS ho_ten_cha, nullif(mother, '') AS ho_ten_me, nullif(birth_place, '') AS noi_sinh,
             nullif(residence, '') AS thuong_tru
      FROM population_populationrecord WHERE state <> 'merged' ORDER BY key)
TO STDOUT WITH (FORMAT csv, HEADER true)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What the engine says of one person of an act; ``key`` "" where nobody was found."""

    civil_id: str
    key: str
    probability: float
    decision: Decision


# The engine's stages in their order, in words.
_STAGES = {code: (place, title) for place, (code, title) in enumerate((
    ("read", "Đọc dữ liệu"), ("tidy", "Làm sạch dữ liệu"), ("number", "Mã hóa"), ("learn", "Ước lượng mô hình"),
    ("narrow", "Ghép vòng hẹp"), ("wide", "Ghép vòng rộng"), ("decide", "Quyết định"), ("write", "Ghi kết quả"),
))}
_lock = threading.Lock()
_loaded: dict[Path, Any] = {}


def folder() -> Path:
    """Where files for the engine lie."""
    return Path(settings.ENVIRONMENT.home) / "population"


# --- One person -------------------------------------------------------------------------------------------------------


def look_up(records: Iterable[CivilRecord]) -> dict[str, tuple[Candidate, ...]] | None:
    """The candidates of each person, the best first; None while nothing was taken in to look in."""
    index = _index()
    return None if index is None else {record.civil_id: tuple(index.one(record)) for record in records}


def explain(civil: CivilRecord, record: PopulationRecord) -> tuple[Finding, ...]:
    """What speaks for and against the two being one, field by field, in words."""
    from tuphap.engines.linkage import explain as explained

    return explained(civil, person_of(record))


def person_of(record: PopulationRecord) -> Person:
    """A record as the engine reads it."""
    return Person(
        pop_id=record.key, personal_number=record.number, old_number=record.old_number, name=record.name,
        sex=Sex(record.sex).label if record.sex else "", born_on=record.born_on, father=record.father,
        mother=record.mother, birth_place=record.birth_place, residence=record.residence,
    )


def refresh(sequence: int, *, on: date) -> bool:
    """Build the index of the mirror as it stands at this sequence; whether it was not there yet.

    ``on``: the day whose communes places are told by.

    The one before stays until the new one is whole; who looks up meanwhile uses that.
    """
    from tuphap.engines.linkage import Index

    target = folder() / f"index-{sequence}"
    if (target / "whole").exists():
        return False
    making = folder() / f"making-{sequence}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    people = write_people(making / "people.csv")
    Index.build(people, making, communes=write_communes(making / "xa.csv", on=on))
    people.unlink()
    (making / "whole").touch()
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    for older in _indexes()[:-1]:
        shutil.rmtree(older, ignore_errors=True)
    return True


def _indexes() -> list[Path]:
    """The whole indexes, the newest last."""
    found = [path.parent for path in folder().glob("index-*/whole")]
    return sorted(found, key=lambda path: int(path.name.partition("-")[2]))


def _index() -> Any:
    from tuphap.engines.linkage import Index

    found = _indexes()
    if not found:
        return None
    with _lock:
        if found[-1] not in _loaded:
            _loaded.clear()
            _loaded[found[-1]] = Index.load(found[-1])
        return _loaded[found[-1]]


# --- Many -------------------------------------------------------------------------------------------------------------


def write_people(path: Path) -> Path:
    """The mirror as a file for the engine."""
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(_PEOPLE) as copy:
        for block in copy:
            file.write(block)
    return path


def write_communes(path: Path, *, on: date) -> Path:
    """The province's communes of this day and those whose place they took, as a file for the engine."""
    province = orgs.admin_unit(settings.ENVIRONMENT.province, on=on, level=AdminUnit.Level.PROVINCE)
    today = list(orgs.communes(within=province, on=on))
    then = Succession.objects.filter(new__in=today, is_main=True).select_related("old__parent__parent", "new")
    pairs = [(step.old, step.new) for step in then.order_by("old__code")]
    known = {old.code for old, _ in pairs}
    pairs += [(unit, unit) for unit in today if unit.code not in known]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COMMUNES)
        for old, new in pairs:
            district = old.parent if old.parent is not None and old.parent.level == AdminUnit.Level.DISTRICT else None
            writer.writerow([old.code, old.name, district.name if district else "", old.province.name, new.code,
                             new.name, province.name])
    return path


def write_civil(path: Path, records: Iterable[CivilRecord]) -> int:
    """People of acts as a file for the engine; how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CIVIL)
        for record in records:
            writer.writerow(["" if value is None else str(value) for value in astuple(record)])
            count += 1
    return count


def link(work: Path, *, progress: Callable[[str, float], None]) -> Path:
    """Link ``civil.csv`` with ``people.csv`` of a folder; done before, the same file is given again."""
    from tuphap.engines.linkage import link as linked

    def tell(stage: str, share: float) -> None:
        progress(_STAGES.get(stage, (0, "Đối khớp"))[1], (_STAGES.get(stage, (0, ""))[0] + share) / len(_STAGES))

    out = work / "links.csv"
    if not (work / "linked").exists():
        linked(work / "civil.csv", work / "people.csv", out, communes=work / "communes.csv", work=work / "engine",
               progress=tell)
        (work / "linked").touch()
    return out


def results(path: Path, *, after: int) -> Iterator[Result]:
    """What the engine wrote, in the order of its rows, the first ``after`` of them passed over."""
    with path.open(encoding="utf-8", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            if place >= after:
                yield Result(row["civil_id"], row["pop_id"] or "", float(row["probability"] or 0),
                             Decision(row["decision"]))
