"""Killed in the middle and gone on with, a file ends in the same bytes as one that was left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench import keyed
from rich.console import Console

from tuphap.modules.digitisation.bulk import export, operations, queries
from tuphap.modules.digitisation.bulk.command import import_file
from tuphap.modules.digitisation.bulk.models import Batch
from tuphap.modules.digitisation.bulk.tasks import LOADER

from .shelf import AT, Shelf
from .test_bulk import offices

ROWS, CHUNK = 20_000, 1_000
TABLES = ", ".join(f"digitisation_{name}" for name in ("entry", "count", "faultyrow", "importedbook", "book", "batch"))
SAME = (
    "SELECT row, is_aside, cells, faults FROM digitisation_faultyrow ORDER BY row",
    "SELECT done, loaded, joined, same, aside, remarked, skipped, state FROM digitisation_batch",
    "SELECT unit_id, year, volume, first_number, last_number, expected, entered_by FROM digitisation_book"
    " ORDER BY unit_id, year, volume",
    "SELECT b.unit_id, b.year, b.volume, c.state, c.entries FROM digitisation_count c"
    " JOIN digitisation_book b ON b.id = c.book_id ORDER BY 1, 2, 3, 4",
)


def _owner() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _rows() -> list[Any]:
    with _owner() as owner:
        return [owner.execute(asked).fetchall() for asked in SAME]


def _import(path: Path) -> Batch:
    with (path.parent / "said.txt").open("w") as out:
        return import_file(path, kind="KS", unit="", mapping="", user="", console=Console(file=out), chunk=CHUNK)


@pytest.mark.full  # a dozen seconds
@pytest.mark.django_db(transaction=True)
def test_killed_and_gone_on_with_it_ends_in_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    keyed.write(file, rows=ROWS, offices=offices(shelf, 12))
    whole = _import(file)
    assert whole.done == ROWS // CHUNK
    export.write(tmp_path / "whole.csv", actor=LOADER, at=AT)
    rows = _rows()
    with _owner() as owner:
        owner.execute(f"TRUNCATE {TABLES} CASCADE")
    # A process of its own, killed while it writes; the working copy of the file lies there half of it as well.
    told = queries.folder() / whole.sha256 / "told.json"
    told.unlink()
    running = subprocess.Popen(
        [sys.executable, "-m", "tuphap.cli", "digitisation", "import", str(file), "--kind", "KS",
         "--chunk", str(CHUNK)],
        stdout=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": "src", "PYTHONWARNINGS": ""},
    )
    while running.poll() is None and not Batch.objects.filter(done__gte=5).exists():
        time.sleep(0.005)
    assert running.poll() is None, "it was killed before it ended"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    left = Batch.objects.get()
    assert left.is_running
    assert 5 <= left.done < ROWS // CHUNK
    _import(file)
    export.write(tmp_path / "killed.csv", actor=LOADER, at=AT)
    assert (tmp_path / "killed.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert _rows() == rows
    # Whoever comes once more finds it done.
    assert _import(file).done == ROWS // CHUNK
    assert "đã nạp xong từ trước" in (tmp_path / "said.txt").read_text()


def test_a_working_copy_that_is_gone_is_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    from tuphap.modules.digitisation.bulk import rules, running, sources
    from tuphap.modules.digitisation.tests.test_bulk import BIRTH, register

    file, folder = tmp_path / "so.csv", tmp_path / "imports"
    keyed.write(file, rows=900, offices=offices(shelf))
    actor = shelf.who("manager")
    source = sources.lay_down(file, folder, register.ENTRY_KINDS[BIRTH])
    batch = operations.choose(source=source, what=BIRTH, unit_id=shelf.department.pk, actor=actor, at=AT)
    operations.start(batch_id=batch.pk, actor=actor, at=AT, by_job=False)
    with pytest.raises(rules.SourceGone):
        running.run(batch.pk, folder=tmp_path / "elsewhere", actor=actor)
    assert running.run(batch.pk, folder=folder, actor=actor).state == rules.BatchState.DONE
