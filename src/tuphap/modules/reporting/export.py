"""A report for other programs, and the words of a form's sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, reverse

from tuphap.engines.vietnamese import fold
from tuphap.shared.indicators.api import Indicator

from .layout import Layout, key_of
from .models import Report


def file_name(report: Report) -> str:
    """``bieu-11a-ubnd-phuong-hai-an-2026-6-thang-chinh-thuc``."""
    told = f"bieu {report.code.split('/')[0]} {fold(report.unit.short_name)} {report.period.code}"
    return re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")


def plain(report: Report) -> dict[str, Any]:
    """The whole report as plain data: what it is, every cell with what was counted and put beside it."""
    lay = report.form.lay
    return {
        "form": report.code, "title": report.form.title, "legal_basis": report.form.legal_basis,
        "unit_code": report.unit.code, "unit_name": report.unit.name, "period": report.period.code,
        "period_title": report.period.title, "first": report.first.isoformat(), "last": report.last.isoformat(),
        "state": report.state, "version": report.version, "number": report.number,
        "counted_at": report.counted_at.isoformat(), "sent_at": report.sent_at.isoformat() if report.sent_at else None,
        "signer": report.signer_name, "unit": lay.unit,
        "cells": cells(report),
        "explanations": report.explanations, "missing": len(report.missing),
    }


def cells(report: Report) -> list[dict[str, Any]]:
    """Every figure with what was counted and what was put beside it."""
    values = report.values
    return [
        {"row": row, "column": column, "value": value, "counted": report.counted.get(key_of((row, column))),
         "typed": report.typed.get(key_of((row, column)), 0)}
        for (row, column), value in values.items()
    ]


def record_url(source: Indicator | None, label: str) -> str:
    """The page of a record behind a cell; empty where there is none."""
    if source is None or not source.url_name:
        return ""
    try:
        return reverse(source.url_name, args=[label])
    except NoReverseMatch:
        return ""


def sums(lay: Layout) -> Iterator[str]:
    """How the form's figures hang together, in sentences."""
    for rules_, parts_of, what in ((lay.row_sums, lay.row, "Dòng"), (lay.column_sums, lay.column, "Cột")):
        for one in rules_:
            sign = "≥" if one.within else "="
            yield f"{what}: {parts_of(one.total).title} {sign} {' + '.join(parts_of(part).title for part in one.parts)}"
    for same in lay.same:
        yield f"{lay.name((same.row, same.column))} = biểu {same.form}, dòng {same.other_row}, cột {same.other_column}"
