"""What starting a child takes: a process group of its own, an ordinary user, and death with its parent."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path

ORDINARY_USERS = ("tuphap", "postgres", "nobody")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def ordinary_user() -> str | None:
    """Whom to run PostgreSQL as when we are root; None when we are an ordinary user already.

    :raises RuntimeError: root, on a machine without any of :data:`ORDINARY_USERS`.
    """
    if os.getuid() != 0:
        return None
    for name in ORDINARY_USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError(f"none of the users {', '.join(ORDINARY_USERS)} exists, and PostgreSQL does not run as root")


def keeper_of(data: Path) -> str | None:
    """Whom to run PostgreSQL on this data as: whoever it belongs to, else :func:`ordinary_user`.

    The machine may have got another ordinary user since; the server opens its data for their owner alone.
    """
    if os.getuid() != 0 or not data.exists():
        return ordinary_user()
    try:
        return data.owner()
    except KeyError:  # an owner without a name
        return ordinary_user()


def is_reachable(path: Path) -> bool:
    """Whether users other than the owners may walk to ``path`` and read it."""
    if not path.exists():
        return is_reachable(path.parent)
    resolved = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (resolved, *resolved.parents) if folder.is_dir())


def before_exec(*, user: str | None = None, dying: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """What a child does before it becomes its program.

    It leads a session of its own (Ctrl-C reaches the supervisor alone), becomes ``user`` when we are root, and is
    sent ``dying`` by the kernel if its parent is killed, so that nothing outlives a supervisor.
    """
    entry = pwd.getpwnam(user) if user and os.getuid() == 0 else None
    parent = os.getpid()

    def prepare() -> None:
        os.setsid()
        if entry is not None:
            os.initgroups(entry.pw_name, entry.pw_gid)
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            os.chdir("/")
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(dying), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def command_line(pid: int) -> str:
    """How the process was called, or how it calls itself; empty when there is none (or no ``/proc``)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists and is more than an entry waiting to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"
