"""For tests' own preparations, which are no operations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import frame


@contextmanager
def setting_up() -> Iterator[None]:
    """Let a test write rows directly within the block; operations called inside behave as they always do."""
    with frame.writing_freely():
        yield
