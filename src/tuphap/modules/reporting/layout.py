"""A statistical form as data: its rows, columns and sums; how the counted records fill it, and what is wrong with it.

A cell counts the records of its row's source that answer to the conditions of row and column together: every cell is
counted by itself, so that the form's own sums are a check and no tautology. Pure: no Django, no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tuphap.kernel.refusal import Refusal

from . import rules

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Where = dict[Code, tuple[str, ...]]  # trait: the classes that count
Cell = tuple[str, str]  # row, column


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """A column: its head, the head over it and its neighbours, and which records of a row stand in it."""

    code: Code
    title: Title
    group: str = Field(default="", max_length=100)
    where: Where = {}


class Row(_Part):
    """A line. ``source``: the figure whose records it counts; without one, its cells are typed by who reports.

    ``mark`` is what stands before the title (``1.2``), ``depth`` how far it is set in.
    """

    code: Code
    title: Title
    mark: str = Field(default="", max_length=10)
    depth: int = Field(default=0, ge=0, le=3)
    source: str = Field(default="", max_length=80)
    where: Where = {}


class Sum(_Part):
    """That these rows (or columns) together are that one; ``within``: that together they are no more than it."""

    total: Code
    parts: tuple[Code, ...] = Field(min_length=1)
    within: bool = False


class Same(_Part):
    """That a cell says the same as one of another form of the same office and period."""

    row: Code
    column: Code
    form: str = Field(max_length=40)
    other_row: Code
    other_column: Code


class Layout(_Part):
    """A whole form. ``main``: the cells whose great changes are explained; ``blank``: cells that say nothing."""

    unit: Title
    columns: tuple[Column, ...] = Field(min_length=1, max_length=30)
    rows: tuple[Row, ...] = Field(min_length=1, max_length=200)
    row_sums: tuple[Sum, ...] = ()
    column_sums: tuple[Sum, ...] = ()
    same: tuple[Same, ...] = ()
    blank: tuple[Cell, ...] = ()
    main: tuple[Cell, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Layout:
        rows, columns = [row.code for row in self.rows], [column.code for column in self.columns]
        for codes, what in ((rows, "dòng"), (columns, "cột")):
            twice = {code for code in codes if codes.count(code) > 1}
            if twice:
                raise ValueError(f"{what} {sorted(twice)[0]} có hai lần")
        named: list[tuple[Iterable[str], list[str], str]] = [
            (one, rows, "dòng") for one in ((s.total, *s.parts) for s in self.row_sums)
        ]
        named += [(one, columns, "cột") for one in ((s.total, *s.parts) for s in self.column_sums)]
        for row, column in (*self.blank, *self.main, *((s.row, s.column) for s in self.same)):
            named += [((row,), rows, "dòng"), ((column,), columns, "cột")]
        for codes_named, known, what in named:
            for code in codes_named:
                if code not in known:
                    raise ValueError(f"không có {what} {code}")
        return self

    def row(self, code: str) -> Row:
        """:raises rules.UnknownCell: no such row."""
        return _named(self.rows, code)

    def column(self, code: str) -> Column:
        """:raises rules.UnknownCell: no such column."""
        return _named(self.columns, code)

    def condition(self, row: Row, column: Column) -> dict[str, frozenset[str]] | None:
        """What a record must be to stand in a cell, by trait; None: the cell says nothing."""
        if (row.code, column.code) in self.blank:
            return None
        wanted = {trait: frozenset(classes) for trait, classes in row.where.items()}
        if row.source:
            for trait, classes in column.where.items():
                wanted[trait] = wanted.get(trait, frozenset(classes)) & frozenset(classes)
        return wanted if all(wanted.values()) else None

    def cells(self) -> Iterator[Cell]:
        """Every cell that says something, line by line."""
        for row in self.rows:
            for column in self.columns:
                if self.condition(row, column) is not None:
                    yield row.code, column.code

    def typed(self) -> frozenset[Cell]:
        """The cells that nothing counts."""
        uncounted = {row.code for row in self.rows if not row.source}
        return frozenset(cell for cell in self.cells() if cell[0] in uncounted)

    def sources(self) -> dict[str, frozenset[str]]:
        """The figures that are counted, each with the traits by which its records must be told apart."""
        told: dict[str, set[str]] = {}
        for row in self.rows:
            if row.source:
                traits = told.setdefault(row.source, set())
                for column in self.columns:
                    traits |= set(self.condition(row, column) or ())
        return {source: frozenset(traits) for source, traits in told.items()}

    def name(self, cell: Cell) -> str:
        """``Dòng 1.2 “Trẻ bị bỏ rơi”, cột “Nam”``."""
        row, column = self.row(cell[0]), self.column(cell[1])
        mark = f"Dòng {row.mark} " if row.mark else "Dòng "
        return f"{mark}“{row.title}”, cột “{column.title}”"


P = TypeVar("P", Column, Row)


def _named(parts: Sequence[P], code: str) -> P:
    found = next((part for part in parts if part.code == code), None)
    if found is None:
        raise rules.UnknownCell()
    return found


def parse(told: Mapping[str, Any]) -> Layout:
    """A layout of plain data.

    :raises rules.BadLayout: it does not hang together.
    """
    try:
        return Layout.model_validate(told)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise rules.BadLayout(what=f"{where}: {first['msg']}" if where else first["msg"]) from wrong


# --- Filling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one source that are alike in every trait: how many of them the form counts, and which."""

    source: str
    classes: Mapping[str, str]
    labels: tuple[str, ...]


def filled(layout: Layout, groups: Sequence[Group]) -> dict[Cell, int]:
    """How many records stand in each counted cell."""
    return {
        cell: sum(len(group.labels) for group in standing_in(layout, cell, groups))
        for cell in layout.cells() if cell not in layout.typed()
    }


