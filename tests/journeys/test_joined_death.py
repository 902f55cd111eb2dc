"""A joined death: declared at home, registered, and every other agency's part seen to its end, one of them mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.harness.homes import wait_until

from tuphap.runtime.simulators.agencies.acts import NO_ACCOUNT

from . import resident, staff
from .town import WARD_LABEL
from .visitor import PHONE, expect

if TYPE_CHECKING:
    from tuphap.sample.families import Person

    from .town import Page, Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]
JOINED = "tam.lien-thong-khai-tu"
ACCOUNT = "3210205001234"
KINDS = ("notice", "removal", "aid", "stop")


def pages(dead: Person, son: Person, *, home: str, died: str) -> dict[str, Page]:
    """What the son types on each page: his father had a pension, and lived in the son's household."""
    return {
        "deceased": {
            "name": dead.name, "sex": "male", "born_on": f"{dead.born_on:%d/%m/%Y}",
            "personal_number": dead.personal_number, "ethnicity": "Kinh", "nationality": "Việt Nam",
            "residence_detail": home, "residence_unit": WARD_LABEL,
        },
        "death": {"died_on": died, "died_at": "4:30", "place_kind": "home", "place_unit": WARD_LABEL,
                  "cause": "Bệnh già", "proof": "notice", "proof_number": "12/GBT"},
        "declarant": {"relation": "child", "name": son.name, "personal_number": son.personal_number,
                      "phone": son.phone, "residence_detail": home, "residence_unit": WARD_LABEL},
        "residence": {"home": "last", "household": "other", "head_name": son.name,
                      "head_number": son.personal_number},
        "aid": {"aid": "insurance", "seeker": "declarant", "way": "account", "bank": "Ngân hàng Nông nghiệp",
                "account": NO_ACCOUNT, "pension": True},
    }


def test_a_death_with_its_removal_aid_and_payments(visit: Callable[..., Visitor], town: Town) -> None:
    family, dead = town.birth(), town.elder()
    son = family.father
    typed = pages(dead, son, home=family.home, died=f"{town.today - timedelta(days=2):%d/%m/%Y}")
    home = visit("ltkt-cong-dan")
    submission = declare(home, son, typed)
    tracking = resident.tracking_address(home)

    clerk, officer, deputy = visit("ltkt-tiep-nhan"), visit("ltkt-can-bo"), visit("ltkt-pho-chu-tich")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    staff.open_dossier(clerk, submission, look="ho-so-moi")
    staff.do(clerk, "Tiếp nhận", says="Đã tiếp nhận hồ sơ.", look="tiep-nhan")
    code = staff.code_on(clerk)
    staff.put_before_leader(code, clerk=clerk, officer=officer, officer_id=officer_id)
    staff.open_dossier(officer, code, look="tham-tra")
    officer.reads("Nội dung đăng ký", dead.name.upper(), "chưa có tờ khai của thân nhân")
    staff.api(deputy)("POST", f"/dossiers/{code}/approve")

    def legs() -> dict[str, str]:
        return {leg["kind"]: leg["state"] for leg in staff.api(officer)("GET", f"/civil-status/dossiers/{code}/legs")}

    # No bank has the account: the aid fails, while the death stands, he has left the household, his pension stops.
    wait_until(lambda: legs() == dict.fromkeys(KINDS, "done") | {"aid": "failed"}, seconds=150, why=lambda: str(legs()))
    officer.go("/ho-tich/lien-thong/", look="danh-sach")
    row = officer.page.locator("main tbody tr", has_text=code)
    expect(row).to_contain_text(dead.name.upper())
    officer.leave_by(row.get_by_role("link", name="Giải quyết mai táng phí"))
    officer.look("nhanh-hong")
    officer.reads("Không thành công.", NO_ACCOUNT)
    officer.fill({"account": "12-34"})
    officer.click("Gửi lại", within="main", look="sai-tai-khoan")
    officer.reads("Số tài khoản gồm 6 đến 19 chữ số, chữ cái.")
    officer.fill({"account": ACCOUNT})
    officer.click("Gửi lại", within="main", look="da-gui-lai")
    officer.reads("Đã gửi lại.", "Số tài khoản đã sửa", ACCOUNT)
    wait_until(lambda: legs() == dict.fromkeys(KINDS, "done"), seconds=120, why=lambda: str(legs()))
    staff.open_dossier(officer, code, look="xong")
    officer.reads("23.400.000 đồng", "Nguồn: Bảo hiểm xã hội Việt Nam", "từ tháng")

    # He sees what each agency did; whoever has the code sees that it is done, and nothing of it.
    home.go("/ho-so-cua-toi/", look="ho-so-cua-toi")
    home.click(code, role="link", within="main", look="ho-so")
    home.reads("Phần việc của cơ quan khác", "Xóa đăng ký thường trú", "23.400.000 đồng", "Dừng chi trả hằng tháng")
    passer = visit("ltkt-tra-cuu", window=PHONE)
    resident.follow(passer, tracking, son.phone, says="Giải quyết mai táng phí")
    passer.reads("Đã hoàn thành")
    assert "23.400.000" not in passer.page.content() and dead.name not in passer.page.content()


def declare(home: Visitor, son: Person, typed: dict[str, Page]) -> str:
    """From his own words to what he sends; that an account is too short is told beside it."""
    home.go("/", look="trang-chu")
    home.page.get_by_role("searchbox").fill("mai táng phí xóa hộ khẩu người mất")
    home.click("Tìm", within="form[role=search]", look="tim")
    home.click("Liên thông: đăng ký khai tử", role="link", within="main", look="thu-tuc")
    home.reads("giấy báo tử", "3 ngày làm việc")
    home.click("Nộp trực tuyến", role="link", look="nop")
    resident.log_in_to_file(home, son)
    resident.begin(home)
    aid = typed.pop("aid")
    resident.declare(home, typed)
    home.fill({**aid, "account": "12"})
    home.click("Lưu và tiếp tục", look="tai-khoan-ngan")
    home.reads("Số tài khoản gồm 6 đến 19 chữ số, chữ cái.")
    resident.declare(home, {"aid": aid})
    resident.attach(home, "giay-bao-tu.pdf")
    return resident.send(home, typed)
