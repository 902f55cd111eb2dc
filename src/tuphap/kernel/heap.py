"""What a long-lived process tells Python's search for circles, once it has read its program."""

from __future__ import annotations

import gc

ALLOCATIONS = 50_000  # between two looks at the youngest objects; Python's own is 700


def settle() -> None:
    """Take what is loaded so far for permanent: classes, templates, routes are not gone through again and again.

    Before a server divides, its processes also go on sharing that memory. See ADR 0127.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 50)
