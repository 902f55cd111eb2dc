"""Who has looked at my data: every read by officials is kept with its purpose, told by office and post, and cheap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop.looks import queries as looks
from tuphap.modules.one_stop_shop.looks.rules import PURPOSES, SEEN, Look, Why
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, client_of, text_of
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import looks as log
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
AT = morning(MONDAY, 9, 45)
HOA = "031192000456"


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with standing_at(AT):
        yield


def reads() -> list[tuple[str, str]]:
    found = Entry.objects.filter(event="record.read", subject_type="dossiers.dossier").order_by("pk")
    return [(entry.facts["what"], entry.purpose) for entry in found]


def told(work: Work, name: str = "lan") -> list[looks.Seen]:
    found = looks.own_looks(work.town.who(name))
    return looks.told(found.entries, found.codes, on=MONDAY)


def test_each_reads_for_a_reason_and_the_person_is_told_which_office(work: Work) -> None:
    dossier = work.receive(work.submit_online())
    work.assign(dossier)
    with setting_up():
        User.objects.filter(username__in=("desk", "officer", "chairman")).update(
            office=work.town.commune, title="Công chức tư pháp – hộ tịch")
    page = reverse("one_stop_shop:dossier", args=[dossier.code])
    for name in ("desk", "officer", "chairman", "head"):
        assert client_of(work, name).get(page).status_code == 200
    assert [purpose for _, purpose in reads()] == [
        PURPOSES[Why.DESK], PURPOSES[Why.HANDLING], PURPOSES[Why.DECIDING], PURPOSES[Why.DESK]]
    paper = dossier.attachments.get()
    client_of(work, "officer").get(reverse("one_stop_shop:paper", args=[dossier.pk, paper.pk]))
    shown = told(work)
    assert (shown[0].what, shown[0].office, shown[0].post, shown[0].dossier) == (
        "Giấy tờ đính kèm", work.town.commune.name, "Công chức tư pháp – hộ tịch", dossier.code)
    page = text_of(client_of(work, "lan").get("/ai-da-xem/"))
    assert "Thụ lý, giải quyết hồ sơ" in page and dossier.code in page and 'id="khieu-nai"' in page
    for user in User.objects.filter(kind="staff"):
        assert user.full_name not in page
    assert "Chưa có ai xem" in text_of(client_of(work, "hoa").get("/ai-da-xem/"))


def test_a_page_that_draws_itself_anew_is_one_look(work: Work) -> None:
    dossier = work.receive(work.submit_online())
    page, desk = reverse("one_stop_shop:dossier", args=[dossier.code]), client_of(work, "desk")
    for _ in range(3):
        desk.get(page)
    assert len(reads()) == 1
    with standing_at(AT + log.ONE_LOOK + timedelta(seconds=1)):
        desk.get(page)
    assert len(reads()) == 2


def test_own_reads_and_refused_ones_are_none(work: Work) -> None:
    dossier = work.submit_online()
    client_of(work, "lan").get(reverse("one_stop_shop:own_dossier", args=[dossier.submission_code]))
    client_of(work, "stranger").get(reverse("one_stop_shop:dossier", args=[dossier.submission_code]))
    assert reads() == [] and told(work) == []


def test_the_api_keeps_it_too_and_shows_it(work: Work) -> None:
    dossier = work.file(number=HOA)
    desk, hoa = client_of(work, "desk"), client_of(work, "hoa")
    for path in ("", "/events", "/control-sheet"):
        assert desk.get(f"/api/v1/dossiers/{dossier.code}{path}").status_code == 200
    assert reads() == [(Look.DOSSIER, PURPOSES[Why.DESK])]
    shown = hoa.get("/api/v1/looks").json()
    assert [(one["purpose"], one["dossier"]) for one in shown] == [(PURPOSES[Why.DESK], dossier.code)]
    assert desk.get("/api/v1/looks").json() == []


def test_an_agency_is_named_with_its_purpose(work: Work) -> None:
    dossier = work.file(number=HOA)
    with setting_up():
        bank = User.objects.create_agency(username="nh", full_name="Ngân hàng Thử")
    actor = Actor(kind=ActorKind.AGENCY, name="Ngân hàng Thử", user_id=bank.pk, purpose="Mở tài khoản")
    looks.note(dossier, actor, AT)
    assert [(one.office, one.purpose) for one in told(work, "hoa")] == [("Ngân hàng Thử", "Mở tài khoản")]


def test_many_looks_are_paged_at_a_steady_cost_by_an_index(work: Work, django_assert_max_num_queries: Any) -> None:
    dossier = work.receive(work.submit_online())
    actor = work.town.who("desk")
    for n in range(70):
        looks.note(dossier, actor, AT + n * timedelta(minutes=11))
    with standing_at(AT + timedelta(days=1)):
        lan = client_of(work, "lan")
        lan.get("/ai-da-xem/")
        with django_assert_max_num_queries(17):  # each module that looks at people without a dossier is asked once
            assert text_of(lan.get("/ai-da-xem/?trang=3")).count("Tiếp nhận, phân công, trả kết quả") == 10
    query = looks.own_looks(work.town.who("lan")).entries
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = query.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "audit_entry_" in plan and "Seq Scan" not in plan


def test_every_look_has_its_words() -> None:
    assert set(Look) <= set(SEEN) and set(Why) == set(PURPOSES)
