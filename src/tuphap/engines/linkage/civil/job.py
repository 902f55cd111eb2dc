"""The run over whole files: in stages, each of which is kept, so that a run that was killed goes on where it was.

The order: put right, number, learn the model from a sample, settle what is plain by the narrow keys, look widely for
the rest, let claims on one person compete, decide, write.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..answers import Decision, Summary
from . import tidy
from .arrays import Sides, build
from .columns import CIVIL, COMMUNES, POPULATION, BadTable, read
from .compare import compare_all, wake, weigh_all
from .duck import Joiner
from .judge import DECISIONS, Pairs, Verdicts, against_twice, believe, decide
from .keys import of_civil, of_population
from .model import KINDS, Model, Seen
from .places import Communes

VERSION = "1"
"""Of what a run keeps: a run of another version begins anew."""
SAMPLE = 40_000
"""Entries from which the model is learned."""
NARROW_CHUNK, WIDE_CHUNK = 400_000, 60_000
APART, PROCESSES = 200_000, 2
"""From so many entries on they are put right by so many processes."""
SETTLED = 0.999
"""An entry whose candidate of the first round is this probable is not looked for further."""
KEPT = 1e-5
"""A candidate less probable than this is forgotten…"""
STRONG_KIN = -10.0
"""…but for one whose brother or sister the entry may be (log₂): that counts against others."""
PARTS = frozenset({"repair", "phonetic", "frequencies", "families", "margin", "kinds", "rivals"})
"""Parts of the engine that can be left out, to measure what each is worth."""

Progress = Callable[[str, float], None]
STAGES = {
    "read": "Đọc tệp", "tidy": "Làm sạch", "number": "Mã hóa", "learn": "Ước lượng mô hình", "narrow": "Ghép vòng hẹp",
    "wide": "Ghép vòng rộng", "decide": "Quyết định", "write": "Ghi kết quả",
}


@dataclass(slots=True)
class Run:
    """What one run was asked, where it keeps its stages, how long they took."""

    civil: Path
    population: Path
    communes: Path | None
    work: Path
    without: frozenset[str]
    progress: Progress
    summary: Summary

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        self.progress(name, 0.0)
        yield
        self.progress(name, 1.0)
        self.summary.seconds[name] = round(time.perf_counter() - start, 3)


def link(
    civil: Path, population: Path, out: Path, *, communes: Path | None = None, engine: str = "duckdb",
    work: Path | None = None, progress: Progress | None = None, without: frozenset[str] = frozenset(),
    keep_model: Path | None = None,
) -> Summary:
    """Link every entry of ``civil`` to one person of ``population`` at most, and write ``out``.

    :param out: parquet or CSV: ``civil_id,pop_id,probability,decision``, one row an entry, in the order of ``civil``.
    :param communes: the table of communes with their successors; without it places are told by their names.
    :param engine: ``duckdb`` (this machine) or ``spark`` (pyspark must be installed): the same links.
    :param work: where stages are kept while it runs; beside ``out`` by default. Removed at the end.
    :param progress: told the stage (a key of :data:`STAGES`) and how much of it is done.
    :param without: parts to leave out (:data:`PARTS`).
    :param keep_model: where the model that was learned is kept, for :class:`index.Index`.
    :raises BadTable: a file that cannot be read as such a table.
    """
    if out.suffix.lower() not in (".parquet", ".csv"):
        raise BadTable(f"{out.name}: chỉ ghi được tệp .parquet hoặc .csv.")
    if unknown := without - PARTS:
        raise BadTable(f"Không có phần {', '.join(sorted(unknown))} để bỏ.")
    work = work or out.with_name(out.name + ".work")
    run = Run(civil, population, communes, work, without, progress or _quiet, Summary())
    _prepare(run, engine)
    if engine == "spark":
        from .spark import link as on_spark

        on_spark(run, out)
    elif engine == "duckdb":
        _on_this_machine(run, out)
    else:
        raise BadTable(f"Không có bộ máy {engine}: chọn duckdb hoặc spark.")
    if keep_model is not None:
        shutil.copyfile(run.work / "model.json", keep_model)
    shutil.rmtree(run.work)
    return run.summary


def _quiet(stage: str, done: float) -> None:
    pass


def _prepare(run: Run, engine: str) -> None:
    """The folder of stages: of this very task, or emptied."""
    asked: list[object] = [VERSION, engine, sorted(run.without)]
    for path in (run.civil, run.population, run.communes):
        if path is not None:
            told = path.stat()
            asked.append([str(path.resolve()), told.st_size, told.st_mtime_ns])
    mark, told_mark = run.work / "task", hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    if run.work.exists() and (not mark.exists() or mark.read_text() != told_mark):
        shutil.rmtree(run.work)
    run.work.mkdir(parents=True, exist_ok=True)
    mark.write_text(told_mark)


def _on_this_machine(run: Run, out: Path) -> None:
    with run.stage("tidy"):
        entries, persons = tidied(run)
    run.summary.civil, run.summary.population = len(entries), len(persons)
    identifiers, lots = (entries["civil_id"], persons["pop_id"]), entries["lot"].to_numpy()
    with run.stage("number"):
        sides = build(entries, persons, without=run.without)
        del entries, persons
        joiner = Joiner(of_population(sides.population, sides.syllables), spill=run.work)
    with run.stage("learn"):
        model = learned(run, sides, joiner, np.flatnonzero(drawn(lots)))
    with run.stage("narrow"):
        settled, pairs = _narrow(run, sides, joiner, model)
    with run.stage("wide"):
        pairs = Pairs.together([pairs, *_wide(run, sides, joiner, model, np.flatnonzero(~settled))])
        joiner.close()
    with run.stage("decide"):
        verdicts = judged(pairs, model, len(settled), int(sides.size), run.without)
    with run.stage("write"):
        write(run, *identifiers, verdicts, out)


# --- Stages -----------------------------------------------------------------------------------------------------------


def tidied(run: Run) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both tables put right, each in the order of its identifiers, by which draws are settled; kept."""
    kept = run.work / "civil.parquet", run.work / "population.parquet"
    if not all(path.exists() for path in kept):
        entries = read(run.civil, CIVIL, optional=CIVIL[2:])
        if len(entries) >= APART:
            del entries
            _tidied_apart(run, *kept)
        else:
            _keep(_ordered(tidy.civil(entries, _communes(run), repair=_repairs(run)), "civil_id"), kept[0])
            _tidied_population(run, kept[1])
    return pl.read_parquet(kept[0]), pl.read_parquet(kept[1])


