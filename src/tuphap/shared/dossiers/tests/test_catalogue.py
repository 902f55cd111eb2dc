"""The catalogue: seeded once, never over what officials wrote, dated; and who applies, held to its form."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from tuphap.shared.calendar.api import LimitUnit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import catalogue as book
from tuphap.shared.dossiers import rules, seeds
from tuphap.shared.dossiers.api import Applicant, Procedure, ProcedureParameter
from tuphap.shared.operation.testing import setting_up

ON = date(2026, 3, 2)
BIRTH = "1.001193"


@pytest.mark.django_db
def test_seeding_again_changes_nothing(catalogue: None) -> None:
    before = list(Procedure.objects.order_by("pk").values())
    with setting_up():
        assert dossiers.seed_procedures() == 0
    assert list(Procedure.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_what_an_official_wrote_stays(catalogue: None) -> None:
    with setting_up():
        row = dossiers.procedure_in_force(BIRTH, on=ON)
        row.name, row.valid_to = "Tên do địa phương sửa", date(2027, 1, 1)
        row.save()
        fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"}
        Procedure.objects.create(**{**fields, "valid_from": date(2027, 1, 1), "valid_to": None, "limit_value": 2})
        assert dossiers.seed_procedures() == 0
    assert dossiers.procedure_in_force(BIRTH, on=ON).name == "Tên do địa phương sửa"
    assert dossiers.procedure_in_force(BIRTH, on=date(2027, 1, 1)).limit_value == 2


@pytest.mark.django_db
def test_two_versions_never_hold_on_one_day(catalogue: None) -> None:
    row = dossiers.procedure_in_force(BIRTH, on=ON)
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"}
    with pytest.raises(IntegrityError), setting_up(), transaction.atomic():
        Procedure.objects.create(**{**fields, "valid_from": ON})


@pytest.mark.django_db
def test_birth_asks_for_papers_until_databases_stand_for_them(catalogue: None) -> None:
    def asked(on: date) -> dict[str, tuple[bool, bool]]:
        row = dossiers.procedure_in_force(BIRTH, on=on)
        return {c["code"]: (c["mandatory"], bool(c["replaced_by_database"])) for c in row.components}

    before, after = asked(date(2025, 12, 31)), asked(date(2026, 1, 1))
    assert before["giay_chung_sinh"] == after["giay_chung_sinh"] == (True, False)
    assert before["giay_to_tuy_than"] == (False, False) and after["giay_to_tuy_than"] == (True, True)


@pytest.mark.django_db
def test_the_whole_civil_status_of_a_commune_is_there(catalogue: None) -> None:
    codes = {p.code for p in dossiers.procedures(on=ON).filter(sector="Hộ tịch")}
    assert {"1.001193", "1.000894", "1.000656", "1.004859", "2.000635", "2.000528", "2.000497"} <= codes
    assert len(codes) == 1 + len(seeds._COMMUNE) + len(seeds._FOREIGN) + len(seeds._LINKED)
    on_paper = dossiers.procedures(on=ON).get(code="1.000894")
    assert not on_paper.handled_online and on_paper.limit_text == "Trong ngày làm việc"
    assert on_paper.extra_text == "thêm không quá 5 ngày làm việc khi phải xác minh"


def test_every_seeded_row_is_sound() -> None:
    for row in seeds.PROCEDURES:
        LimitUnit(row["limit_unit"])
        assert row["legal_basis"] and row["source"] and row["keywords"], row["code"]
        assert all(set(c) == {"code", "name", "form", "copies", "mandatory", "replaced_by_database", "note"}
                   for c in row["components"])
        assert all(step["role"] in rules.Level.__members__ for step in row["internal_steps"])
    assert all(row["legal_basis"] for row in seeds.PARAMETERS)


@pytest.mark.django_db
def test_parameters_are_dated(catalogue: None) -> None:
    assert book.parameter("supplement_days", on=ON) == 30
    with setting_up():
        old = ProcedureParameter.objects.get(code="supplement_days")
        old.valid_to = ON
        old.save()
        ProcedureParameter.objects.create(code="supplement_days", value=15, unit="ngày", title=old.title,
                                          legal_basis="Quyết định của Ủy ban nhân dân", valid_from=ON)
    assert book.parameter("supplement_days", on=ON - timedelta(days=1)) == 30
    assert book.parameter("supplement_days", on=ON) == 15
    with pytest.raises(LookupError):
        book.parameter("supplement_days", on=date(2000, 1, 1))


@pytest.mark.parametrize("told", [
    {"name": "A"}, {"name": "Trần 2"}, {"name": "An", "phone": "12345"}, {"name": "An", "phone": "0212"},
    {"name": "An", "personal_number": "12345678901"}, {"name": "An", "personal_number": "111111111111"},
    {"name": "An", "email": "khong-phai"}, {"name": "An", "other": "x"}, {"name": "x" * 101},
])
def test_an_applicant_is_held_to_the_form(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Applicant.model_validate(told)


def test_an_applicant_is_known_by_number_else_by_name_and_telephone() -> None:
    assert Applicant(name="An Bình", personal_number="031090000111").key() == "031090000111"
    one = Applicant(name="Đỗ  Thị Lan", phone="+84912345678")
    assert one.key() == Applicant(name="do thi lan", phone="0912.345.678").key() == "do thi lan|912345678"
    assert one.name == "Đỗ Thị Lan"
    assert Applicant(name="O'Brien Jean-Luc").name
    assert Applicant(kind="organisation", name="Công ty 1+1").name
