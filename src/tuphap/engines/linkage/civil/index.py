"""The population ready to be asked for one entry at a time: at registration, while somebody waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..answers import Candidate, CivilRecord, Decision, Finding, Kind, PopulationRecord
from . import tidy
from .arrays import ENTRY, PERSON, ROLES, Entries, Sides, build
from .columns import CIVIL, COMMUNES, POPULATION, read
from .job import weighed
from .judge import REVIEW, believe
from .keys import of_civil, of_population
from .model import Model
from .places import Communes
from .syllables import SLOTS, SYLLABLE, different, known_of
from .words import findings

SPARE = 64
"""Places for syllables of an entry that no person's name has."""
MOST = 5
"""Candidates that are answered."""
SURE = 0.98
"""From this probability on a single answer is automatic: there is no whole run here whose share could be expected."""

_CIVIL_FIELDS = {
    "civil_id": "civil_id", "loai": "kind", "quyen_so": "book", "nam_dk": "year", "ma_xa_dk": "commune",
    "ho_ten": "name", "ho_ten_cha": "father", "ho_ten_me": "mother", "noi_sinh": "birth_place",
    "noi_cu_tru": "residence", "gioi_tinh": "sex", "ngay_sinh": "born_on", "so_giay_to": "id_number",
}
_POPULATION_FIELDS = {
    "pop_id": "pop_id", "cccd": "personal_number", "cmnd": "old_number", "ho_ten": "name", "gioi_tinh": "sex",
    "ngay_sinh": "born_on", "ho_ten_cha": "father", "ho_ten_me": "mother", "noi_sinh": "birth_place",
    "thuong_tru": "residence",
}


