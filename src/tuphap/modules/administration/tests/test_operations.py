"""Who may give what to whom, and that it is kept in the log."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import system_actor
from tuphap.kernel.refusal import Refusal
from tuphap.modules.administration import operations, rules, tasks
from tuphap.modules.administration.manifest import ROLES
from tuphap.shared.access import api as access
from tuphap.shared.access.api import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts import operations as accounts_operations
from tuphap.shared.accounts import recovery
from tuphap.shared.accounts.models import ApiToken, LoginSession, RecoveryCode, User
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.testing import setting_up

from .world import AT, FIRST

pytestmark = pytest.mark.django_db
SIGN = "civil_status.birth.sign"


def events(name: str) -> int:
    return Entry.objects.filter(event=name).count()


def holds(user: User, permission: str, unit, on: date = FIRST) -> bool:
    return access.may(accounts.actor_for(user), permission, unit_id=unit.pk, on=on)


@pytest.fixture(autouse=True)
def declared():
    """The sign permission belongs to another module; it is declared whether that module is there or not."""
    if SIGN not in access.permissions:
        access.Permission(SIGN, "Ký").install()


def test_the_first_administrator_is_made_once(province) -> None:
    assert holds(province.root, "administration.grants.manage", province.a)
    with pytest.raises(rules.AlreadyFounded):
        operations.found_administrator(
            username="nua", full_name="Nữa", office_id=province.a.pk, password=None, actor=system_actor("x"), at=AT
        )


def test_every_role_names_permissions_that_exist() -> None:
    declared = set(access.permissions.codes())
    for role in ROLES:
        assert role.permissions and set(role.permissions) <= declared, role.code


class TestAccounts:
    def test_a_local_administrator_makes_staff_of_his_own_commune_alone(self, province) -> None:
        made = operations.create_staff(
            username="moi", full_name="  Lê   Mới ", office_id=province.a.pk, actor=province.by(province.local), at=AT
        )
        assert (made.full_name, made.office_id, made.has_usable_password()) == ("Lê Mới", province.a.pk, False)
        assert events("administration.staff_created") >= 1
        with pytest.raises(access.Forbidden):
            operations.create_staff(
                username="x", full_name="X Y", office_id=province.b.pk, actor=province.by(province.local), at=AT
            )
        assert Entry.objects.get(event="access.denied").facts["details"]["reason"] == "not_this_unit"

    def test_nobody_without_the_right_makes_anybody(self, province) -> None:
        with pytest.raises(access.Forbidden):
            operations.create_staff(
                username="x", full_name="X", office_id=province.a.pk, actor=province.by(province.clerk), at=AT
            )

    def test_a_name_is_used_once(self, province) -> None:
        with pytest.raises(rules.UsernameTaken):
            province.staff("clerk", "Người Khác", province.a)

    def test_a_weak_first_password_is_refused(self, province) -> None:
        with pytest.raises(rules.WeakPassword):
            province.staff("yeu", "Mật Khẩu Yếu", province.a, password="123456")
        strong = province.staff("manh", "Mật Khẩu Mạnh", province.a, password="con-duong-lang-ven-song")
        assert strong.must_change_password

    def test_disabling_ends_sessions_tokens_and_rights_at_once(self, province, client) -> None:
        province.give(province.clerk, "receiver", province.a)
        client.force_login(province.clerk)
        with setting_up():
            ApiToken.objects.create(
                owner=province.clerk, label="x", hash="h", hint="h", created_at=AT, expires_at=AT + timedelta(9999)
            )
        assert client.get("/tai-khoan/phien/").status_code == 200
        operations.disable_account(
            user_id=province.clerk.pk, reason="Nghỉ hưu", actor=province.by(province.local), at=AT
        )
        assert client.get("/tai-khoan/phien/").status_code == 302
        assert LoginSession.objects.get(user=province.clerk).end_reason == "disabled"
        assert ApiToken.objects.get().revoked_at is not None
        assert not access.units_where(accounts.actor_for(province.clerk), "one_stop.dossier.view", on=FIRST)
        with pytest.raises(rules.AlreadySo):
            operations.disable_account(user_id=province.clerk.pk, reason="x", actor=province.by(province.root), at=AT)
        back = operations.enable_account(
            user_id=province.clerk.pk, reason="Trở lại", actor=province.by(province.root), at=AT
        )
        assert back.is_active and ApiToken.objects.get().revoked_at is not None

    @pytest.mark.parametrize("verb", ["disable_account", "enable_account", "reset_second_factor"])
    def test_not_across_communes_not_oneself_not_without_reason(self, province, verb) -> None:
        call = getattr(operations, verb)
        with pytest.raises(access.Forbidden):
            call(user_id=province.other.pk, reason="x", actor=province.by(province.local), at=AT)
        with pytest.raises(rules.NotForOneself):
            call(user_id=province.local.pk, reason="x", actor=province.by(province.local), at=AT)
        with pytest.raises(rules.ReasonRequired):
            call(user_id=province.clerk.pk, reason="  ", actor=province.by(province.local), at=AT)
        with pytest.raises(rules.NoSuchAccount):
            call(user_id=system_actor_id(), reason="x", actor=province.by(province.root), at=AT)

    def test_somebody_moves_and_his_rights_do_not(self, province) -> None:
        province.give(province.clerk, "receiver", province.a)
        with pytest.raises(access.Forbidden):
            operations.move_staff(
                user_id=province.clerk.pk, office_id=province.b.pk, title="", actor=province.by(province.local), at=AT
            )
        moved = operations.move_staff(
            user_id=province.clerk.pk, office_id=province.b.pk, title="Công chức",
            actor=province.by(province.root), at=AT,
        )
        assert (moved.office_id, moved.title) == (province.b.pk, "Công chức")
        assert holds(moved, "one_stop.dossier.receive", province.a)
        assert not holds(moved, "one_stop.dossier.receive", province.b)

    def test_citizens_and_agencies_belong_to_the_province(self, province) -> None:
        bank = operations.create_agency(
            username="ngan-hang", full_name="Ngân hàng A", actor=province.by(province.root), at=AT
        )
        with pytest.raises(access.Forbidden):
            operations.create_agency(username="nh2", full_name="B", actor=province.by(province.local), at=AT)
        with pytest.raises(access.Forbidden):
            operations.disable_account(user_id=bank.pk, reason="x", actor=province.by(province.local), at=AT)
        operations.disable_account(user_id=bank.pk, reason="x", actor=province.by(province.root), at=AT)

    def test_a_lost_telephone(self, province, client) -> None:
        with setting_up():
            TOTPDevice.objects.create(user=province.clerk, name="x", confirmed=True)
            recovery.make_anew(province.clerk, at=AT)
        client.force_login(province.clerk)
        operations.reset_second_factor(
            user_id=province.clerk.pk, reason="Mất điện thoại", actor=province.by(province.local), at=AT
        )
        assert not TOTPDevice.objects.exists() and not RecoveryCode.objects.exists()
        assert client.get("/tai-khoan/phien/").status_code == 302

    def test_the_holder_is_told_once_of_a_recovery_code_used_and_of_a_fresh_set(self, province) -> None:
        province.clerk.set_password("con-duong-lang-ven-song")
        with setting_up():
            province.clerk.save()
            TOTPDevice.objects.create(user=province.clerk, name="x", confirmed=True)
        clerk = province.by(province.clerk)
        codes = accounts_operations.make_recovery_codes(password="con-duong-lang-ven-song", actor=clerk, at=AT)
        accounts_operations.use_recovery_code(user_id=province.clerk.pk, code=codes[0], actor=clerk, at=AT)
        for entry in Entry.objects.filter(event__startswith="accounts.recovery_code"):
            for _ in range(2):  # a reaction runs at least once
                tasks.tell_of_recovery_codes(entry_id=entry.pk)
        told = Notice.objects.filter(to_user=province.clerk).order_by("pk")
        assert sorted(notice.template for notice in told) == [rules.NOTICE_CODE_USED, rules.NOTICE_CODES_MADE]
        assert "còn 7 mã" in str([notice.text for notice in told])
        assert not any(code in str(list(Notice.objects.values())) for code in codes)

    def test_a_new_first_password(self, province) -> None:
        operations.reset_password(
            user_id=province.clerk.pk, password="con-duong-lang-ven-song", reason="Quên",
            actor=province.by(province.local), at=AT,
        )
        province.clerk.refresh_from_db()
        assert province.clerk.must_change_password and province.clerk.check_password("con-duong-lang-ven-song")

    def test_an_administrator_lifts_the_lock_out(self, province) -> None:
        locked = Client()
        for _ in range(6):
            answer = locked.post("/dang-nhap/", {"username": "clerk", "password": "sai"})
        assert answer.status_code == 429 and AccessAttempt.objects.exists()
        operations.unlock(user_id=province.clerk.pk, actor=province.by(province.local), at=AT)
        assert locked.post("/dang-nhap/", {"username": "clerk", "password": "sai"}).status_code == 422

    def test_unused_accounts_are_closed_after_45_days(self, province) -> None:
        later = AT + timedelta(days=46)
        with setting_up():
            LoginSession.objects.create(
                user=province.clerk, session_key="k", how="password", started_at=AT, last_seen_at=later - timedelta(3)
            )
        assert operations.disable_unused(actor=system_actor("x"), at=AT + timedelta(days=45)) == 0
        assert operations.disable_unused(actor=system_actor("x"), at=later) == 3
        assert set(User.objects.filter(is_active=True)) == {province.clerk}
        assert operations.disable_unused(actor=system_actor("x"), at=later) == 0


def system_actor_id():
    from tuphap.kernel.ids import new_id

    return new_id()


class TestGrants:
    def test_a_role_is_given_for_days_and_kept_in_the_log(self, province) -> None:
        keys = province.give(province.clerk, "chairman", province.a, valid_to=FIRST + timedelta(10))
        assert holds(province.clerk, SIGN, province.a)
        assert not holds(province.clerk, SIGN, province.b)
        assert not holds(province.clerk, SIGN, province.a, FIRST + timedelta(11))
        entry = Entry.objects.filter(event="administration.granted").latest("id")
        assert entry.facts["grants"] == keys and entry.unit_id == province.a.pk

    def test_a_local_administrator_gives_only_at_home(self, province) -> None:
        with pytest.raises(access.Forbidden):
            operations.give_role(
                person_id=province.clerk.pk, role="receiver", unit_id=province.b.pk, valid_from=FIRST,
                actor=province.by(province.local), at=AT,
            )

    def test_nobody_gives_rights_to_himself(self, province) -> None:
        with pytest.raises(rules.NotForOneself):
            operations.give_role(
                person_id=province.local.pk, role="chairman", unit_id=province.a.pk, valid_from=FIRST,
                actor=province.by(province.local), at=AT,
            )

    @pytest.mark.parametrize(("change", "refusal"), [
        ({"role": "vua"}, rules.UnknownRole),
        ({"valid_to": FIRST - timedelta(1)}, rules.BadPeriod),
        ({"valid_from": date(2020, 1, 1), "valid_to": date(2020, 2, 1)}, rules.BadPeriod),
    ])
    def test_what_makes_no_sense_is_refused(self, province, change, refusal) -> None:
        asked = {"person_id": province.clerk.pk, "role": "receiver", "unit_id": province.a.pk, "valid_from": FIRST}
        with pytest.raises(refusal):
            operations.give_role(**{**asked, **change}, actor=province.by(province.root), at=AT)
        assert not Grant.objects.filter(person=province.clerk).exists()

    def test_not_twice_for_the_same_days(self, province) -> None:
        province.give(province.clerk, "receiver", province.a, valid_to=FIRST + timedelta(5))
        with pytest.raises(rules.AlreadyGranted):
            province.give(province.clerk, "receiver", province.a, valid_from=FIRST + timedelta(5))
        province.give(province.clerk, "receiver", province.a, valid_from=FIRST + timedelta(6))

    def test_citizens_get_no_rights(self, province) -> None:
        with setting_up():
            citizen = User.objects.create_citizen(issuer="https://i", subject="s", full_name="Công Dân")
        with pytest.raises(rules.OnlyStaff):
            province.give(citizen, "receiver", province.a)

    def test_a_revoked_right_is_lost_at_once(self, province) -> None:
        keys = province.give(province.clerk, "chairman", province.a)
        sign = Grant.objects.get(pk__in=keys, permission=SIGN)
        with pytest.raises(access.Forbidden):
            operations.revoke_grant(grant_id=sign.pk, reason="x", actor=province.by(province.other), at=AT)
        operations.revoke_grant(grant_id=sign.pk, reason="Thôi chức", actor=province.by(province.local), at=AT)
        assert not holds(province.clerk, SIGN, province.a)
        with pytest.raises(rules.AlreadySo):
            operations.revoke_grant(grant_id=sign.pk, reason="x", actor=province.by(province.local), at=AT)
        left = operations.revoke_role(
            person_id=province.clerk.pk, role="chairman", unit_id=province.a.pk, reason="Thôi chức",
            actor=province.by(province.local), at=AT,
        )
        assert left == len(keys) - 1
        assert not access.grants_in_force(on=FIRST).filter(person=province.clerk).exists()


class TestDelegation:
    @pytest.fixture
    def leader(self, province):
        leader = province.staff("chu-tich", "Phạm Văn Chủ", province.a)
        province.give(leader, "chairman", province.a)
        return leader

    def lend(self, province, leader, *, to=None, first=FIRST, last=FIRST + timedelta(5), permission=SIGN):
        grant = Grant.objects.get(person=leader, permission=permission, delegated_from=None)
        return operations.delegate(
            grant_ids=[grant.pk], to_user_id=(to or province.clerk).pk, first=first, last=last, basis="GUQ 12",
            actor=province.by(leader), at=AT,
        )

    def test_a_leader_lends_and_ends(self, province, leader) -> None:
        (lent,) = self.lend(province, leader)
        assert holds(province.clerk, SIGN, province.a) and holds(leader, SIGN, province.a)
        with pytest.raises(access.Forbidden):
            operations.end_delegation(grant_id=lent, reason="", actor=province.by(province.other), at=AT)
        operations.end_delegation(grant_id=lent, reason="", actor=province.by(leader), at=AT)
        assert not holds(province.clerk, SIGN, province.a)
        assert events("administration.delegated") == events("administration.delegation_ended") == 1

    def test_what_is_lent_goes_no_further_and_dies_with_the_lenders(self, province, leader) -> None:
        (lent,) = self.lend(province, leader)
        with pytest.raises(access.LendingRefused):
            operations.delegate(
                grant_ids=[lent], to_user_id=province.local.pk, first=FIRST, last=FIRST, basis="x",
                actor=province.by(province.clerk), at=AT,
            )
        operations.disable_account(user_id=leader.pk, reason="x", actor=province.by(province.root), at=AT)
        assert not holds(province.clerk, SIGN, province.a)

    def test_anothers_right_cannot_be_lent(self, province, leader) -> None:
        grant = Grant.objects.get(person=leader, permission=SIGN)
        with pytest.raises(rules.NoSuchGrant):
            operations.delegate(
                grant_ids=[grant.pk], to_user_id=province.other.pk, first=FIRST, last=FIRST, basis="x",
                actor=province.by(province.clerk), at=AT,
            )

    @pytest.mark.parametrize(("first", "last"), [
        (FIRST - timedelta(1), FIRST), (FIRST + timedelta(3), FIRST + timedelta(2)),
    ])
    def test_days_that_make_no_sense(self, province, leader, first, last) -> None:
        with pytest.raises(Refusal):
            self.lend(province, leader, first=first, last=last)

    def test_not_twice_and_not_to_oneself(self, province, leader) -> None:
        self.lend(province, leader)
        with pytest.raises(rules.AlreadyGranted):
            self.lend(province, leader)
        with pytest.raises(rules.NotForOneself):
            self.lend(province, leader, to=leader)


class TestTokens:
    def issue(self, province, owner, *, by=None, scopes=("civil_status.act.check",), days=90):
        if "civil_status.act.check" not in access.permissions:
            access.Permission("civil_status.act.check", "Kiểm tra").install()
        secret = accounts.new_token_secret()
        token = operations.issue_token(
            owner_id=owner.pk, label="Ngân hàng", scopes=scopes, expires_at=AT + timedelta(days=days),
            secret_hash=accounts.token_fingerprint(secret), hint=secret[:8], actor=province.by(by or province.root),
            at=AT,
        )
        return secret, token

    def test_issued_found_and_revoked(self, province) -> None:
        bank = operations.create_agency(username="nh", full_name="NH", actor=province.by(province.root), at=AT)
        secret, token = self.issue(province, bank)
        assert accounts.token_named(secret, at=AT) == token
        operations.revoke_token(token_id=token.pk, actor=province.by(province.root), at=AT)
        assert accounts.token_named(secret, at=AT) is None
        with pytest.raises(rules.AlreadySo):
            operations.revoke_token(token_id=token.pk, actor=province.by(province.root), at=AT)

    def test_only_for_accounts_one_manages_within_scope_and_time(self, province) -> None:
        with pytest.raises(access.Forbidden):
            self.issue(province, province.other, by=province.local)
        with pytest.raises(rules.UnknownScope):
            self.issue(province, province.clerk, scopes=("khong.co",))
        with pytest.raises(rules.UnknownScope):
            self.issue(province, province.clerk, scopes=())
        for days in (0, 400):
            with pytest.raises(rules.BadPeriod):
                self.issue(province, province.clerk, days=days)


class TestCalendar:
    DAY = date(2027, 11, 24)

    def write(self, province, *, by=None, **change):
        asked = {"day": self.DAY, "kind": calendar.DayKind.HOLIDAY, "source_document": "QĐ 1/2027"}
        return operations.set_calendar_day(**{**asked, **change}, actor=province.by(by or province.root), at=AT)

    def test_a_day_is_taken_off_and_given_back_with_old_and_new_in_the_log(self, province) -> None:
        assert calendar.working_calendar().is_working_day(self.DAY)
        first = self.write(province)
        assert not calendar.working_calendar().is_working_day(self.DAY)
        assert self.write(province, switched_on=False, source_document="QĐ 2/2027") == first + 1
        assert calendar.working_calendar().is_working_day(self.DAY)
        told = Entry.objects.filter(event="administration.calendar_set").latest("id").facts
        assert (told["old"], told["new"]) == ("HOLIDAY", "HOLIDAY (tắt)")

    def test_only_the_province_and_only_with_a_document(self, province) -> None:
        with pytest.raises(access.Forbidden):
            self.write(province, by=province.local)
        with pytest.raises(calendar.SourceRequired):
            self.write(province, source_document=" ")
        self.write(province)
        with pytest.raises(rules.AlreadySo):
            self.write(province)

    def test_an_office_sets_its_own_hours(self, province) -> None:
        hours = calendar.Hours(opens=time(7, 0))
        asked = {"hours": hours, "valid_from": FIRST, "source_document": "QĐ 3", "at": AT}
        operations.set_office_hours(office_id=province.a.pk, actor=province.by(province.local), **asked)
        assert calendar.hours_of(province.a.pk, on=FIRST).opens == time(7, 0)
        for office in (None, province.b.pk):
            with pytest.raises(access.Forbidden):
                operations.set_office_hours(office_id=office, actor=province.by(province.local), **asked)
