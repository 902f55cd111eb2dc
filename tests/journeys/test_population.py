"""A wrong day of birth found, decided beside the scan, noted and sent back; a dead person who is alive elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.harness.homes import wait_until

from tuphap.modules.population.tests.town import neighbours

from . import staff
from .test_old_books import page_of_the_book
from .visitor import PHONE

if TYPE_CHECKING:
    from tuphap.sample.families import Person

    from .town import Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(1200), pytest.mark.xdist_group("platform"),
]
YEAR, OFFICE = 1998, "Ủy ban nhân dân xã An Lạc (cũ)"
NOT_STATED = {"standing": "not_stated"}
Places = dict[str, dict[str, dict[str, str]]]


def people(town: Town, told: list[dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """What the simulated police have, after these records were entered."""
    url = f"http://localhost:{town.platform.port + 4}/_people"
    if told is not None:
        httpx.post(url, json={"people": told}, trust_env=False, timeout=30).raise_for_status()
    return {one["key"]: one for one in httpx.get(url, trust_env=False, timeout=30).json()["people"]}


def raw(text: str, value: str = "") -> dict[str, str]:
    return {"raw": text, "value": value, "standing": "given"}


def grown(name: str, born: str, **more: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    blank = dict.fromkeys(("ethnicity", "nationality", "personal_number", "id_paper", "residence"), NOT_STATED)
    return {**blank, "name": raw(name), "born_on": raw(born), **more}


SIGNED = {"page": raw("23"), "signer_name": raw("Trần Văn Chủ"), "signer_title": raw("Chủ tịch")}


def transcribe(
    officer: Visitor, leader: Visitor, what: str, number: str, parts: Mapping[str, Any], name: str, *, today: str
) -> str:
    """An entry of the book of 1998, from its scan to its act; the act's key."""
    call = staff.api(officer)
    entry = call("POST", "/civil-status/old-entries", what=f"civil_status.{what}", stands_for=True, office_name=OFFICE,
                 office_code=staff.own_unit(officer), year=YEAR, volume="01", number=number,
                 registered_on="1998-03-20", office_on=today)["id"]
    cookies = {c["name"]: c["value"] for c in officer.context.cookies()}
    officer.page.request.post(
        f"{officer.url}/api/v1/civil-status/old-entries/{entry}/scan",
        headers={"X-CSRFToken": cookies.get("tuphap_csrf", "")},
        multipart={"file": {"name": "trang-23.png", "mimeType": "image/png", "buffer": page_of_the_book(name)}})
    for part, places in {"line": SIGNED, "declarant": {}, **parts}.items():
        call("PUT", f"/civil-status/old-entries/{entry}/parts/{part}", places=places)
    call("POST", f"/civil-status/old-entries/{entry}/propose")
    return str(staff.api(leader)("POST", f"/civil-status/old-entries/{entry}/confirm", compared=True)["act"])


def birth_of(child: Person, mother: str, born: str) -> Mapping[str, Any]:
    return {
        "child": {"name": raw(child.name.upper()), "born_on": raw(born), "sex": raw("trai"), "ethnicity": NOT_STATED,
                  "nationality": NOT_STATED, "personal_number": NOT_STATED},
        "event": {"place": raw("Trạm xá xã"), "native_place": NOT_STATED},
        "mother": grown(mother, "1975"), "father": {},
    }


def death_of(dead: Person) -> Mapping[str, Any]:
    return {
        "deceased": grown(dead.name, f"{dead.born_on:%d/%m/%Y}", sex=raw("Nam")),
        "event": {"died_on": raw("01/02/1998"), "died_at": NOT_STATED, "place": raw("tại nhà"), "cause": NOT_STATED,
                  "proof": NOT_STATED},
    }


