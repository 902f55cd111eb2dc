"""A couple's life at the ward: they marry, she asks for an attestation and is refused, he dies, she is a widow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from . import staff
from .town import WARD_LABEL
from .visitor import PHONE, expect

if TYPE_CHECKING:
    from tuphap.sample.families import Birth

    from .town import Page, Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]

MARRIAGE, DEATH, STATUS = "1.000894", "1.000656", "1.004873"


def partner(person: Any, home: str, **more: Any) -> Page:
    return {
        "name": person.name, "born_on": f"{person.born_on:%d/%m/%Y}", "personal_number": person.personal_number,
        "ethnicity": "Kinh", "nationality": "Việt Nam", "residence_detail": home, "residence_unit": WARD_LABEL, **more,
    }


def test_a_couples_life(visit: Callable[..., Visitor], town: Town) -> None:
    family = town.birth()  # its parents, who have not registered anything yet
    clerk, officer, deputy = visit("quay"), visit("can-bo"), visit("pho-chu-tich", window=PHONE)
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])  # another journey revokes the chairman's certificate

    code = marry(clerk, family)
    settle(code, clerk=clerk, officer=officer, officer_id=officer_id, leader=deputy, says="Giấy chứng nhận kết hôn")

    code = ask_for_attestation(clerk, family, status="single")
    staff.api(clerk)("POST", f"/dossiers/{code}/assign", to_user_id=officer_id)
    staff.api(officer)("POST", f"/dossiers/{code}/begin")
    staff.open_dossier(officer, code, look="xac-nhan-bi-vuong")
    officer.reads("Theo sổ hộ tịch, người này đang có vợ hoặc chồng.", "KH ")

    code = die(clerk, family, died=f"{town.today:%d/%m/%Y}", refused_first="01/01/1900")
    settle(code, clerk=clerk, officer=officer, officer_id=officer_id, leader=deputy, says="Trích lục khai tử")

    officer.go("/ho-tich/nguoi/", look="theo-nguoi")
    officer.fill({"personal_number": family.mother.personal_number, "purpose": "Xác nhận tình trạng hôn nhân"})
    officer.click("Tra cứu", within="main", look="theo-nguoi-thay")
    officer.reads("Vợ hoặc chồng đã chết, chưa đăng ký kết hôn với ai khác", "Bên nữ", "đăng ký khai tử số")
    officer.leave_by(officer.page.locator("main tbody a", has_text="Kết hôn").first)
    officer.look("viec-ket-hon")
    officer.reads("Ghi chú những thông tin thay đổi sau này", "đăng ký khai tử số")
    paper = officer.fetch(officer.page.get_by_role("link", name="Giấy chứng nhận kết hôn (bản chính)"))
    assert paper.startswith(b"%PDF")
    for kind in ("kết hôn", "khai tử"):
        officer.go("/ho-tich/so/", look="quyen-so")
        officer.leave_by(officer.page.locator("main a.row-link", has_text=f"Sổ đăng ký {kind}").first)
        officer.look(f"so-{kind}")
        officer.reads(family.father.name)


def choose(clerk: Visitor, words: str, procedure: str) -> None:
    clerk.go("/mot-cua/tiep-nhan/")
    clerk.page.get_by_role("searchbox", name="Tìm thủ tục").fill(words)
    clerk.click("Tìm", within="main", exact=True)
    clerk.leave_by(clerk.page.locator(f'main a[href="/mot-cua/tiep-nhan/{procedure}/"]'))
    clerk.look(f"to-khai-{procedure}")


def take_in(clerk: Visitor, typed: dict[str, Page]) -> str:
    """Type every page, tick every paper that is asked for, receive."""
    for page, values in typed.items():
        clerk.fill(values, prefix=f"{page}-")
    for box in clerk.page.locator('main [name^="giay."][name$="-nhan"]').all():
        if box.is_visible():  # those of filing for another fold away
            box.check()
    clerk.click("Tiếp nhận, cấp mã hồ sơ", look="da-tiep-nhan-tai-quay")
    code = staff.code_on(clerk)
    clerk.reads(f"Đã tiếp nhận hồ sơ {code}.")
    return code


def marry(clerk: Visitor, family: Birth) -> str:
    choose(clerk, "kết hôn", MARRIAGE)
    return take_in(clerk, {
        "husband": partner(family.father, family.home, before="single", times="1"),
        "wife": partner(family.mother, family.home, before="single", times="1"),
        "together": {"free_will": True, "files": "husband", "phone": family.father.phone, "copies": "1"},
    })


def ask_for_attestation(clerk: Visitor, family: Birth, *, status: str) -> str:
    choose(clerk, "tình trạng hôn nhân", STATUS)
    return take_in(clerk, {
        "subject": partner(family.mother, family.home, sex="female"),
        "request": {"status": status, "purpose": "other", "use": "Vay vốn ngân hàng", "phone": family.father.phone},
    })


def die(clerk: Visitor, family: Birth, *, died: str, refused_first: str) -> str:
    choose(clerk, "khai tử", DEATH)
    typed: dict[str, Page] = {
        "deceased": partner(family.father, family.home, sex="male"),
        "death": {"died_on": refused_first, "died_at": "14:30", "place_kind": "home", "place_unit": WARD_LABEL,
                  "cause": "Bệnh già", "proof": "notice", "proof_number": "12/GBT"},
        "declarant": {"relation": "spouse", "name": family.mother.name, "phone": family.father.phone,
                      "personal_number": family.mother.personal_number, "residence_unit": WARD_LABEL},
    }
    for page, values in typed.items():
        clerk.fill(values, prefix=f"{page}-")
    clerk.click("Tiếp nhận, cấp mã hồ sơ", look="ngay-chet-sai")
    clerk.reads("Ngày chết phải sau ngày sinh.")
    assert clerk.page.locator('main [name="death-cause"]').input_value() == "Bệnh già", "what was typed is kept"
    return take_in(clerk, {"death": {"died_on": died}})


def settle(
    code: str, *, clerk: Visitor, officer: Visitor, officer_id: str, leader: Visitor, says: str
) -> None:
    """The officer prepares, the leader decides on a telephone, the papers are signed, the desk sees the result."""
    staff.api(clerk)("POST", f"/dossiers/{code}/assign", to_user_id=officer_id)
    staff.api(officer)("POST", f"/dossiers/{code}/begin")
    staff.open_dossier(officer, code, look="tham-tra")
    officer.reads("Nội dung đăng ký")
    found = staff.api(officer)("GET", f"/dossiers/{code}/findings")
    staff.api(officer)("POST", f"/dossiers/{code}/propose", acknowledged={
        one["code"]: "Đã đối chiếu giấy tờ bản chính." for one in found})
    leader.go("/mot-cua/ky/", look="cho-ky")
    leader.page.get_by_label(f"Chọn hồ sơ {code}").check()
    leader.click("Phê duyệt và ký (1)", within="main", look="dang-ky")
    expect(leader.page.locator("#ket-qua-ky")).to_contain_text("1 trong 1 hồ sơ đã ký xong", timeout=180_000)
    staff.open_dossier(clerk, code, look="co-ket-qua")
    clerk.reads(says)
