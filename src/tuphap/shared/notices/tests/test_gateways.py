"""SMS and Zalo over a gateway that is slow, wrong, down or repeats itself; preferences and quiet hours."""

from __future__ import annotations

import json
import threading
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tuphap.kernel.clock import VIETNAM, standing_at
from tuphap.runtime.simulators.gateways import Gateways, application
from tuphap.shared.accounts.models import User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.notices import api, carriers, operations, queries, rules, tasks
from tuphap.shared.notices.declarations import Channel
from tuphap.shared.notices.models import Outgoing
from tuphap.shared.notices.rules import STALE_AFTER, Reach, is_stale, quiet_until
from tuphap.shared.operation.testing import run_jobs, setting_up

from .test_notices import CODE, ME, _declared, as_actor, tell  # noqa: F401

NOON = datetime(2026, 3, 2, 12, tzinfo=VIETNAM)
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=VIETNAM)


@dataclass
class Sim:
    url: str
    gateways: Gateways

    def behave(self, channel: str = "all", **how: Any) -> None:
        httpx.post(f"{self.url}/_control/{channel}", json=how, trust_env=False).raise_for_status()

    def inbox(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/_inbox", trust_env=False, verify=False).json()
        return found


@pytest.fixture
def sim(settings: Any) -> Iterator[Sim]:
    """The gateways in a thread."""
    from tuphap.shared.exchange.testing import free_port

    port = free_port()
    gateways = Gateways(platform="http://127.0.0.1:9", key="khoa", seed=1)
    server = uvicorn.Server(uvicorn.Config(application(gateways), host="127.0.0.1", port=port, log_level="critical",
                                           access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = clock.monotonic() + 10
    while not server.started and clock.monotonic() < deadline:
        clock.sleep(0.02)
    settings.NOTICE_GATEWAY_URL, settings.NOTICE_GATEWAY_KEY = f"http://127.0.0.1:{port}", "khoa"
    settings.NOTICE_CARRIERS = {
        "sms": "tuphap.shared.notices.carriers.SmsCarrier", "zalo": "tuphap.shared.notices.carriers.ZaloCarrier",
    }
    for memory in (carriers.Gateway._failed, carriers.Gateway._closed_until):
        memory.clear()
    yield Sim(f"http://127.0.0.1:{port}", gateways)
    server.should_exit = True
    thread.join(10)
    for memory in (carriers.Gateway._failed, carriers.Gateway._closed_until):
        memory.clear()


@pytest.fixture
def citizen(db: None) -> User:
    with setting_up():
        return User.objects.create_citizen(issuer="https://x", subject="1", full_name="Trần Thị Dân",
                                           phone="0900000001")


@pytest.fixture
def news(_declared: None) -> str:  # noqa: F811
    """A notice about a dossier, by every way."""
    every = tuple(Channel)
    api.NoticeTemplate("test.news", "Tin", "Hồ sơ {dossier_code} khai tử.", (), "notices:list", every).install()
    return "test.news"


def sent(news: str, citizen: User, at: datetime = NOON) -> Outgoing:
    tell(template=news, dossier_code=CODE, to_user_id=citizen.pk, actor=ME, at=at)
    return Outgoing.objects.latest("pk")


# -- rules


@given(st.times(), st.times(), st.timedeltas(timedelta(), timedelta(days=300)))
def test_after_the_quiet_hours_it_may_ring(quiet_from: time, quiet_to: time, later: timedelta) -> None:
    reach = Reach(quiet_from=quiet_from.replace(microsecond=0), quiet_to=quiet_to.replace(microsecond=0))
    at = NOON + later
    until = quiet_until(at, reach=reach, channel="sms")
    assert quiet_until(at, reach=reach, channel="email") is None
    if until is not None:
        assert at < until <= at + timedelta(days=1)
        assert quiet_until(until, reach=reach, channel="sms") is None


def test_the_usual_night() -> None:
    assert quiet_until(NOON, reach=Reach(), channel="sms") is None
    assert quiet_until(NIGHT, reach=Reach(), channel="zalo") == datetime(2026, 3, 3, 7, tzinfo=VIETNAM)
    assert quiet_until(NIGHT, reach=Reach(quiet_from=time(7), quiet_to=time(7)), channel="sms") is None


def test_officials_see_enough_of_an_address_to_ask_about_it() -> None:
    assert (rules.masked("0912345678"), rules.masked("lan@example.vn")) == ("…678", "l…@example.vn")


# -- the gateway


def test_a_message_comes_once_however_often_it_is_sent(sim: Sim) -> None:
    for _ in range(2):
        carriers.SmsCarrier().carry(message_id="m1", address="0900000001", subject="", text="Hồ sơ có cập nhật.")
    assert [(one["text"], one["times"]) for one in sim.inbox()] == [("Hồ sơ có cập nhật.", 2)]
    page = httpx.get(sim.url, trust_env=False).text
    assert "0900000001" in page and "Hồ sơ có cập nhật." in page


@pytest.mark.parametrize("how", [{"down": True}, {"wrong": "500"}, {"wrong": "not_json"}, {"wrong": "not_accepted"},
                                 {"delay_ms": 400}])
def test_one_that_fails_is_said_to_and_then_left_alone(
    sim: Sim, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers.Gateway, "TIMEOUT", 0.2)
    sim.behave("sms", **how)
    for attempt in range(carriers.Gateway.FAILURES):
        with pytest.raises(carriers.NotCarried):
            carriers.SmsCarrier().carry(message_id=f"m{attempt}", address="0900000001", subject="", text="x")
    sim.behave("sms")
    with pytest.raises(carriers.NotCarried, match="resting"):
        carriers.SmsCarrier().carry(message_id="m9", address="0900000001", subject="", text="x")
    carriers.ZaloCarrier().carry(message_id="m9", address="0900000001", subject="", text="x")  # the other one works


@pytest.mark.django_db(transaction=True)
def test_it_arrives_and_is_reported_once_though_told_thrice(
    sim: Sim, citizen: User, news: str, live_server: Any
) -> None:
    sim.gateways.platform = live_server.url
    sim.behave("sms", repeat=2, report_ms=0)
    with standing_at(NOON):
        message = sent(news, citizen)
        run_jobs("notices")
    deadline = clock.monotonic() + 15
    while clock.monotonic() < deadline:
        message.refresh_from_db()
        if message.state == Outgoing.State.DELIVERED and sim.gateways.reports.empty():
            break
        clock.sleep(0.05)
    assert message.state == Outgoing.State.DELIVERED and message.reported_at is not None
    assert [one["text"] for one in sim.inbox()] == [f"Hồ sơ {CODE} có cập nhật.\nhttp://localhost:8000/thong-bao/"]
    assert Entry.objects.filter(event="notices.reported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_that_the_gateway_refuses_is_not_tried_again(sim: Sim, citizen: User, news: str) -> None:
    sim.behave("sms", refuse="0001")
    with standing_at(NOON):
        message = sent(news, citizen)
        tasks.deliver(outgoing_id=str(message.pk))
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("failed", 1, "gateway: number refused")


@pytest.mark.django_db(transaction=True)
def test_at_night_it_waits_for_the_morning(sim: Sim, citizen: User, news: str) -> None:
    with standing_at(NIGHT):
        message = sent(news, citizen, NIGHT)
        tasks.deliver(outgoing_id=str(message.pk))
    message.refresh_from_db()
    morning = datetime(2026, 3, 3, 7, tzinfo=VIETNAM)
    assert (message.state, message.attempts, message.held_until) == ("queued", 0, morning) and sim.inbox() == []
    assert ProcrastinateJob.objects.filter(scheduled_at=morning, task_name__endswith="deliver").count() == 1
    with standing_at(morning):
        tasks.deliver(outgoing_id=str(message.pk))
    message.refresh_from_db()
    assert message.state == "sent" and len(sim.inbox()) == 1


@pytest.mark.django_db(transaction=True)
def test_after_days_no_telephone_rings_for_it_any_more(sim: Sim, citizen: User, news: str) -> None:
    message = sent(news, citizen)
    message.refresh_from_db()
    told = message.notice.created_at
    assert not is_stale(told_at=told, at=told + STALE_AFTER, channel="sms")
    assert not is_stale(told_at=told, at=told + timedelta(days=30), channel="email")
    for days in (4, 30):  # and a second delivery of the same job changes nothing
        with standing_at(told + timedelta(days=days)):
            tasks.deliver(outgoing_id=str(message.pk))
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("stale", None, 0) and sim.inbox() == []
    assert Entry.objects.filter(event="notices.stale").count() == 1


# -- reports


@pytest.mark.django_db
def test_only_who_has_the_key_reports(sim: Sim, citizen: User, news: str) -> None:
    message = sent(news, citizen)

    def say(told: Any, signature: str | None = None) -> int:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        signed = carriers.report_signature(body) if signature is None else signature
        return Client().post("/bao-phat/sms/", body, content_type="application/json",
                             headers={"X-Signature": signed}).status_code

    whole = {"id": str(message.pk), "state": "failed"}
    assert say(whole, "") == say(whole, "0" * 64) == say(whole, "ữ") == 401
    assert [say(b"{"), say({"id": "x", "state": "failed"}), say({**whole, "state": "maybe"}), say([])] == [422] * 4
    assert say({**whole, "id": str(uuid4())}) == 404
    assert say(whole) == 200 and say({**whole, "state": "delivered"}) == 200
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "gateway: not delivered")  # the first word counts


# -- preferences


@pytest.mark.django_db
def test_one_chooses_by_which_ways_and_when(sim: Sim, citizen: User, news: str) -> None:
    client = Client()
    force_login(client, citizen)
    page = client.get("/thong-bao/cach-nhan/").content.decode()
    assert 'value="zalo"' in page and "21:00" in page
    assert client.post("/thong-bao/cach-nhan/", {"quiet_from": "x", "quiet_to": "06:00"}).status_code == 422
    told = {"channels": ["zalo"], "quiet_from": "22:00", "quiet_to": "06:00"}
    assert client.post("/thong-bao/cach-nhan/", told).status_code == 302
    assert queries.reach_of(citizen.pk) == Reach(frozenset({Channel.ZALO}), time(22), time(6))
    assert sent(news, citizen).channel == "zalo"
    operations.set_preferences(channels=[], quiet_from=time(21), quiet_to=time(7), actor=as_actor(citizen), at=NOON)
    before = Outgoing.objects.count()
    tell(template=news, dossier_code=CODE, to_user_id=citizen.pk, actor=ME, at=NOON)
    assert Outgoing.objects.count() == before and api.unread(as_actor(citizen)) == 2
    shown = client.get("/api/v1/notices/preferences").json()
    assert shown == {"email": False, "sms": False, "zalo": False, "quiet_from": "21:00", "quiet_to": "07:00"}


@pytest.mark.django_db
def test_the_clerk_sees_how_far_it_has_come(sim: Sim, citizen: User, news: str) -> None:
    sent(news, citizen)
    assert [(one.channel, one.masked, one.state) for one in queries.deliveries([CODE, ""])] == [
        ("sms", "…001", "queued")]
