"""The director's pages over the desk's own figures: every number drills to exactly so many lines, and balances."""

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
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate, standing_at
from tuphap.kernel.text import safe_cell
from tuphap.modules.direction import queries, rules, sheet
from tuphap.modules.direction.rules import Figure
from tuphap.modules.direction.views import figures as views
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.models import User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.rules import Verdict
from tuphap.shared.dossiers.handling import handled
from tuphap.shared.dossiers.models import Custody, Dossier, Pause, Procedure, Rating
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 9, 17, 3, tzinfo=UTC)  # a Wednesday
MERGED = date(2025, 7, 1)


@pytest.fixture
def province() -> dict[str, Any]:
    """A city with two communes of today; the first took the place of one that was closed on 1 July 2025."""
    with setting_up():
        city = AdminUnit.objects.create(
            code="993", level=1, name="Thành phố Mẫu", kind="thanh_pho", valid_from=date(2020, 1, 1), sort_key="0"
        )
        units = {}
        for place, (name, opened, closed) in enumerate(
            [("Cũ", date(2020, 1, 1), MERGED), ("Mới", MERGED, None), ("Kia", MERGED, None)]
        ):
            area = AdminUnit.objects.create(
                code=f"9930{place}", level=3, name=f"Xã {name}", kind="xa", parent=city, valid_from=opened,
                valid_to=closed, sort_key=name,
            )
            units[name] = OrgUnit.objects.create(
                code=f"H99.{place}", name=f"UBND Xã {name}", short_name=f"UBND Xã {name}", kind="ubnd_xa",
                admin_unit=area, valid_from=opened, valid_to=closed, sort_key=name,
            )
        units["Cũ"].successor = units["Mới"]
        units["Cũ"].save()
        units["Sở"] = OrgUnit.objects.create(
            code="H99", name="Sở Tư pháp", short_name="Sở Tư pháp", kind="so", admin_unit=city,
            valid_from=date(2020, 1, 1), sort_key="So",
        )
        director = User.objects.create_staff(username="giam.doc", password=None, full_name="Phạm Giám Đốc")
        clerk = User.objects.create_staff(username="can.bo", password=None, full_name="Lê Cán Bộ")
        for person, unit in ((director, units["Sở"]), (clerk, units["Kia"])):
            Grant.objects.create(
                person=person, permission=rules.Permission.VIEW, unit=unit, valid_from=date(2025, 1, 1)
            )
        procedure = Procedure.objects.create(
            code="9.999999", name="Thủ tục mẫu", sector="Hộ tịch", authority_level="xa", service_kind="toan_trinh",
            limit_unit="WD", restart_rule="RESTART", result_type="Giấy", valid_from=date(2020, 1, 1),
        )
    return {**units, "director": director, "clerk": clerk, "procedure": procedure}


@pytest.fixture
def now() -> Iterator[datetime]:
    with standing_at(NOW) as at:
        yield at


def actor(user: User) -> Actor:
    return Actor(kind=ActorKind.STAFF, name=user.full_name, user_id=user.pk)


numbers = iter(range(1, 10_000))


def dossier(
    province: dict[str, Any], where: str, came: datetime, went: datetime | None = None, outcome: str = "resolved",
    verdict: Verdict = Verdict.ON_TIME, channel: str = "truc_tuyen", due_in: int = 30,
    stood: tuple[datetime, datetime] | None = None,
) -> Dossier:
    """One dossier and its stretch in the office, of which the clock stood still from and to ``stood``."""
    code = f"H99.{next(numbers):06d}"
    unit = province[where]
    with setting_up():
        made = Dossier.objects.create(
            code=code, procedure=province["procedure"], channel=channel, receiving_unit=unit, resolving_unit=unit,
            created_at=came, submitted_at=came, received_at=came, due_at=came + timedelta(days=due_in),
            original_due_at=came + timedelta(days=due_in), verdict=verdict if went and outcome == "resolved" else "",
            original_verdict=verdict if went and outcome == "resolved" else "",
        )
        custody = Custody(
            dossier=made, unit=unit, came="receipt", since=came, channel=channel, procedure=made.procedure,
            verdict=made.verdict, original_verdict=made.original_verdict,
        )
        if stood is not None:
            Pause.objects.create(dossier=made, kind="paused_fee", started_at=stood[0], ended_at=stood[1])
        if went is not None:
            office_time = calendar.ladders(localdate(came), localdate(went))[None]
            took = handled(came, went, [stood] if stood else [], office_time)
            custody.until, custody.outcome = went, outcome
            custody.handling_hours, custody.handling_days = took.hours, took.days
            custody.paused_hours = took.paused_hours
        custody.save()
    return made


