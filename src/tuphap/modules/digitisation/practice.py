"""How a province digitises on a day: the row in force, or what holds before a province says otherwise."""

from __future__ import annotations

from datetime import date

from . import rules
from .models import Practice


def practice_on(day: date) -> Practice:
    """What holds on this day; not saved where no row does."""
    found = Practice.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return found or Practice(
        valid_from=rules.FIRST_PRACTICE_FROM, keyed_twice=rules.KEYED_TWICE, approver=rules.Approver.COMMUNE,
        name_pattern=rules.NAME_PATTERN, basis=rules.FIRST_BASIS,
    )
