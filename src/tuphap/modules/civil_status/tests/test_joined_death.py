"""The joined death: what it asks for, and its legs with the real simulators."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pydantic import ValidationError

from tuphap.kernel.clock import localdate, now, standing_at
from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import operations as acts
from tuphap.modules.civil_status import rules as register
from tuphap.modules.civil_status.events import operations as events
from tuphap.modules.civil_status.events.death import DEATH
from tuphap.modules.civil_status.joined import operations, queries, rules
from tuphap.modules.civil_status.joined.death import JoinedDeath
from tuphap.modules.civil_status.joined.rules import LegKind
from tuphap.modules.civil_status.models import Act, Leg, Paper
from tuphap.runtime.simulators.agencies.acts import NO_ACCOUNT
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.models import Attachment
from tuphap.shared.exchange.models import Outbound
from tuphap.shared.exchange.testing import Sim
from tuphap.shared.indicators import api as indicators
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.testing import setting_up

from .test_joined import MARCH, leg_of, post_until, with_agencies, work
from .world import AT, TODAY, World, sign

JOINED, ORDINARY = "tam.lien-thong-khai-tu", "1.000656"
DEAD, WIDOW = "031041000011", "031145000012"
ACCOUNT = "0031000123456"


def dead(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """A sound declaration by his widow: he had a pension, she asks for the insurance's aid."""
    whole: dict[str, Any] = {
        "deceased": {"name": "Nguyễn Văn Cảng", "sex": "male", "born_on": "1941-02-03", "personal_number": DEAD,
                     "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address()},
        "death": {"died_on": (TODAY - timedelta(days=4)).isoformat(), "place_kind": "home", "place": world.address(),
                  "cause": "Bệnh già", "proof": "notice", "proof_number": "12/GBT"},
        "declarant": {"relation": "spouse", "name": "Lê Thị Hồng", "personal_number": WIDOW, "phone": "0912345678",
                      "residence": world.address()},
        "residence": {"household": "other", "head_name": "Nguyễn Văn Mạnh", "head_number": "031068000013"},
        "aid": {"aid": "insurance", "bank": "Vietcombank", "account": ACCOUNT, "pension": True},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


def ordinary(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    whole = dead(world, **blocks)
    return {name: whole[name] for name in ("deceased", "death", "declarant")}


def registered(world: World, answers: dict[str, Any], *, procedure: str = JOINED, at: Any = AT) -> Act:
    """The act whose every paper is signed."""
    dossier = world.dossier(answers, procedure=procedure, received=at - timedelta(hours=1))
    with documents.signing_by_hand():
        act = events.approve_event(dossier_id=dossier.pk, actor=world.who("chairman"), at=at)
    for paper in Paper.objects.filter(act=act).order_by("pk"):
        sign(paper.document, at=at)
    return Act.objects.get(pk=act.pk)


def counted(world: World, figure: str) -> int:
    """What this figure says of the office, in the year of the tests or the present one."""
    scope = indicators.Scope(
        actor=world.who("officer"), unit_ids=frozenset({world.here.pk}), period_from=date(2026, 1, 1),
        period_to=localdate(now()))
    return indicators.count(f"civil_status.{figure}", scope)


def legs(act: Act) -> dict[tuple[str, str], str]:
    return {(leg.kind, leg.service): leg.state for leg in act.legs.all()}


def opened(world: World, **blocks: dict[str, Any]) -> list[tuple[str, str]]:
    act = registered(world, dead(world, **blocks))
    made = operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    return [(leg.kind, leg.service) for leg in made]


# --- The declaration --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("blocks", "field", "says"),
    [
        ({"death": {"died_on": "2026-02"}}, "death.died_on", "đủ ngày, tháng, năm chết"),
        ({"deceased": {"residence": {"as_of": "2026-01-01", "text": "Berlin, Đức"}}}, "residence.home", "trong nước"),
        ({"residence": {"household": ""}}, "residence.household", "chủ hộ"),
        ({"residence": {"head_name": ""}}, "residence.head_name", "tên chủ hộ"),
        ({"residence": {"home": "other"}}, "residence.address", "địa chỉ thường trú"),
        ({"aid": {"aid": ""}}, "aid.aid", "khoản đề nghị hưởng"),
        ({"aid": {"account": ""}}, "aid.account", "số tài khoản"),
        ({"aid": {"account": "12-34"}}, "aid.account", "6 đến 19"),
        ({"aid": {"insurance_number": "12"}}, "aid.insurance_number", "10 chữ số"),
        ({"aid": {"seeker": "other"}}, "aid.relation", "quan hệ"),
        ({"aid": {"seeker": "other", "name": "Lê Thị Hoa", "relation": "relative"}}, "aid.number", "giấy tờ tùy thân"),
        ({"deceased": {"personal_number": "", "id_kind": "passport", "id_number": "B1"}}, "deceased.personal_number",
         "số định danh cá nhân của người chết"),
    ],
)
def test_each_fault_lies_at_its_field(world: World, blocks: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says) as faults:
        JoinedDeath.model_validate(dead(world, **blocks))
    assert field in [".".join(map(str, fault["loc"])) for fault in faults.value.errors()]


@pytest.mark.django_db
def test_cash_needs_no_account_and_nothing_asked_for_needs_nobody(world: World) -> None:
    JoinedDeath.model_validate(dead(world, aid={"way": "cash", "bank": "", "account": ""}))
    alone = JoinedDeath.model_validate(dead(
        world, aid={"aid": "none", "account": "", "bank": ""}, residence={"household": "alone", "head_name": "",
                                                                        "head_number": ""}))
    assert alone.services() == {LegKind.AID: (), LegKind.PAYMENTS_STOP: ("insurance",)}


@pytest.mark.django_db
def test_the_officer_is_told_what_is_missing_and_odd(world: World) -> None:
    answers = dead(world, aid={"aid": "merit"})
    dossier = world.dossier(answers, procedure=JOINED)
    said = {f.code: f.severity for f in dossier.handler.find(dossier, actor=world.who("officer"), at=AT)}
    assert said == {"civil_status.aid_paper": "warning", "civil_status.aid_elsewhere": "warning"}
    with setting_up():
        Attachment.objects.create(
            dossier=dossier, component="giay_to_nguoi_co_cong", source="paper", added_at=AT, is_original=True)
    said = {f.code: f.severity for f in dossier.handler.find(dossier, actor=world.who("officer"), at=AT)}
    assert said == {"civil_status.aid_elsewhere": "warning"}


@pytest.mark.django_db
def test_a_death_declared_by_both_procedures_is_seen(world: World) -> None:
    world.dossier(ordinary(world), procedure=ORDINARY)
    second = world.dossier(dead(world), procedure=JOINED)
    found = second.handler.find(second, actor=world.who("officer"), at=AT)
    assert "civil_status.declared_twice" in [f.code for f in found]


# --- The act ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_act_is_that_of_any_death(world: World) -> None:
    act = registered(world, dead(world))
    other = registered(
        world, ordinary(world, deceased={"personal_number": "031142000019", "name": "Đào Thị Bảy", "sex": "female"}),
        procedure=ORDINARY,
    )
    assert act.event == other.event == DEATH.code and (act.kind, act.number) == ("KT", other.number - 1)
    assert act.facts.keys() == other.facts.keys()
    assert [paper.title for paper in act.papers.all()] == [paper.title for paper in other.papers.all()]
    assert [counted(world, figure) for figure in ("deaths", "deaths_on_time", "deaths_late")] == [2, 2, 0]
    with pytest.raises(register.PossibleDuplicate):
        registered(world, dead(world))


# --- The legs ---------------------------------------------------------------------------------------------------------

BEFORE = [("notice", "police"), ("removal", "residence")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("aid", "after"),
    [
        ({}, [("aid", "insurance"), ("stop", "insurance")]),
        ({"aid": "none", "pension": False}, []),
        ({"aid": "social", "pension": False}, [("aid", "assistance")]),
        ({"aid": "merit", "merit": True}, [("aid", "assistance"), ("stop", "insurance"), ("stop", "assistance")]),
        ({"aid": "none", "pension": False, "social": True, "merit": True}, [("stop", "assistance")]),
    ],
)
def test_only_those_agencies_are_asked_that_have_something_to_do(
    world: World, aid: dict[str, Any], after: list[tuple[str, str]]
) -> None:
    assert opened(world, aid=aid) == BEFORE + after


@pytest.mark.django_db
def test_each_leg_has_its_own_clock(world: World) -> None:
    act = registered(world, dead(world))
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    dues = [localdate(leg.due_at) for leg in act.legs.order_by("place")]  # received on a Monday
    assert dues == [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 12)]
    views = queries.legs_of(act.dossier_id, at=MARCH + timedelta(days=30))
    assert [view.late for view in views] == [True] * 4
    assert queries.count_waiting(actor=world.who("officer"), at=MARCH + timedelta(days=30)) == 4


@pytest.mark.django_db
def test_an_ordinary_death_without_a_number_tells_nobody_but_the_ministry(world: World) -> None:
    act = registered(world, ordinary(world, deceased={
        "personal_number": "", "id_kind": "passport", "id_number": "B1234567"}), procedure=ORDINARY)
    assert operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH) == []
    assert [message.kind for message in Outbound.objects.exclude(service="portal")] == ["ministry.push-act"]


