"""The made-up province: its tables' shape, that a seed gives one province, that the truth is true, that rates hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer import Typer
from typer.testing import CliRunner

from tuphap.engines.linkage.synthetic.command import sample
from tuphap.engines.linkage.synthetic.generate import generate
from tuphap.engines.linkage.synthetic.rates import SHIFTED, BadRates, Rates, read_rates
from tuphap.engines.vietnamese import fold
from tuphap.engines.vietnamese.legacy import Encoding, decode

CIVIL, POPULATION = 6_000, 5_000
COLUMNS = {
    "civil": "civil_id loai quyen_so so nam_dk ma_xa_dk ho_ten ho_ten_cha ho_ten_me noi_sinh noi_cu_tru gioi_tinh "
             "ngay_sinh so_giay_to",
    "pop": "pop_id cccd cmnd ho_ten gioi_tinh ngay_sinh ho_ten_cha ho_ten_me noi_sinh thuong_tru",
    "communes": "ma_xa ten_xa ten_huyen ma_huyen ma_xa_moi ten_xa_moi tinh tinh_moi",
    "truth": "civil_id pop_id person kind encoding bad_ocr dup_of tags",
}
Tables = dict[str, pl.DataFrame]


def made(folder: Path, *, seed: int = 7, rates: Rates | None = None) -> Tables:
    generate(folder, civil=CIVIL, population=POPULATION, seed=seed, rates=rates)
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in COLUMNS}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return made(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="module")
def linked(province: Tables) -> pl.DataFrame:
    both = province["civil"].join(province["truth"], on="civil_id").join(province["pop"], on="pop_id", suffix="_pop")
    return both.with_columns(born=pl.col("ngay_sinh_pop").str.slice(-4).cast(pl.Int64))


def test_the_tables_have_the_columns_and_rows_asked_for(province: Tables) -> None:
    for name, columns in COLUMNS.items():
        assert province[name].columns == columns.split()
    assert province["civil"].height == province["truth"].height == CIVIL
    assert province["pop"].height == POPULATION
    assert province["pop"]["pop_id"].n_unique() == province["pop"]["cccd"].n_unique() == POPULATION
    assert province["civil"]["ma_xa_dk"].is_in(province["communes"]["ma_xa"].cast(pl.Int32).implode()).all()
    assert set(province["civil"]["loai"]) == {"KS", "KH", "KT"}


def test_one_seed_gives_one_province(province: Tables, tmp_path: Path) -> None:
    again, other = made(tmp_path / "again"), made(tmp_path / "other", seed=8)
    for name in COLUMNS:
        assert again[name].equals(province[name])
        assert not other[name].equals(province[name])


def test_the_truth_holds_together(province: Tables) -> None:
    truth = province["truth"]
    known = truth.drop_nulls("pop_id")
    assert known["pop_id"].is_in(province["pop"]["pop_id"].implode()).all()
    assert known.group_by("person").agg(pl.col("pop_id").n_unique())["pop_id"].max() == 1
    assert known.group_by("pop_id").agg(pl.col("person").n_unique())["person"].max() == 1
    repeats = truth.drop_nulls("dup_of").join(truth, left_on="dup_of", right_on="civil_id", suffix="_first")
    assert repeats.height == truth["dup_of"].count() > 0
    assert (repeats["person"] == repeats["person_first"]).all()
    assert (repeats["kind"] == repeats["kind_first"]).all()
    assert repeats["dup_of_first"].null_count() == repeats.height
    assert truth.filter(pl.col("pop_id").is_null() & pl.col("person").is_in(known["person"].implode())).is_empty()


def test_undamaged_rows_name_the_person(linked: pl.DataFrame) -> None:
    """Names differ only by faults of the population side, which are few."""
    clean = linked.filter((pl.col("encoding") == "nfc") & ~pl.col("tags").str.contains("name:"))
    same = [fold(left).replace("\u200b", "") == fold(right)
            for left, right in clean.select("ho_ten", "ho_ten_pop").rows()]
    assert 0.93 < sum(same) / len(same) < 1


@pytest.mark.parametrize("encoding", [Encoding.TCVN3, Encoding.VNI, Encoding.DOUBLE_UTF8])
def test_books_in_old_encodings_can_be_read_again(linked: pl.DataFrame, encoding: Encoding) -> None:
    name = "utf8twice" if encoding is Encoding.DOUBLE_UTF8 else encoding.value
    rows = linked.filter((pl.col("encoding") == name) & ~pl.col("tags").str.contains("name:"))
    read = [fold(decode(left, encoding)).replace("\u200b", "") == fold(right)
            for left, right in rows.select("ho_ten", "ho_ten_pop").rows()]
    assert len(read) > 20
    assert sum(read) / len(read) > 0.85


def test_numbers_bear_sex_and_year_of_birth(linked: pl.DataFrame) -> None:
    known = linked.filter(pl.col("cccd").str.len_chars() == 12).with_columns(
        century=pl.col("cccd").str.slice(3, 1).cast(pl.Int64), short=pl.col("cccd").str.slice(4, 2).cast(pl.Int64))
    year = 1900 + known["century"] // 2 * 100 + known["short"]
    assert (year == known["born"]).mean() > 0.97
    assert ((known["century"] % 2 == 1) == (known["gioi_tinh_pop"] == "Nữ")).mean() > 0.98


def test_people_are_entered_when_they_can_be(linked: pl.DataFrame) -> None:
    sure = linked.with_columns(age=pl.col("nam_dk") - pl.col("born"))
    assert sure["nam_dk"].is_between(1976, 2025).all()
    assert sure.filter(loai="KS")["age"].min() >= -2  # a wrong year of birth is at most two years off
    assert sure.filter(loai="KH")["age"].min() >= 16
    assert (sure.filter(loai="KS")["age"] <= 1).mean() > 0.5


def test_husband_and_wife_share_an_entry(province: Tables) -> None:
    both = province["civil"].join(province["truth"], on="civil_id").filter((pl.col("loai") == "KH")
                                                                           & pl.col("dup_of").is_null())
    entries = both.group_by("ma_xa_dk", "quyen_so", "so").agg(pl.len(), pl.col("gioi_tinh").drop_nulls().n_unique())
    assert entries["len"].to_list() == [2] * entries.height
    assert (entries["gioi_tinh"] == 2).mean() > 0.9


def test_families_share_parents(province: Tables) -> None:
    known = province["pop"].drop_nulls(["ho_ten_cha", "ho_ten_me"])
    children = known.group_by("ho_ten_cha", "ho_ten_me").len()["len"]
    assert 0.2 < (children > 1).mean() < 0.6
    surname = pl.col("ho_ten").str.split(" ").list.first() == pl.col("ho_ten_cha").str.to_uppercase().str.split(
        " ").list.first()
    assert known.select(surname.mean()).item() > 0.9


def test_the_rates_hold(province: Tables) -> None:
    truth, rates = province["truth"], Rates()
    kinds = province["civil"]["loai"].value_counts(normalize=True)
    share = dict(kinds.rows())
    assert share["KH"] == pytest.approx(rates.entries.marriages, abs=0.02)
    assert share["KT"] == pytest.approx(rates.entries.deaths, abs=0.02)
    assert truth["dup_of"].count() / CIVIL == pytest.approx(rates.entries.repeated, abs=0.002)
    assert truth["tags"].str.contains("name:middle_missing").mean() == pytest.approx(
        rates.names.middle_missing, abs=0.006)
    assert truth["tags"].str.contains("dob:year(\\||$)").mean() == pytest.approx(rates.dates.year, abs=0.006)
    for kind, missing in zip(("KS", "KH", "KT"), rates.fields.birth_place, strict=True):
        rows = province["civil"].filter(loai=kind)
        assert rows["noi_sinh"].null_count() / rows.height == pytest.approx(missing, abs=0.05)


def test_books_may_hold_many_more_rows_than_the_database_people(tmp_path: Path) -> None:
    generate(tmp_path, civil=4_000, population=400, seed=1)
    truth = pl.read_parquet(tmp_path / "truth.parquet")
    assert truth["dup_of"].count() == 4_000 * Rates().entries.repeated
    assert pl.read_parquet(tmp_path / "pop.parquet").height == 400


def test_other_rates_make_another_province(tmp_path: Path) -> None:
    base = read_rates(SHIFTED)
    rates = replace(base, people=replace(base.people, twins=0.2), names=replace(base.names, mother_surname=0.3),
                    books=replace(base.books, bad_ocr=1.0))
    tables = made(tmp_path, rates=rates)
    truth, pop = tables["truth"], tables["pop"].drop_nulls(["ho_ten_cha", "ho_ten_me"])
    assert truth["bad_ocr"].all()
    assert truth["tags"].str.contains("name:ocr").mean() > 0.15
    assert truth["tags"].str.contains("name:mother_surname").mean() > 0.15
    together = pop.group_by("ho_ten_cha", "ho_ten_me", "ngay_sinh").len()
    assert (together["len"] > 1).mean() > 0.03


@pytest.mark.parametrize("text", [
    "[names]\nocr = 1.5", "[names]\nocr = 'x'", "[names]\nocr = true", "[nobody]\nocr = 0.1", "[names]\nnothing = 0.1",
    "names = 1", "[dates]\nyear_only_birth = [0.1]", "not toml",
])
def test_wrong_rates_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRates):
        read_rates(path)


def test_the_command_writes_and_tells(tmp_path: Path) -> None:
    app = Typer()
    app.command()(sample)
    out, rates = tmp_path / "out", tmp_path / "rates.toml"
    rates.write_text("[names]\nocr = 0", encoding="utf-8")
    asked = ["--civil", "500", "--population", "400", "--seed", "3", "--out", str(out)]
    done = CliRunner().invoke(app, [*asked, "--rates", str(rates)])
    assert done.exit_code == 0, done.output
    assert "500 dòng hộ tịch" in done.output
    assert pl.read_parquet(out / "civil.parquet").height == 500
    rates.write_text("[names]\nocrr = 0", encoding="utf-8")
    refused = CliRunner().invoke(app, [*asked, "--rates", str(rates)])
    assert refused.exit_code == 2
    assert "ocrr" in refused.output
    assert CliRunner().invoke(app, [*asked, "--rates", str(rates), "--shifted"]).exit_code == 2
