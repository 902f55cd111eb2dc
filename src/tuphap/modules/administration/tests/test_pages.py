"""The pages: what each shows to whom, and that they call the operations."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from tuphap.kernel.clock import localdate, now
from tuphap.modules.administration.export import as_csv, safe_cell
from tuphap.shared.access.api import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import ApiToken, User
from tuphap.shared.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(province) -> Client:
    return _in(province.root)


@pytest.fixture
def local(province) -> Client:
    return _in(province.local)


def _in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


PAGES = ("/quan-tri/nguoi-dung/", "/quan-tri/nguoi-dung/them/", "/quan-tri/nguoi-dung/them-co-quan/",
         "/quan-tri/nhat-ky/", "/quan-tri/ra-soat-quyen.csv")


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_open_them(province, root, page) -> None:
    assert root.get(page).status_code == 200
    assert _in(province.clerk).get(page).status_code == 403
    assert Client().get(page)["location"].startswith("/dang-nhap/")


def test_citizens_are_turned_away(province) -> None:
    from tuphap.shared.operation.testing import setting_up

    with setting_up():
        citizen = User.objects.create_citizen(issuer="https://i", subject="s", full_name="Công Dân")
    for page in PAGES:
        assert _in(citizen).get(page).status_code == 403


def test_every_address_of_administration_is_closed_to_a_clerk(province) -> None:
    """Whatever is added under /quan-tri/ must be closed, or be named here."""
    open_to_staff = {"delegation", "end_delegation", "home"}
    resolver = next(
        p for p in get_resolver().url_patterns if getattr(p, "app_name", None) == "administration"
    )
    clerk = _in(province.clerk)
    for pattern in resolver.url_patterns:
        if pattern.name in open_to_staff:
            continue
        address = "/quan-tri/" + str(pattern.pattern).replace("<uuid:user_id>", str(province.other.pk)).replace(
            "<int:grant_id>", str(Grant.objects.order_by("pk").first().pk)
        ).replace("<int:token_id>", "1")
        answers = {clerk.get(address).status_code, clerk.post(address, {"reason": "x"}).status_code}
        assert answers <= {403, 404, 405}, (address, answers)
    assert not User.objects.filter(is_active=False).exists()
    assert not Grant.objects.filter(revoked_at__isnull=False).exists()


def test_a_local_administrator_sees_his_own_people_alone(province, local) -> None:
    page = text_of(local.get("/quan-tri/nguoi-dung/"))
    assert "Nguyễn Thị Lan" in page and "Trần Văn Bình" not in page
    assert local.get(f"/quan-tri/nguoi-dung/{province.clerk.pk}/").status_code == 200
    assert local.get(f"/quan-tri/nguoi-dung/{province.other.pk}/").status_code == 404
    assert local.get("/quan-tri/nguoi-dung/", {"loai": "agency"}).status_code == 200


def test_search_by_name_title_or_office(province, root) -> None:
    assert "Trần Văn Bình" not in text_of(root.get("/quan-tri/nguoi-dung/", {"tim": "thị lan"}))
    assert "Trần Văn Bình" in text_of(root.get("/quan-tri/nguoi-dung/", {"tim": "Y.2"}))


def test_a_new_account_shows_its_password_once_and_it_opens_the_door(province, local) -> None:
    asked = {"full_name": "Lê Văn Mới", "username": "moi.lv", "office": province.a.pk, "title": "Công chức"}
    page = local.post("/quan-tri/nguoi-dung/them/", asked)
    assert page.status_code == 200 and "no-store" in page["cache-control"]
    password = page.context["secret"]
    made = User.objects.get(username="moi.lv")
    assert made.check_password(password) and made.must_change_password
    assert Client().post("/dang-nhap/", {"username": "moi.lv", "password": password})["location"].endswith("ghi-danh/")
    again = local.post("/quan-tri/nguoi-dung/them/", asked)
    assert again.status_code == 422 and "đã có người dùng" in text_of(again)


def test_an_office_that_is_not_ones_own_cannot_be_chosen(province, local) -> None:
    asked = {"full_name": "Lê Văn Mới", "username": "moi.lv", "office": province.b.pk}
    assert local.post("/quan-tri/nguoi-dung/them/", asked).status_code == 422
    assert not User.objects.filter(username="moi.lv").exists()


def test_giving_and_taking_a_role(province, local) -> None:
    here = f"/quan-tri/nguoi-dung/{province.clerk.pk}/"
    today = localdate(now())
    asked = {"role": "receiver", "unit": province.a.pk, "valid_from": f"{today:%d/%m/%Y}", "basis": "QĐ 15"}
    assert local.post(f"{here}giao-quyen/", asked).status_code == 302
    grant = Grant.objects.filter(person=province.clerk).first()
    assert grant.valid_from == today and grant.basis == "QĐ 15"
    assert "đã có vai trò" in text_of(local.post(f"{here}giao-quyen/", asked))
    assert "Tiếp nhận" in text_of(local.get(here))
    local.post(f"/quan-tri/quyen/{grant.pk}/thu-hoi/", {"reason": ""})
    grant.refresh_from_db()
    assert grant.revoked_at is None
    local.post(f"/quan-tri/quyen/{grant.pk}/thu-hoi/", {"reason": "Đổi việc"})
    grant.refresh_from_db()
    assert grant.revoked_reason == "Đổi việc"


def test_a_bad_day_is_told_beside_its_field(province, local) -> None:
    answer = local.post(
        f"/quan-tri/nguoi-dung/{province.clerk.pk}/giao-quyen/",
        {"role": "receiver", "unit": province.a.pk, "valid_from": "31/02/2026"},
    )
    assert answer.status_code == 422
    assert answer.context["role_form"].errors["valid_from"] == ["Ngày không hợp lệ, cần dạng ngày/tháng/năm."]


def test_closing_and_opening_an_account(province, local) -> None:
    here = f"/quan-tri/nguoi-dung/{province.clerk.pk}/"
    local.post(f"{here}khoa/", {"reason": ""})
    assert User.objects.get(pk=province.clerk.pk).is_active
    local.post(f"{here}khoa/", {"reason": "Nghỉ việc"})
    assert not User.objects.get(pk=province.clerk.pk).is_active
    assert "Nghỉ việc" in text_of(local.get(here))
    local.post(f"{here}mo-lai/", {"reason": "Trở lại"})
    assert User.objects.get(pk=province.clerk.pk).is_active
    assert local.post(f"/quan-tri/nguoi-dung/{province.other.pk}/khoa/", {"reason": "x"}).status_code == 403


def test_a_token_is_shown_once_and_works(province, root) -> None:
    expires = localdate(now()) + timedelta(days=30)
    page = root.post(
        f"/quan-tri/nguoi-dung/{province.clerk.pk}/cap-ma/",
        {"label": "Thử", "scopes": ["audit.view"], "expires": f"{expires:%d/%m/%Y}"},
    )
    assert page.status_code == 200
    secret = page.context["secret"]
    assert accounts.token_named(secret, at=now()).owner == province.clerk
    token = ApiToken.objects.get()
    root.post(f"/quan-tri/ma-truy-cap/{token.pk}/thu-hoi/")
    assert accounts.token_named(secret, at=now()) is None


def test_lending_from_the_page(province) -> None:
    province.give(province.clerk, "chairman", province.a, valid_from=localdate(now()))
    colleague = province.staff("dong-nghiep", "Vũ Thị Hoa", province.a, title="Phó Chủ tịch")
    leader, today = _in(province.clerk), localdate(now())
    page = text_of(leader.get("/quan-tri/uy-quyen/"))
    assert "Vũ Thị Hoa – Phó Chủ tịch" in page and "Trần Văn Bình" not in page
    grant = Grant.objects.filter(person=province.clerk, permission="direction.figures.view").get()
    asked = {
        "grants": [grant.pk], "to": colleague.pk, "first": f"{today:%d/%m/%Y}",
        "last": f"{today + timedelta(3):%d/%m/%Y}", "basis": "Giấy ủy quyền 07",
    }
    assert leader.post("/quan-tri/uy-quyen/", asked).status_code == 302
    lent = Grant.objects.get(person=colleague)
    assert "Vũ Thị Hoa" in text_of(leader.get("/quan-tri/uy-quyen/"))
    assert leader.post("/quan-tri/uy-quyen/", asked).status_code == 422
    leader.post(f"/quan-tri/uy-quyen/{lent.pk}/cham-dut/")
    lent.refresh_from_db()
    assert lent.revoked_at is not None


class TestLog:
    def test_denials_show_their_reason(self, province, root) -> None:
        _in(province.clerk).get("/quan-tri/nguoi-dung/")
        page = text_of(root.get("/quan-tri/nhat-ky/", {"denials": "on"}))
        assert "chưa được giao quyền này" in page and "Nguyễn Thị Lan" in page

    def test_looking_at_the_log_is_in_the_log(self, province, root) -> None:
        root.get("/quan-tri/nhat-ky/")
        assert Entry.objects.filter(event="record.read", facts__what="audit.log").count() == 1

    def test_a_commune_sees_its_own_entries_alone(self, province, local) -> None:
        lines = local.get("/quan-tri/nhat-ky/").context["lines"]
        assert lines and {line["entry"].unit_id for line in lines} == {province.a.pk}

    def test_filters(self, province, root) -> None:
        today = f"{localdate(now()):%d/%m/%Y}"
        lines = root.get("/quan-tri/nhat-ky/", {"event": "administration.granted", "who": "gốc"}).context["lines"]
        assert {line["entry"].event for line in lines} == {"administration.granted"}
        assert root.get("/quan-tri/nhat-ky/", {"first": today, "last": "xx"}).status_code == 200


def test_the_review_of_rights_is_a_table_without_formulas(province, root) -> None:
    evil = province.staff("ac", "=HYPERLINK(1)", province.a)
    province.give(evil, "receiver", province.a, basis="+CMD")
    answer = root.get("/quan-tri/ra-soat-quyen.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Họ và tên"
    mine = [row for row in rows if row[1] == "ac"]
    assert mine and all(row[0] == "'=HYPERLINK(1)" and row[11] == "'+CMD" for row in mine)
    assert Entry.objects.filter(facts__what="administration.rights_exported").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x"])
def test_cells_that_spreadsheets_would_run_are_escaped(text) -> None:
    assert safe_cell(text) == f"'{text}"


def test_plain_cells_stay_as_they_are() -> None:
    assert as_csv(("a",), [("Đặng Văn Ổn",), (None,), (5,)]).decode("utf-8-sig").splitlines() == [
        "a", "Đặng Văn Ổn", '""', "5",
    ]


def test_the_list_of_people_costs_the_same_for_many(province, root) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert root.get("/quan-tri/nguoi-dung/").status_code == 200
        return len(asked)

    cost()  # how far the reader's grants reach is worked out once
    few = cost()
    for n in range(15):
        province.staff(f"nguoi-{n}", f"Người Thứ {n}", province.a if n % 2 else province.b)
    assert cost() == few


def test_the_calendar_of_the_year_and_writing_a_day(province, root, local) -> None:
    page = root.get("/quan-tri/lich/", {"nam": "2026"})
    assert len(page.context["months"]) == 12
    assert root.get("/quan-tri/lich/", {"nam": "²"}).status_code == 200
    assert not local.get("/quan-tri/lich/").context["may_change"]
    asked = {"day": "25/12/2028", "kind": "HOLIDAY", "source_document": "QĐ 9", "switched_on": "on"}
    assert local.post("/quan-tri/lich/", asked).status_code == 403
    assert root.post("/quan-tri/lich/", asked)["location"] == "/quan-tri/lich/?nam=2028"
    december = root.get("/quan-tri/lich/", {"nam": "2028"}).context["months"][11]
    cell = next(c for week in december.weeks for c in week if c.day and c.day.day == 25)
    assert not cell.worked and cell.named == "Nghỉ lễ, tết"
    assert root.post("/quan-tri/lich/", {**asked, "source_document": ""}).status_code == 422
