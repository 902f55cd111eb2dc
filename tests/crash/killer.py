"""Kills processes of a running platform at random moments, one after another."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.harness.platform import Platform

from tuphap.runtime.home import Home
from tuphap.runtime.postgres import APPLICATION, cluster_of
from tuphap.runtime.process import command_line

# Every one of these comes once before any comes again, in an order drawn by lot.
VICTIMS = ("web", "one of web", "worker", "signer", "postgres", "backend")
TWO_AT_ONCE = 0.25  # how often a second victim dies with the first
BACK_WITHIN = 60.0


def kill(platform: Platform, victim: str, random: Random) -> bool:
    """``kill -9``; whether there was anybody to kill."""
    pids = _pids(platform, victim)
    if victim in ("one of web", "backend"):
        pids = random.sample(pids, min(1, len(pids)))
    killed = False
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed = True
    return killed


def _pids(platform: Platform, victim: str) -> list[int]:
    if victim == "backend":  # the server process of one of the application's connections
        return [pid for pid in cluster_of(Home(platform.home)).processes() if f" {APPLICATION} " in command_line(pid)]
    return platform.pids("web" if victim == "one of web" else victim)


@dataclass(slots=True)
class Killer:
    """A thread that kills until it is told to stop; ``killed`` counts by victim.

    ``longest``: seconds, at most, that everything is left alive between two kills; where it takes longer to come back,
    that long.
    """

    platform: Platform
    seed: int
    longest: float
    killed: Counter[str] = field(default_factory=Counter)
    _enough: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Killer:
        self._thread = threading.Thread(target=self._run, name="killer")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._enough.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        random = Random(self.seed)
        deck: list[str] = []
        longest = self.longest
        while not self._enough.wait(random.uniform(0.0, longest)):
            for _ in range(2 if random.random() < TWO_AT_ONCE else 1):
                deck = deck or random.sample(VICTIMS, len(VICTIMS))
                victim = deck.pop()
                if kill(self.platform, victim, random):
                    self.killed[victim] += 1
                else:
                    deck.insert(0, victim)  # it was down already; its turn comes again
                sys.stdout.write(f"{time.strftime('%H:%M:%S')} kill -9 {victim}\n")
            died = time.monotonic()
            self._wait_until_back()
            longest = max(self.longest, time.monotonic() - died)

    def _wait_until_back(self) -> None:
        """People get something done between two deaths, on a slow machine too."""
        deadline = time.monotonic() + BACK_WITHIN
        while time.monotonic() < deadline and not self._enough.wait(0.2):
            if self.platform.is_whole():
                return
