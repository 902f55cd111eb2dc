"""What the officer is told before he puts a dossier before the chairman: each finding, and no finding without cause."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tuphap.modules.civil_status import checks, operations, rules
from tuphap.modules.civil_status.models import Act, Book, Party
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import PersonName

from .world import AT, TODAY, World

pytestmark = pytest.mark.django_db


def found(world: World, answers: dict[str, Any], **more: Any) -> dict[str, str]:
    """Code (without the module's prefix) → severity."""
    dossier = world.dossier(answers, **more)
    findings = checks.checks(dossier=dossier, actor=world.who("officer"), at=AT)
    with setting_up():
        dossier.delete()  # or the next one would be declared twice
    return {f.code.removeprefix("civil_status."): f.severity for f in findings}


def evidence(world: World, answers: dict[str, Any], code: str) -> str:
    dossier = world.dossier(answers)
    findings = checks.checks(dossier=dossier, actor=world.who("officer"), at=AT)
    with setting_up():
        dossier.delete()
    return next(f.evidence for f in findings if f.code == f"civil_status.{code}")


def test_a_plain_birth_gives_no_finding(world: World) -> None:
    assert found(world, world.answers()) == {}


def test_answers_that_are_not_whole_are_errors(world: World) -> None:
    assert found(world, world.answers(child={"name": ""})) == {"answers.child.name": "error"}


def test_a_birth_that_lies_ahead(world: World) -> None:
    assert found(world, world.answers(child={"born_on": "2026-03-10"})) == {"born_in_the_future": "error"}


def test_the_office_of_either_parent_is_competent_and_no_other(world: World) -> None:
    elsewhere = {"residence": world.address(world.there)}
    assert found(world, world.answers(mother=elsewhere)) == {}
    assert found(world, world.answers(father=elsewhere)) == {}
    assert found(world, world.answers(mother=elsewhere, father=elsewhere)) == {"not_competent": "error"}
    wrong = world.dossier(world.answers(mother=elsewhere, father=elsewhere))
    told = checks.checks(dossier=wrong, actor=world.who("officer"), at=AT)
    assert world.there.name in told[0].message  # the right office is named


def test_an_address_of_before_the_merger_leads_to_the_office_of_today(world: World) -> None:
    before = date(2025, 6, 1)
    old = next(u for u in orgs.predecessors(world.here.admin_unit) if orgs.is_valid(u, on=before))
    old_address = {"residence": {"unit_code": old.code, "as_of": before.isoformat(), "detail": "Số 5"}}
    assert found(world, world.answers(mother=old_address, father=old_address)) == {}


def test_the_same_child_in_the_register(world: World) -> None:
    world.registered()
    assert found(world, world.answers(child={"name": "Nguyen Truc Anh"}))["possible_duplicate"] == "error"
    assert "KS 01/2026" in evidence(world, world.answers(), "possible_duplicate")
    # Another name on the same day from the same mother, and nobody spoke of twins: a second look.
    assert found(world, world.answers(child={"name": "Nguyễn Gia Bảo", "sex": "male"})) == {"similar_birth": "warning"}
    # The mother's number is missing and her name slightly misspelt: still seen.
    typo = world.answers(mother={"name": "Trần Thị Bích Ngoc", "personal_number": ""})
    assert "possible_duplicate" in found(world, typo)
    # Another child of other parents on the same day is nobody's business.
    assert found(world, world.distinct(7)) == {}


def test_twins_declared_as_twins(world: World) -> None:
    world.registered(world.answers(child={"birth_count": 2, "birth_order": 1}))
    second = {"name": "Nguyễn Trúc Ánh", "birth_count": 2, "birth_order": 2}
    assert found(world, world.answers(child=second)) == {}
    assert found(world, world.answers(child={**second, "birth_order": 1}))["possible_duplicate"] == "error"


def test_a_birth_known_by_its_year_meets_the_full_date(world: World) -> None:
    world.registered(world.answers(child={"born_on": "2025-11-02"}))
    assert found(world, world.answers(child={"born_on": "2025"}))["possible_duplicate"] == "error"


def test_the_same_child_in_another_open_dossier(world: World) -> None:
    first = world.dossier(world.answers(), state="in_process")
    told = found(world, world.answers(child={"name": "NGUYỄN TRÚC ANH"}))
    assert told == {"declared_twice": "warning"}
    with setting_up():
        Dossier.objects.exclude(pk=first.pk).delete()
        Dossier.objects.filter(pk=first.pk).update(state="withdrawn")
    assert found(world, world.answers()) == {}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"mother": {"born_on": "2017", "personal_number": ""}},
            {"mother_age": "warning", "underage_mother": "warning"},
        ),
        ({"mother": {"born_on": "1958", "personal_number": ""}}, {"mother_age": "warning"}),
        ({"mother": {"born_on": "2009-01-01", "personal_number": ""}}, {"underage_mother": "warning"}),
        ({"father": {"born_on": "2007-01-01", "personal_number": ""}}, {"underage_father": "warning"}),
        (
            {"father": {"born_on": "2016", "personal_number": ""}},
            {"father_age": "warning", "underage_father": "warning"},
        ),
        ({"father": {"marriage_record": ""}}, {"marriage_not_on_record": "warning"}),
        ({"mother": {"personal_number": "031194004217"}}, {"mother_number_birth_year": "warning"}),
        ({"mother": {"personal_number": "031096004217"}}, {"mother_number_sex": "warning"}),
        ({"father": {"personal_number": "999094004218"}}, {"father_number_province": "warning"}),
    ],
)
def test_parents_and_their_numbers(world: World, changed: dict[str, Any], told: dict[str, str]) -> None:
    assert found(world, world.answers(**changed)) == told


