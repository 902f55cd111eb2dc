"""The statistics: every figure is its list, parts make up wholes, and every file is the table that was shown."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from tuphap.kernel.clock import standing_at
from tuphap.kernel.text import safe_cell
from tuphap.modules.direction import index, queries, report, rules, sheet
from tuphap.modules.direction.rules import Cut
from tuphap.modules.direction.tests import test_direction as world
from tuphap.modules.direction.views import figures, statistics
from tuphap.shared.access.api import Forbidden
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar.rules import Verdict
from tuphap.shared.dossiers.models import Attachment, Custody, Dossier, Event
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Kind, Reading
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

pytestmark = pytest.mark.django_db
province = world.province
NOW = world.NOW
YEAR = {"tu_ngay": "01/01/2025", "den_ngay": "17/09/2025"}


@pytest.fixture
def now() -> Iterator[datetime]:
    with standing_at(NOW) as at:
        yield at


def logged(dossier: Dossier, *moves: tuple[datetime, str, str, str]) -> None:
    """Entries of the log: instant, action, step and overlay afterwards."""
    with setting_up():
        for seq, (at, action, state, overlay) in enumerate(moves, start=1):
            Event.objects.create(
                dossier=dossier, seq=seq, at=at, action=action, from_state="submitted", to_state=state,
                to_overlay=overlay, level=1, actor_kind="system", actor_name="x", unit=dossier.resolving_unit,
            )


def live(province: dict[str, Any], number: int, seed: int = 7) -> list[Dossier]:
    """Dossiers of two years with papers, pauses, extensions, fees and logs, some of them late."""
    chance, made = random.Random(seed), []
    for _ in range(number):
        where = chance.choice(["Mới", "Kia"]) if chance.random() < 0.6 else "Cũ"
        first = datetime(2024, 2, 1, 2, tzinfo=UTC) if where == "Cũ" else datetime(2025, 7, 2, 2, tzinfo=UTC)
        last = datetime(2025, 6, 1, tzinfo=UTC) if where == "Cũ" else NOW
        came = first + (last - first) * chance.random()
        went = min(came + timedelta(days=20 * chance.random()), NOW - timedelta(minutes=1))
        is_open = where != "Cũ" and chance.random() < 0.3
        half = came + (went - came) / 2
        one = world.dossier(
            province, where, came, None if is_open else went, stood=(half, went) if chance.random() < 0.4 else None,
            outcome=chance.choice(["resolved"] * 6 + ["refused", "stopped", "withdrawn"]),
            verdict=chance.choice(list(Verdict)), due_in=chance.choice([1, 5, 30]),
            channel=chance.choice(list(Dossier.Channel.values)),
        )
        with setting_up():
            one.result = {"documents": [{"id": 1}]} if chance.random() < 0.5 else {}
            one.fee_paid_at = half if chance.random() < 0.4 else None
            one.save()
            Custody.objects.filter(dossier=one, outcome="resolved").update(electronic=bool(one.result))
            for source in chance.sample(["paper", "lookup"], k=chance.randint(0, 2)):
                Attachment.objects.create(
                    dossier=one, component="don", source=source, added_at=came,
                    lookup={"found": True} if source == "lookup" else None,
                )
        steps = [(came, "receive", "received", ""), (came + (went - came) / 4, "assign", "assigned", "")]
        if chance.random() < 0.3:
            steps.append((half, chance.choice(["extend", "ask_agency"]), "assigned", "waiting_other_agency"))
        logged(one, *steps)
        made.append(one)
    return made


def scope(province: dict[str, Any], **more: Any) -> indicators.Scope:
    return queries.scope_of(
        world.actor(province["director"]), at=NOW,
        **{"period_from": date(2025, 1, 1), "period_to": date(2025, 9, 17), **more},
    )


def ask(province: dict[str, Any], view: Any, name: str, *args: str, who: str = "director", **query: Any) -> Any:
    request = RequestFactory().get(reverse(name, args=args), query)
    request.actor, request.user, request.session = world.actor(province[who]), province[who], {}
    return view(request, *args)


def page(province: dict[str, Any], **query: Any) -> str:
    return ask(province, statistics.statistics, "direction:statistics", **{**YEAR, **query}).content.decode()


@pytest.mark.parametrize(("cut", "basis"), [
    (Cut.UNIT, indicators.Basis.THEN), (Cut.UNIT, indicators.Basis.RESTATED),
    *(pytest.param(*one, marks=pytest.mark.full) for one in (
        (Cut.SECTOR, indicators.Basis.THEN), (Cut.PROCEDURE, indicators.Basis.RESTATED),
        (Cut.CHANNEL, indicators.Basis.RESTATED))),
])
def test_every_count_is_the_length_of_its_list_in_every_line(province, now, cut, basis) -> None:
    live(province, 40)
    told = report.report(scope(province, basis=basis), cut=cut)
    assert told.is_balanced, [line.now.numbers for line in told.unbalanced]
    assert len(told.lines) >= (1 if cut in (Cut.SECTOR, Cut.PROCEDURE) else 2)
    checked = 0
    for line in (told.whole, *told.lines):
        for code in rules.FIGURES:
            if code not in indicators.indicators:
                continue
            rows = queries.drill(code, line.scope).rows
            assert line.now.value(code) == rows.count() == len(list(rows)), (line.title, code)
            checked += bool(line.now.value(code))
    assert checked > 15


def test_each_month_and_year_counts_its_own_list(province, now) -> None:
    live(province, 20)
    quarter = scope(province, period_from=date(2025, 6, 15), period_to=date(2025, 8, 20))
    long = scope(province, period_from=date(2024, 3, 1), period_to=date(2026, 6, 1))
    titles = []
    for asked in (quarter, long):
        told = report.report(asked, cut=Cut.PERIOD)
        assert told.is_balanced
        titles += [line.title for line in told.lines]
        for line in told.lines[::2]:
            for code in ("dossiers.received", "dossiers.pending", "dossiers.late", "dossiers.papers"):
                assert line.now.value(code) == queries.drill(code, line.scope).rows.count(), (line.title, code)
    assert titles == ["Tháng 06/2025", "Tháng 07/2025", "Tháng 08/2025", "Năm 2024", "Năm 2025", "Năm 2026"]


@pytest.mark.parametrize("cut", [Cut.UNIT, Cut.PERIOD])
def test_every_measure_is_taken_over_the_list_that_it_opens(province, now, cut) -> None:
    live(province, 30)
    told = report.report(scope(province, period_from=date(2025, 7, 1)), cut=cut)
    seen = set()
    for line in (told.whole, *told.lines):
        for code, reading in line.now.readings.items():
            measure = indicators.measures[code]
            if not reading.has_source:
                continue
            found = queries.drill(code, line.scope)
            again = found.reading(line.scope)
            assert again is not None and again.value == pytest.approx(reading.value)
            assert reading.base == found.rows.count()
            listed = [cells[-1] for _, cells in found.cells(found.rows)]
            if reading.value is None:
                assert not listed
                continue
            seen.add(code)
            if measure.kind is Kind.SHARE:
                assert 100 * listed.count("Có") / len(listed) == pytest.approx(reading.value)
                continue
            values = sorted(float(text.replace(".", "").replace(",", ".")) for text in listed)
            expected = {
                Kind.MEAN: lambda v: sum(v) / len(v), Kind.SUM: sum, Kind.P90: lambda v: v[-(-9 * len(v) // 10) - 1],
            }[measure.kind](values or [0])
            assert reading.value == pytest.approx(expected, abs=0.01 * max(len(values), 1))
    assert seen >= {"dossiers.hours_mean", "dossiers.days_p90", "dossiers.paused_hours", "dossiers.online_share",
                    "dossiers.electronic_share", "dossiers.on_time_share"}


def test_causes_add_up_to_what_was_late_and_open_their_lists(province, now) -> None:
    live(province, 60)
    for one in (scope(province), scope(province, channel="truc_tuyen"), scope(province, unit_ids=[province["Kia"].pk])):
        told = report.report(one)
        late = told.whole.now.numbers.get("dossiers.late", 0)
        assert late and sum(number for _, _, number in told.causes) == late
        for code, _, number in told.causes:
            assert queries.drill(code, one).rows.count() == number
    with pytest.raises(rules.UnknownFigure):
        queries.drill("dossiers.late_cause:nothing", scope(province))


def test_what_nobody_records_says_so_and_is_never_a_number(province, now) -> None:
    live(province, 10)
    told = report.report(scope(province))
    assert told.whole.now.value("dossiers.online_payment_share") == 0, "what was paid was not paid online"
    assert told.whole.now.words("dossiers.satisfaction_share") == "—", "nobody has rated yet"
    assert told.index is not None
    assert sum(group.points for group in told.index.groups) == index.WHOLE
    timely = told.index.groups[1]
    assert timely.score == pytest.approx(20 * told.whole.now.readings["dossiers.on_time_share"].value / 100)
    assert told.index.countable == 20, "no other group's share is the whole of it"
    assert "chưa có nguồn dữ liệu" in page(province)
    assert index.index_of({}, on=date(2022, 6, 22)) is None


def test_nothing_resolved_has_no_share_and_no_time(province, now) -> None:
    world.dossier(province, "Kia", NOW - timedelta(days=3))
    told = report.report(scope(province)).whole.now
    for code in ("dossiers.on_time_share", "dossiers.hours_mean", "dossiers.hours_p90", "dossiers.electronic_share"):
        assert told.value(code) is None and told.words(code) == "—"
    assert told.value("dossiers.paused_hours") == 0


def test_the_year_before_stands_beside(province, now) -> None:
    for came in (datetime(2024, 3, 5, 3, tzinfo=UTC), datetime(2025, 3, 5, 3, tzinfo=UTC),
                 datetime(2025, 4, 5, 3, tzinfo=UTC), datetime(2025, 4, 8, 3, tzinfo=UTC)):
        world.dossier(province, "Cũ", came, came + timedelta(days=1))
    told = report.report(scope(province))
    assert told.before == (date(2024, 1, 1), date(2024, 9, 17))
    line = told.lines[0]
    assert (line.now.value("dossiers.received"), line.before.value("dossiers.received")) == (3, 1)
    assert line.change("dossiers.received") == 200
    assert line.change("dossiers.refused") is None
    assert "tăng 200,0%" in page(province, so_sanh="1", bang="giai-quyet")
    monthly = report.report(scope(province), cut=Cut.PERIOD)
    march = next(one for one in monthly.lines if one.title == "Tháng 03/2025")
    assert (march.now.value("dossiers.received"), march.before.value("dossiers.received")) == (1, 1)


def test_days_of_the_year_before() -> None:
    assert rules.year_before(date(2025, 2, 1), date(2025, 2, 28)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert rules.year_before(date(2024, 2, 29), date(2024, 3, 1)) == (date(2023, 2, 28), date(2023, 3, 1))
    assert rules.year_before(date(2025, 1, 1), date(2025, 12, 31)) == (date(2024, 1, 1), date(2024, 12, 31))
    assert rules.year_before(date(2025, 5, 5), date(2025, 5, 5)) == (date(2024, 5, 5), date(2024, 5, 5))


def test_the_statistics_cost_the_same_queries_however_many_dossiers(
    province, now, django_assert_max_num_queries
) -> None:
    asked = scope(province)
    live(province, 5)
    spent = []
    for seed in (1, 2):
        live(province, 40, seed=seed)
        with CaptureQueriesContext(connection) as caught, django_assert_max_num_queries(36):
            report.report(asked)
        spent.append(len(caught))
    assert spent[0] == spent[1]


def test_every_number_on_the_page_opens_a_list_of_that_length(province, now) -> None:
    live(province, 30)
    for query in ({"bang": "giai-quyet"}, {"bang": "thoi-han", "theo": "kenh"}, {"bang": "dien-tu", "theo": "ky"},
                  {"bang": "giai-quyet", "co_so": "then"}, {}):
        links = set(re.findall(r'href="(/chi-dao/danh-sach/[^"]+)">([\d.,]+)</a>', page(province, **query)))
        assert len(links) > 10, query
        for href, shown in sorted(links)[::6]:
            path, _, asked = href.replace("&amp;", "&").partition("?")
            code = path.strip("/").split("/")[-1]
            pairs = {key: value.replace("%2F", "/").replace("+", " ") for key, value in
                     (pair.split("=", 1) for pair in asked.split("&"))}
            drilled = ask(
                province, figures.drill, "direction:drill", code, **{k: _plain(v) for k, v in pairs.items()}
            ).content.decode()
            marked = re.search(r'id="reading">([\d.,]+)', drilled) or re.search(r'id="number">([\d.]+)<', drilled)
            assert marked[1] == shown, href


def _plain(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def test_a_report_that_does_not_balance_is_not_given_out(province, now) -> None:
    one = world.dossier(province, "Kia", NOW - timedelta(days=3), NOW - timedelta(days=1))
    with setting_up():
        Custody.objects.filter(dossier=one).update(original_verdict="?")
    text = page(province)
    assert "Số liệu chưa cân đối" in text and "UBND Xã Kia" in text and "thong-ke/tep" not in text
    for kind in statistics.FILES:
        with pytest.raises(rules.Unbalanced):
            ask(province, statistics.statistics_file, "direction:statistics_file", kind, **YEAR)


@pytest.mark.parametrize("query", [
    {"bang": "giai-quyet", "so_sanh": "1"}, pytest.param({"bang": "thoi-han", "theo": "ky"}, marks=pytest.mark.full),
    pytest.param({}, marks=pytest.mark.full),
])
def test_every_file_is_the_table_that_was_shown(province, now, query: dict[str, str]) -> None:
    with setting_up():
        OrgUnit.objects.filter(pk=province["Kia"].pk).update(name="=cmd|' /C calc'!A0")
    live(province, 25)
    shown = page(province, **query)
    cells = [re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in re.findall(
        r"<td class=\"num\" data-label=\"[^\"]+\">(.*?)</td>",
        re.search(r'<table class="data-table figures">.*?</table>', shown, re.DOTALL)[0])]
    files = {
        kind: ask(province, statistics.statistics_file, "direction:statistics_file", kind, **{**YEAR, **query})
        for kind in statistics.FILES
    }
    for kind, answer in files.items():
        assert answer["Content-Disposition"].endswith(f'.{kind}"'), kind
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig")), delimiter=";"))
    head = next(place for place, row in enumerate(rows) if len(row) > 2)
    texts = 2 if rows[head][0] == "Mã" else 1
    table = [row for row in rows[head + 1:] if len(row) > 2]
    assert [cell for row in table for cell in row[texts:]] == [safe_cell(cell) for cell in cells]
    book = load_workbook(io.BytesIO(files["xlsx"].content))
    listed = [[cell.value for cell in row] for row in book.active.iter_rows()]
    top = next(place for place, row in enumerate(listed) if row[:1] == rows[head][:1])
    assert [value for value in listed[top] if value] == rows[head]
    for told, row in zip(listed[top + 1:], table, strict=False):
        for value, text in zip(told[texts:], row[texts:], strict=False):
            if isinstance(value, int | float):
                assert text in (
                    rules.number_words(value), rules.number_words(float(value)), rules.change_words(value)
                )
            else:
                assert value == text
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    paper = Document(io.BytesIO(files["docx"].content))
    grid = next(one for one in paper.tables if len(one.columns) == len(rows[head]))
    assert [cell.text for cell in grid.rows[0].cells] == rows[head]
    said = [[cell.text for cell in row.cells] for row in grid.rows[1:]]
    assert [cell for row in said for cell in row[texts:]] == cells
    section = paper.sections[0]
    assert section.page_width > section.page_height
    assert files["pdf"].content.startswith(b"%PDF-")
    for answer in ("csv", "docx"):
        everything = files[answer].content if answer == "csv" else "\n".join(
            p.text for p in paper.paragraphs).encode()
        for words in ("Từ ngày 01/01/2025 đến ngày 17/09/2025", "Theo đơn vị hiện nay", "Số liệu tính đến 10:00"):
            assert words.encode() in everything
    assert Entry.objects.filter(event="record.read", facts__what__startswith="direction.statistics").count() == 4


def test_who_sees_one_office_sees_its_statistics_alone_and_others_none(province, now) -> None:
    live(province, 30)
    told = report.report(queries.scope_of(world.actor(province["clerk"]), at=NOW, period_from=date(2025, 1, 1)))
    assert [line.title for line in told.lines] == ["UBND Xã Kia"]
    with setting_up():
        from tuphap.shared.accounts.models import User

        province["nobody"] = User.objects.create_staff(username="nguoi.la", password=None, full_name="Người Lạ")
    with pytest.raises(Forbidden):
        ask(province, statistics.statistics, "direction:statistics", who="nobody")
    with pytest.raises(Forbidden):
        ask(province, statistics.statistics_file, "direction:statistics_file", "xlsx", who="nobody")
    with pytest.raises(rules.UnknownFigure):
        ask(province, statistics.statistics_file, "direction:statistics_file", "exe")


@pytest.mark.parametrize("query", [
    {"theo": "x"}, {"bang": "x"}, {"linh_vuc": "x"}, {"thu_tuc": "x"}, {"so_sanh": "x"}, {"tu_ngay": "1"},
    {"theo": "ky", "tu_ngay": "01/01/2017"}, {"thu_tuc": "9.999999"}, {"linh_vuc": "Hộ tịch", "theo": "linh-vuc"},
])
def test_an_odd_address_is_answered_with_a_page(province, now, query: dict[str, str]) -> None:
    live(province, 3)
    assert "Thống kê giải quyết thủ tục hành chính" in page(province, **query)


def test_offices_stand_below_the_one_over_them(province) -> None:
    with setting_up():
        part = OrgUnit.objects.create(
            code="H99.X", name="Phòng Hành chính tư pháp", short_name="Phòng", kind="phong",
            admin_unit=province["Sở"].admin_unit, parent=province["Sở"], valid_from=date(2020, 1, 1), sort_key="P",
        )
    placed = report.tree([part, province["Kia"], province["Sở"]])
    assert [(unit.name, depth) for unit, depth in placed] == [
        ("Sở Tư pháp", 0), ("Phòng Hành chính tư pháp", 1), ("UBND Xã Kia", 0)
    ]
    assert report.tree([part]) == [(part, 0)]


@pytest.mark.parametrize(("value", "words"), [
    (None, "—"), (0, "0"), (1234, "1.234"), (1234.56, "1.234,6"), (0.0, "0,0"), (-2, "−2"),
])
def test_numbers_in_words(value: float | None, words: str) -> None:
    assert rules.number_words(value) == words


def test_a_measure_reads_what_it_is_given() -> None:
    share = indicators.measures["dossiers.online_share"]
    assert indicators.read(share, numbers={"dossiers.received": 3, "dossiers.received_online": 1}) == Reading(
        share.code, 100 / 3, 3
    )
    assert sheet.title_of("dossiers.hours_mean") == "Thời gian giải quyết trung bình (giờ làm việc)"
    assert indicators.p90(list(range(1, 11))) == 9
    assert indicators.p90([5.0]) == 5.0
    with pytest.raises(ValueError, match="nothing"):
        indicators.p90([])
