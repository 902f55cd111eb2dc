"""Counting records for a form: what each source has in the days of a report, told apart as the form asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tuphap.kernel.actor import Actor
from tuphap.shared.indicators import api as indicators

from . import rules
from .layout import Group, Layout


def count(layout: Layout, *, unit_id: int, first: date, last: date, actor: Actor, at: datetime) -> list[Group]:
    """Every record of the form's sources in one office as it was; one query a source."""
    scope = indicators.Scope(
        actor=actor, unit_ids=frozenset({unit_id}), period_from=first, period_to=last, basis=indicators.Basis.THEN,
        at=at,
    )
    return [
        Group(source, dict(alike.classes), alike.labels)
        for source, traits in layout.sources().items()
        for alike in indicators.told_apart(source, scope, by=traits)
    ]


def check_sources(layout: Layout) -> None:
    """That every source is counted by some module, and its records are told apart as the form asks.

    :raises rules.BadLayout: it is not.
    """
    for row in layout.rows:
        if not row.source:
            continue
        if row.source not in indicators.indicators:
            raise rules.BadLayout(what=f"không có chỉ số {row.source}")
        known = {code: {name for name, _ in trait.classes} for code, trait in indicators.traits_of(row.source).items()}
        for column in layout.columns:
            for trait, classes in (layout.condition(row, column) or {}).items():
                if trait not in known:
                    raise rules.BadLayout(what=f"chỉ số {row.source} không phân theo {trait}")
                if not classes <= known[trait]:
                    raise rules.BadLayout(what=f"{row.source}/{trait} không có lớp {sorted(classes - known[trait])[0]}")


def days_left(*, first: date, last: date, period_last: date) -> tuple[int, int]:
    """Days counted, and days of the period after them."""
    return (last - first).days + 1, max(0, (period_last - last).days)


def together(values: Sequence[dict[str, int]]) -> dict[str, int]:
    """The sums of the same cells of several reports."""
    told: dict[str, int] = {}
    for one in values:
        for key, number in one.items():
            told[key] = told.get(key, 0) + number
    return told
