"""Administration over HTTP: every operation once with its answer, and the same refusals as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.ids import new_id
from tuphap.shared.access.api import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import User

pytestmark = pytest.mark.django_db
BASE = "/api/v1/administration"


def _in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def root(province) -> Client:
    return _in(province.root)


def post(client: Client, path: str, body: Any = None, **headers: str):
    return client.post(f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", **headers)


STAFF = {"username": "moi", "full_name": "Lê Mới", "office_code": "Y.1", "password": "con-duong-lang-ven-song"}


def test_the_life_of_an_account(province, root) -> None:
    made = post(root, "/accounts", STAFF)
    assert made.status_code == 201, made.content
    one = f"/accounts/{made.json()['id']}"
    assert root.get(f"{BASE}{one}").json()["office_name"] == "Đơn vị Y.1"
    assert post(root, f"{one}/disable", {"reason": "Nghỉ"}).json()["is_active"] is False
    assert post(root, f"{one}/disable", {"reason": "Nghỉ"}).status_code == 409
    assert post(root, f"{one}/enable", {"reason": "Về"}).json()["is_active"] is True
    assert post(root, f"{one}/unlock").status_code == 200
    listed = root.get(f"{BASE}/accounts", {"q": "Lê Mới"}).json()
    assert listed["count"] == 1 and listed["items"][0]["username"] == "moi"
    assert "password" not in json.dumps(listed)


def test_a_repeated_call_makes_one_account(province, root) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "key-0001-abcd"}
    first, again = post(root, "/accounts", STAFF, **key), post(root, "/accounts", STAFF, **key)
    assert first.json() == again.json() and again.status_code == 201
    other = post(root, "/accounts", {**STAFF, "username": "khac"}, **key)
    assert other.status_code == 409 and other.json()["code"] == "idempotency.mismatch"


def test_roles_grants_and_loans(province, root) -> None:
    today = localdate(now())
    assert "receiver" in {role["code"] for role in root.get(f"{BASE}/roles").json()}
    asked = {"role": "chairman", "unit_code": "Y.1", "valid_from": str(today)}
    given = post(root, f"/accounts/{province.clerk.pk}/roles", asked)
    assert given.status_code == 201
    listed = root.get(f"{BASE}/accounts/{province.clerk.pk}/grants").json()
    assert {g["id"] for g in listed} == set(given.json()["grants"])
    colleague = province.staff("dn", "Đồng Nghiệp", province.a)
    key = Grant.objects.filter(person=province.clerk).earliest("pk").pk
    leader = _in(province.clerk)
    lent = post(leader, "/delegations", {
        "grants": [key], "to": str(colleague.pk), "first": str(today), "last": str(today), "basis": "GUQ",
    })
    assert lent.status_code == 201
    ended = post(leader, f"/delegations/{lent.json()['grants'][0]}/end", {"reason": "Xong"})
    assert ended.json()["lent_by"] == str(province.clerk.pk) and ended.json()["revoked_at"]
    assert post(root, f"/grants/{key}/revoke", {"reason": "Thôi"}).json()["revoked_at"]


def test_tokens(province, root) -> None:
    expires = localdate(now()) + timedelta(days=30)
    path = f"/accounts/{province.clerk.pk}/tokens"
    made = post(root, path, {"label": "Máy", "scopes": ["audit.view"], "expires_on": str(expires)})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert accounts.token_named(secret, at=now()).owner == province.clerk
    assert secret not in root.get(f"{BASE}{path}").content.decode()
    assert post(root, f"/tokens/{made.json()['id']}/revoke").status_code == 200
    assert accounts.token_named(secret, at=now()) is None


def test_a_clerk_may_do_none_of_it(province) -> None:
    clerk, other = _in(province.clerk), province.other.pk
    key = Grant.objects.earliest("pk").pk
    calls = [
        clerk.get(f"{BASE}/roles"), clerk.get(f"{BASE}/accounts"), clerk.get(f"{BASE}/accounts/{other}"),
        clerk.get(f"{BASE}/accounts/{other}/grants"), clerk.get(f"{BASE}/accounts/{other}/tokens"),
        post(clerk, "/accounts", STAFF), post(clerk, f"/accounts/{other}/disable", {"reason": "x"}),
        post(clerk, f"/accounts/{other}/enable", {"reason": "x"}), post(clerk, f"/accounts/{other}/unlock"),
        post(clerk, f"/accounts/{other}/roles", {"role": "receiver", "unit_code": "Y.1", "valid_from": "2026-01-01"}),
        post(clerk, f"/grants/{key}/revoke", {"reason": "x"}),
        post(clerk, f"/accounts/{other}/tokens", {"label": "x", "scopes": ["audit.view"], "expires_on": "2027-01-01"}),
    ]
    assert {answer.status_code for answer in calls} == {403}
    assert all(answer["content-type"] == "application/problem+json" for answer in calls)


def test_what_is_not_there_is_404(province, root) -> None:
    assert root.get(f"{BASE}/accounts/{new_id()}").status_code == 404
    assert post(root, f"/grants/{2**62}/revoke", {"reason": "x"}).status_code == 404
    assert post(root, "/accounts", {**STAFF, "office_code": "khong"}).status_code == 404
    assert post(root, f"/accounts/{province.clerk.pk}/roles", {
        "role": "vua", "unit_code": "Y.1", "valid_from": "2026-01-01"}).json()["errors"][0]["field"] == "role"


def test_another_communes_account_is_not_even_there(province) -> None:
    local = _in(province.local)
    assert local.get(f"{BASE}/accounts/{province.other.pk}").status_code == 404
    assert local.get(f"{BASE}/accounts/{province.clerk.pk}").status_code == 200
