"""A module's board: its figures now and a year ago, from week to week, by office. Counted through the indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tuphap.kernel.clock import localdate
from tuphap.kernel.text import thousands
from tuphap.shared.access import api as access
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Board, Reading, Scope, Step
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.sheets import Cell, Row, Sheet

from . import queries, rules, sheet

FEW = 5  # people fewer than these could be made out


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a line: a count, or a share with what it is taken over. ``hidden``: too few to be told."""

    code: str
    number: int
    reading: Reading | None = None
    hidden: bool = False

    @property
    def words(self) -> str:
        if self.reading is not None:
            return "—" if self.reading.value is None else f"{rules.number_words(self.reading.value)} %"
        return f"dưới {FEW}" if self.hidden else thousands(self.number)

    @property
    def value(self) -> float | None:
        if self.reading is not None:
            return self.reading.value
        return None if self.hidden else self.number


@dataclass(frozen=True, slots=True)
class Told:
    """A board's figures of one scope at one instant."""

    board: Board
    scope: Scope
    as_of: datetime
    step: Step
    now: Mapping[str, Figure]
    before: Mapping[str, Figure]
    lines: tuple[tuple[OrgUnit, Mapping[str, Figure]], ...]
    stretches: tuple[tuple[date, date, Mapping[str, int]], ...]
    published: Mapping[str, list[indicators.Published]]


def get_board(code: str) -> Board:
    """:raises rules.UnknownFigure: no module declares it."""
    found = indicators.boards.get(code)
    if found is None:
        raise rules.UnknownFigure()
    return found


def title_of(code: str) -> str:
    """What a figure is called, with what it counts."""
    measure = indicators.measures.get(code)
    return measure.title if measure else indicators.indicators[code].title


def head_of(code: str) -> str:
    """The same over a narrow column."""
    return title_of(code).removesuffix(" đã đăng ký").removesuffix(" đã cấp").removeprefix("Lượt ").capitalize()


def formula(code: str) -> str:
    """How a share comes about, in a line."""
    measure = indicators.measures[code]
    return f"{indicators.indicators[measure.part].title} / {indicators.indicators[measure.of].title.lower()}"


def read(board: Board, scope: Scope, *, step: Step) -> Told:
    """Every figure of a board; a handful of queries, whatever the number of offices and records."""
    codes = [*dict.fromkeys((*board.tiles, *board.series, *board.table))]
    counted = [*dict.fromkeys((
        *(code for code in codes if code in indicators.indicators),
        *indicators.codes_for(code for code in codes if code in indicators.measures),
    ))]
    shares = [code for code in codes if code in indicators.measures]
    by_unit: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_stretch: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    whole: dict[str, int] = defaultdict(int)
    for cell in indicators.table(counted, scope, step=step):
        whole[cell.code] += cell.number
        by_unit[cell.unit_id][cell.code] += cell.number
        if cell.period is not None:
            by_stretch[cell.period][cell.code] += cell.number
    earlier = scope.within(*rules.year_before(scope.period_from, scope.period_to))
    past: dict[str, int] = defaultdict(int)
    for cell in indicators.table(counted, earlier):
        past[cell.code] += cell.number
    units = OrgUnit.objects.in_bulk([unit for unit, line in by_unit.items() if any(line.values())])
    in_order = sorted(units.values(), key=lambda unit: (unit.kind, unit.sort_key, unit.pk))
    today = localdate(scope.at or scope.end)
    open_to = access.units_where(scope.actor, board.records, on=today)
    return Told(
        board=board, scope=scope, as_of=scope.at or scope.end, step=step, now=_figures(codes, shares, whole, True),
        before=_figures(codes, shares, past, True),
        lines=tuple(
            (unit, _figures(codes, shares, by_unit[unit.pk], _opens(unit, open_to))) for unit in in_order
        ),
        stretches=tuple(
            (one, end, dict(by_stretch.get(begins, {}))) for begins, one, end in queries.stretches(scope, step)
        ),
        published=indicators.published_for(codes, scope),
    )


def _opens(unit: OrgUnit, open_to: frozenset[int]) -> bool:
    """Whether the asker may open this office's records anyway, or those of the office that took its place."""
    return unit.pk in open_to or unit.successor_id in open_to


def _figures(codes: list[str], shares: list[str], numbers: Mapping[str, int], is_open: bool) -> dict[str, Figure]:
    told = {}
    for code in codes:
        if code in shares:
            measure = indicators.measures[code]
            hidden = not is_open and numbers.get(measure.of, 0) < FEW
            reading = Reading(code, None) if hidden else indicators.read(measure, numbers=numbers)
            told[code] = Figure(code, reading.base, reading)
        else:
            number = numbers.get(code, 0)
            told[code] = Figure(code, number, hidden=not is_open and 0 < number < FEW)
    return told


def table(told: Told, *, scope_words: str, link: sheet.Link) -> Sheet:
    """The board by office, for the page and for files."""
    def cells(figures: Mapping[str, Figure], scope: Scope) -> tuple[Cell, ...]:
        return tuple(
            Cell(head_of(code), figures[code].words, figures[code].value,
                 link(code, scope) if figures[code].value else "")
            for code in told.board.table
        )

    rows = [
        Row(unit.code, unit.name, cells(figures, told.scope.narrowed(unit.pk))) for unit, figures in told.lines
    ]
    rows.append(Row("", "Cộng", cells(told.now, told.scope), "total"))
    return Sheet(
        title=f"Số liệu {told.board.title.lower()} theo đơn vị", scope_words=scope_words,
        period_words=sheet.period_words(told.scope), stamp=sheet.stamp(told.as_of), notes=notes(told),
        line_head="Đơn vị", heads=tuple(head_of(code) for code in told.board.table), rows=tuple(rows),
    )


def notes(told: Told) -> tuple[str, ...]:
    """What a reader must know of the figures."""
    said = [f"{title_of(code)} = {formula(code).lower()}." for code in told.board.table if code in indicators.measures]
    if any(figure.hidden for _, figures in told.lines for figure in figures.values()):
        said.append(f"“dưới {FEW}”: số người quá ít để nêu ngoài đơn vị quản lý.")
    return tuple(said)


def change(now: Figure, before: Figure) -> float | None:
    """By how many per cent a count has changed, by how many points a share; None: nothing to hold it against."""
    if now.reading is not None and before.reading is not None:
        if now.reading.value is None or before.reading.value is None:
            return None
        return now.reading.value - before.reading.value
    return 100 * (now.number - before.number) / before.number if before.number else None
