"""The walk through the months: every happening at its instant, those of different communes side by side.

The months are walked in rounds, one for each day at least. What happens in a commune is done by the process to which
the commune belongs, in its order. What concerns the whole province (an evening's timers, the reform, the department)
is done by one process while the others wait: it finds everything done that came before it. Of another commune a
happening may take for granted only what an earlier round did.

How far the walk has come is kept after each round; killed, it goes on there, and what the broken round had done already
is found by its key.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections

from tuphap.kernel.clock import standing_at
from tuphap.shared.operation.api import Busy

from .stories import Happening

TELL_EVERY = 1.0  # seconds
TRIES = 5
T = TypeVar("T")


class WorkerLost(RuntimeError):
    """A process of the filling ended before its work did."""


@dataclass(slots=True)
class Round:
    """What may happen side by side, in the order of time; and after all of it, what happens alone."""

    together: list[Happening] = field(default_factory=list)
    alone: list[Happening] = field(default_factory=list)

    @property
    def ends(self) -> datetime:
        return (self.alone or self.together)[-1].at

    def __len__(self) -> int:
        return len(self.together) + len(self.alone)


def rounds(happenings: Iterable[Happening]) -> list[Round]:
    """All of them, parted where what happens alone is over."""
    found = [Round()]
    for happening in sorted(happenings, key=lambda one: (one.at, not one.place)):
        if happening.place and found[-1].alone:
            found.append(Round())
        (found[-1].together if happening.place else found[-1].alone).append(happening)
    return [one for one in found if len(one)]


def come_to(mark: Path) -> datetime | None:
    """The end of the last round that is done; None before the first."""
    with suppress(OSError, ValueError):
        return datetime.fromisoformat(mark.read_text().strip())
    return None


def walk(
    every: Sequence[Round], filling: Any, *, workers: int, mark: Path, tell: Callable[[int, datetime], None]
) -> None:
    """Do what is not done yet, with so many processes.

    :param filling: what every happening is given; a process has its own copy, and what it notes there stays with it.
    :param tell: is told how many happenings are done, and the instant.
    :raises WorkerLost: a process was killed.
    :raises RuntimeError: a happening failed in another process; its traceback is the message.
    """
    come = come_to(mark)
    ahead = [one for one in every if come is None or one.ends > come]
    done = sum(map(len, every)) - sum(map(len, ahead))
    company = Company(ahead, filling, workers) if workers > 1 and ahead else None
    try:
        for one in ahead:
            if company is not None:
                company.walk(lambda more, one=one, done=done: tell(done + more, one.ends))  # type: ignore[misc]
                done += len(one.together)
            for happening in one.alone if company is not None else (*one.together, *one.alone):
                perform(happening, filling)
                done += 1
                tell(done, happening.at)
            _keep(mark, one.ends)
    finally:
        if company is not None:
            company.end()


def perform(happening: Happening, filling: Any) -> None:
    """Let it happen, at its instant."""
    with standing_at(happening.at):
        happening.do(filling, happening.at)


def patiently(do: Callable[..., T], *given: Any) -> T:
    """Do it again where the database let another process through first and undid this one's.

    :raises RuntimeError: that goes on and on.
    """
    for _ in range(TRIES):
        with suppress(Busy):
            return do(*given)
        time.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - whoever waits longer, waits longer
    raise RuntimeError(f"the database undoes {do} each time")


def _keep(mark: Path, at: datetime) -> None:
    part = mark.with_suffix(".part")
    part.write_text(at.isoformat())
    part.replace(mark)


# --- side by side -----------------------------------------------------------------------------------------------------


class Company:
    """So many processes beside this one, each with communes of its own; they walk a round when they are told to."""

    def __init__(self, ahead: Sequence[Round], filling: Any, workers: int) -> None:
        connections.close_all()  # a connection of the database does not survive being shared
        context = get_context("fork")  # what is to happen lies in memory, and cannot be sent
        self._done = context.RawArray("q", workers)
        self._before = 0
        self._lines: list[Connection[Any, Any]] = []
        self._processes: list[Any] = []
        for number, places in enumerate(shares(ahead, workers)):
            here, there = context.Pipe()
            self._lines.append(here)
            process = context.Process(
                target=_work, args=(number, ahead, places, filling, there, tuple(self._lines), self._done, os.getpid()),
                name=f"tuphap-sample-{number + 1}", daemon=True,
            )
            process.start()
            there.close()
            self._processes.append(process)

    def walk(self, tell: Callable[[int], None]) -> None:
        """The next round, to its end; ``tell`` hears how many of its happenings are done.

        :raises WorkerLost, RuntimeError: see :func:`walk`.
        """
        for line in self._lines:
            with suppress(BrokenPipeError):  # it has ended, and says so below or says nothing more
                line.send(None)
        waiting: set[Any] = set(self._lines)
        while waiting:
            heard: Any
            for heard in wait(list(waiting), timeout=TELL_EVERY):
                try:
                    trouble = heard.recv()
                except EOFError as gone:
                    raise WorkerLost("Một tiến trình nạp tỉnh mẫu đã bị dừng giữa chừng.") from gone
                if trouble:
                    raise RuntimeError(trouble)
                waiting.discard(heard)
            tell(sum(self._done) - self._before)
        self._before = sum(self._done)

    def end(self) -> None:
        """Nobody stays behind."""
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.terminate()
            process.join()


def shares(ahead: Sequence[Round], workers: int) -> list[frozenset[str]]:
    """The communes of each process, so that all have about as much to do."""
    much = Counter(happening.place for one in ahead for happening in one.together)
    parts: list[tuple[int, list[str]]] = [(0, []) for _ in range(workers)]
    for place, count in sorted(much.items(), key=lambda item: (-item[1], item[0])):
        least = min(range(workers), key=lambda number: parts[number][0])
        parts[least] = (parts[least][0] + count, [*parts[least][1], place])
    return [frozenset(places) for _, places in parts]


def _work(
    number: int, ahead: Sequence[Round], places: frozenset[str], filling: Any, line: Connection[Any, Any],
    others: tuple[Connection[Any, Any], ...], done: Any, parent: int,
) -> None:
    """One process: a round each time it is told; it ends when nobody is there to tell it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who began us is interrupted, and ends us
    for other in others:  # else the end of the one who began us would be heard by nobody
        other.close()
    try:
        for one in ahead:
            line.recv()
            for happening in one.together:
                if happening.place in places:
                    if os.getppid() != parent:
                        return
                    perform(happening, filling)
                    done[number] += 1
            line.send("")
    except (EOFError, BrokenPipeError):
        return
    except BaseException:
        with suppress(BrokenPipeError):
            line.send(traceback.format_exc())
    finally:
        connections.close_all()
