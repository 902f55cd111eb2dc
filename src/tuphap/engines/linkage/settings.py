"""How a table of persons is to be read: its fields, what makes two records candidates, how sure a merge must be.

A TOML file says it; without one it is guessed from the table (:mod:`.guessing`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tuphap.kernel.refusal import Refusal

EXAMPLES = Path(__file__).with_name("examples")


class BadSettings(Refusal):
    code = "linkage.bad_settings"
    message_vi = "Tệp thiết lập chưa đúng: {why}"


class FieldType(StrEnum):
    """How values are read and compared."""

    NAME = "name"  # a person's names in any order: tokens, weighed by how rare they are
    TEXT = "text"  # other words (an occupation, an address): compared as names are, blocked by their words
    PLACE = "place"  # words too, blocked only as a whole: half a province shares "thị trấn"
    DATE = "date"  # year, month, day; a year alone; what is no date stays as its digits
    CODE = "code"  # numbers of papers, postcodes, sex: characters in order, the front says more


FORMS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.NAME: ("token", "sound"),
    FieldType.TEXT: ("whole", "token"),
    FieldType.PLACE: ("whole",),
    FieldType.DATE: ("whole", "year_month", "year_day", "month_day", "year"),
    FieldType.CODE: ("whole", "front"),
}
"""By which parts of a value records can be brought together."""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """One field: several columns are read as one value, their order in the name of a person means nothing."""

    name: str
    type: FieldType
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the engine needs to know of a table. All but ``fields`` have values that fit most tables."""

    fields: tuple[FieldSettings, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    """Blocking keys, each of one or two ``field:form``. None: every form, and every two of different things."""
    block_size: int = 30
    """Keys shared by more records bring none of them together."""
    candidates_each: int = 100
    """More pairs than this a record, and only rarer keys count."""
    threshold: float = 0.0
    """Bits of posterior odds above which two clusters are one."""
    blend: float = 0.5
    """How clusters are compared, field by field: near 0 by the mean of the bits, 1 by the mean of the likelihoods."""
    surplus: float = 4.0
    """Bits above the threshold for the first clusters, from which the model is learned again."""
    rounds: int = 2
    """How often the model is learned again from the clusters found with it."""
    seed: int = field(default=20250701)


def read_settings(path: Path) -> Settings:
    """The settings of a TOML file.

    :raises BadSettings: it is no TOML, or names what does not exist.
    """
    try:
        return parse_settings(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise BadSettings(why=str(trouble)) from trouble


def parse_settings(said: Mapping[str, Any]) -> Settings:
    """Settings as they stand in a TOML file: ``[[fields]]`` with name, type, columns; the other values beside them.

    :raises BadSettings: a value is unknown or of the wrong kind.
    """
    numbers = {"block_size": int, "candidates_each": int, "threshold": float, "blend": float, "surplus": float,
               "rounds": int, "seed": int}
    unknown = set(said) - set(numbers) - {"fields", "keys"}
    if unknown:
        raise BadSettings(why=f"không có mục “{min(unknown)}”")
    try:
        settings = Settings(
            fields=tuple(_field(one) for one in said.get("fields", ())),
            keys=tuple(tuple(key) for key in said.get("keys", ())),
            **{name: kind(said[name]) for name, kind in numbers.items() if name in said},
        )
    except (TypeError, ValueError) as trouble:
        raise BadSettings(why=str(trouble)) from trouble
    _check(settings)
    return settings


def _field(said: Mapping[str, Any]) -> FieldSettings:
    if not isinstance(said, Mapping) or "name" not in said:
        raise BadSettings(why="mỗi trường ([[fields]]) phải có tên (name)")
    name, kind = str(said["name"]), str(said.get("type", ""))
    if kind not in {one.value for one in FieldType}:
        raise BadSettings(why=f"trường “{name}”: không có kiểu “{kind}”")
    columns = said.get("columns", [name])
    if not isinstance(columns, list) or not columns:
        raise BadSettings(why=f"trường “{name}”: columns là danh sách các cột")
    return FieldSettings(name=name, type=FieldType(kind), columns=tuple(str(one) for one in columns))


def _check(settings: Settings) -> None:
    names = [one.name for one in settings.fields]
    if not names:
        raise BadSettings(why="chưa có trường nào ([[fields]])")
    if len(set(names)) < len(names):
        raise BadSettings(why="hai trường cùng tên")
    known = {f"{one.name}:{form}" for one in settings.fields for form in FORMS[one.type]}
    for key in settings.keys:
        if not 1 <= len(key) <= 2 or not set(key) <= known:
            raise BadSettings(why=f"khóa gom nhóm {list(key)}: một hoặc hai trong số {', '.join(sorted(known))}")
    if not 0 < settings.blend <= 1 or settings.block_size < 2 or settings.candidates_each < 1 or settings.rounds < 0:
        raise BadSettings(why="0 < blend ≤ 1, block_size ≥ 2, candidates_each ≥ 1, rounds ≥ 0")
