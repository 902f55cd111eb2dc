"""The whole platform as real processes, for tests that kill them: start it, find a process, kill it, see it return."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import database, postgres
from .home import Home
from .process import before_exec, is_alive, is_reachable, ordinary_user

PROCESSES = ("web", "stream", "worker", "signer")


def wait_until(what: Callable[[], object], *, seconds: float = 30, why: str = "") -> None:
    """Return when ``what()`` is true.

    :raises AssertionError: it is not, in time.
    """
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} seconds: {why or what}")
        time.sleep(0.05)


def free_ports(count: int = 4) -> int:
    """The first of ``count`` neighbouring ports on which nobody listens."""
    for first in range(20000 + os.getpid() % 8000 * 4, 60000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


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


@dataclass
class Platform:
    """``tuphap run`` on a throwaway home."""

    home: Home
    kind: str = ""  # of PostgreSQL's binaries; empty: the first found
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_ports)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        """What the supervisor printed so far."""
        return (self.home.path / "supervisor.out").read_text(errors="replace")

    def variables(self) -> dict[str, str]:
        """The environment of a command that is to speak to this platform."""
        kept = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("TUPHAP_", "DATABASE_", "DJANGO_", "PYTEST_", "CI"))
        }
        return {
            **kept, "TUPHAP_HOME": str(self.home.path), "PORT": str(self.port), "TUPHAP_MODE": "sample",
            "TUPHAP_POSTGRES": self.kind, "TUPHAP_WEB_WORKERS": "1", "PYTHONWARNINGS": "",
            "PYTHONPATH": str(Path(__file__).parents[2]), **self.environment,
        }

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``tuphap`` beside the platform and wait for it."""
        done = subprocess.run(
            [sys.executable, "-m", "tuphap.cli", *arguments], env=self.variables(), capture_output=True, text=True,
            timeout=240, check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def start(self, *arguments: str, seconds: float = 90) -> None:
        """Start it and wait until the page opens."""
        out = (self.home.path / "supervisor.out").open("a")
        already = self.output.count("Dừng: Ctrl-C")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tuphap.cli", "run", *(arguments or ("--no-sample",))], env=self.variables(),
            stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, preexec_fn=before_exec(),
        )
        out.close()

        def is_up() -> bool:
            assert self.process is not None and self.process.poll() is None, self.output
            told = self.output.count("Dừng: Ctrl-C") > already
            return told and self.opens() and all(self.is_running(name) for name in PROCESSES)

        wait_until(is_up, seconds=seconds, why="the page opens")

    def opens(self) -> bool:
        """Whether the page can be had, with its database behind it."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/suc-khoe/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def pid(self, name: str) -> int:
        """The process of this name (one of :data:`PROCESSES`, ``vneid``, ``tsa`` or ``postgres``)."""
        if name == "postgres":
            return int((self.home.path / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
        return int((self.home.path / "run" / f"{name}.pid").read_text())

    def is_running(self, name: str) -> bool:
        try:
            return is_alive(self.pid(name))
        except (OSError, ValueError):
            return False

    def kill(self, name: str) -> int:
        """``kill -9``; the number of the process that was killed."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_back(self, name: str, killed: int, *, seconds: float = 40) -> None:
        """Wait until another process stands in the killed one's place and the page opens."""
        wait_until(
            lambda: self.is_running(name) and self.pid(name) != killed and self.opens(), seconds=seconds,
            why=f"{name} is back\n{self.output[-2000:]}",
        )

    def addresses(self) -> database.Addresses:
        """The database's addresses, for a test that looks into it."""
        cluster = cluster_in(self.home, postgres.find_binaries()[0])
        return database.of_cluster(cluster)

    def stop(self, *, seconds: float = 60) -> int:
        """Ask it politely to end; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)


@contextmanager
def platform(*, kind: str = "", **environment: str) -> Iterator[Platform]:
    """A platform that is surely gone afterwards, whatever the test did to it."""
    with throwaway_home() as home:
        running = Platform(home, kind=kind, environment=environment)
        try:
            yield running
        finally:
            if running.process is not None and running.process.poll() is None:
                running.process.send_signal(signal.SIGTERM)
                try:
                    running.process.wait(timeout=40)
                except subprocess.TimeoutExpired:
                    running.process.kill()  # its children are sent a signal by the kernel
                    running.process.wait()
