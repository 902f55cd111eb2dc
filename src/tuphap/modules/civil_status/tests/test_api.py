"""The register over the API: lists by what the caller may see, and the check that tells the least."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from posixpath import normpath
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status import operations
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.indicators import api as indicators

from .test_events import MARRIAGE, couple, registered
from .test_follow_ups import CHANGE, changed
from .world import AT, TODAY, World

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/civil-status/births"
Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(AT):
        yield


@pytest.fixture
def call(world: World) -> Call:
    """Call the API as one of the world's people; answers the status and the JSON."""

    def as_role(role: str, path: str, body: dict[str, Any] | None = None, **query: Any) -> tuple[int, Any]:
        client, address = Client(), normpath(ROOT + path)
        force_login(client, world.users[role])
        if body is None:
            answer = client.get(address, query)
        else:
            answer = client.post(address, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    return as_role


def test_lists_hold_what_the_caller_may_see(world: World, call: Call) -> None:
    acts = [world.registered(world.distinct(n)) for n in range(3)]
    status, page = call("officer", "", limit=2)
    assert status == 200
    assert [item["number"] for item in page["items"]] == ["03/2026", "02/2026"]
    assert page["next_offset"] == 2
    assert call("officer", "", offset=2)[1]["next_offset"] is None
    assert call("stranger", "")[1]["items"] == []
    assert call("bank", "")[0] == 403
    status, whole = call("officer", f"/{acts[0].pk}")
    assert status == 200
    assert [person["role"] for person in whole["people"]] == ["child", "mother", "father", "declarant"]
    assert whole["papers"][0]["register_state"] == "in_force"
    assert call("stranger", f"/{acts[0].pk}")[0] == 404


def test_searching_needs_a_purpose(world: World, call: Call) -> None:
    world.registered()
    status, found = call("officer", "/search", {"text": "truc anh", "purpose": "Cấp bản sao"})
    assert (status, len(found)) == (200, 1)
    assert call("officer", "/search", {"text": "truc anh"})[0] == 422
    assert call("officer", "/search", {"purpose": "Cấp bản sao"})[1] == []
    assert call("officer", "/search", {"purpose": "Cấp bản sao", "born_on": "2026-13"})[0] == 422
    assert call("bank", "/search", {"text": "truc anh", "purpose": "Cho vay"})[0] == 403


def test_a_bank_learns_whether_the_paper_is_right_and_nothing_else(world: World, call: Call) -> None:
    act = world.registered()
    asked = {"number": "01/2026", "name": "NGUYỄN TRÚC ANH", "born_on": "2026-03-05", "purpose": "Mở tài khoản cho con"}
    assert call("bank", "/check", asked) == (200, {"matches": True, "state": "registered"})
    for wrong in (
        {"number": "02/2026"}, {"name": "Nguyễn Trúc Ánh"}, {"born_on": "2026-03-06"}, {"number": "²/2026"},
        {"office_code": "H31.99999"}, {"number": "không có"}, {"number": "9999999/9999"},
    ):
        assert call("bank", "/check", {**asked, **wrong}) == (200, {"matches": False, "state": ""}), wrong
    assert call("bank", "/check", {**asked, "purpose": ""})[0] == 422
    assert call("officer", "/check", asked)[0] == 403
    kept = Entry.objects.filter(event="record.read", facts__what="civil_status.check").order_by("pk")
    assert (kept[0].purpose, kept[0].subject_id) == ("Mở tài khoản cho con", str(act.pk))
    operations.cancel_act(
        act_id=act.pk, decision_no="1/QĐ", decided_on=TODAY, authority="UBND thành phố", reason="Trùng",
        actor=world.who("chairman"), at=AT,
    )
    assert call("bank", "/check", asked) == (200, {"matches": True, "state": "cancelled"})


def test_an_act_that_is_not_signed_yet_is_not_there(world: World, call: Call) -> None:
    world.approve(world.dossier())
    asked = {"number": "01/2026", "name": "Nguyễn Trúc Anh", "born_on": "2026-03-05", "purpose": "Mở tài khoản"}
    assert call("bank", "/check", asked)[1] == {"matches": False, "state": ""}


def test_figures_are_the_length_of_their_lists(world: World) -> None:
    world.registered(world.answers(copies={"copies": 3}))
    world.registered(world.distinct(1, child={"sex": "male", "born_on": "2025-06-01"}))
    third = world.registered(world.distinct(2))
    operations.cancel_act(
        act_id=third.pk, decision_no="1/QĐ", decided_on=TODAY, authority="UBND thành phố", reason="Trùng",
        actor=world.who("chairman"), at=AT,
    )
    world.approve(world.dossier(world.distinct(3)))  # not signed: not counted
    scope = indicators.scope_for(
        world.who("officer"), "civil_status.act.view", at=AT, period_from=date(2026, 3, 1), period_to=TODAY
    )
    expected = {
        "births": 2, "births_on_time": 1, "births_late": 1, "births_male": 1, "births_female": 1,
        "births_without_number": 2, "extracts": 1,
    }
    counted = {name: indicators.count(f"civil_status.{name}", scope) for name in expected}
    assert counted == expected
    for name, number in expected.items():
        rows = indicators.rows(f"civil_status.{name}", scope)
        assert rows.count() == number
        indicator = indicators.indicators[f"civil_status.{name}"]
        assert len(rows.values_list(indicator.label_field, *(column.path for column in indicator.columns))) == number
    before = indicators.scope_for(
        world.who("officer"), "civil_status.act.view", at=AT, period_from=date(2026, 2, 1), period_to=date(2026, 2, 28)
    )
    assert indicators.count("civil_status.births", before) == 0


def test_acts_of_every_kind_as_they_stand(world: World, call: Call) -> None:
    birth = world.registered()
    change = registered(world, CHANGE, changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh")))
    registered(world, MARRIAGE, couple(world))

    def acts(path: str, body: dict[str, Any] | None = None, role: str = "officer") -> tuple[int, Any]:
        return call(role, f"/../acts{path}", body)

    status, whole = acts(f"/{birth.pk}")
    assert status == 200
    assert (whole["about"], whole["changed"], whole["target"]) == ("Nguyễn Trúc Oanh", True, None)
    assert whole["sections"][0]["lines"][0] == {"label": "Họ, chữ đệm, tên", "value": "NGUYỄN TRÚC OANH"}
    assert acts(f"/{change.pk}")[1]["target"] == str(birth.pk)
    found = acts("/search", {"purpose": "cấp bản sao", "text": "oanh"})[1]
    assert [(one["kind"], one["title"]) for one in found] == [("KS", "Khai sinh")]
    found = acts("/search", {"purpose": "cấp bản sao", "number": "1/2026"})[1]
    assert sorted(one["kind"] for one in found) == ["KH", "KS", "TĐCC"]
    assert acts("/search", {"purpose": "cấp bản sao", "text": "cuong", "kind": "KS"})[1] == []
    assert acts("/search", {"purpose": "cấp bản sao", "text": "oanh"}, role="bank")[0] == 403
    assert acts(f"/{birth.pk}", role="stranger")[0] == 404
