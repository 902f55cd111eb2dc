"""PostgreSQL for one machine: make a cluster, run it as an ordinary user on a Unix socket, survive its sudden death."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from .binaries import Binaries, choose, copy_for_others, find_binaries
from .home import Home
from .process import before_exec, command_line, is_alive, is_reachable, keeper_of

__all__ = [
    "APPLICATION",
    "DATABASE",
    "OWNER",
    "Binaries",
    "Cluster",
    "ClusterTrouble",
    "cluster_of",
    "copy_for_others",
    "find_binaries",
    "is_reachable",
    "not_durable",
    "throwaway_folder",
]

OWNER, APPLICATION, DATABASE = "tuphap_owner", "tuphap_app", "tuphap"
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "password_encryption": "scram-sha-256",
    "jit": "off",
    # Containers often give too little shared memory for parallel queries, and our queries are small.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "log_timezone": "Asia/Ho_Chi_Minh",
    "timezone": "UTC",
    **DURABLE,
}


class ClusterTrouble(RuntimeError):
    """The server does not start, or another one holds its data; the message says what was seen."""


@dataclass(slots=True)
class Cluster:
    """A cluster under ``folder`` (``data/``, and ``socket/`` unless that path is too long for a socket)."""

    folder: Path
    binaries: Binaries
    user: str | None = None  # the ordinary user to run as, when we are root
    passwords: dict[str, str] = field(default_factory=dict)  # by role
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def name(self) -> str:
        """By this name every process of this cluster can be told in the process list."""
        return "tuphap-" + hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:16]

    @property
    def socket(self) -> Path:
        beside = self.folder / "socket"
        if len(str(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return beside
        return Path("/tmp") / self.name  # noqa: S108 - owned by us alone, see _own_folder

    def url(self, *, database: str = DATABASE, user: str) -> str:
        """The address for one of the two roles, with its password."""
        return f"postgresql://{user}:{quote(self.passwords[user])}@/{database}?host={quote(str(self.socket))}"

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster: UTF-8, checksums, passwords for everybody, no way in but the socket."""
        self._own_folder(self.folder)
        for leftover in self.folder.glob("data.part"):
            shutil.rmtree(leftover)
        part = self.folder / "data.part"
        password_file = self.folder / "password.part"
        password_file.touch(mode=0o600)
        password_file.write_text(self.passwords[OWNER])
        self._give(password_file)
        try:
            self._run("initdb", "-D", part, "-U", OWNER, "-A", "scram-sha-256", "--pwfile", password_file,
                      "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
        finally:
            password_file.unlink()
        (part / "pg_hba.conf").write_text("# TYPE  DATABASE  USER  METHOD\nlocal   all       all   scram-sha-256\n")
        # Only a finished cluster bears the name under which it is looked for.
        part.rename(self.data)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"\ncluster_name = '{self.name}'\n")

    def spawn(self, **settings: str) -> subprocess.Popen[bytes]:
        """Start the server process, after clearing away what a killed one left; :meth:`wait_ready` comes next.

        :raises ClusterTrouble: a server that is not ours runs on this data.
        """
        self._own_folder(self.socket)
        self._clear_leftovers()
        options = {**SETTINGS, "cluster_name": self.name, "unix_socket_directories": str(self.socket), **settings}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        out: IO[bytes] | int = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [self.binaries["postgres"], "-D", str(self.data), *arguments],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            preexec_fn=before_exec(user=self.user, dying=signal.SIGINT),
        )
        if not isinstance(out, int):
            out.close()
        return self.process

    def wait_ready(self, seconds: float = 120) -> None:
        """Return once the server takes connections; recovery after a crash is waited for.

        :raises ClusterTrouble: it ended, or is not ready in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise ClusterTrouble(f"PostgreSQL did not start; see {self.log or 'its log'}")
            try:
                psycopg.connect(self.url(database="postgres", user=OWNER), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise ClusterTrouble("the passwords kept under keys/ are not those of this cluster") from error
                time.sleep(0.03)
            else:
                return
        raise ClusterTrouble(f"PostgreSQL was not ready within {seconds:.0f} seconds")

    def start(self, **settings: str) -> None:
        """Start and wait; make the two roles and the database if they are not there."""
        self.spawn(**settings)
        self.wait_ready()
        self.prepare()

    def prepare(self) -> None:
        """Make the application's role and the database, unless they exist."""
        with psycopg.connect(self.url(database="postgres", user=OWNER), autocommit=True) as owner:
            if owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone() is None:
                owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(APPLICATION), sql.Literal(self.passwords[APPLICATION])))
            if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                owner.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)))

    def stop(self, seconds: float = 60) -> None:
        """Fast shutdown: sessions are ended, everything is written, the next start needs no recovery."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)  # at once; recovery at the next start, nothing is lost
            self.process.wait(timeout=seconds)

    def processes(self) -> list[int]:
        """The processes of this cluster, known by the cluster's name in how they call themselves."""
        numbers = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
        return [pid for pid in numbers if self.name in command_line(pid) and pid != os.getpid() and is_alive(pid)]

    def _clear_leftovers(self) -> None:
        """Whatever a killed server or supervisor left: live processes are ended, lock files that name nobody removed.

        A lock file holds a process number only, and numbers come round again: after a restart of the machine or
        container, another program may bear it, and PostgreSQL would wait for that one for ever.
        """
        steps = [(signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]
        if self._locked_by(self.data / "postmaster.pid") in self.processes():
            steps.insert(0, (signal.SIGINT, 30.0))  # a whole server that lost its supervisor: it may end in order
        for end, patience in steps:
            if not self._end_all(end, patience):
                break
        for lock in (self.data / "postmaster.pid", self.socket / f"{SOCKET_NAME}.lock"):
            pid = self._locked_by(lock)
            if pid is None:
                continue
            if self._is_foreign_server(pid):
                raise ClusterTrouble(
                    f"Một máy chủ PostgreSQL khác (PID {pid}) đang dùng {self.data}. "
                    "(Another server runs on this data.)"
                )
            lock.unlink(missing_ok=True)
        (self.socket / SOCKET_NAME).unlink(missing_ok=True)

    @staticmethod
    def _locked_by(lock: Path) -> int | None:
        """The process number in a lock file; None where there is no such file, 0 where it says nothing."""
        try:
            return abs(int(lock.read_text().split("\n", 1)[0]))
        except FileNotFoundError:
            return None
        except ValueError:
            return 0

    def _end_all(self, end: signal.Signals, patience: float) -> bool:
        """Send ``end`` to the cluster's processes and wait; whether any still lives."""
        alive = self.processes()
        for pid in alive:
            try:
                os.kill(pid, end)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + patience
        while alive and time.monotonic() < deadline:
            time.sleep(0.02)
            alive = [pid for pid in alive if is_alive(pid)]
        return bool(alive)

    def _is_foreign_server(self, pid: int) -> bool:
        """Whether this living process is a server, started by someone else, that may be using our data."""
        if pid == 0:
            return False
        if not Path("/proc").is_dir():
            return is_alive(pid)
        called = command_line(pid)
        program = Path(called.split(" ", 1)[0]).name if called else ""
        if not is_alive(pid) or program not in ("postgres", "postmaster", "postgres:"):
            return False
        return str(self.data) in called or " -D" not in called

    def _own_folder(self, folder: Path) -> None:
        """Make ``folder``, ours alone; one that somebody else put there is refused."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), self._uid()):
            raise ClusterTrouble(f"{folder} belongs to somebody else")
        folder.chmod(0o700)
        self._give(folder)

    def _uid(self) -> int:
        import pwd

        return pwd.getpwnam(self.user).pw_uid if self.user else os.getuid()

    def _give(self, path: Path) -> None:
        if self.user and os.getuid() == 0:
            shutil.chown(path, self.user)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.binaries[program], *map(str, arguments)], capture_output=True, text=True, check=False,
            preexec_fn=before_exec(user=self.user),
        )
        if done.returncode != 0:
            raise ClusterTrouble(f"{program}: {(done.stderr or done.stdout).strip()}")


def cluster_of(home: Home) -> Cluster:
    """The cluster of this home: where it is, with which binaries, as whom, under which passwords.

    As root, a home that other users cannot enter (one under /root) keeps its cluster in /var/lib/tuphap, and binaries
    that they cannot reach are copied there.

    :raises NoBinaries: nothing here can run it.
    """
    folder = home.path / "postgres"
    if os.getuid() == 0 and not is_reachable(home.path):
        folder = Path("/var/lib/tuphap") / hashlib.sha256(str(home.path).encode()).hexdigest()[:12] / "postgres"
        folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    user = keeper_of(folder / "data")
    version = folder / "data" / "PG_VERSION"
    binaries = choose(major=int(version.read_text()) if version.exists() else None)
    if user and not is_reachable(binaries.folder):
        binaries = copy_for_others(binaries, folder.parent / f"postgres-{binaries.major}")
    return Cluster(
        folder=folder, binaries=binaries, user=user, log=home.log("postgres"),
        passwords={role: home.secret(f"database-{role}") for role in (OWNER, APPLICATION)},
    )


def not_durable(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
    """The settings under which an acknowledged step could be lost, as ``name=value``; none when all is well."""
    for name, wanted in DURABLE.items():
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        value = str(row[0]) if row else "?"
        # Stricter than asked (a synchronous standby) is as good.
        if value != wanted and not (name == "synchronous_commit" and value in ("remote_write", "remote_apply")):
            yield f"{name}={value}"


def throwaway_folder() -> Path:
    """A folder that an ordinary user can reach, short enough for a socket's path."""
    folder = Path(mkdtemp(prefix="tp-", dir="/tmp"))
    folder.chmod(0o755)
    return folder
