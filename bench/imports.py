"""A file of keyed entries taken in by the command, beside a bare COPY of the same rows into the same table.

The command reads, checks, sets aside and loads; the COPY after it has the finished rows, and meets the same indexes,
constraints and triggers. ``BENCH_IMPORT_ROWS`` (100000): how many rows the file has.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from .__main__ import tell
from .house import House

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "100000"))
MOST_MEMORY = 2048.0  # MB
_COLUMNS = "book_id, number, number_suffix, what, registered_on, state, source, content, keyed_at"


def measure(built: House) -> None:
    from . import keyed

    with tempfile.TemporaryDirectory() as folder:
        file, rows = Path(folder) / "so-khai-sinh.csv", Path(folder) / "rows.csv"
        told = keyed.write(file, rows=ROWS, offices=_offices())
        size, start = file.stat().st_size / 1e6, time.monotonic()
        memory = _command(file)
        took = time.monotonic() - start
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        loaded, aside = _counted(built)
        assert loaded + aside == ROWS, f"{loaded} loaded and {aside} set aside are not {ROWS}"
        # A number once more is none where the row that had it first was set aside itself.
        spoiled = sum(told.values())
        assert spoiled - told["number"] <= aside <= spoiled, f"{aside} set aside, {told} were spoiled"
        bare = _bare_copy(built, rows)
    cpu = spent.ru_utime + spent.ru_stime
    tell("imports.rows", ROWS / took, "rows/s", bare, "rows/s of a bare COPY of the loaded rows into the same table",
         rows=ROWS, loaded=loaded, aside=aside, seconds=round(took, 1), file_mb=round(size),
         bound_by=f"CPU: {cpu:.0f} s of the command's own; the rest is the database, which takes 1 / limit a row")
    tell("imports.memory", memory, "MB", MOST_MEMORY, "the limit that the command is to keep")


def _offices() -> list[tuple[str, str]]:
    """The communes of before the reform: code and name."""
    from tuphap.shared.orgs.api import REFORM, OrgUnit

    found = OrgUnit.objects.filter(kind=OrgUnit.Kind.COMMUNE, valid_to=REFORM).order_by("code")
    return list(found.values_list("code", "name"))


def _command(file: Path) -> float:
    """As one types it; answers the most memory that it held, in MB.

    Read while it runs: what a process is told of an ended child's memory counts its own as well, as it was when the
    child began.
    """
    running = subprocess.Popen(
        [sys.executable, "-m", "tuphap.cli", "digitisation", "import", str(file), "--kind", "KS"],
        env={**os.environ, "PYTHONPATH": "src"}, stdout=None if os.environ.get("BENCH_TELL") else subprocess.DEVNULL,
    )
    status, most = Path(f"/proc/{running.pid}/status"), 0
    while running.poll() is None:
        told = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        most = int(told[0].split()[1]) if told else most
        time.sleep(0.2)
    assert running.returncode == 0, "the command failed"
    return most / 1024


def _counted(built: House) -> tuple[int, int]:
    with psycopg.connect(built.owner_url) as owner:
        [(loaded, aside)] = owner.execute(
            "SELECT (SELECT count(*) FROM digitisation_entry),"
            " (SELECT count(*) FROM digitisation_faultyrow WHERE is_aside)").fetchall()
    return int(loaded), int(aside)


def _bare_copy(built: House, rows: Path) -> float:
    """Rows a second of one COPY of the rows that the command made, into the table emptied of them."""
    with psycopg.connect(built.owner_url, autocommit=True) as owner:
        with owner.cursor() as cursor, rows.open("wb") as out, cursor.copy(
            f"COPY (SELECT {_COLUMNS} FROM digitisation_entry ORDER BY id) TO STDOUT (FORMAT csv)"  # noqa: S608
        ) as copy:
            for block in copy:
                out.write(block)
        owner.execute("TRUNCATE digitisation_entry, digitisation_count CASCADE")
        owner.execute("CHECKPOINT")
        start = time.monotonic()
        with owner.cursor() as cursor, rows.open("rb") as file, cursor.copy(
            f"COPY digitisation_entry ({_COLUMNS}) FROM STDIN (FORMAT csv)"
        ) as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        took = time.monotonic() - start
        [(count,)] = owner.execute("SELECT count(*) FROM digitisation_entry").fetchall()
    return int(count) / took
