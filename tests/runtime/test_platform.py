"""The whole platform as a newcomer starts it, on both kinds of PostgreSQL: opens, survives, stops, opens again."""

from __future__ import annotations

import signal
import time
import urllib.request
from pathlib import Path

import httpx
import pytest
from tests.harness.homes import cluster_in, wait_until
from tests.harness.platform import PROCESSES, Platform, platform, prepared_home

from tuphap.runtime.binaries import Binaries
from tuphap.runtime.process import is_alive

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("homes")]


def _all_pids(running: Platform) -> list[int]:
    return [running.pid(name) for name in PROCESSES]


# With the machine's own binaries the journeys' and the crashes' platform opens and is killed in every run.
@pytest.mark.parametrize(
    "binaries", ["wheel", pytest.param("machine", marks=pytest.mark.full)], indirect=True
)
def test_it_opens_survives_every_death_and_stops_cleanly(binaries: Binaries) -> None:
    with platform(kind=binaries.kind) as running:
        before = time.monotonic()
        running.start()
        first = time.monotonic() - before
        assert f"http://localhost:{running.port}" in running.output
        for role in ("Công dân", "Công chức tư pháp – hộ tịch"):
            assert role in running.output

        with urllib.request.urlopen(running.url + "/") as page:
            assert "Tư Pháp Số" in page.read().decode()
            assert f"connect-src 'self' http://localhost:{running.port + 3}" in page.headers["Content-Security-Policy"]

        # Nobody in front of it is trusted here, not even by the web server on its own.
        asked = httpx.get(f"{running.url}/dang-nhap/vneid/", headers={"X-Forwarded-Proto": "https"}, trust_env=False)
        assert "redirect_uri=http%3A" in asked.headers["location"]

        second = running.command("run", "--no-sample", check=False)
        assert second.returncode == 1
        assert f"PID {running.process.pid}" in second.stderr.replace("\n", " ")
        assert "Traceback" not in second.stderr

        for name in PROCESSES:
            killed = running.kill(name)
            running.wait_back(name, killed)
        # After the database's death every other process finds its way back to it.
        running.wait_until_open(within=30)

        examined = running.command("doctor")
        assert "hỏng" not in examined.stdout, examined.stdout

        collected = (running.home / "static" / ".collected").stat().st_mtime_ns
        pids = _all_pids(running)
        assert running.halt(how=signal.SIGTERM) == 0
        wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=5, why="nothing stays behind")
        assert not running.opens()

        before = time.monotonic()
        running.start()
        # Seconds where nobody else works; on a busy machine, at least not longer than making everything took.
        assert time.monotonic() - before < max(first, 30)
        assert (running.home / "static" / ".collected").stat().st_mtime_ns == collected, "nothing was made anew"
        pids = _all_pids(running)
        running.process.kill()
        running.process.wait()
        wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=25, why="nothing outlives the supervisor")
        log = (running.home / "log" / "postgres.log").read_text()
        assert log.rstrip().endswith("database system is shut down"), "the server ended in order"


@pytest.mark.full
def test_the_database_of_the_environment_is_used_and_no_other_is_made() -> None:
    with platform() as running:
        from tuphap.runtime.binaries import find_binaries
        from tuphap.runtime.postgres import APPLICATION, OWNER, SETTINGS

        cluster = cluster_in(prepared_home(running.home.parent / "elsewhere"), find_binaries()[0])
        cluster.start()
        try:
            running.environment.update(
                DATABASE_URL=cluster.url(user=APPLICATION), DATABASE_OWNER_URL=cluster.url(user=OWNER)
            )
            running.start()
            assert not (running.home / "postgres").exists()
            environment = Path(f"/proc/{running.pid('web')}/environ").read_text()
            assert "DATABASE_URL" in environment
            assert "DATABASE_OWNER_URL" not in environment, "the web process is not told the owner's password"
            assert running.halt(how=signal.SIGTERM) == 0
            assert cluster.process is not None
            assert cluster.process.poll() is None, "what we did not start we do not stop"

            cluster.stop()
            cluster.start(**{**SETTINGS, "fsync": "off"})
            refused = running.command("run", "--no-sample", check=False)
            assert refused.returncode == 1
            assert "fsync=off" in refused.stderr
        finally:
            cluster.stop()


def test_a_taken_port_is_told_in_a_sentence() -> None:
    import socket

    with platform() as running, socket.socket() as other:
        other.bind(("127.0.0.1", running.port))
        other.listen()
        refused = running.command("run", check=False)
        assert refused.returncode == 1
        assert str(running.port) in refused.stderr
        assert "Traceback" not in refused.stderr


def test_production_has_no_sample() -> None:
    with platform() as running:
        running.environment["TUPHAP_MODE"] = "production"
        assert "tuphap serve" in running.command("run", check=False).stderr
        assert running.command("sample", check=False).returncode == 1
        assert "DATABASE_URL" in running.command("serve", check=False).stderr
