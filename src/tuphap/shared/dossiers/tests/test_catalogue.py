"""The catalogue: seeded once, never over what officials wrote, dated; and who applies, held to its form."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from tuphap.shared.calendar.api import LimitUnit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import catalogue as book
from tuphap.shared.dossiers import rules, seeds
from tuphap.shared.dossiers.api import Applicant, Procedure, ProcedureParameter, read_form
from tuphap.shared.operation.testing import setting_up

ON = date(2026, 3, 2)
BIRTH = "1.001193"
ALL = [Procedure(**row) for row in seeds.PROCEDURES if row["valid_to"] is None]


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
def test_the_whole_of_justice_is_there(catalogue: None) -> None:
    found = dossiers.procedures(on=ON).exclude(sector="Thử nghiệm")
    sectors = Counter(found.values_list("sector", flat=True))
    assert sectors["Hộ tịch"] == 37 and sectors["Chứng thực"] == 13 and sectors["Luật sư"] == 20
    assert sectors["Công chứng"] == 24 and len(sectors) == 18 and found.count() == 201
    assert {"1.001193", "1.000894", "1.004859", "2.000635", "2.000528", "2.000884", "2.001263"} <= set(
        found.values_list("code", flat=True)
    )
    marriage = found.get(code="1.000894")
    assert marriage.handled_online and marriage.limit_text == "Trong ngày làm việc"
    assert marriage.extra_text == "thêm không quá 5 ngày làm việc khi phải xác minh"
    assert not found.get(code="1.003583").handled_online  # at people's homes


@pytest.mark.django_db
def test_powers_and_names_are_those_of_the_day(catalogue: None) -> None:
    def row(code: str, on: date) -> Procedure:
        return dossiers.procedure_in_force(code, on=on)

    record = "tam.ly-lich-tu-phap.ca-nhan"
    assert row(record, date(2025, 2, 28)).authority_level == "tinh"
    assert row(record, date(2025, 3, 1)).authority_level == "khac" and not row(record, ON).handled_online
    bailiff = "tam.thua-phat-lai.bo-nhiem"
    assert row(bailiff, date(2026, 6, 30)).name == "Bổ nhiệm Thừa phát lại"
    assert row(bailiff, date(2026, 7, 1)).name == "Bổ nhiệm Thừa hành viên"
    with pytest.raises(rules.ProcedureNotInForce):
        row("2.000992", date(2025, 6, 30))  # translators' signatures were the districts'


@pytest.mark.django_db
def test_a_division_head_stands_between_at_the_department(catalogue: None) -> None:
    assert dossiers.procedure_in_force("tam.luat-su.dang-ky-to-chuc", on=ON).levels.review == "one_stop.generic.review"
    assert dossiers.procedure_in_force("1.000894", on=ON).levels.review == ""


def test_every_seeded_row_is_sound() -> None:
    periods: dict[str, list[tuple[date, date]]] = {}
    for row in seeds.PROCEDURES:
        LimitUnit(row["limit_unit"])
        assert row["legal_basis"] and "cần đối chiếu" in row["source"] and all(row["keywords"]), row["code"]
        assert row["source"].startswith("Mã tạm") == row["code"].startswith("tam."), row["code"]
        assert all(set(c) == {"code", "name", "form", "copies", "mandatory", "replaced_by_database", "note"}
                   for c in row["components"])
        assert not any(c["replaced_by_database"] for c in row["components"]) or row["valid_from"] >= date(2026, 1, 1)
        assert all(step["role"] in rules.Level.__members__ and step["hours"] > 0 for step in row["internal_steps"])
        assert all(fee["basis"] for fee in row["fee_rules"])
        assert all(one["basis"] and rules.Before(one["before"]) and one["name"] for one in row["originals"])
        if row["handler"] == "one_stop.generic":
            read_form(row["form"])
            assert row["authority_level"] in ("xa", "tinh")
            reviewed = any(step["role"] == "HEAD" for step in row["internal_steps"])
            assert reviewed == (row["authority_level"] == "tinh"), row["code"]
        periods.setdefault(row["code"], []).append((row["valid_from"], row["valid_to"] or date.max))
        Procedure(**row).clean_fields(exclude=["components", "fee_rules", "internal_steps", "eligibility", "keywords",
                                               "form", "handler", "group", "extra_unit", "valid_to", "originals"])
    for code, days in periods.items():
        days.sort()
        assert all(end == first for (_, end), (first, _) in pairwise(days)), code
    assert all(row["legal_basis"] for row in seeds.PARAMETERS)


@pytest.mark.parametrize(("said", "meant"), [
    ("đổi tên con", "1.004859"), ("doi ten con", "1.004859"), ("chứng thực chữ ký", "2.000884"),
    ("thẻ luật sư", "tam.luat-su.cap-chung-chi"), ("làm giấy khai sinh", "1.001193"), ("giấy độc thân", "1.004873"),
    ("sao y bản chính", "2.000815"), ("mở văn phòng luật sư", "tam.luat-su.dang-ky-to-chuc"),
    ("luật sư miễn phí", "tam.tro-giup.yeu-cau"), ("mất giấy khai sinh", "1.004884"), ("2.000884", "2.000884"),
    ("thẻ công chứng viên", "tam.cong-chung.cap-the"), ("nhận con nuôi", "2.001263"), ("kết hôn", "1.000894"),
])
def test_a_resident_finds_what_is_meant(said: str, meant: str) -> None:
    assert book.matching(ALL, said)[0].code == meant


def test_words_that_mean_nothing_find_nothing() -> None:
    assert book.matching(ALL, "zzzz") == [] == book.matching(ALL, " ,. ")


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
