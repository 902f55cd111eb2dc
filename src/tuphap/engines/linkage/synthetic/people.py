"""Families over generations: who is whose child, when they married, when they died, what they are called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .naming import PARTS, SURNAME, Namer, make_namesakes, share_names
from .places import Province
from .rates import PeopleRates
from .vocabulary import Ids

FIRST, LAST = 1890, 2025
NOBODY = -1
NEVER = 9999

# How many are born in a year, beside other years; after how many children a couple slows down.
_BIRTHS = {1890: 2, 1910: 6, 1925: 10, 1940: 14, 1950: 18, 1960: 22, 1975: 28, 1985: 33, 1992: 34, 2005: 30, 2025: 24}
_CHILDREN = {1890: 6.0, 1950: 6.0, 1975: 4.0, 1995: 2.5, 2025: 2.1}
_SPACING = np.array([0, 1.6, 4.0, 3.2, 2.0, 1.2, 0.6])  # how eager a couple is, by years since the child before
_NEW_YEARS = np.array([f"{year}-01-01" for year in range(FIRST, LAST + 2)], "datetime64[D]").astype(np.int32)
_Numbers = NDArray[np.int64]


@dataclass(slots=True)
class Couples:
    """One row a marriage; the first ``size`` rows are used."""

    size: int
    man: Ids
    woman: Ids
    year: NDArray[np.int16]
    married_at: NDArray[np.int16]  # the commune of the entry
    home: NDArray[np.int16]
    mother_born: NDArray[np.int16]
    last_birth: NDArray[np.int16]
    youngest: Ids
    children: NDArray[np.int16]

    @classmethod
    def room(cls, count: int) -> Couples:
        ids, small = np.full((3, count), NOBODY, np.int32), np.zeros((6, count), np.int16)
        return cls(0, ids[0], ids[1], small[0], small[1], small[2], small[3], small[4], ids[2], small[5])


@dataclass(slots=True)
class People:
    """One row a person, in the order of years of birth. Days count from 1970-01-01; ``NOBODY``: not known."""

    born: NDArray[np.int32]
    year: NDArray[np.int16]
    woman: NDArray[np.bool_]
    highland: NDArray[np.bool_]
    father: Ids
    mother: Ids
    home: NDArray[np.int16]  # the commune where the parents lived
    lives: NDArray[np.int16]  # the commune of today
    couple: Ids
    dies: NDArray[np.int16]  # year; after LAST for the living
    names: Ids
    couples: Couples

    def __len__(self) -> int:
        return len(self.born)


def make_people(
    rng: np.random.Generator, *, count: int, province: Province, namer: Namer, rates: PeopleRates,
) -> People:
    """``count`` people born from 1890 to 2025, year by year: who is of age marries, who is married has children."""
    per_year = _per_year(count)
    years = np.repeat(np.arange(FIRST, LAST + 1, dtype=np.int16), per_year)
    nobody, woman = np.full(count, NOBODY, np.int32), rng.random(count) < 0.488
    people = People(
        born=np.zeros(count, np.int32), year=years, woman=woman, highland=np.zeros(count, bool), father=nobody.copy(),
        mother=nobody.copy(), home=np.zeros(count, np.int16), lives=np.zeros(count, np.int16), couple=nobody,
        dies=_deaths(rng, years), names=np.zeros((count, PARTS), np.int32), couples=Couples.room(count // 2 + 1),
    )
    weddings = _by_year(_wedding_years(rng, years, woman))
    until = np.cumsum(per_year)
    for year in range(FIRST, LAST + 1):
        end = int(until[year - FIRST])
        born = slice(end - int(per_year[year - FIRST]), end)
        _births(rng, people, born, year, province, rates)
        _names(rng, people, born, namer, rates)
        _weddings(rng, people, weddings.get(year, np.zeros(0, np.int64)), year, province, rates)
    people.lives = _residences(rng, people, province, rates)
    has = people.mother != NOBODY
    np.maximum.at(people.dies, people.mother[has], people.year[has] + 1)
    return people


def _per_year(count: int) -> _Numbers:
    shares = np.interp(np.arange(FIRST, LAST + 1), list(_BIRTHS), list(_BIRTHS.values()))
    until: _Numbers = np.rint(np.cumsum(shares) / shares.sum() * count).astype(np.int64)
    return np.diff(until, prepend=0)


def living_share() -> float:
    """How many of the people that ``make_people`` makes are alive at the end, roughly."""
    rng = np.random.default_rng(0)
    years = np.repeat(np.arange(FIRST, LAST + 1, dtype=np.int16), _per_year(20_000))
    return float((_deaths(rng, years) > LAST).mean())


def _deaths(rng: np.random.Generator, years: NDArray[np.int16]) -> NDArray[np.int16]:
    """Years of death after Gompertz, with what children die of besides."""
    aged = np.log1p(rng.exponential(size=len(years)) * 0.09 / 5e-5) / 0.09
    young = rng.random(len(years)) < np.interp(years, [1890, 1950, 1990], [0.07, 0.03, 0.006])
    aged[young] = rng.exponential(3, int(young.sum()))
    return (years + aged).astype(np.int16)


def _wedding_years(
    rng: np.random.Generator, years: NDArray[np.int16], woman: NDArray[np.bool_],
) -> _Numbers:
    aged = rng.normal(np.where(woman, 23.2, 25.4), np.where(woman, 2.6, 3.0))
    aged = np.maximum(np.rint(aged), np.where(woman, 18, 20))
    return np.where(rng.random(len(years)) < 0.12, NEVER, years + aged).astype(np.int64)


def _by_year(years: _Numbers) -> dict[int, _Numbers]:
    order = np.argsort(years, kind="stable")
    found, first = np.unique(years[order], return_index=True)
    return dict(zip(found.tolist(), np.split(order, first[1:]), strict=True))


def _births(
    rng: np.random.Generator, people: People, born: slice, year: int, province: Province, rates: PeopleRates,
) -> None:
    """This year's children and their parents. Twins have one day of birth and one mother."""
    count, couples = born.stop - born.start, people.couples
    start, end = _NEW_YEARS[year - FIRST:year - FIRST + 2]
    days = rng.integers(start, end, count, dtype=np.int32)
    known = np.full(count, NOBODY)
    parents = _mothers(rng, couples, year, count)
    known[:len(parents)] = parents
    twins = 2 * np.flatnonzero(rng.random(len(parents) // 2) < 2 * rates.twins)
    known[twins + 1], days[twins + 1] = known[twins], days[twins]
    has = known != NOBODY
    single = has & (rng.random(count) < rates.single_mothers)
    single[twins + 1] = single[twins]
    people.born[born] = days
    people.father[born] = np.where(has & ~single, couples.man[known], NOBODY)
    people.mother[born] = np.where(has, couples.woman[known], NOBODY)
    people.home[born] = np.where(has, couples.home[known], rng.choice(province.size, count, p=province.shares))
    couples.last_birth[parents] = year
    couples.children[parents] += 1


def _mothers(rng: np.random.Generator, couples: Couples, year: int, count: int) -> _Numbers:
    """The couples who have a child this year, none twice; fewer than asked for where there are too few."""
    age, since = year - couples.mother_born[:couples.size], year - couples.last_birth[:couples.size]
    free = np.flatnonzero((age >= 18) & (age <= 42) & (since >= 1))
    wanted = np.interp(year, list(_CHILDREN), list(_CHILDREN.values()))
    eager = 0.35 ** np.maximum(0, couples.children[free] + 1 - wanted) * np.exp(-((age[free] - 26) / 8.0) ** 2)
    # The next one comes soon or hardly at all.
    eager *= np.where(couples.children[free] > 0, _SPACING[np.minimum(since[free], len(_SPACING) - 1)], 1.0)
    if len(free) > count:
        free = free[np.argpartition(rng.exponential(size=len(free)) / eager, count)[:count]]
    rng.shuffle(free)
    return free


def _names(rng: np.random.Generator, people: People, born: slice, namer: Namer, rates: PeopleRates) -> None:
    """Call this year's children: surname of the father or else the mother, the rest by sex and fashion."""
    father, mother = people.father[born], people.mother[born]
    after = np.where(father != NOBODY, father, mother)
    orphan, woman, count = after == NOBODY, people.woman[born], born.stop - born.start
    highland = np.where(orphan, rng.random(count) < rates.highland, people.highland[after])
    names = np.zeros((count, PARTS), np.int32)
    names[:, SURNAME] = np.where(orphan, namer.surnames(rng, highland), people.names[after, SURNAME])
    namer.complete(rng, names, woman=woman, year=people.year[born], highland=highland)
    # The child before: of twins the first; otherwise the couple's youngest so far.
    couple = np.where(mother != NOBODY, people.couple[mother], NOBODY)
    elder = np.where(couple != NOBODY, people.couples.youngest[couple], NOBODY)
    twin = np.zeros(count, bool)
    twin[1:] = (couple[1:] == couple[:-1]) & (couple[1:] != NOBODY)
    elders, sexes = people.names[elder], people.woman[elder]
    second = np.flatnonzero(twin)
    elders[second], sexes[second], elder[second] = names[second - 1], woman[second - 1], born.start + second - 1
    share_names(rng, names, elder=elder, twin=twin, elders=elders, same_sex=sexes == woman, rates=rates)
    make_namesakes(rng, names, home=people.home[born], woman=woman, mother=mother, rate=rates.namesakes)
    people.names[born], people.highland[born] = names, highland
    has = np.flatnonzero(couple != NOBODY)
    people.couples.youngest[couple[has]] = born.start + has


def _weddings(
    rng: np.random.Generator, people: People, of_age: _Numbers, year: int, province: Province, rates: PeopleRates,
) -> None:
    """Men and women of the year side by side by commune: nearly all marry somebody near."""
    of_age = of_age[people.dies[of_age] > year]
    rng.shuffle(of_age)
    of_age = of_age[np.argsort(people.home[of_age], kind="stable")]
    men, women = of_age[~people.woman[of_age]], of_age[people.woman[of_age]]
    count = min(len(men), len(women))
    men, women = men[_spread(len(men), count)], women[_spread(len(women), count)]
    apart = (people.mother[men] != people.mother[women]) | (people.mother[men] == NOBODY)
    men, women = men[apart], women[apart]
    count, couples = len(men), people.couples
    to = slice(couples.size, couples.size + count)
    home = np.where(rng.random(count) < 0.8, people.home[men], people.home[women])
    away = rng.random(count) < rates.marries_away
    home[away] = rng.choice(province.size, int(away.sum()), p=province.shares)
    couples.man[to], couples.woman[to], couples.year[to], couples.home[to] = men, women, year, home
    couples.married_at[to] = np.where(rng.random(count) < 0.7, home, people.home[women])
    couples.mother_born[to], couples.last_birth[to] = people.year[women], year - 1
    couples.size = to.stop
    people.couple[men] = people.couple[women] = np.arange(to.start, to.stop)


def _spread(size: int, count: int) -> _Numbers:
    """``count`` places of ``size``, evenly: so that those who find nobody are spread over the communes."""
    return np.linspace(0, max(size - 1, 0), count).round().astype(np.int64)


def _residences(
    rng: np.random.Generator, people: People, province: Province, rates: PeopleRates,
) -> NDArray[np.int16]:
    lives = np.where(people.couple != NOBODY, people.couples.home[people.couple], people.home)
    moves = rng.random(len(people)) < rates.moves
    lives[moves] = rng.choice(province.size, int(moves.sum()), p=province.shares)
    return lives.astype(np.int16)