def fill(province: dict[str, Any], how_many: int, seed: int = 7) -> None:
    chance = random.Random(seed)
    for _ in range(how_many):
        where = chance.choice(["Cũ", "Mới", "Kia"])
        start = datetime(2025, 4, 1, tzinfo=UTC) if where == "Cũ" else datetime(2025, 7, 2, tzinfo=UTC)
        end = datetime(2025, 6, 29, tzinfo=UTC) if where == "Cũ" else NOW
        came = start + (end - start) * chance.random()
        went = came + timedelta(days=chance.random() * 20)
        is_open = (went > NOW or chance.random() < 0.2) and where != "Cũ"
        dossier(
            province, where, came, None if is_open else min(went, NOW - timedelta(minutes=1)),
            outcome=chance.choice(["resolved"] * 5 + ["refused", "stopped", "withdrawn"]),
            verdict=chance.choice(list(Verdict)), due_in=chance.choice([1, 10, 30]),
            channel=chance.choice(["truc_tuyen", "truc_tiep"]),
        )


def ask(user: User, name: str, *args: str, **query: Any) -> Any:
    """A page through its view, as the actor would get it."""
    request = RequestFactory().get(reverse(name, args=args), query)
    request.actor = actor(user)
    request.user = user
    request.session = {}
    view = {"direction:dashboard": views.dashboard, "direction:drill": views.drill, "direction:print": views.printed,
            "direction:table_csv": views.table_csv, "direction:drill_csv": views.drill_csv}[name]
    return view(request, *args)


def text(answer: Any) -> str:
    return answer.content.decode()


YEAR = {"tu_ngay": "01/01/2025", "den_ngay": "17/09/2025"}


@pytest.mark.parametrize(("step", "basis"), [
    (indicators.Step.WEEK, indicators.Basis.THEN), (indicators.Step.MONTH, indicators.Basis.RESTATED),
    *(pytest.param(step, basis, marks=pytest.mark.full) for step in indicators.Step for basis in indicators.Basis),
])
def test_every_number_on_the_page_is_the_length_of_its_list(province, now, basis, step) -> None:
    fill(province, 60)
    answer = ask(province["director"], "direction:dashboard", **YEAR, co_so=basis.value, buoc=step.value)
    numbered = r'href="(/chi-dao/danh-sach/[^"]+)"[^>]*>\s*(?:<span class="value">)?([\d.]+)<'
    links = set(re.findall(numbered, text(answer)))
    assert len(links) > 20
    for href, shown in links:
        path, _, query = href.replace("&amp;", "&").partition("?")
        code = path.strip("/").split("/")[-1]
        pairs = dict(pair.split("=", 1) for pair in query.split("&"))
        page = text(ask(province["director"], "direction:drill", code, **{
            key: value.replace("%2F", "/") for key, value in pairs.items()
        }))
        assert re.search(r'<span id="number">([\d.]+)</span>', page)[1] == shown, href


def test_the_chart_cells_drill_to_their_numbers_too(province, now) -> None:
    fill(province, 40)
    scope = queries.scope_of(
        actor(province["director"]), at=now, period_from=date(2025, 3, 5), period_to=date(2025, 9, 17)
    )
    board = queries.dashboard(scope)
    assert sum(s.numbers.get(Figure.RECEIVED, 0) for s in board.stretches) == 40
    assert board.whole.numbers[Figure.RECEIVED] == 40
    assert (board.stretches[0].first, board.stretches[0].last) == (date(2025, 3, 5), date(2025, 3, 9))
    for stretch in board.stretches:
        for code in (Figure.RECEIVED, Figure.EARLY, Figure.ON_TIME, Figure.LATE):
            part = queries.scope_of(
                actor(province["director"]), at=now, period_from=stretch.first, period_to=stretch.last
            )
            assert indicators.count(code, part) == stretch.numbers.get(code, 0)


