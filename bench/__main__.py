"""``python -m bench``: one JSON line a figure: name, value, unit, limit, ratio, and what the limit is.

The limit is measured beside the figure: the same work without the platform around it. Machines differ and are noisy;
the ratio says how much of what this machine can do is given away.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

from .house import House, house

ROUNDS = 30


def tell(name: str, value: float, unit: str, limit: float, of: str) -> None:
    """Print one figure. For costs the ratio is value/limit, for rates limit/value: 1 is as good as the limit."""
    ratio = limit / value if unit.endswith("/s") else value / limit
    line = {"name": name, "value": round(value, 3), "unit": unit, "limit": round(limit, 3), "ratio": round(ratio, 2),
            "limit_is": of}
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
    with house() as built:
        measure(built)


def measure(built: House) -> None:
    from . import desk, log, pages, papers

    desk.measure(built)
    pages.measure(built)
    papers.measure(built)
    log.measure(built)


if __name__ == "__main__":
    main()
