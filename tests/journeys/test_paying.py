"""A fee asked for after receipt: paid on the bank's page, the clock goes on, the result comes and is rated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.harness.homes import wait_until

from tuphap.shared.fees import vietqr

from . import resident, staff
from .papers import read_qr
from .town import PROCEDURE, answers, pages
from .visitor import PATIENCE, PHONE, expect

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600), pytest.mark.xdist_group("platform"),
]
WANTED, OWED = "Chụp lại giấy chứng sinh cho rõ", "8.000 đồng"


def test_a_pause_for_a_fee_ends_on_the_banks_page(visit: Callable[..., Visitor], town: Town) -> None:
    birth = town.birth()
    clerk, officer, deputy = visit("phi-tiep-nhan"), visit("phi-can-bo"), visit("phi-lanh-dao")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    home = visit("phi-o-nha", window=PHONE)
    code = supplemented(home, clerk, town, birth)

    # Received and in hand, and the officer asks for the fee of the copy that was ordered.
    clerk_api, officer_api = staff.api(clerk), staff.api(officer)
    code = str(clerk_api("POST", f"/dossiers/{code}/receive")["code"])
    clerk_api("POST", f"/dossiers/{code}/assign", to_user_id=officer_id)
    staff.open_dossier(officer, code)
    staff.do(officer, "Tạm dừng chờ nộp phí, lệ phí", says="Đã tạm dừng, chờ nộp phí, lệ phí.", look="hoi-phi",
             fee="ban_sao", note="Phí cấp bản sao trích lục")
    assert officer_api("GET", f"/dossiers/{code}")["overlay"] == "paused_fee"

    pay(home, visit("phi-ngan-hang", window=PHONE), code)
    resumed = officer_api("GET", f"/dossiers/{code}")
    assert (resumed["overlay"], resumed["fee_amount"]) == ("", 8000) and resumed["fee_paid_at"]
    assert officer_api("GET", f"/dossiers/{code}/events")[-1]["action"] == "resume"
    count(visit("phi-ke-toan"))

    # The result, and what the resident thinks of it.
    officer_api("POST", f"/dossiers/{code}/begin")
    found = officer_api("GET", f"/dossiers/{code}/findings")
    officer_api("POST", f"/dossiers/{code}/propose", acknowledged={one["code"]: "Đã đối chiếu." for one in found})
    staff.api(deputy)("POST", f"/dossiers/{code}/approve")
    wait_until(lambda: clerk_api("GET", f"/dossiers/{code}")["state"] == "result_ready", seconds=120)
    clerk_api("POST", f"/dossiers/{code}/return", way="truc_tuyen")
    home.go(f"/ho-so-cua-toi/{code}/", look="co-ket-qua")
    home.reads("Đã có kết quả", "Biên lai số")
    home.fill({"stars": "5", "words": "Nộp phí rất tiện."})
    home.click("Gửi đánh giá", look="da-danh-gia")
    home.reads("Cảm ơn ông/bà đã đánh giá.", "5/5")


def supplemented(home: Visitor, clerk: Visitor, town: Town, birth: Any) -> str:
    """Filed online, asked for more, answered; the code of the submission."""
    home.go("/dang-nhap/?next=/ho-so-cua-toi/")
    resident.log_in(home, birth.father)
    unit = staff.api(clerk)("GET", "/me")["grants"][0]["unit_code"]
    draft = staff.api(home)("POST", "/dossiers", procedure_code=PROCEDURE, resolving_unit=unit)["id"]
    told = {**answers(birth, today=town.today), "copies": {"copies": 1}}
    for page, typed in told.items():
        staff.api(home)("PUT", f"/dossiers/{draft}/pages/{page}", answers=typed)
    home.go(f"/ho-so-cua-toi/{draft}/giay-to/")
    resident.attach(home)
    code = resident.send(home, pages(birth))
    staff.api(clerk)("POST", f"/dossiers/{code}/ask-supplement", reasons=[WANTED])
    home.go(f"/ho-so-cua-toi/{code}/", look="duoc-hoi")
    resident.answer_supplement(home, asked=WANTED, file="ro-hon.pdf")
    return code


def pay(home: Visitor, bank: Visitor, code: str) -> None:
    """The code on one screen, the bank on another; the first learns of the money by itself."""
    home.go(f"/ho-so-cua-toi/{code}/", look="phai-nop")
    home.reads(f"Phí, lệ phí phải nộp: {OWED}")
    home.click("Thanh toán trực tuyến", role="link", look="chua-co-ma")
    home.click("Lấy mã thanh toán", look="ma-qr")
    text = read_qr(home.page.locator("main .qr").first.screenshot())
    wanted = vietqr.read(text)
    assert wanted.amount == 8000 and wanted.content in home.page.locator("main").inner_text()
    bank.page.goto(str(home.page.get_by_role("link", name="Mở trang ngân hàng").get_attribute("href")))
    bank.reads(OWED, wanted.content)
    bank.leave_by(bank.page.get_by_role("button", name="Xác nhận chuyển tiền"))
    bank.reads("Mã giao dịch")
    expect(home.page.locator("main")).to_contain_text("Đã nộp đủ phí, lệ phí.", timeout=2 * PATIENCE)
    home.go(f"/ho-so-cua-toi/{code}/", look="da-nop")
    paper = home.fetch(home.page.locator("aside li", has_text="Biên lai số").get_by_role("link", name="PDF"))
    assert paper.startswith(b"%PDF")
    home.click("Biên lai số", role="link", look="bien-lai")
    home.reads("Tám nghìn đồng", code)


def count(accountant: Visitor) -> None:
    """Finance sees the money, and that the bank says the same."""
    staff.step_in(accountant, "Kế toán, tài chính")
    accountant.go("/tai-chinh/", look="tai-chinh")
    accountant.reads("Trực tuyến (chuyển khoản)", OWED, "khớp")
    for place in ("hoan-tra", "chua-khop", "tai-khoan"):
        accountant.go(f"/tai-chinh/{place}/", look=place)
