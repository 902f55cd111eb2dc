"""The folder that holds everything the platform keeps on this machine, and the lock that one supervisor holds on it."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class HomeInUse(RuntimeError):
    """Another supervisor runs on this home."""


@dataclass(frozen=True, slots=True)
class Home:
    """``$TUPHAP_HOME``: ``postgres`` (the cluster), ``files``, ``keys``, ``run``, ``log``, ``static``, ``state``."""

    path: Path

    @classmethod
    def from_environment(cls) -> Home:
        return cls(Path(os.environ.get("TUPHAP_HOME", "var")).absolute())

    def prepare(self) -> None:
        """Make the folders. The home itself may be entered by others, its keys, files and logs may not."""
        fresh = not self.path.exists()
        self.path.mkdir(parents=True, exist_ok=True)
        if fresh:
            self.path.chmod(0o755)
        for private in ("keys", "files", "run", "log", "state"):
            folder = self.path / private
            if not folder.exists():
                folder.mkdir(mode=0o700)

    def secret(self, name: str) -> str:
        """The secret kept under ``keys/<name>``, readable by us alone; made of 256 random bits on first use."""
        kept = self.path / "keys" / name
        if kept.is_file():
            return kept.read_text().strip()
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = secrets.token_urlsafe(32)
        part = kept.with_name(f"{name}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(value + "\n")
            out.flush()
            os.fsync(out.fileno())
        part.rename(kept)
        return value

    def log(self, name: str) -> Path:
        """The log file of a process; one that has grown beyond 20 MB is set aside first."""
        path = self.path / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > 20 * 1024 * 1024:
            path.replace(path.with_suffix(".log.1"))
        return path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the home: one supervisor at a time. The kernel lets go when the holder dies, however it dies.

        :raises HomeInUse: another holds it.
        """
        (self.path / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            holder = os.read(descriptor, 100).decode(errors="replace").strip() or "?"
            os.close(descriptor)
            raise HomeInUse(
                f"Thư mục {self.path} đang được một tiến trình khác dùng (PID {holder}). Dừng tiến trình đó, hoặc đặt "
                f"TUPHAP_HOME và PORT khác. (Another instance runs on this home.)"
            ) from taken
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
