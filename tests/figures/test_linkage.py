"""What the measurement of matching counts, against rows written by hand, and that it sees what a process takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from bench import linkage
from tuphap.engines.linkage.synthetic.generate import generate

from tuphap.engines.linkage.civil.job import PARTS

TRUTH = pl.DataFrame({"civil_id": list("abcdef"), "pop_id": ["1", "2", "3", "4", None, None]})


def links(*rows: tuple[str, str | None, float, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["civil_id", "pop_id", "probability", "decision"], orient="row")


def test_links_are_counted_as_the_truth_has_them() -> None:
    out = links(("a", "1", 1.0, "auto"), ("b", "2", 0.9, "review"), ("c", "9", 0.8, "auto"), ("d", "", 0.1, "none"),
                ("e", "5", 0.7, "review"), ("f", None, 0.0, "none"))
    found = linkage.score(out, TRUTH)
    assert (found.rows, found.linked, found.auto) == (6, 4, 2)
    assert found.precision == found.recall == found.f1 == 0.5
    assert found.auto_precision == 0.5
    assert found.auto_recall == 0.25
    assert found.safe_recall == 0.5  # the two most probable are right, the third is not


def test_equally_probable_rows_are_safe_together_or_not_at_all() -> None:
    out = links(("a", "1", 0.9, "auto"), ("b", "2", 0.9, "auto"), ("c", "9", 0.9, "auto"), ("d", "4", 0.8, "auto"),
                ("e", "", 0.0, "none"), ("f", "", 0.0, "none"))
    assert linkage.score(out, TRUTH).safe_recall == 0


def test_nothing_linked_scores_nothing() -> None:
    found = linkage.score(links(*((name, "", 0.0, "none") for name in "abcdef")), TRUTH)
    assert found.f1 == found.precision == found.recall == found.auto_precision == 0


@pytest.mark.parametrize("names", ["abcde", "abcdee", "abcdeg"])
def test_every_record_must_be_answered_once(names: str) -> None:
    with pytest.raises(ValueError, match="record"):
        linkage.score(links(*((name, "", 0.0, "none") for name in names)), TRUTH)


def test_clusters_are_judged_by_their_pairs() -> None:
    truth = pl.DataFrame({"id": list("abcdef"), "cluster": [1, 1, 1, 2, 2, None]})
    found = pl.DataFrame({"id": list("fedcba"), "cluster": ["x", "y", "x", None, "z", "z"]})
    score = linkage.score_clusters(found, truth)  # found: ab, df; true: ab, ac, bc, de
    assert score == (pytest.approx(1 / 3), 0.5, 0.25)
    with pytest.raises(ValueError, match="cluster"):
        linkage.score_clusters(found.head(5), truth)


def test_what_a_process_and_its_children_take_is_seen() -> None:
    hold = "held = b'x' * 150_000_000; import time; time.sleep(0.4)"
    both = f"import subprocess, sys; {hold.split(';', 1)[0]}; subprocess.run([sys.executable, '-c', {hold!r}])"
    cost = linkage.run([sys.executable, "-c", both])
    assert 0.28 < cost.memory < 0.5
    assert 0.4 < cost.wall < 20
    assert cost.cpu < cost.wall + 1


def test_a_failed_run_is_no_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        linkage.run([sys.executable, "-c", "import sys; sys.exit('no data')"])
    assert "no data" in capsys.readouterr().err


def test_the_limit_is_measured_on_the_same_files(tmp_path: Path) -> None:
    generate(tmp_path, civil=500, population=400, seed=1)
    cost = linkage.limit_seconds(tmp_path / "civil.parquet", tmp_path / "pop.parquet")
    assert cost.wall > 0 < cost.memory


def test_the_table_has_a_row_for_each_run() -> None:
    found = linkage.score(links(*((name, "1", 0.5, "auto") for name in "abcdef")), TRUTH)
    lines = linkage.table({"whole": (found, linkage.Cost(1, 2, 3)), "without repair": (found, linkage.Cost(1, 2, 3))})
    assert [line.split("  ")[0] for line in lines.splitlines()] == ["", "whole", "without repair"]
    assert len({len(line) for line in lines.splitlines()}) == 1


def test_every_part_of_the_engine_is_left_out_once() -> None:
    assert sorted(linkage.PARTS) == sorted(PARTS)
