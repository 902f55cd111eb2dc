"""A birth and the recognition of the child by one decision: two acts, two numbers, one dossier."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction
from pydantic import ValidationError

from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status import persons, rules
from tuphap.modules.civil_status.current import as_it_stands
from tuphap.modules.civil_status.events import operations as events
from tuphap.modules.civil_status.events.standing import forebears
from tuphap.modules.civil_status.events.targets import in_full
from tuphap.modules.civil_status.models import Act, Annotation, BirthAct, Leg, Paper, Party
from tuphap.modules.civil_status.papers import birth_data
from tuphap.modules.civil_status.together import operations
from tuphap.modules.civil_status.together.checks import checks
from tuphap.modules.civil_status.together.declaration import RecognisedBirthDeclaration
from tuphap.modules.civil_status.traits import parentage
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.indicators import api as indicators
from tuphap.shared.numbering.models import Number
from tuphap.shared.operation.testing import setting_up

from . import test_events as single
from .test_follow_ups import recognised
from .world import AT, TODAY, World, fail, sign

TOGETHER, ABROAD = "1.000689", "1.001695"
LATER = AT + timedelta(days=30)
BOTH = "Khai sinh số 01/2026; Nhận cha, mẹ, con số 01/2026"
FATHER = "031094004218"


def both(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """A sound declaration: the parents are not married, and the father recognises the girl."""
    whole = {
        **world.answers(father={"parents_married": False, "marriage_record": "", "recognition": True}),
        "proof": {"evidence": "examination", "evidence_number": "ADN 12/2026, Viện Pháp y quốc gia",
                  "both_present": True, "undisputed": True, "other_parent_agrees": True},
    }
    for name, changed in blocks.items():
        whole[name] = {**whole[name], **changed}
    return deepcopy(whole)


def by_mother(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    """The mother recognises the child, and no father is named."""
    whole = both(world, declarant={"relation": "mother"}, **blocks)
    return {**whole, "father": {"parents_married": False}}


def decide(world: World, answers: dict[str, Any] | None = None, *, at: Any = AT, procedure: str = TOGETHER,
           dossier: Dossier | None = None) -> tuple[BirthAct, Act]:
    """The chairman's decision; the papers wait to be signed by hand."""
    made = dossier or world.dossier(answers or both(world), procedure=procedure, received=at - timedelta(hours=1))
    with documents.signing_by_hand():
        birth = operations.approve_birth_with_recognition(dossier_id=made.pk, actor=world.who("chairman"), at=at)
    return birth, Act.objects.get(target=birth)


def papers_of(*acts: Act) -> dict[tuple[str, str], Paper]:
    found = Paper.objects.filter(act__in=[act.pk for act in acts]).select_related("document", "act")
    return {(paper.act.kind, paper.kind): paper for paper in found}


def signed(world: World, answers: dict[str, Any] | None = None, *, at: Any = AT) -> tuple[BirthAct, Act]:
    birth, act = decide(world, answers, at=at)
    for paper in papers_of(birth, act).values():
        sign(paper.document, at=at)
    return BirthAct.objects.get(pk=birth.pk), Act.objects.get(pk=act.pk)


def found(world: World, answers: dict[str, Any], *, at: Any = AT, procedure: str = TOGETHER) -> dict[str, str]:
    """What the register says of a declaration: code without its prefix → severity."""
    dossier = world.dossier(answers, procedure=procedure, received=at - timedelta(hours=1))
    told = checks(dossier, actor=world.who("officer"), at=at)
    with setting_up():
        dossier.delete()  # or the next one would be declared twice
    return {f.code.removeprefix("civil_status."): f.severity for f in told}


def cancel(world: World, act: Act, *, at: Any = LATER) -> None:
    register.cancel_act(
        act_id=act.pk, decision_no="7/QĐ-UBND", decided_on=at.date(), authority="Ủy ban nhân dân có thẩm quyền",
        reason="Nhận nhầm con", actor=world.who("chairman"), at=at)


def state_of(dossier_id: UUID | None) -> str:
    return Dossier.objects.get(pk=dossier_id).state


