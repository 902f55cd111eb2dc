"""What a module says about a figure."""

from __future__ import annotations

from dataclasses import dataclass

from tuphap.shared.plug import Registry


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
    :param count: dotted path of ``fn(scope) -> int`` where counting the rows is too slow; it must give their number.
        By default the rows are counted.
    :param unit_field: the row's office, as a field path ("resolving_unit").
    :param at_field: the instant by which the row belongs to a week or month ("received_at"); empty for a stock, which
        has no such instant and is grouped by unit alone.
    :param label_field: what a row is called in the drill-down ("code").
    :param columns: what else the drill-down shows of a row; no personal content.
    :param url_name: the page of one row, taking that label; empty where there is none.
    :param mean_of: the field path of a whole number of each row ("stars"), where its mean says more than the count.
    :param basis: legal basis or report form that the definition follows.
    """

    code: str
    title: str
    unit_vi: str
    list: str
    count: str = ""
    unit_field: str = "resolving_unit"
    at_field: str = ""
    label_field: str = "code"
    columns: tuple[Column, ...] = ()
    url_name: str = ""
    mean_of: str = ""
    basis: str = ""

    def install(self) -> None:
        indicators.add(self.code, self)


indicators: Registry[Indicator] = Registry("indicator")
