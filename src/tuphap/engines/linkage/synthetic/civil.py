"""The rows of the civil-status side, a part at a time, with the truth about each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .columns import joined, named, or_null, without
from .damage import Damager, Flags, place_tones_anew
from .dates import write_dates
from .entries import BIRTH, DEATH, KINDS, MARRIAGE, Entries
from .naming import SURNAME, Namer
from .numbers import NINE_UNTIL, Numbers, spell_numbers
from .people import LAST, NOBODY, People
from .places import Province
from .rates import Rates
from .vocabulary import ENCODINGS, Ids, Vocabulary, style_of

SEXES = np.array(["Nam", "Nữ"])
_Numbers = NDArray[np.int64]
_NAMES = {"name": "ho_ten", "father": "ho_ten_cha", "mother": "ho_ten_me"}
_SPACES = 0.37, 0.6, 0.7  # of texts with odd blanks: until where double, unbreakable, zero-width; the rest trail

# From which year on how many marriages and deaths bear a number, and how many of those have twelve digits.
_Curve = tuple[list[float], list[float]]
_NUMBERED: dict[int, _Curve] = {
    BIRTH: ([2015, 2016], [0.0, 0.95]),
    MARRIAGE: ([1994, 1995, 2015, 2021, 2022, 2025], [0.25, 0.8, 0.8, 0.92, 0.69, 0.91]),
    DEATH: ([1994, 1995, 2015, 2016, 2021, 2022, 2025], [0.24, 0.44, 0.44, 0.54, 0.76, 0.68, 0.91]),
}
_TWELVE: _Curve = ([2015, 2016, 2021, 2022], [0.0, 0.25, 0.7, 1.0])


@dataclass(slots=True)
class CivilWriter:
    """Writes entries as rows of ``civil`` and of ``truth``."""

    people: People
    numbers: Numbers
    province: Province
    vocabulary: Vocabulary
    namer: Namer
    rates: Rates
    pop_of: _Numbers  # each person's row in the population database, NOBODY for none
    born_at: _Numbers  # each person's place of birth
    places: pl.Series

    def frames(self, rng: np.random.Generator, entries: Entries, *, start: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows of these entries, which begin with row ``start`` of all."""
        tags: dict[str, Flags] = {}
        ids = pl.int_range(start, start + len(entries), eager=True)
        style = style_of(entries.case, entries.encoding)
        columns: dict[str, pl.Series] = {
            "civil_id": named("H", ids),
            "loai": pl.Series(np.array(KINDS)[entries.kind]),
            "quyen_so": _books(entries),
            "so": pl.Series(entries.number),
            "nam_dk": pl.Series(entries.year.astype(np.int32)),
            "ma_xa_dk": pl.Series(entries.commune.astype(np.int32)),
            **self._names(rng, entries, style, tags),
            **self._places(rng, entries, style, tags),
            "gioi_tinh": self._sexes(rng, entries),
            "ngay_sinh": self._dates(rng, entries, tags),
            "so_giay_to": self._numbers(rng, entries, tags),
        }
        return pl.DataFrame(columns), self._truth(entries, ids, tags)

    def _names(
        self, rng: np.random.Generator, entries: Entries, style: _Numbers, tags: dict[str, Flags],
    ) -> dict[str, pl.Series]:
        people, rates = self.people, self.rates.fields
        father, mother = people.father[entries.person], people.mother[entries.person]
        written = {"name": people.names[entries.person]}
        for who, parent, empty, other in (
            ("father", father, rates.father, rates.other_father), ("mother", mother, rates.mother, rates.other_mother),
        ):
            known = (parent != NOBODY) & (rng.random(len(entries)) >= np.array(empty)[entries.kind])
            names = np.where(known[:, None], people.names[parent], 0)
            tags[f"{who}:other"] = self._others(rng, names, rng.random(len(entries)) < other, people.year[parent],
                                                woman=who == "mother")
            written[who] = names
        woman, year = people.woman[entries.person], people.year[entries.person]
        women = {"name": woman, "father": np.zeros_like(woman), "mother": np.ones_like(woman)}
        mothers = np.where(mother != NOBODY, people.names[mother, SURNAME], 0)
        damager = Damager(self.vocabulary, self.namer, self.rates.names)
        texts = {}
        for who, names in written.items():
            years = year if who == "name" else (year - 27).astype(np.int16)
            there = np.flatnonzero(names[:, SURNAME])
            some = names[there]
            done = damager.damage(rng, some, woman=women[who][there], year=years[there],
                                  bad_book=entries.bad_ocr[there],
                                  mother_surname=mothers[there] if who == "name" else None)
            place_tones_anew(self.vocabulary, some, entries.new_tones[there])
            names[there] = some
            for kind, rows in done.items():
                flags = np.zeros(len(entries), bool)
                flags[there] = rows
                tags[f"{who}:{kind}"] = flags
            texts[_NAMES[who]] = self._spaced(rng, or_null(self.vocabulary.render(names, style)))
        return texts

    def _others(
        self, rng: np.random.Generator, names: Ids, rows: Flags, year: NDArray[np.int16], *, woman: bool,
    ) -> Flags:
        """Somebody else, with the same surname where it is the father."""
        rows &= names[:, SURNAME] != 0
        surnames = names[rows, SURNAME]
        if woman:
            surnames = self.namer.surnames(rng, np.zeros(len(surnames), bool))
        names[rows] = self.namer.strangers(rng, surnames, woman=woman, year=year[rows])
        return rows

    def _places(
        self, rng: np.random.Generator, entries: Entries, style: _Numbers, tags: dict[str, Flags],
    ) -> dict[str, pl.Series]:
        rates, province, count = self.rates.fields, self.province, len(entries)
        born = self.born_at[entries.person]
        changed = (rng.random(count) < rates.place_changed) & (born < province.size)
        born = np.where(changed, rng.integers(0, province.size, count), born)
        office_or_own = np.where(entries.kind == MARRIAGE, self.people.lives[entries.person], entries.commune)
        lives = np.where(rng.random(count) < np.array(self.rates.entries.lives_away)[entries.kind],
                         rng.choice(province.size, count, p=province.shares), office_or_own)
        merged = entries.year >= LAST
        lives = np.where(merged, province.successors[lives], lives)
        renamed = (born < province.size) & ((merged & (rng.random(count) < 0.5)) | (rng.random(count) < 0.002))
        born = np.where(renamed, province.successors[np.where(renamed, born, 0)], born)
        texts = {}
        for column, place, empty in (("noi_sinh", born, rates.birth_place), ("noi_cu_tru", lives, rates.residence)):
            text = self.places.gather(province.index(place, style, entries.new_tones.astype(np.int64)))
            missing = rng.random(count) < np.array(empty)[entries.kind]
            texts[column] = self._spaced(rng, without(text, missing))
            if column == "noi_sinh":
                tags["place:changed"] = changed & ~missing
        return texts

    def _sexes(self, rng: np.random.Generator, entries: Entries) -> pl.Series:
        wrong = rng.random(len(entries)) < self.rates.fields.sex_wrong
        text = pl.Series(SEXES[(self.people.woman[entries.person] ^ wrong).astype(np.int64)])
        return without(text, rng.random(len(entries)) < self.rates.fields.sex)

    def _dates(self, rng: np.random.Generator, entries: Entries, tags: dict[str, Flags]) -> pl.Series:
        rates = self.rates.dates
        chances = np.array([rates.year_only_birth, rates.year_only_marriage, rates.year_only_death])
        era = np.digitize(self.people.year[entries.person], [1960, 1970])
        text, done = write_dates(rng, self.people.born[entries.person], rates,
                                 year_only=chances[entries.kind, era])
        tags |= done
        return text

    def _numbers(self, rng: np.random.Generator, entries: Entries, tags: dict[str, Flags]) -> pl.Series:
        """Twelve digits in late years and at birth, nine before; of the spouse by mistake."""
        rates, people, count = self.rates.numbers, self.people, len(entries)
        chance = np.zeros(count)
        for kind, (years, shares) in _NUMBERED.items():
            chance = np.where(entries.kind == kind, np.interp(entries.year, years, shares), chance)
        twelve = (entries.kind == BIRTH) | (rng.random(count) < np.interp(entries.year, *_TWELVE))
        has = rng.random(count) < chance * rates.kept
        married = people.couple[entries.person]
        spouse = np.where(people.woman[entries.person], people.couples.man[married], people.couples.woman[married])
        theirs = (entries.kind == MARRIAGE) & (rng.random(count) < rates.spouse)
        whose = np.where(theirs, spouse, entries.person)
        number = np.where(twelve, self.numbers.twelve[whose], self.numbers.nine[whose])
        number[~has | (~twelve & (people.year[whose] > NINE_UNTIL))] = 0
        text, wrong = spell_numbers(rng, number, np.where(twelve, 12, 9), zero_lost=rates.leading_zero_lost,
                                    faults=rates.digit)
        tags["id"], tags["id:spouse"] = wrong & (number > 0), theirs & (number > 0)
        return text

    def _spaced(self, rng: np.random.Generator, text: pl.Series) -> pl.Series:
        """The texts, some with odd blanks."""
        draw = rng.random(len(text)) / self.rates.fields.spaces if self.rates.fields.spaces else np.ones(len(text))
        rows = np.flatnonzero(draw < 1)
        some = pl.DataFrame({"text": text.gather(rows), "draw": draw[rows]})
        double, unbreakable, nothing = _SPACES
        odd = some.select(
            pl.when(pl.col("draw") < double).then(pl.col("text").str.replace(" ", "  ", literal=True))
            .when(pl.col("draw") < unbreakable).then(pl.col("text").str.replace(" ", "\u00a0", literal=True))
            .when(pl.col("draw") < nothing).then(pl.col("text").str.replace(" ", " \u200b", literal=True))
            .otherwise(pl.col("text") + " "),
        ).to_series()
        return text.clone().scatter(rows, odd)

    def _truth(self, entries: Entries, ids: pl.Series, tags: dict[str, Flags]) -> pl.DataFrame:
        pop = self.pop_of[entries.person]
        names = ["utf8twice" if name == "utf8latin1" else name for name in ENCODINGS]
        return pl.DataFrame({
            "civil_id": named("H", ids),
            "pop_id": without(named("P", pl.Series(pop)), pop == NOBODY),
            "person": pl.Series(entries.person),
            "kind": pl.Series(entries.kind),
            "encoding": pl.Series(np.array(names)[entries.encoding]),
            "bad_ocr": pl.Series(entries.bad_ocr),
            "dup_of": without(named("H", pl.Series(entries.repeats)), entries.repeats == NOBODY),
            "tags": joined(tags),
        })


def _books(entries: Entries) -> pl.Series:
    frame = pl.DataFrame({"volume": entries.volume, "year": entries.year})
    volume = pl.col("volume").cast(pl.String).str.zfill(2)
    return frame.select(pl.concat_str(volume, pl.lit("/"), pl.col("year").cast(pl.String))).to_series()
