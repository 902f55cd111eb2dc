"""A father who is not married to the mother comes along: a birth and a recognition from one declaration, two papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from . import holders, staff
from .test_events import choose, take_in
from .test_follow_ups import Ward
from .test_for_another import wait_for_result
from .test_whole_path import GOOD
from .town import pages
from .visitor import PHONE, expect

if TYPE_CHECKING:
    from .town import Page, Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(900), pytest.mark.xdist_group("platform"),
]
TOGETHER = "1.000689"
PAPERS = ("Giấy khai sinh (bản chính)", "Trích lục đăng ký nhận cha, mẹ, con (bản chính)")


def declared(birth: object, town: Town) -> dict[str, Page]:
    typed = pages(birth)  # type: ignore[arg-type]
    father = {**typed["father"], "parents_married": "no", "recognition": True}
    del father["marriage_record"]
    return {
        "child": typed["child"], "mother": typed["mother"], "father": father,
        "proof": {"evidence": "examination", "evidence_number": "ADN 12/2026, Viện Pháp y quốc gia",
                  "both_present": True, "undisputed": True, "other_parent_agrees": True, "copies": "1"},
        "declarant": typed["declarant"], "copies": {"copies": "1"},
    }


def test_a_child_is_registered_and_recognised_by_one_decision(visit: Callable[..., Visitor], town: Town) -> None:
    birth, ward = town.birth(), Ward(visit)
    clerk, typed = ward.clerk, declared(birth, town)
    choose(clerk, "khai sinh và nhận con", TOGETHER)
    for page, values in typed.items():
        clerk.fill(values, prefix=f"{page}-")
    clerk.fill({"parents_married": "yes"}, prefix="father-")
    clerk.click("Tiếp nhận, cấp mã hồ sơ", look="cha-me-co-dang-ky")
    clerk.reads("không phải nhận con, dùng thủ tục “Đăng ký khai sinh”")
    code = take_in(clerk, typed)

    settle_both(code, ward)
    told = wait_for_result(clerk, code)["result"]
    assert told["number"].startswith("Khai sinh số ") and "; Nhận cha, mẹ, con số " in told["number"]
    staff.open_dossier(clerk, code, look="hai-giay-to")
    clerk.reads(*PAPERS, "Trích lục khai sinh (bản sao)", "Trích lục đăng ký nhận cha, mẹ, con (bản sao)")
    handed = [clerk.fetch(clerk.page.get_by_role("link", name=name, exact=True)) for name in PAPERS]
    passer = visit("nguoi-xem", window=PHONE)
    for name, paper in zip(("khai-sinh", "nhan-con"), handed, strict=True):
        assert holders.check_file(passer, f"{name}.pdf", paper, issued=True) == GOOD

    officer = ward.officer
    officer.go(f"/ho-tich/ho-so/{code}/", look="hai-viec")
    officer.leave_by(officer.page.locator("main a.row-link", has_text="nhận").first)
    officer.look("viec-nhan-con")
    officer.reads("quan hệ cha – con", "Việc hộ tịch liên quan", birth.father.name.upper())
    officer.leave_by(officer.page.locator("main").get_by_role("link", name="Khai sinh, số"))
    officer.look("viec-khai-sinh")
    officer.reads(birth.father.name.upper(), "Nhận cha, mẹ, con, số")


def settle_both(code: str, ward: Ward) -> None:
    """The officer reads both halves; the leader decides once for both, on a telephone."""
    officer, leader = ward.officer, ward.deputy
    staff.open_dossier(officer, code, look="tham-tra-hai-viec")
    officer.reads("Nội dung khai sinh", "Nội dung nhận cha, mẹ, con", "ADN 12/2026", "quan hệ cha – con")
    for link in ("Xem trước giấy khai sinh", "Xem trước trích lục"):
        assert officer.fetch(officer.page.get_by_role("link", name=link)).startswith(b"%PDF-")
    staff.put_before_leader(code, clerk=ward.clerk, officer=officer, officer_id=ward.officer_id)
    leader.go("/mot-cua/ky/", look="cho-ky-hai-viec")
    leader.reads("Cha nhận con · Văn bản của cơ quan y tế, giám định (ADN)")
    leader.page.get_by_label(f"Chọn hồ sơ {code}").check()
    leader.click("Phê duyệt và ký (1)", within="main", look="dang-ky-hai-viec")
    expect(leader.page.locator("#ket-qua-ky")).to_contain_text("1 trong 1 hồ sơ đã ký xong", timeout=180_000)
