"""Submissions at the national portal: one dossier here under both codes; bad ones get a typed answer."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Invalid, Refusal
from tuphap.modules.one_stop_shop import queries
from tuphap.modules.one_stop_shop.national import operations, rules
from tuphap.modules.one_stop_shop.rules import UnknownUnit
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, PICTURE, Work
from tuphap.shared.dossiers import rules as engine
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, State
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.exchange.api import contracts
from tuphap.shared.exchange.declarations import services
from tuphap.shared.exchange.inbox import agency
from tuphap.shared.exchange.models import Inbound
from tuphap.shared.notices.models import Notice

LAN, CODE = "031192000123", "G22.99-260302-0042"
AT = morning(MONDAY, 8)


def paper(data: bytes = PICTURE, **changed: Any) -> dict[str, Any]:
    return {"component": "don", "name": "don.png", "media_type": "image/png",
            "sha256": hashlib.sha256(data).hexdigest(), "content": base64.b64encode(data).decode(), **changed}


def submission(work: Work, **changed: Any) -> dict[str, Any]:
    return {
        "external_code": CODE, "procedure_code": testing.RESTARTS, "office_code": work.town.commune.code,
        "applicant_number": LAN, "applicant_name": "Nguyễn Thị Lan", "phone": "0912345678",
        "submitted_at": AT.isoformat(), "papers": [paper()],
        "answers": {"request": {"name": "Nguyễn Thị Lan", "personal_number": LAN}}, **changed,
    }


def take(work: Work, **changed: Any) -> contracts.SubmissionAnswer:
    body = contracts.OnlineSubmission.model_validate(submission(work, **changed))
    answer: contracts.SubmissionAnswer = operations.take_in(
        body=body, message=Inbound(), actor=agency(services["portal"]), at=AT)
    return answer


@pytest.mark.django_db
def test_it_lies_at_the_desk_under_both_codes_and_is_its_applicant_s(work: Work) -> None:
    answer = take(work)
    dossier = Dossier.objects.get(external_code=CODE)
    assert (dossier.state, dossier.channel, dossier.submission_code) == (
        State.SUBMITTED, Dossier.Channel.ONLINE, answer.submission_code)
    assert dossier.applicant_user == work.town.people["lan"] and dossier.attachments.get().file is not None
    lan = work.town.who("lan")
    assert queries.get_visible(CODE, lan, AT).pk == dossier.pk
    assert Notice.objects.filter(to_user=work.town.people["lan"], template="one_stop.submitted").exists()
    received = work.receive(dossier)
    assert received.external_code == CODE and received.code and received.code != CODE


@pytest.mark.django_db
def test_told_twice_it_is_there_once_and_another_under_its_code_is_refused(work: Work) -> None:
    assert take(work) == take(work)
    assert Dossier.objects.filter(external_code=CODE).count() == 1
    with pytest.raises(rules.CodeUsed):
        take(work, applicant_number="031192000456")
    with pytest.raises(rules.CodeUsed):
        take(work, procedure_code=testing.RESUMES)


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "refusal"), [
    ({"procedure_code": "9.999999"}, engine.UnknownProcedure),
    ({"procedure_code": "tam.ly-lich-tu-phap.ca-nhan"}, Refusal),
    ({"office_code": "H31.99.99"}, UnknownUnit),
    ({"answers": {"request": {"name": "A"}}}, Invalid),
    ({"answers": {"khac": {}}}, engine.UnknownPage),
    ({"answers": {"request": {"name": "Trần Văn An", "personal_number": "031090000111"}}}, rules.AnotherApplicant),
    ({"papers": []}, engine.MissingComponent),
    ({"papers": [paper(sha256="0" * 64)]}, rules.PaperDamaged),
    ({"papers": [paper(content="????")]}, rules.PaperDamaged),
    ({"papers": [paper(b"MZ\x90\x00 program")]}, Refusal),
    ({"papers": [paper(component="khac")]}, engine.UnknownComponent),
    ({"result_way": "buu_chinh"}, engine.NoPostalAddress),
])
def test_what_is_not_sound_is_refused_whole(work: Work, changed: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        take(work, **changed)
    assert not Dossier.objects.filter(external_code=CODE).exists()


@pytest.fixture
def _declared() -> None:
    from tuphap.modules.one_stop_shop import portal
    from tuphap.shared.exchange.declarations import inbound_kinds, outbound_kinds

    if portal.SUBMISSION.code not in inbound_kinds:
        portal.SUBMISSION.install()
    if portal.KIND.code not in outbound_kinds:
        portal.KIND.install()


@pytest.mark.django_db(transaction=True)
def test_over_the_bus_with_its_answer_signed(sim: Any, work: Work, _declared: None) -> None:
    """The simulated portal sends a sound one (each call thrice) and a bad one; it hears what became of them."""
    sim.behave("portal", repeat=2, later_ms=0)
    for code, answers in ((CODE, {"request": {"name": "Nguyễn Thị Lan"}}), ("G22.99-260302-0043", {})):
        body = submission(work, external_code=code, answers=answers, submitted_at=now().isoformat())
        sim.act("portal", kind="portal.online-submission", subject=f"submission:{code}", body=body)
    sim.wait_until_sent("portal")
    dossier = Dossier.objects.get()
    assert (dossier.external_code, dossier.state) == (CODE, State.SUBMITTED)
    heard = {row["subject"]: (row["said"], json.loads(row["answer"])) for row in sim.state("portal")["outgoing"]}
    status, answer = heard[f"submission:{CODE}"]
    assert status == "200" and answer["submission_code"] == dossier.submission_code
    status, answer = heard["submission:G22.99-260302-0043"]
    assert status == "422" and answer["code"] == "invalid"
    assert answer["problems"][0]["field"] == "request" and answer["problems"][0]["detail"]
