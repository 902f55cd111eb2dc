"""Law as data: a document entered through pages changes a limit, a fee and a holiday; the received keep their law."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tuphap.kernel.clock import VIETNAM, standing_at
from tuphap.kernel.refusal import Invalid
from tuphap.modules.administration.law import operations, queries
from tuphap.modules.administration.law.forms import page_of
from tuphap.modules.administration.models import Decree, LawChange
from tuphap.modules.one_stop_shop.tasks import recompute_open
from tuphap.modules.one_stop_shop.tests.department import LAW_FIRM, Department
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier, Procedure, law
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
AT = morning(MONDAY, 10)
COPY = "2.000815"


@pytest.fixture
def department(catalogue: None, db: None) -> Department:
    from tuphap.modules.one_stop_shop.tests.department import build

    return build()


@pytest.fixture
def root(department: Department) -> User:
    """Administers the whole province."""
    return _administrator("goc", department.office)


def _administrator(name: str, office: Any) -> User:
    with setting_up():
        user = User.objects.create_staff(username=name, password=None, full_name=f"Quản Trị {name}", office=office)
        for permission in access.roles["administrator"].permissions:
            Grant.objects.create(person=user, permission=permission, unit=office, valid_from=date(2025, 7, 1))
    return user


def client_of(user: User) -> Client:
    client = Client()
    force_login(client, user)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def text(code: str = COPY, on: date = MONDAY, **changes: Any) -> law.ProcedureText:
    """The text in force, changed."""
    return law.read_text({**law.text_of(dossiers.procedure_in_force(code, on=on)).columns(), **changes})


def enact(root: User, first: date, *, at: datetime = AT, code: str = COPY, **changes: Any) -> Procedure:
    return operations.enact_version(code=code, text=text(code, **changes), first=first, actor=actor_for(root), at=at)


# -- versions


def test_every_seeded_version_reads_back_as_it_was_written(catalogue: None) -> None:
    for row in Procedure.objects.exclude(sector="Thử nghiệm"):
        read = law.text_of(row)
        # What a form or a fee leaves at its default need not be written.
        written = {**read.columns(), "form": row.form, "fee_rules": row.fee_rules}
        assert [law.FeeText.model_validate(fee) for fee in row.fee_rules] == list(read.fee_rules)
        assert {name: getattr(row, name) for name in written} == written, row.code
        assert law.read_text(read.columns()) == read and law.changes(read, read) == []


def test_a_new_version_ends_the_one_in_force(root: User) -> None:
    new = enact(root, WEDNESDAY, limit_value=2, limit_unit="WD")
    old = dossiers.procedure_in_force(COPY, on=TUESDAY)
    assert (old.valid_to, new.valid_from, new.valid_to) == (WEDNESDAY, WEDNESDAY, None)
    assert dossiers.procedure_in_force(COPY, on=WEDNESDAY) == new and new.limit_text == "2 ngày làm việc"
    change = LawChange.objects.get()
    assert change.changes == [{"label": "Thời hạn giải quyết", "old": "Trong ngày làm việc", "new": "2 ngày làm việc"}]
    with pytest.raises(law.VersionOverlaps):
        enact(root, WEDNESDAY, limit_value=3, limit_unit="WD")
    between = enact(root, TUESDAY, limit_value=4, limit_unit="WD")
    assert between.valid_to == WEDNESDAY  # the planned one still comes
    with pytest.raises(law.NothingChanged):
        enact(root, date(2026, 3, 20), limit_value=2, limit_unit="WD")


def test_a_first_day_in_the_past_is_for_what_nobody_has_filed(root: User, department: Department) -> None:
    assert enact(root, date(2026, 2, 2), limit_value=2, limit_unit="WD").valid_from == date(2026, 2, 2)
    department.received()
    with pytest.raises(law.LawInThePast):
        enact(root, MONDAY, code=LAW_FIRM, limit_value=1)
    assert enact(root, TUESDAY, code=LAW_FIRM, limit_value=1)


def test_only_who_manages_the_province_changes_its_law(root: User, department: Department) -> None:
    commune = department.office.admin_unit.children.first().offices.get(valid_to__isnull=True)
    local = _administrator("xa", commune)
    for doing in (
        lambda who: operations.enter_decree(number="1", issuer="x", title="x", issued_on=MONDAY, effective_on=MONDAY,
                                            actor=who, at=AT),
        lambda who: operations.enact_version(code=COPY, text=text(limit_value=9, limit_unit="WD"), first=TUESDAY,
                                             actor=who, at=AT),
        lambda who: operations.introduce_procedure(code="tam.thu-moi", text=text(), first=TUESDAY, actor=who, at=AT),
        lambda who: operations.withdraw_procedure(code=COPY, first=TUESDAY, reason="x", actor=who, at=AT),
        lambda who: operations.set_parameter(code="close_days", value=9, first=TUESDAY, basis="x", actor=who, at=AT),
    ):
        with pytest.raises(access.Forbidden):
            doing(actor_for(local))
        with pytest.raises(access.Forbidden):
            doing(department.who("director"))
    with standing_at(AT):
        assert client_of(local).get("/quan-tri/thu-tuc/").status_code == 200
        assert client_of(local).get(f"/quan-tri/thu-tuc/{COPY}/phien-ban-moi/").status_code == 403


def test_a_procedure_is_introduced_and_withdrawn(root: User) -> None:
    who = actor_for(root)
    with pytest.raises(law.BadProcedureCode):
        operations.introduce_procedure(code="mã lạ", text=text(), first=TUESDAY, actor=who, at=AT)
    with pytest.raises(law.ProcedureExists):
        operations.introduce_procedure(code=COPY, text=text(), first=TUESDAY, actor=who, at=AT)
    new = operations.introduce_procedure(code="tam.thu-moi", text=text(name="Thủ tục hoàn toàn mới"), first=TUESDAY,
                                         actor=who, at=AT)
    assert new.handled_online and dossiers.procedures(on=TUESDAY).filter(code="tam.thu-moi").exists()
    with pytest.raises(queries.rules.ReasonRequired):
        operations.withdraw_procedure(code=COPY, first=TUESDAY, reason=" ", actor=who, at=AT)
    operations.withdraw_procedure(code=COPY, first=TUESDAY, reason="Chuyển cho công chứng", actor=who, at=AT)
    assert dossiers.procedure_in_force(COPY, on=MONDAY)
    with pytest.raises(dossiers.ProcedureNotInForce):
        dossiers.procedure_in_force(COPY, on=TUESDAY)
    with pytest.raises(dossiers.ProcedureNotInForce):
        operations.withdraw_procedure(code=COPY, first=WEDNESDAY, reason="x", actor=who, at=AT)


def test_a_parameter_is_dated(root: User) -> None:
    who = actor_for(root)
    operations.set_parameter(code="supplement_days", value=15, first=TUESDAY, basis="QĐ 1/QĐ-UBND", actor=who, at=AT)
    assert dossiers.parameter("supplement_days", on=MONDAY) == 30
    assert dossiers.parameter("supplement_days", on=TUESDAY) == 15
    for refusal, told in (
        (law.FirstDayPast, {"value": 20, "first": date(2026, 3, 1)}),
        (law.VersionOverlaps, {"value": 20, "first": TUESDAY}),
        (law.NothingChanged, {"value": 15, "first": WEDNESDAY}),
    ):
        with pytest.raises(refusal):
            operations.set_parameter(code="supplement_days", basis="x", actor=who, at=AT, **told)
    with pytest.raises(law.UnknownParameter):
        operations.set_parameter(code="khong_co", value=1, first=TUESDAY, basis="x", actor=who, at=AT)


@pytest.mark.parametrize("changes", [
    {"limit_value": 0}, {"limit_unit": "TUẦN"}, {"name": ""}, {"legal_basis": ""}, {"authority_level": "huyen"},
    {"extra_value": 3, "extra_unit": ""}, {"handler": "khong.co"}, {"internal_steps": []},
    {"fee_rules": [{"code": "a", "name": "Phí", "amount": -1, "basis": "x"}]},
    {"fee_rules": [{"code": "a", "name": "Phí", "amount": 1, "basis": ""}]},
    {"fee_rules": [{"code": "a", "name": "Phí", "basis": "x"}, {"code": "a", "name": "Lệ phí", "basis": "x"}]},
    {"components": [{"code": "KHÔNG", "name": "Giấy"}]}, {"unknown": 1},
])
def test_a_text_is_held_to_its_rules(catalogue: None, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        text(**changes)


@pytest.mark.parametrize("form", [
    [{"code": "request", "title": "Yêu cầu", "fields": [{"code": "a", "label": "A"}]}],  # nobody applies
    [{"code": "person", "title": "Người", "fields": [{"code": "name", "label": "Tên", "kind": "name"}]}],  # no number
])
def test_a_form_says_who_applies(catalogue: None, form: Any) -> None:
    with pytest.raises((Invalid, dossiers.BadForm)):
        text(form=form)


def test_the_history_is_never_changed(root: User) -> None:
    enact(root, WEDNESDAY, limit_value=2, limit_unit="WD")
    for change in ({"title": "khác"}, None):
        with pytest.raises(IntegrityError), setting_up(), transaction.atomic():
            LawChange.objects.update(**change) if change else LawChange.objects.all().delete()


# -- a document through the pages


def typed(code: str, **changes: Any) -> dict[str, Any]:
    """What a browser posts from the page of a new version, before anything is changed, then changed."""
    page = page_of(law.text_of(dossiers.procedure_in_force(code, on=MONDAY)))
    posted: dict[str, Any] = {}
    for form in [page.main, *(row for _, rows in page.lists for row in rows)]:
        for bound in form:
            value = bound.value()
            if value is True:
                posted[bound.html_name] = "on"
            elif isinstance(value, list | tuple):
                posted[bound.html_name] = list(value)
            elif value not in (None, False):
                posted[bound.html_name] = str(value)
    posted |= {f"{one.key}-n": str(len(rows)) for one, rows in page.lists}
    return {**posted, **changes}


def test_a_document_changes_a_limit_a_fee_and_a_holiday(root: User, department: Department) -> None:
    before = department.received()
    due_before = before.due_at
    office = client_of(root)
    with standing_at(AT):
        made = office.post("/quan-tri/van-ban/", {
            "number": "88/2026/NĐ-CP", "issuer": "Chính phủ", "title": "Sửa đổi quy định về luật sư",
            "issued_on": "01/03/2026", "effective_on": "04/03/2026"})
        decree = Decree.objects.get()
        assert made.url == f"/quan-tri/van-ban/{decree.pk}/"
        found = text_of(office.get(made.url, {"tim": "mở văn phòng luật sư"}))
        address = f"/quan-tri/thu-tuc/{LAW_FIRM}/phien-ban-moi/"
        assert f"{address}?van_ban={decree.pk}" in found
        assert "100000" in text_of(office.get(f"{address}?van_ban={decree.pk}"))
        sent = typed(LAW_FIRM, first="04/03/2026", decree=str(decree.pk), limit_value="3", limit_unit="WD",
                     **{"phi-0-amount": "150000", "phi-0-basis": "NĐ 88/2026/NĐ-CP"})
        seen = text_of(office.post(address, {**sent, "lam": "xem"}))
        assert "10 ngày" in seen and "3 ngày làm việc" in seen and "150.000 đồng" in seen
        assert "1 hồ sơ đang giải quyết giữ quy định cũ" in seen and not LawChange.objects.exists()
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', seen))
        enacted = office.post(address, {**sent, "lam": "ban-hanh"})
        assert enacted.url == f"/quan-tri/thu-tuc/{LAW_FIRM}/" and carried["limit_value"] == "3"
        # Wednesday of next week becomes a day off
        office.post(made.url, {"day": "11/03/2026", "kind": "HOLIDAY", "note": "Nghỉ lễ", "switched_on": "on"})
        recompute_open()
        listed = text_of(office.get(made.url))
        for words in ("Phiên bản mới của thủ tục", "Lịch làm việc: Nghỉ lễ", "100.000 đồng", "150.000 đồng"):
            assert words in listed
        timeline = text_of(office.get(f"/quan-tri/thu-tuc/{LAW_FIRM}/"))
        assert "Từ 04/03/2026" in timeline and "88/2026/NĐ-CP" in timeline
    kept = Dossier.objects.get(pk=before.pk)
    assert kept.procedure.limit_value == 10 and kept.due_at == due_before  # ten days of the calendar: 12 March
    with standing_at(morning(WEDNESDAY)):
        later = department.draft(at=morning(WEDNESDAY, 8))
        from tuphap.modules.one_stop_shop import operations as desk

        desk.submit(dossier_id=later.pk, actor=department.who("lan"), at=morning(WEDNESDAY, 8, 5))
        received = desk.receive(dossier_id=later.pk, actor=department.who("receiver"), at=morning(WEDNESDAY),
                                duplicate_reason="Văn phòng thứ hai", fee_deferred=True)
    assert received.procedure.fee_rules[0]["amount"] == 150_000
    assert received.due_at.astimezone(VIETNAM).date() == date(2026, 3, 9)
    assert [c.kind for c in LawChange.objects.order_by("pk")] == ["version", "day"]


def test_open_dossiers_are_counted_anew_for_a_holiday_and_say_so(root: User, department: Department) -> None:
    enact(root, date(2026, 2, 2), code=LAW_FIRM, limit_value=3, limit_unit="WD")
    dossier = department.received()
    assert dossier.due_at.astimezone(VIETNAM).date() == date(2026, 3, 5)
    with standing_at(AT):
        decree = operations.enter_decree(number="9/QĐ-TTg", issuer="Thủ tướng Chính phủ", title="Nghỉ",
                                         issued_on=MONDAY, effective_on=MONDAY, actor=actor_for(root), at=AT)
        operations.set_day(decree_id=decree.pk, day=WEDNESDAY, kind=dossiers_day(), note="Nghỉ", actor=actor_for(root),
                           at=AT)
        assert recompute_open() == 1
    moved = Dossier.objects.get(pk=dossier.pk)
    entry = moved.events.order_by("-seq").first()
    assert moved.due_at.astimezone(VIETNAM).date() == date(2026, 3, 6)
    assert entry is not None and (entry.action, entry.due_before) == ("recompute", dossier.due_at)


def dossiers_day() -> Any:
    from tuphap.shared.calendar.api import DayKind

    return DayKind.HOLIDAY


def test_rows_are_added_and_taken_out_without_script_and_nothing_typed_is_lost(root: User) -> None:
    office, address = client_of(root), f"/quan-tri/thu-tuc/{COPY}/phien-ban-moi/"
    with standing_at(AT):
        half = typed(COPY, first="31/02", name="Tên đang gõ dở", lam="them-phi")
        more = text_of(office.post(address, half))
        assert 'value="Tên đang gõ dở"' in more and 'value="31/02"' in more and 'name="phi-1-name"' in more
        assert "cần sửa" not in more  # unjudged while rows are added
        bad = office.post(address, {**half, "lam": "xem"})
        assert bad.status_code == 422 and "không phải là một ngày" in text_of(bad)
        half["phi-n"] = "2"
        fee = {"phi-1-name": "Phí mới", "phi-1-amount": "5000", "phi-1-basis": "NQ 1/2026", "phi-0-drop": "on"}
        seen = text_of(office.post(address, {**half, **fee, "first": "04/03/2026", "lam": "xem"}))
        assert "Phí mới" in seen and "5.000 đồng" in seen and ">bỏ<" in seen
        back = text_of(office.post(address, {**half, **fee, "first": "04/03/2026", "lam": "sua"}))
        assert 'value="Phí mới"' in back and 'value="Tên đang gõ dở"' in back
        nobasis = office.post(address, {**half, **fee, "phi-1-basis": "", "first": "04/03/2026", "lam": "ban-hanh"})
        assert nobasis.status_code == 422 and not LawChange.objects.exists()
        done = office.post(address, {**half, **fee, "first": "04/03/2026", "lam": "ban-hanh"})
        assert done.status_code == 302, text_of(done)
    fees = dossiers.procedure_in_force(COPY, on=WEDNESDAY).fee_rules
    assert [f["name"] for f in fees] == ["Phí mới"]


def test_how_a_fee_is_counted_is_read_and_written_on_the_page(root: User) -> None:
    office, address = client_of(root), f"/quan-tri/thu-tuc/{COPY}/phien-ban-moi/"
    with standing_at(AT):
        shown = text_of(office.get(address))
        assert 'value="200000"' in shown and 'value="request.pages"' in shown and "Hộ nghèo" in shown
        told = typed(COPY, first="04/03/2026", lam="ban-hanh", **{
            "phi-0-then_amount": "1500", "phi-0-online_percent": "10", "phi-0-exempt": ["poor", "merit"],
            "phi-0-reduced": ["student"], "phi-0-reduced_percent": "50"})
        assert office.post(address, {**told, "phi-0-then_from": ""}).status_code == 422
        for wrong, why in (({"phi-0-reduced_percent": ""}, "cần đủ tỷ lệ giảm và đối tượng"),
                           ({"phi-0-reduced": ["poor"]}, "chỉ được miễn hoặc được giảm")):
            refused = office.post(address, {**told, **wrong})
            assert refused.status_code == 422 and why in text_of(refused)
        assert office.post(address, told).status_code == 302
    (fee,) = dossiers.procedure_in_force(COPY, on=WEDNESDAY).fee_rules
    assert (fee["amount"], fee["then_from"], fee["then_amount"], fee["cap"]) == (2000, 3, 1500, 200_000)
    assert (fee["online_percent"], fee["exempt"], fee["asked"]) == (10, ["poor", "merit"], False)
    assert (fee["reduced"], fee["reduced_percent"]) == (["student"], 50)
    (change,) = LawChange.objects.get().changes
    assert "từ trang thứ 3 1.500 đồng" in change["new"] and "giảm 10%" in change["new"]


def test_a_new_procedure_with_its_form_over_the_pages(root: User) -> None:
    office = client_of(root)
    with standing_at(AT):
        shown = office.get("/quan-tri/thu-tuc/moi/")
        posted = dict(re.findall(r'<(?:input)[^>]* name="([^"]+)" value="([^"]*)"', shown.content.decode()))
        posted |= {k: v for k, v in typed(COPY).items() if k.split("-")[0] in ("buoc", "trang", "muc", "giay", "phi")}
        for key in ("csrfmiddlewaretoken", "lam", "once"):
            posted.pop(key, None)
        told = {**posted, "code": "tam.thu-moi", "first": "04/03/2026", "name": "Thủ tục thử mới", "sector": "Thử",
                "authority_level": "xa", "service_kind": "toan_trinh", "limit_value": "5", "limit_unit": "WD",
                "restart_rule": "RESTART", "result_type": "Giấy", "handler": "one_stop.generic", "legal_basis": "Luật",
                "keywords": "thử", "eligibility": ""}
        seen = office.post("/quan-tri/thu-tuc/moi/", {**told, "lam": "xem"})
        assert seen.status_code == 200 and "Thủ tục thử mới" in text_of(seen), text_of(seen)
        made = office.post("/quan-tri/thu-tuc/moi/", {**told, "lam": "ban-hanh"})
        assert made.url == "/quan-tri/thu-tuc/tam.thu-moi/"
        again = office.post("/quan-tri/thu-tuc/moi/", {**told, "lam": "ban-hanh"})
        assert again.status_code == 422 and "Đã có thủ tục mang mã" in text_of(again)
        gone = office.post("/quan-tri/thu-tuc/tam.thu-moi/bai-bo/", {"first": "05/03/2026", "reason": ""})
        assert gone.status_code == 422
        assert office.post("/quan-tri/thu-tuc/tam.thu-moi/bai-bo/",
                           {"first": "05/03/2026", "reason": "Nhập nhầm"}).status_code == 302
    with pytest.raises(dossiers.ProcedureNotInForce):
        dossiers.procedure_in_force("tam.thu-moi", on=date(2026, 3, 5))


def test_the_list_finds_and_the_parameters_change(root: User) -> None:
    office = client_of(root)
    with standing_at(AT):
        number = Procedure.objects.values("code").distinct().count()
        assert f"{number} thủ tục" in text_of(office.get("/quan-tri/thu-tuc/"))
        found = text_of(office.get("/quan-tri/thu-tuc/", {"tim": "sao y", "linh-vuc": "Chứng thực"}))
        assert COPY in found and LAW_FIRM not in found
        assert "30 ngày" in text_of(office.get("/quan-tri/tham-so/"))
        bad = office.post("/quan-tri/tham-so/close_days/", {"close_days-value": "9", "close_days-first": "01/01/2026"})
        assert bad.status_code == 422 and "Vui lòng ghi rõ lý do hoặc văn bản" in text_of(bad)
        office.post("/quan-tri/tham-so/close_days/",
                    {"close_days-value": "9", "close_days-first": "05/03/2026", "close_days-basis": "QĐ 2"})
    assert dossiers.parameter("close_days", on=date(2026, 3, 5)) == 9


# -- over the API


def test_the_same_over_the_api(root: User) -> None:
    caller = client_of(root)

    def post(address: str, **body: Any) -> Any:
        return caller.post(f"/api/v1/administration/{address}", json.dumps(body), content_type="application/json")

    with standing_at(AT):
        decree = post("decrees", number="1/NQ-HĐND", issuer="HĐND thành phố", title="Phí", issued_on="2026-03-01",
                      effective_on="2026-03-04")
        assert decree.status_code == 201, decree.content
        versions = caller.get(f"/api/v1/administration/procedures/{COPY}/versions").json()
        told = {**versions[0]["text"], "limit_value": 2, "limit_unit": "WD"}
        seen = post(f"procedures/{COPY}/versions", text=told, first="2026-03-04", preview=True)
        assert seen.status_code == 200 and seen.json()["changes"][0]["new"] == "2 ngày làm việc"
        made = post(f"procedures/{COPY}/versions", text=told, first="2026-03-04", decree=decree.json()["id"])
        assert made.status_code == 201 and made.json()["version"]["valid_from"] == "2026-03-04", made.content
        whole = caller.get(f"/api/v1/administration/decrees/{decree.json()['id']}").json()
        assert [c["subject"] for c in whole["changes"]] == [COPY]
        wrong = post(f"procedures/{COPY}/versions", text={**told, "limit_value": 0}, first="2026-03-09")
        assert wrong.status_code == 422 and "limit_value" in wrong.content.decode()
        assert post("parameters/close_days", value=9, first="2026-03-04", basis="x").status_code == 201
        assert post(f"decrees/{decree.json()['id']}/days", day="2026-03-10", kind="HOLIDAY").status_code == 201
        assert post(f"procedures/{COPY}/withdraw", first="2026-03-09", reason="x").status_code == 200
        assert post("procedures", code="tam.thu-moi", text=told, first="2026-03-04").status_code == 201
        rows = caller.get("/api/v1/administration/parameters").json()
        assert [r["value"] for r in rows if r["code"] == "close_days"] == [9, 30]
        assert caller.get("/api/v1/administration/procedures?q=sao+y").json()[0]["code"] == COPY