def test_a_wrong_day_is_put_right_on_both_sides(visit: Callable[..., Visitor], town: Town) -> None:
    officer, leader = visit("dan-cu-can-bo"), visit("dan-cu-lanh-dao", window=PHONE)
    staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(leader, staff.POSTS["deputy"])
    family = town.birth()
    child, dead, mother = family.father, town.elder(age=90), family.mother.name
    number = str(1000 + family.born_on.day * 41 % 8000)
    people(town, [
        *neighbours(300),
        {"key": "J-CON", "number": child.personal_number, "name": child.name.upper(), "sex": "male",
         "born_on": "1998-03-15", "mother": mother, "state": "alive"},
        {"key": "J-CU", "number": dead.personal_number, "name": dead.name.upper(), "sex": "male",
         "born_on": dead.born_on.isoformat(), "state": "alive"},
    ])
    act = transcribe(officer, leader, "birth", number, birth_of(child, mother, "08-03-1998"), child.name,
                     today=str(town.today))
    transcribe(officer, leader, "death", number, death_of(dead), dead.name, today=str(town.today))
    match(officer, YEAR)

    found = ticket(officer, child.name)
    decide_beside_the_scan(officer, found, child.name)
    leader.go(found, look="phieu-cho-xac-nhan")
    leader.reads("Đề xuất: Theo sổ", "05/03/1998")
    leader.click("Xác nhận, thực hiện", look="da-xac-nhan")
    wait_until(lambda: people(town)["J-CON"]["born_on"] == "1998-03-05", seconds=90,
               why=lambda: str(people(town)["J-CON"]))
    wait_until(lambda: state(officer, found) == "resolved", seconds=60)
    officer.go(f"/ho-tich/viec/{act}/", look="viec-da-ghi-chu")
    officer.reads("Sửa lỗi chép sổ", "05/03/1998")
    officer.go(found, look="phieu-da-xong")
    officer.reads("Công an đã sửa")

    leader.go("/thong-bao/", look="thong-bao-khan")
    leader.reads("Khẩn: xung đột dữ liệu")
    leader.go("/dan-cu/phieu/khan/", look="phieu-khan")
    leader.reads(dead.name.upper())
    urgent = ticket(officer, dead.name)
    officer.go(urgent, look="song-chet")
    officer.reads("Đã đăng ký khai tử nhưng dữ liệu dân cư ghi còn sống")
    officer.page.keyboard.press("s")
    officer.fill({"reason": "Sổ khai tử năm 1998, số trang 23"})
    officer.click("Quyết định", within="main", look="da-de-xuat")
    leader.go(urgent)
    leader.click("Xác nhận, thực hiện")
    wait_until(lambda: people(town)["J-CU"]["state"] == "dead", seconds=90)
    officer.go("/dan-cu/", look="tinh-hinh")
    officer.reads("Phiếu đang chờ ở đâu", "Công an đã sửa")


def match(officer: Visitor, year: int) -> None:
    """Take in what the police have, and match the books of a year."""
    officer.go("/dan-cu/dot/", look="dot")
    officer.click("Lấy thay đổi ngay", look="dang-lay")
    wait_until(lambda: staff.api(officer)("GET", "/population/figures")["pulled_at"], seconds=60)
    officer.go("/dan-cu/dot/")
    officer.fill({"year_from": str(year), "year_to": str(year)})
    officer.click("Chạy đối chiếu", look="dang-chay")
    batch = officer.page.url.rstrip("/").rpartition("/")[2]
    wait_until(lambda: staff.api(officer)("GET", f"/population/batches/{batch}")["state"] in ("done", "failed"),
               seconds=300)
    done = staff.api(officer)("GET", f"/population/batches/{batch}")
    assert done["state"] == "done", done
    officer.go(f"/dan-cu/dot/{batch}/", look="dot-da-xong")


def ticket(officer: Visitor, name: str) -> str:
    """Where the ticket about this person is."""
    officer.go(f"/dan-cu/phieu/?trang-thai=waiting&q={name.upper()}", look="danh-sach-phieu")
    return str(officer.page.locator("main tbody a.row-link").first.get_attribute("href"))


def state(officer: Visitor, address: str) -> str:
    key = address.rstrip("/").rpartition("/")[2]
    return str(staff.api(officer)("GET", f"/population/tickets/{key}")["state"])


def decide_beside_the_scan(officer: Visitor, address: str, name: str) -> None:
    """By keys: as the book says, what it says, why."""
    officer.go(address, look="phieu")
    officer.reads(name.upper(), "Khác một mục", "Bản quét trang sổ")
    assert officer.page.locator("#ban-quet img").evaluate("e => e.complete && e.naturalWidth > 0")
    officer.page.keyboard.press("s")
    officer.click("Quyết định", within="main", look="thieu-ly-do")
    officer.reads("Vui lòng nêu lý do, căn cứ.")
    officer.fill({"right_born_on": "05/03/1998", "reason": "Trang sổ ghi ngày 05 tháng 3"})
    officer.page.keyboard.press("Control+Enter")
    officer.page.wait_for_load_state()
    officer.reads("đã trình người thứ hai xác nhận")