def test_another_child_of_the_mother_born_too_near(world: World) -> None:
    world.registered(world.answers(child={"name": "Nguyễn Gia Bảo", "born_on": "2025-10-01", "sex": "male"}))
    assert found(world, world.answers()) == {"births_too_near": "warning"}
    assert found(world, world.answers(child={"born_on": "2024-01-01"})) == {}


def test_a_number_that_the_register_knows_for_another(world: World) -> None:
    world.registered()
    other = world.distinct(5, mother={"personal_number": "031196004217", "born_on": "1996"})
    assert found(world, other)["mother_number_mismatch"] == "warning"
    act = world.registered(world.distinct(6))
    operations.set_personal_number(
        act_id=act.pk, number="031326001234", source="Công an", actor=world.who("officer"), at=AT
    )
    taken = world.distinct(8, child={"personal_number": "031326001234"})
    assert found(world, taken)["personal_number_taken"] == "error"


@pytest.mark.parametrize(
    ("role", "born", "died", "told"),
    [
        ("mother", "2026-03-05", date(2026, 3, 4), {"mother_dead": "error"}),
        ("mother", "2026-03-05", date(2026, 3, 6), {"mother_dead": "warning"}),
        ("father", "2026-03-05", date(2025, 1, 1), {"father_dead": "error"}),
        ("father", "2026-03-05", date(2025, 12, 1), {"father_dead": "warning"}),  # within 300 days before the birth
    ],
)
def test_a_parent_whom_the_register_knows_as_dead(
    world: World, role: str, born: str, died: date, told: dict[str, str]
) -> None:
    declared = world.answers(child={"born_on": born})
    person = declared[role]
    with setting_up():
        book = Book.objects.create(
            unit=world.there, kind=rules.BookKind.DEATH, year=died.year, first_number=1, opened_on=died
        )
        act = Act.objects.create(
            kind=rules.BookKind.DEATH, unit=world.there, unit_name=world.there.name, book=book, page=1, year=died.year,
            number=1, registered_on=died, signer=world.users["stranger"], signer_name="x", signer_title="x",
            created_at=AT,
        )
        name = PersonName(person["name"])
        Party.objects.create(
            act=act, role=rules.PartyRole.DECEASED, name=name.text, sort_key=name.sort_key, search_key=name.search_key,
            personal_number=person["personal_number"],
        )
        Act.objects.filter(pk=act.pk).update(state=rules.ActState.REGISTERED, signed_at=AT)
    assert found(world, declared) == told


def test_a_foundling_is_announced_first(world: World) -> None:
    ends = TODAY + timedelta(days=7)
    alone = world.answers(
        child={"foundling": True, "posted_from": TODAY.isoformat(), "posted_to": ends.isoformat()},
        declarant={"relation": "carer", "name": "Vũ Thị Ba", "personal_number": "031166004217"},
    )
    alone["mother"] = alone["father"] = {}
    assert found(world, alone) == {"foundling_not_posted": "error"}


@pytest.mark.parametrize("born", ["1931-05-06", "1958", "1970-01-01", "1999-12-31", "2015-12-31"])
def test_people_of_any_age_may_be_registered_late(world: World, born: str) -> None:
    """The checks ask the law of the day of birth, however long ago that was."""
    year = int(born[:4])
    parents = {"personal_number": "", "residence": world.address()}
    told = found(world, world.answers(
        child={"born_on": born}, mother={**parents, "born_on": str(year - 25)},
        father={**parents, "born_on": str(year - 28)}))
    assert told == {}
