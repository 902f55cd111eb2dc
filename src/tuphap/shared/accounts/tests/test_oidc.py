"""Citizens' login: the way through, and every forged, replayed or misdirected answer turned away."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from tuphap.kernel.clock import now
from tuphap.shared.accounts import oidc
from tuphap.shared.accounts.models import LoginSession, User
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db(transaction=True)
START = "/dang-nhap/vneid/"


def begin(client: Client, next_url: str = "/tai-khoan/phien/") -> str:
    response = client.get(START, {"next": next_url})
    assert response.status_code == 302, response.content.decode()
    return response["location"]


def come_back(client: Client, address: str):
    url = httpx.URL(address)
    return client.get(url.path, dict(url.params))


def log_in(client: Client, idp, sub: str = "vn-0001"):
    return come_back(client, idp.choose(begin(client), sub))


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/phien/").status_code == 200


def test_a_citizen_comes_in_and_is_known_again(client, idp) -> None:
    response = log_in(client, idp)
    assert response["location"] == "/tai-khoan/phien/"
    user = User.objects.get(kind="citizen")
    assert (user.full_name, user.personal_number, user.assurance_level) == ("Nguyễn Thị Hải Yến", "031192004512", 2)
    assert (user.issuer, user.subject) == (idp.issuer, "vn-0001")
    assert is_in(client)
    assert LoginSession.objects.get().how == "oidc"
    other = Client()
    log_in(other, idp)
    assert User.objects.filter(kind="citizen").count() == 1
    assert not user.has_usable_password()


def test_the_request_carries_pkce_state_and_nonce(client, idp) -> None:
    asked = httpx.URL(begin(client)).params
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["response_type"] == "code"
    again = httpx.URL(begin(client)).params
    for once in ("state", "nonce", "code_challenge"):
        assert asked[once] != again[once]


def test_the_session_key_changes_at_login(client, idp) -> None:
    address = idp.choose(begin(client), "vn-0001")
    before = client.session.session_key
    come_back(client, address)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "wrong", ["signature", "algorithm_none", "algorithm_hs256", "audience", "issuer", "nonce", "expired",
              "subject_missing"],
)
def test_a_token_that_does_not_pass_opens_nothing(client, idp, wrong) -> None:
    idp.control(wrong=wrong)
    response = log_in(client, idp)
    assert response.status_code == 400
    assert not is_in(client)
    assert not User.objects.filter(kind="citizen").exists()
    assert Entry.objects.get(event="accounts.login_failed").facts["why"] == "accounts.token_refused"


def test_the_same_answer_does_not_work_twice(client, idp) -> None:
    address = idp.choose(begin(client), "vn-0001")
    assert come_back(client, address).status_code == 302
    client.post("/dang-xuat/")
    assert come_back(client, address).status_code == 400
    assert not is_in(client)


def test_an_answer_given_to_another_browser_is_refused(client, idp) -> None:
    address = idp.choose(begin(client), "vn-0001")
    stranger = Client()
    assert come_back(stranger, address).status_code == 400
    begin(stranger)
    assert come_back(stranger, address).status_code == 400
    assert not is_in(stranger)


def test_a_code_cannot_be_carried_into_another_login(client, idp) -> None:
    stolen = httpx.URL(idp.choose(begin(client), "vn-0001")).params["code"]
    thief = Client()
    own = httpx.URL(idp.choose(begin(thief), "vn-0002"))
    forged = own.copy_set_param("code", stolen)
    assert come_back(thief, str(forged)).status_code == 400
    assert not is_in(thief)


def test_a_code_is_redeemed_once_and_soon(idp) -> None:
    provider = oidc.provider()
    uri = "http://testserver/dang-nhap/vneid/tra-ve/"
    address, attempt = provider.begin(redirect_uri=uri, next_url="/", at=now())
    answer = dict(httpx.URL(idp.choose(address, "vn-0001")).params)
    assert provider.finish(kept=attempt.as_kept(), answer=answer, at=now())["sub"] == "vn-0001"
    with pytest.raises(oidc.LoginBroken):
        provider.finish(kept=attempt.as_kept(), answer=answer, at=now())
    idp.control(code_life_s=0)
    address, attempt = provider.begin(redirect_uri=uri, next_url="/", at=now())
    with pytest.raises(oidc.LoginBroken):
        late = dict(httpx.URL(idp.choose(address, "vn-0001")).params)
        provider.finish(kept=attempt.as_kept(), answer=late, at=now())


def test_the_same_subject_of_another_issuer_is_another_person(client, idp) -> None:
    with setting_up():
        User.objects.create_citizen(issuer="https://elsewhere.example", subject="vn-0001", full_name="Người khác")
    log_in(client, idp)
    assert User.objects.filter(subject="vn-0001").count() == 2
    assert client.session["_auth_user_id"] == str(User.objects.get(issuer=idp.issuer).pk)


@pytest.mark.parametrize("how", ["no number", "number_missing"])
def test_without_a_personal_number_there_is_help_and_no_account(client, idp, how) -> None:
    if how == "number_missing":
        idp.control(wrong=how)
    response = log_in(client, idp, "vn-0008" if how == "no number" else "vn-0001")
    assert response["location"] == "/dang-nhap/thieu-so-dinh-danh/"
    assert "chưa có số định danh" in client.get(response["location"]).content.decode()
    assert not User.objects.filter(kind="citizen").exists()
    assert not is_in(client)


def test_a_malformed_personal_number_is_not_believed(client, idp) -> None:
    idp.control(wrong="number_malformed")
    assert log_in(client, idp).status_code == 422
    assert not User.objects.filter(kind="citizen").exists()


def test_a_provider_that_is_down_is_said_to_be_down(client, idp) -> None:
    address = idp.choose(begin(client), "vn-0001")
    idp.control(down=True)
    response = come_back(client, address)
    assert response.status_code == 503
    oidc._known.clear()
    assert client.get(START).status_code == 503
    assert client.get("/dang-nhap/").status_code == 200


def test_a_cancelled_login_says_so(client, idp) -> None:
    assert come_back(client, idp.choose(begin(client), "")).status_code == 400
    assert not is_in(client)


def test_a_disabled_citizen_stays_out(client, idp) -> None:
    log_in(client, idp)
    client.post("/dang-xuat/")
    with setting_up():
        User.objects.filter(kind="citizen").update(is_active=False)
    assert log_in(client, idp).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(client, idp, next_url) -> None:
    assert come_back(client, idp.choose(begin(client, next_url), "vn-0001"))["location"] == "/"


def test_the_provider_turns_away_what_it_does_not_know(idp) -> None:
    address = httpx.URL(oidc.provider().begin(
        redirect_uri="http://testserver/dang-nhap/vneid/tra-ve/", next_url="/", at=now()
    )[0])
    with httpx.Client(trust_env=False, verify=False) as http:
        for wrong in ({"client_id": "khac"}, {"redirect_uri": "https://evil.example/dang-nhap/vneid/tra-ve/"},
                      {"code_challenge_method": "plain"}, {"response_type": "token"}):
            assert http.get(address.copy_merge_params(wrong)).status_code == 400
        assert http.get(address.copy_merge_params({"tim": "ngoc"})).text.count("class=\"person\"") == 1
        assert http.get(address.copy_merge_params({"muc": "1"})).text.count("class=\"person\"") == 1
