"""What a module says about a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from tuphap.shared.plug import Registry

if TYPE_CHECKING:
    from .scope import Scope


class Facet(StrEnum):
    """By what else than offices and days figures are told apart, where the rows say it."""

    SECTOR = "sector"
    PROCEDURE = "procedure"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list behind a figure: its head and the field path of its value ("procedure__name").

    ``labels`` turns stored codes into words; instants and days are written as people here write them.
    """

    title: str
    path: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure and the list behind it.

    :param unit_vi: what is counted ("hồ sơ", "trường hợp").
    :param list: dotted path of ``fn(scope: Scope) -> QuerySet``: the rows, already narrowed to the period by
        ``scope.start`` and ``scope.end``, **not** narrowed to units: that is done here from ``unit_field``.
    :param part_of: instead of a list, the code of the indicator of whose rows these are some;
    :param where: which, by the scope (:func:`only`: whatever the scope). Figures that are parts of one are counted
        with it in one pass over its rows.
    :param count: dotted path of ``fn(scope) -> int`` where counting the rows is too slow; it must give their number.
        By default the rows are counted.
    :param unit_field: the row's office, as a field path ("resolving_unit").
    :param at_field: the instant by which the row belongs to a week or month ("received_at"); empty for a stock, which
        has no such instant and is grouped by unit alone.
    :param label_field: what a row is called in the drill-down ("code").
    :param columns: what else the drill-down shows of a row; no personal content.
    :param url_name: the page of one row, taking that label; empty where there is none.
    :param basis: legal basis or report form that the definition follows.
    :param facets: for each :class:`Facet` that the rows have, the field path of its code. A figure without the facet
        by which a report is cut or narrowed is left out of that report.
    :param in_detail: counted where it is asked for by its code; the first page of figures leaves it out.
    """

    code: str
    title: str
    unit_vi: str
    list: str = ""
    part_of: str = ""
    where: Callable[[Scope], Q] | None = None
    count: str = ""
    unit_field: str = "resolving_unit"
    at_field: str = ""
    label_field: str = "code"
    columns: tuple[Column, ...] = ()
    url_name: str = ""
    basis: str = ""
    facets: tuple[tuple[Facet, str], ...] = ()
    in_detail: bool = False

    def install(self) -> None:
        if bool(self.list) == bool(self.part_of) or bool(self.part_of) != (self.where is not None):
            raise ValueError(f"{self.code} has a list of its own, or is a part of another's")
        indicators.add(self.code, self)

    @property
    def whole(self) -> Indicator:
        """The indicator that has the list: this one, or the one of which this is a part, or a part of a part."""
        return indicators[self.part_of].whole if self.part_of else self

    def among(self, scope: Scope) -> Q | None:
        """Which rows of that list it counts; None: all of them."""
        if self.where is None:
            return None
        above = indicators[self.part_of].among(scope)
        return self.where(scope) if above is None else above & self.where(scope)

    def path_of(self, facet: Facet) -> str:
        """The field path of a facet's code; empty where the rows do not have it."""
        return dict(self.facets).get(facet, "")


def only(**values: object) -> Callable[[Scope], Q]:
    """The rows with these values: a part of a figure that does not depend on what is asked."""
    wanted = Q(**values)
    return lambda scope: wanted


class Kind(StrEnum):
    """How a measure is made of the rows of its list."""

    SUM = "sum"
    MEAN = "mean"
    P90 = "p90"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is no count: made of the values of an indicator's rows, or of two counts.

    :param of: code of the indicator over whose rows it is taken; its list is what the figure opens.
    :param part: SHARE: code of the indicator whose rows are the part; while no module declares it, the measure says
        that it has no source.
    :param field: the others: the row's field that holds its value.
    :param on_first_page: it says more than the count of its list and is told there in the count's stead.
    """

    code: str
    title: str
    unit_vi: str
    kind: Kind
    of: str
    part: str = ""
    field: str = ""
    basis: str = ""
    on_first_page: bool = False

    def install(self) -> None:
        if bool(self.part) != (self.kind is Kind.SHARE) or bool(self.field) == bool(self.part):
            raise ValueError(f"{self.code} is a share of two counts, or made of the values of a field")
        measures.add(self.code, self)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A figure cut into classes that only the records' history tells: each row of its list has exactly one.

    :param of: code of the indicator that is broken down; the classes' numbers add up to it.
    :param classes: code and title of each class, in the order in which they are shown.
    :param classify: dotted path of ``fn(rows: QuerySet, scope) -> Mapping[key, str]``: the class of each row.
    """

    code: str
    title: str
    of: str
    classes: tuple[tuple[str, str], ...]
    classify: str
    basis: str = ""

    def install(self) -> None:
        breakdowns.add(self.code, self)

    def code_of(self, name: str) -> str:
        """The code under which the rows of one class are listed."""
        return f"{self.code}:{name}"


@dataclass(frozen=True, slots=True)
class Trait:
    """By what the records of a figure are told apart in statistical forms: each record has one of its classes.

    A record of no class is no fault of the form's: its sums then say that the parts do not make up the whole.

    :param of: code of the indicator.
    :param classes: code and title of each class.
    :param told_by: dotted path of ``fn() -> expression``: the class of a row, in the database.
    """

    of: str
    code: str
    title: str
    classes: tuple[tuple[str, str], ...]
    told_by: str

    def install(self) -> None:
        traits.add(f"{self.of}/{self.code}", self)


@dataclass(frozen=True, slots=True)
class Board:
    """One line of work on one page: its large numbers, how they went from week to week, the same by office.

    :param tiles: codes of indicators and shares, large on top.
    :param series: codes of indicators drawn by week or month.
    :param table: codes of indicators and shares told by office.
    :param records: permission to open the records that are counted. Who does not hold it over an office sees counts of
        a few people there as "dưới 5", so that nobody is made out.
    """

    code: str
    title: str
    tiles: tuple[str, ...]
    series: tuple[str, ...]
    table: tuple[str, ...]
    records: str

    def install(self) -> None:
        boards.add(self.code, self)


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """Who tells which figures were published: shown beside the living ones, which may have moved on since.

    :param told_by: dotted path of ``fn(codes, scope) -> Mapping[code, list[Published]]``.
    """

    code: str
    told_by: str

    def install(self) -> None:
        published.add(self.code, self)


indicators: Registry[Indicator] = Registry("indicator")
measures: Registry[Measure] = Registry("measure")
breakdowns: Registry[Breakdown] = Registry("breakdown")
traits: Registry[Trait] = Registry("trait")
boards: Registry[Board] = Registry("board")
published: Registry[PublishedFigures] = Registry("published figures")


def traits_of(code: str) -> dict[str, Trait]:
    """By what the records of this indicator can be told apart."""
    return {trait.code: trait for trait in traits if trait.of == code}
