"""The pages: each opens for whom it is, keeps what was typed, says what is wrong beside its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tuphap.kernel import clock
from tuphap.modules.civil_status.tests.paper import UNREAD
from tuphap.modules.digitisation import operations
from tuphap.modules.digitisation.models import Book, Entry, Practice
from tuphap.modules.digitisation.rules import NAME_PATTERN, State

from .shelf import AT, Shelf, approved, birth, keyed, made_book, made_entry, named, practised, proofed, scan_of
from .test_ocr import picture_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
Browser = Callable[[str], "Client"]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.standing_at(AT):
        yield


def url(name: str, *args: object) -> str:
    return reverse(f"digitisation:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def fields(typed: dict[str, Any], **more: str) -> dict[str, str]:
    """What the keying screen posts: the signs for nothing and for not readable."""
    told = {"registered_on": "20/03/1998", **more}
    for part, places in typed.items():
        for place, one in places.items():
            sign = {"not_stated": "-", "illegible": "?"}.get(one.get("standing", ""), "")
            told[f"{part}_{place}"] = sign or one.get("raw", "")
            if one.get("value"):
                told[f"{part}_{place}_value"] = one["value"]
    return told


def test_the_manifest_is_typed_or_handed_in(shelf: Shelf, browser: Browser) -> None:
    manager = browser("manager")
    told = {"unit": str(shelf.then.pk), "office_name": shelf.then.name, "kind": "KS", "year": "1998", "volume": "1",
            "first_number": "1", "last_number": "20", "condition": "good"}
    answer = manager.post(url("enter_book"), told)
    assert answer.status_code == 422
    assert "Quyển số ghi hai chữ số" in text(answer)
    assert 'value="1998"' in text(answer)
    assert manager.post(url("enter_book"), {**told, "volume": "01"}).status_code == 302
    book = Book.objects.get()
    assert (book.expected, book.opened_on, book.what) == (20, date(1998, 1, 1), "civil_status.birth")
    head = "Mã đơn vị;Loại sổ;Năm;Quyển;Số cuối;Tình trạng;Ngày khóa\r\n"
    code = shelf.then.code
    rows = f"{code};KS;1998;1;20;;\r\n{code};TĐCC;1999;02A;35;Mất trang;31/12/2001\r\n"
    file = io.BytesIO(f"\ufeff{head}{rows}".encode())
    file.name = "danh-muc.csv"
    answer = manager.post(url("import_manifest"), {"file": file}, follow=True)
    assert "Đã thêm 1 sổ; 1 sổ đã có từ trước." in text(answer)
    other = Book.objects.get(kind="TĐCC")
    assert (other.volume, other.condition, other.closed_on, other.office_name) == (
        "02A", "incomplete", date(2001, 12, 31), shelf.then.name)
    bad = io.BytesIO(f"{head}{code};KS;1998;03;2x;;\r\n".encode())
    bad.name = "danh-muc.csv"
    answer = manager.post(url("import_manifest"), {"file": bad})
    assert answer.status_code == 422
    assert "Dòng 2: số cuối “2x” không phải là số." in text(answer)
    assert Book.objects.count() == 2


def test_scans_come_in_on_the_page(shelf: Shelf, browser: Browser) -> None:
    book = made_book(shelf, last_number=3, expected=3)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"KS/1998/KS.1998.01/{named('001')}", scan_of("1"))
        archive.writestr("KS/1998/KS.1998.01/bia.pdf", scan_of("bia"))
    packed.seek(0)
    packed.name = "so.zip"
    single = io.BytesIO(scan_of("2"))
    single.name = named("002")
    answer = browser("manager").post(url("take_in_scans", book.pk), {"chosen": [packed, single]}, follow=True)
    assert "Đã nhận 2 bản quét; 0 đã có từ trước; 1 không nhận được." in text(answer)
    assert "Chưa có bản quét các số: 3." in text(answer)
    assert "bia.pdf" in text(answer)
    broken = io.BytesIO(b"PK no zip")
    broken.name = "so.zip"
    answer = browser("manager").post(url("take_in_scans", book.pk), {"chosen": [broken]})
    assert answer.status_code == 422
    assert "Không mở được tệp ZIP." in text(answer)


def test_an_entry_is_keyed_and_the_next_follows(shelf: Shelf, browser: Browser) -> None:
    practised(shelf)
    book = made_book(shelf)
    one, two = made_entry(book, 1), made_entry(book, 2)
    keyer = browser("keyer")
    assert keyer.get(url("keying")).status_code == 200
    answer = keyer.post(url("take_next"), {"so": book.pk})
    assert answer["Location"] == url("key", one.pk)
    shown = text(keyer.get(url("key", one.pk)))
    assert shown.count("data-place=") == 27
    assert url("scan", one.pk) in shown
    answer = keyer.post(url("key", one.pk), fields(birth(sex={"raw": ""})))
    assert answer.status_code == 422
    assert "Giới tính: ghi đúng như trong sổ" in text(answer)
    assert 'value="NGUYỄN VĂN LÂM"' in text(answer)
    answer = keyer.post(url("key", one.pk), fields(birth(ethnicity=UNREAD), registered_on="20/03/2003"))
    assert "nằm ngoài thời gian dùng sổ" in text(answer)
    answer = keyer.post(url("key", one.pk), fields(birth(ethnicity=UNREAD)))
    assert answer["Location"] == url("key", two.pk)
    one.refresh_from_db()
    child = one.content["child"]
    assert (one.state, child["ethnicity"]["standing"], child["nationality"]["standing"]) == (
        State.KEYED, "illegible", "illegible")
    assert one.content["mother"]["born_on"] == {
        "raw": "năm Ất Mão", "value": "1975", "standing": "given", "read": True}
    answer = keyer.post(url("unreadable", two.pk), {"lam": "khong-doc", "reason": ""})
    assert answer.status_code == 422
    answer = keyer.post(url("unreadable", two.pk), {"lam": "khong-doc", "reason": "Nhòe hết"}, follow=True)
    assert "Hiện không còn việc nào chờ" in text(answer)


def test_a_scan_stands_in_our_pages_alone(shelf: Shelf, browser: Browser) -> None:
    book = made_book(shelf)
    operations.take_in(files_in=[operations.ScanFile(named("001"), scan_of("1"))], book_id=book.pk,
                       actor=shelf.who("manager"), at=AT)
    entry = Entry.objects.get()
    answer = browser("keyer").get(url("scan", entry.pk))
    assert answer.content == scan_of("1")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert browser("keyer").get(url("page", entry.pk, 1)).status_code == 404  # a scan without a picture in it
    operations.take_in(files_in=[operations.ScanFile(named("002"), picture_of("x"))], book_id=book.pk,
                       actor=shelf.who("manager"), at=AT)
    drawn = Entry.objects.get(number=2)
    assert browser("keyer").get(url("page", drawn.pk, 1))["Content-Type"] == "image/jpeg"
    assert "<img" in text(browser("looker").get(url("entry", drawn.pk)))
    assert "<iframe" in text(browser("looker").get(url("entry", entry.pk)))
    assert browser("elsewhere").get(url("scan", entry.pk)).status_code == 404
    assert browser("bank").get(url("entry", entry.pk)).status_code == 404


def test_it_is_proofed_or_returned_place_by_place(shelf: Shelf, browser: Browser) -> None:
    practised(shelf, keyed_twice=100)
    book = made_book(shelf)
    entry = keyed(shelf, made_entry(book, 1))
    keyed(shelf, entry, by="other", typed=birth("NGUYỄN VĂN LAM"))
    proofer = browser("proofer")
    assert "Chờ kiểm tra" in text(proofer.get(url("proofing")))
    assert proofer.get(url("proof_next", book.pk))["Location"] == url("proof", entry.pk)
    shown = text(proofer.get(url("proof", entry.pk)))
    assert "NGUYỄN VĂN LAM" in shown
    assert "NGUYỄN VĂN LÂM" in shown
    answer = proofer.post(url("proof", entry.pk), {"compared": "on"})
    assert answer.status_code == 422
    assert "Hai lần nhập khác nhau ở mục" in text(answer)
    answer = proofer.post(url("return_entry", entry.pk), {"tra:child.name": " "})
    assert answer.status_code == 422
    answer = proofer.post(url("return_entry", entry.pk), {"tra:child.name": "Xem lại chữ đệm"}, follow=True)
    assert "Đã trả lại người nhập." in text(answer)
    keyer = browser("keyer")
    answer = keyer.post(url("take_next"), {}, follow=True)
    assert "Trả lại: Xem lại chữ đệm" in text(answer)
    assert keyer.post(url("key", entry.pk), fields(birth())).status_code == 302
    answer = proofer.post(url("proof", entry.pk), {"compared": "on", "chon:child.name": "first"}, follow=True)
    assert "Đã kiểm tra số 01." in text(answer)
    shown = text(browser("looker").get(url("quality")))
    assert "Hà Văn Phím" in shown
    assert "Họ, chữ đệm, tên" in shown
    assert "Ngô Thị Gõ (sh.keyer);Người được khai sinh: Họ, chữ đệm, tên;1;0;0,00 %" in text(
        browser("looker").get(url("quality_file")))


def test_a_book_is_approved_and_transferred(shelf: Shelf, browser: Browser) -> None:
    practised(shelf)
    book = made_book(shelf)
    entry = proofed(shelf, keyed(shelf, made_entry(book, 1)))
    approver = browser("approver")
    assert "Nguyễn Văn Lâm" in text(approver.get(url("approve_book", book.pk)))
    assert approver.post(url("approve_book", book.pk), {}).status_code == 422
    answer = approver.post(url("approve_book", book.pk), {"seen": "on"}, follow=True)
    assert "Đã duyệt 1 việc." in text(answer)
    answer = browser("manager").post(url("transfer", book.pk), {}, follow=True)
    assert "Đang chuyển 1 việc" in text(answer)
    answer = browser("manager").post(url("transfer", book.pk), {})
    assert answer.status_code == 409
    assert "Việc này đang chạy cho sổ" in text(answer)
    shown = text(approver.get(url("entry", entry.pk)))
    assert "Trương Văn Duyệt" in shown
    assert "Kiểm tra · Lý Thị Soát" in shown


def test_progress_counts_what_has_come_so_far_and_further(shelf: Shelf, browser: Browser) -> None:
    practised(shelf)
    book = made_book(shelf)
    made_book(shelf, kind="KH", what="civil_status.marriage", year=2001, opened_on=date(2001, 1, 1), expected=5)
    made_entry(book, 1)
    approved(shelf, proofed(shelf, keyed(shelf, made_entry(book, 2))))
    looker = browser("looker")
    for axis, title in (("don-vi", shelf.world.here.short_name), ("loai", "Sổ đăng ký kết hôn"), ("nam", "2001")):
        shown = text(looker.get(url("progress"), {"theo": axis}))
        assert title in shown
    file = text(looker.get(url("progress_file", "csv"), {"theo": "loai"}))
    assert "Sổ đăng ký khai sinh;20;2;1;1;1;0;0;0;0" in file
    assert "Sổ đăng ký kết hôn;5;0;0;0;0;0;0;0;0" in file
    assert "Cộng;25;2;1;1;1;0;0;0;0" in file
    assert looker.get(url("progress_file", "xlsx")).content[:2] == b"PK"
    assert looker.get(url("progress_file", "doc")).status_code == 404
    narrowed = text(looker.get(url("progress_file", "csv"), {"theo": "loai", "loai": "KH"}))
    assert "khai sinh" not in narrowed
    assert "1 việc" in text(looker.get(url("entries"), {"muc": "approved"}))
    assert "2 việc" in text(looker.get(url("entries"), {"muc": "scanned", "so": book.pk}))
    assert "0 việc" in text(looker.get(url("entries"), {"trang-thai": "tra-lai"}))


def test_who_has_no_part_sees_nothing(shelf: Shelf, browser: Browser) -> None:
    book = made_book(shelf)
    for name in ("progress", "books", "keying", "proofing", "entries", "quality", "practice", "stray", "enter_book"):
        assert browser("bank").get(url(name)).status_code == 403, name
    assert browser("elsewhere").get(url("book", book.pk)).status_code == 404
    assert browser("keyer").get(url("quality")).status_code == 403


def test_the_practice_is_set_by_the_department(shelf: Shelf, browser: Browser) -> None:
    manager = browser("manager")
    shown = text(manager.get(url("practice")))
    assert "nhập hai lần 5 %" in shown
    told = {"valid_from": "10/03/2026", "keyed_twice": "8", "approver": "department", "basis": "Kế hoạch 12",
            "name_pattern": "x"}
    assert manager.post(url("practice"), told).status_code == 422
    assert manager.post(url("practice"), {**told, "name_pattern": NAME_PATTERN}).status_code == 302
    assert Practice.objects.get().keyed_twice == 8
    assert Entry.objects.count() == 0
