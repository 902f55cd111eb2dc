"""The pages that belong to no module, and how every refusal and error is shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tuphap.kernel.actor import PUBLIC
from tuphap.kernel.refusal import Invalid, Problem
from tuphap.site import errors
from tuphap.site.middleware import RefusalMiddleware
from tuphap.site.pages import OFTEN_WANTED


@pytest.mark.django_db
def test_the_front_page_offers_a_search_and_no_inline_style() -> None:
    page = Client().get("/").content.decode()
    assert "Ông/bà cần làm việc gì?" in page
    assert not re.search(r"\sstyle=|\son\w+=", page)
    assert "Dữ liệu mẫu" not in page and "Xác minh giấy tờ điện tử" in page


@pytest.mark.django_db
def test_the_front_page_names_what_people_often_want(catalogue: None) -> None:
    page = Client().get("/").content.decode()
    places = [page.index(f'/thu-tuc/{code}/"') for code in OFTEN_WANTED]
    assert places == sorted(places)


@pytest.mark.django_db
@override_settings(SAMPLE_MODE=True)
def test_the_sample_says_on_every_page_that_it_is_one() -> None:
    page = Client().get("/").content.decode()
    assert "Dữ liệu mẫu." in page and f'hx-get="{reverse("site:sample_progress")}"' in page


@pytest.mark.django_db
def test_communes_are_suggested_while_one_types(country: None) -> None:
    found = Client().get("/don-vi/tim/", {"q": "hong bang"}).json()["items"]
    assert found[0].startswith("Phường Hồng Bàng, ")
    assert Client().get("/don-vi/tim/", {"q": "h"}).json()["items"] == []


@pytest.mark.django_db
def test_an_unknown_address_and_a_failure_are_told_in_plain_words() -> None:
    lost = Client().get("/khong-co-trang-nay/")
    assert lost.status_code == 404 and "Không tìm thấy trang" in lost.content.decode()
    failed = errors.server_error(RequestFactory().get("/"))
    assert failed.status_code == 500 and "chưa được ghi nhận" in failed.content.decode()


@pytest.mark.django_db
def test_a_form_from_another_session_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/tra-cuu/", {"ma": "x"})
    assert answer.status_code == 403 and "Chưa gửi được biểu mẫu" in answer.content.decode()


@pytest.mark.django_db
def test_a_refusal_that_no_page_caught_lists_every_problem() -> None:
    request = RequestFactory().get("/")
    request.actor = PUBLIC
    refusal = Invalid((Problem("a", "x", "Thiếu ngày sinh."), Problem("b", "y", "Thiếu tên.")))
    answer = RefusalMiddleware(lambda r: None).process_exception(request, refusal)  # type: ignore[arg-type,return-value]
    text = answer.content.decode()
    assert answer.status_code == 422 and "Thiếu ngày sinh." in text and "Thiếu tên." in text
