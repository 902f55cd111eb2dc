"""What people type, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tuphap.kernel.clock import VIETNAM, standing_at
from tuphap.kernel.refusal import Invalid, Problem, Refusal
from tuphap.shared.people.api import Address, PartialDate
from tuphap.shared.ui import api as ui
from tuphap.shared.ui import fields


def message(field: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("typed", ["05/03/2026", "5/3/2026", "05-03-2026", "05.03.2026", "05032026", "2026-03-05"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert fields.DayField().clean(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["31/02/2026", "5/3", "hôm qua", "05/03/26"])
def test_what_is_no_day_is_told_with_an_example(typed: str) -> None:
    assert typed in message(fields.DayField(), typed)


def test_a_day_ahead_is_refused_where_none_may_lie() -> None:
    from datetime import datetime

    with standing_at(datetime(2026, 3, 5, 9, tzinfo=VIETNAM)):
        assert fields.DayField(not_after_today=True).clean("05/03/2026") == date(2026, 3, 5)
        assert "chưa tới" in message(fields.DayField(not_after_today=True), "06/03/2026")


@pytest.mark.parametrize(("typed", "kept"), [
    ("1990", "1990"), ("3/1990", "1990-03"), ("5/3/1990", "1990-03-05"), ("05031990", "1990-03-05"),
    ("1990-03", "1990-03"),
])
def test_a_partial_day_keeps_what_is_known(typed: str, kept: str) -> None:
    found = fields.PartialDateField().clean(typed)
    assert isinstance(found, PartialDate) and found.isoformat() == kept
    shown = fields.PartialDateField().prepare_value(kept)
    assert fields.PartialDateField().clean(shown) == found


@pytest.mark.parametrize("typed", ["30/02/1990", "13/1990", "1/2/3/1990", "abc", "90"])
def test_a_wrong_partial_day_is_told(typed: str) -> None:
    assert typed in message(fields.PartialDateField(), typed)


def test_names_numbers_and_telephones() -> None:
    assert fields.NameField().clean("  Nguyễn   Thị Ánh ") == "Nguyễn Thị Ánh"
    assert message(fields.NameField(), "Nguyễn 2")
    assert message(fields.NameField(), "") == "Nhập họ, chữ đệm, tên."
    assert fields.PersonalNumberField().clean("031 192 000 123") == "031192000123"
    assert message(fields.PersonalNumberField(), "12345")
    assert fields.PhoneField().clean("+84 912 345 678") == "0912345678"
    assert "0912 345 678" in message(fields.PhoneField(), "12")


def test_a_file_is_judged_before_it_is_stored() -> None:
    field = fields.FileField(limit=fields.MEGABYTE)
    assert field.clean(SimpleUploadedFile("Đơn.PDF", b"%PDF")).name == "Đơn.PDF"
    assert "Không nhận tệp “x.exe”" in message(field, SimpleUploadedFile("x.exe", b"MZ"))
    assert "vượt quá 1 MB" in message(field, SimpleUploadedFile("x.pdf", b"0" * (fields.MEGABYTE + 1)))


@pytest.mark.django_db
def test_a_commune_is_found_by_code_label_or_name(country: None) -> None:
    on = date(2026, 3, 5)
    field = fields.UnitField(on=on)
    code = field.clean("Phường Hồng Bàng")
    label = field.prepare_value(code)
    assert label.startswith("Phường Hồng Bàng, ") and code in label
    assert field.clean(label) == field.clean(code) == field.clean("hong bang, hai phong") == code
    assert "Không tìm thấy" in message(field, "Phường Không Có Đâu")
    assert "Không có xã, phường mang mã 99999" in message(field, "99999")
    assert "Có nhiều nơi" in message(field, "Hòa")


@pytest.mark.django_db
def test_an_address_keeps_its_place_and_its_day(country: None) -> None:
    on = date(2026, 3, 5)
    field = fields.AddressField(on=on)
    found = field.clean(["Số 5, ngõ 12", "Phường Hồng Bàng"])
    assert isinstance(found, Address) and found.as_of == on and found.text.startswith("Số 5, ngõ 12, phường Hồng Bàng")
    kept = found.model_dump(mode="json")
    again = field.clean(field.prepare_value(kept))
    assert again == found
    assert "Chọn xã, phường" in message(fields.AddressField(on=on), ["Số 5", ""])
    assert fields.AddressField(on=on, required=False).clean(["", ""]) is None
    assert "Chọn xã, phường" in message(fields.AddressField(on=on, required=False), ["Số 5", ""])


# -- refusals


class Page(ui.Form):
    name = fields.NameField(label="Họ tên")
    born_on = fields.DayField(label="Ngày sinh")


def test_refusals_find_their_page_and_field() -> None:
    child, other = (Page({"name": "An Bình", "born_on": "05/03/2026"}, prefix=p) for p in ("child", "x"))
    child = Page({"child-name": "An Bình", "child-born_on": "05/03/2026"}, prefix="child")
    assert child.is_valid()
    refusal = Invalid((
        Problem("child.born_on", "future", "Ngày này chưa tới."), Problem("child.name", "odd", "Tên lạ."),
        Problem("elsewhere", "x", "Việc khác."),
    ))
    ui.spread_refusal(refusal, {"child": child}, other)
    assert child.errors["born_on"] == ["Ngày này chưa tới."] and child.errors["name"] == ["Tên lạ."]
    assert "Việc khác." in other.non_field_errors()
    again = Page({"name": "An Bình", "born_on": "05/03/2026"})
    again.add_refusal(Refusal(field="page.born_on"))
    again.add_refusal(Refusal(field="page.born_on"))
    assert again.errors["born_on"] == ["Yêu cầu không được chấp nhận."]


def test_answers_are_shown_as_people_read_them() -> None:
    form = Page(initial={"name": "An Bình", "born_on": "2026-03-05"})
    assert [(one.label, one.text) for one in ui.shown(form)] == [("Họ tên", "An Bình"), ("Ngày sinh", "05/03/2026")]
    assert ui.plain({"d": date(2026, 3, 5), "p": PartialDate.parse("1990"), "t": "x"}) == {
        "d": "2026-03-05", "p": "1990", "t": "x"
    }
