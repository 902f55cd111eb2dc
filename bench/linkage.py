"""Matching of civil status with the population: how well, how fast, in how much memory, and what each part is worth.

``BENCH_LINKAGE=folder,folder``: the sets to match, each with ``civil``, ``pop``, ``communes`` and ``truth``; without it
the development data beside the checkout. Sets of other seeds and rates, of full size too, come from ``tuphap linkage
sample``. The first set is matched again without each part of the model.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from .__main__ import tell

CHECKOUT = Path(__file__).parents[1]
PARTS = ("repair", "phonetic", "frequencies", "families", "rivals", "margin", "kinds")
"""What ``tuphap linkage link --without`` leaves out, and what the table is made of."""
SAFE = 0.999  # the precision that rows taken without a look aim at
TREES = {"f1": 99.2, "auto_recall": 97.5}  # per cent; boosted trees trained on the truth of dev_100k reach this
_DEFAULT = "../shared/data/linkage/dev_100k,../shared/data/linkage/dev_500k"
_GIGABYTE = 1024 ** 3


# -- how good


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of 1. A link is a row decided ``auto`` or ``review``; recall is of the rows that have a person."""

    f1: float
    precision: float
    recall: float
    auto_precision: float
    auto_recall: float
    safe_recall: float  # most of recall at a precision of SAFE, taking rows by probability from the top
    rows: int
    linked: int
    auto: int


def score(out: pl.DataFrame, truth: pl.DataFrame) -> Score:
    """How good links are: ``out`` has ``civil_id, pop_id, probability, decision``, ``truth`` the person or none.

    :raises ValueError: a civil row is missing in ``out`` or stands in it twice.
    """
    out = out.with_columns(pl.col("pop_id").replace("", None))
    if out.height != truth.height or out["civil_id"].n_unique() != truth.height:
        raise ValueError("one row for each civil record")
    both = truth.select("civil_id", person="pop_id").join(out, on="civil_id", how="inner")
    if both.height != truth.height:
        raise ValueError("records that are not in the truth")
    both = both.with_columns(right=(pl.col("pop_id") == pl.col("person")).fill_null(value=False),
                             link=pl.col("pop_id").is_not_null() & pl.col("decision").is_in(["auto", "review"]))
    known = both["person"].count()
    links, auto = both.filter("link"), both.filter(pl.col("link") & (pl.col("decision") == "auto"))
    precision, recall = _share(links["right"].sum(), links.height), _share(links["right"].sum(), known)
    return Score(
        f1=_share(2 * precision * recall, precision + recall), precision=precision, recall=recall,
        auto_precision=_share(auto["right"].sum(), auto.height), auto_recall=_share(auto["right"].sum(), known),
        safe_recall=_share(_safe(both.drop_nulls("pop_id")), known), rows=both.height, linked=links.height,
        auto=auto.height,
    )


def _safe(found: pl.DataFrame) -> int:
    """How many are right among the most probable ones, as far down as precision holds; equals are taken together."""
    steps = found.group_by("probability").agg(pl.len(), pl.col("right").sum()).sort("probability", descending=True)
    steps = steps.select(pl.col("len").cum_sum(), pl.col("right").cum_sum())
    return int(steps.filter(pl.col("right") >= SAFE * pl.col("len"))["right"].max() or 0)  # type: ignore[arg-type]


def score_clusters(found: pl.DataFrame, truth: pl.DataFrame) -> tuple[float, float, float]:
    """F1, precision and recall of pairs: both tables have ``id`` and ``cluster``; a null cluster holds one record.

    :raises ValueError: the two tables do not have the same records.
    """
    both = truth.select("id", true="cluster").join(found.select("id", found="cluster"), on="id")
    if not both.height == truth.height == found.height:
        raise ValueError("one cluster for each record")
    right = _pairs(both.drop_nulls(["true", "found"]).group_by("true", "found").len()["len"])
    precision = _share(right, _pairs(both.drop_nulls("found").group_by("found").len()["len"]))
    recall = _share(right, _pairs(both.drop_nulls("true").group_by("true").len()["len"]))
    return _share(2 * precision * recall, precision + recall), precision, recall


def _pairs(sizes: pl.Series) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.to_list())


def _share(part: Any, whole: float) -> float:
    return part / whole if whole else 0.0


# -- how dear


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and its children took."""

    wall: float  # seconds
    cpu: float  # seconds of all cores
    memory: float  # gigabytes at most, of all of them together


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end and tell what it took.

    :raises subprocess.CalledProcessError: it failed; what it said goes to the standard error.
    """
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=CHECKOUT)
        with _watched(process.pid) as peak:
            _, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.stderr.write(said.read())
            raise subprocess.CalledProcessError(process.returncode, command)
    # Not ru_maxrss: a child has its parent's peak as its own before it becomes another program.
    return Cost(wall, used.ru_utime + used.ru_stime, peak[0] / _GIGABYTE)