# --- Both acts --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_decision_makes_two_acts_in_two_books(world: World) -> None:
    birth, act = decide(world, both(world, copies={"copies": 2}, proof={"copies": 1}))
    assert (birth.kind, birth.display_number, act.kind, act.display_number) == ("KS", "01/2026", "CMC", "01/2026")
    assert birth.dossier_id == act.dossier_id and act.target_id == birth.pk
    assert (birth.parents_married, birth.father.name if birth.father else "") == (False, "Nguyễn Văn Mạnh")
    assert {(p.role, p.name, p.sex) for p in act.parties.all()} == {
        ("parent", "Nguyễn Văn Mạnh", "male"), ("child", "Nguyễn Trúc Anh", "female")}
    made = papers_of(birth, act)
    assert {key: paper.title for key, paper in made.items()} == {
        ("KS", "original"): "Giấy khai sinh (bản chính)", ("KS", "extract"): "Trích lục khai sinh (bản sao)",
        ("CMC", "original"): "Trích lục đăng ký nhận cha, mẹ, con (bản chính)",
        ("CMC", "extract"): "Trích lục đăng ký nhận cha, mẹ, con (bản sao)",
    }
    assert made["KS", "original"].document.data["father"]["name"] == "NGUYỄN VĂN MẠNH"
    assert {paper.document.signer_id for paper in made.values()} == {world.users["chairman"].pk}
    for key in (("CMC", "original"), ("KS", "extract"), ("KS", "original")):
        sign(made[key].document)
        assert state_of(birth.dossier_id) == dossiers.State.AWAITING_SIGNATURE
    sign(made["CMC", "extract"].document)
    done = Dossier.objects.get(pk=birth.dossier_id)
    assert (done.state, done.result["number"], done.result["act"]) == (dossiers.State.RESULT_READY, BOTH, str(birth.pk))
    assert len(done.result["documents"]) == 4
    assert not Annotation.objects.exists(), "the father stands in the birth itself and is not noted a second time"
    assert birth_data(BirthAct.objects.get(pk=birth.pk))["father"]["name"] == "NGUYỄN VĂN MẠNH"


@pytest.mark.django_db
def test_a_mother_recognises_her_child(world: World) -> None:
    birth, act = signed(world, by_mother(world))
    assert (birth.father, act.party(rules.PartyRole.PARENT).sex) == (None, "female")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_foreign_father_takes_the_procedure_made_for_it(world: World) -> None:
    foreign = both(world, father={"name": "Kim Min Ho", "nationality": "Hàn Quốc", "ethnicity": "",
                                  "personal_number": "", "id_kind": "passport", "id_number": "M7654321"})
    assert found(world, foreign)["foreign_procedure"] == "error"
    assert set(found(world, foreign, procedure=ABROAD).values()) <= {"warning"}
    birth, act = decide(world, foreign, procedure=ABROAD)
    assert act.facts["foreign"] is True and birth.father.nationality == "Hàn Quốc"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_figures_count_one_birth_out_of_wedlock_and_one_recognition(world: World) -> None:
    signed(world)
    scope = indicators.scope_for(
        world.who("chairman"), rules.Permission.VIEW, at=AT, period_from=TODAY, period_to=TODAY)
    told = {code: indicators.count(f"civil_status.{code}", scope) for code in ("births_new", "births", "recognitions")}
    assert told == {"births_new": 1, "births": 1, "recognitions": 1}
    assert indicators.rows("civil_status.births_new", scope).annotate(of=parentage()).get().of == "other"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_childs_number_goes_to_both_acts_and_legs_open(world: World) -> None:
    from tuphap.modules.civil_status.joined.operations import LEGS, open_legs

    birth, act = signed(world)
    assert [leg.kind for leg in open_legs(act_id=birth.pk, actor=LEGS, at=AT)] == ["number"]
    number = "031326000012"
    register.set_personal_number(act_id=birth.pk, number=number, source="Công an", actor=world.who("officer"), at=LATER)
    assert {p.personal_number for p in Party.objects.filter(role="child")} == {number}
    assert {note.act_id for note in Annotation.objects.filter(kind="personal_number")} == {birth.pk, act.pk}
    person = persons.person(number, actor=world.who("officer"), at=LATER, purpose="xem")
    assert person is not None and [one.act.kind for one in person.appearances] == ["KS", "CMC"]
    assert Leg.objects.count() == 1
    father = persons.person(FATHER, actor=world.who("officer"), at=LATER, purpose="xem")
    assert father is not None and [one.role for one in father.appearances] == [
        "Người cha", "Người đi khai", "Người cha hoặc mẹ được nhận"]


