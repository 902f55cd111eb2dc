"""The pages and the API of those who look after the exchange."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.clock import localdate, now
from tuphap.shared.accounts.api import User
from tuphap.shared.exchange import outbox, queries
from tuphap.shared.exchange.models import Call, Inbound, Outbound, ServiceState
from tuphap.shared.exchange.rules import Sent
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up

from . import world

pytestmark = pytest.mark.django_db
MANAGE = "exchange.messages.manage"


@pytest.fixture
def owner(country: None, db: None) -> User:
    return world.person("chu", world.department(), MANAGE)


@pytest.fixture
def page(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def sent(subject: str, *, dead: str = "", unit: Any = None) -> Outbound:
    message = world.send(
        actor=world.ME, at=now(), kind="police.issue-number", subject=subject, body=world.number_wanted(subject),
        unit_id=(unit or world.commune()).pk, dossier_code="H31.101-260310-0001",
    )
    if dead:
        outbox.note_dead(message_id=message.pk, code=dead, detail="Bên nhận từ chối.", result=None, actor=world.ME,
                         at=now())
        message.refresh_from_db()
    return message


def called(result: str, milliseconds: int, *, hours_ago: float = 0.1) -> None:
    with setting_up():
        Call.objects.create(
            direction="out", message_id="x", client="x", service="police", kind="police.issue-number",
            at=now() - timedelta(hours=hours_ago), milliseconds=milliseconds, result=result,
        )


def test_the_board_tells_how_each_system_stands(page: Client, owner: User) -> None:
    sent("a"), sent("b", dead="schema"), sent("b")
    for milliseconds in (100, 200, 300, 400):
        called("ok", milliseconds)
    called("timeout", 10_000), called("ok", 5, hours_ago=25)
    with setting_up():
        ServiceState.objects.create(service="police", state="open", failures=5, until=now() + timedelta(minutes=1),
                                    last_failure="timeout", last_failure_at=now())
    line = next(one for one in queries.board(world.by(owner), at=now()) if one.service.code == "police")
    assert (line.queued, line.waiting, line.dead, line.calls, line.failed) == (2, 0, 1, 5, 1)
    assert line.half == 300 and line.most == 8080
    assert sum(hour.total for hour in queries.hours(world.by(owner), at=now())) == 5
    text = page.get("/lien-thong/").content.decode()
    for words in ("CSDL quốc gia về dân cư", "Đang ngắt", "Nối lại", "Chờ xử lý", "300 / 8.080", "Cổng Dịch vụ công"):
        assert words in text
    answer = page.post("/lien-thong/he-thong/police/noi-lai/", follow=True)
    assert "Đã nối lại với CSDL quốc gia về dân cư" in answer.content.decode()
    assert ServiceState.objects.get().state == "closed"


def test_a_dead_letter_says_why_whose_it_is_and_what_waits_behind_it(page: Client, owner: User) -> None:
    letter, behind = sent("b", dead="schema"), sent("b")
    listed = page.get("/lien-thong/cho-xu-ly/").content.decode()
    assert "Chu" in listed and "schema" in listed and "1 thông điệp cùng đối tượng đang chờ sau" in listed
    shown = page.get(f"/lien-thong/gui-di/{letter.pk}/").content.decode()
    assert "Chuyển sang chờ xử lý" in shown and "Gửi lại" in shown and "Nguyễn Khả Doanh" not in shown
    waiting = page.get(f"/lien-thong/gui-di/{behind.pk}/").content.decode()
    assert "Chờ thông điệp trước của cùng đối tượng" in waiting and f"/lien-thong/gui-di/{letter.pk}/" in waiting
    assert queries.number_dead(actor=world.by(owner), at=now()) == 1
    assert '<span class="count">1</span>' in shown


def test_giving_up_needs_a_reason_and_says_so_beside_the_field(page: Client) -> None:
    letter = sent("b", dead="schema")
    refused = page.post(f"/lien-thong/gui-di/{letter.pk}/dung-gui/", {"reason": " "})
    assert refused.status_code == 422 and "Vui lòng ghi rõ lý do." in refused.content.decode()
    done = page.post(f"/lien-thong/gui-di/{letter.pk}/dung-gui/", {"reason": "Đã làm trên giấy"}, follow=True)
    assert "Đã dừng gửi" in done.content.decode() and "Đã làm trên giấy" in done.content.decode()
    letter.refresh_from_db()
    assert letter.state == Sent.GIVEN_UP
    assert page.post(f"/lien-thong/gui-di/{letter.pk}/gui-lai/").status_code == 409


def test_sending_again_puts_it_in_the_queue(page: Client) -> None:
    letter = sent("b", dead="schema")
    done = page.post(f"/lien-thong/gui-di/{letter.pk}/gui-lai/", follow=True)
    letter.refresh_from_db()
    assert "dưới cùng mã thông điệp" in done.content.decode() and letter.state == Sent.QUEUED
    assert letter.lane.due_at is not None and not letter.lane.is_blocked


def test_lists_are_filtered_and_hold_ones_own_offices_alone(page: Client, owner: User) -> None:
    here, there = sent("a"), sent("z", unit=world.other_commune())
    local = world.person("xa", world.commune(), MANAGE)
    client = Client()
    client.force_login(local)
    mine = client.get("/lien-thong/gui-di/").content.decode()
    assert str(here.pk) in mine and str(there.pk) not in mine
    assert client.get(f"/lien-thong/gui-di/{there.pk}/").status_code == 404
    assert client.post("/lien-thong/he-thong/police/noi-lai/").status_code == 403
    both = page.get("/lien-thong/gui-di/").content.decode()
    assert str(here.pk) in both and str(there.pk) in both
    for query, found in (("tim=a", 1), ("tim=H31.101-260310-0001", 2), (f"tim={there.pk}", 1), ("tim=khong", 0),
                         ("he-thong=portal", 0), ("he-thong=police&trang-thai=queued", 2), ("trang-thai=dead", 0)):
        text = page.get(f"/lien-thong/gui-di/?{query}").content.decode()
        assert text.count("row-link") == found, query


def test_the_pages_of_what_came_in(page: Client) -> None:
    with setting_up():
        came = Inbound.objects.create(
            client="VN/GOV/BCA/DANCU", message_id="0199f3f0-0000-7000-8000-000000000001", service="police",
            kind="police.number-news", subject="person:1", sequence=2, unit=world.commune(), received_at=now(),
            body='{"act":"a1","number":"031326000017"}', request_hash="x", state="dead", error="gap", dead_at=now(),
        )
    assert "Tin về số định danh" in page.get("/lien-thong/nhan-ve/?tim=person:1").content.decode()
    assert "Tin về số định danh" in page.get("/lien-thong/cho-xu-ly/").content.decode()
    shown = page.get(f"/lien-thong/nhan-ve/{came.pk}/").content.decode()
    assert "không đến trong thời hạn" in shown and "031326000017" not in shown
    assert page.post(f"/lien-thong/nhan-ve/{came.pk}/bo-qua/", {"reason": ""}).status_code == 422
    done = page.post(f"/lien-thong/nhan-ve/{came.pk}/xu-ly-lai/", follow=True)
    assert "Đã xử lý thông điệp" in done.content.decode()
    came.refresh_from_db()
    assert came.state == "handled"


def test_the_log_and_the_probe(page: Client) -> None:
    answer = page.post("/lien-thong/he-thong/police/kiem-tra/", follow=True)  # no signer, no agencies in this test
    assert "hiện không phản hồi" in answer.content.decode()
    called("timeout", 10_000)
    sent("a")
    assert page.post("/lien-thong/he-thong/khong-co/kiem-tra/").status_code == 404
    assert "timeout" in page.get("/lien-thong/nhat-ky/").content.decode() or not Call.objects.exists()


def test_the_same_over_the_api(page: Client) -> None:
    letter = sent("b", dead="schema")
    services = page.get("/api/v1/exchange/services").json()
    assert {s["code"] for s in services} == {
        "police", "residence", "insurance", "assistance", "portal", "ministry", "payment"}
    assert next(s for s in services if s["code"] == "police")["dead"] == 1
    [one] = page.get("/api/v1/exchange/messages?state=dead").json()["items"]
    assert one["id"] == str(letter.pk) and "body" not in one
    assert page.get(f"/api/v1/exchange/messages/{letter.pk}").json()["calls"] == []
    refused = page.post(f"/api/v1/exchange/messages/{letter.pk}/give-up", {"reason": ""},
                        content_type="application/json")
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "reason"
    key = {"HTTP_IDEMPOTENCY_KEY": "mot-lan-thoi-nhe"}
    for _ in range(2):
        again = page.post(f"/api/v1/exchange/messages/{letter.pk}/send-again", content_type="application/json", **key)
        assert again.status_code == 200 and again.json()["state"] == "queued"
    assert page.post("/api/v1/exchange/services/khong/resume", content_type="application/json").status_code == 404


def test_figures_are_lists(owner: User) -> None:
    sent("a"), sent("b", dead="schema"), sent("b")
    day = localdate(now())
    scope = indicators.scope_for(world.by(owner), MANAGE, at=now() + timedelta(seconds=1), period_from=day,
                                 period_to=day)
    counted = {code: indicators.count(f"exchange.{code}", scope) for code in ("sent", "answered", "given_up", "dead")}
    assert counted == {"sent": 3, "answered": 0, "given_up": 0, "dead": 1}
    assert [m.state for m in indicators.rows("exchange.dead", scope)] == [Sent.DEAD]