def _tidied_apart(run: Run, civil: Path, population: Path) -> None:
    """The entries by processes of their own, the population here meanwhile; numba wakes up beside them.

    :raises BadTable: as :func:`link`.
    """
    parts = [run.work / f"civil-{part}.parquet" for part in range(PROCESSES)]
    told = [str(PROCESSES), "repair" if _repairs(run) else "as-is", str(run.civil)]
    communes = [str(run.communes)] if run.communes is not None else []
    started = [
        subprocess.Popen([sys.executable, "-m", f"{__package__}.tidying", str(part), *told, str(out), *communes])
        for part, out in enumerate(parts)
    ]
    try:
        with ThreadPoolExecutor(1) as beside:
            woken = beside.submit(wake)
            _tidied_population(run, population)
            woken.result()
        if any(child.wait() for child in started):
            raise BadTable(f"{run.civil.name}: không làm sạch được.")
    finally:
        for child in started:
            child.kill()
            child.wait()
    _keep(_ordered(pl.concat([pl.read_parquet(part) for part in parts]), "civil_id"), civil)
    for part in parts:
        part.unlink()


def _tidied_population(run: Run, kept: Path) -> None:
    persons = read(run.population, POPULATION, optional=POPULATION[1:])
    _keep(_ordered(tidy.population(persons, _communes(run), repair=_repairs(run)), "pop_id"), kept)


def _communes(run: Run) -> Communes:
    return Communes.of(None if run.communes is None else read(run.communes, COMMUNES))


def _repairs(run: Run) -> bool:
    return "repair" not in run.without


