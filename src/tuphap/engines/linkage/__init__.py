"""Linking records of the same person: civil-status entries with the population database, and duplicates in one table.

Pure: no Django, no clock. A library and the command line ``tuphap linkage``. This is the library's whole surface.
"""

from .answers import DECISION_TITLES, Candidate, CivilRecord, Decision, Finding, Kind, PopulationRecord, Summary

__all__ = [
    "DECISION_TITLES",
    "Candidate",
    "CivilRecord",
    "Decision",
    "Finding",
    "Kind",
    "PopulationRecord",
    "Summary",
]
