"""Notices: sent with their occasion or not at all, without personal content, carried by the post, seen by their own."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core import mail
from django.test import RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import VIETNAM, now, standing_at
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.accounts.models import User
from tuphap.shared.notices import api, carriers, operations, tasks, views
from tuphap.shared.notices.models import Notice, Outgoing
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import run_jobs, setting_up

ME = system_actor("test")
CODE = "H31.1-250701-0001"
NOON = datetime(2026, 3, 2, 12, tzinfo=VIETNAM)  # no telephone rings at night


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> None:
    monkeypatch.setattr(api.templates, "_items", {})
    settings.NOTICE_FOLDER = tmp_path / "outbox"
    both = (api.Channel.EMAIL, api.Channel.SMS)
    api.NoticeTemplate(
        "test.due", "Hồ sơ {dossier_code}", "Hẹn trả ngày {day} tại {office}.", ("day", "office"), "notices:list", both
    ).install()
    api.NoticeTemplate("test.bare", "Có việc mới", "Ông/bà có việc mới.").install()


@pytest.fixture
def citizen(db: None) -> User:
    with setting_up():
        return User.objects.create_citizen(
            issuer="https://x", subject="1", full_name="Trần Thị Dân", email="dan@example.vn", phone="0900000001"
        )


def as_actor(user: User) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, name=user.full_name, user_id=user.pk)


@operation
def tell(*, actor, at, fail: bool = False, **what) -> Notice:
    notice = api.send(actor=actor, at=at, **what)
    if fail:
        raise Refusal()
    return notice


def due(**where) -> Notice:
    return tell(template="test.due", dossier_code=CODE, day=date(2025, 7, 2), office="UBND Xã 1", actor=ME, at=now(),
                **where)


def outbox(settings) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in sorted(settings.NOTICE_FOLDER.glob("*.json"))]


@pytest.mark.django_db(transaction=True)
def test_it_goes_to_the_page_at_once_and_outside_by_the_post(citizen: User, settings) -> None:
    notice = due(to_user_id=citizen.pk)
    assert (notice.title, notice.text) == (f"Hồ sơ {CODE}", "Hẹn trả ngày 02/07/2025 tại UBND Xã 1.")
    assert api.unread(as_actor(citizen)) == 1
    assert outbox(settings) == []
    with standing_at(NOON):
        run_jobs("notices")
    sent = outbox(settings)
    assert {message["to"] for message in sent} == {"dan@example.vn", "0900000001"}
    assert {message["subject"] for message in sent} == {f"Hồ sơ {CODE} có cập nhật"}
    told = json.dumps(sent, ensure_ascii=False)
    assert "UBND" not in told and citizen.full_name not in told
    assert sent[0]["text"].endswith(f"{settings.PUBLIC_URL}/thong-bao/")
    assert set(Outgoing.objects.values_list("state", "attempts")) == {("sent", 1)}
    tasks.deliver(outgoing_id=str(Outgoing.objects.first().pk))  # a second delivery of the same job
    assert len(outbox(settings)) == 2
    assert set(Outgoing.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_when_its_occasion_is_undone(citizen: User) -> None:
    with pytest.raises(Refusal):
        due(to_user_id=citizen.pk, fail=True)
    assert not Notice.objects.exists() and not Outgoing.objects.exists() and not ProcrastinateJob.objects.exists()
    with pytest.raises(RuntimeError):
        api.send(template="test.bare", to_user_id=citizen.pk, actor=ME, at=now())


@pytest.mark.django_db(transaction=True)
def test_listeners_hear_of_it_when_it_is_committed(citizen: User) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as listener:
        listener.execute(f"LISTEN {api.NOTIFY_CHANNEL}")
        with pytest.raises(Refusal):
            due(to_user_id=citizen.pk, fail=True)
        notice = due(to_user_id=citizen.pk)
        heard = [json.loads(n.payload) for n in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [{"user": str(citizen.pk), "notice": str(notice.pk)}]


@pytest.mark.django_db
def test_only_declared_parameters_and_somebody_to_tell(citizen: User) -> None:
    for wrong in ({"day": "x"}, {"day": "x", "office": "y", "name": "Trần Thị Dân"}):
        with pytest.raises(ValueError):
            tell(template="test.due", to_user_id=citizen.pk, actor=ME, at=now(), **wrong)
    with pytest.raises(ValueError):
        tell(template="test.bare", actor=ME, at=now())
    with pytest.raises(KeyError):
        tell(template="test.none", to_user_id=citizen.pk, actor=ME, at=now())
    with pytest.raises(ValueError):
        api.NoticeTemplate("test.bad", "{name}", "").install()
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_contact_without_account_and_channels_that_are_not_served(settings) -> None:
    settings.NOTICE_CARRIERS = {"email": "tuphap.shared.notices.carriers.FileCarrier"}
    due(to_contact=api.Contact(email="a@example.vn", phone="0900000002"))
    assert list(Outgoing.objects.values_list("channel", "address")) == [("email", "a@example.vn")]


class Down:
    def carry(self, **message: str) -> None:
        raise carriers.NotCarried("mail server: TimeoutError")


@pytest.mark.django_db(transaction=True)
def test_a_carrier_that_is_down_is_tried_again_and_given_up_at_last(citizen: User, settings) -> None:
    settings.NOTICE_CARRIERS = {"email": f"{__name__}.Down"}
    due(to_user_id=citizen.pk)
    outgoing = Outgoing.objects.get()
    for attempt in range(1, operations.MOST_ATTEMPTS):
        with pytest.raises(carriers.NotCarried):
            tasks.deliver(outgoing_id=str(outgoing.pk))
        outgoing.refresh_from_db()
        assert (outgoing.state, outgoing.attempts) == ("queued", attempt)
    tasks.deliver(outgoing_id=str(outgoing.pk))
    outgoing.refresh_from_db()
    assert (outgoing.state, outgoing.last_error) == ("failed", "mail server: TimeoutError")


@pytest.mark.django_db
def test_the_mail_carrier_sends_and_says_when_it_cannot(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    carriers.MailCarrier().carry(message_id="m1", address="a@example.vn", subject="Hồ sơ", text="Nội dung")
    assert [(m.to, m.subject) for m in mail.outbox] == [(["a@example.vn"], "Hồ sơ")]
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(ConnectionError()))
    with pytest.raises(carriers.NotCarried):
        carriers.MailCarrier().carry(message_id="m1", address="a@example.vn", subject="x", text="y")


@pytest.mark.django_db
def test_one_reads_and_marks_only_ones_own(citizen: User) -> None:
    with setting_up():
        other = User.objects.create_citizen(issuer="https://x", subject="2", full_name="Người Khác")
    mine = tell(template="test.bare", to_user_id=citizen.pk, actor=ME, at=now())
    tell(template="test.bare", to_user_id=other.pk, actor=ME, at=now())
    me = as_actor(citizen)
    assert list(api.inbox(me)) == [mine]
    for key in (uuid4(), Notice.objects.get(to_user=other).pk):
        with pytest.raises(NotFound):
            operations.mark_read(notice_id=key, actor=me, at=now())
    first = operations.mark_read(notice_id=mine.pk, actor=me, at=now()).read_at
    assert operations.mark_read(notice_id=mine.pk, actor=me, at=now()).read_at == first
    assert (api.unread(me), api.unread(as_actor(other)), api.unread(ME)) == (0, 1, 0)
    tell(template="test.bare", to_user_id=citizen.pk, actor=ME, at=now())
    assert operations.mark_all_read(actor=me, at=now()) == 1
    assert (api.unread(me), api.unread(as_actor(other))) == (0, 1)


@pytest.mark.django_db
def test_the_page_lists_marks_and_is_closed_to_passers_by(citizen: User, django_assert_max_num_queries) -> None:
    for _ in range(40):
        due(to_user_id=citizen.pk)
    request = RequestFactory().get("/thong-bao/")
    request.actor = as_actor(citizen)
    request.user = citizen
    with django_assert_max_num_queries(6):
        page = views.mine(request).content.decode()
    assert page.count("<article>") == 30
    assert "40 thông báo chưa đọc" in page
    request.actor = Actor(kind=ActorKind.PUBLIC, name="Khách")
    with pytest.raises(Denied):
        views.mine(request)
