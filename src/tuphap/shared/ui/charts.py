"""Charts drawn on the server as SVG: geometry here, pixels in the templates, and the same numbers in a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

TONES = ("blue", "sky", "green", "red", "amber", "grey")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it measures, how much, and the list behind the number."""

    label: str
    value: int
    href: str = ""
    note: str = ""
    tone: str = "blue"


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every column of a stacked chart, named in the legend. ``tone`` is one of :data:`TONES`."""

    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, a value for each series, and the lists behind them (none, one for all, or one each)."""

    label: str
    values: tuple[int, ...]
    hrefs: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class BarBox:
    """A bar with its place: everything in SVG units."""

    bar: Bar
    y: int
    width: float
    text_y: int
    value_x: float


@dataclass(frozen=True, slots=True)
class Part:
    """One coloured part of a column with its place."""

    series: Series
    value: int
    x: float
    y: float
    width: float
    height: float
    href: str


@dataclass(frozen=True, slots=True)
class ColumnBox:
    """A column with its parts and the places of its two texts."""

    column: Column
    parts: tuple[Part, ...]
    middle: float
    top: float
    show_label: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line with its number."""

    value: int
    y: float


LABEL_WIDTH = 230
BAR_ROOM = 400
VALUE_ROOM = 70
ROW = 34


def bar_boxes(bars: Sequence[Bar]) -> tuple[BarBox, ...]:
    """Horizontal bars, the longest filling the room."""
    most = max((bar.value for bar in bars), default=0) or 1
    return tuple(
        BarBox(
            bar=bar,
            y=index * ROW + 6,
            width=round(BAR_ROOM * bar.value / most, 1),
            text_y=index * ROW + 6 + 15,
            value_x=round(LABEL_WIDTH + BAR_ROOM * bar.value / most + 8, 1),
        )
        for index, bar in enumerate(bars)
    )


PLOT_LEFT = 44
PLOT_TOP = 16
PLOT_HEIGHT = 220
PLOT_WIDTH = 720


def top_of_scale(most: int) -> int:
    """The round number that the scale ends at, not below ``most``: four steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while 4 * step < most:
        leading = int(str(step)[0])
        step = step * 5 // 2 if leading == 2 else step * 2
    return 4 * step


def grid_lines(most: int) -> tuple[GridLine, ...]:
    """Five lines from nought to the top of the scale."""
    top = top_of_scale(most)
    return tuple(
        GridLine(value=round(top * i / 4), y=round(PLOT_TOP + PLOT_HEIGHT * (1 - i / 4), 1)) for i in range(5)
    )


def column_boxes(series: Sequence[Series], columns: Sequence[Column]) -> tuple[ColumnBox, ...]:
    """Stacked columns from left to right; labels thinned out so that they never run into each other."""
    top = top_of_scale(max((column.total for column in columns), default=0))
    step = (PLOT_WIDTH - PLOT_LEFT) / max(len(columns), 1)
    width = min(step * 0.68, 46)
    every = max(1, ceil(52 / step))
    return tuple(
        _column_box(series, column, left=PLOT_LEFT + step * i + (step - width) / 2, width=width, top=top,
                    show_label=(len(columns) - 1 - i) % every == 0)
        for i, column in enumerate(columns)
    )


def _column_box(
    series: Sequence[Series], column: Column, *, left: float, width: float, top: int, show_label: bool
) -> ColumnBox:
    floor = float(PLOT_TOP + PLOT_HEIGHT)
    parts = []
    for index, (one, value) in enumerate(zip(series, column.values, strict=True)):
        height = PLOT_HEIGHT * value / top
        floor -= height
        href = column.hrefs[index if len(column.hrefs) > 1 else 0] if column.hrefs else ""
        if value:
            parts.append(Part(one, value, round(left, 1), round(floor, 1), round(width, 1), round(height, 1), href))
    return ColumnBox(column, tuple(parts), round(left + width / 2, 1), round(floor - 6, 1), show_label)
