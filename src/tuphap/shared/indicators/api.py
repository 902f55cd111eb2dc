"""Figures: declared once by the module whose records they count, and always the length of a list one can open.

A module declares an :class:`Indicator` with the dotted path of a function that answers the *rows* of a scope; the
figure is the number of those rows. Nothing here stores a number.

Codes that the direction pages read, declared by ``one_stop_shop`` (each counts dossiers):

========================================  ==========================================================================
``dossiers.received``                     received within the period
``dossiers.carried_over``                 received before the period, not ended when it began
``dossiers.resolved``                     result ready within the period; = early + on time + late
``dossiers.resolved_early`` ``…_on_time`` ``…_late``
``dossiers.refused`` ``dossiers.stopped`` ``dossiers.withdrawn``   ended so within the period
``dossiers.transferred_in`` ``dossiers.transferred_out``           handed between offices within the period (optional)
``dossiers.pending``                      received, not ended at the scope's moment; = in time + overdue
``dossiers.pending_in_time`` ``dossiers.pending_late``
========================================  ==========================================================================

received + carried_over + transferred_in = resolved + refused + stopped + withdrawn + transferred_out + pending, or the
report is blocked. A row may be whatever the module counts (a dossier, a custody of one), with ``label_field`` and
``columns`` as field paths from it.
``dossiers.ratings`` counts ratings; ``dossiers.stars_mean`` is the mean of their stars.
Beside counts, a module may declare a :class:`Measure` (a sum, mean, percentile or share over an indicator's rows) and a
:class:`Breakdown` (the rows of an indicator by a class that their history tells); both open the list they are taken of.
``civil_status.births`` counts birth acts entered in the period.
"""

from __future__ import annotations

from .declarations import (
    Board,
    Breakdown,
    Column,
    Facet,
    Indicator,
    Kind,
    Measure,
    PublishedFigures,
    Trait,
    boards,
    breakdowns,
    indicators,
    measures,
    only,
    published,
    traits,
    traits_of,
)
from .figures import (
    Alike,
    Cell,
    Margins,
    Members,
    Published,
    by_period,
    by_unit,
    count,
    margins,
    members,
    published_for,
    rows,
    table,
    told_apart,
)
from .measures import WHOLE, Group, Reading, broken_down, codes_for, has_source, measured, p90, read, values_of
from .scope import Basis, OutsideScope, Scope, ScopeRefused, Step, scope_for

__all__ = [
    "WHOLE", "Alike", "Basis", "Board", "Breakdown", "Cell", "Column", "Facet", "Group", "Indicator", "Kind",
    "Margins", "Measure", "Members", "OutsideScope", "Published", "PublishedFigures", "Reading", "Scope",
    "ScopeRefused", "Step", "Trait", "boards", "breakdowns", "broken_down", "by_period", "by_unit", "codes_for",
    "count", "has_source", "indicators", "margins", "measured", "measures", "members", "only", "p90",
    "published", "published_for", "read", "rows", "scope_for", "table", "told_apart", "traits", "traits_of",
    "values_of",
]
