"""The certificates as they come out of the printer: what stands on them, and that they stay on one page."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest

from tuphap.modules.civil_status import papers, rules
from tuphap.modules.civil_status.models import Annotation, BirthAct
from tuphap.shared.documents import api as documents
from tuphap.shared.operation.testing import setting_up

from .world import AT, TODAY, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed"),
]


def text_of(pdf: bytes) -> tuple[str, int]:
    """The text of a PDF in one line, and the number of its pages."""
    raw = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(raw.split()), raw.count("\f")


def printed(act: BirthAct, template: rules.Template = rules.Template.BIRTH_CERTIFICATE, **more: Any) -> tuple[str, int]:
    data = papers.birth_data(act) if not more else papers.extract_data(act, on=TODAY, **more)
    return text_of(documents.render(template, data, on=TODAY))


def test_the_certificate_says_what_the_register_says(world: World) -> None:
    text, pages = printed(world.registered())
    assert pages == 1
    for said in (
        "GIẤY KHAI SINH Số: 01/2026", "Họ, chữ đệm, tên: NGUYỄN TRÚC ANH", "Ngày, tháng, năm sinh: 05/03/2026",
        "Ghi bằng chữ: Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu", "Giới tính: Nữ",
        "Họ, chữ đệm, tên người mẹ: TRẦN THỊ BÍCH NGỌC", "Năm sinh: 1996", "tên người cha: NGUYỄN VĂN MẠNH",
        "người đi khai sinh: NGUYỄN VĂN MẠNH", "Giấy tờ tùy thân: Số định danh cá nhân 031094004218",
        "đăng ký: 09/03/2026", "NGƯỜI KÝ GIẤY KHAI SINH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ):
        assert said in text, said


def test_an_unmarried_mother_has_her_child_certified_without_a_father(world: World) -> None:
    answers = world.answers(child={"born_on": "2025"})
    answers["father"] = {}
    answers["declarant"] = {"relation": "mother", "phone": "0912345678"}
    act = world.registered(answers)
    text, pages = printed(act)
    assert pages == 1
    assert "Ngày, tháng, năm sinh: 2025 Ghi bằng chữ: Năm hai nghìn không trăm hai mươi lăm" in text
    assert "NGUYỄN VĂN MẠNH" not in text
    data = papers.birth_data(act)
    assert set(data["father"].values()) == {""}


def test_the_longest_names_and_places_stay_on_one_page(world: World) -> None:
    long_name = "Tôn Nữ Hoàng Nguyễn Phương Thảo Quỳnh Châu Mỹ Uyên Alexandria Elizabeth Marguerite Anastasia Võ"
    assert 90 < len(long_name) <= 100
    detail = "Số 1234/56/78, ngõ 910, đường Nguyễn Bỉnh Khiêm kéo dài, tổ dân phố số 12"
    residence = {**world.address(), "detail": detail}
    act = world.registered(world.answers(
        child={"name": long_name, "facility": "Bệnh viện Đa khoa Quốc tế Vinmec Hải Phòng, cơ sở chuyên khoa sản nhi"},
        mother={"name": long_name, "residence": residence}, father={"name": long_name, "residence": residence},
    ))
    text, pages = printed(act)
    assert pages == 1, text
    assert text.count(long_name.upper().split()[-2]) >= 3


def test_the_extract_shows_what_was_noted_since(world: World) -> None:
    act = world.registered()
    with setting_up():
        Annotation.objects.create(
            act_id=act.pk, kind=rules.AnnotationKind.CORRECTION, text="Cải chính năm sinh của mẹ từ 1996 thành 1995.",
            noted_on=TODAY, noted_by="Lê Thị Hồ Sơ", created_at=AT,
        )
    text, pages = printed(act, rules.Template.BIRTH_EXTRACT, extract_number="07/2026")
    assert pages == 1
    for said in (
        "TRÍCH LỤC KHAI SINH (BẢN SAO)", "Số: 07/2026/TLKS-BS", "Số: 01/2026", "Cải chính năm sinh của mẹ",
        "Cơ sở dữ liệu hộ tịch điện tử", "NGƯỜI KÝ TRÍCH LỤC", "ngày 09 tháng 03 năm 2026",
    ):
        assert said in text, said
    assert "Cải chính năm sinh của mẹ" in printed(act)[0]


def test_the_preview_is_the_certificate_without_a_number(world: World) -> None:
    from tuphap.modules.civil_status.answers import BirthDeclaration

    declared = BirthDeclaration.model_validate(world.answers())
    before = papers.preview_data(declared, unit=world.here, on=TODAY)
    after = papers.birth_data(world.registered())
    assert before.pop("number") == "……/2026"
    assert after.pop("number") == "01/2026"
    assert before == after