class Index:
    """A population that was built once and is looked into; safe for threads. Reads its files as they are needed."""

    def __init__(
        self, persons: NDArray[np.void], syllables: NDArray[np.void], words: list[str],
        ways: list[tuple[int, Any, Any]], raw: pl.DataFrame, communes: Communes, model: Model,
    ) -> None:
        self._persons, self._model, self._communes, self._raw = persons, model, communes, raw
        self._syllables = np.concatenate([syllables, np.zeros(SPARE, SYLLABLE)])
        self._words = {word: i for i, word in enumerate(words)}
        self._ways = ways
        self._lock = threading.Lock()  # the spare syllables are one entry's at a time

    def __len__(self) -> int:
        return len(self._persons)

    @classmethod
    def build(
        cls, population: Path, directory: Path, *, communes: Path | None = None, model: Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Index:
        """Write the index of a population file into ``directory`` and open it.

        :param model: the model that a run over the province's books has learned (``link --keep-model``); without it
            the engine judges by what books are like in general.
        :raises BadTable: the file is no such table.
        """
        tell = progress or (lambda stage, done: None)
        directory.mkdir(parents=True, exist_ok=True)
        tell("tidy", 0.0)
        table = None if communes is None else read(communes, COMMUNES)
        raw = read(population, POPULATION, optional=POPULATION[1:])
        persons = tidy.population(raw, Communes.of(table))
        tell("number", 0.0)
        sides, words = build_alone(persons)
        for name, part in (("persons", sides.population), ("syllables", sides.syllables)):
            np.save(directory / f"{name}.npy", part)
        ways = of_population(sides.population, sides.syllables)
        for number in sorted({way.number for way in ways}):
            keys = np.concatenate([way.keys for way in ways if way.number == number])
            rows = np.concatenate([way.rows for way in ways if way.number == number])
            order = np.lexsort((rows, keys))
            np.save(directory / f"way-{number}-keys.npy", keys[order])
            np.save(directory / f"way-{number}-rows.npy", rows[order])
        raw.write_parquet(directory / "raw.parquet", compression="lz4")
        if table is not None:
            table.write_parquet(directory / "communes.parquet")
        (Model.load(model) if model else Model()).save(directory / "model.json")
        (directory / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        tell("number", 1.0)
        return cls.load(directory)

    @classmethod
    def load(cls, directory: Path) -> Index:
        """Open an index that was built. :raises FileNotFoundError: none is there."""
        ways = []
        for path in sorted(directory.glob("way-*-keys.npy")):
            number = int(path.name.split("-")[1])
            rows = np.load(directory / f"way-{number}-rows.npy", mmap_mode="r")
            ways.append((number, np.load(path, mmap_mode="r"), rows))
        communes = directory / "communes.parquet"
        return cls(
            # A file does not tell that its rows are aligned; the compiled code has one form for rows that are.
            np.load(directory / "persons.npy", mmap_mode="r").view(PERSON),
            np.load(directory / "syllables.npy").view(SYLLABLE),
            json.loads((directory / "words.json").read_text(encoding="utf-8")), ways,
            pl.read_parquet(directory / "raw.parquet", memory_map=True),
            Communes.of(pl.read_parquet(communes) if communes.exists() else None), Model.load(directory / "model.json"),
        )

    def one(self, record: CivilRecord) -> tuple[Candidate, ...]:
        """The likeliest persons of one entry, the best first; none where nobody fits. Takes milliseconds."""
        with self._lock:
            entry = self._entry(record)
            near = self._near(entry)
            if not len(near):
                return ()
            sides = Sides(entry, self._persons, self._syllables, float(len(self._persons)))
            pairs = weighed(sides, np.zeros(len(near), np.int32), near, self._model, threads=1)
            belief = believe(pairs, self._model.present, self._model.absent_kin, len(self._persons))
            order = np.lexsort((near, -belief))
            best = [int(i) for i in order[:MOST] if belief[i] >= REVIEW / 100]
            return tuple(self._candidate(record, sides, int(near[i]), float(belief[i])) for i in best)

    def explain(self, record: CivilRecord, pop_id: str) -> tuple[Finding, ...]:
        """What speaks for and against a certain person. :raises KeyError: nobody has this ``pop_id``."""
        found = self._raw.get_column("pop_id").index_of(pop_id)
        if found is None:
            raise KeyError(pop_id)
        with self._lock:
            sides = Sides(self._entry(record), self._persons, self._syllables, float(len(self._persons)))
            return self._findings(record, sides, int(found))

    def _candidate(self, record: CivilRecord, sides: Sides, row: int, probability: float) -> Candidate:
        decision = Decision.AUTO if probability >= SURE else Decision.REVIEW if probability >= REVIEW else Decision.NONE
        return Candidate(
            str(self._raw.item(row, "pop_id")), round(probability, 6), decision, self._findings(record, sides, row),
        )

    def _findings(self, record: CivilRecord, sides: Sides, row: int) -> tuple[Finding, ...]:
        person = PopulationRecord(**{
            theirs: self._raw.item(row, mine) or "" for mine, theirs in _POPULATION_FIELDS.items()
        })
        return findings(0, row, sides, self._model, civil=civil_values(record), population=population_values(person))

    def _entry(self, record: CivilRecord) -> Entries:
        """The record as an array of one entry; its unknown syllables stand in the spare places."""
        tidied = tidy.civil(_raw(record, _CIVIL_FIELDS), self._communes)
        entry = np.zeros(1, ENTRY)
        for name in tidied.columns:
            if name in ENTRY.names:  # type: ignore[operator]
                entry[name] = tidied[name].to_numpy()
        entry["words"] = -1
        spare: list[str] = []
        for role, column in enumerate(ROLES):
            words = (tidied.item(0, column) or "").split()
            kept = [*words[: SLOTS - 1], words[-1]] if len(words) > SLOTS else words
            for at, word in enumerate(kept):
                entry["words"][0, role, at] = self._number(word, spare)
            entry["length"][0, role] = len(kept)
        if spare:
            self._syllables[-SPARE:-SPARE + len(spare)] = known_of(spare)
        return entry

    def _number(self, word: str, spare: list[str]) -> int:
        if word in self._words:
            return self._words[word]
        if word not in spare:
            spare.append(word)
        return len(self._words) + spare.index(word)

    def _near(self, entry: Entries) -> NDArray[np.int32]:
        """The persons who share a key with it."""
        found = [np.zeros(0, np.int32)]
        asked = of_civil(entry, self._syllables, wide=True)
        for number, keys, rows in self._ways:
            for way in asked:
                if way.number == number and len(way.keys):
                    key = way.keys[0]
                    first, last = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
                    found.append(np.asarray(rows[first:last]))
        return np.unique(np.concatenate(found))


def explain(civil: CivilRecord, person: PopulationRecord) -> tuple[Finding, ...]:
    """What speaks for a pair by itself, by what names and books are like in general.

    Where an index of the population is open, :meth:`Index.explain` knows how frequent the names are there.
    """
    entries = tidy.civil(_raw(civil, _CIVIL_FIELDS), Communes.of(None))
    persons = tidy.population(_raw(person, _POPULATION_FIELDS), Communes.of(None))
    sides = build(entries, persons)
    sides.population["often"] = np.array(_TYPICAL, np.float32) * _TYPICAL_SIZE
    sides.population["share_year"], sides.population["share_birth"], sides.population["share_home"] = 1 / 80, 0.01, 0.01
    return findings(
        0, 0, sides._replace(size=float(_TYPICAL_SIZE)), Model(), civil=civil_values(civil),
        population=population_values(person),
    )


_TYPICAL = (0.1, 0.01, 0.001, 3e-4, 2.5e-4, 2e-4)  # of arrays.OFTEN, as shares
_TYPICAL_SIZE = 1_000_000


def civil_values(record: CivilRecord) -> dict[str, str]:
    """What an entry has written in each field that is compared."""
    return {
        "name": record.name, "father": record.father, "mother": record.mother, "born_on": record.born_on,
        "place": record.birth_place or record.residence, "sex": record.sex, "number": record.id_number,
    }


def population_values(person: PopulationRecord) -> dict[str, str]:
    return {
        "name": person.name, "father": person.father, "mother": person.mother, "born_on": person.born_on,
        "place": person.birth_place or person.residence, "sex": person.sex,
        "number": person.personal_number + (f" ({person.old_number})" if person.old_number else ""),
    }


def build_alone(persons: pl.DataFrame) -> tuple[Sides, list[str]]:
    """A population without entries, and its syllables as written, in the order of their numbers."""
    nobody = tidy.civil(pl.DataFrame(schema=dict.fromkeys(CIVIL, pl.String)), Communes.of(None))
    return build(nobody, persons), different([persons[role] for role in ROLES]).to_list()


def _raw(record: CivilRecord | PopulationRecord, fields: dict[str, str]) -> pl.DataFrame:
    """A record as a table of one row, its columns named as in the files."""
    told = asdict(record)
    return pl.DataFrame(
        {name: [_text(told[field])] for name, field in fields.items()}, schema=dict.fromkeys(fields, pl.String),
    )


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    return str(value.value) if isinstance(value, Kind) else str(value)

