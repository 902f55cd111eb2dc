"""The national index of service to citizens and enterprises (QĐ 766/QĐ-TTg), as far as its parts are counted here.

The weights of the five groups are those of the decision. What a group is made of is told by the shares that this
platform records; how the decision divides a group's points among several of them is not entered, so only a group with
one share has points. What nobody records has none: it is shown as having no source, and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuphap.shared.indicators.api import Reading

NO_SOURCE = "chưa có nguồn dữ liệu"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the index: its points, and the measures that tell of it (codes; a module may declare them later)."""

    title: str
    points: int
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The index as it is counted from a day on."""

    valid_from: date
    legal_basis: str
    groups: tuple[Group, ...]


WEIGHTS: tuple[Weights, ...] = (
    Weights(
        date(2022, 6, 23), "Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ",
        (
            Group("Công khai, minh bạch", 18, (
                ("procedures.published_share", "Thủ tục được công bố, công khai đúng hạn"),
                ("exchange.synced_share", "Hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia"),
            )),
            Group("Tiến độ, kết quả giải quyết", 20, (
                ("dossiers.on_time_share", "Hồ sơ giải quyết trước hạn, đúng hạn"),
            )),
            Group("Số hóa hồ sơ, kết quả", 22, (
                ("dossiers.digitised_share", "Giấy tờ được số hóa"),
                ("dossiers.electronic_share", "Kết quả cấp bản điện tử"),
                ("dossiers.reuse_share", "Dữ liệu số hóa được khai thác, sử dụng lại"),
            )),
            Group("Cung cấp dịch vụ trực tuyến", 22, (
                ("dossiers.online_share", "Hồ sơ nộp trực tuyến"),
                ("dossiers.online_payment_share", "Thanh toán trực tuyến"),
            )),
            Group("Mức độ hài lòng", 18, (
                ("dossiers.satisfaction_share", "Người nộp đánh giá hài lòng"),
            )),
        ),
    ),
)
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a group: in per cent, None while nothing is there to count or nobody records it."""

    code: str
    title: str
    share: float | None
    has_source: bool


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One group: its parts, and its points where they follow from what is counted."""

    title: str
    points: int
    parts: tuple[Part, ...]

    @property
    def score(self) -> float | None:
        """The group's points; None unless its one share is counted."""
        if len(self.parts) != 1 or self.parts[0].share is None:
            return None
        return self.points * self.parts[0].share / 100


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one line of figures."""

    weights: Weights
    groups: tuple[GroupScore, ...]

    @property
    def scored(self) -> float:
        """The points of the groups that have any."""
        return sum(group.score or 0.0 for group in self.groups)

    @property
    def countable(self) -> int:
        """How many of the hundred points these groups have."""
        return sum(group.points for group in self.groups if group.score is not None)


def weights_on(day: date) -> Weights | None:
    """The index as it is counted on this day; None before there was one."""
    holding = [weights for weights in WEIGHTS if weights.valid_from <= day]
    return max(holding, key=lambda weights: weights.valid_from) if holding else None


def index_of(readings: Mapping[str, Reading], *, on: date) -> Index | None:
    """The index of one line of figures on a day."""
    weights = weights_on(on)
    if weights is None:
        return None
    return Index(weights, tuple(_scored(group, readings) for group in weights.groups))


def _scored(group: Group, readings: Mapping[str, Reading]) -> GroupScore:
    parts = []
    for code, title in group.measures:
        reading = readings.get(code)
        has_source = reading is not None and reading.has_source
        parts.append(Part(code, title, reading.value if reading is not None else None, has_source))
    return GroupScore(group.title, group.points, tuple(parts))
