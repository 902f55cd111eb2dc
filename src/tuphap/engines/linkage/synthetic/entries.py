"""Which entries there are, in which books, and how those books were keyed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .damage import Flags
from .people import LAST, NOBODY, People
from .places import Province
from .rates import BookRates, EntryRates
from .vocabulary import AS_WRITTEN, ENCODINGS, LOWER, UPPER

BIRTH, MARRIAGE, DEATH = range(3)
KINDS = ("KS", "KH", "KT")
BOOKS_FROM, MARRIAGES_FROM, DEATHS_FROM = 1976, 1977, 1981
OLDEST = 1924  # nobody born by then is in books or database
_PAGES = 200  # entries of a volume
_OLD_FONTS = (1990, 2012)
_Numbers = NDArray[np.int64]


@dataclass(slots=True)
class Entries:
    """One row a person named in an entry."""

    person: _Numbers
    kind: _Numbers
    year: _Numbers
    commune: _Numbers
    number: _Numbers
    volume: _Numbers
    repeats: _Numbers  # the row that it repeats; NOBODY for first ones
    case: _Numbers
    encoding: _Numbers
    new_tones: Flags
    bad_ocr: Flags

    def __len__(self) -> int:
        return len(self.person)

    def part(self, rows: slice) -> Entries:
        return Entries(*(getattr(self, name)[rows] for name in self.__slots__))


def make_entries(
    rng: np.random.Generator, people: People, province: Province, *, count: int, rates: EntryRates, books: BookRates,
    away: Flags,
) -> Entries:
    """``count`` rows in no order, as they come out of many offices. ``away``: who was born outside the province."""
    first = _first_entries(rng, people, province, count - round(count * rates.repeated), rates, away)
    repeated = _repeated(rng, people, first, count, rates, province)
    order = rng.permutation(count)
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    person, kind, year, commune = (np.concatenate(pair)[order] for pair in zip(first, repeated[:4], strict=True))
    repeats = np.concatenate([np.full(len(first[0]), NOBODY), place[repeated[4]]])[order]
    number = _numbered(rng, people, person, kind, year, commune, repeats)
    style = _book_styles(rng, kind, year, commune, books)
    return Entries(person, kind, year, commune, number, (number - 1) // _PAGES + 1, repeats, *style)


def _first_entries(
    rng: np.random.Generator, people: People, province: Province, count: int, rates: EntryRates, away: Flags,
) -> tuple[_Numbers, _Numbers, _Numbers, _Numbers]:
    wed, deaths = _marriages(rng, people, round(count * rates.marriages / 2)), _dead(rng, people, count, rates)
    births = _born(rng, people, count - 2 * len(wed) - len(deaths), rates, away)
    couples = people.couples
    spouses = np.concatenate([couples.man[wed], couples.woman[wed]])
    person = np.concatenate([births, spouses, deaths]).astype(np.int64)
    kind = np.repeat([BIRTH, MARRIAGE, DEATH], [len(births), len(spouses), len(deaths)])
    late = rng.random(len(births)) < rates.late_births
    delay = np.where(late, rng.integers(1, np.clip(LAST + 1 - people.year[births], 2, 40)),
                     rng.random(len(births)) < 0.04)
    born = np.clip(people.year[births] + delay, BOOKS_FROM, LAST)
    year = np.concatenate([born, couples.year[wed], couples.year[wed], people.dies[deaths]]).astype(np.int64)
    commune = np.concatenate([people.home[births], couples.married_at[wed], couples.married_at[wed],
                              people.lives[deaths]]).astype(np.int64)
    other = np.flatnonzero((rng.random(len(person)) < rates.registered_away) & (kind != MARRIAGE))
    commune[other] = rng.choice(province.size, len(other), p=province.shares)
    return person, kind, year, commune


def _born(rng: np.random.Generator, people: People, count: int, rates: EntryRates, away: Flags) -> _Numbers:
    """Whose birth is entered: who was alive when the books begin or was born since, here."""
    entered = ~away & (people.year > OLDEST) & (people.dies >= BOOKS_FROM)
    entered &= (people.year >= BOOKS_FROM) | (rng.random(len(people)) < rates.before_books)
    found: _Numbers = rng.permutation(np.flatnonzero(entered))[:count]
    return found


def _marriages(rng: np.random.Generator, people: People, count: int) -> _Numbers:
    years = people.couples.year[:people.couples.size]
    found: _Numbers = rng.permutation(np.flatnonzero(years >= MARRIAGES_FROM))[:count]
    return found


def _dead(rng: np.random.Generator, people: People, count: int, rates: EntryRates) -> _Numbers:
    dead = np.flatnonzero((people.dies >= DEATHS_FROM) & (people.dies <= LAST) & (people.year > OLDEST - 20))
    found: _Numbers = rng.permutation(dead)[:round(count * rates.deaths)]
    return found


def _repeated(
    rng: np.random.Generator, people: People, first: tuple[_Numbers, ...], count: int, rates: EntryRates,
    province: Province,
) -> tuple[_Numbers, ...]:
    """Rows that stand in a second book, mostly of the same office and year; never before what they tell of."""
    again = rng.integers(0, len(first[0]), count - len(first[0]))
    person, kind, year, commune = (column[again] for column in first)
    other = rng.random(len(again)) < rates.repeated_other_year
    earliest = np.where(kind == BIRTH, np.maximum(people.year[person], BOOKS_FROM), year)
    year = np.where(other, np.clip(year + rng.integers(-12, 13, len(again)), earliest, LAST), year)
    other = rng.random(len(again)) < rates.repeated_other_commune
    commune = np.where(other, rng.choice(province.size, len(again), p=province.shares), commune)
    return person, kind, year, commune, again


def _numbered(
    rng: np.random.Generator, people: People, person: _Numbers, kind: _Numbers, year: _Numbers, commune: _Numbers,
    repeats: _Numbers,
) -> _Numbers:
    """Numbers from 1 in each office, kind and year; husband and wife stand under one."""
    rows = np.arange(len(person))
    couple = np.where((kind == MARRIAGE) & (repeats == NOBODY), len(person) + people.couple[person], rows)
    _, entry = np.unique(couple, return_inverse=True)
    turn = rng.permutation(entry.max() + 1)[entry]
    order = np.lexsort((turn, year, kind, commune))
    book = np.stack([commune, kind, year])[:, order]
    new_book = np.append(True, (book[:, 1:] != book[:, :-1]).any(axis=0))
    new_entry = np.append(True, turn[order][1:] != turn[order][:-1]) | new_book
    running = np.cumsum(new_entry)
    started = np.maximum.accumulate(np.where(new_book, running, 0))
    number = np.empty(len(person), np.int64)
    number[order] = running - started + 1
    return number


def _book_styles(
    rng: np.random.Generator, kind: _Numbers, year: _Numbers, commune: _Numbers, rates: BookRates,
) -> tuple[_Numbers, _Numbers, Flags, Flags]:
    """Type, encoding, placement of tones and quality: one for all rows of an office, kind and year."""
    key = (commune * len(KINDS) + kind) * 256 + year - BOOKS_FROM
    found, book = np.unique(key, return_inverse=True)
    years = found % 256 + BOOKS_FROM
    case = _drawn(rng, len(found), {UPPER: rates.upper, LOWER: rates.lower, AS_WRITTEN: 1.0})
    encoding = _encodings(rng, years, rates)[book]
    mixed = (rng.random(len(found)) < rates.mixed)[book]
    encoding[mixed] = _encodings(rng, year[mixed], rates)
    return (case[book], encoding, (rng.random(len(found)) < rates.new_tones)[book],
            (rng.random(len(found)) < rates.bad_ocr)[book])


def _encodings(rng: np.random.Generator, years: _Numbers, rates: BookRates) -> _Numbers:
    shares = {"utf8twice": rates.utf8twice / 2, "utf8latin1": rates.utf8twice / 2, "nodia": rates.nodia,
              "qmark": rates.qmark, "nfd": rates.nfd}

    def drawn(tcvn3: float, vni: float) -> _Numbers:
        wanted = {**shares, "tcvn3": tcvn3, "vni": vni, "nfc": 1.0}
        return _drawn(rng, len(years), {ENCODINGS.index(name): share for name, share in wanted.items()})

    usual = (years >= _OLD_FONTS[0]) & (years <= _OLD_FONTS[1])
    return np.where(usual, drawn(rates.tcvn3_usual, rates.vni_usual), drawn(rates.tcvn3, rates.vni))


def _drawn(rng: np.random.Generator, count: int, shares: dict[int, float]) -> _Numbers:
    """One of the keys each, with its share; the last one takes what is left."""
    upto = np.cumsum(list(shares.values()))[:-1]
    return np.array(list(shares))[np.searchsorted(upto, rng.random(count), side="right")]
