"""Whole runs on a province that was made up: what is answered, that it is answered again, one by one too."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from bench.linkage import score
from typer.testing import CliRunner

from tuphap.cli import app
from tuphap.engines.linkage import CivilRecord, Decision, Index, Kind, PopulationRecord, explain, link
from tuphap.engines.linkage.synthetic import generate

from .makers import record

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the comparison is compiled once

SHARED = Path(__file__).resolve().parents[6] / "shared" / "data" / "linkage"
CIVIL, POPULATION = 3_000, 2_400


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up province; ``links.parquet``: who is who; ``model.json``: what was learned."""
    folder = tmp_path_factory.mktemp("province")
    generate(folder, civil=CIVIL, population=POPULATION, seed=5)
    run(folder, folder / "links.parquet", keep_model=folder / "model.json")
    return folder


def run(province: Path, out: Path, **told: object) -> None:
    asked = {"communes": province / "communes.parquet", **told}
    link(province / "civil.parquet", province / "pop.parquet", out, **asked)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def links(province: Path) -> pl.DataFrame:
    return pl.read_parquet(province / "links.parquet")


@pytest.fixture(scope="module")
def index(province: Path) -> Index:
    return Index.build(
        province / "pop.parquet", province / "index", communes=province / "communes.parquet",
        model=province / "model.json",
    )


def test_every_entry_is_answered_once_in_the_order_of_the_file(province: Path, links: pl.DataFrame) -> None:
    assert links.columns == ["civil_id", "pop_id", "probability", "decision"]
    assert links["civil_id"].equals(pl.read_parquet(province / "civil.parquet")["civil_id"])
    linked = links.filter(pl.col("decision") != "none")
    assert set(links["decision"]) == {str(d) for d in Decision}
    assert linked["pop_id"].is_in(pl.read_parquet(province / "pop.parquet")["pop_id"].implode()).all()
    assert linked["pop_id"].null_count() == 0
    assert links.filter(pl.col("decision") == "none")["pop_id"].null_count() == len(links) - len(linked)
    assert links["probability"].is_between(0, 1).all()
    assert sorted(p.name for p in province.glob("links*")) == ["links.parquet"]  # the stages are gone


def test_nearly_all_are_right(province: Path, links: pl.DataFrame) -> None:
    found = score(links, pl.read_parquet(province / "truth.parquet"))
    assert found.f1 > 0.98
    assert found.auto_precision > 0.998
    assert found.auto_recall > 0.95


