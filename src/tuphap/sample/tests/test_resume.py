"""Killed in the middle and begun again, the sample ends as one that was left alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tuphap.sample.tests.test_stories import UNTIL
from tuphap.site import progress

pytestmark = [pytest.mark.full, pytest.mark.timeout(1500)]

KILLED_AT = (25, 60)  # per cent of the way
SAME = (
    "SELECT p.code, d.state, count(*) FROM dossiers_dossier d JOIN dossiers_procedure p ON p.id = d.procedure_id"
    " GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT kind, event, state, count(*) FROM civil_status_act GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT a.kind, a.unit_name, a.year, a.number, string_agg(p.name, ', ' ORDER BY p.role) FROM civil_status_act a"
    " JOIN civil_status_party p ON p.act_id = a.id GROUP BY a.id ORDER BY 1, 2, 3, 4",
    "SELECT kind, count(*) FROM civil_status_annotation GROUP BY 1 ORDER BY 1",
    "SELECT state, count(*) FROM documents_document GROUP BY 1 ORDER BY 1",
    "SELECT s.code, s.year, s.unit_id, n.state, count(*) FROM numbering_series s JOIN numbering_number n"
    " ON n.series_id = s.id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    "SELECT action, count(*) FROM dossiers_event GROUP BY 1 ORDER BY 1",
    "SELECT count(*) FROM accounts_user",
)
GAPS = (
    "SELECT s.code, s.year, s.next - s.first, count(n.id) FROM numbering_series s LEFT JOIN numbering_number n"
    " ON n.series_id = s.id GROUP BY s.id HAVING count(n.id) <> s.next - s.first"
)


@pytest.fixture
def _databases() -> Iterator[dict[str, tuple[str, str]]]:
    """Two empty ones, as the application and as the owner have them."""
    given = {role: os.environ[name] for role, name in (("app", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL"))}
    made = {which: f"tuphap_sample_{which}_{os.getpid()}" for which in ("whole", "broken")}
    with psycopg.connect(given["owner"], autocommit=True) as owner:
        for database in made.values():
            owner.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(database)))
    yield {which: (_address(given["app"], database), _address(given["owner"], database))
           for which, database in made.items()}
    with psycopg.connect(given["owner"], autocommit=True) as owner:
        for database in made.values():
            owner.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(database)))


def _address(given: str, database: str) -> str:
    return urlsplit(given)._replace(path=f"/{database}").geturl()


def _begin(home: Path, addresses: tuple[str, str], services: Any) -> subprocess.Popen[bytes]:
    """The command in a group of processes of its own."""
    (home / "sample").mkdir(parents=True, exist_ok=True)
    (home / "sample" / "begun-at").write_text(UNTIL.isoformat())
    shutil.copytree(services.trust, home / "trust", dirs_exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "tuphap.cli", "sample", "--dossiers", "40", "--workers", "2", "--dense", "1",
         "--others", "1"],
        env={
            **os.environ, "DATABASE_URL": addresses[0], "DATABASE_OWNER_URL": addresses[1], "TUPHAP_HOME": str(home),
            "TUPHAP_MODE": "sample", "TUPHAP_SIGNER_SOCKET": str(services.folder / "signer.sock"),
            "TUPHAP_TSA_URL": f"{services.address}/tsa", "TUPHAP_CA_URL": services.address, "PORT": "1",
            "TUPHAP_TRACEBACK": "1", "PYTHONWARNINGS": "",
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )


def _end(running: subprocess.Popen[bytes]) -> None:
    told = running.communicate(timeout=900)[0].decode(errors="replace")
    assert running.returncode == 0, told[-6000:]


def _rows(url: str) -> list[Any]:
    with psycopg.connect(url) as line:
        assert not line.execute(GAPS).fetchall(), "numbers run on without a gap"
        twice = line.execute("SELECT code FROM dossiers_dossier GROUP BY code HAVING count(*) > 1 AND code IS NOT NULL")
        assert not twice.fetchall()
        return [line.execute(asked).fetchall() for asked in SAME]


def test_killed_twice_it_ends_in_the_same_rows(
    _databases: dict[str, tuple[str, str]], signing_services: Any, tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    _end(_begin(whole, _databases["whole"], signing_services))
    for percent in KILLED_AT:
        running = _begin(broken, _databases["broken"], signing_services)
        while running.poll() is None and ((kept := progress.read(broken)) is None or kept.percent < percent):
            time.sleep(0.02)
        assert running.poll() is None, "it was killed before it ended"
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    _end(_begin(broken, _databases["broken"], signing_services))
    for one, other in zip(_rows(_databases["whole"][1]), _rows(_databases["broken"][1]), strict=True):
        assert one == other
    for home in (whole, broken):
        kept = progress.read(home)
        assert kept is not None and kept.finished and kept.done == kept.total
