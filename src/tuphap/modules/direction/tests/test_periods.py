"""Closed periods: kept as they were, shown beside what is counted now, taken back with a reason, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tuphap.kernel.clock import standing_at
from tuphap.modules.direction import freezing, operations, periods, queries, rules
from tuphap.modules.direction.models import Closing, FrozenFigure
from tuphap.modules.direction.rules import Period, PeriodKind
from tuphap.modules.direction.tests import test_direction as world
from tuphap.modules.direction.tests.test_statistics import live
from tuphap.shared.access.api import Forbidden
from tuphap.shared.access.models import Grant
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers.models import Custody
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
NOW = world.NOW
QUARTER = date(2025, 4, 1)
GROUND = "Công văn số 12/STP-VP ngày 01/7/2025"


province = world.province


@pytest.fixture(autouse=True)
def closer(province: dict[str, Any]) -> None:
    """The director may close periods; the clerk may look."""
    with setting_up():
        Grant.objects.create(
            person=province["director"], permission=rules.Permission.CLOSE, unit=province["Sở"],
            valid_from=date(2025, 1, 1),
        )


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with standing_at(NOW) as at:
        yield at


def close(
    province: dict[str, Any], kind: str = "quy", first: date = QUARTER, at: datetime = NOW, **more: Any
) -> Closing:
    told = {"basis": GROUND, "actor": world.actor(province["director"]), **more}
    return operations.close_period(kind=kind, first=first, at=at, **told)


def some(province: dict[str, Any]) -> None:
    """Dossiers of the quarter, among others."""
    live(province, 6)
    for day in (6, 7):
        came = datetime(2025, 5, day, 3, tzinfo=UTC)
        world.dossier(province, "Cũ", came, came + timedelta(days=2))


def everything(province: dict[str, Any], **more: Any) -> indicators.Scope:
    asked = {"period_from": QUARTER, "period_to": date(2025, 6, 30), "basis": indicators.Basis.THEN, **more}
    return queries.scope_of(world.actor(province["director"]), at=NOW, **asked)


def test_a_closed_period_stays_when_data_are_corrected_and_names_what_changed(province) -> None:
    live(province, 30)
    some(province)
    asked = everything(province)
    before = indicators.count("dossiers.received", asked)
    closing = close(province)
    assert before and not periods.compare(closing, asked).differing
    with setting_up():
        late = world.dossier(province, "Cũ", datetime(2025, 5, 6, 3, tzinfo=UTC))  # entered after the closing
        gone = Custody.objects.filter(
            since__gte=asked.start, since__lt=asked.end, came="receipt", unit=province["Cũ"]
        ).select_related("dossier").exclude(dossier=late).order_by("pk").first()
        Custody.objects.filter(pk=gone.pk).update(since=asked.start - timedelta(days=40))  # moved to an earlier quarter
    found = periods.compare(closing, asked)
    received = next(one for one in found.differences if one.code == "dossiers.received")
    assert (received.frozen, received.live, received.change) == (before, before, 0)
    assert (received.added, received.removed) == ((late.code,), (gone.dossier.code,))
    assert {late.code, gone.dossier.code} <= set(found.changed)
    assert found.is_whole
    kept = periods.frozen_values(closing, asked)
    assert kept["dossiers.received"] == before


def test_frozen_figures_follow_office_basis_sector_procedure_and_channel(province) -> None:
    live(province, 30)
    closing = close(province, "nam", date(2024, 1, 1))
    year = {"period_from": date(2024, 1, 1), "period_to": date(2024, 12, 31)}
    for more in ({}, {"channel": "truc_tuyen"}, {"sector": "Hộ tịch"}, {"procedure": "9.999999"}, {"sector": "Khác"},
                 {"unit_ids": [province["Cũ"].pk]}, {"unit_ids": [province["Mới"].pk]},
                 {"unit_ids": [province["Mới"].pk], "basis": indicators.Basis.RESTATED}):
        asked = everything(province, **{**year, **more})
        kept = periods.frozen_values(closing, asked)
        for code in ("dossiers.received", "dossiers.pending", "dossiers.papers", "dossiers.late"):
            assert kept[code] == indicators.count(code, asked), (more, code)
    assert "dossiers.hours_mean" in periods.frozen_values(closing, everything(province, **year))
    by_post = everything(province, **year, channel="buu_chinh")
    assert "dossiers.hours_mean" not in periods.frozen_values(closing, by_post)


def test_closing_asks_for_permission_an_ended_period_a_ground_and_balance(province, monkeypatch) -> None:
    one = world.dossier(province, "Cũ", datetime(2025, 5, 6, 3, tzinfo=UTC), datetime(2025, 5, 7, 3, tzinfo=UTC))
    with pytest.raises(Forbidden):
        close(province, actor=world.actor(province["clerk"]))
    with pytest.raises(rules.PeriodNotOver):
        close(province, "quy", date(2025, 7, 1))
    with pytest.raises(rules.PeriodNotOver):
        close(province, "quy", QUARTER, datetime(2025, 6, 30, 16, 59, tzinfo=UTC))
    for kind, first in (("quy", date(2025, 2, 1)), ("thang", date(2025, 2, 2)), ("tuan", QUARTER)):
        with pytest.raises(rules.BadPeriod):
            close(province, kind, first)
    with pytest.raises(rules.BasisRequired):
        close(province, basis="  ")
    with setting_up():
        Custody.objects.filter(dossier=one).update(original_verdict="?")
    with pytest.raises(rules.Unbalanced):
        close(province)
    assert not Closing.objects.exists()


def test_a_period_is_closed_once_and_reopened_with_a_reason(province) -> None:
    some(province)
    first = close(province)
    with pytest.raises(rules.PeriodClosed):
        close(province)
    close(province, "thang", QUARTER)  # another period
    who = world.actor(province["director"])
    with pytest.raises(rules.ReasonRequired):
        operations.reopen_period(closing_id=first.pk, reason=" ", actor=who, at=NOW)
    with pytest.raises(Forbidden):
        operations.reopen_period(closing_id=first.pk, reason="x", actor=world.actor(province["clerk"]), at=NOW)
    with pytest.raises(rules.UnknownClosing):
        operations.reopen_period(closing_id=10**9, reason="x", actor=who, at=NOW)
    operations.reopen_period(closing_id=first.pk, reason="Cải chính số liệu", actor=who, at=NOW)
    with pytest.raises(rules.AlreadyReopened):
        operations.reopen_period(closing_id=first.pk, reason="x", actor=who, at=NOW)
    second = close(province)
    history = list(periods.closings_of(Period(PeriodKind.QUARTER, QUARTER)))
    assert [(c.version, c.is_reopened) for c in history] == [(2, False), (1, True)]
    assert history[1].reopening.reason == "Cải chính số liệu" and history[1].figures.exists()
    assert periods.closed_over(everything(province)) == second
    entries = Entry.objects.filter(event__startswith="direction.period").order_by("id")
    told = list(entries.values_list("event", flat=True))
    assert told == ["direction.period_closed"] * 2 + ["direction.period_reopened", "direction.period_closed"]
    assert Entry.objects.filter(facts__hash=second.hash).exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_frozen_is_never_changed_by_anybody(province) -> None:
    some(province)
    close(province)
    for statement in (
        "UPDATE direction_frozenfigure SET number = number", "DELETE FROM direction_frozenmeasure",
        "UPDATE direction_closing SET basis = 'x'", "DELETE FROM direction_reopening", "TRUNCATE direction_reopening",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), setting_up(), connection.cursor() as cursor:
            cursor.execute(statement)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for table in ("closing", "frozenfigure", "frozenmeasure", "reopening"):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                name, role = f"direction_{table}", connection.settings_dict["USER"]
                assert not owner.execute("SELECT has_table_privilege(%s, %s, %s)", (role, name, right)).fetchone()[0]
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
                    owner.execute({"UPDATE": f"UPDATE {name} SET id = id", "DELETE": f"DELETE FROM {name}",
                                   "TRUNCATE": f"TRUNCATE {name} CASCADE"}[right])


def test_the_hash_finds_what_was_added(province) -> None:
    some(province)
    closing = close(province)
    assert freezing.is_whole(closing)
    with setting_up():
        FrozenFigure.objects.create(
            closing=closing, code="dossiers.received", unit=province["Kia"], sector="", procedure="x", channel="x",
            number=1, labels=["H99.X"],
        )
    assert not freezing.is_whole(closing)


def test_periods_and_their_names() -> None:
    named = {p.title: (p.first, p.last) for p in rules.periods_of(2024)}
    assert len(named) == 19
    assert named["Tháng 02/2024"] == (date(2024, 2, 1), date(2024, 2, 29))
    assert named["Quý IV năm 2024"] == (date(2024, 10, 1), date(2024, 12, 31))
    assert named["6 tháng cuối năm 2024"] == (date(2024, 7, 1), date(2024, 12, 31))
    assert named["Năm 2024"] == (date(2024, 1, 1), date(2024, 12, 31))


def test_the_pages_close_show_and_reopen(province) -> None:
    some(province)
    client = Client()
    client.force_login(province["director"])
    listed = client.get("/chi-dao/thong-ke/ky/?nam=2025").content.decode()
    assert "Quý II năm 2025" in listed and "Khóa số liệu một kỳ" in listed
    refused = client.post("/chi-dao/thong-ke/ky/khoa/?nam=2025", {"ky": "quy:2025-04-01", "can_cu": ""})
    assert refused.status_code == 422
    answer = client.post("/chi-dao/thong-ke/ky/khoa/?nam=2025", {"ky": "quy:2025-04-01", "can_cu": GROUND})
    closing = Closing.objects.get()
    assert answer["Location"] == f"/chi-dao/thong-ke/ky/{closing.pk}/"
    with setting_up():
        late = world.dossier(province, "Cũ", datetime(2025, 5, 6, 3, tzinfo=UTC))
    page = client.get(answer["Location"], {"co_so": "then"}).content.decode()
    assert late.code in page and "Nguyên vẹn" in page and "+1" in page
    report = client.get("/chi-dao/thong-ke/?tu_ngay=01/04/2025&den_ngay=30/06/2025&co_so=then").content.decode()
    assert "đã khóa số liệu lúc" in report and "Chênh lệch so với số đã khóa" in report
    where = f"/chi-dao/thong-ke/ky/{closing.pk}/mo/"
    assert client.post(where, {"ly_do": ""}).status_code == 422
    assert client.post(where, {"ly_do": "Sửa sai"}).status_code == 302
    assert "Sửa sai" in client.get(f"/chi-dao/thong-ke/ky/{closing.pk}/").content.decode()
    other = Client()
    other.force_login(province["clerk"])
    assert "Khóa số liệu một kỳ" not in other.get("/chi-dao/thong-ke/ky/?nam=2025").content.decode()
    refused = other.post("/chi-dao/thong-ke/ky/khoa/?nam=2025", {"ky": "thang:2025-04-01", "can_cu": "x"})
    assert refused.status_code == 403


def test_the_api_closes_compares_and_reopens(province) -> None:
    some(province)
    client = Client()
    client.force_login(province["director"])
    send = {"content_type": "application/json"}
    made = client.post("/api/v1/direction/periods", {"kind": "quy", "first": "2025-04-01", "basis": GROUND}, **send)
    assert made.status_code == 201 and len(made.json()["hash"]) == 64
    again = client.post("/api/v1/direction/periods", {"kind": "quy", "first": "2025-04-01", "basis": GROUND}, **send)
    assert again.status_code == 409
    key = made.json()["id"]
    compared = client.get(f"/api/v1/direction/periods/{key}").json()
    assert compared["is_whole"] and compared["changed"] == []
    assert client.get("/api/v1/direction/periods?year=2025").json()[0]["title"] == "Quý II năm 2025"
    taken = client.post(f"/api/v1/direction/periods/{key}/reopen", {"reason": "Sửa sai"}, **send).json()
    assert taken["reason"] == "Sửa sai"
    told = client.get("/api/v1/direction/statistics?period_from=2025-04-01&period_to=2025-06-30&cut=kenh").json()
    assert told["is_balanced"] and told["lines"]
    assert {f["code"] for f in told["total"]["figures"]} == set(rules.FIGURES)
