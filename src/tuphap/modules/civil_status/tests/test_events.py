"""Marriages, deaths, attestations: from the leader's decision to the register, and what stands in their way."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status import persons, queries, rules
from tuphap.modules.civil_status.events import operations
from tuphap.modules.civil_status.events.answers import checks
from tuphap.modules.civil_status.events.death import DeathDeclaration
from tuphap.modules.civil_status.events.marriage import MarriageDeclaration
from tuphap.modules.civil_status.events.standing import same_as, standing_of
from tuphap.modules.civil_status.models import Act, Paper
from tuphap.shared.access.api import Forbidden
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up

from .world import AT, TODAY, World, fail, sign

pytestmark = pytest.mark.django_db

MARRIAGE, DEATH, STATUS = "1.000894", "1.000656", "1.004873"
HE, SHE = "031098000011", "031199000012"


def couple(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """A sound declaration of marriage; each block may be changed in part."""
    whole: dict[str, Any] = {
        "husband": {"name": "Nguyễn Văn Cường", "born_on": "1998-02-03", "personal_number": HE, "ethnicity": "Kinh",
                    "nationality": "Việt Nam", "residence": world.address(), "before": "single"},
        "wife": {"name": "Lê Thị Hồng", "born_on": "1999-04-05", "personal_number": SHE, "ethnicity": "Kinh",
                 "nationality": "Việt Nam", "residence": world.address(world.there), "before": "single"},
        "together": {"free_will": True, "phone": "0912345678", "files": "wife"},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


def dead(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """A sound declaration of the husband's death, by his wife."""
    whole: dict[str, Any] = {
        "deceased": {"name": "Nguyễn Văn Cường", "sex": "male", "born_on": "1998-02-03", "personal_number": HE,
                     "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address()},
        "death": {"died_on": (TODAY + timedelta(days=28)).isoformat(), "died_at": "14:30", "place_kind": "home",
                  "place": world.address(), "cause": "Tai nạn", "proof": "notice", "proof_number": "12/GBT"},
        "declarant": {"relation": "spouse", "name": "Lê Thị Hồng", "personal_number": SHE, "phone": "0912345678",
                      "residence": world.address()},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


def request(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """The wife asks for an attestation."""
    whole: dict[str, Any] = {
        "subject": {"name": "Lê Thị Hồng", "sex": "female", "born_on": "1999-04-05", "personal_number": SHE,
                    "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address()},
        "request": {"status": "single", "purpose": "other", "use": "vay vốn ngân hàng", "phone": "0912345678"},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


def decide(world: World, procedure: str, answers: dict[str, Any], *, at: Any = AT) -> Act:
    """The chairman's decision; the papers wait to be signed by hand."""
    dossier = world.dossier(answers, procedure=procedure, received=at - timedelta(hours=1))
    with documents.signing_by_hand():
        return operations.approve_event(dossier_id=dossier.pk, actor=world.who("chairman"), at=at)


def registered(world: World, procedure: str, answers: dict[str, Any], *, at: Any = AT) -> Act:
    act = decide(world, procedure, answers, at=at)
    for paper in Paper.objects.filter(act=act).order_by("pk"):
        sign(paper.document, at=at)
    return Act.objects.get(pk=act.pk)


def found(world: World, procedure: str, answers: dict[str, Any], *, at: Any = AT) -> dict[str, str]:
    """What the register says of a declaration: code without its prefix → severity."""
    dossier = world.dossier(answers, procedure=procedure, received=at - timedelta(hours=1))
    findings = checks(dossier, actor=world.who("officer"), at=at)
    with setting_up():
        dossier.delete()  # or the next one would be declared twice
    return {f.code.removeprefix("civil_status."): f.severity for f in findings}


LATER = AT + timedelta(days=30)


# --- Marriage ---------------------------------------------------------------------------------------------------------


def test_a_marriage_is_entered_in_its_own_book_under_its_own_number(world: World) -> None:
    world.registered()  # a birth, which has a line of numbers of its own
    act = decide(world, MARRIAGE, couple(world, together={"copies": 2, "files": "husband"}))
    assert (act.display_number, act.page, act.state) == ("01/2026", 1, rules.ActState.PENDING_SIGNATURE)
    assert act.book.title == "Sổ đăng ký kết hôn năm 2026, quyển số 01"
    assert [(p.role, p.name) for p in act.parties.order_by("pk")] == [
        ("husband", "Nguyễn Văn Cường"), ("wife", "Lê Thị Hồng")]
    original, extract = act.papers.order_by("pk")
    assert (original.title, original.copies) == ("Giấy chứng nhận kết hôn (bản chính)", 2)
    assert (extract.title, extract.copies) == ("Trích lục kết hôn (bản sao)", 2)
    sign(original.document)
    assert Act.objects.get(pk=act.pk).state == rules.ActState.REGISTERED
    assert Dossier.objects.get(pk=act.dossier_id).state == dossiers.State.AWAITING_SIGNATURE
    sign(extract.document)
    done = Dossier.objects.get(pk=act.dossier_id)
    assert (done.state, done.result["number"]) == (dossiers.State.RESULT_READY, "01/2026")
    told = list(Entry.objects.filter(event__startswith="civil_status.marriage").order_by("pk").values_list(
        "event", flat=True))
    assert told == ["civil_status.marriage.approved", "civil_status.marriage.registered"]


def test_what_the_certificate_says(world: World) -> None:
    act = decide(world, MARRIAGE, couple(world))
    data = act.papers.get().document.data
    assert (data["husband"]["name"], data["wife"]["name"]) == ("NGUYỄN VĂN CƯỜNG", "LÊ THỊ HỒNG")
    assert data["wife"]["born"] == "05/04/1999"
    assert data["husband"]["id"] == f"Số định danh cá nhân {HE}"
    paper = documents.render(rules.Template.MARRIAGE_CERTIFICATE, data, on=TODAY)
    assert paper.startswith(b"%PDF")


@pytest.mark.parametrize(("who", "born", "title"), [
    ("husband", "2006-03-10", "Bên nam"), ("wife", "2008-03-10", "Bên nữ"),
])
def test_who_is_under_age_does_not_marry(world: World, who: str, born: str, title: str) -> None:
    """On the day before the birthday one is not; a birthday known by its year alone asks for a second look."""
    answers = couple(world, **{who: {"born_on": born, "personal_number": "", "id_kind": "passport", "id_number": "B1"}})
    with pytest.raises(rules.UnderAge) as refused:
        decide(world, MARRIAGE, answers)
    assert title in refused.value.message
    assert found(world, MARRIAGE, answers)["under_age"] == "error"
    answers[who]["born_on"] = f"{born[:8]}09"
    assert "under_age" not in found(world, MARRIAGE, answers)
    answers[who]["born_on"] = born[:4]
    assert found(world, MARRIAGE, answers)[f"{who}_age"] == "warning"


def test_who_is_married_is_refused_with_the_act_that_stands_in_the_way(world: World) -> None:
    first = decide(world, MARRIAGE, couple(world))  # not even signed yet: two decisions must not both find one free
    again = couple(world, wife={"name": "Đào Thị Mai", "personal_number": "031199000099", "born_on": "1999-01-01"})
    assert found(world, MARRIAGE, again)["already_married"] == "error"
    with pytest.raises(rules.AlreadyMarried) as refused:
        decide(world, MARRIAGE, again)
    assert first.display_number in refused.value.message and "Lê Thị Hồng" in refused.value.message
    # Without a number, by name and birth.
    del again["husband"]["personal_number"]
    again["husband"].update(id_kind="passport", id_number="B1234567")
    with pytest.raises(rules.AlreadyMarried):
        decide(world, MARRIAGE, again)


def test_after_a_divorce_both_may_marry_and_must_say_so(world: World) -> None:
    act = registered(world, MARRIAGE, couple(world))
    operations.note_divorce(
        act_id=act.pk, decision_no="5/2026/HNGĐ", decided_on=TODAY, authority="Tòa án nhân dân khu vực 1",
        actor=world.who("officer"), at=LATER)
    wife = {"name": "Đào Thị Mai", "personal_number": "031199000099", "born_on": "1999-01-01"}
    assert found(world, MARRIAGE, couple(world, wife=wife), at=LATER)["husband_before"] == "warning"
    again = couple(world, wife=wife, husband={"before": "divorced", "times": 2, "proof": "5/2026/HNGĐ"})
    assert set(found(world, MARRIAGE, again, at=LATER)) == {"both_present"}
    assert registered(world, MARRIAGE, again, at=LATER).display_number == "02/2026"
    husband = standing_of(same_as(act.party(rules.PartyRole.HUSBAND)))
    assert (husband.marital, len(husband.marriages)) == (rules.MaritalState.MARRIED, 2)
    assert standing_of(same_as(act.party(rules.PartyRole.WIFE))).marital == rules.MaritalState.DIVORCED


def test_a_divorce_is_noted_once_beside_a_marriage_that_holds(world: World) -> None:
    act = decide(world, MARRIAGE, couple(world))
    told: dict[str, Any] = {"decision_no": "5/2026/HNGĐ", "decided_on": TODAY, "authority": "Tòa án"}
    with pytest.raises(rules.NotAMarriage):
        operations.note_divorce(act_id=act.pk, actor=world.who("officer"), at=LATER, **told)
    sign(act.papers.get().document)
    for changed, refusal in (
        ({"decided_on": TODAY - timedelta(days=1)}, rules.DateOrder), ({"authority": " "}, rules.ReasonRequired),
    ):
        with pytest.raises(refusal):
            operations.note_divorce(act_id=act.pk, actor=world.who("officer"), at=LATER, **{**told, **changed})
    with pytest.raises(Forbidden):
        operations.note_divorce(act_id=act.pk, actor=world.who("stranger"), at=LATER, **told)
    operations.note_divorce(act_id=act.pk, actor=world.who("officer"), at=LATER, **told)
    with pytest.raises(rules.NotAMarriage):
        operations.note_divorce(act_id=act.pk, actor=world.who("officer"), at=LATER, **told)


def test_kin_within_three_generations_do_not_marry(world: World) -> None:
    """Cousins: their fathers are brothers, as three births tell."""
    grandfather = {"name": "Vũ Văn Tổ", "personal_number": "", "born_on": "1940", "residence": world.address()}
    grandmother = {"name": "Đào Thị Tổ", "personal_number": "", "born_on": "1942"}

    def birth(name: str, sex: str, born: str, number: str, father: dict[str, Any], mother: dict[str, Any]) -> None:
        answers = world.answers(
            child={"name": name, "sex": sex, "born_on": born, "personal_number": number},
            mother={"personal_number": "", **mother}, father={"personal_number": "", **father})
        world.registered(answers)

    birth("Vũ Văn An", "male", "1970-01-01", "031070000001", grandfather, grandmother)
    birth("Vũ Văn Ba", "male", "1972-01-01", "031072000002", grandfather, grandmother)
    birth("Vũ Văn Cả", "male", "1998-02-03", HE, {"name": "Vũ Văn An", "born_on": "1970-01-01",
          "personal_number": "031070000001"}, {"name": "Trần Thị Một", "born_on": "1972"})
    birth("Vũ Thị Dung", "female", "1999-04-05", SHE, {"name": "Vũ Văn Ba", "born_on": "1972-01-01",
          "personal_number": "031072000002"}, {"name": "Trần Thị Hai", "born_on": "1974"})
    cousins = couple(world, husband={"name": "Vũ Văn Cả"}, wife={"name": "Vũ Thị Dung"})
    assert found(world, MARRIAGE, cousins)["kin"] == "error"
    uncle = couple(world, husband={"name": "Vũ Văn An", "born_on": "1970-01-01", "personal_number": "031070000001"},
                   wife={"name": "Vũ Thị Dung"})
    assert found(world, MARRIAGE, uncle)["kin"] == "error"
    father = couple(world, husband={"name": "Vũ Văn Ba", "born_on": "1972-01-01", "personal_number": "031072000002"},
                    wife={"name": "Vũ Thị Dung"})
    assert found(world, MARRIAGE, father)["kin"] == "error"
    assert "kin" not in found(world, MARRIAGE, couple(world, husband={"name": "Vũ Văn Cả"}, wife={
        "name": "Hoàng Thị Xa", "personal_number": "031199000077"}))


def test_a_foreigner_marries_by_the_procedure_made_for_it_and_nobody_where_neither_lives(world: World) -> None:
    foreign = couple(world, wife={"nationality": "Hàn Quốc", "personal_number": "", "id_kind": "passport",
                                  "id_number": "M12345678"})
    assert found(world, MARRIAGE, foreign)["foreign_procedure"] == "error"
    assert "foreign_procedure" not in found(world, "2.000806", foreign)
    there = {"residence": world.address(world.there)}
    assert found(world, MARRIAGE, couple(world, husband=there, wife=there))["not_competent"] == "error"


def test_a_declaration_that_contradicts_itself_is_told_at_its_fields(world: World) -> None:
    for block, changed, where in (
        ("husband", {"name": ""}, ("husband", "name")), ("wife", {"before": "single", "times": 2}, ("wife",)),
        ("wife", {"before": "divorced", "times": 1}, ("wife",)),
        ("together", {"free_will": False}, ("together", "free_will")),
        ("together", {"phone": ""}, ("together", "phone")),
        ("husband", {"personal_number": "1"}, ("husband", "personal_number")),
    ):
        with pytest.raises(ValidationError) as refused:
            MarriageDeclaration.model_validate(couple(world, **{block: changed}))
        assert where in [e["loc"] for e in refused.value.errors()], (block, changed)


# --- Death ------------------------------------------------------------------------------------------------------------


def test_a_death_ends_the_marriage_and_is_noted_beside_what_it_touches(world: World) -> None:
    birth = world.registered(world.answers(child={
        "name": "Nguyễn Văn Cường", "sex": "male", "born_on": "1998-02-03", "personal_number": HE},
        mother={"born_on": "1975-01-01"}, father={"born_on": "1970-01-01"}))
    marriage = registered(world, MARRIAGE, couple(world))
    act = decide(world, DEATH, dead(world, death={"copies": 1}), at=LATER)
    assert not marriage.annotations.exists(), "what is not signed has no effect"
    for paper in Paper.objects.filter(act=act).order_by("pk"):
        sign(paper.document, at=LATER)
    assert [(n.kind, n.source_id) for n in marriage.annotations.all()] == [("death", act.pk)]
    assert [n.kind for n in birth.annotations.all()] == ["death"]
    widow = standing_of(same_as(marriage.party(rules.PartyRole.WIFE)))
    assert (widow.marital, widow.death) == (rules.MaritalState.WIDOWED, None)
    assert standing_of(same_as(marriage.party(rules.PartyRole.HUSBAND))).death == act
    assert (act.event_on, act.facts["timeliness"], act.facts["age_group"]) == ("2026-04-06", "on_time", "16+")
    titles = [p.title for p in act.papers.order_by("pk")]
    assert titles == ["Trích lục khai tử (bản chính)", "Trích lục khai tử (bản sao)"]


def test_a_death_that_is_cancelled_has_ended_nothing(world: World) -> None:
    marriage = registered(world, MARRIAGE, couple(world))
    act = registered(world, DEATH, dead(world), at=LATER)
    register.cancel_act(
        act_id=act.pk, decision_no="2/QĐ", decided_on=LATER.date(), authority="Ủy ban nhân dân",
        reason="Người còn sống", actor=world.who("chairman"), at=LATER)
    for role in (rules.PartyRole.HUSBAND, rules.PartyRole.WIFE):
        standing = standing_of(same_as(marriage.party(role)))
        assert (standing.marital, standing.death) == (rules.MaritalState.MARRIED, None)
    operations.note_divorce(
        act_id=marriage.pk, decision_no="5/2026/HNGĐ", decided_on=TODAY, authority="Tòa án",
        actor=world.who("officer"), at=LATER)


def test_nobody_dies_twice_and_the_dead_do_not_act(world: World) -> None:
    registered(world, DEATH, dead(world), at=LATER)
    with pytest.raises(rules.PossibleDuplicate):
        decide(world, DEATH, dead(world), at=LATER)
    assert found(world, MARRIAGE, couple(world), at=LATER)["husband_dead"] == "error"
    asked = request(world, subject={"name": "Nguyễn Văn Cường", "sex": "male", "born_on": "1998-02-03",
                                    "personal_number": HE})
    assert found(world, STATUS, asked, at=LATER)["subject_dead"] == "error"


def test_days_of_death_that_cannot_be(world: World) -> None:
    ahead = (LATER + timedelta(days=1)).date()
    for died, refusal in ((ahead, rules.DiedInTheFuture), (date(1990, 1, 1), rules.DateOrder)):
        with pytest.raises(refusal):
            decide(world, DEATH, dead(world, death={"died_on": died.isoformat()}), at=LATER)
    registered(world, MARRIAGE, couple(world))
    before = dead(world, death={"died_on": (TODAY - timedelta(days=1)).isoformat()})
    assert found(world, DEATH, before, at=LATER)["acted_after_death"] == "error"


@pytest.mark.parametrize(("typed", "kept"), [("14:30", "14:30"), ("8h5", "08:05"), ("7g", "07:00"), ("", "")])
def test_the_hour_of_death_is_read_as_people_write_it(world: World, typed: str, kept: str) -> None:
    assert DeathDeclaration.model_validate(dead(world, death={"died_at": typed})).death.died_at == kept


def test_an_hour_that_is_none_is_told(world: World) -> None:
    with pytest.raises(ValidationError):
        DeathDeclaration.model_validate(dead(world, death={"died_at": "25:00"}))


# --- Attestation ------------------------------------------------------------------------------------------------------


def test_the_status_is_attested_as_the_register_knows_it(world: World) -> None:
    act = registered(world, STATUS, request(world))
    assert act.book.title == "Sổ cấp giấy xác nhận tình trạng hôn nhân năm 2026, quyển số 01"
    told = dict(line for section in act.papers.get().document.data["sections"] for line in section["lines"])
    assert told["Hiện tại"] == "Chưa đăng ký kết hôn với ai"
    assert told["Có giá trị"].startswith("đến ngày 09/09/2026")
    registered(world, MARRIAGE, couple(world))
    with pytest.raises(rules.AlreadyMarried):
        decide(world, STATUS, request(world))
    registered(world, DEATH, dead(world), at=LATER)
    assert found(world, STATUS, request(world), at=LATER)["marital_status"] == "warning"
    widowed = request(world, request={"status": "widowed"})
    assert found(world, STATUS, widowed, at=LATER) == {}


# --- Guardianship -----------------------------------------------------------------------------------------------------


def grandmother(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """A grandmother looks after a child without parents."""
    whole: dict[str, Any] = {
        "ward": {"name": "Vũ Gia Bảo", "sex": "male", "born_on": "2015-05-06", "personal_number": "031215000021",
                 "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address(), "why": "no_parents"},
        "guardian": {"name": "Đào Thị Tổ", "sex": "female", "born_on": "1958-01-01", "personal_number": "031158000022",
                     "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address(),
                     "relation": "bà nội"},
        "terms": {"form": "natural", "able": True, "phone": "0912345678", "property": "Nhà số 12"},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


GUARDIANSHIP = "1.004837"


def test_a_guardian_is_entered_and_there_is_one_at_a_time(world: World) -> None:
    assert found(world, GUARDIANSHIP, grandmother(world)) == {}
    act = registered(world, GUARDIANSHIP, grandmother(world, terms={"copies": 1}))
    assert act.book.title == "Sổ đăng ký giám hộ năm 2026, quyển số 01"
    assert [p.title for p in act.papers.order_by("pk")] == [
        "Trích lục đăng ký giám hộ (bản chính)", "Trích lục đăng ký giám hộ (bản sao)"]
    told = act.papers.order_by("pk")[0].document.data
    assert told["title"] == "TRÍCH LỤC ĐĂNG KÝ GIÁM HỘ"
    assert [section["title"] for section in told["sections"]] == ["Người được giám hộ", "Người giám hộ", "Việc giám hộ"]
    aunt = {"name": "Vũ Thị Cô", "personal_number": "031175000023", "born_on": "1975-01-01"}
    assert found(world, GUARDIANSHIP, grandmother(world, guardian=aunt))["already_guarded"] == "error"


def test_who_may_not_guard_and_who_needs_no_guardian(world: World) -> None:
    for changed, where in (
        ({"guardian": {"born_on": "2009-01-01", "personal_number": "031309000022"}}, "guardian.born_on"),
        ({"ward": {"born_on": "2008-03-09", "personal_number": "031208000021"}}, "ward.born_on"),
    ):
        with pytest.raises(rules.NotOfAge) as refused:
            decide(world, GUARDIANSHIP, grandmother(world, **changed))
        assert refused.value.field == where
    one = grandmother(world, guardian={"personal_number": "031215000021"})
    assert found(world, GUARDIANSHIP, one)["guards_oneself"] == "error"
    adult = {"born_on": "1980-01-01", "personal_number": "031080000021", "why": "incapable"}
    with pytest.raises(ValidationError):
        decide(world, GUARDIANSHIP, grandmother(world, ward=adult))
    told = found(world, GUARDIANSHIP, grandmother(world, ward={**adult, "decision": "3/2026/QĐST-DS"}))
    assert told == {}


def test_parents_who_live_by_the_register_are_asked_about(world: World) -> None:
    world.registered(world.answers(child={
        "name": "Vũ Gia Bảo", "sex": "male", "born_on": "2015-05-06", "personal_number": "031215000021"}))
    assert found(world, GUARDIANSHIP, grandmother(world)) == {"parents_alive": "warning"}


# --- What is common ---------------------------------------------------------------------------------------------------


def test_a_failed_signature_is_tried_again_or_its_number_made_void(world: World) -> None:
    act = decide(world, MARRIAGE, couple(world))
    fail(act.papers.get().document)
    register.void_act(act_id=act.pk, reason="Sai tên", actor=world.who("chairman"), at=AT)
    assert Act.objects.get(pk=act.pk).state == rules.ActState.VOID
    assert Dossier.objects.get(pk=act.dossier_id).state == dossiers.State.AWAITING_APPROVAL
    assert standing_of(same_as(act.party(rules.PartyRole.WIFE))).marital == rules.MaritalState.SINGLE


def test_a_cancelled_marriage_never_was(world: World) -> None:
    act = registered(world, MARRIAGE, couple(world))
    register.cancel_act(
        act_id=act.pk, decision_no="1/QĐ", decided_on=TODAY, authority="Tòa án nhân dân", reason="Trái pháp luật",
        actor=world.who("chairman"), at=AT)
    assert standing_of(same_as(act.party(rules.PartyRole.WIFE))).marital == rules.MaritalState.SINGLE


def test_acts_are_found_by_who_may_see_them_and_the_look_is_kept(world: World) -> None:
    act = registered(world, MARRIAGE, couple(world))
    assert queries.get_act(act.pk, world.who("officer"), AT) == act
    assert Entry.objects.filter(event="record.read", subject_id=str(act.pk)).count() == 1
    with pytest.raises(rules.UnknownAct):
        queries.get_act(act.pk, world.who("stranger"), AT)
    told = queries.found(str(act.pk))
    assert told is not None and "Nguyễn Văn Cường – Lê Thị Hồng" in told.title


# --- A person through all acts ----------------------------------------------------------------------------------------


def test_a_person_is_shown_through_all_acts_for_a_purpose_and_told_of_it(world: World) -> None:
    marriage = registered(world, MARRIAGE, couple(world))
    registered(world, DEATH, dead(world), at=LATER)
    with pytest.raises(rules.PurposeRequired):
        persons.person(SHE, actor=world.who("officer"), at=LATER, purpose=" ")
    with pytest.raises(Forbidden):
        persons.person(SHE, actor=world.who("bank"), at=LATER, purpose="tò mò")
    for who, opens in (("officer", True), ("stranger", False)):  # elsewhere one learns of the act, and cannot open it
        shown = persons.person(SHE, actor=world.who(who), at=LATER, purpose="đăng ký kết hôn lần hai")
        assert shown is not None
        assert [(one.role, one.act.kind, bool(one.address)) for one in shown.appearances] == [
            ("Bên nữ", "KH", opens), ("Người đi khai", "KT", opens)]
        assert (shown.name, shown.marital) == ("Lê Thị Hồng", rules.MARITAL_TITLES[rules.MaritalState.WIDOWED])
        assert [note.kind for note in shown.appearances[0].notes] == ["death"]
    looks = Entry.objects.filter(event="record.read", subject_type="civil_status.act", subject_id=str(marriage.pk))
    assert [entry.purpose for entry in looks] == ["đăng ký kết hôn lần hai"] * 2
    assert persons.person("031199000000", actor=world.who("officer"), at=LATER, purpose="kiểm tra") is None


def test_other_agencies_learn_what_they_ask_of_somebody_they_name_exactly(world: World) -> None:
    registered(world, MARRIAGE, couple(world))
    asked: dict[str, Any] = {
        "number": HE, "name": "Nguyễn Văn Cường", "born_on": date(1998, 2, 3), "actor": world.who("bank"), "at": AT,
        "purpose": "công chứng hợp đồng mua bán nhà",
    }
    answer = persons.check_status(alive=True, marital=True, **asked)
    assert answer == persons.StatusAnswer(known=True, alive=True, marital="married")
    assert persons.check_status(alive=False, marital=True, **asked).alive is None
    for changed in ({"name": "Nguyễn Văn Cương"}, {"born_on": date(1998, 2, 4)}, {"number": SHE}):
        unknown = persons.check_status(alive=True, marital=True, **{**asked, **changed})
        assert unknown == persons.StatusAnswer(known=False)
    registered(world, DEATH, dead(world), at=LATER)
    assert persons.check_status(alive=True, marital=False, **{**asked, "at": LATER}).alive is False
    with pytest.raises(Forbidden):
        persons.check_status(alive=True, marital=True, **{**asked, "actor": world.who("officer")})
    told = Entry.objects.filter(facts__what="civil_status.person_status").order_by("pk").first()
    assert told is not None and told.purpose == "công chứng hợp đồng mua bán nhà" and HE not in str(told.facts)


def test_each_figure_is_the_length_of_its_list(world: World) -> None:
    registered(world, MARRIAGE, couple(world))
    registered(world, DEATH, dead(world, death={"died_on": TODAY.isoformat()}), at=LATER)
    registered(world, STATUS, request(world, subject={"personal_number": "031199000055"}), at=LATER)
    scope = indicators.Scope(
        actor=world.who("officer"), unit_ids=frozenset({world.here.pk}), period_from=date(2026, 1, 1),
        period_to=date(2026, 12, 31))
    counted = {code: indicators.count(f"civil_status.{code}", scope) for code in (
        "marriages", "marriages_foreign", "deaths", "deaths_on_time", "deaths_late", "marital_statuses")}
    assert counted == {"marriages": 1, "marriages_foreign": 0, "deaths": 1, "deaths_on_time": 0, "deaths_late": 1,
                       "marital_statuses": 1}