# --- Signing, retrying, giving up -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_could_not_be_signed_is_tried_again_under_the_same_numbers(world: World) -> None:
    birth, act = decide(world)
    made = papers_of(birth, act)
    sign(made["KS", "original"].document)
    fail(made["CMC", "original"].document)
    with documents.signing_by_hand():
        register.retry_signing(act_id=act.pk, actor=world.who("chairman"), at=AT)
    sign(made["CMC", "original"].document)
    assert Dossier.objects.get(pk=birth.dossier_id).result["number"] == BOTH
    assert Number.objects.filter(state=Number.State.VOID).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["KS", pytest.param("CMC", marks=pytest.mark.full)])
def test_giving_up_one_number_gives_up_both(world: World, which: str) -> None:
    birth, act = decide(world, both(world, copies={"copies": 1}))
    made, chairman = papers_of(birth, act), world.who("chairman")
    sign(made["KS", "extract"].document)  # a copy may be signed before the original fails
    fail(made[which, "original"].document)
    chosen = birth if which == "KS" else act
    with pytest.raises(rules.WrongActState):  # the other one's signature is still being tried
        register.void_act(act_id=chosen.pk, reason="Máy ký hỏng", actor=chairman, at=AT)
    fail(made["CMC" if which == "KS" else "KS", "original"].document)
    given_up = register.void_act(act_id=chosen.pk, reason="Máy ký hỏng", actor=chairman, at=AT)
    assert {(one.kind, one.state) for one in given_up} == {("KS", "void"), ("CMC", "void")}
    assert set(Act.objects.values_list("state", "state_reason")) == {("void", "Máy ký hỏng")}
    assert Number.objects.filter(state=Number.State.VOID, series__code__in=[
        rules.Series.BIRTH, rules.Series.RECOGNITION]).count() == 2
    assert state_of(birth.dossier_id) == dossiers.State.AWAITING_APPROVAL
    copy = Document.objects.get(pk=made["KS", "extract"].document_id)
    assert copy.register_state == Document.Standing.CANCELLED, "a copy of what never was is not in force"
    again = Dossier.objects.get(pk=birth.dossier_id)
    new_birth, new_act = decide(world, dossier=again)
    assert (new_birth.display_number, new_act.display_number) == ("02/2026", "02/2026")


@pytest.mark.django_db
def test_while_one_stands_the_others_number_is_not_given_up(world: World) -> None:
    birth, act = decide(world)
    made, chairman = papers_of(birth, act), world.who("chairman")
    sign(made["KS", "original"].document)
    fail(made["CMC", "original"].document)
    with pytest.raises(rules.OtherActStands) as refused:
        register.void_act(act_id=act.pk, reason="Máy ký hỏng", actor=chairman, at=AT)
    assert "Khai sinh số 01/2026" in refused.value.message
    with setting_up(), pytest.raises(IntegrityError), transaction.atomic():  # the database itself says so
        Act.objects.filter(pk=act.pk).update(state="void", state_reason="thử")
    cancel(world, BirthAct.objects.get(pk=birth.pk), at=AT)
    assert Act.objects.get(pk=act.pk).state == rules.ActState.VOID, "what one decision made falls together"
    assert state_of(birth.dossier_id) == dossiers.State.AWAITING_APPROVAL
    assert [one.display_number for one in decide(world, dossier=Dossier.objects.get(pk=birth.dossier_id))] == [
        "02/2026", "02/2026"]


@pytest.mark.django_db
def test_a_dossier_has_one_live_act_a_book(world: World) -> None:
    _, act = decide(world)
    twin = {f.attname: getattr(act, f.attname) for f in Act._meta.concrete_fields}
    twin.update(id=None, number=99, page=99, reserved_id=None)
    del twin["id"]
    with setting_up(), pytest.raises(IntegrityError, match="civil_status_act_dossier"), transaction.atomic():
        Act.objects.create(**twin)


