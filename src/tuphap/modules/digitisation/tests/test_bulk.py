"""Files taken in, on a real database: loaded, set aside, taken in again, mended, pushed off."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bench import keyed

from tuphap.kernel.actor import system_actor
from tuphap.modules.civil_status import public as register
from tuphap.modules.civil_status.models import BirthAct
from tuphap.modules.civil_status.written import sections
from tuphap.modules.digitisation.bulk import export, operations, rules, running, sources
from tuphap.modules.digitisation.bulk.models import Batch, FaultyRow, ImportedBook
from tuphap.modules.digitisation.models import Book, Entry
from tuphap.modules.digitisation.operations import begin_transfer, transfer_some
from tuphap.modules.digitisation.rules import BookState, State
from tuphap.shared.access.api import Forbidden
from tuphap.shared.audit.models import Entry as Told
from tuphap.shared.orgs.models import OrgUnit

from .shelf import AT, Shelf, approved, made_book, made_entry, practised, proofed

BIRTH = "civil_status.birth"
ROW = {
    "Quyển số": "01/1998", "Số": "1", "Ngày đăng ký": "15/03/1998", "Họ tên con": "NGUYỄN THỊ ÁNH",
    "Ngày sinh": "01/03/1998", "Giới tính": "Nữ", "Họ tên mẹ": "Trần Thị Bích",
}


def offices(shelf: Shelf, count: int = 3) -> list[tuple[str, str]]:
    found = OrgUnit.objects.filter(kind=OrgUnit.Kind.COMMUNE, valid_to=shelf.then.valid_to).order_by("code")
    return list(found.values_list("code", "name")[:count])


def written(path: Path, *rows: Mapping[str, str]) -> Path:
    """A CSV of these rows, each like :data:`ROW` but for what is given."""
    whole = [{**ROW, **row} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as out:
        told = csv.DictWriter(out, list(dict.fromkeys(name for row in whole for name in row)))
        told.writeheader()
        told.writerows(whole)
    return path


def chosen(shelf: Shelf, path: Path, *, what: str = BIRTH, chunk: int = 400, by: str = "manager") -> Batch:
    source = sources.lay_down(path, path.parent / "imports", register.ENTRY_KINDS[what], chunk=chunk)
    return operations.choose(source=source, what=what, unit_id=shelf.department.pk, actor=shelf.who(by), at=AT)


def taken_in(shelf: Shelf, path: Path, *, office: str | None = None, **more: Any) -> Batch:
    """The file from choosing to its end."""
    actor, batch = shelf.who("manager"), chosen(shelf, path, **more)
    if office is None and "Cơ quan đăng ký" not in batch.headers:
        office = shelf.then.code
    if office is not None and batch.is_mapping:
        operations.write_mapping(batch_id=batch.pk, shape=batch.shape, columns=batch.columns, office_code=office,
                                 actor=actor, at=AT)
    operations.start(batch_id=batch.pk, actor=actor, at=AT, by_job=False)
    return running.run(batch.pk, folder=path.parent / "imports", actor=actor)


def faults(batch: Batch) -> list[tuple[int, list[str]]]:
    return [(row.row, [found["code"] for found in row.faults]) for row in FaultyRow.objects.filter(batch=batch)]


def test_a_file_is_loaded_and_its_faulty_rows_are_set_aside(shelf: Shelf, tmp_path: Path) -> None:
    spoiled = keyed.write(tmp_path / "a.csv", rows=3000, offices=offices(shelf))
    batch = taken_in(shelf, tmp_path / "a.csv")
    assert batch.state == rules.BatchState.DONE
    assert (batch.loaded, batch.aside) == (2965, 35)
    assert sum(spoiled.values()) == batch.aside == FaultyRow.objects.filter(is_aside=True).count()
    found = {code for _, codes in faults(batch) for code in codes}
    assert found == {"registered_on", "missing", "before_event", "repeated", "office_unknown"}
    assert Entry.objects.count() == 2965
    assert {entry.source[:17] for entry in Entry.objects.all()} == {f"{batch.sha256[:16]}:"}
    book = Book.objects.order_by("pk").first()
    assert book is not None
    assert book.counts.get(state=State.KEYED).entries == book.entries.count() == book.expected
    assert book.last_number == keyed.PER_BOOK
    assert ImportedBook.objects.count() == Book.objects.count() == 9
    chunks = Told.objects.filter(event=rules.Event.LOADED, subject_id=str(batch.pk))
    assert sum(one.facts["loaded"] for one in chunks) == 2965
    assert {one.facts["sha256"] for one in chunks} == {batch.sha256}


def test_what_stands_in_a_cell_is_kept_beside_what_it_means(shelf: Shelf, tmp_path: Path) -> None:
    from tuphap.engines.vietnamese.legacy import Encoding, encode

    words = ("Nguyễn Thị Huyền", "Phạm Thị Hường", "Trần Đức Dũng", "Vũ Thị Thủy", "Đỗ Mạnh Cường", "Lê Thị Quỳnh")
    rows = [{"Số": str(n), "Họ tên con": encode(name, Encoding.TCVN3), "Họ tên mẹ": encode(name, Encoding.TCVN3),
             "Giới tính": "-"} for n, name in enumerate(words, start=1)]
    batch = taken_in(shelf, written(tmp_path / "a.csv", *rows))
    assert batch.loaded == len(words), faults(batch)
    for entry, row, name in zip(Entry.objects.order_by("number"), rows, words, strict=True):
        child = entry.content["child"]
        assert child["name"] == {"raw": row["Họ tên con"], "value": name, "standing": "given", "read": True}
        assert child["sex"] == {"raw": "", "value": "", "standing": "not_stated", "read": False}
        assert child["born_on"] == {"raw": "01/03/1998", "value": "1998-03-01", "standing": "given", "read": False}
        assert "personal_number" not in child, "the file has no such column"
        assert f"Số: {row['Số']}" in entry.content["line"]["as_written"]["raw"]
        assert entry.book.unit == shelf.then


def test_the_same_file_again_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    keyed.write(tmp_path / "a.csv", rows=900, offices=offices(shelf))
    first = taken_in(shelf, tmp_path / "a.csv")
    export.write(tmp_path / "first.csv", actor=shelf.who("manager"), at=AT)
    assert taken_in(shelf, tmp_path / "a.csv") == first
    # The same rows in another file: every entry is there word for word.
    (tmp_path / "b.csv").write_text((tmp_path / "a.csv").read_text() + "\n")
    again = taken_in(shelf, tmp_path / "b.csv")
    assert again != first
    assert (again.loaded, again.same) == (0, first.loaded)
    assert again.aside == first.aside
    export.write(tmp_path / "again.csv", actor=shelf.who("manager"), at=AT)
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "first.csv").read_bytes()


def test_another_content_under_a_number_is_set_aside(shelf: Shelf, tmp_path: Path) -> None:
    taken_in(shelf, written(tmp_path / "a.csv", {}))
    batch = taken_in(shelf, written(tmp_path / "b.csv", {"Họ tên con": "Nguyễn Thị Ánh Tuyết"}, {"Số": "2"},
                                    {"Số": "2", "Giới tính": "Nam"}, {"Số": "2"}))
    assert (batch.loaded, batch.same, batch.aside) == (1, 1, 2)
    assert faults(batch) == [(2, ["taken"]), (4, ["repeated"])]
    [taken, repeated] = [row.told[0] for row in FaultyRow.objects.filter(batch=batch)]
    assert taken == ("Dòng 2, cột “Số”",
                     "Đã có số “1” của quyển sổ này trong hệ thống, nội dung khác (chờ kiểm tra).")
    assert repeated == ("Dòng 4, cột “Số”",
                        "Số “2” của quyển sổ này đã có ở dòng 3 của tệp, nội dung khác.")
    assert Entry.objects.get(number=1).content["child"]["name"]["raw"] == "NGUYỄN THỊ ÁNH"


def test_the_manifest_and_its_scans_are_met(shelf: Shelf, tmp_path: Path) -> None:
    book = made_book(shelf)
    scanned, collected = made_entry(book, 1), made_entry(book, 2, scan=None, state=State.COLLECTED, scanned_at=None)
    keyed_here = made_entry(book, 3, state=State.KEYED, keyer=shelf.users["keyer"], keyed_at=AT, content={})
    batch = taken_in(shelf, written(tmp_path / "a.csv", *({"Số": str(n)} for n in (1, 2, 3, 4, 21))))
    assert (batch.loaded, batch.joined, batch.aside) == (1, 2, 2), faults(batch)
    assert faults(batch) == [(4, ["taken"]), (6, ["out_of_book"])]
    assert not ImportedBook.objects.exists()
    for entry in (scanned, collected):
        entry.refresh_from_db()
        assert (entry.state, entry.keyer, entry.scan is None) == (State.KEYED, None, entry.number == 2)
        assert entry.content["child"]["name"]["value"] == "Nguyễn Thị Ánh"
    keyed_here.refresh_from_db()
    assert keyed_here.content == {}


def test_a_closed_book_takes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    made_book(shelf, state=BookState.CLOSED)
    batch = taken_in(shelf, written(tmp_path / "a.csv", {}))
    assert faults(batch) == [(2, ["book_closed"])]


def test_a_row_that_was_mended_comes_right_and_is_told_so(shelf: Shelf, tmp_path: Path) -> None:
    first = taken_in(shelf, written(
        tmp_path / "a.csv", {"Ngày đăng ký": "31/02/1998"}, {"Số": "2", "Ngày sinh": "1999"}))
    assert faults(first) == [(2, ["registered_on"]), (3, ["before_event"])]
    rows = FaultyRow.objects.filter(batch=first).order_by("row")
    marks = [rules.mark_of(first.sha256, row.row) for row in rows]
    second = taken_in(shelf, written(
        tmp_path / "b.csv", {**rows[0].cells, "Ngày đăng ký": "28/02/1998", "Ngày sinh": "1998", "Mã dòng": marks[0]},
        {**rows[1].cells, "Mã dòng": marks[1], "Đúng như sổ": "x"}))
    assert (second.loaded, second.mended, second.remarked) == (2, 2, 1)
    assert [row.mended_by for row in rows.all()] == [second, second]
    remark = FaultyRow.objects.get(batch=second)
    assert not remark.is_aside
    assert [found["blocks"] for found in remark.faults] == [False]


def test_who_manages_elsewhere_loads_nothing_here(shelf: Shelf, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", {})
    with pytest.raises(Forbidden):
        chosen(shelf, path, by="looker")
    source = sources.lay_down(path, tmp_path / "imports", register.ENTRY_KINDS[BIRTH])
    actor = shelf.who("elsewhere")
    batch = operations.choose(source=source, what=BIRTH, unit_id=shelf.world.there.pk, actor=actor, at=AT)
    operations.write_mapping(batch_id=batch.pk, shape="entry", columns=batch.columns, office_code=shelf.then.code,
                             actor=actor, at=AT)
    operations.start(batch_id=batch.pk, actor=actor, at=AT, by_job=False)
    batch = running.run(batch.pk, folder=tmp_path / "imports", actor=actor)
    assert faults(batch) == [(2, ["office_foreign"])]


def test_a_mapping_by_which_nothing_could_be_loaded_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    batch, actor = chosen(shelf, written(tmp_path / "a.csv", {})), shelf.who("manager")

    def write(columns: dict[str, str], office: str = "") -> None:
        operations.write_mapping(
            batch_id=batch.pk, shape="entry", columns=columns, office_code=office, actor=actor, at=AT)

    with pytest.raises(rules.ColumnsMissing) as missing:
        write(batch.columns)
    assert missing.value.message == "Chưa ghép cột cho: Cơ quan đăng ký (mã hoặc tên)."
    with pytest.raises(rules.BadMapping):
        write({**batch.columns, "Không có": "child.sex"}, "X")
    with pytest.raises(rules.BadMapping):
        write({**batch.columns, "Họ tên mẹ": "child.name"}, "X")
    with pytest.raises(rules.ColumnsMissing):
        operations.start(batch_id=batch.pk, actor=actor, at=AT)


def test_it_rests_and_goes_on_and_another_loads_no_chunk_twice(shelf: Shelf, tmp_path: Path) -> None:
    keyed.write(tmp_path / "a.csv", rows=900, offices=offices(shelf))
    actor, batch = shelf.who("manager"), chosen(shelf, tmp_path / "a.csv")
    operations.start(batch_id=batch.pk, actor=actor, at=AT, by_job=False)
    running.run(batch.pk, folder=tmp_path / "imports", actor=actor, seconds=0)
    batch = operations.pause(batch_id=batch.pk, actor=actor, at=AT)
    assert (batch.done, batch.rows_done) == (1, 400)
    assert running.run(batch.pk, folder=tmp_path / "imports", actor=actor).done == 1
    with pytest.raises(rules.WrongBatchState):
        operations.withdraw(batch_id=batch.pk, actor=actor, at=AT)
    operations.start(batch_id=batch.pk, actor=actor, at=AT, by_job=False)
    first = running.Rows(batch, tmp_path / "imports", actor=actor, at=AT).chunk(0)
    with pytest.raises(rules.SomebodyElse):
        operations.load(batch_id=batch.pk, chunk=first, actor=actor, at=AT)
    assert running.run(batch.pk, folder=tmp_path / "imports", actor=actor).state == rules.BatchState.DONE


def test_two_rows_of_a_marriage_are_one_entry(shelf: Shelf, tmp_path: Path) -> None:
    def person(number: int, name: str, sex: str) -> dict[str, str]:
        return {"Quyển số": "01/1998", "Số": str(number), "Ngày đăng ký": "15/03/1998", "ho_ten": name,
                "gioi_tinh": sex, "ngay_sinh": "1970"}

    rows = [person(1, "Nguyễn Văn An", "Nam"), person(2, "Lê Thị Bình", "Nữ"), person(1, "Trần Thị Cúc", "Nữ"),
            person(3, "Phạm Văn Dũng", "Nam"), person(2, "Đỗ Văn Em", "Nam"), person(4, "Vũ Văn Giang", "Nam"),
            person(4, "Vũ Văn Hải", "Nam")]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        told = csv.DictWriter(out, list(rows[0]))
        told.writeheader()
        told.writerows(rows)
    batch = chosen(shelf, path, what="civil_status.marriage", chunk=2)
    assert batch.shape == rules.Shape.PERSON
    batch = taken_in(shelf, path, what="civil_status.marriage", chunk=2, office=shelf.then.code)
    assert (batch.loaded, batch.aside) == (2, 3), faults(batch)
    couples = [(entry.number, entry.content["husband"]["name"]["value"], entry.content["wife"]["name"]["value"])
               for entry in Entry.objects.order_by("number")]
    assert couples == [(1, "Nguyễn Văn An", "Trần Thị Cúc"), (2, "Đỗ Văn Em", "Lê Thị Bình")]
    assert faults(batch) == [(5, ["partner"]), (7, ["partner"]), (8, ["partner"])]
    [lonely, *_] = FaultyRow.objects.filter(batch=batch)
    assert lonely.told == [("Dòng 5, cột “Số”",
                            "Không ghép được vợ chồng của số “3”: quyển sổ này có 1 dòng trong tệp.")]
    assert lonely.cells["ho_ten (chồng)"] == "Phạm Văn Dũng"


def test_what_came_by_the_file_goes_the_way_of_all_entries(shelf: Shelf, tmp_path: Path) -> None:
    """Proofed and approved by two people, then in the register, its places as the file had them."""
    practised(shelf)
    taken_in(shelf, written(tmp_path / "a.csv", {"Số": "7", "Giới tính": ""}))
    entry = Entry.objects.get()
    approved(shelf, proofed(shelf, entry))
    job = begin_transfer(book_id=entry.book_id, actor=shelf.who("manager"), at=AT)
    while transfer_some(job_id=job.pk, actor=system_actor("digitisation"), at=AT):
        pass
    entry.refresh_from_db()
    assert (entry.state, entry.refused_why) == (State.TRANSFERRED, "")
    act = BirthAct.objects.get(pk=entry.act_id)
    assert (act.display_number, act.child.name, act.sex) == ("07/1998", "Nguyễn Thị Ánh", "")
    assert act.preparer_name == f"Nhập từ {entry.source}"
    told = {title: dict(places) for title, places in sections(act)}
    assert told["Người được khai sinh"] == {
        "Họ, chữ đệm, tên": "NGUYỄN THỊ ÁNH", "Ngày, tháng, năm sinh": "01/03/1998", "Giới tính": ""}