def standing_in(layout: Layout, cell: Cell, groups: Iterable[Group]) -> list[Group]:
    """The groups whose records stand in a cell.

    :raises rules.UnknownCell: no such cell.
    """
    row, column = layout.row(cell[0]), layout.column(cell[1])
    wanted = layout.condition(row, column)
    if wanted is None:
        raise rules.UnknownCell()
    return [
        group for group in groups
        if group.source == row.source and all(group.classes.get(trait) in any_of for trait, any_of in wanted.items())
    ]


def expected(groups: Sequence[Group], *, counted_days: int, days_left: int) -> list[Group]:
    """What may still come until the period ends, if days go on as they were: each source's records in proportion.

    A source's expectation is rounded once, and shared out to its groups by the greatest remainder, so that a form
    filled with it keeps its sums. The labels are empty: these records are not there yet.
    """
    told: list[Group] = []
    for source in dict.fromkeys(group.source for group in groups):
        own = [group for group in groups if group.source == source]
        exact = [len(group.labels) * days_left / counted_days for group in own]
        shares = [int(number) for number in exact]
        missing = round(sum(exact)) - sum(shares)
        for place in sorted(range(len(own)), key=lambda i: (shares[i] - exact[i], i))[:missing]:
            shares[place] += 1
        told += [Group(source, group.classes, ("",) * share) for group, share in zip(own, shares, strict=True) if share]
    return told


# --- Checking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: it stops the report."""

    cell: Cell
    refusal: Refusal


def faults(layout: Layout, values: Mapping[Cell, int]) -> list[Fault]:
    """Everything that is wrong with a filled form by itself."""
    open_cells = set(layout.cells())
    told = [
        Fault(cell, rules.Negative(cell=layout.name(cell), field=field_of(cell)))
        for cell in layout.cells() if values.get(cell, 0) < 0
    ]
    for row in layout.rows:
        for one in layout.column_sums:
            told += _off(
                layout, one, values, open_cells, (row.code, one.total), [(row.code, part) for part in one.parts]
            )
    for column in layout.columns:
        for one in layout.row_sums:
            told += _off(
                layout, one, values, open_cells, (one.total, column.code), [(part, column.code) for part in one.parts]
            )
    return told


def differing(
    layout: Layout, values: Mapping[Cell, int], others: Mapping[str, Mapping[Cell, int]]
) -> list[Fault]:
    """Where two forms of one office and period tell the same figure differently.

    :param others: the other forms that are there, by code. Of an estimate both are what was counted: what is expected
        beside it is reckoned for each form by itself.
    """
    told = []
    for same in layout.same:
        cell, there = (same.row, same.column), others.get(same.form, {}).get((same.other_row, same.other_column))
        if there is not None and values.get(cell, 0) != there:
            told.append(Fault(cell, rules.FormsDiffer(
                cell=layout.name(cell), here=values.get(cell, 0), form=same.form, there=there, field=field_of(cell)
            )))
    return told


def _off(
    layout: Layout, rule: Sum, values: Mapping[Cell, int], open_cells: set[Cell], total: Cell, parts: list[Cell]
) -> Iterator[Fault]:
    """A sum that does not come out; one of whose cells some say nothing is none."""
    if not {total, *parts} <= open_cells:
        return
    whole, together = values.get(total, 0), sum(values.get(part, 0) for part in parts)
    across = total[0] == parts[0][0]
    names = ", ".join(
        layout.column(part[1]).title if across else layout.row(part[0]).title for part in parts
    )
    if rule.within and together > whole:
        yield Fault(parts[0], rules.PartOverWhole(
            cell=layout.name(parts[0]), part=together, whole=whole, names=names, field=field_of(parts[0])
        ))
    elif not rule.within and together != whole:
        yield Fault(total, rules.SumMismatch(
            cell=layout.name(total), total=whole, parts=together, names=names, field=field_of(total)
        ))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that has changed so much that who reports explains it."""

    code: str
    cell: Cell
    text: str


def doubts(
    layout: Layout, values: Mapping[Cell, int], *, estimate: Mapping[Cell, int] | None,
    year_before: Mapping[Cell, int] | None,
) -> list[Doubt]:
    """What wants an explanation: against the estimate of the same period, and the same report of the year before."""
    told = []
    for cell in layout.main:
        for code, kept, most, against in (
            ("estimate", estimate, rules.ACROSS_STAGES, "số ước tính"),
            ("year", year_before, rules.ACROSS_YEARS, "cùng kỳ năm trước"),
        ):
            if kept is None or cell not in kept:
                continue
            old, new = kept[cell], values.get(cell, 0)
            if rules.moves(old, new, most):
                told.append(Doubt(
                    f"{code}:{key_of(cell)}", cell,
                    f"{layout.name(cell)}: {new} so với {against} {old} (chênh lệch quá {most} %)",
                ))
    return told


# --- Spelling ---------------------------------------------------------------------------------------------------------


def key_of(cell: Cell) -> str:
    """``births/male``: how a cell is written in data and addresses."""
    return "/".join(cell)


def cell_of(key: str) -> Cell:
    row, _, column = key.partition("/")
    return row, column


def field_of(cell: Cell) -> str:
    """The name of a cell's box in the form of the page."""
    return f"o_{cell[0]}__{cell[1]}"


def cells_of(kept: Mapping[str, int]) -> dict[Cell, int]:
    """Values as they are kept, by cell."""
    return {cell_of(key): number for key, number in kept.items()}


def kept(values: Mapping[Cell, int]) -> dict[str, int]:
    return {key_of(cell): number for cell, number in values.items()}
