"""What a declaration refuses, each fault at its field and in Vietnamese; and what it becomes in the register."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tuphap.modules.civil_status import rules
from tuphap.modules.civil_status.answers import BirthDeclaration
from tuphap.modules.civil_status.forms import PAGES, ChildForm, DeclarantForm, FatherForm, MotherForm

from .world import World

pytestmark = pytest.mark.django_db


def faults(answers: dict[str, Any]) -> dict[str, str]:
    """Field path → error code; empty when the declaration is sound."""
    try:
        BirthDeclaration.model_validate(answers)
    except ValidationError as error:
        return {".".join(map(str, e["loc"])): str(e["type"]) for e in error.errors()}
    return {}


def test_a_sound_declaration(world: World) -> None:
    assert faults(world.answers()) == {}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"child": {"name": ""}}, "child.name", "civil_status.required"),
        ({"child": {"name": "An 2"}}, "child.name", "people.bad_name"),
        ({"child": {"sex": None}}, "child.sex", "civil_status.required"),
        ({"child": {"born_on": ""}}, "child.born_on", "civil_status.required"),
        ({"child": {"born_on": "2026-02-30"}}, "child.born_on", "people.bad_date"),
        ({"child": {"ethnicity": ""}}, "child.ethnicity", "civil_status.required"),
        ({"child": {"place": None}}, "child.place", "civil_status.required"),
        ({"child": {"facility": ""}}, "child.facility", "civil_status.required"),
        ({"child": {"birth_count": 2, "birth_order": 3}}, "child.birth_order", "civil_status.twin_order"),
        ({"child": {"personal_number": "12345"}}, "child.personal_number", "people.bad_personal_number"),
        ({"mother": {"name": ""}}, "mother.name", "civil_status.required"),
        ({"mother": {"born_on": None}}, "mother.born_on", "civil_status.required"),
        ({"mother": {"residence": None}}, "mother.residence", "civil_status.required"),
        ({"mother": {"born_on": "2027"}}, "mother.born_on", "civil_status.date_order"),
        ({"father": {"parents_married": False}}, "father.name", "civil_status.father_not_allowed"),
        (
            {"father": {"name": "", "born_on": None, "personal_number": ""}},
            "father.name", "civil_status.father_missing",
        ),
        ({"declarant": {"relation": ""}}, "declarant.relation", "civil_status.required"),
        ({"declarant": {"relation": "relative"}}, "declarant.name", "civil_status.required"),
        (
            {"declarant": {"relation": "relative", "name": "Vũ Thị Ba"}},
            "declarant.personal_number", "civil_status.required",
        ),
        ({"copies": {"copies": 21}}, "copies.copies", "civil_status.copies"),
        ({"child": {"nickname": "Bống"}}, "child.nickname", "extra_forbidden"),
    ],
)
def test_each_fault_lies_at_its_field(world: World, changed: dict[str, Any], field: str, code: str) -> None:
    found = faults(world.answers(**changed))
    assert found.get(field) == code, found


def test_a_birth_cannot_be_declared_before_its_day(world: World) -> None:
    """Of a day known in part, the earliest that it may stand for counts."""
    for born_on, day in (("2026-03-05", date(2026, 3, 5)), ("2026-03", date(2026, 3, 1)), ("2026", date(2026, 1, 1))):
        declared = BirthDeclaration.model_validate(world.answers(
            child={"born_on": born_on}, mother={"born_on": "1996"}, father={"born_on": "1994"},
        ))
        declared.check_against_day(today=day)
        with pytest.raises(rules.BornInTheFuture) as refused:
            declared.check_against_day(today=day - timedelta(days=1))
        assert refused.value.field == "child.born_on"


def test_a_foundling_has_no_parents(world: World) -> None:
    alone = world.answers(
        child={"foundling": True, "posted_from": "2026-03-01", "posted_to": "2026-03-08"},
        declarant={"relation": "carer", "name": "Vũ Thị Ba", "personal_number": "031166004217"},
    )
    alone["mother"] = alone["father"] = {}
    assert faults(alone) == {}
    declared = BirthDeclaration.model_validate(alone)
    declared.check_against_day(today=date(2026, 3, 8))
    with pytest.raises(rules.FoundlingNotPosted):
        declared.check_against_day(today=date(2026, 3, 7))
    assert [row["role"] for row in declared.party_columns()] == ["child", "declarant"]
    alone["child"]["foundling"] = False
    assert faults(alone) == {"mother.name": "civil_status.mother_missing"}


def test_a_father_who_recognises_the_child_is_named_by_the_procedure_made_for_it(world: World) -> None:
    told = faults(world.answers(father={"parents_married": False, "recognition": True}))
    assert told == {"father.recognition": "civil_status.recognition_apart"}


def test_what_it_becomes_in_the_register(world: World) -> None:
    declared = BirthDeclaration.model_validate(world.answers(child={"name": "  Nguyễn   Trúc Anh "}))
    columns = declared.as_columns(declared_on=date(2026, 3, 9))
    assert columns["born_on"] == "2026-03-05" and columns["sex"] == "female"
    assert columns["place"].startswith("Bệnh viện Phụ sản Hải Phòng, ")
    assert columns["timeliness"] == rules.Timeliness.ON_TIME
    child, mother, father, declarant = declared.party_columns()
    assert (child["name"], child["search_key"]) == ("Nguyễn Trúc Anh", "nguyen truc anh")
    assert mother["residence_code"] == world.here.admin_unit.code
    assert declarant["name"] == father["name"] == "Nguyễn Văn Mạnh"
    assert declared.applicant().phone == "0912345678"


def test_it_is_kept_as_json_and_read_again(world: World) -> None:
    declared = BirthDeclaration.model_validate(world.answers())
    assert BirthDeclaration.model_validate(declared.model_dump(mode="json")) == declared


# --- The pages --------------------------------------------------------------------------------------------------------


def entered(world: World, **changed: str) -> dict[str, str]:
    """The child's page as a browser sends it."""
    return {
        "name": "Nguyễn Trúc Anh", "sex": "female", "born_on": "05/03/2026", "ethnicity": "Kinh",
        "nationality": "Việt Nam", "place_kind": "facility", "facility": "Bệnh viện Phụ sản", "birth_count": "1",
        "birth_order": "1", "place_0": "", "place_1": world.here.admin_unit.code, "place_detail": "",
        "place_unit": world.here.admin_unit.code, "native_place_detail": "",
        "native_place_unit": world.here.admin_unit.code, **changed,
    }


