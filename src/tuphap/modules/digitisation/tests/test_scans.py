"""Scans come in: held against name, manifest and what is there; what is wrong is listed; once is as often as twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tuphap.modules.digitisation import commands, operations, rules
from tuphap.modules.digitisation.models import Book, Entry, Job, ScanIssue
from tuphap.modules.digitisation.operations import ScanFile, TakenIn
from tuphap.modules.digitisation.rules import ScanFault, State
from tuphap.shared.access import api as access
from tuphap.shared.files.models import StoredFile
from tuphap.shared.orgs.models import OrgUnit

from .shelf import AT, Shelf, keyed, made_book, made_entry, named, scan_of

pytestmark = pytest.mark.django_db


def take(shelf: Shelf, *files: ScanFile, book: Book | None = None, by: str = "manager") -> TakenIn:
    return operations.take_in(files_in=files, book_id=book.pk if book else None, actor=shelf.who(by), at=AT)


def told(book: Book | None) -> dict[str, str]:
    return dict(ScanIssue.objects.filter(book=book, gone_at__isnull=True).values_list("code", "what"))


def file(number: str, text: str = "", **more: str) -> ScanFile:
    return ScanFile(named(number, **more), scan_of(text or number))


def test_a_scan_becomes_an_entry_of_its_book(shelf: Shelf) -> None:
    book = made_book(shelf, last_number=4, expected=4)
    folder = f"Hải Phòng/Huyện cũ/{shelf.then.admin_unit.name}/KS/1998/KS.1998.01"
    taken = take(shelf, ScanFile(named("002"), scan_of("2", pages=3), folder), file("004"))
    assert (taken.new, taken.refused) == (2, 0)
    entry = Entry.objects.get(book=book, number=2)
    assert (entry.state, entry.registered_on, entry.pages, entry.what) == (
        State.SCANNED, date(1998, 3, 20), 3, "civil_status.birth")
    assert told(book) == {ScanFault.NUMBER_MISSING: "Chưa có bản quét các số: 1, 3."}


def test_the_same_folder_again_changes_nothing_and_what_was_mended_goes(shelf: Shelf) -> None:
    book = made_book(shelf, last_number=2, expected=2)
    broken = ScanFile(named("002"), b"%PDF-1.4 half of it")
    assert take(shelf, file("001"), broken).refused == 1
    assert set(told(book)) == {ScanFault.FILE_BAD, ScanFault.NUMBER_MISSING}
    again = take(shelf, file("001"), broken)
    assert (again.new, again.there, again.refused) == (0, 1, 1)
    assert ScanIssue.objects.filter(book=book).count() == 2
    assert take(shelf, file("001"), file("002")).new == 1
    assert told(book) == {}
    assert (Entry.objects.count(), StoredFile.objects.count()) == (2, 2)


def test_what_cannot_be_is_said_with_its_code(shelf: Shelf) -> None:
    book = made_book(shelf, last_number=20)
    other = made_book(shelf, volume="02")
    made = made_entry(book, 9)
    keyed(shelf, made_entry(book, 10))
    assert take(shelf, file("005", "five"), book=book).new == 1
    wrong = {
        ScanFault.NAME: ScanFile("trang bia.pdf", scan_of("x")),
        ScanFault.NUMBER_OUTSIDE: file("021"),
        ScanFault.SEEN_BEFORE: file("006", "five"),
        ScanFault.NUMBER_REPEATED: file("009", "another nine"),
        ScanFault.FIXED: file("010", "another ten"),
        ScanFault.NO_PAGES: ScanFile(named("011"), scan_of("none", pages=0)),
        ScanFault.FILE_BAD: ScanFile(named("012"), b"GIF89a"),
    }
    taken = take(shelf, *wrong.values(), book=book)
    assert (taken.new, taken.refused) == (0, len(wrong))
    assert set(told(book)) == {*wrong, ScanFault.NUMBER_MISSING}
    assert told(book)[ScanFault.SEEN_BEFORE] == f"Tệp trùng từng byte với bản quét số 05 của sổ {book}."
    assert take(shelf, file("001", "one", volume="02"), book=book).refused == 1
    assert told(book)[ScanFault.OTHER_BOOK] == "Tệp thuộc sổ KS.1998.02, không phải sổ này."
    assert take(shelf, file("001", "one", volume="03")).refused == 1
    assert told(None)[ScanFault.NO_BOOK] == "Chưa có sổ KS.1998.03 trong danh mục."
    made_book(shelf, volume="03")
    assert take(shelf, file("001", "one", volume="03")).new == 1
    assert ScanFault.NO_BOOK not in {one.code for one in ScanIssue.objects.filter(gone_at__isnull=True)}
    assert Entry.objects.filter(book=other).count() == 0
    made.refresh_from_db()
    assert made.state == State.SCANNED


def test_doubts_are_told_and_the_scan_comes_in(shelf: Shelf) -> None:
    late = made_book(shelf, volume="05", last_number=2, expected=2)
    taken = take(shelf, ScanFile(named("001", volume="05", day="2003-05-05"), scan_of("late"), "xã/KH/1998/KH.1998.05"),
                 file("002", volume="05"))
    assert (taken.new, taken.refused, taken.doubts) == (2, 0, 1)
    assert set(told(late)) == {ScanFault.DAY_OUTSIDE, ScanFault.FOLDER}
    now = made_book(shelf, unit=shelf.world.here, office_name=shelf.world.here.name, volume="06")
    assert take(shelf, file("001", "n", volume="06"), book=now).new == 1
    assert told(now)[ScanFault.NO_OFFICE] == f"{shelf.world.here.name} không hoạt động vào ngày 20/03/1998."


def test_two_books_of_the_same_name_are_told_apart_by_their_folder(shelf: Shelf) -> None:
    made_book(shelf)
    neighbour = OrgUnit.objects.filter(kind="ubnd_xa", successor=shelf.world.here).exclude(pk=shelf.then.pk).order_by(
        "code")[0]
    theirs = made_book(shelf, unit=neighbour, office_name=neighbour.name)
    area = neighbour.admin_unit.name
    assert take(shelf, ScanFile(named("001"), scan_of("1"), f"HP/H/{area}/KS/1998/KS.1998.01")).books == {theirs.pk}
    assert take(shelf, file("002")).refused == 1  # nothing says whose


def test_who_manages_there_takes_scans_in(shelf: Shelf) -> None:
    book = made_book(shelf)
    for who in ("keyer", "looker", "approver"):
        with pytest.raises(access.Forbidden):
            take(shelf, file("001"), book=book, by=who)
    with pytest.raises(access.Forbidden):
        take(shelf, file("001"), book=book, by="elsewhere")
    assert take(shelf, file("001"), by="elsewhere").refused == 1  # no book of his


def test_a_bad_page_is_scanned_again(shelf: Shelf) -> None:
    book = made_book(shelf, last_number=1, expected=1)
    take(shelf, file("001", "dark"))
    entry = Entry.objects.get(book=book)
    operations.ask_for_scan(entry_id=entry.pk, reason="Ảnh tối", actor=shelf.who("keyer"), at=AT)
    operations.look_for_gaps(book_id=book.pk, actor=shelf.who("manager"), at=AT)
    assert ScanFault.NUMBER_MISSING in told(book)
    assert take(shelf, file("001", "light")).new == 1
    entry.refresh_from_db()
    assert (entry.state, entry.scan is not None, told(book)) == (State.SCANNED, True, {})


def test_what_was_keyed_elsewhere_is_given_its_scan(shelf: Shelf) -> None:
    book = made_book(shelf, last_number=1, expected=1)
    entry = made_entry(book, 1, state=State.KEYED, scan=None, pages=None, source="nhap-1", keyed_at=AT, content={})
    assert take(shelf, file("001")).new == 1
    entry.refresh_from_db()
    assert (entry.state, entry.pages) == (State.KEYED, 1)


def test_a_whole_folder_comes_in_and_goes_on_after_a_break(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "BATCH", 3)
    book = made_book(shelf, last_number=8, expected=8)
    place = tmp_path / "Hải Phòng" / "Huyện" / shelf.then.admin_unit.name / "KS" / "1998" / "KS.1998.01"
    place.mkdir(parents=True)
    for number in range(1, 8):
        (place / named(f"{number:03d}")).write_bytes(scan_of(str(number)))
    (place / "bia truoc.pdf").write_bytes(scan_of("bia"))
    (place / ".DS_Store").write_bytes(b"x")
    actor, seen = commands.person("sh.manager"), []

    def broken_off(done: int, of: int, so_far: TakenIn) -> None:
        seen.append((done, of))
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commands.take_in_folder(folder=tmp_path, book_id=None, actor=actor, tell=broken_off)
    assert seen == [(3, 8), (6, 8)]
    job = Job.objects.get()
    assert (job.done + job.failed, job.total, job.ended_at) == (6, 8, None)
    taken = commands.take_in_folder(folder=tmp_path, book_id=None, actor=actor, tell=lambda *_: None)
    assert (taken.new + taken.there, taken.refused) == (7, 1)
    job.refresh_from_db()  # taken up, not begun anew
    assert (job.done, job.failed, job.total, job.ended_at is None) == (7, 1, 8, False)
    assert taken.there >= 5
    assert Entry.objects.filter(book=book).count() == 7
    assert told(book)[ScanFault.NUMBER_MISSING] == "Chưa có bản quét các số: 8."
    with pytest.raises(rules.FolderMissing):
        commands.take_in_folder(folder=tmp_path / "x", book_id=None, actor=actor, tell=lambda *_: None)
    with pytest.raises(commands.UnknownPerson):
        commands.person("nobody")
