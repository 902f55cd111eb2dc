"""Linking records of the same person: civil-status entries with the population database, and duplicates in one table.

Pure: no Django, no clock. A library and the command line ``tuphap linkage``. This is the library's whole surface; what
needs numpy, polars, numba or DuckDB is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answers import DECISION_TITLES, Candidate, CivilRecord, Decision, Finding, Kind, PopulationRecord, Summary

if TYPE_CHECKING:
    from .civil.columns import BadTable
    from .civil.index import Index, explain
    from .civil.job import link

_LATER = {"BadTable": "columns", "Index": "index", "explain": "index", "link": "job"}

__all__ = [
    "DECISION_TITLES",
    "BadTable",
    "Candidate",
    "CivilRecord",
    "Decision",
    "Finding",
    "Index",
    "Kind",
    "PopulationRecord",
    "Summary",
    "explain",
    "link",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.civil.{_LATER[name]}"), name)