@pytest.mark.django_db
def test_what_an_agency_gave_is_kept_by_the_database(world: World) -> None:
    act = registered(world, dead(world))
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    leg = leg_of(act, LegKind.AID)
    with setting_up():
        for changed in ({"amount": 5}, {"kind": "number"}, {"service": "police"}):  # no aid is granted yet; whose it is
            with pytest.raises(DatabaseError), transaction.atomic():
                Leg.objects.filter(pk=leg.pk).update(**changed)
        Leg.objects.filter(pk=leg.pk).update(state="done", finished_at=MARCH, amount=23_400_000)
        for changed in ({"amount": 24_000_000}, {"reference": "khác"}, {"state": "sent", "finished_at": None}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Leg.objects.filter(pk=leg.pk).update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            Leg.objects.filter(pk=leg.pk).delete()


@pytest.mark.django_db
def test_an_officer_finds_the_leg_and_may_mend_the_account(world: World, client: Any) -> None:
    act = registered(world, dead(world))
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    leg = leg_of(act, LegKind.AID)
    with setting_up():
        Leg.objects.filter(pk=leg.pk).update(state="failed", reason="Không có tài khoản này.")
    client.force_login(world.users["officer"])
    listed = client.get("/ho-tich/lien-thong/?loc=khong-thanh-cong").content.decode()
    assert "NGUYỄN VĂN CẢNG" in listed and "Khai tử số" in listed and "Giải quyết mai táng phí" in listed
    page = client.get(f"/ho-tich/lien-thong/{leg.pk}/").content.decode()
    assert 'name="account"' in page and 'name="clinic_code"' not in page and "Đăng ký khai tử" in page
    wrong = client.post(f"/ho-tich/lien-thong/{leg.pk}/gui-lai/", {"account": "1-2"})
    assert wrong.status_code == 422 and rules.ACCOUNT_FORM in wrong.content.decode()
    address = f"/api/v1/civil-status/legs/{leg.pk}/resend"
    assert client.post(address, {"account": "1-2"}, content_type="application/json").status_code == 422
    sent = client.post(address, {"account": ACCOUNT}, content_type="application/json")
    assert sent.status_code == 200 and sent.json()["service"] == "insurance" and sent.json()["amount"] is None
    body = Outbound.objects.get(pk=leg_of(act, LegKind.AID).message_id).body
    assert ACCOUNT in body and "Lê Thị Hồng" in body, "it goes to whom the declaration names, by the mended account"
    looked = Entry.objects.filter(facts__what="civil_status.leg").latest("pk")
    assert (looked.subject_type, looked.subject_id) == ("civil_status.act", str(act.pk))
    panel = client.get(f"/mot-cua/ho-so/{act.dossier.code}/").content.decode()
    assert "Phần việc của cơ quan khác" in panel and f"/ho-tich/lien-thong/{leg.pk}/" in panel


# --- With the agencies ------------------------------------------------------------------------------------------------


@with_agencies
def test_a_joined_death_goes_through_every_agency(world: World, sim: Sim) -> None:
    at = now()
    act = registered(world, dead(world, death={"died_on": localdate(at).isoformat()}, aid={"merit": True}), at=at)
    post_until(lambda: set(legs(act).values()) == {"done"})
    notice, removal, aid, pension, merit = act.legs.order_by("place", "pk")
    assert (notice.reference, notice.source) == ("", "CSDL quốc gia về dân cư")
    assert removal.reference.startswith("XT-") and removal.in_force_on == localdate(at)
    assert aid.reference.endswith("/QĐ-MTP") and (aid.amount, aid.source) == (23_400_000, "Bảo hiểm xã hội Việt Nam")
    assert [leg.service for leg in (pension, merit)] == ["insurance", "assistance"]
    following = (localdate(at).replace(day=28) + timedelta(days=4)).replace(day=1)
    assert pension.in_force_on == merit.in_force_on == following
    views = queries.legs_of(act.dossier_id, at=now())
    assert views[3].since == f"từ tháng {following:%m/%Y}" and views[2].result == aid.reference
    told = {row["kind"]: row for row in sim.state("insurance")["received"]}
    assert set(told) == {"insurance.grant-aid", "insurance.stop-payments"}
    assert sim.state("ministry")["done"][0]["what"] == "act"
    shown = repr(queries.stages(act.dossier))
    assert "Giải quyết mai táng phí" in shown and not any(word in shown for word in (DEAD, aid.reference, "Cảng"))
    assert operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=now()) == []
    everybody_hears_that_it_was_cancelled(world, sim, act)


