"""What follows a registration: changes, recognitions, ends, notes of foreign acts, copies; and how acts stand after."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status import persons, queries, rules
from tuphap.modules.civil_status.copies import declaration as asking
from tuphap.modules.civil_status.copies import operations as copies
from tuphap.modules.civil_status.current import as_it_stands
from tuphap.modules.civil_status.events.change import ChangeDeclaration
from tuphap.modules.civil_status.events.standing import standing_of
from tuphap.modules.civil_status.events.targets import in_full
from tuphap.modules.civil_status.models import Act, BirthAct, Paper
from tuphap.modules.civil_status.papers import birth_data, extract_data
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.people.api import PartialDate

from .test_events import GUARDIANSHIP, MARRIAGE, couple, dead, decide, found, grandmother, registered
from .world import AT, TODAY, World, fail, sign

pytestmark = pytest.mark.django_db

CHANGE, RECOGNITION, GUARDIANSHIP_END = "1.004859", "1.001022", "1.004845"
SUPERVISION, SUPERVISION_END = "3.000322", "3.000323"
FOREIGN_MARRIAGE, FOREIGN_DIVORCE, FOREIGN_OTHER, COPY = "2.002189", "2.000554", "2.000547", "2.000635"
CONFIRMATION = "tam.xac-nhan-thong-tin-ho-tich"
BIRTH_AGAIN, MARRIAGE_AGAIN, DEATH_AGAIN = "1.004884", "1.004746", "1.005461"
LATER = AT + timedelta(days=40)
MUCH_LATER = AT + timedelta(days=80)


def changed(world: World, act: Act, kind: str, *entries: tuple[str, str], **blocks: dict[str, Any]) -> dict[str, Any]:
    """A request of the mother that these entries of the act be otherwise."""
    slots = {}
    for place, (field, value) in enumerate(entries, start=1):
        slots |= {f"field_{place}": field, f"value_{place}": value}
    whole: dict[str, Any] = {
        "target": {"book": act.kind, "number": act.display_number, "office": world.address(),
                   "name": act.parties.order_by("pk")[0].name},
        "what": {"kind": kind, "ground": "Ghi sai khi đăng ký", "proof": "Giấy chứng sinh số 12", "copies": 0,
                 "parents_agree": True, **slots},
        "requester": {"relation": "parent", "name": "Trần Thị Bích Ngọc", "personal_number": "031196004217",
                      "phone": "0912345678", "residence": world.address()},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_a_corrected_birth_says_what_is_so_now_and_why(world: World) -> None:
    birth = world.registered()
    assert birth_data(birth)["child"]["name"] == "NGUYỄN TRÚC ANH"
    act = registered(world, CHANGE, changed(
        world, birth, "correction", ("child.name", "Nguyễn  Trúc Oanh"), ("child.born_on", "04/03/2026"),
        ("father.residence", "Thôn Đông, xã Bến Cảng, thành phố Hải Phòng")), at=LATER)
    assert (act.kind, act.display_number, act.target_id) == (rules.BookKind.CHANGE, "01/2026", birth.pk)
    assert [(p.role, p.name) for p in act.parties.order_by("pk")] == [
        ("subject", "Nguyễn Trúc Anh"), ("declarant", "Trần Thị Bích Ngọc")]
    written = BirthAct.objects.get(pk=birth.pk)
    assert (written.child.name, written.born_on) == ("Nguyễn Trúc Anh", "2026-03-05"), "what is written stays"
    data = extract_data(written, extract_number="9/2026", on=LATER.date())
    assert data["child"]["name"] == "NGUYỄN TRÚC OANH"
    assert (data["child"]["born"], data["child"]["born_in_words"]) == ("04/03/2026", PartialDate.parse(
        "2026-03-04").in_words())
    assert data["father"]["residence"].startswith("Thôn Đông")
    (note,) = data["annotations"]
    assert "từ “NGUYỄN TRÚC ANH” thành “NGUYỄN TRÚC OANH”" in note["text"]
    assert "từ “05/03/2026” thành “04/03/2026”" in note["text"]
    assert act.display_number in note["text"]
    assert documents.render(rules.Template.BIRTH_EXTRACT, data, on=LATER.date()).startswith(b"%PDF")
    paper = act.papers.get().document
    assert paper.data["title"] == "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH"
    assert documents.render(rules.Template.EXTRACT, paper.data, on=LATER.date()).startswith(b"%PDF")


def test_a_second_change_goes_on_from_the_first_and_a_cancelled_one_counts_for_nothing(world: World) -> None:
    birth = world.registered()
    first = registered(world, CHANGE, changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh")), at=LATER)
    again = changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Uyên"))
    second = registered(world, CHANGE, again, at=MUCH_LATER)
    assert second.facts["items"] == [
        {"field": "child.name", "before": "Nguyễn Trúc Oanh", "after": "Nguyễn Trúc Uyên"}]
    assert in_full(birth).child.name == "Nguyễn Trúc Uyên"  # type: ignore[attr-defined]
    cancel = {"decision_no": "5/QĐ", "decided_on": MUCH_LATER.date(), "authority": "UBND", "reason": "trái luật"}
    register.cancel_act(act_id=second.pk, actor=world.who("chairman"), at=MUCH_LATER, **cancel)
    assert in_full(birth).child.name == "Nguyễn Trúc Oanh"  # type: ignore[attr-defined]
    register.cancel_act(act_id=first.pk, actor=world.who("chairman"), at=MUCH_LATER, **cancel)
    assert in_full(birth).child.name == "Nguyễn Trúc Anh"  # type: ignore[attr-defined]


def test_who_was_renamed_is_found_by_either_name(world: World) -> None:
    birth = world.registered(world.answers(child={"personal_number": "031326000012"}))
    registered(world, CHANGE, changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh")), at=LATER)
    officer = world.who("officer")

    def search(text: str) -> list[Any]:
        return list(queries.search_births(queries.Wanted(text=text), actor=officer, at=LATER, purpose="thử"))

    assert [act.pk for act in search("truc oanh")] == [act.pk for act in search("truc anh")] == [birth.pk]
    seen = persons.person("031326000012", actor=officer, at=LATER, purpose="thử")
    assert seen is not None
    assert seen.name == "Nguyễn Trúc Oanh"
    assert [(line.party.name, line.name_now) for line in seen.appearances] == [
        ("Nguyễn Trúc Anh", "Nguyễn Trúc Oanh"), ("Nguyễn Trúc Anh", "")]
    shown = queries.found(str(birth.pk))
    assert shown is not None
    assert shown.title == "Nguyễn Trúc Oanh"
    assert {"Nguyễn Trúc Anh", "Nguyễn Trúc Oanh"} <= set(shown.words)
    for name in ("Nguyễn Trúc Anh", "Nguyễn Trúc Oanh"):
        answer = queries.check_birth(number=birth.display_number, office="", name=name, born_on=date(2026, 3, 5),
                                     actor=world.who("bank"), at=LATER, purpose="mở tài khoản")
        assert answer.matches, name
    assert persons.check_status(
        number="031326000012", name="Nguyễn Trúc Oanh", born_on=date(2026, 3, 5), alive=True, marital=False,
        actor=world.who("bank"), at=LATER, purpose="mở tài khoản").alive is True


@pytest.mark.parametrize(("kind", "entry", "stands_in_the_way"), [
    ("correction", ("child.name", "Nguyễn Trúc Anh"), True),  # as it is
    ("addition", ("child.name", "Nguyễn Trúc Oanh"), True),  # there is one
    ("change", ("child.native_place", "Xã Khác"), True),  # only names change
    ("ethnicity", ("child.name", "Nguyễn Trúc Oanh"), True),
    ("correction", ("child.born_on", "01/05/2026"), True),  # after the registration
    ("ethnicity", ("child.ethnicity", "Tày"), False),
    ("change", ("child.name", "Nguyễn Trúc Oanh"), False),
    ("change", ("mother.name", "Trần Thị Ngọc"), False),
])
def test_each_kind_of_change_does_what_it_may(
    world: World, kind: str, entry: tuple[str, str], stands_in_the_way: bool
) -> None:
    birth = world.registered()
    told = found(world, CHANGE, changed(world, birth, kind, entry), at=LATER)
    assert ("entry_1" in told) is stands_in_the_way, told


@pytest.mark.parametrize(("entry", "where"), [
    (("child.born_on", "31/02/2026"), "value_1"), (("child.sex", "khác"), "value_1"),
    (("child.ethnicity", "Xyz"), "value_1"), (("child.name", "An1"), "value_1"), (("child.name", ""), "value_1"),
    (("husband.name", "Nguyễn Văn An"), "field_1"), (("", "Nguyễn Văn An"), "field_1"),
    (("child.hair", "x"), "field_1"),
])
def test_what_is_typed_wrong_is_told_beside_its_field(world: World, entry: tuple[str, str], where: str) -> None:
    birth = world.registered()
    with pytest.raises(ValidationError) as wrong:
        ChangeDeclaration.model_validate(changed(world, birth, "correction", entry))
    assert [fault["loc"][-2:] for fault in wrong.value.errors()] == [("what", where)]


def test_a_child_of_nine_agrees_to_its_new_name_and_one_of_fifteen_to_its_ethnicity(world: World) -> None:
    def born(year: int) -> BirthAct:
        return world.registered(world.distinct(year, child={"born_on": f"{year}-01-02"}))

    nine, eight, fifteen, adult = born(2017), born(2018), born(2011), born(2007)
    renamed, other = ("child.name", "Đào Minh Đức"), ("child.ethnicity", "Tày")
    for child, kind, entry, wanted in (
        (nine, "change", renamed, True), (eight, "change", renamed, False), (nine, "correction", renamed, False),
        (fifteen, "ethnicity", other, True), (nine, "ethnicity", other, False), (adult, "ethnicity", other, False),
    ):
        asked = changed(world, child, kind, entry)
        assert ("bearer_consent_missing" in found(world, CHANGE, asked, at=LATER)) is wanted, (child.born_on, kind)
        asked["what"]["bearer_agrees"] = True
        assert "bearer_consent_missing" not in found(world, CHANGE, asked, at=LATER)
    without = changed(world, nine, "correction", renamed, what={"parents_agree": False})
    assert found(world, CHANGE, without, at=LATER)["consent_missing"] == "error"
    grown = changed(world, adult, "correction", renamed, what={"parents_agree": False})
    assert "consent_missing" not in found(world, CHANGE, grown, at=LATER)


def test_an_act_that_is_not_there_or_is_busy_is_not_changed(world: World) -> None:
    birth = world.registered()
    right = changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh"))
    assert set(found(world, CHANGE, right, at=LATER).values()) <= {"warning"}
    for wrong in ({"number": "99/2026"}, {"name": "Người Khác"}, {"book": "KH"}):
        asked = {**right, "target": {**right["target"], **wrong}}
        if "book" in wrong:
            asked["what"] = {**asked["what"], "field_1": "husband.name"}
        assert found(world, CHANGE, asked, at=LATER)["target_unknown"] == "error", wrong
    elsewhere = {**right, "target": {**right["target"], "office": world.address(world.there)}}
    assert "target_unknown" in found(world, CHANGE, elsewhere, at=LATER)
    decide(world, CHANGE, right, at=LATER)
    assert found(world, CHANGE, right, at=LATER)["target_busy"] == "error"
    with pytest.raises(dossiers.UnresolvedErrors):
        decide(world, CHANGE, right, at=LATER)


def test_a_marriage_is_corrected_in_its_own_columns(world: World) -> None:
    act = registered(world, MARRIAGE, couple(world))
    asked = changed(world, act, "correction", ("wife.born_on", "06/04/1999"), requester={
        "relation": "self", "name": "Lê Thị Hồng", "personal_number": "031199000012"})
    corrected = registered(world, CHANGE, asked, at=LATER)
    assert corrected.party(rules.PartyRole.SUBJECT).name == "Lê Thị Hồng"  # type: ignore[union-attr]
    assert in_full(act).party(rules.PartyRole.WIFE).born_on == "1999-04-06"  # type: ignore[union-attr]
    assert act.party(rules.PartyRole.WIFE).born_on == "1999-04-05"  # type: ignore[union-attr]
    assert standing_of_number(world, "031199000012") == rules.MaritalState.MARRIED


def standing_of_number(world: World, number: str) -> rules.MaritalState:
    from django.db.models import Q

    return standing_of(Q(personal_number=number)).marital


# --- Recognition ------------------------------------------------------------------------------------------------------


def fatherless(world: World) -> BirthAct:
    return world.registered(world.answers(
        child={"personal_number": "031326000012"}, father={
            "parents_married": False, "marriage_record": "", "name": "", "born_on": None, "personal_number": "",
            "residence": None},
        declarant={"relation": "mother", "phone": "0912345678"}))


def recognised(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "parent": {"name": "Nguyễn Văn Mạnh", "sex": "male", "born_on": "1994-02-01", "personal_number": "031094004218",
                   "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address()},
        "child": {"name": "Nguyễn Trúc Anh", "sex": "female", "born_on": "2026-03-05", "ethnicity": "Kinh",
                  "personal_number": "031326000012", "nationality": "Việt Nam", "residence": world.address()},
        "proof": {"evidence": "examination", "evidence_number": "ADN 12/2026", "both_present": True, "undisputed": True,
                  "other_parent_agrees": True, "phone": "0912345678"},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def test_a_recognised_father_stands_in_the_birth_from_then_on(world: World) -> None:
    birth = fatherless(world)
    assert birth_data(birth)["father"]["name"] == ""
    assert set(found(world, RECOGNITION, recognised(world), at=LATER).values()) <= {"warning"}
    act = registered(world, RECOGNITION, recognised(world), at=LATER)
    assert (act.kind, act.display_number) == (rules.BookKind.RECOGNITION, "01/2026")
    data = birth_data(BirthAct.objects.get(pk=birth.pk))
    assert (data["father"]["name"], data["father"]["year"]) == ("NGUYỄN VĂN MẠNH", "1994")
    assert "Bổ sung phần ghi về người cha" in data["annotations"][0]["text"]
    other = recognised(world, parent={"name": "Bùi Văn Khác", "personal_number": "031090000019"})
    told = found(world, RECOGNITION, other, at=MUCH_LATER)
    assert (told["already_recognised"], told["has_parent"]) == ("error", "error")
    with pytest.raises(dossiers.UnresolvedErrors):
        decide(world, RECOGNITION, other, at=MUCH_LATER)


def test_a_recognised_child_is_kin(world: World) -> None:
    """Half brother and sister by a recognised father do not marry."""
    fatherless(world)
    registered(world, RECOGNITION, recognised(world), at=LATER)
    registered(world, RECOGNITION, recognised(world, child={
        "name": "Vũ Văn Nam", "sex": "male", "born_on": "2025-02-03", "personal_number": "031225000018"}), at=LATER)
    wedding = AT + timedelta(days=365 * 25)
    pair = couple(
        world, husband={"name": "Vũ Văn Nam", "born_on": "2025-02-03", "personal_number": "031225000018"},
        wife={"name": "Nguyễn Trúc Anh", "born_on": "2026-03-05", "personal_number": "031326000012"})
    from tuphap.modules.civil_status.events.kinds import kinds

    kind = kinds["civil_status.marriage"]
    dossier = world.dossier(pair, procedure=MARRIAGE)
    declared = kind.declaration.model_validate(pair)
    told = {f.code for f in kind.findings(declared, dossier=dossier, on=wedding.date())}
    assert "civil_status.kin" in told


def test_what_stands_in_the_way_of_a_recognition(world: World) -> None:
    world.registered(world.answers(child={"personal_number": "031326000012"}))  # born in wedlock
    assert found(world, RECOGNITION, recognised(world), at=LATER)["has_parent"] == "error"
    unknown = recognised(world, child={"personal_number": "031326000099", "name": "Lê Văn Bé", "born_on": "2026-03-06"})
    assert found(world, RECOGNITION, unknown, at=LATER)["birth_unknown"] == "warning"
    grown = recognised(world, child={"personal_number": "", "name": "Lê Văn Lớn", "born_on": "2012-01-01",
                                     "id_kind": "other", "id_number": "A1"})
    assert found(world, RECOGNITION, grown, at=LATER)["consent_missing"] == "error"
    young = recognised(world, parent={"born_on": "2018-01-01"})
    assert found(world, RECOGNITION, young, at=LATER)["parent_age"] == "warning"
    elsewhere = recognised(world, parent={"residence": world.address(world.there)},
                           child={"residence": world.address(world.there)})
    assert found(world, RECOGNITION, elsewhere, at=LATER)["not_competent"] == "error"
    disputed = recognised(world, proof={"undisputed": False})
    with pytest.raises(ValidationError):
        from tuphap.modules.civil_status.events.recognition import RecognitionDeclaration

        RecognitionDeclaration.model_validate(disputed)


# --- The end of a guardianship ----------------------------------------------------------------------------------------


def ended(world: World, act: Act, **blocks: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "target": {"number": act.display_number, "office": world.address(),
                   "name": act.party(rules.PartyRole.WARD).name},  # type: ignore[union-attr]
        "end": {"why": "parents_back", "ended_on": LATER.date().isoformat(), "proof": "Đơn đề nghị"},
        "requester": {"name": act.party(rules.PartyRole.GUARDIAN).name,  # type: ignore[union-attr]
                      "personal_number": act.party(rules.PartyRole.GUARDIAN).personal_number,  # type: ignore[union-attr]
                      "phone": "0912345678", "residence": world.address()},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def test_a_guardianship_ends_once_and_another_may_begin(world: World) -> None:
    act = registered(world, GUARDIANSHIP, grandmother(world))
    assert found(world, GUARDIANSHIP, grandmother(world), at=LATER)["already_guarded"] == "error"
    early = ended(world, act, end={"ended_on": (TODAY - timedelta(days=9)).isoformat()})
    assert found(world, GUARDIANSHIP_END, early, at=LATER)["date_order"] == "error"
    end = registered(world, GUARDIANSHIP_END, ended(world, act), at=LATER)
    assert (end.kind, end.event, end.display_number) == ("GH", rules.GUARDIANSHIP_END, "02/2026")
    assert (end.title, end.papers.get().title) == (
        "Chấm dứt giám hộ", "Trích lục đăng ký chấm dứt giám hộ (bản chính)")
    assert "Chấm dứt giám hộ từ ngày" in Act.objects.get(pk=act.pk).annotations.get().text
    assert found(world, GUARDIANSHIP_END, ended(world, act), at=MUCH_LATER)["guardianship_ended"] == "error"
    assert "already_guarded" not in found(world, GUARDIANSHIP, grandmother(world), at=MUCH_LATER)
    scope = indicators.scope_for(
        world.who("officer"), rules.Permission.VIEW, at=MUCH_LATER, period_from=date(2026, 1, 1),
        period_to=MUCH_LATER.date())
    figures = [indicators.count(f"civil_status.guardianships{what}", scope) for what in ("", "_ended")]
    assert figures == [1, 1]


def supervised(world: World, act: Act, **blocks: dict[str, Any]) -> dict[str, Any]:
    """An uncle watches over the grandmother."""
    whole: dict[str, Any] = {
        "target": {"number": act.display_number, "office": world.address(),
                   "name": act.party(rules.PartyRole.WARD).name},  # type: ignore[union-attr]
        "supervisor": {"name": "Vũ Văn Thúc", "sex": "male", "born_on": "1980-02-02", "personal_number": "031080000033",
                       "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address(),
                       "relation": "chú ruột"},
        "agreement": {"chosen_by": "Biên bản họp gia đình ngày 01/3/2026", "able": True, "phone": "0912345678"},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def test_a_guardianship_is_watched_over_by_one_until_that_ends(world: World) -> None:
    guardianship = registered(world, GUARDIANSHIP, grandmother(world))
    assert found(world, SUPERVISION, supervised(world, guardianship), at=LATER) == {}
    itself = supervised(world, guardianship, supervisor={"personal_number": "031158000022"})
    assert found(world, SUPERVISION, itself, at=LATER)["supervises_oneself"] == "error"
    with pytest.raises(rules.NotOfAge):
        decide(world, SUPERVISION, supervised(world, guardianship, supervisor={
            "born_on": "2012-01-01", "personal_number": "031212000099"}), at=LATER)
    act = registered(world, SUPERVISION, supervised(world, guardianship, agreement={"copies": 1}), at=LATER)
    assert (act.kind, act.event, act.display_number, act.title) == (
        "GH", rules.SUPERVISION, "02/2026", "Giám sát việc giám hộ")
    assert [p.title for p in act.papers.order_by("pk")] == [
        "Trích lục đăng ký giám sát việc giám hộ (bản chính)", "Trích lục đăng ký giám sát việc giám hộ (bản sao)"]
    assert "Người giám sát việc giám hộ: VŨ VĂN THÚC" in Act.objects.get(pk=guardianship.pk).annotations.get().text
    assert found(world, SUPERVISION, supervised(world, guardianship), at=LATER)["already_supervised"] == "error"
    # it is no guardianship: neither ended as one, nor watched over, nor in the way of another
    assert found(world, GUARDIANSHIP_END, ended(world, act, requester={
        "name": "Vũ Văn Thúc", "personal_number": "031080000033"}), at=LATER)["not_a_guardianship"] == "error"
    assert found(world, SUPERVISION, supervised(world, act), at=LATER)["not_a_guardianship"] == "error"
    told = {"end": {"reason": "Người giám sát chuyển nơi cư trú", "ended_on": LATER.date().isoformat()},
            "requester": {"name": "Vũ Văn Thúc", "personal_number": "031080000033", "phone": "0912345678",
                          "residence": world.address()}}
    wrong = {**supervised(world, guardianship), **told}
    del wrong["supervisor"], wrong["agreement"]
    assert found(world, SUPERVISION_END, wrong, at=LATER)["not_a_supervision"] == "error"
    right = {"target": supervised(world, act)["target"], **told}
    end = registered(world, SUPERVISION_END, right, at=LATER)
    assert (end.event, end.display_number) == (rules.SUPERVISION_END, "03/2026")
    assert {p.role for p in end.parties.all()} == {"ward", "guardian", "supervisor", "declarant"}
    notes = Act.objects.get(pk=guardianship.pk).annotations.order_by("created_at", "pk")
    assert [note.kind for note in notes] == ["supervision", "supervision_end"]
    assert found(world, SUPERVISION_END, right, at=MUCH_LATER)["supervision_ended"] == "error"
    assert found(world, SUPERVISION, supervised(world, guardianship), at=MUCH_LATER) == {}
    scope = indicators.scope_for(
        world.who("officer"), rules.Permission.VIEW, at=MUCH_LATER, period_from=date(2026, 1, 1),
        period_to=MUCH_LATER.date())
    codes = ("guardianships", "guardianships_ended", "supervisions", "supervisions_ended")
    assert [indicators.count(f"civil_status.{code}", scope) for code in codes] == [1, 0, 1, 1]


# --- Acts abroad ------------------------------------------------------------------------------------------------------


def married_abroad(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    pair = couple(world, wife={"residence": world.address()})
    for block in ("husband", "wife"):
        pair[block].pop("before")
    whole: dict[str, Any] = {
        "husband": {**pair["husband"], "nationality": "Nhật Bản", "name": "Sato Ken", "personal_number": "",
                    "id_kind": "passport", "id_number": "TR123"},
        "wife": pair["wife"],
        "abroad": {"authority": "Ủy ban quận Shinjuku", "country": "Nhật Bản", "number": "77",
                   "given_on": "2024-05-06", "legalised": True},
        "together": {"files": "wife", "phone": "0912345678"},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def divorced_abroad(world: World, **blocks: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "subject": {"name": "Lê Thị Hồng", "sex": "female", "born_on": "1999-04-05", "personal_number": "031199000012",
                    "ethnicity": "Kinh", "nationality": "Việt Nam", "residence": world.address()},
        "former": {"name": "Sato Ken", "phone": "0912345678"},
        "abroad": {"authority": "Tòa án Tokyo", "country": "Nhật Bản", "number": "9", "legalised": True,
                   "given_on": (LATER.date() - timedelta(days=3)).isoformat()},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def test_who_married_abroad_is_married_here_until_the_divorce_is_noted(world: World) -> None:
    number = "031199000012"
    act = registered(world, FOREIGN_MARRIAGE, married_abroad(world))
    assert (act.kind, act.title, act.event_on) == ("GC", "Ghi chú kết hôn ở nước ngoài", "2024-05-06")
    assert standing_of_number(world, number) == rules.MaritalState.MARRIED
    again = couple(world, wife={"residence": world.address()})
    assert found(world, MARRIAGE, again, at=LATER)["already_married"] == "error"
    assert found(world, FOREIGN_MARRIAGE, married_abroad(world), at=LATER)["possible_duplicate"] == "error"
    stranger = divorced_abroad(world, former={"name": "Người Khác"})
    assert found(world, FOREIGN_DIVORCE, stranger, at=LATER)["another_spouse"] == "error"
    divorce = registered(world, FOREIGN_DIVORCE, divorced_abroad(world), at=LATER)
    assert (divorce.target_id, divorce.display_number) == (act.pk, "02/2026")
    assert [(p.role, p.name) for p in divorce.parties.order_by("pk")] == [
        ("spouse", "Sato Ken"), ("subject", "Lê Thị Hồng")]
    assert standing_of_number(world, number) == rules.MaritalState.DIVORCED
    assert "already_married" not in found(world, MARRIAGE, again, at=MUCH_LATER)


def test_a_divorce_of_a_marriage_that_the_register_never_had(world: World) -> None:
    assert found(world, FOREIGN_DIVORCE, divorced_abroad(world), at=LATER)["marriage_unknown"] == "warning"
    act = registered(world, FOREIGN_DIVORCE, divorced_abroad(world), at=LATER)
    assert act.target is None
    assert standing_of_number(world, "031199000012") == rules.MaritalState.DIVORCED


def test_a_death_abroad_is_a_death_and_a_birth_abroad_is_noted(world: World) -> None:
    registered(world, MARRIAGE, couple(world))
    his = {"name": "Nguyễn Văn Cường", "sex": "male", "born_on": "1998-02-03", "personal_number": "031098000011"}
    noted = {"what": "death", "content": "Tai nạn lao động", "phone": "0912345678", "requester": "Lê Thị Hồng"}
    gone = {**divorced_abroad(world, subject=his), "noted": noted}
    del gone["former"]
    act = registered(world, FOREIGN_OTHER, gone, at=LATER)
    assert act.party(rules.PartyRole.DECEASED) is not None
    assert standing_of_number(world, "031199000012") == rules.MaritalState.WIDOWED
    assert found(world, FOREIGN_OTHER, gone, at=MUCH_LATER)["possible_duplicate"] == "error"
    assert found(world, MARRIAGE, couple(world), at=MUCH_LATER)["husband_dead"] == "error"
    child = {**gone, "noted": {**noted, "what": "birth", "content": "Sinh tại Tokyo; mẹ Lê Thị Hồng"}}
    child["subject"] = {**child["subject"], "name": "Sato Mai", "sex": "female", "born_on": "2024-01-02",
                        "personal_number": "", "id_kind": "passport", "id_number": "B1"}
    birth = registered(world, FOREIGN_OTHER, child, at=MUCH_LATER)
    assert birth.papers.get().document.data["title"] == "TRÍCH LỤC GHI CHÚ HỘ TỊCH"
    assert figures(world, "foreign_others", "deaths") == [2, 0]


def test_two_foreigners_and_a_child_bride_abroad(world: World) -> None:
    with pytest.raises(ValidationError, match="công dân Việt Nam"):
        from tuphap.modules.civil_status.events.foreign import ForeignMarriageDeclaration

        ForeignMarriageDeclaration.model_validate(married_abroad(world, wife={"nationality": "Nhật Bản"}))
    young = married_abroad(world, abroad={"given_on": "2015-05-06", "legalised": False})
    told = found(world, FOREIGN_MARRIAGE, young, at=LATER)
    assert (told["wife_age"], told["not_legalised"]) == ("warning", "warning")


# --- Copies, confirmations --------------------------------------------------------------------------------------------


def asked(world: World, act: Act, procedure: str = COPY, **blocks: dict[str, Any]) -> dict[str, Any]:
    request = {"copies": 3} if procedure == COPY else {"about": "Họ tên người mẹ", "purpose": "đi học"}
    whole: dict[str, Any] = {
        "target": {"book": act.kind, "number": act.display_number, "office": world.address(),
                   "name": act.parties.order_by("pk")[0].name},
        "request": request,
        "requester": {"relation": "kin", "name": "Trần Thị Bích Ngọc", "personal_number": "031196004217",
                      "phone": "0912345678", "residence": world.address()},
    }
    for name, more in blocks.items():
        whole[name] = {**whole[name], **more}
    return deepcopy(whole)


def give(world: World, answers: dict[str, Any], procedure: str = COPY, *, at: Any = LATER) -> Paper:
    dossier = world.dossier(answers, procedure=procedure, received=at - timedelta(hours=1))
    with documents.signing_by_hand():
        return copies.approve_copy(dossier_id=dossier.pk, actor=world.who("chairman"), at=at)


@pytest.mark.parametrize("procedure", [COPY, CONFIRMATION])
def test_a_copy_says_how_the_act_stands_and_is_the_result_of_its_own_dossier(world: World, procedure: str) -> None:
    birth = world.registered(world.answers(copies={"copies": 1}))
    registered(world, CHANGE, changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh")), at=LATER)
    paper = give(world, asked(world, birth, procedure), procedure, at=MUCH_LATER)
    assert paper.act_id == birth.pk
    text = str(paper.document.data)
    assert "NGUYỄN TRÚC OANH" in text and "thành “NGUYỄN TRÚC OANH”" in text
    assert documents.render(paper.document.template, paper.document.data, on=MUCH_LATER.date()).startswith(b"%PDF")
    sign(paper.document, at=MUCH_LATER)
    done = Dossier.objects.get(pk=paper.dossier_id)
    assert (done.state, done.result["number"]) == (dossiers.State.RESULT_READY, "02/2026")
    assert [one["id"] for one in done.result["documents"]] == [str(paper.document_id)]
    assert Dossier.objects.get(pk=birth.dossier_id).result["documents"] != done.result["documents"]


def test_copies_of_every_kind_of_act(world: World) -> None:
    for act in (
        registered(world, MARRIAGE, couple(world)), registered(world, GUARDIANSHIP, grandmother(world)),
        registered(world, FOREIGN_MARRIAGE, married_abroad(world, wife={
            "name": "Phạm Thị Lan", "personal_number": "031199000033"})),
    ):
        paper = give(world, asked(world, act))
        assert paper.document.data["sections"], act
        assert documents.render(rules.Template.EXTRACT, paper.document.data, on=LATER.date()).startswith(b"%PDF")


def test_a_copy_that_cannot_be_signed_is_tried_again_or_given_up(world: World) -> None:
    birth = world.registered()
    paper = give(world, asked(world, birth))
    fail(paper.document, at=LATER)
    chairman = world.who("chairman")
    (shown,) = queries.failed_signings(chairman, LATER)
    assert shown.pk == paper.pk
    register.retry_signing(act_id=birth.pk, actor=chairman, at=LATER)
    fail(paper.document, at=LATER)
    register.void_extract(act_id=birth.pk, reason="Máy ký hỏng", actor=chairman, at=LATER)
    assert Dossier.objects.get(pk=paper.dossier_id).state == dossiers.State.AWAITING_APPROVAL
    with documents.signing_by_hand():
        second = copies.approve_copy(dossier_id=paper.dossier_id, actor=chairman, at=LATER)
    sign(second.document, at=LATER)
    done = Dossier.objects.get(pk=paper.dossier_id)
    assert (done.state, done.result["number"]) == (dossiers.State.RESULT_READY, "02/2026")


def test_nothing_is_signed_of_an_act_that_was_cancelled_meanwhile(world: World) -> None:
    birth = world.registered()
    paper = give(world, asked(world, birth))
    register.cancel_act(act_id=birth.pk, decision_no="5/QĐ", decided_on=LATER.date(), authority="UBND",
                        reason="trái luật", actor=world.who("chairman"), at=LATER)
    assert Paper.objects.get(pk=paper.pk).state == rules.PaperState.VOID
    assert Dossier.objects.get(pk=paper.dossier_id).state == dossiers.State.AWAITING_APPROVAL
    with pytest.raises(rules.WrongActState):
        sign(paper.document, at=LATER)


def test_what_stands_in_the_way_of_a_copy(world: World) -> None:
    birth = world.registered()

    def told(answers: dict[str, Any]) -> dict[str, str]:
        dossier = world.dossier(answers, procedure=COPY, received=LATER - timedelta(hours=1))
        findings = asking.checks(dossier, actor=world.who("officer"), at=LATER)
        return {f.code.removeprefix("civil_status."): f.severity for f in findings}

    assert told(asked(world, birth)) == {"requester_right": "warning"}
    assert told(asked(world, birth, requester={"relation": "self"})) == {}, "the mother stands in the act"
    stranger = asked(world, birth, requester={
        "relation": "self", "name": "Người Lạ", "personal_number": "031190000011"})
    assert told(stranger) == {"requester_not_named": "warning"}
    assert told(asked(world, birth, target={"number": "77/2026"})) == {"target_unknown": "error"}
    register.cancel_act(act_id=birth.pk, decision_no="5/QĐ", decided_on=LATER.date(), authority="UBND",
                        reason="trái luật", actor=world.who("chairman"), at=LATER)
    assert told(asked(world, birth))["target_state"] == "error"
    with pytest.raises(dossiers.UnresolvedErrors):
        give(world, asked(world, birth))
    with pytest.raises(ValidationError):
        asking.CopyDeclaration.model_validate(asked(world, birth, request={"copies": 0}))


def test_as_it_stands_is_read_and_never_saved(world: World) -> None:
    birth = world.registered()
    registered(world, CHANGE, changed(world, birth, "correction", ("child.name", "Nguyễn Trúc Oanh")), at=LATER)
    fresh = BirthAct.objects.prefetch_related("parties", "annotations__source").get(pk=birth.pk)
    standing = as_it_stands(fresh)
    assert (fresh.child.name, standing.child.name) == ("Nguyễn Trúc Anh", "Nguyễn Trúc Oanh")
    with setting_up(), pytest.raises(Exception, match="immutable"):
        standing.child.save()


# --- Registered anew --------------------------------------------------------------------------------------------------


def lost(world: World, **more: Any) -> dict[str, Any]:
    return {"lost_number": "12", "lost_on": "1999", "lost_at": world.address(), "left": "Học bạ", "sworn": True, **more}


def test_a_marriage_is_registered_anew_where_the_register_has_none(world: World) -> None:
    pair = couple(world, husband={"born_on": "1970-02-03"}, wife={"born_on": "1975-04-05"})
    anew = {**pair, "lost": lost(world)}
    act = registered(world, MARRIAGE_AGAIN, anew)
    assert (act.title, act.facts["again"]["on"], act.display_number) == ("Đăng ký lại kết hôn", "1999", "01/2026")
    assert standing_of_number(world, "031199000012") == rules.MaritalState.MARRIED
    assert "Đã đăng ký trước đây" in str(act.papers.get().document.data)
    assert found(world, MARRIAGE_AGAIN, anew, at=LATER)["possible_duplicate"] == "error"
    assert found(world, MARRIAGE, pair, at=LATER)["already_married"] == "error"
    new = {**pair, "lost": lost(world, lost_on="2017")}
    assert found(world, MARRIAGE_AGAIN, new, at=LATER)["not_before_2016"] == "error"
    young = {**couple(world, husband={"personal_number": "031098000077"}, wife={"personal_number": "031199000078"}),
             "lost": lost(world)}
    assert found(world, MARRIAGE_AGAIN, young, at=LATER)["under_age"] == "error"
    assert figures(world, "marriages", "marriages_again") == [0, 1]


def figures(world: World, *codes: str) -> list[int]:
    scope = indicators.scope_for(
        world.who("officer"), rules.Permission.VIEW, at=MUCH_LATER, period_from=date(2026, 1, 1),
        period_to=MUCH_LATER.date())
    return [indicators.count(f"civil_status.{code}", scope) for code in codes]


def test_a_death_and_a_birth_are_registered_anew_and_counted_apart(world: World) -> None:
    gone = dead(world, death={"died_on": "2003-05-06", "proof_number": ""})
    act = registered(world, DEATH_AGAIN, {**gone, "lost": lost(world, lost_on="2003")})
    assert (act.title, act.facts["timeliness"]) == ("Đăng ký lại khai tử", "again")
    old = world.distinct(3, child={"born_on": "1980-02-03", "birth_notice": ""},
                         mother={"born_on": "1955"}, father={"born_on": "1950"})
    whole = {**old, "lost": lost(world)}
    birth = world.approve(world.dossier(whole, procedure=BIRTH_AGAIN))
    for paper in Paper.objects.filter(act=birth).order_by("pk"):
        sign(paper.document)
    kept = BirthAct.objects.get(pk=birth.pk)
    assert (kept.timeliness, kept.facts["again"]["left"]) == ("again", "Học bạ")
    assert figures(world, "deaths", "deaths_late", "deaths_again") == [0, 0, 1]
    assert figures(world, "births", "births_on_time", "births_late", "births_again") == [1, 0, 0, 1]
    with pytest.raises(dossiers.UnresolvedErrors, match="2016"):
        world.approve(world.dossier({**world.distinct(4), "lost": lost(world, lost_on="2019")}, procedure=BIRTH_AGAIN))
    with pytest.raises(ValidationError, match="cam đoan"):
        from tuphap.modules.civil_status.events.again import BirthAgainDeclaration

        BirthAgainDeclaration.model_validate({**old, "lost": lost(world, sworn=False)})
