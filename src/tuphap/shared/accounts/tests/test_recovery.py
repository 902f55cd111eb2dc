"""Recovery codes: told once, kept as a hash, good for one time, counted like any code when wrong."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.clock import now
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts import login as doors
from tuphap.shared.accounts import operations, recovery
from tuphap.shared.accounts.models import LoginSession, RecoveryCode, User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.testing import setting_up

from .conftest import PASSWORD
from .test_staff_login import CODE, ENROL, code_of, give_password, is_in

pytestmark = pytest.mark.django_db
RECOVER, MINE = "/dang-nhap/ma-du-phong/", "/tai-khoan/ma-du-phong/"


@pytest.fixture
def codes(client: Client, officer: User) -> list[str]:
    """Those of an officer who has just bound an authenticator, and gone out again."""
    give_password(client)
    client.get(ENROL)
    told = client.post(ENROL, {"code": code_of(TOTPDevice.objects.get(user=officer))})
    client.post("/dang-xuat/")
    found: list[str] = told.context["codes"]
    return found


def come_in(code: str) -> Client:
    client = Client()
    give_password(client)
    client.answer = client.post(RECOVER, {"code": code})  # type: ignore[attr-defined]
    return client


def test_the_set_is_eight_codes_kept_as_hashes(officer: User, codes: list[str]) -> None:
    assert len(set(codes)) == recovery.HOW_MANY
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert {row.hash for row in RecoveryCode.objects.all()} == {recovery.fingerprint(c.replace("-", "")) for c in codes}
    assert not any(code.replace("-", "") in str(list(Entry.objects.values())) for code in codes)


def test_a_code_opens_once_and_is_logged(officer: User, codes: list[str]) -> None:
    client = come_in(codes[0])
    assert is_in(client) and "còn 7 mã" in client.get("/tai-khoan/phien/").content.decode()
    assert LoginSession.objects.filter(how=LoginSession.How.RECOVERY, user=officer).count() == 1
    entry = Entry.objects.get(event=accounts.RECOVERY_CODE_USED)
    assert entry.subject_id == str(officer.pk) and entry.facts["left"] == 7
    assert not is_in(come_in(codes[0]))
    assert Entry.objects.filter(event=accounts.RECOVERY_CODE_USED).count() == 1


def test_a_code_may_be_typed_as_people_type(officer: User, codes: list[str]) -> None:
    assert is_in(come_in(f" {codes[1].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "))


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "123456", "'; --", "ＡＢ"])
def test_nothing_else_opens(officer: User, codes: list[str], typed: str) -> None:
    client = come_in(typed)
    assert client.answer.status_code == 422 and not is_in(client)  # type: ignore[attr-defined]
    assert recovery.left(officer.pk) == 8


def test_the_code_of_another_opens_nothing(officer: User, codes: list[str]) -> None:
    with setting_up():
        other = User.objects.create_staff(username="khac.lv", password=PASSWORD, full_name="Lê Văn Khác")
        TOTPDevice.objects.create(user=other, name="app", confirmed=True)
    client = Client()
    give_password(client, username="khac.lv")
    assert client.post(RECOVER, {"code": codes[0]}).status_code == 422
    assert recovery.left(officer.pk) == 8


def test_without_the_password_the_page_is_not_even_shown(codes: list[str]) -> None:
    assert Client().post(RECOVER, {"code": codes[0]})["location"] == "/dang-nhap/"


def test_wrong_codes_lock_like_wrong_passwords(officer: User, codes: list[str]) -> None:
    client = Client()
    give_password(client)
    statuses = [client.post(RECOVER, {"code": "0000-0000-0000-0000"}).status_code for _ in range(6)]
    assert statuses[0] == 422 and 429 in statuses
    assert give_password(client).status_code == 429


def test_a_fresh_set_is_had_for_the_password_and_ends_the_old_one(officer: User, codes: list[str]) -> None:
    client = come_in(codes[0])
    assert "Còn <strong>7</strong>" in client.get(MINE).content.decode()
    assert client.post(MINE, {"current": "khong-phai"}).status_code == 422
    fresh = client.post(MINE, {"current": PASSWORD}).context["codes"]
    assert len(fresh) == 8 and not set(fresh) & set(codes)
    assert not is_in(come_in(codes[1])) and is_in(come_in(fresh[0]))
    assert Entry.objects.filter(event=accounts.RECOVERY_CODES_MADE).count() == 1
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 2  # what was used stays on record


def test_no_codes_without_an_authenticator(officer: User) -> None:
    with pytest.raises(operations.NotEnrolled):
        operations.make_recovery_codes(password=PASSWORD, actor=accounts.actor_for(officer), at=now())
    client = Client()
    force_login(client, officer)
    assert "chưa ghi danh" in client.post(MINE, {"current": PASSWORD}).content.decode()


def test_forgotten_codes_open_nothing(officer: User, codes: list[str]) -> None:
    with setting_up():
        accounts.forget_recovery_codes(officer)
    assert not is_in(come_in(codes[0]))


def test_nobody_enters_by_a_code_that_was_not_used_up(rf, officer: User) -> None:
    unused = RecoveryCode(user=officer, hash="0" * 64, made_at=now() - timedelta(days=1))
    for given in (None, unused):
        with pytest.raises(RuntimeError):
            doors.enter(rf.get("/"), user=officer, how=LoginSession.How.RECOVERY, at=now(), recovery=given)


def test_the_authenticator_still_opens(officer: User, codes: list[str]) -> None:
    TOTPDevice.objects.update(last_t=-1)
    client = Client()
    give_password(client)
    assert "Dùng mã dự phòng" in client.get(CODE).content.decode()
    assert client.post(CODE, {"code": code_of(TOTPDevice.objects.get(user=officer))}).status_code == 302