def everybody_hears_that_it_was_cancelled(world: World, sim: Sim, act: Act) -> None:
    """Each agency is told once, by the decision; what was given stays written, with what the agency says to it."""
    cancelled(world, act)
    post_until(lambda: not Leg.objects.filter(act=act).exclude(recall__answered_at__isnull=False).exists())
    assert set(legs(act).values()) == {"done"}
    said = {(leg.kind, leg.service): leg.recall.state for leg in act.legs.select_related("recall")}
    assert said == {
        ("notice", "police"): "undone", ("removal", "residence"): "undone", ("aid", "insurance"): "noted",
        ("stop", "insurance"): "noted", ("stop", "assistance"): "noted",
    }
    assert [row["what"] for row in sim.state("police")["done"]] == ["death", "taken-back"]
    post_until(lambda: [row["what"] for row in sim.state("ministry")["done"]] == ["act", "act"])
    aid = leg_of(act, LegKind.AID)
    assert aid.reference in aid.recall.note and aid.amount == 23_400_000
    assert operations.recall_legs(act_id=act.pk, actor=operations.LEGS, at=now()) == []


def cancelled(world: World, act: Act) -> None:
    acts.cancel_act(
        act_id=act.pk, decision_no="7/QĐ-UBND", decided_on=localdate(now()), authority="Ủy ban nhân dân phường",
        reason="Người được khai tử còn sống", actor=world.who("chairman"), at=now())