# --- Cancelling one of the two ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_cancelled_recognition_strikes_the_father_out_of_the_birth(world: World) -> None:
    birth, act = signed(world, both(world, child={"personal_number": "031326000012"}))
    cancel(world, act)
    standing = in_full(birth)
    assert isinstance(standing, BirthAct) and (standing.state, standing.father) == (rules.ActState.REGISTERED, None)
    data = birth_data(BirthAct.objects.get(pk=birth.pk))
    assert (data["father"]["name"], data["mother"]["name"]) == ("", "TRẦN THỊ BÍCH NGỌC")
    assert "Phần ghi về người cha (NGUYỄN VĂN MẠNH) để trống" in data["annotations"][0]["text"]
    assert "7/QĐ-UBND" in data["annotations"][0]["text"]
    child = Party.objects.filter(personal_number="031326000012")
    assert {f.who.name for f in forebears(_is("031326000012"), generations=1)} == {"Trần Thị Bích Ngọc"}
    assert child.exists() and state_of(birth.dossier_id) == dossiers.State.RESULT_READY
    # Another man may recognise the child since, and stands there from then on.
    other = recognised(world, parent={
        "name": "Bùi Văn Khác", "personal_number": "031090000019", "born_on": "1990-01-01"})
    assert set(single.found(world, "1.001022", other, at=LATER).values()) <= {"warning"}
    single.registered(world, "1.001022", other, at=LATER)
    now = in_full(birth)
    assert isinstance(now, BirthAct) and now.father is not None
    assert (now.father.name, now.father.personal_number) == ("Bùi Văn Khác", "")


def _is(number: str) -> Any:
    from django.db.models import Q

    return Q(personal_number=number)


@pytest.mark.django_db
def test_a_cancelled_birth_leaves_the_recognition(world: World) -> None:
    birth, act = signed(world)
    cancel(world, birth)
    assert Act.objects.get(pk=act.pk).state == rules.ActState.REGISTERED
    assert not act.annotations.exists()


@pytest.mark.django_db
def test_copies_that_wait_say_nothing_of_a_father_who_is_struck_out(world: World) -> None:
    birth, act = decide(world, both(world, copies={"copies": 1}))
    made = papers_of(birth, act)
    for key in (("KS", "original"), ("CMC", "original")):
        sign(made[key].document)
    cancel(world, act)
    assert Paper.objects.get(pk=made["KS", "extract"].pk).state == rules.PaperState.VOID
    assert Dossier.objects.get(pk=birth.dossier_id).state == dossiers.State.RESULT_READY


@pytest.mark.django_db
def test_what_a_cancelled_act_had_noted_is_taken_back_in_words(world: World) -> None:
    from .test_follow_ups import RECOGNITION, fatherless

    birth = fatherless(world)
    act = single.registered(world, RECOGNITION, recognised(world), at=LATER)
    cancel(world, act)
    first, second = (note.text for note in birth.annotations.order_by("pk"))
    assert first.startswith("Bổ sung phần ghi về người cha")
    assert "không còn giá trị: việc đó đã bị hủy bỏ theo Quyết định số 7/QĐ-UBND" in second
    assert as_it_stands(BirthAct.objects.get(pk=birth.pk)).father is None


# --- What stands in the way -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sound_declaration_has_nothing_against_it(world: World) -> None:
    assert found(world, both(world)) == {}
    assert found(world, by_mother(world)) == {}


FAULTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("father", {"parents_married": True}, "father.parents_married", "civil_status.parents_married"),
    ("father", {"recognition": False}, "father.name", "civil_status.father_not_allowed"),
    ("father", {"name": "", "born_on": None, "personal_number": ""}, "father.name", "civil_status.father_missing"),
    ("father", {"personal_number": ""}, "father.personal_number", "civil_status.required"),
    ("father", {"residence": None}, "father.residence", "civil_status.required"),
    ("father", {"born_on": "2027-01-01"}, "father.born_on", "civil_status.date_order"),
    ("child", {"foundling": True}, "child.foundling", "civil_status.foundling_recognised"),
    ("declarant", {"relation": "grandparent", "name": "Nguyễn Thị Bà", "personal_number": "031160000001",
                   "residence": None}, "declarant.relation", "civil_status.declarant_no_party"),
    ("proof", {"undisputed": False}, "proof.undisputed", "civil_status.recognition_declared"),
    ("proof", {"both_present": False}, "proof.both_present", "civil_status.recognition_declared"),
    ("proof", {"evidence": None}, "proof.evidence", "civil_status.required"),
    ("proof", {"evidence_number": ""}, "proof.evidence_number", "civil_status.required"),
)


