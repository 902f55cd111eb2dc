"""Keeps the platform's processes alive and ends them cleanly. One thread, no Django: it must outlive everything."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from .home import Home
from .postgres import Cluster, ClusterTrouble
from .process import before_exec
from .services import Service

FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
SETTLED_AFTER = 5.0  # a process that lived this long has not failed at its start
PATIENCE = 12.0  # how long a process may take to end what it is doing
POLL = 0.05


@dataclass(slots=True)
class Running:
    """A service and its present process."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0  # when to start it again
    finished: bool = False


class Supervisor:
    """Starts services, restarts those that die, stops all of them and the database last."""

    def __init__(
        self, home: Home, *, environment: dict[str, str], cluster: Cluster | None = None,
        say: Callable[[str], None] = print, log_to_files: bool = True,
    ) -> None:
        self._home = home
        self._environment = {**os.environ, **environment}
        for hidden in ("DATABASE_OWNER_URL", "DATABASE_URL"):
            self._environment.pop(hidden, None)
        self._cluster = cluster
        self._say = say
        self._log_to_files = log_to_files
        self._running: dict[str, Running] = {}
        self._stopping = False
        self._database_delay = FIRST_DELAY

    @property
    def stopping(self) -> bool:
        """Whether somebody asked us to end."""
        return self._stopping

    def listen(self) -> None:
        """Take Ctrl-C, a polite kill and a closed terminal as the wish to end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def add(self, service: Service) -> None:
        """Start a service and keep it."""
        running = Running(service)
        self._running[service.name] = running
        self._start(running)

    def run_once(self, service: Service) -> str:
        """Run a service to its end and return what it printed.

        :raises RuntimeError: it failed; the message is the end of what it printed.
        """
        done = subprocess.Popen(
            service.command, env={**self._environment, **service.environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=before_exec(),
        )
        out, _ = done.communicate()
        if done.returncode != 0:
            raise RuntimeError(f"{service.name}: {out.strip()[-3000:] or _how(done.returncode)}")
        return out

    def step(self) -> None:
        """Look once at everything: start again what has died and is due."""
        self._look_after_database()
        for running in self._running.values():
            if running.process is not None and running.process.poll() is not None:
                self._note_end(running)
            if running.process is None and not running.finished and time.monotonic() >= running.due:
                self._start(running)

    def run(self, also: Callable[[], None] = lambda: None) -> None:
        """Look after everything until asked to stop; ``also`` is called at every look."""
        while not self._stopping:
            self.step()
            also()
            time.sleep(POLL)

    def stop(self) -> None:
        """End every process with its whole group, then the database. A second Ctrl-C does not hurry it."""
        self._stopping = True
        alive = [r for r in self._running.values() if r.process is not None and r.process.poll() is None]
        for running in alive:
            _signal_group(running, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while alive and time.monotonic() < deadline:
            time.sleep(POLL)
            alive = [r for r in alive if r.process is not None and r.process.poll() is None]
        for running in self._running.values():
            _signal_group(running, signal.SIGKILL)
            if running.process is not None:
                running.process.wait()
        if self._cluster is not None:
            self._cluster.stop()

    def is_finished(self, name: str) -> bool:
        """Whether a service that ends by itself has succeeded."""
        return name in self._running and self._running[name].finished

    def _start(self, running: Running) -> None:
        service = running.service
        log = self._home.log(service.name).open("ab") if self._log_to_files else None
        running.process = subprocess.Popen(
            service.command, env={**self._environment, **service.environment},
            stdin=subprocess.PIPE if service.secret else subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT if log else None, preexec_fn=before_exec(),
        )
        running.started = time.monotonic()
        if log is not None:
            log.close()
        if service.secret and running.process.stdin is not None:
            try:
                running.process.stdin.write(service.secret.encode() + b"\n")
                running.process.stdin.close()
            except BrokenPipeError:
                pass  # it died at once; the next look finds that
        pid_file = self._home.path / "run" / f"{service.name}.pid"
        pid_file.write_text(f"{running.process.pid}\n")

    def _note_end(self, running: Running) -> None:
        process = running.process
        assert process is not None
        _signal_group(running, signal.SIGKILL)  # what it started must not outlive it
        running.process = None
        if running.service.once and process.returncode == 0:
            running.finished = True
            return
        lived = time.monotonic() - running.started
        running.delay = FIRST_DELAY if lived > SETTLED_AFTER else min(LONGEST_DELAY, running.delay * 2)
        running.due = time.monotonic() + running.delay
        if not self._stopping:
            told = f"{running.service.name} đã dừng ({_how(process.returncode)}); chạy lại sau {running.delay:.1f} giây"
            log = self._home.path / "log" / f"{running.service.name}.log"
            self._say(f"{told}; xem {log}" if self._log_to_files else told)

    def _look_after_database(self) -> None:
        cluster = self._cluster
        if cluster is None or cluster.process is None or cluster.process.poll() is None:
            return
        self._say(f"PostgreSQL đã dừng ({_how(cluster.process.returncode)}), đang khởi động lại và phục hồi")
        try:
            cluster.spawn()
            cluster.wait_ready()
        except ClusterTrouble as trouble:
            self._say(f"{trouble}; thử lại sau {self._database_delay:.1f} giây")
            time.sleep(self._database_delay)
            self._database_delay = min(LONGEST_DELAY, self._database_delay * 2)
        else:
            self._database_delay = FIRST_DELAY
            self._say("PostgreSQL đã hoạt động trở lại")


def _signal_group(running: Running, number: signal.Signals) -> None:
    if running.process is None:
        return
    try:
        os.killpg(running.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"tín hiệu {signal.Signals(-returncode).name}"
    return f"mã {returncode}"