def _ordered(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    return frame if frame[by].is_sorted() else frame.sort(by)


def _keep(frame: pl.DataFrame, path: Path) -> None:
    """Written whole or not at all."""
    part = path.with_suffix(".part")
    frame.write_parquet(part, compression="lz4")
    part.replace(path)


def seen(sides: Sides, rows: NDArray[np.int32], persons: NDArray[np.int32]) -> Seen:
    """The candidates with how their fields agree, for the model to learn from."""
    return Seen(rows, persons, sides.civil["kind"][rows], *compare_all(rows, persons, sides))


def weighed(
    sides: Sides, rows: NDArray[np.int32], persons: NDArray[np.int32], model: Model, *, threads: int = 2,
) -> Pairs:
    """The candidates, weighed."""
    same, kin, open_ = weigh_all(rows, persons, sides, model.logs(), threads=threads)
    if "families" in model.without:
        kin[:] = -np.inf
    return Pairs(rows, persons, sides.civil["kind"][rows], same, kin, open_)


def _found(
    sides: Sides, joiner: Joiner, rows: NDArray[np.int64], *, wide: bool,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Candidates of some entries: the entries, and the persons."""
    entry, person = joiner.candidates(of_civil(sides.civil[rows], sides.syllables, wide=wide))
    return rows[entry].astype(np.int32), person


def drawn(lots: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which entries are in the sample."""
    return lots * len(lots) < SAMPLE


def learned(run: Run, sides: Sides, joiner: Joiner, sample: NDArray[np.int64]) -> Model:
    """The model of a sample of entries; kept."""
    kept = run.work / "model.json"
    if kept.exists():
        return Model.load(kept, without=run.without)
    model = Model(without=run.without)
    entries = np.bincount(sides.civil["kind"][sample], minlength=KINDS)
    model.fit(seen(sides, *_found(sides, joiner, sample, wide=True)), entries, int(sides.size))
    model.save(kept)
    return model


def _narrow(run: Run, sides: Sides, joiner: Joiner, model: Model) -> tuple[NDArray[np.bool_], Pairs]:
    """Which entries are settled by the narrow keys, and their candidates; kept."""
    entries = len(sides.civil)
    settled = np.zeros(entries, np.bool_)
    parts = []
    for start in range(0, entries, NARROW_CHUNK):
        kept = run.work / f"narrow-{start}.npz"
        rows = np.arange(start, min(start + NARROW_CHUNK, entries))
        if not kept.exists():
            found = _found(sides, joiner, rows, wide=False)
            _save(worth_keeping(weighed(sides, *found, model), model, sides.size), kept)
        pairs = _load(kept)
        belief = believe(pairs, model.present, model.absent_kin, int(sides.size))
        settled[pairs.rows[belief >= SETTLED]] = True
        parts.append(pairs.taken(settled[pairs.rows]))
        run.progress("narrow", min(1.0, (start + NARROW_CHUNK) / entries))
    return settled, Pairs.together(parts)


def _wide(run: Run, sides: Sides, joiner: Joiner, model: Model, rest: NDArray[np.int64]) -> Iterator[Pairs]:
    """The candidates of the entries that are not settled; kept chunk by chunk."""
    for start in range(0, len(rest), WIDE_CHUNK):
        kept = run.work / f"wide-{start}.npz"
        if not kept.exists():
            found = _found(sides, joiner, rest[start:start + WIDE_CHUNK], wide=True)
            _save(worth_keeping(weighed(sides, *found, model), model, sides.size), kept)
        run.progress("wide", min(1.0, (start + WIDE_CHUNK) / len(rest)))
        yield _load(kept)


def worth_keeping(pairs: Pairs, model: Model, size: float) -> Pairs:
    """Without those that are as good as impossible."""
    belief = believe(pairs, model.present, model.absent_kin, int(size))
    strong = pairs.kin - np.log2(size) > STRONG_KIN
    return pairs.taken((belief >= KEPT) | strong)


def judged(pairs: Pairs, model: Model, entries: int, size: int, without: frozenset[str]) -> Verdicts:
    """All candidates of all entries against each other."""
    pairs = pairs.taken(np.lexsort((pairs.persons, pairs.rows)))
    alone = "margin" in without
    belief = believe(pairs, model.present, model.absent_kin, size, alone=alone)
    if "rivals" not in without:
        odds = against_twice(pairs, belief)
        belief = believe(pairs, model.present, model.absent_kin, size, odds=odds, alone=alone)
    return decide(pairs, belief, entries)


def write(run: Run, civil_ids: pl.Series, pop_ids: pl.Series, verdicts: Verdicts, out: Path) -> None:
    """The answer, whole or not at all, in the order of the entries' file; and its counts."""
    person = pl.Series(verdicts.person)
    table = pl.DataFrame({
        "civil_id": civil_ids,
        "pop_id": pop_ids.gather(person.clip(lower_bound=0)).zip_with(person >= 0, pl.Series([None], dtype=pl.String)),
        "probability": pl.Series(verdicts.probability).round(6),
        "decision": pl.Series([str(d) for d in DECISIONS]).gather(pl.Series(verdicts.decision)),
    })
    asked = read(run.civil, ["civil_id"])
    if not asked["civil_id"].equals(civil_ids):
        table = asked.join(table, on="civil_id", how="left", maintain_order="left")
    part = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".csv":
        table.write_csv(part)
    else:
        table.write_parquet(part)
    part.replace(out)
    tally = dict(table["decision"].value_counts().iter_rows())
    run.summary.auto, run.summary.review, run.summary.none = (
        tally.get(str(d), 0) for d in (Decision.AUTO, Decision.REVIEW, Decision.NONE)
    )


def _save(pairs: Pairs, path: Path) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **{name: getattr(pairs, name) for name in Pairs.__slots__})
    part.replace(path)


def _load(path: Path) -> Pairs:
    with np.load(path) as kept:
        return Pairs(*(kept[name] for name in Pairs.__slots__))
