"""The cluster: an ordinary user's, behind passwords, durable, of one version, and alive again after any death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.harness.homes import cluster_in, wait_until
from tests.harness.platform import ROOT

from tuphap.runtime import binaries as found_here
from tuphap.runtime import database, postgres
from tuphap.runtime.binaries import Binaries, NoBinaries, choose
from tuphap.runtime.home import Home
from tuphap.runtime.postgres import APPLICATION, OWNER, Cluster, ClusterTrouble, not_durable
from tuphap.runtime.process import is_alive, is_reachable, ordinary_user


def _query(cluster: Cluster, statement: str, *, user: str = OWNER) -> list[tuple]:
    with psycopg.connect(cluster.url(user=user), autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def test_it_runs_as_an_ordinary_user_behind_passwords_and_on_no_port(cluster: Cluster) -> None:
    assert cluster.process is not None
    status = Path(f"/proc/{cluster.process.pid}/status").read_text()
    uid = int(status.split("Uid:")[1].split()[0])
    assert uid != 0
    assert cluster.data.stat().st_uid == uid
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert _query(cluster, "SHOW listen_addresses") == [("",)]
    for wrong in (f"postgresql://{OWNER}@/tuphap?host={cluster.socket}",
                  f"postgresql://{OWNER}:guess@/tuphap?host={cluster.socket}"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)
    assert _query(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", user=APPLICATION) == [(False,)]


def test_it_is_durable_and_an_undurable_one_is_found_out(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(user=APPLICATION)) as connection:
        assert list(not_durable(connection)) == []
        connection.execute("SET synchronous_commit = off")
        assert list(not_durable(connection)) == ["synchronous_commit=off"]
    cluster.stop()
    cluster.start(fsync="off", full_page_writes="off")
    with psycopg.connect(cluster.url(user=APPLICATION)) as connection:
        assert list(not_durable(connection)) == ["fsync=off", "full_page_writes=off"]


def test_what_was_acknowledged_is_there_after_kill_9_under_load(cluster: Cluster) -> None:
    _query(cluster, "CREATE TABLE noted (n integer PRIMARY KEY)")
    acknowledged: list[int] = []

    def write() -> None:
        try:
            with psycopg.connect(cluster.url(user=OWNER), autocommit=True) as connection:
                for number in range(1_000_000):
                    connection.execute("INSERT INTO noted VALUES (%s)", [number])
                    acknowledged.append(number)
        except psycopg.OperationalError:
            return

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(acknowledged) > 50, why="the writer writes")
    assert cluster.process is not None
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    writer.join(timeout=30)
    before = time.monotonic()
    cluster.start()
    assert time.monotonic() - before < 20
    kept = {row[0] for row in _query(cluster, "SELECT n FROM noted")}
    assert set(acknowledged) <= kept
    assert len(kept - set(acknowledged)) <= 1, "at most the one whose answer was lost"


def test_a_stale_lock_file_whose_number_another_program_bears_is_no_hindrance(cluster: Cluster) -> None:
    assert cluster.process is not None
    lines = (cluster.data / "postmaster.pid").read_text().split("\n")
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    # As after a restart of the machine: the number is that of some living program, here of this test.
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    (cluster.socket / ".s.PGSQL.5432.lock").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    cluster.start()
    assert _query(cluster, "SELECT 1") == [(1,)]


def test_a_server_left_behind_by_its_supervisor_is_taken_over(cluster: Cluster, home: Home, binaries: Binaries) -> None:
    _query(cluster, "CREATE TABLE noted AS SELECT 1 AS n")
    left = cluster.process
    assert left is not None
    second = cluster_in(home, binaries)
    second.start()
    assert left.wait(timeout=10) == 0, "the old server was ended in order"
    assert second.process is not None
    assert second.process.pid != left.pid
    assert _query(second, "SELECT n FROM noted") == [(1,)]
    second.stop()


def test_a_server_of_somebody_else_on_this_data_is_refused(home: Home, binaries: Binaries) -> None:
    cluster = cluster_in(home, binaries)
    cluster.create()
    foreign = subprocess.Popen(
        [cluster.binaries["postgres"], "-D", str(cluster.data), "-c", "listen_addresses=", "-c", "cluster_name=other",
         "-c", f"unix_socket_directories={cluster.folder}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=cluster.user, cwd="/",
    )
    try:
        wait_until(lambda: (cluster.folder / ".s.PGSQL.5432").exists(), why="the other server is up")
        with pytest.raises(ClusterTrouble, match=str(foreign.pid)):
            cluster.start()
        assert foreign.poll() is None
    finally:
        foreign.send_signal(signal.SIGINT)
        foreign.wait(timeout=20)


def test_nothing_of_the_server_outlives_a_killed_parent(home: Home, binaries: Binaries) -> None:
    cluster = cluster_in(home, binaries)
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom tuphap.runtime.home import Home\n"
        "from tuphap.runtime.binaries import Binaries\nfrom tests.harness.homes import cluster_in\n"
        f"b = Binaries(Path({str(binaries.folder)!r}), {binaries.major}, 'x')\n"
        f"c = cluster_in(Home(Path({str(home.path)!r})), b)\n"
        "c.create(); c.start(); print('up', flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    assert cluster.processes()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not cluster.processes(), seconds=20, why="the server ends with its parent")


def test_a_cluster_keeps_its_major_version(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = found_here.find_binaries()
    for made_with in all_of_them:
        assert choose(major=made_with.major).major == made_with.major
    monkeypatch.setenv("TUPHAP_HOME", str(home.path))
    version = home.path / "postgres" / "data" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("14\n")
    with pytest.raises(NoBinaries, match=r"PostgreSQL 14.*docs/operations\.md"):
        postgres.cluster_of(home)


def test_a_cluster_of_the_older_kind_is_opened_by_it_though_a_newer_is_here(home: Home) -> None:
    oldest = min(found_here.find_binaries(), key=lambda b: b.major)
    cluster = cluster_in(home, oldest)
    cluster.create()
    again = postgres.cluster_of(home)
    assert again.binaries.major == oldest.major
    again.start()
    assert _query(again, "SHOW server_version_num")[0][0].startswith(str(oldest.major))
    again.stop()


def test_a_long_path_still_gets_a_socket(home: Home, binaries: Binaries) -> None:
    deep = Home(home.path / ("x" * 60) / ("y" * 60))
    deep.prepare()
    for folder in (deep.path, deep.path.parent):
        folder.chmod(0o755)
    cluster = cluster_in(deep, binaries)
    cluster.create()
    cluster.start()
    assert len(str(cluster.socket)) < 90
    assert _query(cluster, "SELECT 1") == [(1,)]
    cluster.stop()
    cluster.socket.rmdir()


@pytest.mark.root
def test_a_home_that_others_cannot_enter_keeps_its_cluster_where_they_can(home: Home) -> None:
    home.path.chmod(0o700)
    cluster = postgres.cluster_of(home)
    try:
        assert not is_reachable(home.path)
        assert is_reachable(cluster.folder.parent)
        assert is_reachable(cluster.binaries.folder)
        cluster.create()
        cluster.start()
        assert _query(cluster, "SELECT 1") == [(1,)]
        cluster.stop()
    finally:
        import shutil

        shutil.rmtree(cluster.folder.parent)


@pytest.mark.root
def test_a_cluster_stays_with_whom_it_belongs_to(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as at_first:  # before `apt install postgresql` brought a better one
        at_first.setattr("tuphap.runtime.process.ORDINARY_USERS", ("nobody",))
        postgres.cluster_of(home).create()
    cluster = postgres.cluster_of(home)
    assert cluster.user == "nobody"
    cluster.start()
    assert _query(cluster, "SELECT 1") == [(1,)]
    cluster.stop()


@pytest.mark.root
def test_the_wheels_binaries_work_from_a_copy(home: Home) -> None:
    wheel = next(b for b in found_here.find_binaries() if b.kind == "wheel")
    copy = postgres.copy_for_others(wheel, home.path / "copy")
    cluster = cluster_in(home, copy)
    assert cluster.binaries.folder.is_relative_to(home.path)
    cluster.create()
    cluster.start()
    assert _query(cluster, "CREATE EXTENSION pg_trgm") == []
    cluster.stop()


def test_a_command_starts_the_database_and_stops_it_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with database.running(home) as addresses:
        with psycopg.connect(addresses.application) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (APPLICATION,)
        pid = int((home.path / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    assert not is_alive(pid)


def test_root_has_somebody_to_become() -> None:
    assert (ordinary_user() is None) == (os.getuid() != 0)
