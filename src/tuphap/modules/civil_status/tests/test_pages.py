"""The register's pages: who sees what, what each shows, and that looking at people is kept with its purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status import rules
from tuphap.modules.civil_status.models import BirthAct
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.search import api as search

from .world import AT, TODAY, World, fail, sign

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(AT):
        yield


def body(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_the_front_page_shows_the_year(world: World, browser: Browser) -> None:
    act = world.registered()
    page = browser("officer").get(reverse("civil_status:register"))
    assert page.status_code == 200
    assert "Khai sinh đã đăng ký" in body(page)
    assert act.child.name in body(page)  # waits for its personal number
    assert browser("bank").get(reverse("civil_status:register")).status_code == 403


@pytest.mark.parametrize("role", ["officer", "chairman"])
def test_a_book_and_its_print(world: World, browser: Browser, role: str) -> None:
    world.registered()
    world.registered(world.distinct(2, child={"sex": "male"}))
    book = BirthAct.objects.order_by("number")[0].book
    client = browser(role)
    page = client.get(reverse("civil_status:book", args=[book.pk]))
    assert "01/2026" in body(page) and "02/2026" in body(page)
    boys = client.get(reverse("civil_status:book", args=[book.pk]), {"gioi_tinh": "male"})
    assert "02/2026" in body(boys) and "01/2026" not in body(boys)
    named = client.get(reverse("civil_status:book", args=[book.pk]), {"ten": "truc anh"})
    assert "01/2026" in body(named) and "02/2026" not in body(named)
    printed = client.get(reverse("civil_status:print_book", args=[book.pk]))
    assert "NGUYỄN TRÚC ANH" in body(printed)
    assert "KS" in body(client.get(reverse("civil_status:books"))) or "Sổ đăng ký khai sinh" in body(page)


def test_another_commune_sees_nothing(world: World, browser: Browser) -> None:
    act = world.registered()
    client = browser("stranger")
    for address in (
        reverse("civil_status:act", args=[act.pk]),
        reverse("civil_status:book", args=[act.book_id]),
        reverse("civil_status:print_book", args=[act.book_id]),
        reverse("civil_status:paper", args=[act.pk, act.papers.get().pk]),
    ):
        assert client.get(address).status_code == 404, address
    assert Client().get(reverse("civil_status:act", args=[act.pk])).status_code == 302
    found = client.get(reverse("civil_status:search"), {"text": "truc anh", "purpose": "Thử"})
    assert "0 việc hộ tịch" in body(found)


def test_the_page_of_an_act(world: World, browser: Browser) -> None:
    act = world.registered(world.answers(copies={"copies": 2}))
    page = browser("chairman").get(reverse("civil_status:act", args=[act.pk]), {"muc_dich": "Đối chiếu hồ sơ"})
    text = body(page)
    for shown in (
        "NGUYỄN TRÚC ANH", "TRẦN THỊ BÍCH NGỌC", "Giấy khai sinh", "Trích lục khai sinh", "Phê duyệt, lấy số",
        "Ký số, vào sổ", documents.spaced(act.papers.order_by("pk")[0].document.code),
    ):
        assert shown in text, shown
    read = Entry.objects.get(event="record.read", subject_id=str(act.pk))
    assert read.purpose == "Đối chiếu hồ sơ"


def test_searching_without_accents_is_kept_with_its_purpose(world: World, browser: Browser) -> None:
    world.registered()
    client = browser("officer")
    for asked in (
        {"text": "bich ngoc tran"}, {"text": "Trúc Anh", "role": "child"}, {"text": "manh", "role": "father"},
        {"born_on": "05/03/2026"}, {"born_on": "2026"}, {"personal_number": "031196004217"}, {"number": "1/2026"},
    ):
        page = client.get(reverse("civil_status:search"), {**asked, "purpose": "Cấp bản sao"})
        assert "1 việc hộ tịch" in body(page), asked
    for asked in ({"text": "manh", "role": "mother"}, {"born_on": "2025"}, {"number": "2/2026"}, {"text": "khong co"}):
        page = client.get(reverse("civil_status:search"), {**asked, "purpose": "Cấp bản sao"})
        assert "0 việc hộ tịch" in body(page), asked
    reads = Entry.objects.filter(event="record.read", facts__what="civil_status.search")
    assert reads.count() == 11
    assert set(reads.values_list("purpose", flat=True)) == {"Cấp bản sao"}
    assert not any("bich" in str(entry.facts) for entry in reads)
    silent = client.get(reverse("civil_status:search"), {"text": "truc anh"})
    assert "việc hộ tịch</h2>" not in body(silent)
    assert reads.count() == 11


def test_failed_signatures_are_retried_or_given_up_by_the_chairman(world: World, browser: Browser) -> None:
    act = world.approve(world.dossier())
    fail(act.papers.get().document)
    client = browser("chairman")
    page = client.get(reverse("civil_status:failed_signings"))
    assert "Máy ký không trả lời" in body(page)
    assert browser("officer").get(reverse("civil_status:failed_signings")).status_code == 403
    told = {name: body(browser(name).get(reverse("one_stop_shop:dossier", args=[act.dossier.reference])))
            for name in ("chairman", "officer")}
    assert all("ký số không thành công" in page and "Máy ký không trả lời" in page for page in told.values())
    assert ["Ký số lỗi</a>" in told[name] for name in ("chairman", "officer")] == [True, False]
    with documents.signing_by_hand():
        answer = client.post(reverse("civil_status:retry_signing", args=[act.pk]))
    assert answer.status_code == 302
    fail(act.papers.get().document)
    refused = client.post(reverse("civil_status:void_act", args=[act.pk]), {"reason": ""})
    assert refused.status_code == 422
    assert client.post(reverse("civil_status:void_act", args=[act.pk]), {"reason": "Hỏng"}).status_code == 302
    act.refresh_from_db()
    assert act.state == rules.ActState.VOID


def test_the_personal_number_is_noted_on_the_act_page(world: World, browser: Browser) -> None:
    act = world.registered()
    client = browser("officer")
    wrong = client.post(
        reverse("civil_status:set_personal_number", args=[act.pk]), {"personal_number": "12", "source": "Công an"}
    )
    assert wrong.status_code == 422 and "12 chữ số" in body(wrong)
    right = {"personal_number": "031 326 001 234", "source": "Trả lời của CSDL dân cư"}
    assert client.post(reverse("civil_status:set_personal_number", args=[act.pk]), right).status_code == 302
    assert "031326001234" in body(client.get(reverse("civil_status:act", args=[act.pk])))


def test_cancelling_on_the_act_page(world: World, browser: Browser) -> None:
    act = world.registered()
    decision = {
        "decision_no": "12/QĐ-UBND", "decided_on": f"{TODAY:%d/%m/%Y}", "authority": "UBND thành phố",
        "reason": "Trùng",
    }
    early = {**decision, "decided_on": "01/01/2020"}
    refused = browser("chairman").post(reverse("civil_status:cancel_act", args=[act.pk]), early)
    assert refused.status_code == 422 and "từ ngày đăng ký" in body(refused)
    by_officer = browser("officer").post(reverse("civil_status:cancel_act", args=[act.pk]), decision)
    assert by_officer.status_code == 403
    assert browser("chairman").post(reverse("civil_status:cancel_act", args=[act.pk]), decision).status_code == 302
    assert "Hủy bỏ việc đăng ký theo Quyết định số 12/QĐ-UBND" in body(
        browser("chairman").get(reverse("civil_status:act", args=[act.pk]))
    )


def test_opening_and_closing_a_book(world: World, browser: Browser) -> None:
    client = browser("officer")
    asked = {"unit": world.here.pk, "kind": "KS", "year": 2026, "first_number": 30}
    assert client.post(reverse("civil_status:open_book"), asked).status_code == 302
    again = client.post(reverse("civil_status:open_book"), {**asked, "first_number": 1})
    assert again.status_code == 422 and "đã được mở" in body(again)
    act = world.registered()
    assert act.display_number == "30/2026"
    refused = browser("chairman").post(reverse("civil_status:close_book", args=[act.book_id]))
    assert refused.status_code == 422
    with standing_at(AT.replace(month=12, day=31)):
        closed = browser("chairman").post(reverse("civil_status:close_book", args=[act.book_id]))
        assert closed.status_code == 302


def test_the_preview_is_a_pdf_for_those_who_see_the_dossier(world: World, browser: Browser) -> None:
    dossier = world.dossier()
    address = reverse("civil_status:preview", args=[dossier.pk])
    answer = browser("officer").get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert browser("stranger").get(address).status_code == 404


def test_the_panel_of_the_dossier_page(world: World) -> None:
    from django.template.loader import render_to_string

    dossier = world.dossier()
    shown = render_to_string("civil_status/panel_birth.html", {"dossier": dossier, "answers": dossier.answers})
    assert "NGUYỄN TRÚC ANH" in shown and "Trong hạn đăng ký" in shown
    act = world.approve(dossier)
    shown = render_to_string("civil_status/panel_birth.html", {"dossier": dossier, "answers": dossier.answers})
    assert act.display_number in shown and "Chờ ký số" in shown
    again = world.dossier()
    shown = render_to_string("civil_status/panel_birth.html", {"dossier": again, "answers": again.answers})
    assert "Đối chiếu với sổ" in shown and f"Số {act.display_number}" in shown
    assert act.get_absolute_url() not in shown  # nobody looks who may open it
    broken = world.dossier(world.answers(child={"name": ""}))
    shown = render_to_string("civil_status/panel_birth.html", {"dossier": broken, "answers": broken.answers})
    assert "chưa đủ" in shown


def test_a_dossier_leads_to_its_act_and_the_platform_finds_it(world: World, browser: Browser) -> None:
    act = world.registered()
    assert act.dossier is not None
    answer = browser("officer").get(reverse("civil_status:act_of_dossier", args=[act.dossier.code]))
    assert answer["Location"] == act.get_absolute_url()
    found = search.search(world.who("officer"), "ngoc bich tran", AT).records
    assert [record.url for record in found] == [act.get_absolute_url()]
    assert not search.search(world.who("stranger"), "ngoc bich tran", AT).records


def test_the_signed_file_is_handed_out_as_it_is(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = world.approve(world.dossier())
    paper = act.papers.get()
    address = reverse("civil_status:paper", args=[act.pk, paper.pk])
    assert browser("officer").get(address).status_code == 404  # not signed yet
    sign(paper.document)
    monkeypatch.setattr(documents, "content", lambda document: b"%PDF-1.7 as signed")
    answer = browser("officer").get(address)
    assert answer.content == b"%PDF-1.7 as signed"
