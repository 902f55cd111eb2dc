"""A birth of 1998 that only a book on paper knows: asked for as a copy, transcribed, returned, confirmed, given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import typst

from . import staff
from .papers import signer_serial
from .test_events import choose, take_in
from .test_follow_ups import Ward, requester, target
from .test_for_another import wait_for_result

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(1200), pytest.mark.xdist_group("platform"),
]
COPY = "2.000635"
OFFICE = "Ủy ban nhân dân xã Chẳng Còn, huyện An Hải, thành phố Hải Phòng"


def page_of_the_book(name: str) -> bytes:
    """The page as a camera sees it."""
    text = f"""#set page(width: 148mm, height: 105mm, fill: rgb("f4ecd8"))\n#set text(lang: "vi")
= Sổ đăng ký khai sinh\nQuyển số 01 · Trang 23 · Số 15\n\nHọ, chữ đệm, tên: {name}\n\nNgày sinh: 5-3-1998"""
    return bytes(typst.compile(text.encode(), format="png", ppi=110))


def typed(officer: Visitor, **places: str) -> None:
    """Of this part these places are written, every other is not stated."""
    for name in officer.page.locator('main select[name$="_standing"]').evaluate_all("all => all.map(e => e.name)"):
        code = name.removesuffix("_standing")
        raw, _, value = places.get(code, "").partition("=")
        if raw:
            officer.fill({code: raw, **({f"{code}_value": value} if value else {})})
        elif officer.page.locator(f'main [name="{name}"] option').count() > 1:
            officer.fill({code: "", name: "not_stated"})


def test_a_birth_on_paper_is_given_as_a_copy(visit: Callable[..., Visitor], town: Town) -> None:
    family, ward = town.birth(), Ward(visit)
    grown, year = family.father, 1998
    number = str(1000 + family.born_on.day * 37 % 8000)  # of a book that other journeys do not write in
    choose(ward.clerk, "trích lục", COPY)
    ward.clerk.page.get_by_label("Thu tiền mặt ngay, lập biên lai").check()
    code = take_in(ward.clerk, {
        "target": {**target(f"{number}/{year}", grown.name, "KS"), "on_paper": True, "office_then": OFFICE,
                   "registered_on": "20/03/1998", "volume": "01", "page": "23"},
        "request": {"copies": "1"}, "requester": requester(grown, family.home, relation="self"),
    })
    staff.api(ward.clerk)("POST", f"/dossiers/{code}/assign", to_user_id=ward.officer_id)
    staff.api(ward.officer)("POST", f"/dossiers/{code}/begin")
    entry = transcribe(ward, code, grown.name, number)
    leader = ward.deputy
    leader.go(f"/ho-tich/so-cu/{entry}/xac-nhan/", look="doi-chieu")
    leader.page.get_by_label("Lý do trả lại mục Giới tính, Người được khai sinh").fill("Sổ ghi: trai")
    leader.click("Trả lại người chép", look="da-tra-lai")
    put_right(ward, entry)
    leader.go(f"/ho-tich/so-cu/{entry}/xac-nhan/")
    leader.page.get_by_label(re.compile("Tôi đã đối chiếu")).check()
    leader.click("Xác nhận, vào sổ điện tử", look="viec-tu-so-giay")
    leader.reads("Chép từ sổ giấy.", "không ghi", grown.name.upper())
    give(ward, code)


def transcribe(ward: Ward, code: str, name: str, number: str) -> str:
    """From the panel of the request, page by page; the entry's key."""
    officer = ward.officer
    staff.open_dossier(officer, code, look="chua-co-trong-so")
    officer.reads("chỉ có trong sổ giấy")
    officer.click("Chép từ sổ giấy để vào sổ điện tử", role="link", look="chep-dong-so")
    officer.reads("Theo hồ sơ yêu cầu trích lục.")
    units = officer.page.locator('main [name="unit"] option').all_inner_texts()
    officer.page.locator('main [name="unit"]').select_option(label=next(u for u in units if "phường Hải An" in u and (
        "đến" not in u)))
    officer.fill({"stands_for": True, "volume": "01"})
    officer.page.locator('main [name="scan"]').set_input_files(
        {"name": "trang-23.png", "mimeType": "image/png", "buffer": page_of_the_book(name)})
    officer.click("Tiếp tục", look="trang-so-nguoi-ky")
    entry = officer.page.url.split("/so-cu/")[1].split("/")[0]
    parts: tuple[tuple[str, dict[str, str]], ...] = (
        ("nguoi-duoc-khai-sinh", {"page": "23", "signer_name": "Trần Văn Chủ", "signer_title": "Chủ tịch"}),
        ("noi-sinh", {"name": name.upper(), "born_on": "mồng năm tháng Ba=05/03/1998", "sex": "Nữ"}),
        ("nguoi-me", {"place": "Trạm xá xã"}), ("nguoi-cha", {"name": "Trần Thị Hoa", "born_on": "1975"}),
        ("nguoi-di-khai", {}), ("dong-so", {}),
    )
    for look, places in parts:
        typed(officer, **places)
        officer.click("Lưu và tiếp tục", look=look)
    officer.reads("Trình xác nhận", "Không ghi")
    officer.click("Trình xác nhận", look="da-trinh")
    officer.reads("Chờ xác nhận")
    return entry


def put_right(ward: Ward, entry: str) -> None:
    officer = ward.officer
    officer.go("/ho-tich/so-cu/", look="so-cu")
    officer.reads("Trả lại", "1 mục cần sửa")
    officer.go(f"/ho-tich/so-cu/{entry}/phan/child/", look="sua-muc")
    officer.reads("Sổ ghi: trai")
    officer.fill({"sex": "trai"})
    officer.click("Lưu và tiếp tục")
    officer.click("Trình xác nhận")


def give(ward: Ward, code: str) -> None:
    """The request goes on; the copy is signed, and says from which book it is taken."""
    found = staff.api(ward.officer)("GET", f"/dossiers/{code}/findings")
    assert not [one for one in found if one["severity"] == "error"], found
    staff.api(ward.officer)("POST", f"/dossiers/{code}/propose", acknowledged={one["code"]: "Đúng." for one in found})
    staff.api(ward.deputy)("POST", f"/dossiers/{code}/approve")
    wait_for_result(ward.clerk, code)
    staff.open_dossier(ward.clerk, code, look="ban-sao-so-cu")
    ward.clerk.reads("Trích lục khai sinh (bản sao)")
    paper = ward.clerk.fetch(ward.clerk.page.get_by_role("link", name=re.compile("Trích lục khai sinh")).first)
    assert signer_serial(paper) > 0
    assert OFFICE.split(",")[0] in text_of(paper)
    assert "quyển số 01, trang 23" in text_of(paper)


def text_of(paper: bytes) -> str:
    """What a reader sees on its pages, on one line."""
    import subprocess

    done = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True, timeout=60)
    return " ".join(done.stdout.decode().split())
