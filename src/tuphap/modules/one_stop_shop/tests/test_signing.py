"""The leader's desk: many approved with one code, each with its own outcome, and nobody is left out in silence."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop import operations, queries, rules
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, client_of, text_of
from tuphap.shared.accounts import api as accounts
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, State
from tuphap.shared.dossiers.testing import SIGN, morning
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db


def proposed(work: Work, n: int, **more: Any) -> Dossier:
    return work.propose(work.assign(work.file(name=f"Trần Văn {'ABCDEFGHIK'[n]}n", number=f"03109000{n}111", **more)))


def deputy(work: Work) -> None:
    with setting_up():
        work.town.staff("deputy", SIGN.code, "one_stop.dossier.view")


def enrol(work: Work, name: str) -> TOTPDevice:
    with setting_up():
        return TOTPDevice.objects.create(user=work.town.people[name], name="Điện thoại", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    shown = TOTP(device.bin_key)
    shown.time = time.time()
    return f"{shown.token():06d}"


def test_who_was_first_is_told_by_name(work: Work) -> None:
    deputy(work)
    mine, taken = proposed(work, 0), proposed(work, 1)
    chairman = client_of(work, "chairman")
    with standing_at(morning(MONDAY, 9, 45)):
        page = text_of(chairman.get("/mot-cua/ky/"))
        assert mine.reference in page and taken.reference in page
        operations.approve(dossier_id=taken.pk, actor=work.town.who("deputy"), at=morning(MONDAY, 9, 41))
        ticked = [str(mine.pk), str(taken.pk), str(uuid4()), "x"]
        gone = chairman.post("/mot-cua/ky/", {"hs": ticked, "once": "khoa-ky-0001"})
        told = text_of(chairman.get(gone.url))
    assert "Hồ sơ đã được Cán bộ Deputy phê duyệt lúc 09:41 02/03/2026." in told
    assert taken.applicant_name in told and "1 hồ sơ đã chọn không còn thuộc phạm vi" in told
    assert Dossier.objects.get(pk=mine.pk).state == State.AWAITING_SIGNATURE
    with pytest.raises(rules.DecidedMeanwhile):
        operations.approve(dossier_id=mine.pk, actor=work.town.who("deputy"), at=morning(MONDAY, 10))


def test_one_code_for_all_and_a_wrong_one_approves_none(work: Work) -> None:
    device = enrol(work, "chairman")
    both = [proposed(work, n) for n in range(2)]
    keys = [str(d.pk) for d in both]
    chairman = client_of(work, "chairman")
    with standing_at(morning(MONDAY, 9, 45)):
        assert 'name="code"' in text_of(chairman.get("/mot-cua/ky/"))
        for wrong in ({}, {"code": "000000"}):
            refused = chairman.post("/mot-cua/ky/", {"hs": keys, "once": "khoa-ky-0002", **wrong})
            assert refused.status_code == 422 and text_of(refused).count("data-tick checked") == 2  # they stay
        assert {d.state for d in Dossier.objects.all()} == {State.AWAITING_APPROVAL}
        assert Entry.objects.filter(event="accounts.presence_failed").count() == 1
        with setting_up():
            TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        sent = {"hs": keys, "code": code_of(device), "once": "khoa-ky-0003"}
        assert chairman.post("/mot-cua/ky/", sent).status_code == 302
        assert chairman.post("/mot-cua/ky/", sent).status_code == 302  # the same request again, not a second use
        assert "0</strong> trong 2 hồ sơ đã ký xong" in text_of(chairman.get("/mot-cua/ky/ket-qua/"))
        reused = chairman.post("/mot-cua/ky/", {**sent, "once": "khoa-ky-0004"})
        assert reused.status_code == 422
    assert {d.state for d in Dossier.objects.all()} == {State.AWAITING_SIGNATURE}


def test_one_dossier_and_the_api_ask_for_the_code_too(work: Work) -> None:
    device = enrol(work, "chairman")
    one, two = proposed(work, 0), proposed(work, 1)
    chairman = client_of(work, "chairman")
    with standing_at(morning(MONDAY, 9, 45)):
        page = text_of(chairman.get(f"/mot-cua/ho-so/{one.reference}/?viec=approve"))
        assert 'name="code"' in page
        missing = chairman.post(f"/mot-cua/ho-so/{one.pk}/lam/approve/", {"version": one.version})
        assert missing.status_code == 422
        refused = chairman.post("/api/v1/approvals", {"dossier_ids": [str(two.pk)]}, content_type="application/json")
        assert refused.status_code == 422 and refused.json()["code"] == "accounts.wrong_code"
        with setting_up():
            TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        done = chairman.post(f"/api/v1/dossiers/{two.reference}/approve", {"code": code_of(device)},
                             content_type="application/json")
        assert done.status_code == 200, done.content
    assert not accounts.asks_for_code(work.town.who("deputy") if "deputy" in work.town.people else testing.SYSTEM)


def test_the_page_tells_what_the_officer_answered_for(work: Work) -> None:
    doubtful = work.assign(work.file(wish="ngờ"))
    work.propose(doubtful, acknowledged={"test.doubt": "Đã xác minh tại tổ dân phố"}, note="Đủ điều kiện")
    own = proposed(work, 1)
    with setting_up():
        Dossier.objects.filter(pk=own.pk).update(assigned_to=work.town.people["chairman"])
    found = queries.to_sign(work.town.who("chairman"), morning(MONDAY, 10))
    assert [(item.dossier.pk, item.note, item.answered, item.papers) for item in found] == [
        (doubtful.pk, "Đủ điều kiện", ("Đã xác minh tại tổ dân phố",), 1)
    ]
    assert queries.to_sign(work.town.who("desk"), morning(MONDAY, 10)) == []
