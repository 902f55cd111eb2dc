"""A book of scans from the manifest to its match: keyed by keyboard and twice, returned, approved, entered, matched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.harness.homes import wait_until

from tuphap.modules.population.tests.town import neighbours
from tuphap.sample.digitising import _drawn

from . import staff
from .test_population import match, people, ticket

if TYPE_CHECKING:
    from tuphap.sample.families import Person

    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(1200), pytest.mark.xdist_group("platform"),
]
OFFICE = "Ủy ban nhân dân xã Chẳng Còn, huyện An Hải, thành phố Hải Phòng"
DEPARTMENT = "Sở Tư pháp"
BOOK = "KS.1987.03"


def test_a_book_of_scans_comes_into_the_register(
    visit: Callable[..., Visitor], town: Town, tmp_path: Path
) -> None:
    manager, keyer, other = visit("quan-ly"), visit("nhap-mot"), visit("nhap-hai")
    proofer, deputy = visit("kiem-tra"), visit("pho-chu-tich")
    staff.step_in(manager, "Chuyên viên quản lý số hóa", look_for=DEPARTMENT)
    staff.step_in(keyer, "Nhân viên nhập liệu số hóa (tổ 1)", look_for=DEPARTMENT)
    staff.step_in(other, "Nhân viên nhập liệu số hóa (tổ 2)", look_for=DEPARTMENT)
    staff.step_in(proofer, "Chuyên viên kiểm tra số hóa", look_for=DEPARTMENT)
    staff.step_in(deputy, staff.POSTS["deputy"])
    officer = visit("dan-cu")
    staff.step_in(officer, staff.POSTS["officer"])
    born = town.birth().father, town.birth().father
    names = (born[0].name, born[1].name)

    everything_twice(manager, town)
    book = in_the_manifest(manager)
    scans_come_in(manager, book, town, tmp_path, names)

    keyer.go("/so-hoa/nhap/", look="cho-nhap")
    keyer.click(f"Nhập sổ này {BOOK}", look="nhap-lieu")
    keyed_by_keyboard(keyer, names[0], look="nhap-so-hai")
    keyed_by_keyboard(keyer, names[1])
    keyer.reads("Không còn việc nào chờ nhập")

    other.go("/so-hoa/nhap/")
    other.click("Tìm việc nhập lần hai", look="nhap-lan-hai")
    other.reads("(nhập lần hai)")
    assert names[0].upper() not in other.page.content()  # blind
    keyed_by_keyboard(other, names[0])
    keyed_by_keyboard(other, f"{names[1]} Nhầm")

    proofer.go("/so-hoa/kiem-tra/", look="cho-kiem-tra")
    proofer.click(BOOK, role="link", look="kiem-tra-so-mot")
    proofer.page.get_by_label(re.compile("Tôi đã đối chiếu")).check()
    proofer.click("Đúng, sang việc sau", look="kiem-tra-khac-nhau")
    proofer.reads(names[1].upper(), f"{names[1]} Nhầm".upper(), "Hai người đã nhập độc lập")
    proofer.page.get_by_label("Lý do trả lại mục Giới tính, Người được khai sinh").fill("Sổ ghi: gái")
    proofer.click("Trả lại người nhập", look="da-tra-lai")

    keyer.go("/so-hoa/nhap/")
    keyer.click("Nhập việc tiếp theo", look="nhap-lai")
    keyer.reads("Trả lại: Sổ ghi: gái")
    keyer.page.locator('[name="child_sex"]').fill("gái")
    keyer.page.keyboard.press("Control+Enter")
    keyer.page.wait_for_url("**/so-hoa/nhap/")

    proofer.go("/so-hoa/kiem-tra/")
    proofer.click(BOOK, role="link")
    for box in proofer.page.locator('main input[type="radio"][value="first"]').all():
        box.check()
    proofer.page.get_by_label(re.compile("Tôi đã đối chiếu")).check()
    proofer.click("Đúng, sang việc sau", look="kiem-tra-xong")

    deputy.go("/so-hoa/kiem-tra/", look="cho-duyet")
    deputy.click(BOOK, role="link", look="duyet-ca-so")
    deputy.page.get_by_label(re.compile("Tôi đã xem các việc chọn mẫu")).check()
    deputy.click("Duyệt 2 việc", look="da-duyet")

    told_by_the_police(officer, town, *born)
    manager.go(book)
    manager.click("Chuyển 2 việc đã duyệt", look="dang-chuyen")
    manager.page.get_by_text("Lần chạy gần nhất").wait_for(timeout=60_000)
    manager.reads("2/2 việc đã chuyển")
    manager.look("da-chuyen")
    found_in_the_register(deputy, book, names[1])
    match(officer, 1987)
    officer.go(ticket(officer, names[0]), look="phieu-khac-cach-viet")
    officer.reads("B", "Bản quét trang sổ")
    officer.page.keyboard.press("x")
    officer.fill({"reason": "Đúng là một người, sổ không ghi số định danh"})
    officer.page.keyboard.press("Control+Enter")
    officer.page.wait_for_load_state()
    wait_until(lambda: states(manager, book) == {"đã đối sánh dân cư": 1, "đã chuyển vào sổ": 1}, seconds=60,
               why=lambda: str(states(manager, book)))
    put_right_beside_the_scan(officer, deputy, town, born[1])
    wait_until(lambda: states(manager, book) == {"đã đối sánh dân cư": 2}, seconds=120,
               why=lambda: str(states(manager, book)))

    manager.go("/so-hoa/", look="tien-do")
    manager.go("/so-hoa/?theo=nam", look="tien-do-theo-nam")
    manager.reads("1987", "Từ dự kiến đến đối sánh")
    manager.go("/so-hoa/chat-luong/", look="chat-luong")
    manager.reads("Hà Văn Tuấn", "Họ, chữ đệm, tên")


def everything_twice(manager: Visitor, town: Town) -> None:
    """The practice of the province, for this walk: every entry is keyed by two."""
    manager.go("/so-hoa/quy-dinh/", look="quy-dinh")
    manager.fill({"valid_from": f"{town.today:%d/%m/%Y}", "keyed_twice": "100", "approver": "commune",
                  "basis": "Kế hoạch số hóa của tỉnh"})
    manager.click("Lưu", look="quy-dinh-moi")
    manager.reads("nhập hai lần 100 %")


def in_the_manifest(manager: Visitor) -> str:
    """A book whose office stands in no list any more; its address."""
    manager.go("/so-hoa/so/moi/", look="them-so")
    units = manager.page.locator('main [name="unit"] option').all_inner_texts()
    manager.page.locator('main [name="unit"]').select_option(
        label=next(u for u in units if "phường Hải An" in u and "đến" not in u))
    manager.fill({"stands_for": True, "office_name": OFFICE, "kind": "KS", "year": "1987", "volume": "03",
                  "first_number": "1", "last_number": "3", "condition": "worn"})
    manager.click("Lưu", look="so-trong")
    manager.reads(OFFICE, "Cũ, mờ")
    return manager.page.url.removeprefix(manager.url)


def scans_come_in(manager: Visitor, book: str, town: Town, tmp_path: Path, names: tuple[str, str]) -> None:
    """One by the page, with a file of a wrong name; one by the command."""
    def page(name: str, number: int) -> bytes:
        return _drawn(["SỔ ĐĂNG KÝ KHAI SINH", f"Số: {number}", f"Họ và tên: {name.upper()}", "Dân tộc: Kinh"])

    manager.page.locator('main [name="chosen"]').set_input_files([
        {"name": "KS.1987.03.1987-05-02.001.pdf", "mimeType": "application/pdf", "buffer": page(names[0], 1)},
        {"name": "bia.pdf", "mimeType": "application/pdf", "buffer": page("bìa", 0)},
    ])
    manager.click("Nạp bản quét", look="da-nap")
    manager.reads("Tên tệp không đúng mẫu", "Chưa có bản quét các số: 2–3.")
    folder = tmp_path / "KS" / "1987" / BOOK
    folder.mkdir(parents=True)
    (folder / f"{BOOK}.1987-06-01.002.pdf").write_bytes(page(names[1], 2))
    for new in ("1 bản quét mới, 0 đã có", "0 bản quét mới, 1 đã có"):
        told = town.platform.command("digitisation", "scans", str(tmp_path), "--all", "--by", "quanly.sohoa")
        assert new in " ".join(told.stdout.split()), told.stdout
    manager.go(book)
    manager.reads("Chưa có bản quét các số: 3.")


def keyed_by_keyboard(keyer: Visitor, name: str, *, look: str = "") -> None:
    """From the first box to the next entry, the mouse untouched."""
    board, here = keyer.page.keyboard, keyer.page.url
    for text in ("-", "-", "?", name.upper(), "05-4-1987", "trai", "Kinh", "-", "-", "Trạm xá xã", "?"):
        board.type(text)
        board.press("Enter")
    keyer.page.get_by_text("Không đọc được", exact=True).first.wait_for()
    board.press("Control+Enter")
    keyer.page.wait_for_url(lambda url: url != here)
    if look:
        keyer.look(look)


def found_in_the_register(deputy: Visitor, book: str, name: str) -> None:
    key = book.rstrip("/").rpartition("/")[2]
    deputy.go(f"/so-hoa/viec/?so={key}&trang-thai=da-chuyen", look="danh-sach-da-chuyen")
    deputy.click("02", role="link", exact=True, look="viec-da-chuyen")
    deputy.click("Việc hộ tịch trong sổ điện tử", role="link", look="viec-trong-so")
    deputy.reads("Chép từ sổ giấy.", name.upper(), "không đọc được")


def told_by_the_police(officer: Visitor, town: Town, first: Person, second: Person) -> None:
    """They have the first as the book has him; of the second another day of birth."""
    told = [{"key": f"S-{place}", "number": one.personal_number, "name": one.name.upper(), "sex": sex,
             "born_on": day, "state": "alive"}
            for place, (one, sex, day) in enumerate(((first, "male", "1987-04-05"), (second, "female", "1987-04-15")))]
    people(town, [*neighbours(300), *told])


def states(manager: Visitor, book: str) -> dict[str, int]:
    """How many entries of the book stand where, as its list says."""
    manager.go(f"/so-hoa/viec/?so={book.rstrip('/').rpartition('/')[2]}")
    told = [text.strip().lower() for text in manager.page.locator('main td[data-label="Trạng thái"]').all_inner_texts()]
    return {text: told.count(text) for text in told}


def put_right_beside_the_scan(officer: Visitor, deputy: Visitor, town: Town, born: Person) -> None:
    """The officer reads the page, a second confirms, the police correct their record."""
    found = ticket(officer, born.name)
    officer.go(found, look="phieu-ben-ban-quet")
    officer.reads(born.name.upper(), "Khác một mục", "Bản quét trang sổ")
    officer.page.keyboard.press("s")
    officer.fill({"reason": "Trang sổ ghi ngày 05 tháng 4"})
    officer.page.keyboard.press("Control+Enter")
    officer.page.wait_for_load_state()
    wait_until(lambda: people(town)["S-1"]["born_on"] == "1987-04-05", seconds=90,
               why=lambda: str(people(town)["S-1"]))
    deputy.go(found, look="phieu-da-sua")
    deputy.reads("Theo sổ")
