"""The one clock. Doors read it once and pass the instant on; rules and operations never look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; inside :func:`standing_at`, the instant given there."""
    return _frozen.get() or datetime.now(UTC)


def localdate(at: datetime) -> date:
    """The calendar day in Việt Nam at this aware instant."""
    return at.astimezone(VIETNAM).date()


def localtime(at: datetime) -> datetime:
    """The same instant, told in the time of Việt Nam."""
    return at.astimezone(VIETNAM)


@contextmanager
def standing_at(at: datetime) -> Iterator[datetime]:
    """Let :func:`now` answer ``at`` within the block: the sample's walking clock, and tests."""
    token = _frozen.set(at)
    try:
        yield at
    finally:
        _frozen.reset(token)
