"""The joined procedure: rules of the legs, and the legs with the real simulators."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.clock import VIETNAM, localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import rules as register
from tuphap.modules.civil_status.joined import operations, queries, rules
from tuphap.modules.civil_status.joined.rules import LegKind, LegState
from tuphap.shared.audit.testing import run_jobs
from tuphap.shared.exchange.testing import Sim, wait_until

from .world import World

MARCH = datetime(2026, 3, 9, 9, 0, tzinfo=VIETNAM)


# --- Rules ------------------------------------------------------------------------------------------------------------


BIRTH, DEATH = rules.FLOWS[register.BookKind.BIRTH], rules.FLOWS[register.BookKind.DEATH]


@given(
    st.sampled_from(list(rules.FLOWS.values())), st.fixed_dictionaries({k: st.sampled_from(LegState) for k in LegKind}),
    st.booleans(),
)
def test_a_leg_goes_only_when_what_is_before_it_is_over(
    flow: rules.Flow, states: dict[LegKind, LegState], has_number: bool
) -> None:
    legs = [(kind, states[kind]) for kind in flow.legs]
    going = rules.to_go(flow, legs, has_number=has_number)
    for kind in flow.legs:
        free = all(states[before] in rules.OVER for before in flow.legs[kind])
        wanted = states[kind] is LegState.WAITING and free and (has_number or kind is LegKind.NUMBER)
        assert (kind in going) is wanted


def test_births_go_one_after_another_and_money_for_the_dead_side_by_side() -> None:
    waits, done = LegState.WAITING, LegState.DONE
    assert list(BIRTH.legs) == [LegKind.NUMBER, LegKind.RESIDENCE, LegKind.INSURANCE]
    for flow in rules.FLOWS.values():  # what is before a leg lies before it, and nothing goes past what has not begun
        order = list(flow.legs)
        assert all(order.index(before) < order.index(kind) for kind in order for before in flow.legs[kind])
        assert rules.to_go(flow, [(kind, waits) for kind in order], has_number=True) == {flow.first}
    both = {LegKind.AID, LegKind.PAYMENTS_STOP}
    told = [(LegKind.DEATH_NOTICE, done), (LegKind.RESIDENCE_REMOVAL, done), *((kind, waits) for kind in both)]
    assert rules.to_go(DEATH, told, has_number=True) == both
    assert rules.to_go(DEATH, [(LegKind.AID, waits)], has_number=True) == {LegKind.AID}, "nothing before it was opened"


def test_every_step_not_in_the_table_is_refused() -> None:
    for pair in product(LegState, repeat=2):
        if pair not in rules.LEG_EDGES:
            with pytest.raises(rules.WrongLegState):
                rules.check_edge(*pair)
    assert {to for start, to in rules.LEG_EDGES if start is LegState.DONE} == set(), "what is done stays done"
    assert {to for start, to in rules.LEG_EDGES if start is LegState.ENDED} == {LegState.DONE}


@pytest.mark.parametrize("shares", [(2, 1, 3), (1, 2, 4), (-1, 2, 3)])
def test_shares_fit_into_the_whole(shares: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        rules.check_shares(BIRTH, dict(zip(BIRTH.legs, shares, strict=True)), whole=3)


@pytest.mark.django_db
@pytest.mark.parametrize("flow", rules.FLOWS.values(), ids=rules.FLOWS)
def test_the_seeded_shares_fit_into_the_procedures_limit(law: None, flow: rules.Flow) -> None:
    from tuphap.shared.dossiers import api as dossiers

    procedure = dossiers.procedure_in_force(flow.procedure, on=MARCH.date())
    days = {kind: dossiers.parameter(code, on=MARCH.date()) for kind, code in rules.DAYS_PARAMETER.items()}
    rules.check_shares(flow, days, whole=procedure.limit_value)
    assert (procedure.handler, procedure.limit_unit) == (flow.handler, "WD")
    assert days[list(flow.legs)[-1]] == 3


# --- The declaration --------------------------------------------------------------------------------------------------

@pytest.mark.django_db
@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ({"residence": {"host": ""}}, "nơi đăng ký thường trú"),
        ({"residence": {"host": "other"}}, "địa chỉ đăng ký thường trú"),
        ({"card": {"email": "", "phone": ""}}, "nhận thẻ"),
        ({"card": {"clinic_code": "12"}}, "5 chữ số"),
        ({"mother": {"personal_number": ""}}, "số định danh cá nhân của mẹ"),
    ],
)
def test_a_declaration_lacking_what_agencies_need(world: World, blocks: dict[str, Any], says: str) -> None:
    from pydantic import ValidationError

    from tuphap.modules.civil_status.joined.answers import JoinedDeclaration

    with pytest.raises(ValidationError, match=says):
        JoinedDeclaration.model_validate(world.joined_answers(**blocks))


@pytest.mark.django_db
@pytest.mark.parametrize(("born", "refusal"), [("2020-03-09", rules.TooOld), ("2026", rules.DayNeeded)])
def test_only_small_children_of_a_known_day(world: World, born: str, refusal: type[Refusal]) -> None:
    from tuphap.modules.civil_status.joined.answers import JoinedDeclaration

    declared = JoinedDeclaration.model_validate(world.joined_answers(child={"born_on": born}))
    with pytest.raises(refusal):
        declared.check_against_day(today=MARCH.date())
    JoinedDeclaration.model_validate(world.joined_answers(child={"born_on": "2020-03-10"})).check_against_day(
        today=MARCH.date()
    )


@pytest.mark.django_db
def test_anothers_home_needs_the_consent(world: World) -> None:
    dossier = world.joined_dossier(world.joined_answers(residence={
        "host": "other", "address": world.address(), "head_name": "Trần Văn Ông", "head_number": "031060001234",
    }))
    found = dossier.handler.find(dossier, actor=world.who("officer"), at=MARCH)
    assert rules.ConsentMissing.code in [f.code for f in found if f.severity == "error"]


# --- With the agencies ------------------------------------------------------------------------------------------------

with_agencies = pytest.mark.django_db(transaction=True)


def work() -> None:
    """Whatever is due: what follows registrations, and the post."""
    run_jobs("reactions", "exchange")


def post_until(condition: Any, *, within: float = 40.0) -> None:
    from tuphap.shared.exchange.tests import world as post

    def there() -> bool:
        post.make_due()
        work()
        return bool(condition())

    wait_until(there, within=within)


def states(act: Any) -> dict[str, str]:
    return dict(act.legs.values_list("kind", "state"))


def leg_of(act: Any, kind: LegKind) -> Any:
    return act.legs.get(kind=kind)


@with_agencies
def test_a_joined_birth_goes_through_every_agency(world: World, sim: Sim) -> None:
    act = world.registered_joined(at=now())
    work()
    post_until(lambda: set(states(act).values()) == {"done"})
    act.refresh_from_db()
    assert act.child.personal_number == "" or act.personal_number_state == "given"
    fresh = type(act).objects.get(pk=act.pk)
    number = fresh.child.personal_number
    assert len(number) == 12 and fresh.personal_number_state == register.PersonalNumberState.GIVEN
    card, home = leg_of(act, LegKind.INSURANCE), leg_of(act, LegKind.RESIDENCE)
    assert card.reference.startswith("TE1") and home.reference.startswith("CT-") and card.in_force_on
    for leg in act.legs.all():  # asked for at night, the first may be due on the day on which it is answered
        assert leg.verdict == ("EARLY" if localdate(leg.finished_at) < localdate(leg.due_at) else "ON_TIME")
    received = act.dossier.received_at
    dues = [localdate(leg.due_at) for leg in act.legs.order_by("place")]
    assert dues == sorted(dues) and len(set(dues)) == 3 and dues[0] > localdate(received)
    assert sim.state("ministry")["done"][0]["what"] == "act"
    assert number not in repr([vars(stage) if hasattr(stage, "__dict__") else stage
                               for stage in queries.stages(act.dossier)])
    # Opened again by a reaction that comes twice: nothing happens.
    assert operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=now()) == []


@with_agencies
def test_an_ordinary_birth_asks_for_the_number_alone(world: World, sim: Sim) -> None:
    act = world.registered(at=now())
    post_until(lambda: states(act) == {"number": "done"})
    assert act.legs.get().due_at is None and act.legs.get().verdict == ""


@with_agencies
def test_police_want_verification_and_the_office_sends_again(world: World, sim: Sim) -> None:
    sim.behave("police", verify_share=1.0)
    act = world.registered_joined(at=now())
    post_until(lambda: states(act)["number"] == "needs_verification")
    assert states(act) == {"number": "needs_verification", "residence": "waiting", "insurance": "waiting"}
    assert type(act).objects.get(pk=act.pk).personal_number_state == register.PersonalNumberState.PIN_PENDING
    leg = leg_of(act, LegKind.NUMBER)
    assert "cư trú" in leg.note
    assert queries.count_waiting(actor=world.who("officer"), at=now()) == 1
    with pytest.raises(Refusal):
        operations.resend(leg_id=leg.pk, actor=world.who("stranger"), at=now())
    operations.resend(leg_id=leg.pk, actor=world.who("officer"), at=now())
    post_until(lambda: set(states(act).values()) == {"done"})


@with_agencies
def test_the_child_has_a_number_already(world: World, sim: Sim) -> None:
    sim.behave("police", verify_share=1.0)
    act = world.registered_joined(at=now())
    post_until(lambda: states(act)["number"] == "needs_verification")
    leg = leg_of(act, LegKind.NUMBER)
    with pytest.raises(register.ReasonRequired):
        operations.tell_number(leg_id=leg.pk, number="031326000123", source=" ", actor=world.who("officer"), at=now())
    operations.tell_number(
        leg_id=leg.pk, number="031326000123", source="Dữ liệu cư trú", actor=world.who("officer"), at=now()
    )
    post_until(lambda: set(states(act).values()) == {"done"})
    fresh = type(act).objects.get(pk=act.pk)
    assert fresh.child.personal_number == "031326000123"
    assert leg_of(act, LegKind.NUMBER).source == "Dữ liệu cư trú"


@with_agencies
def test_a_number_noted_on_the_acts_page_lets_the_legs_go_on(world: World, sim: Sim) -> None:
    from tuphap.modules.civil_status import operations as births

    sim.behave("police", verify_share=1.0)
    act = world.registered_joined(at=now())
    post_until(lambda: states(act)["number"] == "needs_verification")
    operations.end(leg_id=leg_of(act, LegKind.NUMBER).pk, reason="Chờ công an", actor=world.who("officer"), at=now())
    work()
    assert states(act)["residence"] == "waiting", "the residence system knows people by their number"
    births.set_personal_number(
        act_id=act.pk, number="031326000123", source="Thẻ căn cước", actor=world.who("officer"), at=now()
    )
    post_until(lambda: set(states(act).values()) == {"done"})


@with_agencies
def test_a_failing_insurance_undoes_nothing_and_is_put_right(world: World, sim: Sim) -> None:
    act = world.registered_joined(world.joined_answers(card={"clinic_code": "99999"}), at=now())
    post_until(lambda: states(act)["insurance"] == "failed")
    assert states(act) == {"number": "done", "residence": "done", "insurance": "failed"}
    fresh = type(act).objects.get(pk=act.pk)
    assert fresh.state == register.ActState.REGISTERED and fresh.personal_number_state == "given"
    leg = leg_of(act, LegKind.INSURANCE)
    assert "99999" in leg.reason
    operations.resend(leg_id=leg.pk, clinic_code="31001", actor=world.who("officer"), at=now())
    post_until(lambda: states(act)["insurance"] == "done")
    assert leg_of(act, LegKind.INSURANCE).times_sent == 2
    with pytest.raises(rules.WrongLegState):
        operations.end(leg_id=leg.pk, reason="x", actor=world.who("officer"), at=now())


@with_agencies
def test_a_refused_residence_is_ended_and_the_card_comes(world: World, sim: Sim) -> None:
    sim.behave("residence", refuse_share=1.0)
    act = world.registered_joined(at=now())
    post_until(lambda: states(act)["residence"] == "failed")
    assert states(act)["insurance"] == "waiting"
    leg = leg_of(act, LegKind.RESIDENCE)
    with pytest.raises(register.ReasonRequired):
        operations.end(leg_id=leg.pk, reason="  ", actor=world.who("officer"), at=now())
    operations.end(leg_id=leg.pk, reason="Gia đình tự làm", actor=world.who("officer"), at=now())
    post_until(lambda: states(act)["insurance"] == "done")
    assert leg_of(act, LegKind.RESIDENCE).ended_by


@with_agencies
def test_slow_police_that_answer_later_twice_and_in_any_order(world: World, sim: Sim) -> None:
    sim.behave("all", later_share=1.0, later_ms=200, repeat=2, reorder=True)
    acts = [world.registered_joined(world.joined_distinct(n), at=now()) for n in range(2)]
    post_until(lambda: all(set(states(act).values()) == {"done"} for act in acts), within=90)
    for agency in ("police", "residence", "insurance"):
        sim.wait_until_sent(agency, within=40)
    for act in acts:
        assert [leg.times_sent for leg in act.legs.order_by("place")] == [1, 1, 1]
        assert act.annotations.filter(kind="personal_number").count() == 1


@with_agencies
def test_a_dead_letter_fails_the_leg_and_is_sent_again(world: World, sim: Sim) -> None:
    from tuphap.shared.exchange.models import Outbound

    act = world.registered_joined(at=now())
    sim.behave("police", wrong="bad_schema")
    post_until(lambda: states(act).get("number") == "failed", within=120)
    leg = leg_of(act, LegKind.NUMBER)
    assert leg.reason and Outbound.objects.get(pk=leg.message_id).state == "dead"
    sim.behave("police")
    operations.resend(leg_id=leg.pk, actor=world.who("officer"), at=now())
    assert Outbound.objects.get(pk=leg.message_id).state == "given_up"
    post_until(lambda: set(states(act).values()) == {"done"}, within=60)


@with_agencies
def test_news_of_the_police(world: World, sim: Sim) -> None:
    sim.behave("police", verify_share=1.0)
    act = world.registered(at=now())
    post_until(lambda: states(act) == {"number": "needs_verification"})
    body = {"act": str(act.pk), "number": "031326000456"}
    for _ in range(2):
        sim.act("police", kind="police.number-news", subject=f"act:{act.pk}", body=body)
    sim.wait_until_sent("police")
    work()
    fresh = type(act).objects.get(pk=act.pk)
    assert fresh.child.personal_number == "031326000456" and states(act) == {"number": "done"}
    assert act.annotations.filter(kind="personal_number").count() == 1


@pytest.mark.django_db
def test_legs_late_are_told(world: World) -> None:
    act = world.registered_joined()
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    after = MARCH + timedelta(days=30)
    views = queries.legs_of(act.dossier_id, at=after)
    assert [v.late for v in views] == [True, True, True]
    assert queries.count_waiting(actor=world.who("officer"), at=after) == 3
    assert list(queries.legs_list(world.who("stranger"), after, which="tat-ca")) == []
    assert date(2026, 3, 10) == localdate(views[0].leg.due_at)


@pytest.mark.django_db
def test_an_officer_sees_what_may_be_done_and_where_the_fault_lies(world: World, client: Any) -> None:
    act = world.registered_joined()
    operations.open_legs(act_id=act.pk, actor=operations.LEGS, at=MARCH)
    number, residence, _ = act.legs.order_by("place")
    client.force_login(world.users["officer"])
    assert "Đã gửi, chờ trả lời" in client.get(f"/ho-tich/lien-thong/{number.pk}/").content.decode()
    said = client.post(f"/ho-tich/lien-thong/{residence.pk}/gui-lai/", {}).content.decode()
    assert "Chờ bước trước" in said and "không thực hiện được" in said
    assert client.post(f"/ho-tich/lien-thong/{residence.pk}/ket-thuc/", {"reason": ""}).status_code == 422
    assert client.post(f"/ho-tich/lien-thong/{residence.pk}/ket-thuc/", {"reason": "Tự làm"}).status_code == 302
    residence.refresh_from_db()
    assert (residence.state, residence.ended_by) == ("ended", "Lê Thị Hồ Sơ")
    wrong = client.post(f"/ho-tich/lien-thong/{number.pk}/so-dinh-danh/", {"personal_number": "12", "source": "x"})
    assert wrong.status_code == 422
    for which in queries.LEG_FILTERS:
        assert client.get(f"/ho-tich/lien-thong/?loc={which}").status_code == 200
    client.force_login(world.users["stranger"])
    assert client.get(f"/ho-tich/lien-thong/{number.pk}/").status_code == 404