@pytest.mark.django_db
def test_what_was_not_done_yet_ends_with_a_cancelled_act(world: World, client: Any) -> None:
    act = registered(world, dead(world))
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    with standing_at(MARCH):
        cancelled(world, act)
    made = operations.recall_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    assert [recall.leg.kind for recall in made] == ["notice"], "who was asked nothing is told nothing"
    assert set(legs(act).values()) == {"ended"}
    told = Outbound.objects.get(pk=made[0].message_id)
    asked = Outbound.objects.get(pk=leg_of(act, LegKind.DEATH_NOTICE).message_id)
    assert (told.kind, told.lane_id) == ("police.take-back", asked.lane_id), "it comes after what it takes back"
    assert "7/QĐ-UBND" in told.body and DEAD in told.body
    client.force_login(world.users["officer"])
    page = client.get(f"/ho-tich/lien-thong/{made[0].leg_id}/").content.decode()
    assert "Đã báo hủy, chờ trả lời" in page and "Việc hộ tịch đã bị hủy bỏ." in page
    [notice, *_] = client.get(f"/api/v1/civil-status/dossiers/{act.dossier.code}/legs").json()
    assert notice["recalled"]["state"] == "told" and notice["state"] == "ended"


@with_agencies
def test_an_ordinary_death_tells_the_police_and_the_ministry(world: World, sim: Sim) -> None:
    act = registered(world, ordinary(world), procedure=ORDINARY, at=now())
    post_until(lambda: legs(act) == {("notice", "police"): "done"})
    assert (act.legs.get().due_at, act.legs.get().verdict) == (None, "")
    assert sim.state("police")["done"][0]["what"] == "death"
    post_until(lambda: [row["what"] for row in sim.state("ministry")["done"]] == ["act"])


