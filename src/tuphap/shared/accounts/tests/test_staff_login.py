"""Staff: no session without the second factor; lock-out; idle end; the list of sessions; one's password."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.clock import now, standing_at
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import LoginSession, User
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.testing import setting_up

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, CODE, ENROL, MINE = "/dang-nhap/", "/dang-nhap/xac-thuc/", "/dang-nhap/ghi-danh/", "/tai-khoan/phien/"


def code_of(device: TOTPDevice, offset: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, 0)
    totp.time = time.time() + offset * device.step
    return f"{totp.token():06d}"


@pytest.fixture
def device(officer) -> TOTPDevice:
    return TOTPDevice.objects.create(user=officer, name="app", confirmed=True)


def give_password(client: Client, password: str = PASSWORD, username: str = "lan.ht"):
    return client.post(LOGIN, {"username": username, "password": password})


def is_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


def log_in(client: Client, device: TOTPDevice) -> None:
    TOTPDevice.objects.update(last_t=-1)
    give_password(client)
    assert client.post(CODE, {"code": code_of(device)}).status_code == 302
    assert is_in(client)


def test_password_alone_opens_nothing(client, device) -> None:
    assert give_password(client)["location"] == CODE
    assert not is_in(client)
    assert "_auth_user_id" not in client.session
    assert not LoginSession.objects.exists()


def test_password_and_code_open_the_house(client, device) -> None:
    give_password(client)
    code = code_of(device)
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"})["location"] == "/"
    assert is_in(client)
    session = LoginSession.objects.get()
    assert session.how == "password" and session.session_key == client.session.session_key
    assert Entry.objects.filter(event="accounts.logged_in").count() == 1


def test_the_code_without_the_password_opens_nothing(client, device) -> None:
    assert client.post(CODE, {"code": code_of(device)})["location"] == LOGIN
    assert not is_in(client)


def test_a_code_serves_once(client, device) -> None:
    code = code_of(device)
    give_password(client)
    client.post(CODE, {"code": code})
    other = Client()
    give_password(other)
    assert other.post(CODE, {"code": code}).status_code == 422
    assert not is_in(other)


def test_the_half_login_lapses(client, device) -> None:
    give_password(client)
    with standing_at(now() + timedelta(minutes=6)):
        assert client.post(CODE, {"code": code_of(device)})["location"] == LOGIN


def test_wrong_codes_end_the_half_login_and_lock(client, device) -> None:
    give_password(client)
    wrong = "000000" if code_of(device) != "000000" else "111111"
    statuses = [client.post(CODE, {"code": wrong}).status_code for _ in range(6)]
    assert statuses[0] == 422 and 429 in statuses
    assert not is_in(client)


def test_the_first_login_enrols_an_authenticator(client, officer) -> None:
    assert give_password(client)["location"] == ENROL
    page = client.get(ENROL)
    assert page.context["qr"].startswith("data:image/svg+xml")
    device = TOTPDevice.objects.get(user=officer, confirmed=False)
    assert client.post(ENROL, {"code": "12 3"}).status_code == 422
    assert not is_in(client)
    told = client.post(ENROL, {"code": code_of(device)})
    assert told.status_code == 200 and len(told.context["codes"]) == 8 and told.context["onward"] == "/"
    assert is_in(client)
    assert Entry.objects.filter(event="accounts.second_factor_enrolled").exists()


def test_who_has_an_authenticator_cannot_enrol_another_with_the_password_alone(client, device) -> None:
    give_password(client)
    assert client.get(ENROL)["location"] == CODE
    assert client.post(ENROL, {"code": "123456"})["location"] == CODE
    assert TOTPDevice.objects.count() == 1


def test_five_failures_lock_even_the_right_password(client, device) -> None:
    for _ in range(5):
        response = give_password(client, "sai-mat-khau-roi")
    assert response.status_code == 429
    assert "tạm khóa" in response.content.decode()
    assert give_password(client).status_code == 429
    assert give_password(Client(REMOTE_ADDR="10.0.0.9"))["location"] == CODE  # another address is another door


def test_failures_are_logged_without_what_was_typed(client, officer) -> None:
    give_password(client, "sai")
    give_password(client, "sai", username="mat-khau-go-nham-vao-o-ten")
    entries = Entry.objects.filter(event="accounts.login_failed").order_by("id")
    assert [e.subject_id for e in entries] == [str(officer.pk), ""]
    assert "go-nham" not in str(list(entries.values()))


def test_unknown_and_known_names_get_the_same_answer(client, officer) -> None:
    known, unknown = give_password(client, "sai"), give_password(Client(), "sai", username="khong.co")
    assert known.status_code == unknown.status_code == 422
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_a_disabled_account_stays_out_and_its_sessions_end_at_once(client, officer, device) -> None:
    log_in(client, device)
    with setting_up():
        User.objects.filter(pk=officer.pk).update(is_active=False)
        accounts.end_all_sessions(user_id=officer.pk, reason=LoginSession.Ended.DISABLED, at=now())
    assert not Session.objects.filter(session_key=client.session.session_key).exists() or not is_in(client)
    assert not is_in(client)
    assert give_password(client).status_code == 422


def test_disabling_alone_is_enough_for_the_next_request(client, officer, device) -> None:
    log_in(client, device)
    with setting_up():
        User.objects.filter(pk=officer.pk).update(is_active=False)
    assert not is_in(client)


def test_a_session_that_is_not_in_the_list_is_none(client, device) -> None:
    log_in(client, device)
    LoginSession.objects.all().delete()
    assert not is_in(client)


def test_idle_too_long_ends_it_and_the_login_page_says_so(client, device, settings) -> None:
    log_in(client, device)
    with standing_at(now() + settings.SESSION_IDLE - timedelta(minutes=1)):
        assert is_in(client)
    with standing_at(now() + 2 * settings.SESSION_IDLE - timedelta(minutes=2)):
        assert is_in(client)  # seen in between
    with standing_at(now() + 4 * settings.SESSION_IDLE):
        assert not is_in(client)
        assert "không hoạt động quá lâu" in client.get(LOGIN).content.decode()
    assert LoginSession.objects.get().end_reason == "idle"


def test_the_list_of_sessions_and_ending_others(client, device) -> None:
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/142.0 Safari/537")
    log_in(client, device)
    log_in(other, device)
    page = client.get(MINE).content.decode()
    assert "Chrome trên Windows" in page and "127.0.0.1" in page and "(phiên này)" in page
    theirs = LoginSession.objects.get(session_key=other.session.session_key)
    assert client.post(f"{MINE}{theirs.pk}/ket-thuc/").status_code == 302
    assert not is_in(other)
    assert is_in(client)
    log_in(other, device)
    client.post(f"{MINE}ket-thuc-phien-khac/")
    assert not is_in(other)
    assert is_in(client)


def test_nobody_ends_anothers_session(client, device) -> None:
    log_in(client, device)
    with setting_up():
        stranger = User.objects.create_staff(username="la", password=PASSWORD, full_name="Người Lạ")
    outsider = Client()
    outsider.force_login(stranger)
    theirs = LoginSession.objects.get(session_key=client.session.session_key)
    assert outsider.post(f"{MINE}{theirs.pk}/ket-thuc/").status_code == 404
    assert is_in(client)


def test_logging_out_ends_it(client, device) -> None:
    log_in(client, device)
    assert client.get("/dang-xuat/").status_code == 405
    client.post("/dang-xuat/")
    assert not is_in(client)
    assert LoginSession.objects.get().end_reason == "logout"


def test_a_new_password_keeps_this_session_and_ends_the_others(client, device, officer) -> None:
    other = Client()
    log_in(other, device)
    log_in(client, device)
    new = "con-duong-lang-ven-song"
    answer = client.post("/tai-khoan/mat-khau/", {"current": "sai", "new": new, "again": new})
    assert answer.status_code == 422
    for weak in ("ngan", PASSWORD, "123456789012", "password1234"):
        answer = client.post("/tai-khoan/mat-khau/", {"current": PASSWORD, "new": weak, "again": weak})
        assert answer.status_code == 422, weak
    assert client.post("/tai-khoan/mat-khau/", {"current": PASSWORD, "new": new, "again": new}).status_code == 302
    assert is_in(client)
    assert not is_in(other)
    officer.refresh_from_db()
    assert officer.check_password(new)


def test_a_given_password_must_be_changed_first(client, device, officer) -> None:
    with setting_up():
        User.objects.filter(pk=officer.pk).update(must_change_password=True)
    give_password(client)
    client.post(CODE, {"code": code_of(device)})
    assert client.get(MINE)["location"] == "/tai-khoan/mat-khau/"
    assert client.get("/tai-khoan/mat-khau/").status_code == 200
    part = client.get("/tien-do/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (204, b""), "the page is not drawn into a part of itself"


def test_citizens_and_agencies_have_no_password_login(client, db) -> None:
    with setting_up():
        User.objects.create_citizen(issuer="https://x.example", subject="s", full_name="Công Dân")
        agency = User.objects.create_agency(username="ngan-hang", full_name="Ngân hàng")
        agency.set_password(PASSWORD)
        agency.save()
    assert give_password(client, "!", username="s@https://x.example").status_code == 422
    assert give_password(client, PASSWORD, username="ngan-hang").status_code == 422


def test_pages_of_a_session_are_not_kept_by_caches(client, device) -> None:
    log_in(client, device)
    assert "no-store" in client.get(MINE)["cache-control"]
    assert "no-store" in Client().get(LOGIN)["cache-control"]


def test_watching_a_session_costs_three_queries(client, device, django_assert_num_queries) -> None:
    log_in(client, device)
    with django_assert_num_queries(4):  # the session, the account, its entry in the list; and the page's own "SELECT 1"
        assert client.get("/suc-khoe/").status_code == 200
    with django_assert_num_queries(1):
        Client().get("/suc-khoe/")


class TestAssurance:
    def citizen(self, level: int):
        with setting_up():
            user = User.objects.create_citizen(
                issuer="https://x.example", subject=str(level), full_name="Công Dân", assurance_level=level
            )
        return accounts.actor_for(user)

    def test_level_one_may_only_look(self, db) -> None:
        with pytest.raises(accounts.AssuranceTooLow) as refused:
            accounts.require_assurance(self.citizen(1))
        assert refused.value.code == "accounts.assurance_too_low" and refused.value.status == 403
        accounts.require_assurance(self.citizen(2))

    def test_a_passer_by_must_log_in(self, db) -> None:
        from tuphap.kernel.actor import PUBLIC

        with pytest.raises(accounts.NotLoggedIn):
            accounts.require_assurance(PUBLIC)

    def test_staff_are_not_asked(self, officer) -> None:
        accounts.require_assurance(accounts.actor_for(officer))
