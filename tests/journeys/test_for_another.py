"""A husband files for his wife, the paper comes by post, lies in the store, and he sees which office looked and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.harness.homes import wait_until

from tuphap.modules.one_stop_shop.post.rules import check_digit

from . import resident, staff
from .town import OFFICE, WARD_LABEL, scan

if TYPE_CHECKING:
    from tuphap.sample.families import Birth

    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600), pytest.mark.xdist_group("platform"),
]
EXTRACT = "2.000635"
PAPERS = {"to_khai": "to-khai.pdf", "uy_quyen": "uy-quyen.pdf", "quan_he_nhan_than": "giay-ket-hon.pdf"}


def test_for_another_and_by_post(visit: Callable[..., Visitor], town: Town) -> None:
    birth = town.birth()
    husband, wife = birth.father, birth.mother
    number = registered(visit, town, birth)
    filer = visit("nt-cong-dan")
    filer.go(f"/thu-tuc/{EXTRACT}/", look="thu-tuc")
    filer.reads("Tôi cần giấy tờ gì?", "Hết bao nhiêu tiền?", "Bao lâu có kết quả?", "Tôi nộp ở đây được không?")
    filer.click("Nộp trực tuyến", role="link")
    resident.log_in_to_file(filer, husband)
    filer.page.locator('main [name="noi"]').select_option(label=OFFICE)
    filer.fill({"nop_cho": "authorised"})
    filer.click("Bắt đầu khai", look="nop-thay")

    # By whose leave: plain writing does not do among strangers, and does between husband and wife.
    told = {"name": wife.name, "personal_number": wife.personal_number, "writing": "plain",
            "issued_on": f"{town.today:%d/%m/%Y}"}
    filer.fill({**told, "kinship": "other"})
    filer.click("Lưu và tiếp tục", look="khong-du")
    filer.reads("phải được công chứng hoặc chứng thực")
    filer.fill({"kinship": "spouse"})
    filer.click("Lưu và tiếp tục", look="viec-ho-tich")
    filer.fill({"book": "KS", "number": "15-2026", "office_unit": WARD_LABEL, "name": birth.child_name})
    filer.click("Lưu và tiếp tục", look="so-sai-dang")
    filer.reads("Số đăng ký ghi dạng 15/2026.")
    filer.fill({"number": number})
    filer.click("Lưu và tiếp tục", look="ban-sao")
    filer.fill({"copies": "2", "purpose": "Nộp hồ sơ nhập học"})
    filer.click("Lưu và tiếp tục", look="nguoi-yeu-cau")
    filer.fill({"relation": "proxy", "name": husband.name, "personal_number": husband.personal_number,
                "phone": husband.phone, "residence_detail": birth.home, "residence_unit": WARD_LABEL})
    filer.click("Lưu và tiếp tục", look="giay-to")
    for component, name in PAPERS.items():
        section = filer.page.locator(f"section[aria-labelledby=gt-{component}]")
        section.locator('input[type="file"]').set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": scan(name)})
        filer.leave_by(section.get_by_role("button", name="Tải lên"))
    filer.click("Tiếp tục", role="link", within="main", look="kiem-tra")
    filer.reads("Nộp thay cho", wife.name)
    filer.fill({"cach_nhan": "buu_chinh", "post_to_address_detail": birth.home,
                "post_to_address_unit": WARD_LABEL, "cam_doan": True})
    filer.click("Nộp hồ sơ", look="da-gui")
    reference = filer.page.locator(".big-code").inner_text()

    code = _handle(visit, reference)

    # The clerk hands it to the post: a wrong figure is seen, the right number goes through.
    clerk = visit("nt-tiep-nhan")
    staff.step_in(clerk, staff.POSTS["receiver"])
    clerk.go("/mot-cua/buu-chinh/", look="buu-chinh")
    row = clerk.page.locator("main tbody tr", has_text=code)
    serial = husband.personal_number[-8:]
    wrong = (check_digit(serial) + 1) % 10
    row.locator("input").fill(f"EB{serial}{wrong}VN")
    clerk.click("Giao bưu chính các dòng đã có số", look="so-sai")
    clerk.reads("không đúng")
    tracking = f"EB{serial}{check_digit(serial)}VN"
    row.locator("input").fill(tracking)
    clerk.click("Giao bưu chính các dòng đã có số", look="da-giao")
    clerk.go(f"/mot-cua/buu-chinh/bang-ke/?ngay={town.today:%d/%m/%Y}", look="bang-ke")
    clerk.reads(code, tracking, birth.home)
    clerk.go("/mot-cua/buu-chinh/?muc=dang-chuyen", look="dang-chuyen")
    clerk.leave_by(clerk.page.locator("main tbody tr", has_text=code).get_by_role("button", name="Đã phát"))

    # The husband: what became of it, the paper, and who looked.
    filer.go(f"/ho-so-cua-toi/{code}/", look="ho-so")
    filer.reads("Trả kết quả qua bưu chính", tracking, "đã phát", "Trích lục khai sinh (bản sao)")
    filer.go("/kho-ket-qua/", look="kho")
    filer.reads("Trích lục khai sinh", "Còn giá trị", f"của {wife.name}")
    paper = filer.fetch(filer.page.locator("main tbody").get_by_role("link", name="Tải về").first)
    assert paper.startswith(b"%PDF")
    filer.go("/ai-da-xem/", look="ai-da-xem")
    filer.reads("Thụ lý, giải quyết hồ sơ", staff.POSTS["officer"], code)
    filer.go("/thong-bao/cach-nhan/", look="cach-nhan")
    filer.page.get_by_label("Zalo", exact=True).check()
    filer.click("Lưu", within="main", exact=True, look="da-luu")
    filer.reads("Đã lưu cách nhận thông báo.")


def _handle(visit: Callable[..., Visitor], reference: str) -> str:
    """From the desk to the signed paper, over the API; the officer opens the page. The dossier's code."""
    clerk, officer, chairman = visit("nt-quay"), visit("nt-can-bo"), visit("nt-chu-tich")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(chairman, staff.POSTS["deputy"])
    code = str(staff.api(clerk)("POST", f"/dossiers/{reference}/receive", payment={"cash": True})["code"])
    staff.api(clerk)("POST", f"/dossiers/{code}/assign", to_user_id=officer_id)
    staff.open_dossier(officer, code, look="thu-ly")
    officer.reads("Nộp thay cho", "đối chiếu văn bản ủy quyền", "Nội dung trong sổ hộ tịch")
    found = staff.api(officer)("GET", f"/dossiers/{code}/findings")
    staff.api(officer)("POST", f"/dossiers/{code}/propose",
                       acknowledged={one["code"]: "Đã đối chiếu bản chính." for one in found})
    staff.api(chairman)("POST", f"/dossiers/{code}/approve")
    wait_for_result(clerk, code)
    return code


def registered(visit: Callable[..., Visitor], town: Town, birth: Birth) -> str:
    """The couple's child, registered over the API: the number of its birth."""
    clerk, officer, deputy = visit("ks-quay"), visit("ks-can-bo"), visit("ks-pho-chu-tich")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    clerk.go("/mot-cua/tiep-nhan/")
    code = staff.take_in(clerk, birth, unit=staff.own_unit(clerk), today=town.today)
    staff.put_before_leader(code, clerk=clerk, officer=officer, officer_id=officer_id)
    staff.api(deputy)("POST", f"/dossiers/{code}/approve")
    return str(wait_for_result(clerk, code)["result"]["number"])


def wait_for_result(clerk: Visitor, code: str) -> dict[str, Any]:
    def shown() -> dict[str, Any]:
        told: dict[str, Any] = staff.api(clerk)("GET", f"/dossiers/{code}")
        return told

    wait_until(lambda: shown()["state"] == "result_ready", seconds=120, why=lambda: str(shown()["state"]))
    return shown()
