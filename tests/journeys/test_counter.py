"""A clerk's morning of paper dossiers by keyboard alone, and a batch signed on a telephone.

Ten and twenty are what the platform is measured by (``make test-full``); some of each show that all of it works.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tuphap.sample.families import Birth, Person

from . import staff
from .keyboard import Keyboard
from .town import WARD, pages
from .visitor import PHONE, expect

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]


@dataclass(slots=True)
class Morning:
    codes: list[str]
    keys: int
    scanned: int
    seconds: float


@pytest.mark.parametrize(
    ("births", "batch"), [pytest.param(3, 5, id="some"), pytest.param(10, 20, id="morning", marks=pytest.mark.full)]
)
def test_by_keyboard_alone_and_signed_on_a_telephone(
    visit: Callable[..., Visitor], town: Town, capsys: pytest.CaptureFixture[str], births: int, batch: int
) -> None:
    clerk, officer, chairman = visit("ban-phim"), visit("ban-phim-can-bo"), visit("ky-20", window=PHONE, touch=True)
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(chairman, staff.POSTS["deputy"])  # another journey revokes the chairman's certificate

    clear_desk(clerk)
    morning = take_in(clerk, town, births)
    figures: dict[str, Any] = {
        "journey": "counter_morning", "dossiers": births, "keystrokes": morning.keys, "scanned": morning.scanned,
        "keystrokes_each": round(morning.keys / births), "seconds": round(morning.seconds, 1),
    }
    hand_over(clerk, officer, morning.codes)

    unit = staff.api(clerk)("GET", f"/dossiers/{morning.codes[0]}")["receiving_unit"]
    codes = [*morning.codes]
    codes += [staff.take_in(clerk, town.birth(), unit=unit, today=town.today) for _ in range(batch - births)]
    for code in codes:
        staff.put_before_leader(code, clerk=clerk, officer=officer, officer_id=officer_id)
    taps, seconds = sign_on_telephone(chairman, codes)
    with capsys.disabled():
        print("\n" + json.dumps(figures))  # noqa: T201
        signed = {"journey": "leader_batch", "dossiers": batch, "taps": taps, "seconds": round(seconds, 1)}
        print(json.dumps(signed))  # noqa: T201
    assert morning.keys < 480 * births and taps <= 6  # about 422 each, most of them names and addresses


def clear_desk(clerk: Visitor) -> None:
    """Papers that others left at this desk go their way first: the morning's list is to hold the morning's."""
    clerk.go("/mot-cua/ban-giao/")
    everything = clerk.page.get_by_role("button", name="Lập tất cả phiếu")
    if everything.count():
        clerk.leave_by(everything)
    clerk.go("/")


def take_in(clerk: Visitor, town: Town, births: int) -> Morning:
    """From the first page of the day: not once the mouse."""
    keys, codes, begun = Keyboard(clerk.page), [], time.monotonic()
    keys.leave("g", "t")
    keys.until(lambda here: here["name"] == "q", "the search has the focus")
    keys.type("khai sinh")
    keys.leave("Enter")
    keys.until(lambda here: here["name"] == "q", "the search has the focus")
    keys.press("ArrowDown")
    keys.leave("Enter")
    for _ in range(births):
        codes.append(one_birth(keys, town.birth()))
        keys.leave("p")
        assert codes[-1] in clerk.page.locator("main").inner_text()  # the receipt, being printed
        if len(codes) == 1:
            clerk.look("phieu-in")
        keys.leave("n")
    assert len(set(codes)) == births
    return Morning(codes, keys.pressed, keys.scanned, time.monotonic() - begun)


def one_birth(keys: Keyboard, birth: Birth) -> str:
    """The whole declaration, the papers, the receipt; the code it was given."""
    told = {f"{page}-{name}": value for page, values in pages(birth, marriage="31/2020").items()
            for name, value in values.items()}
    parents = {"trang-mother": birth.mother, "trang-father": birth.father}
    keys.fill(told, cards={part: card(parent, birth.home) for part, parent in parents.items()})
    order = list(dict.fromkeys(name.partition("-")[0] for name in keys.seen))
    assert order[:4] == ["child", "mother", "father", "declarant"], order  # by Tab in the order in which it is read
    keys.press("Alt+g")
    keys.leave("Control+Enter")
    code = keys.page.locator(".page-head .code").first.inner_text()
    assert birth.child_name.split()[-1] and code in keys.page.locator(".messages").inner_text()
    return code


def card(person: Person, home: str) -> str:
    """What the code on a new card says."""
    sex = "Nam" if person.sex == "nam" else "Nữ"
    place = f"{home}, {WARD}, Thành phố Hải Phòng"
    return f"{person.personal_number}||{person.name}|{person.born_on:%d%m%Y}|{sex}|{place}|20082025"


def hand_over(clerk: Visitor, officer: Visitor, codes: list[str]) -> None:
    """One key makes the list; the search opens a dossier by its code; the officer signs for all but one."""
    keys = Keyboard(clerk.page)
    clerk.go("/")
    keys.press("/")
    keys.type(codes[0])
    keys.leave("Enter")
    assert clerk.page.url.endswith(f"/mot-cua/ho-so/{codes[0]}/")
    keys.leave("g", "n")
    clerk.look("ban-giao")
    keys.leave("l")
    clerk.reads("Đã lập phiếu bàn giao", *codes)
    number = clerk.page.locator("h1").inner_text().removeprefix("Phiếu bàn giao số ")
    clerk.look("phieu-ban-giao")
    keys.leave("p")
    clerk.look("in-ban-giao")
    officer.go("/mot-cua/ban-giao/")
    officer.leave_by(officer.page.locator("section[aria-labelledby=cho-nhan]").get_by_role(
        "link", name=number, exact=True))
    officer.look("ky-nhan")
    officer.page.get_by_role("checkbox", name=f"Nhận hồ sơ {codes[0]}").uncheck()
    officer.click("Ký nhận", within="main")
    officer.reads("nêu lý do không nhận hồ sơ")
    officer.page.get_by_label(f"Lý do không nhận hồ sơ {codes[0]}").fill("Thiếu chữ ký người nộp")
    officer.click("Ký nhận", within="main")
    officer.reads("Đã ký nhận phiếu bàn giao", "Thiếu chữ ký người nộp")


def sign_on_telephone(chairman: Visitor, codes: list[str]) -> tuple[int, float]:
    """With a finger: details of one, all ticked, one yes; how many touches and seconds."""
    begun, page = time.monotonic(), chairman.page
    chairman.go("/mot-cua/ky/", look="ky-20")
    shown = page.locator(".sign-card")
    expect(shown).to_have_count(len(codes))
    shown.first.get_by_text("Chi tiết").tap()
    expect(shown.first).to_contain_text("Người trình")
    page.get_by_text("Chọn tất cả").tap()
    page.get_by_role("button", name=f"Phê duyệt và ký ({len(codes)})").tap()
    with page.expect_navigation():
        page.locator("#confirm [data-yes]").tap()
    expect(page.locator("#ket-qua-ky")).to_contain_text(f"{len(codes)} trong {len(codes)} hồ sơ đã ký xong",
                                                        timeout=180_000)
    seconds = time.monotonic() - begun
    chairman.look("ky-20-xong")
    return 4, seconds