@pytest.mark.django_db
def test_faults_lie_at_their_fields(world: World) -> None:
    for block, changed, where, code in FAULTS:
        answers = both(world, **{block: changed})
        if where.startswith("declarant"):
            answers["declarant"]["residence"] = world.address()
        with pytest.raises(ValidationError) as refused:
            RecognisedBirthDeclaration.model_validate(answers)
        told = [(".".join(map(str, e["loc"])), e["type"]) for e in refused.value.errors()]
        assert (where, code) in told, (block, changed)
    nobody = by_mother(world)
    nobody["mother"] = {}
    with pytest.raises(ValidationError) as refused:
        RecognisedBirthDeclaration.model_validate(nobody)
    assert "civil_status.nobody_recognises" in [e["type"] for e in refused.value.errors()]


@pytest.mark.django_db
def test_a_mother_who_is_not_known_stays_blank(world: World) -> None:
    answers = both(world)
    answers["mother"] = {}
    assert found(world, answers) == {"mother_unknown": "warning"}
    birth, act = decide(world, answers)
    assert birth.mother is None and act.party(rules.PartyRole.CHILD) is not None


@pytest.mark.django_db
def test_consent_of_the_other_parent_and_of_a_child_of_nine(world: World) -> None:
    assert found(world, both(world, proof={"other_parent_agrees": False})) == {"other_parent": "warning"}
    assert found(world, by_mother(world, proof={"other_parent_agrees": False})) == {}
    grown = both(world, child={"born_on": "2016-01-02"})
    assert found(world, grown)["consent_missing"] == "error"
    grown["proof"]["child_agrees"] = True
    assert "consent_missing" not in found(world, grown)


@pytest.mark.django_db
def test_where_neither_lives_neither_is_registered(world: World) -> None:
    there = {"residence": world.address(world.there)}
    assert found(world, both(world, mother=there, father=there))["not_competent"] == "error"


@pytest.mark.django_db
def test_a_husband_counts_as_the_father_until_a_court_has_spoken(world: World) -> None:
    """Born in wedlock or within 300 days of its end; a marriage to the father himself needs no recognition."""
    mother = {"name": "Trần Thị Bích Ngọc", "born_on": "1996-08-12", "personal_number": "031196004217"}
    june = AT + timedelta(days=100)
    wedding, parted = AT - timedelta(days=240), date(2025, 8, 10)
    marriage = single.registered(world, single.MARRIAGE, single.couple(world, wife=mother), at=wedding)
    child = {"born_on": "2026-06-10"}
    for answers in (both(world, child=child), by_mother(world, child=child)):
        assert found(world, answers, at=june) == {"husband_presumed": "error"}
    events.note_divorce(
        act_id=marriage.pk, decision_no="5/2025/HNGĐ", decided_on=parted, authority="Tòa án",
        actor=world.who("officer"), at=AT)
    assert found(world, both(world, child=child), at=june) == {}, "304 days after the end of the marriage"
    near = both(world, child={"born_on": "2026-06-06"})
    assert found(world, near, at=june) == {"husband_presumed": "error"}
    itself = single.couple(world, wife={**mother, "before": "divorced", "times": 2, "proof": "5/2025/HNGĐ"}, husband={
        "name": "Nguyễn Văn Mạnh", "born_on": "1994-02-01", "personal_number": FATHER})
    single.registered(world, single.MARRIAGE, itself, at=june)
    assert found(world, both(world, child=child), at=june) == {"parents_married": "error"}
    with pytest.raises(dossiers.UnresolvedErrors, match="Tòa án"):
        decide(world, near, at=june)


