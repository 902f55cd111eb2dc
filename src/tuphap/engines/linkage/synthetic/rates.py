"""How often what happens: to people, to books, to what stands in them. Shares of 1 unless said otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

_Table = TypeVar("_Table")


class BadRates(ValueError):
    """The file of rates names what does not exist, or gives something that is not a number."""


@dataclass(frozen=True, slots=True)
class PeopleRates:
    """The people themselves."""

    twins: float = 0.0085  # of births
    single_mothers: float = 0.03  # the child bears the mother's surname, no father is known
    namesakes: float = 0.01  # born in the same year and commune under one surname: who are given one whole name
    shared_middle: float = 0.15  # brothers and sisters with the middle name of the one before them
    twins_shared_middle: float = 0.9
    highland: float = 0.04  # families with names of mountain peoples
    evenness: float = 0.0  # 0: names as common as they are; 1: every name equally common
    marries_away: float = 0.1  # couples who settle in a third commune
    moves: float = 0.05  # people who now live elsewhere in the province
    born_away: float = 0.06  # people born and entered at birth outside the province


@dataclass(frozen=True, slots=True)
class EntryRates:
    """Which entries there are. What is left of the three kinds is births."""

    marriages: float = 0.3  # of all rows; a marriage has two, one number
    deaths: float = 0.083
    repeated: float = 0.03  # rows that repeat another one
    repeated_other_year: float = 0.14  # of those: in a book of another year
    repeated_other_commune: float = 0.07  # of those: of another office
    late_births: float = 0.16  # births registered in some later year
    registered_away: float = 0.002  # births entered where the child was not born
    lives_away: tuple[float, float, float] = (0.12, 0.1, 0.13)  # birth, marriage, death: residence anywhere else
    before_books: float = 0.6  # people born before 1976 who were entered later
    absent: float = 0.06  # the living whom the population database does not have
    dead_kept: float = 0.18  # the dead whom it has still


@dataclass(frozen=True, slots=True)
class BookRates:
    """How books of one office, kind and year were keyed."""

    tcvn3: float = 0.055  # outside the years when old fonts were usual
    vni: float = 0.02
    tcvn3_usual: float = 0.13  # 1990–2012
    vni_usual: float = 0.062
    utf8twice: float = 0.009
    nodia: float = 0.078
    qmark: float = 0.009
    nfd: float = 0.066
    bad_ocr: float = 0.055
    upper: float = 0.42
    lower: float = 0.026
    new_tones: float = 0.36  # hoà rather than hòa
    mixed: float = 0.0  # books in which every row has an encoding of its own


@dataclass(frozen=True, slots=True)
class NameRates:
    """Damage of one name."""

    ocr: float = 0.025
    ocr_bad_book: float = 0.25
    tone_error: float = 0.022
    tone_error_bad_book: float = 0.22
    spelling: float = 0.0115
    d_bar: float = 0.0135
    telex: float = 0.0034
    typo: float = 0.0
    abbreviated: float = 0.015
    middle_missing: float = 0.0185
    middle_changed: float = 0.0165
    given_changed: float = 0.006
    syllable_swap: float = 0.003
    mother_surname: float = 0.0  # the person's own name only


@dataclass(frozen=True, slots=True)
class DateRates:
    """Damage of a date of birth. Year only: rates for the born before 1960, in the 1960s, later."""

    year_only_birth: tuple[float, float, float] = (0.2, 0.05, 0.006)
    year_only_marriage: tuple[float, float, float] = (0.26, 0.08, 0.05)
    year_only_death: tuple[float, float, float] = (0.36, 0.25, 0.12)
    year: float = 0.02  # one or two years off
    lunar: float = 0.012  # of the born before 1960 thrice as often
    digit: float = 0.0137
    month_year: float = 0.0097
    swap: float = 0.012  # where the day can be a month
    missing: float = 0.006
    first_of_january: float = 0.0  # 01/01 for a day that is not known


@dataclass(frozen=True, slots=True)
class FieldRates:
    """Fields left empty, by kind of entry: birth, marriage, death."""

    father: tuple[float, float, float] = (0.065, 0.907, 1.0)
    mother: tuple[float, float, float] = (0.029, 0.903, 1.0)
    birth_place: tuple[float, float, float] = (0.059, 0.765, 0.774)
    residence: tuple[float, float, float] = (0.06, 0.06, 0.06)
    sex: float = 0.03
    sex_wrong: float = 0.0045
    other_father: float = 0.0122
    other_mother: float = 0.0
    spaces: float = 0.032  # double, unbreakable, zero-width and trailing blanks, of each text
    place_changed: float = 0.0  # a birth place that is another commune


@dataclass(frozen=True, slots=True)
class NumberRates:
    """Identity numbers. ``kept``: how many of the entries that could bear one do."""

    kept: float = 1.0
    leading_zero_lost: float = 0.047
    digit: float = 0.007
    spouse: float = 0.009  # of marriages with a number
    reissued: float = 0.085  # people whose nine digits are other ones now
    shared: float = 0.0017  # people who bear somebody else's nine digits


@dataclass(frozen=True, slots=True)
class PopulationRates:
    """The population database's own faults."""

    name: float = 0.35  # how many of the entries' faults of names befall it
    year: float = 0.012
    year_only: tuple[float, float] = (0.195, 0.006)  # born before 1955, later
    first_of_january: tuple[float, float] = (0.107, 0.006)
    sex_wrong: float = 0.0028
    number: float = 0.003
    without_nine: float = 0.25  # records without the nine digits of old
    zero_lost: tuple[float, float] = (0.0022, 0.026)  # leading ones, of the twelve digits and of the nine
    old_father: float = 0.37  # born before 1985: without the name
    old_mother: float = 0.35
    father: float = 0.1
    mother: float = 0.09
    birth_place: float = 0.12
    birth_place_other: float = 0.0  # another province by mistake
    birth_place_new: float = 0.45  # of the rest: under the unit's present name
    residence_old: float = 0.2


