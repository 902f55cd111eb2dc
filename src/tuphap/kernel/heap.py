"""What a process tells Python's search for circles: none while it reads its program, and seldom ever after."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 50_000  # between two looks at the youngest objects; Python's own is 700


@contextmanager
def reading() -> Iterator[None]:
    """Read a program within this: what it leaves is permanent, and is not gone through again and again.

    A program leaves hundreds of thousands of objects and hardly a circle that nobody holds: to look for one costs more
    than all that could be given back. Before a server divides, its processes also go on sharing that memory. See ADR
    0127.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(ALLOCATIONS, 20, 50)
        gc.enable()
