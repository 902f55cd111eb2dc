"""The pages of files that are taken in, from the choosing to what was set aside and comes back mended."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bench import keyed
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from tuphap.modules.digitisation.bulk.models import Batch, FaultyRow, Mapping
from tuphap.modules.digitisation.models import Entry
from tuphap.shared.operation.testing import run_jobs

from .shelf import Shelf
from .test_bulk import BIRTH, ROW, offices

if TYPE_CHECKING:
    from django.test import Client

HERE = "/so-hoa/nhap-lieu/"
Browser = Callable[[str], "Client"]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_FOLDER = tmp_path / "imports"


def choose(browser: Client, shelf: Shelf, content: bytes, name: str) -> Any:
    return browser.post(f"{HERE}moi/", {
        "what": BIRTH, "unit": shelf.department.pk, "file": SimpleUploadedFile(name, content)})


def book(*rows: dict[str, str], above: tuple[str, ...] = ()) -> bytes:
    """A spreadsheet with these rows, and some lines above its header."""
    made, out = Workbook(), io.BytesIO()
    for line in above:
        made.active.append([line])
    whole = [{**ROW, **row} for row in rows]
    made.active.append(list(whole[0]))
    for row in whole:
        made.active.append(list(row.values()))
    made.save(out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_file_from_the_choosing_to_what_was_mended(shelf: Shelf, browser: Browser, tmp_path: Path) -> None:
    manager = browser("manager")
    content = book({}, {"Số": "2", "Ngày đăng ký": "31/02/1998"}, above=("Sổ khai sinh năm 1998",))
    answer = choose(manager, shelf, content, "so.xlsx")
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, batch.get_absolute_url())
    assert (batch.name, batch.rows) == ("so.xlsx", 2)
    page = manager.get(batch.get_absolute_url()).content.decode()
    assert "Chưa ghép cột cho: Cơ quan đăng ký (mã hoặc tên)." in page

    mapping = f"{batch.get_absolute_url()}ghep-cot/"
    page = manager.get(mapping).content.decode()
    assert "NGUYỄN THỊ ÁNH" in page
    boxes = {f"column_{at}": batch.columns.get(header, "") for at, header in enumerate(batch.headers)}
    wrong = manager.post(mapping, {**boxes, "column_6": "child.name", "office_code": shelf.then.code})
    assert wrong.status_code == 422
    assert "được ghép cho nhiều cột" in wrong.content.decode()
    assert f'value="{shelf.then.code}"' in wrong.content.decode(), "what was typed is still there"
    assert manager.post(mapping, {**boxes, "office_code": shelf.then.code}).status_code == 302

    page = manager.get(batch.get_absolute_url()).content.decode()
    assert "Kiểm tra 2 dòng đầu" in page
    assert "Ngày đăng ký: không đọc được" in page
    assert "Ngày đăng ký “31/02/1998” không đọc được: ghi đủ ngày, tháng, năm (15/03/2006)." in page
    assert not Entry.objects.exists()
    assert manager.post(f"{batch.get_absolute_url()}bat-dau/").status_code == 302
    assert "data-watch" in manager.get(batch.get_absolute_url()).content.decode()
    run_jobs("imports")
    assert Entry.objects.count() == 1
    page = manager.get(batch.get_absolute_url()).content.decode()
    assert "Đã nạp xong: 2 / 2 dòng" in page

    rows = f"{batch.get_absolute_url()}dong-loi/"
    assert "Dòng 4, cột “Ngày đăng ký”" in manager.get(rows).content.decode()
    [heads, line] = list(load_workbook(io.BytesIO(manager.get(f"{rows}?tep=xlsx").content)).active.values)[-2:]
    told = dict(zip(heads, line, strict=True))
    assert told["Lỗi"].startswith("Ngày đăng ký “31/02/1998” không đọc được")
    assert (told["Dòng"], told["Họ tên con"]) == (4, "NGUYỄN THỊ ÁNH")
    text = manager.get(f"{rows}?tep=csv").content.decode("utf-8-sig")
    [mended] = csv.DictReader(io.StringIO(text), delimiter=";")
    mended["Ngày đăng ký"] = "28/02/1998"
    mended["Ngày sinh"] = "1998"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(mended))
    writer.writeheader()
    writer.writerow(mended)
    choose(manager, shelf, out.getvalue().encode(), "so-sua.csv")
    second = Batch.objects.exclude(pk=batch.pk).get()
    boxes = {f"column_{at}": second.columns.get(header, "") for at, header in enumerate(second.headers)}
    manager.post(f"{second.get_absolute_url()}ghep-cot/", {**boxes, "office_code": shelf.then.code})
    manager.post(f"{second.get_absolute_url()}bat-dau/")
    run_jobs("imports")
    assert Entry.objects.count() == 2
    assert FaultyRow.objects.get().mended_by == second
    assert "Đã sửa" in manager.get(rows).content.decode()


def test_a_mapping_is_kept_and_used_again(shelf: Shelf, browser: Browser) -> None:
    manager = browser("manager")
    choose(manager, shelf, book({}), "a.xlsx")
    first = Batch.objects.get()
    answer = manager.post(f"{first.get_absolute_url()}ghep-cot/luu/", {"name": ""})
    assert answer.status_code == 422
    manager.post(f"{first.get_absolute_url()}ghep-cot/luu/", {"name": "Phần mềm của xã"})
    kept = Mapping.objects.get()
    assert kept.columns == first.columns
    choose(manager, shelf, book({"Số": "2"}), "b.xlsx")
    second = Batch.objects.exclude(pk=first.pk).get()
    manager.post(f"{second.get_absolute_url()}ghep-cot/", {"office_code": "X", "column_1": "line.number"})
    answer = manager.post(f"{second.get_absolute_url()}ghep-cot/dung/", {"mapping": kept.pk})
    assert answer.status_code == 302
    second.refresh_from_db()
    assert second.columns == first.columns


def test_a_large_file_lies_ready_and_the_same_one_is_known_again(
    shelf: Shelf, browser: Browser, tmp_path: Path
) -> None:
    manager = browser("manager")
    (tmp_path / "imports" / "cho-nap").mkdir(parents=True)
    keyed.write(tmp_path / "imports" / "cho-nap" / "lon.csv", rows=700, offices=offices(shelf))
    assert "lon.csv" in manager.get(f"{HERE}moi/").content.decode()
    told = {"what": BIRTH, "unit": shelf.department.pk, "ready": "lon.csv"}
    first = manager.post(f"{HERE}moi/", told)
    assert first.status_code == 302
    assert manager.post(f"{HERE}moi/", told)["Location"] == first["Location"]
    assert Batch.objects.count() == 1
    assert "lon.csv" in manager.get(HERE).content.decode()


@pytest.mark.parametrize(("content", "name", "said"), [
    (b"", "a.csv", "Tệp này trống"),
    (b"\xd0\xcf\x11\xe0rest", "a.xlsx", "lưu lại thành .xlsx"),
    (b"PK\x03\x04 no archive", "a.xlsx", "Không đọc được tệp"),
    ("Họ tên con;Số\n".encode(), "a.csv", "không có dòng dữ liệu nào"),
    (b"%PDF-1.4", "a.pdf", "Không nhận tệp"),
])
def test_what_is_no_table_is_refused_beside_the_file(
    shelf: Shelf, browser: Browser, content: bytes, name: str, said: str
) -> None:
    answer = choose(browser("manager"), shelf, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Batch.objects.exists()


def test_who_does_not_manage_sees_nothing(shelf: Shelf, browser: Browser) -> None:
    choose(browser("manager"), shelf, book({}), "a.xlsx")
    batch = Batch.objects.get()
    looker, elsewhere = browser("looker"), browser("elsewhere")
    assert looker.get(HERE).status_code == 403
    assert looker.get(f"{HERE}moi/").status_code == 403
    for address in ("", "ghep-cot/", "dong-loi/"):
        assert elsewhere.get(f"{batch.get_absolute_url()}{address}").status_code == 404
    for address in ("bat-dau/", "thoi/", "tam-dung/", "ghep-cot/luu/", "ghep-cot/dung/"):
        assert elsewhere.post(f"{batch.get_absolute_url()}{address}").status_code == 404