@dataclass(frozen=True, slots=True)
class Rates:
    """All of them. The defaults are near the development data of the matching task."""

    people: PeopleRates = field(default_factory=PeopleRates)
    entries: EntryRates = field(default_factory=EntryRates)
    books: BookRates = field(default_factory=BookRates)
    names: NameRates = field(default_factory=NameRates)
    dates: DateRates = field(default_factory=DateRates)
    fields: FieldRates = field(default_factory=FieldRates)
    numbers: NumberRates = field(default_factory=NumberRates)
    population: PopulationRates = field(default_factory=PopulationRates)


SHIFTED = Path(__file__).with_name("shifted.toml")
"""Clearly other rates, to see what an engine that was built on the defaults is worth elsewhere."""


def read_rates(path: Path) -> Rates:
    """The rates of a TOML file with a table for each group; what it does not name stays as it is.

    :raises BadRates: a table or a rate that does not exist, or not a number.
    :raises OSError: the file cannot be read.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadRates(f"{path}: {error}") from error
    return _changed(Rates(), given, path.name)


def _changed(table: _Table, given: Mapping[str, Any], where: str) -> _Table:
    """The table with what is given in the place of what it has."""
    changes: dict[str, Any] = {}
    known = {each.name: getattr(table, each.name) for each in fields(table)}  # type: ignore[arg-type]
    for name, value in given.items():
        place, old = f"{where}: {name}", known.get(name)
        if is_dataclass(old) and isinstance(value, Mapping):
            changes[name] = _changed(old, value, place)
        elif isinstance(old, tuple) and isinstance(value, list) and len(value) == len(old):
            changes[name] = tuple(_number(each, place) for each in value)
        elif isinstance(old, float):
            changes[name] = _number(value, place)
        else:
            raise BadRates(place)
    return replace(table, **changes)  # type: ignore[type-var]


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadRates(f"{where} = {value!r}")
    return float(value)