@contextmanager
def _watched(process: int) -> Iterator[list[int]]:
    """The most memory that a process and those below it held at one time, in bytes, looked at twenty times a second."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], sum(map(_resident, _tree(process))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _tree(process: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return []
    return [process, *(each for child in children for each in _tree(child))]


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def limit_seconds(civil: Path, population: Path) -> Cost:
    """What loading, hashing and one join of the same files cost, in a process of its own."""
    return run([sys.executable, "-m", "bench.linkage_limit", str(civil), str(population)])


def link(folder: Path, out: Path, *, without: Sequence[str] = ()) -> Cost:
    """What matching the set in ``folder`` cost, from the two files to the one of links."""
    given = {"civil": folder / "civil.parquet", "population": folder / "pop.parquet",
             "communes": folder / "communes.parquet", "out": out}
    options = [*given.items(), *(("without", part) for part in without)]
    command = [str(Path(sys.executable).with_name("tuphap")), "linkage", "link"]
    return run([*command, *(word for name, value in options for word in (f"--{name}", str(value)))])


# -- what is told


def measure() -> None:
    folders = [CHECKOUT / name for name in os.environ.get("BENCH_LINKAGE", _DEFAULT).split(",")]
    there = [folder for folder in folders if (folder / "truth.parquet").is_file()]
    for folder in folders:
        if folder not in there:
            sys.stderr.write(f"linkage: không có dữ liệu ở {folder}\n")
    for number, folder in enumerate(there):
        with tempfile.TemporaryDirectory(prefix="bench-linkage-") as scratch:
            whole = _measure_set(folder.resolve(), Path(scratch))
            if number == 0:
                _measure_parts(folder.resolve(), Path(scratch), whole)


def _measure_set(folder: Path, scratch: Path) -> tuple[Score, Cost]:
    name, truth = f"linkage.{folder.name}", pl.read_parquet(folder / "truth.parquet")
    limit = limit_seconds(folder / "civil.parquet", folder / "pop.parquet")
    found, cost = _linked(folder, scratch, truth)
    of = "DuckDB loads and hashes each column once and joins on name and year of birth"
    tell(f"{name}.seconds", cost.wall, "s", limit.wall, of, rows=found.rows)
    tell(f"{name}.cpu", cost.cpu, "s CPU", limit.cpu, of)
    tell(f"{name}.memory", cost.memory, "GB", limit.memory, of)
    trees = "boosted trees, trained on the truth of dev_100k, on the same pairs"
    for figure, most in TREES.items():
        tell(f"{name}.{figure}", getattr(found, figure) * 100, "%", most, trees, **_figures(found))
    tell(f"{name}.safe_recall", found.safe_recall * 100, "%", TREES["auto_recall"], trees)
    return found, cost


def _measure_parts(folder: Path, scratch: Path, whole: tuple[Score, Cost]) -> None:
    """The table of what the model is without each of its parts, and with repair of texts alone."""
    truth = pl.read_parquet(folder / "truth.parquet")
    rows = {"whole": whole}
    for name, without in {**{f"without {part}": (part,) for part in PARTS}, "repair alone": PARTS[1:],
                          "nothing of it": PARTS}.items():
        rows[name] = _linked(folder, scratch, truth, without=without)
        found, cost = rows[name]
        tell(f"linkage.{folder.name}.{name.replace(' ', '_')}.f1", found.f1 * 100, "%", whole[0].f1 * 100,
             "the whole model", seconds=round(cost.wall, 1), **_figures(found))
    sys.stdout.write(table(rows))
    sys.stdout.flush()


def _linked(folder: Path, scratch: Path, truth: pl.DataFrame, *, without: Sequence[str] = ()) -> tuple[Score, Cost]:
    out = scratch / f"{'-'.join(('links', *without))}.parquet"
    cost = link(folder, out, without=without)
    return score(pl.read_parquet(out), truth), cost


def _figures(found: Score) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(found).items()}


def table(rows: dict[str, tuple[Score, Cost]]) -> str:
    """The runs side by side, as plain text."""
    heads = ("", "F1", "precision", "recall", "auto recall", "auto precision", "recall at 0.999", "s", "GB")
    cells = [(name, *(f"{value:.4f}" for value in (found.f1, found.precision, found.recall, found.auto_recall,
                                                    found.auto_precision, found.safe_recall)),
              f"{cost.wall:.1f}", f"{cost.memory:.2f}") for name, (found, cost) in rows.items()]
    widths = [max(len(row[at]) for row in (heads, *cells)) for at in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) if at == 0 else cell.rjust(width)
                       for at, (cell, width) in enumerate(zip(row, widths, strict=True))) for row in (heads, *cells)]
    return "\n".join(lines) + "\n"