def test_the_pages_are_the_blocks_of_the_declaration() -> None:
    assert [page.code for page in PAGES] == list(BirthDeclaration.model_fields)
    for page in PAGES:
        block = BirthDeclaration.model_fields[page.code].annotation
        assert block is page.form.block  # type: ignore[attr-defined]
        assert set(page.form.base_fields) <= set(block.model_fields)  # type: ignore[union-attr]


def test_a_page_shows_every_fault_beside_its_field(world: World) -> None:
    form = ChildForm(entered(world, name="An 2", born_on="31/02/2026", birth_order="2", facility=""))
    assert not form.is_valid()
    assert set(form.errors) == {"name", "born_on", "birth_order", "facility"}


def test_a_sound_page(world: World) -> None:
    form = ChildForm(entered(world))
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data["born_on"]) == "05/03/2026"


def test_a_child_is_not_born_tomorrow(world: World) -> None:
    form = ChildForm(entered(world, born_on="01/01/2100"))
    assert form.errors["born_on"] == ["Ngày sinh không được sau ngày hôm nay."]


def test_a_page_shows_again_what_was_kept(world: World) -> None:
    kept = BirthDeclaration.model_validate(world.answers()).model_dump(mode="json")
    page = MotherForm(initial=kept["mother"]).as_p()
    assert 'value="12/08/1996"' in page
    assert world.here.admin_unit.name in page
    assert 'value="yes"' in FatherForm(initial=kept["father"]).as_p()


def test_the_father_of_unmarried_parents_on_his_page(world: World) -> None:
    form = FatherForm({"parents_married": "no", "name": "Nguyễn Văn Mạnh", "born_on": "1994", "nationality": "Việt Nam",
                       "residence_unit": world.here.admin_unit.code, "residence_detail": ""})
    assert list(form.errors) == ["name"]
    assert "để trống" in form.errors["name"][0]
    assert FatherForm({"parents_married": "no"}).is_valid()


def test_a_parent_who_declares_need_not_repeat_herself() -> None:
    assert DeclarantForm({"relation": "mother", "phone": "0912 345 678"}).is_valid()
    form = DeclarantForm({"relation": "relative", "phone": "0912345678"})
    assert list(form.errors) == ["name"]
