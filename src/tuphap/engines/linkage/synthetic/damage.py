"""What happens to a name on its way into a book and out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .naming import GIVEN, MIDDLE, SECOND_MIDDLE, SURNAME, Namer
from .rates import NameRates
from .vocabulary import Ids, Vocabulary

Flags = NDArray[np.bool_]
_WORD_KINDS = ("spelling", "tone_error", "d_bar", "telex", "typo", "abbreviated", "ocr")


@dataclass(frozen=True, slots=True)
class Damager:
    """Damages names by word numbers; ``scale``: how many of the faults that the rates give."""

    vocabulary: Vocabulary
    namer: Namer
    rates: NameRates
    scale: float = 1.0

    def damage(
        self, rng: np.random.Generator, names: Ids, *, woman: Flags, year: NDArray[np.int16],
        bad_book: Flags | None = None, mother_surname: Ids | None = None,
    ) -> dict[str, Flags]:
        """Change ``names`` (rows of word numbers) in place; which rows were changed how, by kind of damage.

        ``bad_book``: rows of books that were read badly. ``mother_surname``: what a row's surname may be changed into.
        """
        count = len(names)
        bad = np.zeros(count, bool) if bad_book is None else bad_book

        def chosen(rate: float, of_bad_books: float | None = None) -> NDArray[np.int64]:
            chance = np.where(bad, rate if of_bad_books is None else of_bad_books, rate) * self.scale
            return np.flatnonzero(rng.random(count) < chance)

        done: dict[str, Flags] = {}

        def tell(kind: str, rows: NDArray[np.int64]) -> None:
            done[kind] = np.zeros(count, bool)
            done[kind][rows] = True

        rates = self.rates
        if mother_surname is not None:
            tell("mother_surname", _other_surname(names, chosen(rates.mother_surname), mother_surname))
        tell("middle_missing", _without_middle(names, chosen(rates.middle_missing)))
        strangers = chosen(rates.middle_changed)
        tell("middle_changed", self._other(rng, names, strangers, slice(MIDDLE, GIVEN), woman, year))
        strangers = chosen(rates.given_changed)
        tell("given_changed", self._other(rng, names, strangers, slice(GIVEN, None), woman, year))
        for kind in _WORD_KINDS:
            rows = chosen(getattr(rates, kind), getattr(rates, f"{kind}_bad_book", None))
            tell(kind, self._other_word(rng, names, rows, kind))
        tell("syllable_swap", _swapped(rng, names, chosen(rates.syllable_swap)))
        return done

    def _other(
        self, rng: np.random.Generator, names: Ids, rows: NDArray[np.int64], parts: slice, woman: Flags,
        year: NDArray[np.int16],
    ) -> NDArray[np.int64]:
        """Other middle or given names, of the same sex mostly and of the same years."""
        seen_as = woman[rows] ^ (rng.random(len(rows)) < 0.1)
        other = names[rows]
        self.namer.complete(rng, other, woman=seen_as, year=year[rows], highland=np.zeros(len(rows), bool))
        changed = (other[:, parts] != names[rows, parts]).any(axis=1) & (other[:, parts] != 0).any(axis=1)
        rows, other = rows[changed], other[changed]
        names[rows, parts] = other[:, parts]
        return rows

    def _other_word(
        self, rng: np.random.Generator, names: Ids, rows: NDArray[np.int64], kind: str,
    ) -> NDArray[np.int64]:
        """One word of each row, that was not touched before, in one of its damaged forms."""
        variants, words = self.vocabulary.variants[kind], names[rows]
        words = np.where(words < self.vocabulary.clean, words, 0)
        if kind == "abbreviated":
            words[:, GIVEN] = 0
        chance = np.where(variants.count[words] > 0, rng.random(words.shape), -1.0)
        part = chance.argmax(axis=1)
        has = chance[np.arange(len(rows)), part] >= 0
        rows, part = rows[has], part[has]
        names[rows, part] = variants.of(names[rows, part], rng.random(len(rows)))
        return rows


def place_tones_anew(vocabulary: Vocabulary, names: Ids, rows: Flags) -> None:
    """Write the rows with the new placement of tones (hoà for hòa), where a word has two."""
    variants = vocabulary.variants["placement"]
    both = (names < vocabulary.clean) & rows[:, None]
    both &= variants.count[np.where(both, names, 0)] > 0
    names[both] = variants.of(names[both], np.zeros(int(both.sum())))


def _other_surname(names: Ids, rows: NDArray[np.int64], surnames: Ids) -> NDArray[np.int64]:
    rows = rows[(surnames[rows] != 0) & (surnames[rows] != names[rows, SURNAME])]
    names[rows, SURNAME] = surnames[rows]
    return rows


def _without_middle(names: Ids, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = rows[names[rows, MIDDLE] != 0]
    names[rows, MIDDLE:GIVEN] = 0
    return rows


def _swapped(rng: np.random.Generator, names: Ids, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The given name first, or before the middle name."""
    first = rng.random(len(rows)) < 0.4
    front, within = rows[first], rows[~first]
    within = within[names[within, MIDDLE] != 0]
    names[front] = names[front][:, [GIVEN, SURNAME, MIDDLE, SECOND_MIDDLE]]
    names[within] = names[within][:, [SURNAME, GIVEN, MIDDLE, SECOND_MIDDLE]]
    return np.concatenate([front, within])
