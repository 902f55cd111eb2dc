"""The pages of old books: the list, an entry part by part with its scan, the comparison, the panel of a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.models import Act, OldEntry
from tuphap.modules.civil_status.old_books import operations
from tuphap.modules.one_stop_shop.tests.steps import PICTURE
from tuphap.shared.audit.models import Entry

from .paper import BIRTH, LATER, SIGNED, begun, confirmed, entered, office_then, proposed, transcribed
from .test_follow_ups import COPY
from .test_old_books import wanted
from .world import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(LATER):
        yield


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(places: dict[str, dict[str, str]]) -> dict[str, str]:
    """A part as its form sends it."""
    told = {}
    for code, place in places.items():
        told |= {code: place.get("raw", ""), f"{code}_standing": place["standing"],
                 f"{code}_value": place.get("value", "")}
    return told


def test_an_entry_is_typed_part_by_part_and_proposed(world: World, browser: Browser) -> None:
    client = browser("officer")
    start = {"what": "civil_status.birth", "unit": office_then(world).pk, "office_name": office_then(world).name,
             "year": "1998", "volume": "01", "number": "15a", "registered_on": "20/03/1998"}
    bare = client.post(reverse("civil_status:start_old_entry"), start)
    assert bare.status_code == 422
    assert "Chọn một tệp." in body(bare)
    scan = SimpleUploadedFile("trang.png", PICTURE, "image/png")
    answer = client.post(reverse("civil_status:start_old_entry"), {**start, "scan": scan})
    entry = OldEntry.objects.get()
    assert answer["location"] == reverse("civil_status:old_entry_part", args=[entry.pk, "line"])
    assert entry.number == "15A"
    parts = {**BIRTH, "father": {}, "declarant": {}}
    for part in entry.entry_kind.parts:
        here = reverse("civil_status:old_entry_part", args=[entry.pk, part.code])
        assert 'alt="Bản quét trang sổ"' in body(client.get(here)), "the scan stands beside it"
        empty = {place.code: {"standing": "given"} for place in part.places}  # as the page comes, nothing typed
        assert client.post(here, typed(parts[part.code] or empty)).status_code == 302, part.code
    page = body(client.get(entry.get_absolute_url()))
    assert "Trình xác nhận" in page
    assert "→ 05/03/1998" in page
    assert client.post(reverse("civil_status:propose_old_entry", args=[entry.pk])).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "proposed"


def test_what_is_wrong_stands_beside_its_place(world: World, browser: Browser) -> None:
    client, entry = browser("officer"), begun(world)
    here = reverse("civil_status:old_entry_part", args=[entry.pk, "child"])
    wrong = client.post(here, typed({**BIRTH["child"], "born_on": {"raw": "ngày rằm", "standing": "given"}}))
    assert wrong.status_code == 422
    assert "ghi cách hiểu vào ô “Hiểu là”" in body(wrong)
    assert 'value="ngày rằm"' in body(wrong), "what was typed is kept"
    note = {"notes_0_kind": "old_note", "notes_0_text": "Cải chính năm sinh", "notes_0_noted_on": "01/01/1990"}
    told = client.post(reverse("civil_status:old_entry_notes", args=[entry.pk]), note)
    assert (told.status_code, "Ngày ghi chú phải từ ngày đăng ký" in body(told)) == (422, True)
    moved = client.post(reverse("civil_status:old_entry_line", args=[entry.pk]), {
        "unit": office_then(world).pk, "office_name": "x", "year": "1998", "volume": "1", "number": "15",
        "registered_on": "20/03/1998"})
    assert (moved.status_code, "Quyển số ghi hai chữ số" in body(moved)) == (422, True)


def test_a_doubt_is_shown_and_answered(world: World, browser: Browser) -> None:
    entered(world)
    client, entry = browser("officer"), transcribed(world, number="16")
    page = body(client.get(entry.get_absolute_url()))
    assert "có thể đã có trong sổ điện tử" in page
    here = reverse("civil_status:propose_old_entry", args=[entry.pk])
    assert client.post(here, {"duplicate_reason": ""}).status_code == 422
    assert client.post(here, {"duplicate_reason": "Hai cháu trùng tên"}).status_code == 302


def test_it_is_compared_returned_and_confirmed_by_another(world: World, browser: Browser) -> None:
    entry, chairman = proposed(world), browser("chairman")
    listed = body(chairman.get(reverse("civil_status:old_entries"), {"loc": "cho-xac-nhan"}))
    assert "NGUYỄN VĂN LÂM" in listed.upper()
    here = reverse("civil_status:confirm_old_entry", args=[entry.pk])
    page = body(chairman.get(here))
    for told in ("Đối chiếu với trang sổ", "Hiểu là: 05/03/1998", "Không đọc được", 'name="tra:child.name"'):
        assert told in page, told
    back = reverse("civil_status:return_old_entry", args=[entry.pk])
    assert chairman.post(back, {"tra:child.name": ""}).status_code == 422
    assert chairman.post(back, {"tra:child.name": "Sổ ghi Lầm"}).status_code == 302
    assert "Sổ ghi Lầm" in body(browser("officer").get(
        reverse("civil_status:old_entry_part", args=[entry.pk, "child"])))
    operations.propose(entry_id=entry.pk, actor=world.who("officer"), at=LATER)
    assert chairman.post(here, {}).status_code == 422, "not compared"
    assert chairman.post(here, {"compared": "on"}).status_code == 302
    act = Act.objects.get(origin="old_book")
    shown = body(chairman.get(act.get_absolute_url()))
    for told in ("Chép từ sổ giấy.", "NGUYỄN VĂN LÂM", "không ghi", "không đọc được", "Trần Văn Chủ", "trang 23"):
        assert told in shown, told
    book = body(chairman.get(reverse("civil_status:book", args=[act.book_id])))
    assert "Sổ giấy lập trước khi có hệ thống" in book
    assert "Khóa sổ" not in book
    assert chairman.get(reverse("civil_status:print_book", args=[act.book_id])).status_code == 200


def test_who_wrote_in_it_is_told_so(world: World, browser: Browser) -> None:
    entry = transcribed(world)
    operations.write_part(entry_id=entry.pk, part="line", places=SIGNED, actor=world.who("deputy"), at=LATER)
    operations.propose(entry_id=entry.pk, actor=world.who("officer"), at=LATER)
    deputy = browser("deputy")
    here = reverse("civil_status:confirm_old_entry", args=[entry.pk])
    with_view = deputy.get(here)
    assert with_view.status_code == 404, "no sight of the register"
    assert browser("chairman").get(here).status_code == 200


def test_a_proposed_one_opens_no_form_and_looks_are_kept(world: World, browser: Browser) -> None:
    entry, officer = proposed(world), browser("officer")
    assert officer.get(reverse("civil_status:old_entry_part", args=[entry.pk, "child"])).status_code == 409
    assert officer.get(reverse("civil_status:confirm_old_entry", args=[entry.pk])).status_code == 403
    assert browser("stranger").get(entry.get_absolute_url()).status_code == 404
    scan = officer.get(reverse("civil_status:old_entry_scan", args=[entry.pk]))
    assert (scan["content-type"], scan.content, scan["x-frame-options"]) == ("image/png", PICTURE, "SAMEORIGIN")
    assert Entry.objects.filter(event="record.read", subject_id=str(entry.pk)).count() >= 3


def test_the_panel_of_a_copy_leads_to_the_transcription(world: World, browser: Browser) -> None:
    asked = wanted(world, "KS", "Nguyễn Văn Lâm", on_paper=True, volume="01", page="23",
                   registered_on="1998-03-20", office_then=office_then(world).name)
    dossier = world.dossier(asked, procedure=COPY, state="in_process")
    request = RequestFactory().get("/")
    request.actor = world.who("officer")  # type: ignore[attr-defined]

    def panel() -> str:
        return " ".join(render_to_string("civil_status/panel_copy.html", {
            "dossier": dossier, "request": request}).split())

    assert "Người yêu cầu khai việc này chỉ có trong sổ giấy" in panel()
    address = f"{reverse('civil_status:start_old_entry')}?ho-so={dossier.pk}"
    assert address in panel()
    form = body(browser("officer").get(address))
    for told in ('value="20/03/1998"', 'value="15"', 'value="1998"', office_then(world).name):
        assert told in form, told
    entry = proposed(world)
    assert "Đang chép từ sổ giấy: Chờ xác nhận." in panel()
    confirmed(world, entry)
    assert "Chép từ sổ giấy để vào sổ điện tử" not in panel()
    assert "NGUYỄN VĂN LÂM" in panel()