def test_csv_says_the_same_and_again_byte_for_byte(province: Path, links: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("civil", "pop", "communes"):
        pl.read_parquet(province / f"{name}.parquet").write_csv(tmp_path / f"{name}.csv")
    files = {"civil": "civil.csv", "population": "pop.csv", "communes": "communes.csv"}
    told = [f"--{option}={tmp_path / name}" for option, name in files.items()]
    written = []
    for _ in range(2):
        ran = CliRunner().invoke(app, ["linkage", "link", *told, f"--out={tmp_path / 'out.csv'}"])
        assert ran.exit_code == 0, ran.output
        assert f"{CIVIL} dòng hộ tịch, {POPULATION} người" in ran.output
        written.append((tmp_path / "out.csv").read_bytes())
    assert written[0] == written[1]
    assert pl.read_csv(written[0], schema=links.schema).equals(links)


def test_the_order_of_rows_changes_that_of_answers_only(province: Path, links: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("civil", "pop", "communes"):
        table = pl.read_parquet(province / f"{name}.parquet")
        table.sample(fraction=1, shuffle=True, seed=3).write_parquet(tmp_path / f"{name}.parquet")
    run(tmp_path, tmp_path / "out.parquet")
    shuffled = pl.read_parquet(tmp_path / "out.parquet")
    assert shuffled["civil_id"].equals(pl.read_parquet(tmp_path / "civil.parquet")["civil_id"])
    assert shuffled.sort("civil_id").equals(links.sort("civil_id"))


@pytest.mark.parametrize(("stage", "kept"), [("learn", "model.json"), ("wide", "narrow-0.npz")])
def test_a_killed_run_goes_on_where_it_was(province: Path, tmp_path: Path, stage: str, kept: str) -> None:
    out, work = tmp_path / "out.parquet", tmp_path / "out.parquet.work"
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tuphap.engines.linkage import link\n"
        "folder, out, last = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]\n"
        "def tell(stage, done):\n"
        "    if stage == last and done == 1.0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "link(folder / 'civil.parquet', folder / 'pop.parquet', out, communes=folder / 'communes.parquet',\n"
        "     progress=tell)"
    )
    killed = subprocess.run([sys.executable, "-c", script, province, out, stage], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not out.exists()
    before = (work / kept).stat().st_mtime_ns
    seen = {}

    def tell(stage: str, done: float) -> None:
        if stage == "decide":
            seen["again"] = (work / kept).stat().st_mtime_ns

    run(province, out, progress=tell)
    assert seen == {"again": before}
    assert out.read_bytes() == (province / "links.parquet").read_bytes()
    assert list(tmp_path.iterdir()) == [out]


def test_another_task_does_not_go_on_with_what_was_kept(province: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out.parquet", tmp_path / "out.parquet.work"
    work.mkdir()
    (work / "task").write_text("another")
    (work / "model.json").write_text("not a model")
    run(province, out)
    assert out.read_bytes() == (province / "links.parquet").read_bytes()


@pytest.mark.parametrize("part", ["repair", "phonetic", "frequencies", "families", "margin", "kinds", "rivals"])
def test_every_part_does_something(province: Path, links: pl.DataFrame, tmp_path: Path, part: str) -> None:
    run(province, tmp_path / "out.parquet", without=frozenset({part}))
    assert not pl.read_parquet(tmp_path / "out.parquet").equals(links)


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "content", "told"), [
    ("civil.txt", "civil_id,loai\n1,KS\n", "chỉ đọc được tệp .parquet hoặc .csv"),
    ("civil.csv", "ma,loai\n1,KS\n", "thiếu cột civil_id"),
    ("civil.csv", "civil_id,ho_ten\n1,An\n", "thiếu cột loai"),
    ("civil.csv", "", "không đọc được"),
    ("civil.parquet", "civil_id,loai\n1,KS\n", "không đọc được"),
    ("civil.csv", "civil_id,loai\n1,KS\n1,KH\n", "cột civil_id có giá trị lặp lại"),
    ("civil.csv", "civil_id,loai\n1,KS\n,KH\n", "có dòng trống cột civil_id"),
])
def test_bad_files_are_refused_in_words(province: Path, tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content)
    ran = CliRunner().invoke(app, [
        "linkage", "link", "--civil", str(tmp_path / name), "--population", str(province / "pop.parquet"),
        "--out", str(tmp_path / "out.csv"),
    ])
    assert ran.exit_code == 2
    assert told in " ".join(ran.output.split())
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("more", "told"), [
    (["--out", "out.xlsx"], "chỉ ghi được tệp .parquet hoặc .csv"),
    (["--out", "out.csv", "--without", "luck"], "Không có phần luck để bỏ"),
])
def test_bad_wishes_are_refused_in_words(province: Path, more: list[str], told: str) -> None:
    ran = CliRunner().invoke(app, [
        "linkage", "link", "--civil", str(province / "civil.parquet"), "--population", str(province / "pop.parquet"),
        *more,
    ])
    assert ran.exit_code == 2
    assert told in " ".join(ran.output.split())


# --- One by one -------------------------------------------------------------------------------------------------------


def test_one_by_one_the_answers_are_those_of_the_run(province: Path, links: pl.DataFrame, index: Index) -> None:
    asked = pl.read_parquet(province / "civil.parquet").join(links, on="civil_id").head(100).rows(named=True)
    wrong = 0
    for row in asked:
        found = index.one(record(row))
        if row["decision"] == "auto":
            assert found[0].pop_id == row["pop_id"]
            assert found[0].decision is not Decision.NONE
        elif row["decision"] == "review":
            wrong += not found or row["pop_id"] not in {candidate.pop_id for candidate in found}
        else:
            wrong += bool(found) and found[0].decision is Decision.AUTO
        assert [c.probability for c in found] == sorted((c.probability for c in found), reverse=True)
    assert wrong <= len(asked) * 0.02  # who is looked for alone has no rivals


def test_an_answer_is_explained_field_by_field(province: Path, links: pl.DataFrame, index: Index) -> None:
    rows = pl.read_parquet(province / "civil.parquet").join(links, on="civil_id").filter(decision="auto").head(8)
    for row in rows.rows(named=True):
        best = index.one(record(row))[0]
        assert [f.field for f in best.findings] == ["name", "father", "mother", "born_on", "place", "sex", "number"]
        assert all(f.words and f.title for f in best.findings)
        assert all(f.weight == 0 for f in best.findings if f.level == "missing")
        assert sum(f.weight for f in best.findings) > 5
        assert index.explain(record(row), best.pop_id) == best.findings
        assert best.findings[0].civil == row["ho_ten"]
    with pytest.raises(KeyError):
        index.explain(record(rows.row(0, named=True)), "nobody")


def test_an_index_is_opened_again_and_asked_from_the_command_line(
    province: Path, links: pl.DataFrame, index: Index,
) -> None:
    rows = pl.read_parquet(province / "civil.parquet").join(links, on="civil_id").filter(decision="auto")
    row = rows.row(0, named=True)
    asked = {"kind": row["loai"], "name": row["ho_ten"], "father": row["ho_ten_cha"] or "",
             "mother": row["ho_ten_me"] or "", "born_on": row["ngay_sinh"] or ""}
    opened = Index.load(province / "index")
    assert len(opened) == len(index) == POPULATION
    assert opened.one(record(row)) == index.one(record(row))
    command = ["linkage", "one", "--index", str(province / "index"), "--record"]
    ran = CliRunner().invoke(app, [*command, json.dumps(asked)])
    assert ran.exit_code == 0, ran.output
    [first, *_] = json.loads(ran.stdout)
    assert first["pop_id"] == row["pop_id"]
    assert first["findings"][0]["words"]
    assert CliRunner().invoke(app, [*command, '{"name": "An", "x": 2}']).exit_code == 2


def test_nobody_is_found_for_an_entry_that_says_nothing(index: Index) -> None:
    assert index.one(CivilRecord("", Kind.DEATH)) == ()


def test_words_nobody_bears_do_not_stay_from_one_question_to_the_next(index: Index) -> None:
    strange = CivilRecord("", Kind.BIRTH, name="Zwq Xyk Qqq", born_on="05/03/1961")
    assert index.one(strange) == index.one(strange)


def test_a_pair_is_explained_without_an_index() -> None:
    found = explain(
        CivilRecord("1", Kind.BIRTH, name="Nguyễn Văn Ấn", born_on="05/03/1961", mother="Lê Thị Na"),
        PopulationRecord("2", name="Nguyễn Văn Ân", born_on="05/03/1961", mother="Trần Thị Na"),
    )
    told = {f.field: f for f in found}
    assert (told["name"].level, told["name"].words) == ("marks", "tên khác dấu")
    assert told["born_on"].level == "same"
    assert told["born_on"].weight > 10
    assert told["mother"].weight < 0
    assert told["number"].weight == 0


# --- The development data ---------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.shared_data
def test_the_development_data(tmp_path: Path) -> None:
    folder = SHARED / "dev_100k"
    run(folder, tmp_path / "out.parquet")
    found = score(pl.read_parquet(tmp_path / "out.parquet"), pl.read_parquet(folder / "truth.parquet"))
    assert found.f1 >= 0.992
    assert found.auto_precision >= 0.999
    assert found.auto_recall >= 0.97