@pytest.mark.full
@with_agencies
def test_an_unknown_account_holds_up_nothing_and_is_put_right(world: World, sim: Sim) -> None:
    act = registered(world, dead(world, aid={"account": NO_ACCOUNT}), at=now())
    post_until(lambda: legs(act)["aid", "insurance"] == "failed" and legs(act)["stop", "insurance"] == "done")
    leg, other = leg_of(act, LegKind.AID), leg_of(act, LegKind.RESIDENCE_REMOVAL)
    assert NO_ACCOUNT in leg.reason and Act.objects.get(pk=act.pk).state == register.ActState.REGISTERED
    assert Notice.objects.filter(template="civil_status.leg_failed", to_user=world.users["officer"]).count() == 1
    officer = world.who("officer")
    with pytest.raises(rules.NotForAid):
        operations.resend(leg_id=other.pk, account=ACCOUNT, actor=officer, at=now())
    with pytest.raises(Refusal):
        operations.resend(leg_id=leg.pk, account=ACCOUNT, actor=world.who("stranger"), at=now())
    operations.resend(leg_id=leg.pk, account=ACCOUNT, actor=officer, at=now())
    post_until(lambda: legs(act)["aid", "insurance"] == "done")
    assert (leg_of(act, LegKind.AID).times_sent, leg_of(act, LegKind.AID).amount) == (2, 23_400_000)


@pytest.mark.full
@with_agencies
def test_aid_in_cash_has_no_account_to_put_right(world: World, sim: Sim) -> None:
    sim.behave("insurance", refuse_share=1.0)
    act = registered(world, dead(world, aid={"way": "cash", "account": "", "bank": ""}), at=now())
    post_until(lambda: legs(act)["aid", "insurance"] == "failed")
    with pytest.raises(rules.NoAccount):
        operations.resend(leg_id=leg_of(act, LegKind.AID).pk, account=ACCOUNT, actor=world.who("officer"), at=now())


@pytest.mark.full
@with_agencies
def test_doubts_of_the_police_a_refused_removal_and_a_system_that_is_down(world: World, sim: Sim) -> None:
    sim.behave("police", verify_share=1.0)
    sim.behave("residence", refuse_share=1.0)
    sim.behave("insurance", down=True)
    act, officer = registered(world, dead(world, aid={"merit": True}), at=now()), world.who("officer")
    post_until(lambda: legs(act)["notice", "police"] == "needs_verification")
    assert Notice.objects.filter(template="civil_status.death_unclear", to_user=world.users["officer"]).count() == 1
    assert set(legs(act).values()) == {"needs_verification", "waiting"}
    operations.resend(leg_id=leg_of(act, LegKind.DEATH_NOTICE).pk, actor=officer, at=now())
    post_until(lambda: legs(act)["removal", "residence"] == "failed")
    removal = leg_of(act, LegKind.RESIDENCE_REMOVAL)
    operations.end(leg_id=removal.pk, reason="Đã xóa theo thủ tục riêng", actor=officer, at=now())
    # Social assistance stops its payments while the insurance does not answer.
    post_until(lambda: legs(act)["stop", "assistance"] == "done")
    assert {legs(act)["aid", "insurance"], legs(act)["stop", "insurance"]} == {"sent"}
    sim.behave("insurance", later_share=1.0, later_ms=100, repeat=1)
    work()
    post_until(lambda: {state for (kind, _), state in legs(act).items() if kind != "removal"} == {"done"}, within=90)


@pytest.mark.full
@with_agencies
def test_an_answer_of_another_form_fails_the_leg_until_it_is_sent_again(world: World, sim: Sim) -> None:
    sim.behave("assistance", wrong="bad_schema")
    act = registered(world, dead(world, aid={"aid": "social", "pension": False, "social": True}), at=now())
    post_until(lambda: {legs(act)["aid", "assistance"], legs(act)["stop", "assistance"]} == {"failed"}, within=120)
    sim.behave("assistance")
    for kind in (LegKind.AID, LegKind.PAYMENTS_STOP):
        operations.resend(leg_id=leg_of(act, kind).pk, actor=world.who("officer"), at=now())
    post_until(lambda: set(legs(act).values()) == {"done"}, within=60)
    assert leg_of(act, LegKind.AID).amount == 10_000_000
    figures = ("legs_notice_done", "legs_removal_done", "legs_aid_done", "legs_stop_done", "legs_failed")
    assert [counted(world, figure) for figure in figures] == [1, 1, 1, 1, 0]
