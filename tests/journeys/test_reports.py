"""A report goes from the ward to the department's lock: counted, refused, explained, signed, checked, summed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from . import staff
from .visitor import PHONE

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600), pytest.mark.xdist_group("platform"),
]
FORM = "11a/BTP/HCTP/HT/KSKT"
DEPARTMENT = "Sở Tư pháp"


def test_a_report_is_made_signed_checked_summed_up_and_locked(visit: Callable[..., Visitor], town: Town) -> None:
    officer, deputy = visit("can-bo"), visit("pho-chu-tich", window=PHONE)
    checker, planner, director = visit("kiem-tra"), visit("tong-hop"), visit("giam-doc")
    staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    staff.step_in(checker, "Chuyên viên Phòng Hành chính tư pháp", look_for=DEPARTMENT)
    staff.step_in(planner, "Chuyên viên tổng hợp, thống kê", look_for=DEPARTMENT)
    staff.step_in(director, "Giám đốc Sở Tư pháp", look_for=DEPARTMENT)

    officer.go("/bao-cao/", look="bao-cao")
    officer.click(f"Lập báo cáo {FORM}", look="bao-cao-du-thao")
    officer.reads("Đang lập", "Đăng ký khai sinh", "Trẻ em bị bỏ rơi")
    box = officer.page.locator('main input[name="o_births__all"]')
    right = box.input_value()
    officer.set(box, "9999")
    officer.click("Trình lãnh đạo ký", look="bao-cao-sai-tong")
    officer.reads("tổng ghi", "Báo cáo chưa trình được")
    assert box.input_value() == "9999"
    officer.set(box, right)
    explain(officer)
    officer.click("Trình lãnh đạo ký", look="bao-cao-cho-ky")
    officer.reads("Chờ lãnh đạo ký")
    report = officer.page.url

    deputy.go(path_of(report), look="bao-cao-dien-thoai")
    deputy.click("Ký số và gửi Sở Tư pháp")
    deputy.page.get_by_text("Đã gửi, chờ kiểm tra").first.wait_for(timeout=60_000)
    deputy.look("bao-cao-da-gui")
    paper = deputy.fetch(deputy.page.get_by_role("link", name="PDF", exact=True))
    assert paper.startswith(b"%PDF")

    checker.go("/bao-cao/", look="tinh-hinh-gui")
    checker.reads("Chờ kiểm tra", "Tình hình gửi báo cáo")
    checker.go(path_of(report), look="bao-cao-kiem-tra")
    checker.click("Tiếp nhận", exact=True, look="bao-cao-da-nhan")

    planner.go("/bao-cao/")
    planner.page.locator("main summary", has_text="Tổng hợp 11c").click()
    planner.click("Tổng hợp số liệu", look="thieu-don-vi")
    planner.reads("chưa có báo cáo được tiếp nhận")
    planner.page.locator('main details[open] input[name="reason"]').fill("Các xã khác gửi báo cáo giấy")
    planner.click("Tổng hợp số liệu", look="tong-hop")
    planner.reads("Chưa có báo cáo (không tính là 0)", "UBND phường Hải An")
    explain(planner)
    planner.click("Trình lãnh đạo ký")
    summary = planner.page.url

    director.go(path_of(summary), look="tong-hop-cho-ky")
    director.click("Ký số và chốt số liệu")
    director.page.get_by_text("Đã chốt số liệu").first.wait_for(timeout=60_000)
    director.look("tong-hop-da-chot")
    officer.go(path_of(report), look="bao-cao-da-chot")
    officer.reads("Đã chốt số liệu")
    director.go("/chi-dao/linh-vuc/ho-tich/", look="bang-ho-tich")
    director.reads("Khai sinh đã đăng ký", "Theo đơn vị")


def explain(visitor: Visitor) -> None:
    """Answer whatever the page wants explained or confirmed."""
    for box in visitor.page.locator('main textarea[name^="giai_trinh_"]').all():
        visitor.set(box, "Số việc theo nhu cầu thực tế")
    for box in visitor.page.locator('main input[name="confirmed_zero"]').all():
        visitor.set(box, True)


def path_of(url: str) -> str:
    """The address within the site."""
    return "/" + url.split("/", 3)[3]
