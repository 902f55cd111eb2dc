"""The API root: who may call, how it says no, and that broken input is never our failure."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import Field, Query, Router, Schema

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Invalid, Problem
from tuphap.shared.access import api as access
from tuphap.shared.accounts import tokens
from tuphap.shared.accounts.models import ApiToken, LoginSession, User
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.testing import setting_up
from tuphap.site import api as root

pytestmark = pytest.mark.django_db


class Thing(Schema):
    name: str = Field(max_length=5)
    count: int = Field(ge=1)


class Wanted(Schema):
    q: str = ""
    n: int = 0


router = Router()


@router.post("/things")
def make(request: HttpRequest, thing: Thing) -> Any:
    User.objects.filter(full_name=thing.name).exists()
    return {"who": request.actor.name}


@router.get("/things")
def look(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    User.objects.filter(full_name=wanted.q, assurance_level=wanted.n).exists()
    return {"who": request.actor.name}


@router.get("/denied")
def denied(request: HttpRequest) -> Any:
    raise access.Forbidden(permission="a.b", reason="no_such_permission")


@router.get("/invalid")
def invalid(request: HttpRequest) -> Any:
    raise Invalid((Problem("ten", "people.bad_name", "Họ tên không hợp lệ."),))


@router.get("/gone", auth=None)
def gone(request: HttpRequest) -> Any:
    raise User.DoesNotExist


probe = root.Api(
    urls_namespace="probe", auth=[root.Bearer(), root.Session()], throttle=[root.Rate()], parser=root.CleanParser()
)
probe._exception_handlers = root.api._exception_handlers
probe.add_router("", router)
urlpatterns = [path("api/v1/", probe.urls)]


@pytest.fixture
def with_probe(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def officer() -> User:
    with setting_up():
        return User.objects.create_staff(username="lan", password=None, full_name="Nguyễn Thị Lan")


@pytest.fixture
def bearer(officer):
    secret = tokens.new_secret()
    with setting_up():
        ApiToken.objects.create(
            owner=officer, label="thử", hash=tokens.fingerprint(secret), hint=secret[:8], scopes=["a.b"],
            created_at=now(), expires_at=now() + timedelta(days=1),
        )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def is_problem(response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_nobody_gets_401_as_a_problem(client) -> None:
    is_problem(client.get("/api/v1/me"), 401, "accounts.not_logged_in")


def test_an_unknown_address_is_a_problem_too(client) -> None:
    is_problem(client.get("/api/v1/khong-co"), 404, "not_found")
    is_problem(client.post("/api/v1/khong-co/nua", "x", content_type="text/plain"), 404, "not_found")


def test_a_method_that_an_address_does_not_answer_is_a_problem_too(client) -> None:
    for method in ("delete", "put", "patch"):
        answer = getattr(client, method)("/api/v1/units")
        is_problem(answer, 405, "method_not_allowed")
        assert answer["allow"] == "GET"


def test_a_session_may_read_and_write_with_its_csrf_token(client, officer) -> None:
    client.force_login(officer)
    assert client.get("/api/v1/me").json()["name"] == "Nguyễn Thị Lan"


@pytest.mark.usefixtures("with_probe")
def test_a_session_without_the_csrf_token_may_not_write(officer) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    body = json.dumps({"name": "a", "count": 1})
    is_problem(strict.post("/api/v1/things", body, content_type="application/json"), 403, "csrf")


@pytest.mark.usefixtures("with_probe")
def test_a_bearer_needs_no_csrf_and_acts_as_its_owner(bearer) -> None:
    strict = Client(enforce_csrf_checks=True)
    body = json.dumps({"name": "a", "count": 1})
    response = strict.post("/api/v1/things", body, content_type="application/json", **bearer)
    assert response.json() == {"who": "Nguyễn Thị Lan"}


def test_a_token_that_is_wrong_expired_revoked_or_of_a_disabled_owner_opens_nothing(client, bearer, officer) -> None:
    me = "/api/v1/me"
    assert client.get(me, **bearer).status_code == 200
    is_problem(client.get(me, HTTP_AUTHORIZATION="Bearer tps_khac"), 401, "accounts.not_logged_in")
    is_problem(client.get(me, HTTP_AUTHORIZATION="Bearer"), 401, "accounts.not_logged_in")
    for change in ({"expires_at": now()}, {"revoked_at": now()}):
        with setting_up():
            ApiToken.objects.update(expires_at=now() + timedelta(1), revoked_at=None)
            ApiToken.objects.update(**change)
        assert client.get(me, **bearer).status_code == 401
    with setting_up():
        ApiToken.objects.update(expires_at=now() + timedelta(1), revoked_at=None)
        User.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get(me, **bearer).status_code == 401


def test_only_the_hash_of_a_token_is_kept(bearer) -> None:
    secret = bearer["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert secret not in str(list(ApiToken.objects.values()))


def test_a_session_that_must_change_its_password_may_not_call(client, officer) -> None:
    client.force_login(officer)
    with setting_up():
        User.objects.filter(pk=officer.pk).update(must_change_password=True)
    is_problem(client.get("/api/v1/me"), 401, "accounts.not_logged_in")


def test_an_ended_session_may_not_call(client, officer) -> None:
    client.force_login(officer)
    LoginSession.objects.update(ended_at=now(), end_reason="ended")
    is_problem(client.get("/api/v1/me"), 401, "accounts.not_logged_in")


@pytest.mark.usefixtures("with_probe")
class TestProblems:
    def test_a_denial_is_told_and_kept_with_its_reason(self, client, bearer) -> None:
        is_problem(client.get("/api/v1/denied", **bearer), 403, "access.forbidden")
        kept = Entry.objects.get(event="access.denied")
        assert kept.facts["details"]["reason"] == "no_such_permission"

    def test_each_fault_stands_beside_its_field(self, client, bearer) -> None:
        body = is_problem(client.get("/api/v1/invalid", **bearer), 422, "invalid")
        assert body["errors"] == [{"field": "ten", "code": "people.bad_name", "message": "Họ tên không hợp lệ."}]

    def test_pydantics_faults_are_told_in_vietnamese(self, client, bearer) -> None:
        response = client.post(
            "/api/v1/things", json.dumps({"name": "dài quá rồi"}), content_type="application/json", **bearer
        )
        errors = {e["field"]: e["message"] for e in is_problem(response, 422, "invalid")["errors"]}
        assert errors == {"name": "Quá dài, nhiều nhất 5 ký tự.", "count": "Thiếu thông tin này."}

    def test_a_missing_row_is_404(self, client) -> None:
        is_problem(client.get("/api/v1/gone"), 404, "not_found")

    @pytest.mark.parametrize("body", [
        b"{", b"\xff\xfe\x00", b'"\xc3\x28"', b'{"name": "a\\u0000", "count": 1}', b'{"name": "\\ud800", "count": 1}',
        b'{"name": "a", "count": NaN}', b"[" * 5000, b"",
    ])
    def test_broken_json_is_the_callers_fault(self, client, bearer, body) -> None:
        response = client.post("/api/v1/things", body, content_type="application/json", **bearer)
        assert response.status_code in (400, 422), response.content
        assert response["content-type"] == "application/problem+json"

    @pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "n=99999999999999999999", "n=abc", "q=%ed%a0%80"])
    def test_broken_queries_are_the_callers_fault(self, client, bearer, query) -> None:
        assert client.get(f"/api/v1/things?{query}", **bearer).status_code in (200, 400, 422)

    def test_a_number_too_long_to_read_is_the_callers_fault(self, client, bearer) -> None:
        body = b'{"name": "a", "count": ' + b"9" * 5000 + b"}"
        assert client.post("/api/v1/things", body, content_type="application/json", **bearer).status_code in (400, 422)

    def test_too_many_calls_are_slowed_down(self, client, bearer, settings) -> None:
        settings.API_CALLS_A_MINUTE = 3
        answers = [client.get("/api/v1/things", **bearer) for _ in range(8)]
        assert 429 in [a.status_code for a in answers]
        slowed = next(a for a in answers if a.status_code == 429)
        is_problem(slowed, 429, "too_many_requests")
        assert 1 <= int(slowed["retry-after"]) <= 60


def test_the_description_is_openapi_3_1_and_tells_of_refusals(client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert "Problem" in schema["components"]["schemas"]
    for methods in schema["paths"].values():
        for described in methods.values():
            assert "4XX" in described["responses"]
            assert described.get("summary")


def test_no_two_shapes_bear_one_name() -> None:
    """The description knows shapes by their class's name alone: a second one of that name would replace the first."""
    def below(cls: type) -> list[type]:
        return [found for child in cls.__subclasses__() for found in (child, *below(child))]

    ours = {c for c in below(Schema) if c.__module__.startswith("tuphap.") and ".tests." not in c.__module__}
    names = sorted(c.__name__ for c in ours)
    assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]


def test_the_page_of_the_api_needs_nothing_from_elsewhere(client) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "http://" not in text and "https://" not in text and "//cdn" not in text
    assert "script-src 'self'" in page["content-security-policy"]


def test_offices_are_found_by_anybody(client) -> None:
    answer = client.get("/api/v1/units", {"q": "", "limit": 1})
    assert answer.status_code == 200 and isinstance(answer.json(), list)
    is_problem(client.get("/api/v1/units", {"limit": 5000}), 422, "invalid")


def test_a_nul_in_an_address_is_turned_away_at_the_door(client) -> None:
    assert client.get("/dang-nhap/?next=%00").status_code == 400
    is_problem(client.get("/api/v1/units?q=%00"), 400, "bad_request")
    is_problem(client.get("/api/v1/procedures/%00"), 400, "bad_request")


def test_every_session_cookie_is_the_platforms_own() -> None:
    assert root.Session.param_name == django_settings.SESSION_COOKIE_NAME
