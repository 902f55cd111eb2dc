"""What is put right before anything is compared, and what is decided after: pure, a table of cases each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.engines.linkage.civil import compare as cmp
from tuphap.engines.linkage.civil import judge, tidy, words
from tuphap.engines.linkage.civil.columns import CIVIL, POPULATION
from tuphap.engines.linkage.civil.duck import Joiner
from tuphap.engines.linkage.civil.job import weighed
from tuphap.engines.linkage.civil.judge import AUTO, REVIEW, TWICE, against_twice, believe, decide
from tuphap.engines.linkage.civil.keys import FIRST_ROUND, of_civil, of_population
from tuphap.engines.linkage.civil.model import GROUPS, GROWTH, KINDS, RARE, START, Model, Seen
from tuphap.engines.linkage.civil.places import ELSEWHERE, NOWHERE, Communes

from .makers import COMMUNES, frame, pairs, sides

pytestmark = pytest.mark.xdist_group("linkage-civil")  # the comparison is compiled once

PRESENT, SIZE = np.array([0.85, 0.85, 0.3]), 1_000


# --- Put right --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "kind", "registered", "read"), [
    ("05/03/1961", "KS", "1961", (1961, 3, 5)),
    ("1961-3-5", "KS", "1961", (1961, 3, 5)),
    ("5.3.61", "KS", "1961", (1961, 3, 5)),
    ("5/3/08", "KS", "2010", (2008, 3, 5)),  # two digits: the latest year that the entry allows
    ("5/3/12", "KS", "2010", (1912, 3, 5)),
    ("5/3/08", "KH", "2010", (1908, 3, 5)),  # nobody marries at two
    ("5/3/92", "KH", "2010", (1992, 3, 5)),
    ("5/3/30", "KT", "2010", (1930, 3, 5)),
    ("5/3/08", "KS", None, (2008, 3, 5)),
    ("03/1961", "KS", "1961", (1961, 3, 0)),
    ("1961", "KS", "1961", (1961, 0, 0)),
    ("05/13/1961", "KS", "1961", (1961, 0, 5)),
    ("35/03/1961", "KS", "1961", (1961, 3, 0)),
    ("05/03/1161", "KS", "1961", (1161, 3, 5)),  # cannot be, but still tells a slip
    (None, "KS", "1961", (0, 0, 0)),
    ("mờ, không đọc được", "KS", "1961", (0, 0, 0)),
])
def test_dates(written: str | None, kind: str, registered: str | None, read: tuple[int, int, int]) -> None:
    raw = frame([{"loai": kind, "nam_dk": registered, "ngay_sinh": written}], CIVIL)
    assert tidy.civil(raw, COMMUNES).select("year", "month", "day").row(0) == read


def test_entries_are_put_right() -> None:
    raw = frame([
        {"loai": "KS", "ho_ten": "NGUYÔN V¨n An", "quyen_so": "1", "ma_xa_dk": "101.0", "gioi_tinh": "Trai",
         "so_giay_to": "031 061-000123", "noi_sinh": "Xã An Dương, huyện An Lão, tỉnh Hải Phòng"},
        {"loai": "lạ", "ho_ten": None, "gioi_tinh": "x", "so_giay_to": "không", "noi_sinh": "tỉnh Nghệ An"},
    ], CIVIL)
    first, second = tidy.civil(raw, COMMUNES).rows(named=True)
    assert first["name"] == "nguyễn văn an"
    assert (first["sex"], first["number"], first["office_then"], first["office_now"]) == (1, 31061000123, 101, 1)
    assert (first["birth_then"], first["birth_now"]) == (101, 1)
    assert second["name"] is None
    assert (second["kind"], second["sex"], second["number"], second["office_now"]) == (0, 0, 0, NOWHERE)
    assert second["birth_now"] >= ELSEWHERE
    assert 0 <= first["lot"] < 1
    assert first["lot"] == tidy.civil(raw, COMMUNES)["lot"][0]


@pytest.mark.parametrize(("text", "then", "now"), [
    ("Xã An Dương, An Lão, Hải Phòng", 101, 1),
    ("xa bac son, an lao, hai phong", 102, 1),
    ("Xã An Hưng, Hải Phòng", NOWHERE, 1),
    ("Xã Kiến Quốc, Kiến Thụy, Hải Phòng", 103, 2),
    ("", NOWHERE, NOWHERE),
    (" , ", NOWHERE, NOWHERE),
])
def test_places(text: str, then: int, now: int) -> None:
    assert COMMUNES.find(text) == (then, now)


def test_a_place_outside_the_table_is_known_again_by_its_province() -> None:
    assert COMMUNES.find("Xã Nam Giang, tỉnh Nghệ An") == COMMUNES.find("Thành phố Vinh, Nghệ An")
    assert COMMUNES.find("Nghệ An") != COMMUNES.find("Hà Tĩnh")


def test_without_a_table_the_smallest_part_is_the_place() -> None:
    none = Communes.of(None)
    assert none.find("Xã An Dương, Hải Phòng") == none.find("xã an dương, tp. Hải Phòng")
    assert none.find("Xã An Dương, Hải Phòng") != none.find("Xã Bắc Sơn, Hải Phòng")


# --- Candidates -------------------------------------------------------------------------------------------------------


def test_candidates_are_the_pairs_that_share_a_key_each_once_in_order() -> None:
    people = [
        {"ho_ten": f"{surname} Văn {name}", "ngay_sinh": f"{day}/3/1961", "ho_ten_me": f"Lê Thị {name}",
         "cccd": f"0310610{day:05}", "noi_sinh": "Xã An Hưng, Hải Phòng"}
        for day, (surname, name) in enumerate(
            [(s, n) for s in ("Nguyễn", "Trần", "Lê") for n in ("An", "Bình", "Châu", "Dũng")], start=1)
    ]
    entries = [{**row, "so_giay_to": row["cccd"] if i % 2 else None} for i, row in enumerate(people)]
    both = sides(entries, people)
    ours, theirs = of_civil(both.civil, both.syllables, wide=True), of_population(both.population, both.syllables)
    joiner = Joiner(theirs)
    rows, persons = joiner.candidates(ours)
    expected = {
        (int(a), int(b)) for mine in ours for other in theirs if mine.number == other.number
        for a, key in zip(mine.rows, mine.keys, strict=True) for b in other.rows[other.keys == key]
    }
    assert list(zip(rows.tolist(), persons.tolist(), strict=True)) == sorted(expected)
    assert {(i, i) for i in range(len(people))} <= expected
    narrow = of_civil(both.civil, both.syllables, wide=False)
    assert {way.number for way in narrow} == set(FIRST_ROUND)
    rows, persons = joiner.candidates(narrow)
    assert (rows == persons).all()
    joiner.close()


def test_the_first_of_january_brings_nobody_together_by_its_day() -> None:
    both = sides([{"ho_ten": "Nguyễn Văn An", "ngay_sinh": "01/01/1961"}], [{"ho_ten": "Nguyễn Văn An"}])
    assert not any(len(way.rows) for way in of_civil(both.civil, both.syllables, wide=False))


# --- Decided ----------------------------------------------------------------------------------------------------------

WEIGHTS = st.lists(
    st.tuples(st.integers(0, 3), st.floats(-60, 60), st.floats(-60, 60), st.booleans(), st.integers(0, 2)),
    min_size=1, max_size=12,
)


@given(WEIGHTS)
def test_beliefs_of_an_entry_never_exceed_one(rows: list[tuple[int, float, float, bool, int]]) -> None:
    rows.sort(key=lambda row: row[0])
    made = pairs(*((row[0], i, row[1]) for i, row in enumerate(rows)))
    made = replace(made, kin=np.array([r[2] for r in rows]), open=np.array([r[3] for r in rows]),
                   kind=np.array([r[0] % 3 for r in rows], np.int8))
    belief = believe(made, PRESENT, 0.4, SIZE)
    assert (belief >= 0).all()
    assert (np.bincount(made.rows, weights=belief) <= 1 + 1e-9).all()
    weaker = believe(made, PRESENT, 0.4, SIZE, odds=np.full(len(rows), -1.0))
    assert (np.bincount(made.rows, weights=weaker) <= np.bincount(made.rows, weights=belief) + 1e-9).all()


def test_nobody_is_believed_where_there_is_nobody() -> None:
    assert not len(believe(pairs(), PRESENT, 0.4, SIZE))
    assert decide(pairs(), np.zeros(0), 2).decision.tolist() == [0, 0]
    assert not len(against_twice(pairs(), np.zeros(0)))


def test_the_more_who_fit_the_less_each_is_believed() -> None:
    alone = believe(pairs((0, 1, 20.0)), PRESENT, 0.4, SIZE)
    both = believe(pairs((0, 1, 20.0), (0, 2, 20.0)), PRESENT, 0.4, SIZE)
    assert alone[0] > 0.99
    assert both == pytest.approx([0.5, 0.5], abs=0.01)


def test_an_absent_brother_takes_from_the_candidate() -> None:
    assert believe(pairs((0, 1, 20.0), kin=20.0), PRESENT, 0.4, SIZE)[0] < 0.75
    assert believe(pairs((0, 1, 20.0), kin=-20.0), PRESENT, 0.4, SIZE)[0] > 0.99


def test_who_has_no_parents_on_record_may_be_that_brother() -> None:
    rows = (0, 1, 8.0), (0, 2, 12.0)
    known = pairs(*rows)
    known.kin[0] = 14.0
    unknown = replace(known, open=np.array([False, True]))
    assert believe(unknown, PRESENT, 0.4, SIZE)[1] > 2 * believe(known, PRESENT, 0.4, SIZE)[1]
    assert believe(unknown, PRESENT, 0.4, SIZE)[0] == believe(known, PRESENT, 0.4, SIZE)[0]


def test_of_two_entries_that_claim_one_person_the_weaker_is_believed_less() -> None:
    births = pairs((0, 7, 20.0), (1, 7, 20.0), (2, 8, 20.0))
    odds = against_twice(births, np.array([0.9, 0.99, 0.5]))
    assert odds == pytest.approx([np.log2(0.01 + 0.99 * TWICE), 0.0, 0.0])
    apart = replace(births, kind=np.array([0, 1, 0], np.int8))  # a birth and a marriage
    assert against_twice(apart, np.array([0.9, 0.99, 0.5])).tolist() == [0.0, 0.0, 0.0]
    equal = against_twice(births, np.array([0.9, 0.9, 0.5]))
    assert equal[0] == 0 > equal[1]  # draws go to the entry that stands first


def test_decisions() -> None:
    made = pairs((0, 5, 0), (0, 6, 0), (1, 5, 0), (1, 6, 0), (3, 9, 0), (4, 1, 0))
    found = decide(made, np.array([0.9999, 0.00005, 0.7, 0.25, REVIEW - 0.01, REVIEW]), 5)
    assert found.decision.tolist() == [2, 1, 0, 0, 1]
    assert found.person.tolist() == [5, 5, -1, -1, 1]
    assert found.probability.tolist() == [0.9999, 0.7, 0.0, REVIEW - 0.01, REVIEW]


def test_a_draw_goes_to_the_person_who_stands_first_and_is_looked_at() -> None:
    found = decide(pairs((0, 9, 0), (0, 4, 0), (0, 6, 0)), np.array([0.33, 0.33, 0.33]), 1)
    assert (found.person[0], found.decision[0]) == (4, 1)


def test_without_the_margin_candidates_do_not_compete() -> None:
    both = believe(pairs((0, 1, 20.0), (0, 2, 20.0)), PRESENT, 0.4, SIZE, alone=True)
    assert both == pytest.approx(believe(pairs((0, 1, 20.0), (1, 2, 20.0)), PRESENT, 0.4, SIZE))
    assert (both > 0.99).all()


@given(st.lists(st.floats(0, 1), max_size=40))
def test_automatic_links_are_expected_to_be_right_and_no_more_could_be(probabilities: list[float]) -> None:
    probability = np.array(probabilities)
    safe = probability >= judge.LEAST_AUTO
    taken = judge._safest(probability, safe)
    assert len(set(taken)) == len(taken)
    assert safe[taken].all()
    assert not len(taken) or probability[taken].mean() >= AUTO - 1e-12
    rest = np.sort(probability[safe])[::-1]
    assert len(taken) == len(rest) or rest[: len(taken) + 1].mean() < AUTO


# --- Twins and brothers, from rows to the decision --------------------------------------------------------------------

_PERSON = {
    "ho_ten": "Đoàn Thị Hồng", "ho_ten_cha": "Đoàn Cao Bằng", "ho_ten_me": "Vũ Thị Mơ", "ngay_sinh": "05/03/1961",
    "noi_sinh": "Xã An Hưng, Hải Phòng", "gioi_tinh": "Nữ",
}
_CROWD = [
    {"ho_ten": f"{s} Thị {n}", "ho_ten_cha": f"{s} Văn {n}", "ho_ten_me": f"Lê Thị {m}",
     "ngay_sinh": f"{d}/{d % 12 + 1}/{1940 + d}", "noi_sinh": "Xã Kiến Minh, Hải Phòng", "gioi_tinh": "Nữ"}
    for s in ("Nguyễn", "Trần", "Lê", "Đoàn") for n in ("Hồng", "Hoa", "Mai") for m in ("An", "Mơ")
    for d in range(1, 29)
]


@pytest.mark.parametrize(("change", "decisions"), [
    ({}, (2,)),
    ({"so_giay_to": None, "ngay_sinh": "1961"}, (1, 2)),
    ({"ho_ten": "Đoàn Thị Thắm"}, (0, 1)),  # a twin who is not in the population
    ({"ho_ten": "Đoàn Thị Thắm", "ngay_sinh": "17/09/1964"}, (0,)),  # a sister who is not
    ({"ho_ten_cha": "Đoàn Văn Tám", "ho_ten_me": "Cao Thị Út", "ngay_sinh": "9/9/1950"}, (0,)),
])
def test_twins_and_sisters_are_never_linked_without_a_look(
    change: dict[str, str | None], decisions: tuple[int, ...],
) -> None:
    both = sides([{**_PERSON, **change}], [_PERSON, *_CROWD])
    model = Model()
    made = weighed(both, np.zeros(1, np.int32), np.zeros(1, np.int32), model)
    found = decide(made, believe(made, model.present, model.absent_kin, int(both.size)), 1)
    assert found.decision[0] in decisions


# --- Learned ----------------------------------------------------------------------------------------------------------


def _sum_to_one(model: Model) -> None:
    for tables in model.likely:
        for which, table in enumerate(tables):
            assert (table >= 0).all()
            for group in GROUPS[which]:
                assert table[group].sum() == pytest.approx(1)


def test_the_start_and_the_groups_are_whole() -> None:
    _sum_to_one(Model())
    for which, groups in enumerate(GROUPS):
        levels = np.concatenate(groups)
        assert len(np.unique(levels)) == len(levels)
        assert levels.max() < cmp.LEVELS[which] == len(START[which])


@given(st.integers(0, 2**32 - 1), st.sampled_from([frozenset(), frozenset({"kinds"}), frozenset({"families"})]))
def test_whatever_is_seen_each_group_sums_to_one(seed: int, without: frozenset[str]) -> None:
    chance = np.random.default_rng(seed)
    count = 60
    levels = np.stack([chance.choice(np.concatenate(groups), count) for groups in GROUPS], axis=1).astype(np.int16)
    made = Seen(
        np.sort(chance.integers(0, 20, count)).astype(np.int32), chance.integers(0, 9, count).astype(np.int32),
        chance.integers(0, KINDS, count).astype(np.int8), levels, np.full(count, -90, np.float32),
        np.full(count, -90, np.float32),
    )
    model = Model(without=without)
    model.fit(made, np.full(KINDS, 7), 1000)
    _sum_to_one(model)
    assert ((model.present > 0) & (model.present <= 0.98)).all()


def test_what_only_chance_shows_is_not_learned_from_entries_of_nobody() -> None:
    entries = 400
    levels = np.tile(np.array([1, 1, 1, cmp.WHOLE + cmp.D_SAME, 5, 1, cmp.N_NONE], np.int16), (entries, 1))
    levels[entries // 2:, cmp.BORN] = cmp.WHOLE + cmp.D_FAR
    made = Seen(
        np.arange(entries, dtype=np.int32), np.arange(entries, dtype=np.int32), np.zeros(entries, np.int8), levels,
        np.full(entries, -60, np.float32), np.full(entries, -60, np.float32),
    )
    model = Model()
    model.fit(made, np.array([entries, 0, 0]), 1000)
    same, far = (model.likely[0][cmp.BORN][cmp.WHOLE + level] for level in (cmp.D_SAME, cmp.D_FAR))
    start = START[cmp.BORN][cmp.WHOLE + cmp.D_FAR]
    assert start < RARE
    assert start < far < 0.01  # though half of what was seen was far
    assert far / same < 2.1 * GROWTH * start


# --- In words ---------------------------------------------------------------------------------------------------------


def test_every_level_has_words() -> None:
    for which, groups in enumerate(GROUPS):
        for level in {0, *np.concatenate(groups).tolist()}:
            if which <= cmp.MOTHER and level:
                surname, name = (level - 1) // 49, (level - 1) // 7 % 7
                if cmp.MOVED in (surname, name) and level != cmp.name_level(cmp.MOVED, cmp.MOVED, cmp.SAME):
                    continue  # the whole is moved or nothing is
            code, told = words._told(which, int(level))
            assert code.isidentifier()
            assert told.strip() == told
            assert told


@pytest.mark.parametrize(("surname", "name", "between", "code", "told"), [
    (cmp.SAME, cmp.SAME, cmp.SAME, "same", "giống nhau"),
    (cmp.SAME, cmp.SAME, cmp.NONE, "same", "giống nhau"),
    (cmp.SAME, cmp.MARKS, cmp.SAME, "marks", "tên khác dấu"),
    (cmp.SAME, cmp.SAME, cmp.FEWER, "between", "sổ hộ tịch thiếu chữ đệm"),
    (cmp.SHORT, cmp.SAME, cmp.NEAR, "short", "họ viết tắt, chữ đệm gần giống"),
    (cmp.SAME, cmp.OTHER, cmp.SAME, "other", "tên khác"),
    (cmp.MOVED, cmp.MOVED, cmp.SAME, "moved", "cùng các chữ, khác thứ tự"),
])
def test_names_in_words(surname: int, name: int, between: int, code: str, told: str) -> None:
    assert words._told(cmp.NAME, cmp.name_level(surname, name, between)) == (code, told)


def test_frames_have_their_columns() -> None:
    nobody = pl.DataFrame(schema=dict.fromkeys(CIVIL, pl.String))
    assert tidy.civil(nobody, COMMUNES).height == 0
    assert tidy.population(pl.DataFrame(schema=dict.fromkeys(POPULATION, pl.String)), COMMUNES).height == 0
