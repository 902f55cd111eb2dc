"""Spark and this machine's DuckDB link the same persons, to the byte; a Spark run that was killed goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tuphap.engines.linkage import link
from tuphap.engines.linkage.synthetic import generate

pytestmark = pytest.mark.timeout(900)
CIVIL, POPULATION = 20_000, 16_000
FILES = ("civil.parquet", "pop.parquet")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up province and ``links.csv``, as DuckDB has it."""
    folder = tmp_path_factory.mktemp("province")
    generate(folder, civil=CIVIL, population=POPULATION, seed=11)
    link(*(folder / name for name in FILES), folder / "links.csv", communes=folder / "communes.parquet")
    return folder


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Java machine that lives for seconds does not pay for what makes one of hours quick."""
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


def test_both_engines_write_the_same_and_spark_goes_on_where_it_was_killed(province: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out.csv", tmp_path / "out.csv.work"
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tuphap.engines.linkage import link\n"
        "folder, out = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "def tell(stage, done):\n"
        "    if (stage, done) == ('narrow', 0.0): os.kill(os.getpid(), signal.SIGKILL)\n"
        "link(folder / 'civil.parquet', folder / 'pop.parquet', out, communes=folder / 'communes.parquet',\n"
        "     engine='spark', progress=tell)"
    )
    killed = subprocess.run([sys.executable, "-c", script, province, out], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    kept = [work / "civil.spark" / "_SUCCESS", work / "person-keys.spark" / "_SUCCESS", work / "model.json"]
    before = [path.stat().st_mtime_ns for path in kept]
    seen = []

    def tell(stage: str, done: float) -> None:
        if stage == "decide":
            seen.append([path.stat().st_mtime_ns for path in kept])

    done = link(
        *(province / name for name in FILES), out, communes=province / "communes.parquet", engine="spark",
        progress=tell,
    )
    assert seen == [before, before]
    assert (done.civil, done.population) == (CIVIL, POPULATION)
    assert out.read_bytes() == (province / "links.csv").read_bytes()
    assert not work.exists()
