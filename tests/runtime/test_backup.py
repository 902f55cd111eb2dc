"""A backup made while people write, restored elsewhere, is whole: every row, every file, and the chain of the log."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.harness.homes import cluster_in, wait_until
from tests.harness.platform import Platform, platform, prepared_home

from tuphap.runtime.binaries import find_binaries
from tuphap.runtime.home import Home
from tuphap.runtime.postgres import APPLICATION, Cluster

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("homes")]


class Writer(threading.Thread):
    """Somebody who works on: a file on disk, then its row and its entry in one transaction, again and again."""

    def __init__(self, home: Home, url: str) -> None:
        super().__init__()
        self.home, self.url = home, url
        self.written = 0
        self.enough = threading.Event()

    def run(self) -> None:
        with psycopg.connect(self.url) as connection:
            while not self.enough.is_set():
                content = f"tệp {self.written}".encode() * 50
                digest = hashlib.sha256(content).hexdigest()
                place = self.home.path / "files" / digest[:2] / digest[2:4] / digest
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                with connection.transaction():
                    connection.execute(
                        "INSERT INTO files_storedfile (id, name, media_type, size, sha256, uploaded_at) "
                        "VALUES (%s, 'a.txt', 'text/plain', %s, %s, now())", [uuid4(), len(content), digest],
                    )
                    connection.execute(
                        "INSERT INTO audit_entry (at, event, actor_kind, actor_name, subject_type, subject_id, "
                        "purpose, ip, session_id, request_id, facts) "
                        "VALUES (now(), 'test.stored', 'system', 'test', '', '', '', '', '', '', '{}')",
                    )
                self.written += 1


@pytest.fixture(scope="module")
def living() -> Iterator[tuple[Platform, Cluster]]:
    """A home with its database up and migrated; every test adds to it and none takes away."""
    with platform() as running:  # never started: commands on data need no signer
        shutil.rmtree(running.home)
        cluster = cluster_in(prepared_home(running.home), find_binaries()[0])
        cluster.start()
        yield running, cluster
        cluster.stop()


@pytest.fixture
def to(home: Home) -> Path:
    """Where the backup goes."""
    return home.path.parent / "backup"


@pytest.fixture
def elsewhere(home: Home) -> Home:
    return Home(home.path.parent / "elsewhere")


def _stored(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url(user=APPLICATION)) as connection:
        return [row[0] for row in connection.execute("SELECT sha256 FROM files_storedfile")]


def test_backup_while_writing_restore_elsewhere(living: tuple[Platform, Cluster], to: Path, elsewhere: Home) -> None:
    running, cluster = living
    writer = Writer(Home(running.home), cluster.url(user=APPLICATION))
    writer.start()
    try:
        wait_until(lambda: writer.written > 20)
        before = writer.written
        running.command("backup", str(to))
        wait_until(lambda: writer.written > before + 20, why="nobody had to wait for the backup")
    finally:
        writer.enough.set()
        writer.join()
    manifest = json.loads((to / "manifest.json").read_text())
    assert manifest["rows"]["files_storedfile"] >= before
    assert not (to / "keys").exists()

    other = Platform(home=elsewhere.path)
    told = other.command("restore", str(to)).stdout
    assert "Nhật ký nguyên vẹn" in told
    copy = cluster_in(elsewhere, find_binaries()[0])
    copy.start()
    try:
        named = _stored(copy)
        assert len(named) == manifest["rows"]["files_storedfile"]
        for digest in named:
            content = (elsewhere.path / "files" / digest[:2] / digest[2:4] / digest).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
        with psycopg.connect(copy.url(user=APPLICATION)) as connection, pytest.raises(psycopg.Error):
            connection.execute("DELETE FROM audit_entry")
        examined = other.command("doctor", check=False).stdout
        assert "Hai vai" in examined
        again = other.command("restore", str(to), check=False)
        assert again.returncode == 1
        assert "đã có dữ liệu" in again.stderr
    finally:
        copy.stop()


@pytest.mark.full
def test_a_broken_off_backup_is_gone_on_with(living: tuple[Platform, Cluster], to: Path, elsewhere: Home) -> None:
    running, cluster = living
    writer = Writer(Home(running.home), cluster.url(user=APPLICATION))
    writer.start()
    wait_until(lambda: writer.written > 5)
    writer.enough.set()
    writer.join()
    trusted = running.home / "trust" / "root.pem"
    (trusted.parent / "lists").mkdir(parents=True)
    trusted.write_text("a certificate")
    (trusted.parent / "lists" / "ab.crl").write_text("fetched")
    running.command("backup", str(to))
    manifest = json.loads((to / "manifest.json").read_text())
    # As if it had been killed over its files: the dump stands, some files are missing, one is half-written.
    files = sorted(path for path in (to / "files").rglob("*") if path.is_file())
    files[0].unlink()
    files[1].write_bytes(b"half")
    contents = {name: manifest[name] for name in ("format", "started_at", "postgres_major", "rows")}
    (to / "contents.json").write_text(json.dumps(contents))
    (to / "manifest.json").unlink()
    (to / "part").touch()
    dumped = (to / "database.dump").stat().st_mtime_ns

    unfinished = Platform(home=elsewhere.path).command("restore", str(to), check=False)
    assert unfinished.returncode == 1
    assert "không phải bản sao lưu hoàn chỉnh" in unfinished.stderr.replace("\n", " ")

    running.command("backup", str(to), "--with-keys")
    assert (to / "database.dump").stat().st_mtime_ns == dumped, "what was done is not done again"
    assert (to / "keys" / "database-tuphap_owner").exists()
    Platform(home=elsewhere.path).command("restore", str(to))
    keys = [(home.path / "keys" / "secret-key").read_text() for home in (elsewhere, Home(running.home))]
    assert keys[0] == keys[1]
    assert [path.name for path in (elsewhere.path / "trust").rglob("*")] == ["root.pem"], "lists are fetched anew"


@pytest.mark.full
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    living: tuple[Platform, Cluster], to: Path, elsewhere: Home
) -> None:
    running, _ = living
    stored = running.home / "files" / "ab" / "cd" / "abcd"
    stored.parent.mkdir(parents=True, exist_ok=True)
    stored.write_bytes(b"content")
    running.command("backup", str(to))
    assert running.command("backup", str(to), check=False).returncode == 1, "a finished one is not written over"
    damaged = to / "files" / "ab" / "cd" / "abcd"
    damaged.write_bytes(b"c0ntent")
    refused = Platform(home=elsewhere.path).command("restore", str(to), check=False)
    assert refused.returncode == 1
    assert "files/ab/cd/abcd" in refused.stderr.replace("\n", "")
    assert not (elsewhere.path / "postgres").exists()


@pytest.mark.full
def test_it_moves_a_cluster_to_a_newer_postgresql(living: tuple[Platform, Cluster], to: Path, elsewhere: Home) -> None:
    running, cluster = living
    newer = [b for b in find_binaries() if b.major > cluster.binaries.major]
    if not newer:
        pytest.skip("only one version of PostgreSQL here")
    running.command("backup", str(to))
    other = Platform(home=elsewhere.path, kind=newer[0].kind)
    other.command("restore", str(to))
    assert Path(elsewhere.path / "postgres" / "data" / "PG_VERSION").read_text().strip() == str(newer[0].major)
