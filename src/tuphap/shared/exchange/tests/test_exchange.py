"""Messages out and in, against agencies that speak real HTTP and misbehave when told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry
from tuphap.shared.exchange.models import Call, Inbound, Lane, Outbound
from tuphap.shared.exchange.rules import Sent
from tuphap.shared.operation.testing import run_jobs, setting_up

from . import world
from .kinds import EFFECT, FAILURE, HEARD

pytestmark = pytest.mark.django_db(transaction=True)


def want(act: str, **more: Any) -> Outbound:
    what = {"kind": "police.issue-number", "subject": f"birth:{act}", "body": world.number_wanted(act),
            "unit_id": world.commune().pk, "dossier_code": "H31.101-260310-0001", **more}
    return world.send(actor=world.ME, at=now(), **what)


def effects(message: Outbound, event: str = EFFECT) -> list[dict[str, Any]]:
    found = Entry.objects.filter(event=event, subject_id=str(message.pk)).order_by("pk")
    return list(found.values_list("facts", flat=True))


def test_a_message_is_answered_and_takes_effect_once(sim: world.Sim) -> None:
    message = want("17")
    assert not Call.objects.exists()
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.ANSWERED and message.tries == 1
    [fact] = effects(message)
    number = json.loads(message.answer)["number"]
    assert fact["answer"]["number"] == number and number.startswith("031326")
    call = Call.objects.get()
    assert (call.result, call.status, call.kind) == ("ok", 200, "police.issue-number")
    assert call.request_hash == message.request_hash and call.answer_hash == message.answer_hash
    assert Lane.objects.get().due_at is None
    [had] = sim.state("police")["received"]
    assert had["id"] == str(message.pk) and had["subject"] == "birth:17" and had["sequence"] == 1


def test_nothing_is_sent_of_what_was_rolled_back(sim: world.Sim) -> None:
    with pytest.raises(RuntimeError):
        world.send_and_fail(actor=world.ME, at=now(), kind="police.issue-number", subject="x",
                            body=world.number_wanted("1"), unit_id=world.commune().pk)
    run_jobs("exchange")
    assert not Outbound.objects.exists() and not sim.state("police")["received"]


def test_a_message_is_sent_within_an_operation_or_not_at_all(sim: world.Sim) -> None:
    from tuphap.shared.exchange import api as exchange

    with pytest.raises(RuntimeError):
        exchange.send(kind="police.issue-number", subject="x", body=world.number_wanted("1"),
                      unit_id=world.commune().pk, actor=world.ME, at=now())


def test_messages_of_a_subject_keep_their_order(sim: world.Sim) -> None:
    sim.behave("police", down=True)
    messages = [want("1", kind="police.correct", body=world.correction(f"a{n}")) for n in range(4)]
    other = want("2")
    run_jobs("exchange")
    assert [m["subject"] for m in sim.state("police")["received"]] == []
    sim.behave("police")
    world.make_due()
    work()
    had = sim.state("police")["received"]
    assert [m["sequence"] for m in had if m["subject"] == "birth:1"] == [1, 2, 3, 4]
    for message in (*messages, other):
        message.refresh_from_db()
        assert message.state == Sent.ANSWERED
    assert messages[0].tries >= 2


def work(rounds: int = 12) -> None:
    """Let jobs run and waits pass."""
    from tuphap.shared.exchange import tasks

    for _ in range(rounds):
        world.make_due()
        tasks.look()
        run_jobs("exchange")
        if not Lane.objects.filter(due_at__isnull=False).exclude(messages__state=Sent.WAITING).exists():
            return


@pytest.mark.parametrize("how", [{"lose_answer": 1.0}, {"wrong": "500"}, {"wrong": "bad_signature"},
                                 {"wrong": "wrong_hash"}])
def test_an_answer_that_is_lost_or_wrong_is_asked_for_again_and_done_once(sim: world.Sim, how: dict[str, Any]) -> None:
    sim.behave("police", **how)
    message = want("1")
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.QUEUED and message.tries == 1 and message.last_error
    assert not effects(message)
    sim.behave("police")
    work()
    message.refresh_from_db()
    assert message.state == Sent.ANSWERED and message.tries == 2 and not message.last_error
    state = sim.state("police")
    [had] = state["received"]
    assert had["times"] == 2
    assert len(state["done"]) == len(effects(message)) == 1


def test_an_answer_of_another_schema_is_a_dead_letter_at_once(sim: world.Sim) -> None:
    sim.behave("police", wrong="bad_schema")
    message = want("1")
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.DEAD and message.last_error == "answer_schema"
    assert "outcome" in message.last_detail and "khác mẫu" not in message.last_detail


def test_a_signed_refusal_is_a_dead_letter_and_blocks_its_subject_alone(sim: world.Sim) -> None:
    unit = world.commune()
    owner = world.person("chu", unit, "exchange.messages.manage")
    refused = want("1", kind="ministry.no-such", body={})
    behind = want("1", kind="ministry.push-act", body=_act("1"))
    aside = want("2", kind="ministry.push-act", body=_act("2"))
    run_jobs("exchange")
    for message in (refused, behind, aside):
        message.refresh_from_db()
    assert refused.state == Sent.DEAD and refused.last_error == "service_unknown" and refused.tries == 1
    assert behind.state == Sent.QUEUED and aside.state == Sent.ANSWERED
    assert effects(refused, FAILURE) == [{"reason": "service_unknown", "final": False}]
    from tuphap.shared.notices.models import Notice

    assert Notice.objects.filter(to_user=owner, template="exchange.dead_letter").count() == 1
    later = want("1", kind="ministry.push-act", body=_act("3"))
    work(2)
    later.refresh_from_db()
    assert later.state == Sent.QUEUED


def _act(act: str) -> dict[str, Any]:
    return {"act": act, "kind": "birth", "state": "registered", "number": "15/2026", "book": "KS.2026.01",
            "registered_on": "2026-03-10", "office_code": "H31.101", "person_name": "Nguyễn Khả Doanh"}


def test_the_owner_gives_up_and_the_subject_goes_on(sim: world.Sim) -> None:
    from tuphap.kernel.refusal import Conflict, NotFound, Refusal
    from tuphap.shared.exchange import operations

    unit = world.commune()
    owner = world.by(world.person("chu", unit, "exchange.messages.manage"))
    stranger = world.by(world.person("la", world.other_commune(), "exchange.messages.manage"))
    refused, behind = want("1", kind="ministry.no-such", body={}), want("1", kind="ministry.push-act", body=_act("1"))
    run_jobs("exchange")
    with pytest.raises(NotFound):
        operations.give_up(message_id=refused.pk, reason="Sai loại", actor=stranger, at=now())
    with pytest.raises(NotFound):
        operations.send_again(message_id=refused.pk, actor=stranger, at=now())
    with pytest.raises(Refusal) as without:
        operations.give_up(message_id=refused.pk, reason="  ", actor=owner, at=now())
    assert without.value.field == "reason"
    with pytest.raises(Conflict):
        operations.give_up(message_id=behind.pk, reason="Sai loại", actor=owner, at=now())
    operations.give_up(message_id=refused.pk, reason="Sai loại", actor=owner, at=now())
    run_jobs("exchange")
    refused.refresh_from_db(), behind.refresh_from_db()
    assert refused.state == Sent.GIVEN_UP and refused.closed_by_id == owner.user_id
    assert behind.state == Sent.ANSWERED
    assert effects(refused, FAILURE)[-1]["final"] is True
    assert Entry.objects.filter(event="exchange.given_up", actor_id=owner.user_id).count() == 1


def test_the_owner_sends_again_under_the_same_id(sim: world.Sim) -> None:
    from tuphap.shared.exchange import operations

    owner = world.by(world.person("chu", world.department(), "exchange.messages.manage"))
    sim.behave("police", wrong="bad_schema")
    message = want("1")
    run_jobs("exchange")
    sim.behave("police")
    operations.send_again(message_id=message.pk, actor=owner, at=now())
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.ANSWERED and len(effects(message)) == 1
    [had] = sim.state("police")["received"]
    assert had["times"] == 2 and len(sim.state("police")["done"]) == 1


def test_an_effect_that_is_refused_waits_for_a_person(sim: world.Sim) -> None:
    message = want("effect-refused")
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.DEAD and message.last_error == "effect:test.unwanted"
    assert message.answer and not effects(message)


def test_tries_come_to_an_end(sim: world.Sim) -> None:
    from tuphap.shared.exchange.rules import MOST_TRIES

    sim.behave("police", wrong="500")
    message = want("1")
    work(40)
    message.refresh_from_db()
    assert message.state == Sent.DEAD and message.last_error == "http_500" and message.tries == MOST_TRIES


def test_a_service_that_is_away_uses_up_no_tries_once_its_breaker_is_open(sim: world.Sim) -> None:
    from tuphap.shared.exchange import operations
    from tuphap.shared.exchange.models import ServiceState
    from tuphap.shared.exchange.rules import BreakerState

    sim.behave("police", down=True)
    messages = [want(str(n)) for n in range(8)]
    run_jobs("exchange")
    state = ServiceState.objects.get(pk="police")
    assert state.state == BreakerState.OPEN
    assert Call.objects.count() == 5  # the others were not even tried
    work(13)
    for message in messages:
        message.refresh_from_db()
        assert message.state == Sent.QUEUED
    sim.behave("police")
    owner = world.by(world.person("chu", world.department(), "exchange.messages.manage"))
    operations.resume_service(service="police", actor=owner, at=now())
    work(3)
    assert {m.state for m in Outbound.objects.all()} == {Sent.ANSWERED}
    assert ServiceState.objects.get(pk="police").state == BreakerState.CLOSED


def test_an_answer_that_comes_later_takes_effect_once(sim: world.Sim) -> None:
    sim.behave("residence", later_share=1.0, later_ms=0, repeat=2)
    message = want("1", kind="residence.register", body=world.residence_wanted("1", "031326000017"))
    behind = want("1", kind="residence.register", body=world.residence_wanted("2", "031326000018"))
    run_jobs("exchange")
    sim.wait_until_sent("residence")
    run_jobs("exchange")
    sim.wait_until_sent("residence")
    for one in (message, behind):
        one.refresh_from_db()
        assert one.state == Sent.ANSWERED and len(effects(one)) == 1
        assert one.accepted_at is not None and "registered" in one.answer
    assert [m.sequence for m in Inbound.objects.order_by("received_at")] == [1, 2]
    assert Inbound.objects.count() == 2 and Call.objects.filter(direction="in").count() == 6


def test_an_answer_that_does_not_come_is_a_dead_letter(sim: world.Sim) -> None:
    from datetime import timedelta

    sim.behave("residence", later_share=1.0, later_ms=10_000_000)
    message = want("1", kind="residence.register", body=world.residence_wanted("1", "031326000017"))
    run_jobs("exchange")
    message.refresh_from_db()
    assert message.state == Sent.WAITING
    work(1)
    message.refresh_from_db()
    assert message.state == Sent.WAITING
    with setting_up():
        Outbound.objects.update(accepted_at=now() - timedelta(days=4))
    work(1)
    message.refresh_from_db()
    assert message.state == Sent.DEAD and message.last_error == "no_answer"


def test_calls_out_of_order_are_handled_in_order_and_repeated_ones_once(sim: world.Sim) -> None:
    sim.behave("police", reorder=True, repeat=2, later_ms=300)
    for number in range(1, 9):
        sim.act("police", kind="police.number-news", subject="person:1",
                body={"act": f"a{number}", "number": "031326000017"})
    sim.wait_until_sent("police")
    run_jobs("exchange")
    heard = Entry.objects.filter(event=HEARD).order_by("pk").values_list("facts", flat=True)
    assert [fact["sequence"] for fact in heard] == list(range(1, 9))
    assert {m.state for m in Inbound.objects.all()} == {"handled"}
    assert Inbound.objects.count() == 8 and Call.objects.filter(direction="in").count() == 24


def test_a_screen_is_told_whether_the_source_answered_is_down_or_refuses(sim: world.Sim) -> None:
    from tuphap.shared.exchange import api as exchange

    def ask(kind: str, **more: Any) -> Any:
        return exchange.ask(kind=kind, body={}, actor=world.ME, at=now(), **more)

    answer = ask("police.ping")
    assert isinstance(answer, exchange.Borrowed) and answer.source == "CSDL quốc gia về dân cư"
    assert isinstance(ask("police.person", dossier_code="H31"), exchange.SourceRefused)
    with pytest.raises(exchange.DossierRequired):
        ask("police.person")
    sim.behave("police", down=True)
    down = [ask("police.ping") for _ in range(7)]
    assert all(isinstance(one, exchange.SourceDown) for one in down)
    assert [one.reason for one in down] == ["http_503"] * 5 + ["breaker_open"] * 2
    assert Entry.objects.filter(event="record.read").count() == 9
    assert Call.objects.count() == 7


def test_the_log_of_calls_is_never_changed(sim: world.Sim) -> None:
    from django.db import ProgrammingError

    want("1")
    run_jobs("exchange")
    with pytest.raises(ProgrammingError):
        Call.objects.update(result="x")
    with pytest.raises(ProgrammingError):
        Call.objects.all().delete()
