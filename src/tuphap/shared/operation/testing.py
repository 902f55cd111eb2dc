"""For tests: preparations, which are no operations, and the queue, worked off at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tuphap.shared.audit.testing import run_jobs

from . import frame

__all__ = ["run_jobs", "setting_up"]


@contextmanager
def setting_up() -> Iterator[None]:
    """Let a test write rows directly within the block; operations called inside behave as they always do."""
    with frame.writing_freely():
        yield
