"""A module's board: every number is its list, the year before beside it, few people hidden, files are the table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Letter
from openpyxl import load_workbook

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.tests.world import AT, World, make_world
from tuphap.modules.direction import board, queries, rules
from tuphap.modules.direction.rules import Permission
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=20)
MARCH = {"tu_ngay": "01/03/2026", "den_ngay": "31/03/2026"}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with standing_at(NOW):
        yield


@pytest.fixture
def world(law: None, db: None) -> World:
    """Six births here, one of them late; two directors, of whom one may open the registers."""
    made = make_world()
    department = OrgUnit.objects.get(code="H31.09", valid_to__isnull=True)
    with setting_up():
        for role, permissions in (("director", [Permission.VIEW, "civil_status.act.view"]), ("deputy_director", [
                Permission.VIEW])):
            made.users[role] = User.objects.create_staff(username=role, password=None, full_name=role)
            for permission in permissions:
                Grant.objects.create(
                    person=made.users[role], permission=permission, unit=department, valid_from=date(2024, 1, 1)
                )
        Grant.objects.create(person=made.users["chairman"], permission=Permission.VIEW, unit=made.here,
                             valid_from=date(2024, 1, 1))
    for number in range(5):
        made.registered(made.distinct(number))
    made.registered(made.distinct(9, child={"sex": "male", "born_on": "2025-11-01"}))
    return made


@pytest.fixture(scope="session")
def law(country: None, django_db_blocker: Any) -> None:
    from tuphap.shared.calendar import api as calendar
    from tuphap.shared.dossiers import api as dossiers

    with django_db_blocker.unblock():
        calendar.seed_calendar()
        dossiers.seed_procedures()


def asked(world: World, role: str, **more: Any) -> indicators.Scope:
    told = {"period_from": date(2026, 3, 1), "period_to": date(2026, 3, 31), **more}
    return queries.scope_of(actor_for(world.users[role]), at=NOW, **told)


def told(world: World, role: str) -> board.Told:
    return board.read(board.get_board("ho-tich"), asked(world, role), step=indicators.Step.WEEK)


def browser(world: World, role: str) -> Client:
    client = Client()
    force_login(client, world.users[role])
    return client


def test_every_figure_is_the_length_of_its_list(world: World) -> None:
    scope, found = asked(world, "director"), told(world, "director")
    for code, figure in found.now.items():
        assert figure.number == indicators.count(code, scope), code
    births = "civil_status.births"
    assert (found.now[births].number, found.now["civil_status.births_late"].number) == (6, 1)
    assert found.now["civil_status.births_on_time_share"].words == "83,3 %"
    assert sum(numbers.get(births, 0) for _, _, numbers in found.stretches) == 6
    assert [(unit.pk, line[births].number) for unit, line in found.lines] == [(world.here.pk, 6)]
    assert found.before[births].number == 0


def test_few_people_are_hidden_from_who_may_not_open_the_register(world: World) -> None:
    late, births = "civil_status.births_late", "civil_status.births"
    shown = {role: told(world, role).lines[0][1] for role in ("director", "deputy_director", "chairman")}
    assert {role: line[late].words for role, line in shown.items()} == {
        "director": "1", "deputy_director": "dưới 5", "chairman": "1"}
    assert {line[births].words for line in shown.values()} == {"6"}
    assert shown["deputy_director"][late].value is None
    page = browser(world, "deputy_director").get(reverse("direction:board", args=["ho-tich"]), MARCH)
    assert "số người quá ít để nêu" in page.content.decode()


def test_change_is_told_in_per_cent_or_in_points() -> None:
    def share(value: float | None) -> board.Figure:
        return board.Figure("x", 0, indicators.Reading("x", value))

    assert board.change(board.Figure("x", 12), board.Figure("x", 10)) == pytest.approx(20)
    assert board.change(board.Figure("x", 12), board.Figure("x", 0)) is None
    assert board.change(share(90.0), share(80.0)) == pytest.approx(10)
    assert board.change(share(None), share(80.0)) is None


def test_the_page_its_files_and_the_log(world: World) -> None:
    client = browser(world, "director")
    page = client.get(reverse("direction:boards"), MARCH)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Tỷ lệ khai sinh đúng hạn" in text
    assert "cùng kỳ năm trước: 0" in text
    shown = page.context["sheet"]
    address = page.context["files"]
    assert [title for title, _ in address] == ["Excel (XLSX)", "PDF", "Word (DOCX)", "CSV"]
    found = {title: client.get(href) for title, href in address}
    rows = [[cell.value for cell in row] for row in load_workbook(
        io.BytesIO(found["Excel (XLSX)"].content)).active.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "Mã")
    for row, cells in zip(shown.rows, rows[start + 1 :], strict=False):
        assert cells[2 : 2 + len(row.cells)] == [c.words if c.number is None else c.number for c in row.cells]
    grid = next(t for t in Letter(io.BytesIO(found["Word (DOCX)"].content)).tables if len(t.columns) > 5)
    assert len(grid.rows) == len(shown.rows) + 1
    assert found["PDF"].content.startswith(b"%PDF")
    listed = list(csv.reader(io.StringIO(found["CSV"].content.decode("utf-8-sig")), delimiter=";"))
    assert [list(line) for line in shown.lines] == [row for row in listed if row and row[0] in ("", world.here.code)
                                                    and len(row) == len(shown.all_heads)]
    assert Entry.objects.filter(event="record.read", facts__what="direction.board.xlsx").count() == 1
    assert client.get(reverse("direction:board_file", args=["ho-tich", "exe"])).status_code == 404
    assert client.get(reverse("direction:board", args=["khong-co"])).status_code == 404
    assert browser(world, "officer").get(reverse("direction:boards")).status_code == 403


def test_the_board_costs_as_many_queries_for_many_offices_as_for_one(world: World) -> None:
    def queries_of() -> int:
        with CaptureQueriesContext(connection) as seen:
            told(world, "director")
        return len(seen)

    queries_of()  # how far the director's grants reach is worked out once
    before = queries_of()
    for number in range(20, 24):
        world.registered(world.distinct(number))
    assert queries_of() == before <= 12


def test_the_api_tells_the_same(world: World) -> None:
    answer = browser(world, "director").get("/api/v1/direction/boards/ho-tich", {
        "period_from": "2026-03-01", "period_to": "2026-03-31"})
    assert answer.status_code == 200
    totals = {one["code"]: one["value"] for one in json.loads(answer.content)["totals"]}
    assert totals["civil_status.births"] == 6
    assert totals["civil_status.births_on_time_share"] == pytest.approx(100 * 5 / 6)


def test_there_is_no_other_board(world: World) -> None:
    with pytest.raises(rules.UnknownFigure):
        board.get_board("khong-co")
