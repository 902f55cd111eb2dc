"""Throwaway homes and clusters in them, for tests of the parts; the whole is in ``platform.py``."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tuphap.runtime import postgres
from tuphap.runtime.home import Home
from tuphap.runtime.process import is_reachable, ordinary_user

# Below the ports that the kernel gives to whoever goes out; every process of the tests begins at another place.
LOWEST, HIGHEST, STEP = 20000, 32000, 6
_steps = itertools.count(os.getpid())


def wait_until(what: Callable[[], object], *, seconds: float = 30, why: str | Callable[[], str] = "") -> None:
    """Return when ``what()`` is true.

    :raises AssertionError: it is not, in time.
    """
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            told = why() if callable(why) else why
            raise AssertionError(f"not within {seconds:.0f} seconds: {told or what}")
        time.sleep(0.05)


def free_ports() -> int:
    """The first of :data:`STEP` neighbouring ports on which nobody listens; each call answers another."""
    places = (HIGHEST - LOWEST) // STEP
    for step in itertools.islice(_steps, places):
        first = LOWEST + step % places * STEP
        if all(_is_free(first + beside) for beside in range(STEP)):
            return first
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def throwaway_home() -> Iterator[Home]:
    """An empty home that the ordinary user can reach; gone afterwards."""
    folder = postgres.throwaway_folder()
    home = Home(folder / "home")
    home.prepare()
    try:
        yield home
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cluster_in(home: Home, binaries: postgres.Binaries) -> postgres.Cluster:
    """A cluster of these binaries in this home, as the supervisor would have it."""
    user = ordinary_user()
    if user and not is_reachable(binaries.folder):
        binaries = postgres.copy_for_others(binaries, home.path.parent / f"postgres-{binaries.major}")
    return postgres.Cluster(
        folder=home.path / "postgres", binaries=binaries, user=user, log=home.log("postgres"),
        passwords={role: home.secret(f"database-{role}") for role in (postgres.OWNER, postgres.APPLICATION)},
    )
