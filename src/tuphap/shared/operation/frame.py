"""Where an operation stands while it runs: how deep it is nested, and which denials it must keep after its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from tuphap.kernel.refusal import Denied


@dataclass(slots=True)
class Frame:
    """The outermost operation that is running here, and those nested in it."""

    name: str
    denials: list[tuple[str, Denied]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)  # tables, as the guard saw them

    def keep(self, name: str, denied: Denied) -> None:
        """Note a denial once, under the innermost operation that it left, though it passes through others."""
        if all(known is not denied for _, known in self.denials):
            self.denials.append((name, denied))


_frame: ContextVar[Frame | None] = ContextVar("operation_frame", default=None)
_free: ContextVar[bool] = ContextVar("writing_freely", default=False)


def current() -> Frame | None:
    """The frame of the operation that is running in this context, if any."""
    return _frame.get()


@contextmanager
def entered(name: str) -> Iterator[tuple[Frame, bool]]:
    """Enter an operation; yields its frame, and whether it is the outermost one."""
    frame = _frame.get()
    if frame is not None:
        yield frame, False
        return
    frame = Frame(name)
    token = _frame.set(frame)
    try:
        yield frame, True
    finally:
        _frame.reset(token)


@contextmanager
def writing_freely() -> Iterator[None]:
    """Let this context write without an operation; see :mod:`.testing` for the only ones who may."""
    token = _free.set(True)
    try:
        yield
    finally:
        _free.reset(token)


def may_write() -> bool:
    """Whether a statement that changes rows is in its place here."""
    return _frame.get() is not None or _free.get()
