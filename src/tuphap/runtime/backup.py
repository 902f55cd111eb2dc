"""Back up while people write, and restore elsewhere.

The database is dumped from one snapshot. Files never change and are on disk before the database names them, so
copying them after the snapshot misses none that it speaks of. A backup without ``manifest.json`` is unfinished; the
same command goes on with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.progress import track

from .binaries import client_tools
from .home import Home

FORMAT = 1
DUMP, MANIFEST, CONTENTS, SUMS = "database.dump", "manifest.json", "contents.json", "SHA256SUMS"
CHECKPOINT = "checkpoint.json"
# What is copied beside the database, and with which rights it is restored. Who is trusted: else no paper is checked.
COPIED = {"files": 0o440, "trust": 0o644}
KEYS = {"keys": 0o600}
FETCHED = "trust/lists/"  # revocation lists, to be had anew at any time
# Who was logged in is nobody's business elsewhere: after a restore everybody logs in again.
LEFT_OUT = ("django_session",)


class BackupTrouble(RuntimeError):
    """The backup cannot be made or used; the message says why."""


def make_backup(home: Home, to: Path, *, with_keys: bool, console: Console) -> Path:
    """Write a whole backup of this home into the folder ``to``; an unfinished one there is gone on with.

    :param with_keys: also ``keys/``; whoever has them can sign in the offices' names, so keep such a copy under lock.
    :raises BackupTrouble: ``to`` holds a finished backup or something else, or the dump failed.
    """
    if (to / MANIFEST).exists():
        raise BackupTrouble(f"{to} đã chứa một bản sao lưu hoàn chỉnh; hãy chọn thư mục khác.")
    if to.exists() and any(to.iterdir()) and not (to / "part").exists():
        raise BackupTrouble(f"{to} không trống và không phải bản sao lưu dở dang.")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    (to / "part").touch()
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    if not (to / DUMP).exists():
        with console.status("Kết xuất cơ sở dữ liệu…"):
            _dump(owner, to)
    contents = json.loads((to / CONTENTS).read_text())
    sums = {name: _sha256(to / name) for name in (DUMP, CHECKPOINT) if (to / name).exists()}
    wanted = list(_files(home, with_keys=with_keys))
    for source, name in track(wanted, description="Sao chép tệp", console=console):
        sums[name] = _copy(source, to / name)
    _write(to / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    manifest = {**contents, "finished_at": datetime.now(UTC).isoformat(), "files": len(wanted), "with_keys": with_keys}
    manifest["sums_sha256"] = _sha256(to / SUMS)
    _write(to / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    for leftover in ("part", CONTENTS):
        (to / leftover).unlink()
    console.print(f"Đã sao lưu {sum(contents['rows'].values())} dòng và {len(wanted)} tệp vào {to}")
    return to


def check(source: Path, *, console: Console) -> dict[str, Any]:
    """The manifest of a backup whose every file is what it was.

    :raises BackupTrouble: unfinished, of another form, or damaged; the first damaged file is named.
    """
    if not (source / MANIFEST).exists():
        raise BackupTrouble(f"{source} không phải bản sao lưu hoàn chỉnh (không có {MANIFEST}).")
    manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
    if manifest.get("format") != FORMAT:
        raise BackupTrouble("Bản sao lưu thuộc một định dạng khác.")
    if _sha256(source / SUMS) != manifest["sums_sha256"]:
        raise BackupTrouble(f"{SUMS} đã bị thay đổi.")
    for name, digest in track(list(_sums(source).items()), description="Kiểm tra mã băm", console=console):
        if not (source / name).is_file() or _sha256(source / name) != digest:
            raise BackupTrouble(f"Tệp {name} của bản sao lưu bị thiếu hoặc đã bị thay đổi.")
    return manifest


def restore_files(home: Home, source: Path, *, console: Console) -> None:
    """Bring files and trust (and keys, if there) into an empty home; an interrupted restore is gone on with.

    :raises BackupTrouble: the backup is damaged, or this home holds data already.
    """
    manifest = check(source, console=console)
    mark = home.path / "restoring"
    if not mark.exists() and _is_used(home):
        raise BackupTrouble(f"{home.path} đã có dữ liệu; hãy đặt TUPHAP_HOME là một thư mục mới.")
    home.prepare()
    mark.write_text(manifest["finished_at"])
    modes = {f"{top}/": mode for top, mode in (COPIED | KEYS).items()}
    names = [name for name in _sums(source) if name.startswith(tuple(modes))]
    for name in track(names, description="Phục hồi tệp", console=console):
        _copy(source / name, home.path / name)
        (home.path / name).chmod(next(mode for top, mode in modes.items() if name.startswith(top)))


def restore_database(home: Home, source: Path, *, console: Console) -> None:
    """Fill the empty database in one transaction, set the rights, count the rows.

    :raises BackupTrouble: the database is not empty, the restore failed, or rows are missing after it.
    """
    from .migrate import migrate

    manifest = json.loads((source / MANIFEST).read_text())
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(owner) as connection:
        if _row_counts(connection):
            raise BackupTrouble("Cơ sở dữ liệu đích không trống.")
        major = connection.info.server_version // 10000
    if major < manifest["postgres_major"]:
        raise BackupTrouble(f"Bản sao lưu cần PostgreSQL {manifest['postgres_major']} trở lên; ở đây là {major}.")
    with console.status("Phục hồi cơ sở dữ liệu…"):
        _client(owner, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
                "--dbname", str(conninfo_to_dict(owner)["dbname"]), str(source / DUMP))
    with psycopg.connect(owner, autocommit=True) as connection:
        counted = _row_counts(connection)
        connection.execute("ANALYZE")
    wrong = [table for table, rows in manifest["rows"].items() if counted.get(table) != rows]
    if wrong:
        raise BackupTrouble(f"Số dòng không khớp sau khi phục hồi: {', '.join(wrong)}")
    migrate(verbosity=0)
    (home.path / "restoring").unlink(missing_ok=True)
    console.print(f"Đã phục hồi {sum(counted.values())} dòng và {manifest['files']} tệp vào {home.path}")


def _dump(owner: str, to: Path) -> None:
    """One snapshot, and from it the dump, the number of rows in each table and the newest checkpoint of the log."""
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        contents = {
            "format": FORMAT,
            "started_at": datetime.now(UTC).isoformat(),
            "postgres_major": connection.info.server_version // 10000,
            "rows": _row_counts(connection),
        }
        _keep_newest_checkpoint(connection, to)
        _write(to / CONTENTS, json.dumps(contents, ensure_ascii=False))
        part = to / f"{DUMP}.part"
        _client(owner, "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges",
                *(f"--exclude-table-data={table}" for table in LEFT_OUT), "--file", str(part))
    _flush(part)
    part.rename(to / DUMP)


def _client(url: str, program: str, *arguments: str) -> None:
    """Run ``pg_dump`` or ``pg_restore`` of the server's version; the password is in no argument."""
    address = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    environment = {variable: address[key] for key, variable in names.items() if key in address}
    with psycopg.connect(url) as connection:
        tools = client_tools(connection.info.server_version // 10000)
    done = subprocess.run([tools[program], *arguments], env={**os.environ, **environment}, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise BackupTrouble(f"{program}: {done.stderr.strip()[-2000:]}")


def _row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of every table of ours but those left out; empty for an empty database."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s) ORDER BY 1",
        [list(LEFT_OUT)],
    ).fetchall()
    count = sql.SQL("SELECT count(*) FROM {}")
    return {name: _one(connection, count.format(sql.Identifier(name))) for (name,) in tables}


def _keep_newest_checkpoint(connection: psycopg.Connection[Any], to: Path) -> None:
    """Write down the newest signed checkpoint of the log that this snapshot holds, where there is one."""
    from tuphap.shared.audit import chain
    from tuphap.shared.audit.models import Checkpoint

    newest = _one(connection, "SELECT max(id) FROM audit_checkpoint")
    if newest is not None:
        statement = chain.statement_of(Checkpoint.objects.get(pk=newest))
        _write(to / CHECKPOINT, json.dumps(statement.as_dict(), ensure_ascii=False))


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _files(home: Home, *, with_keys: bool) -> Iterator[tuple[Path, str]]:
    """What is copied beside the database, with its name in the backup; half-written files bear a leading dot."""
    for top in COPIED | KEYS if with_keys else COPIED:
        for path in sorted((home.path / top).rglob("*")):
            name = str(path.relative_to(home.path))
            if path.is_file() and not name.startswith(FETCHED) and path.name[0] != "." and path.suffix != ".part":
                yield path, name


def _copy(source: Path, target: Path) -> str:
    """Copy unless the same is there already; the hash of what is there then."""
    digest = _sha256(source)
    if target.is_file() and target.stat().st_size == source.stat().st_size and _sha256(target) == digest:
        return digest
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    _flush(part)
    if _sha256(part) != digest:
        raise BackupTrouble(f"{source} đổi trong lúc sao chép")
    part.replace(target)
    return digest


def _sums(source: Path) -> dict[str, str]:
    lines = (line.split("  ", 1) for line in (source / SUMS).read_text().splitlines())
    return {name: digest for digest, name in lines}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text)
    _flush(part)
    part.replace(path)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _is_used(home: Home) -> bool:
    """Whether something of value is in this home."""
    return (home.path / "postgres").exists() or any((home.path / "files").glob("*"))
