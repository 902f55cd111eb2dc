"""Integrity lives in the database; here the name of a violated constraint becomes the refusal it stands for."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError

from tuphap.kernel.refusal import Refusal

_refusals: dict[str, Callable[[], Refusal]] = {}


def constraint_means(name: str, refusal: Callable[[], Refusal]) -> None:
    """Declare which refusal a violation of the constraint ``name`` is."""
    _refusals[name] = refusal


def refusal_for(error: IntegrityError) -> Refusal | None:
    """The declared refusal for this violation, or None where none is declared (then it is a defect)."""
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    make = _refusals.get(name or "")
    return make() if make else None