def test_figures_balance_for_any_period_office_and_channel(province, now) -> None:
    fill(province, 60, seed=11)
    chance = random.Random(3)
    for _ in range(25):
        first = date(2025, 4, 1) + timedelta(days=chance.randrange(170))
        scope = queries.scope_of(
            actor(province["director"]), at=now, period_from=first,
            period_to=first + timedelta(days=chance.randrange(60)),
            basis=chance.choice(list(indicators.Basis)), channel=chance.choice(["", "truc_tuyen", "truc_tiep"]),
        )
        board = queries.dashboard(scope)
        assert board.is_balanced, board.whole.numbers


def test_restated_figures_stand_under_todays_office(province, now) -> None:
    came = datetime(2025, 5, 5, 3, tzinfo=UTC)
    dossier(province, "Cũ", came, came + timedelta(days=1))
    dossier(province, "Mới", datetime(2025, 8, 5, 3, tzinfo=UTC))
    then = ask(province["director"], "direction:dashboard", **YEAR, co_so="then")
    restated = ask(province["director"], "direction:dashboard", **YEAR, co_so="restated")
    assert re.findall(r'<th scope="row">(UBND[^<]+)</th>', text(then)) == ["UBND Xã Cũ", "UBND Xã Mới"]
    assert re.findall(r'<th scope="row">(UBND[^<]+)</th>', text(restated)) == ["UBND Xã Mới"]


def test_one_new_dossier_raises_the_figure_by_one_and_is_in_its_list(province, now) -> None:
    fill(province, 10)
    director = province["director"]
    scope = queries.scope_of(actor(director), at=now)
    before = indicators.count(Figure.RECEIVED, scope)
    made = dossier(province, "Kia", NOW - timedelta(hours=2))
    assert indicators.count(Figure.RECEIVED, scope) == before + 1
    page = text(ask(director, "direction:drill", Figure.RECEIVED))
    assert made.code in page
    assert f'<span id="number">{before + 1}</span>' in page
    assert "Số liệu tính đến 10:00 ngày 17/09/2025" in page


def test_a_page_costs_the_same_queries_however_many_dossiers(province, now, django_assert_num_queries) -> None:
    scope = queries.scope_of(actor(province["director"]), at=now, period_from=date(2025, 1, 1))
    fill(province, 3)
    with django_assert_num_queries(4):  # every figure by office and week; the offices' names; the mean of the stars: 2
        queries.dashboard(scope)
    spent = {}
    for more in (1, 50):
        fill(province, more, seed=more)
        for name, args in (("direction:dashboard", ()), ("direction:drill", (Figure.RECEIVED,))):
            with CaptureQueriesContext(connection) as caught:
                ask(province["director"], name, *args, **YEAR)
            spent.setdefault(name, []).append(len(caught))
    for name, (few, many) in spent.items():
        assert few == many, name


def test_a_clerk_sees_only_the_own_office_and_others_nothing(province, now) -> None:
    fill(province, 30)
    page = text(ask(province["clerk"], "direction:dashboard", **YEAR))
    assert re.findall(r'<th scope="row">(UBND[^<]+)</th>', page) == ["UBND Xã Kia"]
    with setting_up():
        stranger = User.objects.create_staff(username="nguoi.la", password=None, full_name="Người Lạ")
    from tuphap.shared.access.api import Forbidden

    for name, args in (("direction:dashboard", ()), ("direction:drill", (Figure.RECEIVED,)), ("direction:print", ()),
                       ("direction:table_csv", ()), ("direction:drill_csv", (Figure.RECEIVED,))):
        with pytest.raises(Forbidden):
            ask(stranger, name, *args)
    with pytest.raises(indicators.OutsideScope):
        queries.scope_of(actor(province["clerk"]), at=now, unit_ids=[province["Mới"].pk])
    with pytest.raises(rules.UnknownFigure):
        ask(province["director"], "direction:drill", "dossiers.none")


