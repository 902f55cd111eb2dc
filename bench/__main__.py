"""``python -m bench [part …]``: one JSON line a figure: name, value, unit, limit, ratio, and what the limit is.

The limit is measured beside the figure: the same work without the platform around it. Machines differ and are noisy;
the ratio says how much of what this machine can do is given away. Where a figure has a bound that is not the limit's,
``bound_by`` names it.

Parts: ``linkage dedupe vietnamese desk life pages papers log imports bulk``; all of them without any. The first three
need no database. ``BENCH_LINKAGE``: the sets of records that are matched; ``BENCH_IMPORT_ROWS`` (100000): how many rows
the file has that is taken in; ``BENCH_DOSSIERS`` (100000): how many dossiers the pages of the last part are measured
on; ``BENCH_SECONDS`` (20): how long each of them is asked for.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module

from .house import House, house

ROUNDS = 30
ENGINES = ("linkage", "dedupe", "vietnamese")
PARTS = ("desk", "life", "pages", "papers", "log", "imports", "bulk")
"""The last ones fill the database: what stands before them is measured on an empty one."""


def tell(name: str, value: float, unit: str, limit: float, of: str, **more: object) -> None:
    """Print one figure. For costs the ratio is value/limit, for rates limit/value: 1 is as good as the limit."""
    ratio = limit / value if unit.endswith("/s") else value / limit
    line = {"name": name, "value": round(value, 3), "unit": unit, "limit": round(limit, 3), "ratio": round(ratio, 2),
            "limit_is": of, **more}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def cpu_ms(work: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Median of this process's CPU time for one round of ``work``, in milliseconds, after two rounds of warming."""
    for _ in range(2):
        work()
    took: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        took.append((time.process_time() - start) * 1000)
    return statistics.median(took)


def rate(work: Callable[[], object], *, seconds: float = 4.0) -> float:
    """How often a second ``work`` is done, by the clock on the wall."""
    work()
    start, done = time.monotonic(), 0
    while time.monotonic() - start < seconds:
        work()
        done += 1
    return done / (time.monotonic() - start)


def main() -> None:
    wanted = sys.argv[1:] or [*ENGINES, *PARTS]
    # The engines first: what they are measured by is memory and cores of their own.
    for name in (name for name in ENGINES if name in wanted):
        import_module(f"bench.{name}").measure()
    if rest := [name for name in PARTS if name in wanted]:
        with house() as built:
            measure(built, wanted=rest)


def measure(built: House, *, wanted: Sequence[str] = ()) -> None:
    for name in wanted or PARTS:
        import_module(f"bench.{name}").measure(built)


if __name__ == "__main__":
    main()
