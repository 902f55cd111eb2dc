"""The desk over HTTP: the same road, the same refusals as RFC 9457, and nothing for those who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, PICTURE, Work
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.dossiers.testing import morning

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


class Caller:
    """One person's browser session."""

    def __init__(self, work: Work, name: str) -> None:
        self.client = Client()
        if name:
            self.client.force_login(work.town.people[name])

    def get(self, path: str, status: int = 200) -> Any:
        return self._read(self.client.get(ROOT + path), status)

    def post(self, path: str, body: Any = None, status: int = 200, key: str = "", method: str = "post") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        send = getattr(self.client, method)
        answer = send(ROOT + path, json.dumps(body or {}), content_type="application/json", headers=headers)
        return self._read(answer, status)

    def _read(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if "json" in answer.get("Content-Type", "") else answer.content


@pytest.fixture
def call(work: Work):
    with standing_at(morning(MONDAY)):
        yield lambda name: Caller(work, name)


def counter(work: Work, **more: Any) -> dict[str, Any]:
    here = work.town.commune.code
    return {
        "procedure_code": testing.RESTARTS, "receiving_unit": here, "resolving_unit": here,
        "answers": {"request": {"name": "Trần Văn An", "personal_number": "031090000111"}},
        "papers": [{"component": "don"}], **more,
    }


def test_the_whole_road(work: Work, call) -> None:
    lan, desk, officer, chairman = (call(n) for n in ("lan", "desk", "officer", "chairman"))
    made = lan.post("/dossiers", {"procedure_code": testing.RESTARTS, "resolving_unit": work.town.commune.code}, 201)
    path = f"/dossiers/{made['id']}"
    page = {"answers": {"name": "Nguyễn Thị Lan", "personal_number": "031192000123"}}
    lan.post(f"{path}/pages/request", page, method="put")
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = {"component": "don", "file": SimpleUploadedFile("don.png", PICTURE, "image/png")}
    answer = lan.client.post(f"{ROOT}{path}/files", upload)
    assert answer.status_code == 201 and len(answer.json()["sha256"]) == 64
    sent = lan.post(f"{path}/submit", {"result_way": "truc_tuyen"})
    assert sent["state"] == "submitted" and [a["action"] for a in sent["actions"]] == ["withdraw"]
    assert desk.get("/worklist")[0]["action"] == "receive"
    received = desk.post(f"/dossiers/{sent['reference']}/receive")
    path = f"/dossiers/{received['code']}"
    desk.post(f"{path}/assign", {"to_user_id": str(work.town.people["officer"].pk)})
    assert officer.get(f"{path}/findings") == []
    officer.post(f"{path}/propose")
    assert chairman.post(f"{path}/approve")["state"] == "awaiting_signature"
    work.sign(Dossier.objects.get(code=received["code"]), at=morning(MONDAY))
    returned = desk.post(f"{path}/return", {"way": "tai_quay"})
    assert returned["state"] == "returned" and returned["verdict"] == "EARLY"
    assert [e["action"] for e in desk.get(f"{path}/events")][:2] == ["submit", "receive"]
    assert len(desk.get(f"{path}/control-sheet")) == 8 - 1
    assert desk.get(f"{path}/slips/01").startswith(b"%PDF")
    assert lan.get("/dossiers")[0]["code"] == received["code"]
    assert lan.post(f"{path}/rating", {"stars": 6}, 422) and lan.get(path)["rating"] is None
    assert desk.post(f"{path}/rating", {"stars": 5}, 403)["code"] == "dossiers.not_the_applicant"
    rated = lan.post(f"{path}/rating", {"stars": 4, "words": "Tốt"}, key="khoa-danh-gia-1")
    assert rated["rating"]["stars"] == 4 and desk.get(path)["rating"]["words"] == "Tốt"
    assert lan.post(f"{path}/rating", {"stars": 1}, 409)["code"] == "dossiers.rated_before"


def test_a_refusal_is_a_problem_with_its_code(work: Work, call) -> None:
    desk = call("desk")
    first = desk.post("/counter/dossiers", counter(work), 201)
    twice = desk.post("/counter/dossiers", counter(work), 409)
    assert twice["code"] == "dossiers.duplicate_open" and first["code"] in twice["detail"]
    missing = desk.post("/counter/dossiers", counter(work, papers=[], duplicate_reason="x"), 422)
    assert missing["code"] == "dossiers.missing_component"
    assert missing["errors"][0]["field"] == "components.don"
    gone = desk.post(f"/dossiers/{first['code']}/approve", status=409)
    assert gone["code"] == "dossiers.state_conflict"
    stale = desk.post(f"/dossiers/{first['code']}/stop", {"reason": "x", "version": 1}, 409)
    assert stale["code"] == "dossiers.version_conflict"


def test_the_same_key_makes_one_dossier(work: Work, call) -> None:
    desk = call("desk")
    first = desk.post("/counter/dossiers", counter(work), 201, key="khoa-gui-0001")
    again = desk.post("/counter/dossiers", counter(work), 201, key="khoa-gui-0001")
    assert first["id"] == again["id"] and Dossier.objects.count() == 1
    desk.post("/counter/dossiers", counter(work, duplicate_reason="khác"), 409, key="khoa-gui-0001")


def test_who_may_not_see_gets_not_found_and_a_passer_by_must_log_in(work: Work, call) -> None:
    code = call("desk").post("/counter/dossiers", counter(work), 201)["code"]
    for name in ("stranger", "lan"):
        call(name).get(f"/dossiers/{code}", 404)
        call(name).post(f"/dossiers/{code}/withdraw", status=404)
        assert call(name).get("/dossiers") == []
    call("").get(f"/dossiers/{code}", 401)
    call("second").post(f"/dossiers/{code}/receive", status=409)
    call("second").post(f"/dossiers/{code}/assign", {"to_user_id": str(work.town.people["officer"].pk)}, 403)


def test_a_citizen_does_not_read_what_the_checks_found(work: Work, call) -> None:
    dossier = work.submit_online()
    call("lan").get(f"/dossiers/{dossier.pk}/findings", 403)


def test_the_catalogue_and_tracking_are_public(work: Work, call) -> None:
    nobody = call("")
    found = nobody.get("/procedures?q=lam%20giay%20khai%20sinh")
    assert found[0]["code"] == "1.001193"
    whole = nobody.get(f"/procedures/{testing.RESTARTS}")
    assert whole["pages"] == [{"code": "request", "title": "Yêu cầu"}] and whole["limit"] == "3 ngày làm việc"
    nobody.get("/procedures/9.999999", 404)
    code = call("desk").post("/counter/dossiers", counter(work), 201)["code"]
    seen = nobody.get(f"/tracking?code={code}&phone=5678")
    assert seen["state"] == "received" and "An" not in json.dumps(seen, ensure_ascii=False).split()
    nobody.get(f"/tracking?code={code}&phone=0000", 404)


def test_several_approvals_tell_each_outcome(work: Work, call) -> None:
    ready, unready = work.propose(work.assign(work.file())), work.file(number="031090000119")
    told = call("chairman").post("/approvals", {"dossier_ids": [str(ready.pk), str(unready.pk)]})
    assert [(o["done"], o["code"]) for o in told] == [(True, ""), (False, "dossiers.state_conflict")]


def test_side_roads(work: Work, call) -> None:
    desk, officer = call("desk"), call("officer")
    path = f"/dossiers/{desk.post('/counter/dossiers', counter(work), 201)['code']}"
    desk.post(f"{path}/assign", {"to_user_id": str(work.town.people["officer"].pk)})
    officer.post(f"{path}/begin")
    officer.post(f"{path}/ask-agency", {"agency": "Công an", "note": "Xác minh"})
    officer.post(f"{path}/resume")
    officer.post(f"{path}/pause-fee", {"amount": 8000, "note": "Phí"})
    assert desk.post(f"{path}/settle-fee", {"receipt_no": "BL-1"})["overlay"] == ""
    officer.post(f"{path}/ask-supplement", {"reasons": ["Bổ sung"]})
    desk.post(f"{path}/papers", {"component": "cccd"}, 201)
    desk.post(f"{path}/answer-supplement")
    looked = desk.post(f"{path}/lookups", {"component": "cccd", "database": "Dân cư", "found": True}, 201)
    assert looked["source"] == "lookup"
    extended = officer.post(f"{path}/extend", {"new_due": "2026-03-12T17:00:00+07:00", "reason": "Xin lỗi"})
    assert extended["extension_count"] == 1
    moved = desk.post(f"{path}/transfer", {"to_unit": work.town.other.code, "reason": "Thẩm quyền"})
    assert moved["resolving_unit"] == work.town.other.code
    stranger = call("stranger")
    stranger.post(f"{path}/refuse", {"reason_code": "ly_do_khac", "text": "Không đủ điều kiện"})
    assert stranger.get(path)["state"] == "refused"