@pytest.mark.django_db
def test_the_dead_the_recognised_before_and_the_registered_before(world: World) -> None:
    number = {"personal_number": "031326000012"}
    single.registered(world, "1.001022", recognised(world))  # of a child of the same number, by the same man
    assert found(world, both(world, child=number))["already_recognised"] == "error"
    other = both(world, child={"name": "Nguyễn Trúc Lam"})
    signed(world, other)
    assert found(world, other)["possible_duplicate"] == "error"
    with pytest.raises(rules.PossibleDuplicate):
        decide(world, other)
    dead = single.dead(world, deceased={"name": "Nguyễn Văn Mạnh", "born_on": "1994-02-01", "personal_number": FATHER},
                       death={"died_on": (TODAY - timedelta(days=1)).isoformat()})
    single.registered(world, single.DEATH, dead)
    told = found(world, both(world, child={"name": "Nguyễn Trúc Mai", "born_on": "2026-03-06"}))
    assert told["parent_dead"] == "error"


@pytest.mark.django_db
def test_parents_who_are_kin_are_looked_at(world: World) -> None:
    def child(name: str, sex: str, born: str, number: str) -> None:
        world.registered(world.answers(
            child={"name": name, "sex": sex, "born_on": born, "personal_number": number},
            mother={"name": "Đào Thị Tổ", "personal_number": "031172000001", "born_on": "1972-01-01"},
            father={"name": "Vũ Văn Tổ", "personal_number": "031070000001", "born_on": "1970-01-01"}))

    child("Nguyễn Văn Mạnh", "male", "1994-02-01", FATHER)
    child("Trần Thị Bích Ngọc", "female", "1996-08-12", "031196004217")
    assert found(world, both(world))["parents_kin"] == "warning"


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_child_in_many_dossiers_is_registered_and_recognised_once(world: World) -> None:
    """Two procedures at once: both kinds of dossiers wait for one another, and one alone comes through."""
    made = [world.dossier(both(world), procedure=TOGETHER) for _ in range(4)]
    made += [world.dossier() for _ in range(2)]
    chairman, start = world.who("chairman"), threading.Barrier(len(made))

    def one(dossier: Dossier) -> str:
        decide_on = (operations.approve_birth_with_recognition if dossier.procedure.code == TOGETHER
                     else register.approve_birth)
        try:
            start.wait()
            with documents.signing_by_hand():
                decide_on(dossier_id=dossier.pk, actor=chairman, at=AT)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(made)) as pool:
        answers = sorted(pool.map(one, made))
    assert answers == [*["civil_status.possible_duplicate"] * 5, "done"]
    assert Act.objects.filter(kind="KS").count() == 1
    assert Act.objects.count() in (1, 2) and Number.objects.count() == Act.objects.count()


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_both_are_signed_and_given_up_at_the_same_moment(world: World) -> None:
    """A chairman gives up while the other original is being signed: he is told why, and what is signed stands."""
    for number in range(3):
        answers = {**world.distinct(number), "proof": both(world)["proof"]}
        answers["father"].update(parents_married=False, recognition=True, id_kind="passport", id_number=f"C{number}")
        answers["mother"].update(id_kind="passport", id_number=f"M{number}")
        answers["declarant"] = {"relation": "mother", "phone": "0912345678"}
        birth, act = decide(world, answers)
        made, start = papers_of(birth, act), threading.Barrier(2)
        fail(made["CMC", "original"].document)

        def give_up(act: Act = act, start: threading.Barrier = start) -> str:
            try:
                start.wait()
                register.void_act(act_id=act.pk, reason="Hỏng", actor=world.who("chairman"), at=AT)
            except (rules.OtherActStands, rules.WrongActState) as refusal:
                return refusal.code
            finally:
                connections.close_all()
            return "void"

        def signs(document: Document = made["KS", "original"].document, start: threading.Barrier = start) -> str:
            try:
                start.wait()
                sign(document)
            finally:
                connections.close_all()
            return "signed"

        with ThreadPoolExecutor(2) as pool:
            told = [pool.submit(give_up), pool.submit(signs)]
            answered = [one.result() for one in told]
        assert answered[0] in ("civil_status.other_act_stands", "civil_status.wrong_act_state")
        assert BirthAct.objects.get(pk=birth.pk).state == rules.ActState.REGISTERED
        assert Act.objects.get(pk=act.pk).state == rules.ActState.PENDING_SIGNATURE
    assert connection.vendor == "postgresql"