def wrong(scope: indicators.Scope) -> QuerySet[Custody]:
    return Custody.objects.none()


def test_figures_that_do_not_balance_are_not_given_out(province, now, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier(province, "Kia", NOW - timedelta(days=3))
    declared = dict(indicators.indicators._items)
    declared[Figure.PENDING] = indicators.Indicator(
        Figure.PENDING.value, "x", "x", list=f"{__name__}.wrong", unit_field="unit"
    )
    monkeypatch.setattr(indicators.indicators, "_items", declared)
    page = text(ask(province["director"], "direction:dashboard"))
    assert "Số liệu chưa cân đối" in page and "UBND Xã Kia" in page
    assert '<h2 id="bang">' not in page and "bang.csv" not in page
    for name in ("direction:table_csv", "direction:print"):
        with pytest.raises(rules.Unbalanced):
            ask(province["director"], name)


def test_the_file_has_the_figures_and_no_cell_is_a_formula(province, now) -> None:
    with setting_up():
        OrgUnit.objects.filter(pk=province["Kia"].pk).update(name="=cmd|' /C calc'!A0")
    dossier(province, "Kia", NOW - timedelta(days=3), NOW - timedelta(days=2), verdict=Verdict.EARLY)
    answer = ask(province["director"], "direction:table_csv")
    body = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";"))
    line = next(row for row in rows if row and row[0] == "H99.2")
    assert line[1] == "'=cmd|' /C calc'!A0"
    assert line[rows[3].index("Tiếp nhận")] == line[rows[3].index("Trước hạn")] == "1"
    assert line[-1] == "100,0"
    listed = ask(province["director"], "direction:drill_csv", Figure.RECEIVED).content.decode("utf-8-sig")
    assert len(listed.strip().splitlines()) == 2
    assert Entry.objects.filter(event="record.read", facts__what__startswith="direction.csv").count() == 2


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_formula_cells_are_defused(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(-5) == -5
    assert safe_cell("H99") == "H99"


def test_the_table_sorts_by_any_column(province, now) -> None:
    for place, number in (("Mới", 3), ("Kia", 1)):
        for _ in range(number):
            dossier(province, place, NOW - timedelta(days=3))
    names = {}
    for sort in (f"-{Figure.RECEIVED}", Figure.RECEIVED, "share", "'; DROP TABLE"):
        page = text(ask(province["director"], "direction:dashboard", **{"sap-xep": sort}))
        names[sort] = re.findall(r'<th scope="row">(UBND[^<]+)</th>', page)
    assert names[f"-{Figure.RECEIVED}"] == ["UBND Xã Mới", "UBND Xã Kia"]
    assert names[Figure.RECEIVED] == ["UBND Xã Kia", "UBND Xã Mới"]
    assert sorted(names["'; DROP TABLE"]) == ["UBND Xã Kia", "UBND Xã Mới"]


@pytest.mark.parametrize(
    "query",
    [
        {"tu_ngay": "32/13/2025"}, {"tu_ngay": "17/09/2025", "den_ngay": "01/01/2025"}, {"don_vi": "abc"},
        {"don_vi": "999999999999999999999"}, {"kenh": "x"}, {"co_so": "x"}, {"buoc": "x"}, {"trang": "-1"},
        {"tu_ngay": "01/01/2020"}, {"tu_ngay": "18/09/2026"}, {"den_ngay": "01/01/2024"},
    ],
)
def test_an_odd_address_is_answered_with_a_page(province, now, query: dict[str, str]) -> None:
    assert ask(province["director"], "direction:dashboard", **query).status_code == 200
    assert ask(province["director"], "direction:drill", Figure.RECEIVED, **query).status_code == 200


def test_nothing_resolved_has_no_share_and_the_paper_says_when(province, now) -> None:
    dossier(province, "Kia", NOW - timedelta(days=3))
    page = text(ask(province["director"], "direction:print"))
    assert "—" in page and "Số liệu tính đến 10:00 ngày 17/09/2025" in page
    assert rules.on_time_share({}) is None
    assert rules.on_time_share({Figure.RESOLVED: 3, Figure.EARLY: 1, Figure.ON_TIME: 1}) == 66.7
    assert sheet.stamp(NOW).startswith("Số liệu")


def test_periods() -> None:
    assert rules.default_period(date(2025, 9, 17)) == (date(2025, 6, 30), date(2025, 9, 17))
    named = {title: (first, last) for title, first, last in rules.presets(date(2025, 1, 15))}
    assert named["Tháng trước"] == (date(2024, 12, 1), date(2024, 12, 31))
    assert named["Năm trước"] == (date(2024, 1, 1), date(2024, 12, 31))
    assert named["Quý này"] == (date(2025, 1, 1), date(2025, 1, 15))


def test_the_api_gives_the_same_figures_and_rows(province, now) -> None:
    from tuphap.modules.direction import api

    fill(province, 20)

    class Request:
        actor = actor(province["director"])

    asked = api.Asked(period_from=date(2025, 1, 1), period_to=date(2025, 9, 17))
    given = api.figures(Request(), asked)
    totals = {n["code"]: n["number"] for n in given["totals"]}
    assert totals[Figure.RECEIVED] == 20 and given["is_balanced"]
    for n in given["by_unit"]:
        one = api.RowsAsked(
            period_from=date(2025, 1, 1), period_to=date(2025, 9, 17), unit_code=n["unit_code"], limit=500
        )
        listed = api.rows(Request(), n["code"], one)
        assert listed["number"] == n["number"] == len(listed["items"])
    with pytest.raises(rules.UnknownUnit):
        api.figures(Request(), api.Asked(unit_code="H00"))


def test_the_satisfaction_of_applicants_is_told_by_office_and_stretch_and_leads_to_its_list(
    province: dict[str, Any], now: datetime, client: Any
) -> None:
    for where, stars, day in (("Mới", 5, 1), ("Mới", 4, 2), ("Kia", 2, 10)):
        made = dossier(province, where, now - timedelta(days=day + 3), now - timedelta(days=day + 1))
        with setting_up():
            Rating.objects.create(dossier=made, unit=province[where], stars=stars, at=now - timedelta(days=day))
    (told,) = queries.dashboard(queries.scope_of(actor(province["director"]), at=now)).measured
    assert (told.whole.base, round(told.whole.value, 2)) == (3, 3.67)
    by_unit = {unit.pk: (line.base, line.value) for unit, line in told.lines}
    assert by_unit == {province["Mới"].pk: (2, 4.5), province["Kia"].pk: (1, 2.0)}
    assert [(line.base, line.value) for _, _, line in told.stretches] == [(1, 2.0), (2, 4.5)]
    force_login(client, province["director"])
    page = client.get(reverse("direction:dashboard")).content.decode()
    assert "Mức độ hài lòng" in page and "<strong>3,67</strong>" in page
    link = re.search(r'href="([^"]*dossiers\.ratings[^"]*)">2<', page)
    assert link is not None
    drilled = client.get(link[1].replace("&amp;", "&"))
    assert drilled.context["number"] == 2 and "5 – Rất hài lòng" in drilled.content.decode()
    figures = client.get("/api/v1/direction/figures").json()
    told_by_unit = [n for n in figures["by_unit"] if n["code"] == "dossiers.ratings"]
    assert {(n["unit_name"], n["number"], n["mean"]) for n in told_by_unit} == {
        (province["Mới"].name, 2, 4.5), (province["Kia"].name, 1, 2.0)}
    assert [n["mean"] for n in figures["totals"] if n["code"] == "dossiers.ratings"] == [3.67]
    force_login(client, province["clerk"])
    assert "<strong>2,00</strong>" in client.get(reverse("direction:dashboard")).content.decode()
