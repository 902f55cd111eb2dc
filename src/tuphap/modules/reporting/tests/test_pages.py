"""The pages and the API of reports: each person's part of the way, files that are the table, who sees whose."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Letter
from openpyxl import load_workbook

from tuphap.kernel.clock import standing_at
from tuphap.modules.reporting import sheet
from tuphap.modules.reporting.models import Form, Report
from tuphap.modules.reporting.rules import State
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.operation.testing import setting_up

from .offices import BIRTHS, ESTIMATE, HALF, MARRIAGES, NOW, OTHERS, Offices, sign
from .test_reports import a_month, two_births

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(NOW), documents.signing_by_hand():
        yield


@pytest.fixture
def browser(offices: Offices) -> Browser:
    def of(role: str) -> Client:
        client = Client()
        force_login(client, offices.users[role])
        return client

    return of


def body(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_a_report_goes_its_way_through_the_pages(offices: Offices, browser: Browser) -> None:
    two_births(offices.world)
    officer, chairman, checker, planner = map(browser, ("officer", "chairman", "checker", "planner"))
    home = f"{reverse('reporting:reports')}?ky={HALF}"
    page = officer.get(home)
    assert body(page).count("Lập báo cáo") == 3
    made = officer.post(reverse("reporting:begin"), {"form": BIRTHS, "unit": offices.here.pk, "period": HALF})
    report = Report.objects.get()
    assert (made.status_code, made["Location"]) == (302, report.get_absolute_url())
    page = officer.get(report.get_absolute_url())
    assert "Trình lãnh đạo ký" in body(page)
    assert "Đăng ký khai sinh" in body(page)
    fill = reverse("reporting:fill", args=[report.pk])
    assert officer.post(fill, {"propose": "1"}).status_code == 302
    assert chairman.get(home).context["own"][0].state == State.READY
    back = chairman.post(reverse("reporting:send_back", args=[report.pk]), {"reason": ""})
    assert back.status_code == 422
    assert "Vui lòng điền mục này" in body(back)
    assert chairman.post(reverse("reporting:approve", args=[report.pk])).status_code == 302
    assert "Đang ký số" in body(officer.get(report.get_absolute_url()))
    sign(Report.objects.get())
    assert "Chờ kiểm tra" in body(checker.get(home))
    assert checker.post(reverse("reporting:accept", args=[report.pk])).status_code == 302
    refused = planner.post(reverse("reporting:aggregate"), {
        "form": BIRTHS, "unit": offices.department.pk, "period": HALF, "reason": ""})
    assert refused.status_code == 422
    assert "chưa có báo cáo được tiếp nhận" in body(refused)
    box = f"ly-do-{report.form.pk}"
    assert f'<span class="field-error" id="{box}-loi">' in body(refused)
    assert re.search(f'<details class="inline-form" open>.*aria-describedby="{box}-loi"', body(refused), re.DOTALL)
    done = planner.post(reverse("reporting:aggregate"), {
        "form": BIRTHS, "unit": offices.department.pk, "period": HALF, "reason": "Gửi sau"})
    summary = Report.objects.get(level="tinh")
    assert done["Location"] == summary.get_absolute_url()
    assert "Chưa có báo cáo (không tính là 0)" in body(planner.get(summary.get_absolute_url()))
    part = planner.get(reverse("reporting:cell", args=[summary.pk, "births", "all"]))
    assert offices.here.short_name in body(part)
    amended = officer.post(reverse("reporting:amend", args=[report.pk]), {"reason": "Đếm thiếu"})
    assert amended["Location"] == Report.objects.get(version=2).get_absolute_url()


def test_a_locked_figure_stands_on_the_board_beside_the_living_one(offices: Offices, browser: Browser) -> None:
    """Of the ward, and of the whole province; what was registered since is in the living figure alone."""
    two_births(offices.world)
    offices.accepted()
    sign(offices.approved(offices.summed()))
    offices.world.registered(offices.world.distinct(7))
    with setting_up():
        Grant.objects.create(person=offices.users["director"], permission="direction.figures.view",
                             unit=offices.department, valid_from=date(2024, 1, 1))
    director, half = browser("director"), {"tu_ngay": "01/01/2026", "den_ngay": "30/06/2026"}
    for unit, form in ((offices.here.pk, BIRTHS), ("", "11c/BTP/HCTP/HT/KSKT")):
        page = director.get(reverse("direction:board", args=["ho-tich"]), {**half, "don_vi": unit})
        rows = [(title, live, [(one.number, one.title) for one in told])
                for title, live, told in page.context["published"]]
        assert ("Khai sinh đăng ký lần đầu", "3", [(2, f"Báo cáo số 01/2026, biểu {form}")]) in rows
        assert "Số liệu đã chốt trong báo cáo" in body(page)


def test_every_number_of_the_page_opens_a_list_of_just_that_length(offices: Offices, browser: Browser) -> None:
    a_month(offices.world)
    report = offices.begun()
    client = browser("officer")
    page = client.get(report.get_absolute_url()).content.decode()
    links = re.findall(r'<a href="(/bao-cao/[^"]+/o/[^"]+)">([0-9.]+)</a>', page)
    assert len(links) > 20
    for address, number in links:
        found = client.get(address)
        assert found.context["number"] == int(number), address
    listed = body(client.get(reverse("reporting:cell", args=[report.pk, "births", "all"])))
    assert offices.world.here.code in listed
    assert client.get(reverse("reporting:cell", args=[report.pk, "births_again", "late"])).status_code == 404


def test_what_is_wrong_is_said_beside_its_box_and_what_was_typed_stays(offices: Offices, browser: Browser) -> None:
    two_births(offices.world)
    report = offices.begun(period=ESTIMATE)
    client, fill = browser("officer"), reverse("reporting:fill", args=[report.pk])
    shown = client.get(report.get_absolute_url())
    assert 'name="o_births__all"' in body(shown)
    typed = {field.name: field.initial for field in shown.context["form"] if field.name.startswith("o_")}
    wrong = client.post(fill, {**typed, "o_births__all": "77", "propose": "1"})
    assert wrong.status_code == 422
    assert 'value="77"' in body(wrong)
    assert "tổng ghi" in body(wrong)
    assert Report.objects.get().state == State.DRAFT
    assert client.post(fill, {**typed, "o_births__all": "-1"}).status_code == 422
    assert client.post(fill, {**typed, "propose": "1"}).status_code == 302


def test_a_summary_of_nothing_is_confirmed_and_goes_before_the_leader(offices: Offices, browser: Browser) -> None:
    offices.accepted()
    summary = offices.summed()
    client, fill = browser("planner"), reverse("reporting:fill", args=[summary.pk])
    assert "confirmed_zero" in client.get(summary.get_absolute_url()).context["form"].fields
    refused = client.post(fill, {"propose": "1"})
    assert "xác nhận trong kỳ không phát sinh việc nào" in body(refused)
    assert client.post(fill, {"propose": "1", "confirmed_zero": "on"}).status_code == 302
    assert Report.objects.get(pk=summary.pk).state == State.READY


@pytest.mark.parametrize("form", [
    BIRTHS, *(pytest.param(form, marks=pytest.mark.full) for form in (MARRIAGES, OTHERS))])
def test_the_files_are_the_table(offices: Offices, browser: Browser, form: str) -> None:
    two_births(offices.world)
    report = offices.begun(form)
    shown = sheet.sheet(report)
    client = browser("chairman")

    def get(kind: str) -> bytes:
        found = client.get(reverse("reporting:file", args=[report.pk, kind]))
        assert found.status_code == 200
        return bytes(found.content)

    page = load_workbook(io.BytesIO(get("xlsx"))).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "STT") + 1
    for row, cells in zip(shown.rows, rows[start:], strict=False):
        assert cells[1].strip() == row.title
        assert cells[2 : 2 + len(row.cells)] == [c.words if c.number is None else c.number for c in row.cells]
    letter = Letter(io.BytesIO(get("docx")))
    grid = next(table for table in letter.tables if len(table.columns) == len(shown.all_heads))
    assert [tuple(cell.text for cell in row.cells) for row in grid.rows[1:]] == list(shown.lines)
    told = json.loads(get("json"))
    assert {(c["row"], c["column"]): c["value"] for c in told["cells"]} == report.values
    assert get("pdf").startswith(b"%PDF")
    assert client.get(reverse("reporting:file", args=[report.pk, "exe"])).status_code == 404
    assert Entry.objects.filter(subject_id=str(report.pk), event="record.read").count() == 4


def test_another_office_is_not_even_there(offices: Offices, browser: Browser) -> None:
    report = offices.begun()
    for role, status in (("stranger", 404), ("inspector", 200), ("director", 200), ("bank", 403)):
        assert browser(role).get(report.get_absolute_url()).status_code == status, role
        assert browser(role).get(f"/api/v1/reporting/reports/{report.pk}").status_code == status, role
    assert browser("bank").get(reverse("reporting:reports")).status_code == 403
    page = browser("inspector").get(report.get_absolute_url())
    assert "Trình lãnh đạo ký" not in body(page)
    assert browser("inspector").post(reverse("reporting:recount", args=[report.pk])).status_code == 403


def test_the_list_costs_as_many_queries_for_many_reports_as_for_one(offices: Offices, browser: Browser) -> None:
    client = browser("planner")
    address = f"{reverse('reporting:reports')}?ky={HALF}"

    def queries() -> int:
        client.get(address)  # what is read once and kept
        with CaptureQueriesContext(connection, ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    offices.sent()
    before = queries()
    for form in (MARRIAGES, OTHERS):
        offices.sent(form)
        offices.sent(form, unit=offices.there)
    assert queries() == before <= 40


def test_a_new_version_of_a_form_through_the_page(offices: Offices, browser: Browser) -> None:
    form = Form.objects.get(code=MARRIAGES)
    client, address = browser("planner"), reverse("reporting:new_version", args=[form.pk])
    shown = client.get(address)
    assert shown.status_code == 200
    told = {"code": form.code, "summary_code": form.summary_code, "title": "Kết hôn", "legal_basis": "TT mới",
            "valid_from": "01/01/2027"}
    assert client.post(address, {**told, "layout": "{"}).status_code == 422
    bad = client.post(address, {**told, "layout": "{}"})
    assert "Biểu mẫu chưa đúng" in body(bad)
    entered = client.post(address, {**told, "layout": json.dumps(form.layout)})
    assert entered.status_code == 302
    assert Form.objects.filter(code=MARRIAGES).count() == 2
    page = client.get(entered["Location"])
    assert "Cột: Tổng số = Trong nước + Có yếu tố nước ngoài" in body(page)
    assert browser("officer").get(address).status_code == 403
    assert client.get(reverse("reporting:forms")).status_code == 200


def test_the_api_does_what_the_pages_do(offices: Offices, browser: Browser) -> None:
    two_births(offices.world)
    officer, chairman, checker, planner = map(browser, ("officer", "chairman", "checker", "planner"))

    def post(client: Client, address: str, told: dict[str, Any] | None = None) -> Any:
        return client.post(f"/api/v1/reporting/{address}", json.dumps(told or {}), content_type="application/json")

    made = post(officer, "reports", {"form": BIRTHS, "unit_code": offices.here.code, "period": HALF})
    assert made.status_code == 201
    report = made.json()
    assert {(c["row"], c["column"]): c["value"] for c in report["cells"]}["births", "all"] == 2
    one = f"reports/{report['id']}"
    assert officer.get(f"/api/v1/reporting/{one}/cells/births/male").json()["number"] == 1
    assert post(officer, f"{one}/propose").json()["state"] == "ready"
    assert post(chairman, f"{one}/approve").json()["state"] == "signing"
    sign(Report.objects.get())
    assert post(checker, f"{one}/accept").json()["state"] == "accepted"
    missing = post(planner, "summaries", {"form": BIRTHS, "unit_code": "H31.09", "period": HALF})
    assert (missing.status_code, missing.json()["code"]) == (422, "reporting.child_missing")
    summed = post(planner, "summaries", {"form": BIRTHS, "unit_code": "H31.09", "period": HALF, "reason": "Gửi sau"})
    assert (summed.status_code, summed.json()["state"]) == (201, "draft")
    listed = planner.get(f"/api/v1/reporting/reports?period={HALF}&form={BIRTHS}").json()
    assert {one["unit_code"] for one in listed} == {offices.here.code, "H31.09"}
    assert officer.get("/api/v1/reporting/reports?period=x").status_code == 404
    twice = post(officer, "reports", {"form": BIRTHS, "unit_code": offices.here.code, "period": HALF})
    assert (twice.status_code, twice.json()["code"]) == (409, "reporting.report_exists")
    assert len(officer.get("/api/v1/reporting/forms").json()) == 3
