"""What the site does around every request."""

from __future__ import annotations

import pytest
from django.test import Client

from tuphap.shared.accounts.models import User
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


def test_a_passer_by_is_sent_to_log_in_and_comes_back(client) -> None:
    answer = client.get("/chi-dao/", {"tu": "1"}, **BROWSER)
    assert answer["location"] == "/dang-nhap/?next=/chi-dao/%3Ftu%3D1"
    assert client.get("/chi-dao/").status_code == 403  # a program is told plainly


def test_somebody_known_is_told_that_it_is_not_his() -> None:
    with setting_up():
        user = User.objects.create_staff(username="x", password=None, full_name="Người Không Quyền")
    known = Client()
    known.force_login(user)
    assert known.get("/chi-dao/", **BROWSER).status_code == 403


def test_a_denied_read_is_kept_with_its_reason_and_the_request(client) -> None:
    answer = client.get("/chi-dao/")
    kept = Entry.objects.get(event="access.denied")
    assert kept.facts["details"]["reason"] == "nobody"
    assert kept.request_id == answer["x-request-id"]


def test_every_answer_bears_the_strict_policy(client) -> None:
    for address in ("/", "/dang-nhap/", "/khong-co/", "/api/v1/khong-co"):
        policy = client.get(address)["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
