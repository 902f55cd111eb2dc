"""The pages as a browser without script meets them: a citizen's way, the desk's day, refusals beside what was typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tuphap.kernel.clock import now, standing_at
from tuphap.modules.one_stop_shop.tests.department import Department
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, PICTURE, Work, act, client_of, text_of
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, State
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with standing_at(morning(MONDAY, 9, 45)):
        yield


# -- anybody


def test_a_resident_finds_a_procedure_by_everyday_words(work: Work) -> None:
    page = text_of(Client().get("/thu-tuc/", {"q": "lam giay khai sinh cho con"}))
    assert "Đăng ký khai sinh" in page and "/thu-tuc/1.001193/" in page
    whole = text_of(Client().get("/thu-tuc/1.001193/"))
    assert "Giấy chứng sinh" in whole and "Trong ngày" in whole
    for question in ("Tôi cần giấy tờ gì?", "Hết bao nhiêu tiền?", "Bao lâu có kết quả?", "Tôi nộp ở đây được không?"):
        assert question in whole
    assert "Được, sau khi đăng nhập bằng VNeID mức độ 2" in whole and "1 giấy tờ: giấy chứng sinh" in whole
    assert "1 giấy tờ · " in page
    assert "Nộp trực tuyến" in text_of(Client().get(f"/thu-tuc/{testing.RESTARTS}/"))


def test_a_search_without_a_hit_still_offers_the_catalogue(work: Work) -> None:
    page = text_of(Client().get("/thu-tuc/", {"q": "zzzz"}))
    assert "Chưa tìm thấy thủ tục nào" in page and "Xem thủ tục theo lĩnh vực" in page


def test_the_catalogue_is_looked_through_by_authority_and_sector(work: Work) -> None:
    with CaptureQueriesContext(connection) as made:
        page = text_of(Client().get("/thu-tuc/"))
    assert len(made) <= 4, [query["sql"][:90] for query in made]
    assert "Tại xã, phường, đặc khu" in page and "Tại Sở Tư pháp" in page and "Tại cơ quan khác" in page
    lawyers = text_of(Client().get("/thu-tuc/", {"linh-vuc": "tinh-luat-su"}))
    assert "/thu-tuc/tam.luat-su.cap-chung-chi/" in lawyers and "/thu-tuc/1.001193/" not in lawyers
    first = text_of(Client().get("/thu-tuc/", {"q": "thẻ luật sư"})).split("/thu-tuc/tam.")[1]
    assert first.startswith("luat-su.cap-chung-chi")
    police = text_of(Client().get("/thu-tuc/tam.ly-lich-tu-phap.ca-nhan/"))
    assert "do cơ quan khác giải quyết" in police and "Công an tỉnh, thành phố" in police


def test_the_front_page_is_the_portal_for_the_public_and_the_day_for_staff(work: Work) -> None:
    assert "Ông/bà cần làm việc gì?" in text_of(Client().get("/"))
    work.submit_online()
    page = text_of(client_of(work, "desk").get("/"))
    assert "<h1>Hôm nay</h1>" in page and "Nguyễn Thị Lan" in page


def test_tracking_tells_steps_and_no_names(work: Work) -> None:
    dossier = work.file()
    page = Client().post("/tra-cuu/", {"ma": dossier.code, "dien_thoai": "5678"})
    assert page.status_code == 200 and "Đã tiếp nhận" in text_of(page) and "Trần Văn An" not in text_of(page)
    wrong = Client().post("/tra-cuu/", {"ma": dossier.code, "dien_thoai": "0000"})
    assert wrong.status_code == 422 and "Không có hồ sơ nào khớp" in text_of(wrong) and dossier.code in text_of(wrong)


# -- the citizen


def test_a_citizen_fills_attaches_checks_sends_and_follows(work: Work) -> None:
    lan = client_of(work, "lan")
    start = reverse("one_stop_shop:start", args=[testing.RESTARTS])
    assert "Nơi giải quyết" in text_of(lan.get(start))
    begun = lan.post(start, {"noi": work.town.commune.pk, "once": "khoa-mo-nhap-1"})
    dossier = Dossier.objects.get(applicant_user=work.town.people["lan"])
    again = lan.post(start, {"noi": work.town.commune.pk, "once": "khoa-mo-nhap-1"})
    assert begun.url == again.url == reverse("one_stop_shop:fill", args=[dossier.pk, "request"])
    assert lan.post(begun.url, {"name": "", "phone": "0912345678"}).status_code == 422
    refused = lan.post(begun.url, {"name": "A", "phone": "0912345678"})
    assert refused.status_code == 422 and 'value="A"' in text_of(refused)
    kept = lan.post(begun.url, {"name": "Nguyễn Thị Lan", "phone": "0912345678"})
    papers = reverse("one_stop_shop:papers", args=[dossier.pk])
    assert kept.url == papers
    bad = lan.post(papers, {"thanh_phan": "don", "don-tep": SimpleUploadedFile("don.exe", b"MZ")})
    assert bad.status_code == 422 and "Không nhận tệp “don.exe”" in text_of(bad)
    check = reverse("one_stop_shop:check", args=[dossier.pk])
    early = lan.post(check, {"cach_nhan": "truc_tuyen", "cam_doan": "on"})
    assert early.status_code == 422 and "Thành phần hồ sơ còn thiếu" in text_of(early)
    good = SimpleUploadedFile("don.png", PICTURE, content_type="image/png")
    assert lan.post(papers, {"thanh_phan": "don", "don-tep": good}).status_code == 302
    shown = text_of(lan.get(check))
    assert "Nguyễn Thị Lan" in shown and "don.png" in shown
    stored = dossier.attachments.get()
    own = lan.get(reverse("one_stop_shop:own_file", args=[dossier.pk, stored.pk]))
    assert own.content == PICTURE and own["Content-Type"] == "image/png"
    hoa = client_of(work, "hoa")
    assert hoa.get(reverse("one_stop_shop:own_file", args=[dossier.pk, stored.pk])).status_code == 404
    unsworn = lan.post(check, {"cach_nhan": "truc_tuyen"})
    assert unsworn.status_code == 422 and "lời cam đoan" in text_of(unsworn)
    sent = lan.post(check, {"cach_nhan": "truc_tuyen", "cam_doan": "on", "once": "khoa-nop-0001"})
    assert sent.url == reverse("one_stop_shop:sent", args=[dossier.pk])
    dossier.refresh_from_db()
    assert dossier.state == State.SUBMITTED and dossier.submission_code in text_of(lan.get(sent.url))
    mine = text_of(lan.get("/ho-so-cua-toi/"))
    assert dossier.submission_code in mine
    assert "Quá trình giải quyết" in text_of(lan.get(f"/ho-so-cua-toi/{dossier.submission_code}/"))


def test_a_supplement_is_asked_for_item_by_item_and_answered(work: Work) -> None:
    dossier = work.submit_online(at=morning(MONDAY, 9, 30))
    desk, lan = client_of(work, "desk"), client_of(work, "lan")
    nothing = act(desk, dossier, "ask_supplement", reasons="  ")
    assert nothing.status_code == 422 and "Vui lòng nêu lý do." in text_of(nothing)
    act(desk, dossier, "ask_supplement", components=["cccd"], reasons="Chụp lại đơn, bị mờ\nGhi rõ năm sinh")
    page = text_of(lan.get(f"/ho-so-cua-toi/{dossier.submission_code}/"))
    assert "Bổ sung: Căn cước" in page and "Chụp lại đơn, bị mờ" in page and "Ghi rõ năm sinh" in page
    lan.post(reverse("one_stop_shop:check", args=[dossier.pk]), {"loi_nhan": "Đã chụp lại"})
    dossier.refresh_from_db()
    assert dossier.state == State.SUBMITTED


def test_a_draft_is_dropped_and_a_dossier_withdrawn(work: Work) -> None:
    lan = client_of(work, "lan")
    draft = work.draft_online(at=morning(MONDAY, 9))
    lan.post(reverse("one_stop_shop:withdraw", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.state == State.WITHDRAWN


def test_nobody_opens_the_dossier_of_another(work: Work) -> None:
    dossier = work.submit_online()
    for name in ("hoa", "stranger"):
        client = client_of(work, name)
        addresses = (
            reverse("one_stop_shop:own_dossier", args=[dossier.submission_code]),
            reverse("one_stop_shop:check", args=[dossier.pk]),
            reverse("one_stop_shop:dossier", args=[dossier.submission_code]),
        )
        assert all(client.get(address).status_code in (403, 404) for address in addresses)
    assert Client().get(reverse("one_stop_shop:check", args=[dossier.pk])).status_code == 302


def test_a_weak_identity_is_told_what_it_lacks(work: Work) -> None:
    page = text_of(client_of(work, "weak").get(reverse("one_stop_shop:start", args=[testing.RESTARTS])))
    assert "mức độ 1, chỉ tra cứu được" in page and 'name="noi"' not in page


def test_a_citizen_rates_what_was_handed_out_and_the_desk_reads_it(work: Work) -> None:
    dossier = work.receive(work.submit_online(), at=morning(MONDAY, 8, 10))
    lan = client_of(work, "lan")
    page = f"/ho-so-cua-toi/{dossier.code}/"
    assert "Đánh giá việc phục vụ" not in text_of(lan.get(page))
    work.assign(dossier, at=morning(MONDAY, 8, 20))
    work.propose(dossier, at=morning(MONDAY, 8, 30))
    work.approve(dossier, at=morning(MONDAY, 8, 40))
    work.sign(dossier, at=morning(MONDAY, 8, 41))
    work.hand_out(dossier, at=morning(MONDAY, 9))
    assert "đến hết ngày 01/04/2026" in text_of(lan.get(page))
    address = reverse("one_stop_shop:rate", args=[dossier.pk])
    blank = lan.post(address, {"words": "Nhanh gọn"})
    assert blank.status_code == 422 and "Vui lòng chọn mức độ hài lòng" in text_of(blank)
    assert "Nhanh gọn" in text_of(blank)  # what was typed stays
    assert lan.post(address, {"stars": "9"}).status_code == 422
    assert client_of(work, "hoa").post(address, {"stars": "5"}).status_code == 404
    done = lan.post(address, {"stars": "5", "words": "Nhanh <gọn>", "once": "khoa-danh-gia-1"})
    assert done.url == page and "5/5 – Rất hài lòng" in text_of(lan.get(page))
    assert lan.post(address, {"stars": "1"}).status_code == 422
    shown = text_of(client_of(work, "desk").get(f"/mot-cua/ho-so/{dossier.code}/"))
    assert "Người nộp đánh giá" in shown and "5/5 – Rất hài lòng" in shown and "Nhanh &lt;gọn&gt;" in shown


# -- the desk and the office


def test_a_day_at_the_desk(work: Work) -> None:
    desk, officer, chairman = (client_of(work, name) for name in ("desk", "officer", "chairman"))
    form = reverse("one_stop_shop:receive_at_counter", args=[testing.RESTARTS])
    assert "1. Yêu cầu" in text_of(desk.get(form))
    typed = {
        "request-name": "Trần Văn An", "request-phone": "0912345678", "noi_nhan": work.town.commune.pk,
        "noi": work.town.commune.pk, "kenh": "truc_tiep", "cach_nhan": "tai_quay",
        "giay.don-so_ban": "1", "giay.cccd-so_ban": "1",
    }
    wrong = desk.post(form, {**typed, "request-name": ""})
    assert wrong.status_code == 422 and "0912345678" in text_of(wrong)
    missing = desk.post(form, typed)
    assert missing.status_code == 422 and "Thành phần hồ sơ còn thiếu: Đơn" in text_of(missing)
    received = desk.post(form, {**typed, "giay.don-nhan": "on", "giay.don-ban_chinh": "on"})
    dossier = Dossier.objects.get(applicant_name="Trần Văn An")
    assert received.url == reverse("one_stop_shop:dossier", args=[dossier.code]) + "?moi=1"
    slip = dossier.events.get(action="receive").seq
    printed = text_of(desk.get(reverse("one_stop_shop:slip", args=[dossier.pk, slip])))
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in printed and "Trần Văn An" in printed
    assert dossier.code in text_of(desk.get("/mot-cua/"))
    act(desk, dossier, "assign", to_user_id=str(work.town.people["officer"].pk))
    assert dossier.code in text_of(officer.get("/mot-cua/"))
    assert "Bắt đầu giải quyết" in text_of(officer.get(f"/mot-cua/ho-so/{dossier.code}/?viec=begin"))
    act(officer, dossier, "begin")
    assert act(officer, dossier, "propose", note="Đủ điều kiện").status_code == 302
    assert dossier.code in text_of(chairman.get("/mot-cua/ky/"))
    done = chairman.post("/mot-cua/ky/", {"hs": [str(dossier.pk)], "once": "khoa-ky-00001"})
    assert done.url == "/mot-cua/ky/ket-qua/" and "đang ký số" in text_of(chairman.get(done.url))
    work.sign(dossier, at=now())
    assert "đã ký" in text_of(chairman.get(done.url))
    act(desk, dossier, "return", way="tai_quay", received_by="Trần Văn An")
    dossier.refresh_from_db()
    assert dossier.state == State.RETURNED
    assert "Phiếu kiểm soát" in text_of(desk.get(reverse("one_stop_shop:control_sheet", args=[dossier.pk])))
    assert dossier.code in text_of(desk.get("/mot-cua/so-theo-doi/"))
    assert dossier.code in text_of(desk.get("/mot-cua/so-theo-doi/?in=1"))
    sheet = desk.get(reverse("one_stop_shop:control_sheet_pdf", args=[dossier.pk]))
    book = desk.get("/mot-cua/so-theo-doi/?in=pdf")
    assert all(p["Content-Type"] == "application/pdf" and p.content.startswith(b"%PDF") for p in (sheet, book))
    for words in ("Trần Văn", "an tran", dossier.code, dossier.code.lower()):
        assert dossier.code in text_of(desk.get("/mot-cua/ho-so/", {"q": words})), words
    for words in ("Trần Văn Bình", "?", "H31.99-260302-0001"):
        assert "Không có hồ sơ nào" in text_of(desk.get("/mot-cua/ho-so/", {"q": words})), words


def _scan(name: str, content: bytes = PICTURE, media_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=media_type)


def _at_the_counter(work: Work, **typed: Any) -> dict[str, Any]:
    return {
        "request-name": "Trần Văn An", "request-phone": "0912345678", "noi_nhan": work.town.commune.pk,
        "noi": work.town.commune.pk, "kenh": "truc_tiep", "cach_nhan": "tai_quay",
        "giay.don-so_ban": "1", "giay.cccd-so_ban": "1", "giay.don-nhan": "on", "giay.don-ban_chinh": "on", **typed,
    }


def _held_tokens(page: Any) -> list[str]:
    return re.findall(r'name="giay\.don-giu" value="([A-Za-z0-9_-]{32})" checked', page.content.decode())


def test_scans_are_attached_with_the_receipt_and_seen_on_the_dossier(work: Work) -> None:
    desk = client_of(work, "desk")
    form = reverse("one_stop_shop:receive_at_counter", args=[testing.RESTARTS])
    done = desk.post(form, _at_the_counter(work, **{"giay.don-tep": [_scan("mat-truoc.png"), _scan("mat-sau.png")]}))
    dossier = Dossier.objects.get(applicant_name="Trần Văn An")
    assert done.url == reverse("one_stop_shop:dossier", args=[dossier.code]) + "?moi=1"
    kept = dossier.attachments.order_by("pk")
    assert [(a.component, a.source) for a in kept] == [("don", "paper"), ("don", "file"), ("don", "file")]
    page = text_of(desk.get(done.url))
    assert "mat-truoc.png" in page and "mat-sau.png" in page
    receipt = dossier.events.get(action="receive")
    assert [p["source"] for p in receipt.facts["papers"]] == ["paper"]  # what was handed in, not what we scanned
    shown = desk.get(reverse("one_stop_shop:paper", args=[dossier.pk, kept[1].pk]))
    assert shown.content == PICTURE


CARD = "031090011873|142536475|Trần Văn Khánh|20111990|Nam|Số 5 Trần Phú, {place}|{issued}"


def test_a_card_fills_the_boxes_of_the_one_who_brings_it(work: Work, country: None) -> None:
    desk = client_of(work, "desk")
    page = text_of(desk.get("/mot-cua/tiep-nhan/1.001193/"))
    assert page.count("Quét mã QR thẻ căn cước") == 3  # mother, father, declarant; the child has no card yet
    said = desk.post("/mot-cua/tiep-nhan/the-can-cuoc/", {"card": CARD.format(
        place="Phường Hồng Bàng, Hải Phòng", issued="20082025")})
    assert "no-store" in said["cache-control"]
    fields = said.json()["fields"]
    assert (fields["name"], fields["born_on"], fields["sex"]) == ("Trần Văn Khánh", "20/11/1990", "male")
    assert fields["residence_0"] == "Số 5 Trần Phú" and fields["residence_1"].startswith("Phường Hồng Bàng, ")


def test_a_commune_that_is_no_more_becomes_its_successor_and_an_uncertain_one_is_left_to_be_chosen(
    work: Work, country: None
) -> None:
    desk = client_of(work, "desk")

    def said(place: str) -> dict[str, Any]:
        typed = CARD.format(place=place, issued="15042021")
        return desk.post("/mot-cua/tiep-nhan/the-can-cuoc/", {"card": typed}).json()

    known = said("Tổ 3, Cát Bi, Hải An, Hải Phòng")["fields"]
    assert known["residence_0"] == "Số 5 Trần Phú, Tổ 3" and known["residence_1"].startswith("Phường Hải An, ")
    unknown = said("Xã Không Có, Huyện Không Có, Hải Phòng")
    assert unknown["fields"]["residence_1"] == "" and "Xã Không Có" in unknown["note"]
    refused = desk.post("/mot-cua/tiep-nhan/the-can-cuoc/", {"card": "hỏng"})
    assert refused.status_code == 422 and "quét lại" in refused.json()["detail"]


def test_a_form_that_comes_back_brings_its_scans_along(work: Work) -> None:
    desk = client_of(work, "desk")
    form = reverse("one_stop_shop:receive_at_counter", args=[testing.RESTARTS])
    chosen = {"giay.don-tep": [_scan("mat-truoc.png"), _scan("mat-sau.png")]}
    back = desk.post(form, _at_the_counter(work, **{"request-name": "", **chosen}))
    tokens = _held_tokens(back)
    assert back.status_code == 422 and len(tokens) == 2 and "không phải chọn lại" in text_of(back)
    assert not Dossier.objects.exists() and not StoredFile.objects.exists()
    again = desk.post(form, _at_the_counter(work, **{"request-name": "", "giay.don-giu": tokens}))
    assert _held_tokens(again) == tokens
    desk.post(form, _at_the_counter(work, **{"giay.don-giu": tokens[:1], "giay.don-tep": [_scan("them.png")]}))
    dossier = Dossier.objects.get(applicant_name="Trần Văn An")
    files = dossier.attachments.filter(source="file").order_by("pk")
    assert [a.file.name for a in files if a.file] == ["mat-truoc.png", "them.png"]


def test_a_bad_scan_is_told_beside_its_paper_and_nothing_is_saved(work: Work) -> None:
    desk = client_of(work, "desk")
    form = reverse("one_stop_shop:receive_at_counter", args=[testing.RESTARTS])
    liar = desk.post(form, _at_the_counter(work, **{"giay.don-tep": [_scan("tot.png"), _scan("gia.png", b"MZ no")]}))
    assert liar.status_code == 422 and "gia.png: Chỉ nhận tệp PDF" in text_of(liar)
    assert len(_held_tokens(liar)) == 1  # the good one is kept
    named = desk.post(form, _at_the_counter(work, **{"giay.don-tep": [_scan("tot.png"), _scan("gia.exe")]}))
    assert "Không nhận tệp “gia.exe”" in text_of(named) and "Vui lòng chọn lại" in text_of(named)
    missing = desk.post(form, _at_the_counter(work, **{"giay.don-giu": "A" * 32}))
    assert missing.status_code == 422 and "không còn được giữ" in text_of(missing)
    assert not Dossier.objects.exists() and not StoredFile.objects.exists()


def test_a_warning_needs_the_officers_reason(work: Work) -> None:
    dossier = work.assign(work.file(wish="ngờ"))
    officer = client_of(work, "officer")
    page = text_of(officer.get(f"/mot-cua/ho-so/{dossier.code}/?viec=begin"))
    assert "Cảnh báo: Nghi ngờ" in page
    act(officer, dossier, "begin")
    silent = act(officer, dossier, "propose")
    assert silent.status_code == 422 and "Nêu lý do vẫn trình" in text_of(silent)
    assert act(officer, dossier, "propose", canh_bao_0="Đã xác minh").status_code == 302
    dossier.refresh_from_db()
    assert dossier.acknowledged == {"test.doubt": "Đã xác minh"}


def test_only_what_may_be_done_is_offered_and_the_rest_is_refused(work: Work) -> None:
    dossier = work.assign(work.file())
    chairman = client_of(work, "chairman")
    page = text_of(chairman.get(f"/mot-cua/ho-so/{dossier.code}/"))
    assert "?viec=propose" not in page and "?viec=assign" not in page
    denied = act(chairman, dossier, "propose")
    assert denied.status_code == 422 and "chưa được giao quyền" in text_of(denied)
    dossier.refresh_from_db()
    assert dossier.state == State.ASSIGNED
    assert act(chairman, dossier, "signed").status_code == 404


def test_a_stale_page_is_refused_and_what_was_typed_stays(work: Work) -> None:
    dossier = work.file()
    stale = act(client_of(work, "desk"), dossier, "refuse", version=str(dossier.version - 1),
                reason_code="khong_thuoc_tham_quyen", reason="Thuộc phường bên cạnh")
    assert stale.status_code == 422
    assert "đã được người khác cập nhật" in text_of(stale) and "Thuộc phường bên cạnh" in text_of(stale)


def test_an_extension_falls_on_a_working_day(work: Work) -> None:
    dossier = work.assign(work.file())
    officer = client_of(work, "officer")
    sunday = act(officer, dossier, "extend", new_due="08/03/2026", reason="Chờ xác minh")
    assert sunday.status_code == 422 and "phải là ngày làm việc" in text_of(sunday)
    assert act(officer, dossier, "extend", new_due="10/03/2026", reason="Chờ xác minh").status_code == 302
    dossier.refresh_from_db()
    assert dossier.due_at == morning(date(2026, 3, 10), 17)
    seq = dossier.events.get(action="extend").seq
    apology = text_of(officer.get(reverse("one_stop_shop:slip", args=[dossier.pk, seq])))
    assert "Văn bản xin lỗi và đề nghị gia hạn" in apology and "ngày 10/03/2026" in apology
    assert "Thủ trưởng cơ quan" in apology and "Chờ xác minh" in apology


# -- what stands where


def test_a_menu_line_is_shown_to_whom_it_serves(work: Work) -> None:
    officer, chairman = text_of(client_of(work, "officer").get("/")), text_of(client_of(work, "chairman").get("/"))
    assert 'href="/mot-cua/ky/"' not in officer and 'href="/mot-cua/ky/"' in chairman
    assert 'href="/mot-cua/ban-giao/"' in officer and 'href="/mot-cua/ban-giao/"' not in chairman


def test_those_of_the_department_find_all_their_dossiers(department: Department) -> None:
    dossier = department.received()
    specialist = Client()
    force_login(specialist, department.people["specialist"])
    home = text_of(specialist.get("/"))
    assert 'href="/mot-cua/ho-so/"' in home and 'action="/tim-kiem/"' not in home  # nothing there they could search
    assert dossier.code in text_of(specialist.get("/mot-cua/ho-so/"))
    page = text_of(specialist.get(f"/mot-cua/ho-so/?q={dossier.applicant_phone}"))
    assert dossier.code in page


def test_provisional_codes_are_not_shown(work: Work) -> None:
    page = text_of(Client().get("/thu-tuc/tam.luat-su.cap-chung-chi/"))
    assert 'class="code">tam.' not in page
    desk = text_of(client_of(work, "desk").get("/mot-cua/tiep-nhan/", {"q": "xác nhận thông tin hộ tịch"}))
    assert "tam.xac-nhan-thong-tin-ho-tich/" in desk and 'class="code">tam.' not in desk


def test_a_sentence_is_not_told_twice_in_the_summary(work: Work) -> None:
    dossier = work.draft_online(at=morning(MONDAY, 9))
    address = reverse("one_stop_shop:check", args=[dossier.pk])
    page = text_of(client_of(work, "lan").post(address, {"cach_nhan": "tai_quay"}))
    assert "Đánh dấu để xác nhận lời cam đoan." in page and "pháp luật.:" not in page


def test_the_worklist_begins_with_what_presses(work: Work) -> None:
    work.file()
    late = work.file(number="031090000222", at=morning(date(2026, 2, 23)))
    desk = client_of(work, "desk")
    page = text_of(desk.get("/mot-cua/")).partition('aria-label="Theo hạn"')[2]
    assert page.index("Quá hạn") < page.index("Hôm nay") < page.index("Ngày mai") and 'data-shortcut="1"' in page
    only = text_of(desk.get("/mot-cua/?han=late"))
    assert late.code in only and only.count('class="row-link code"') == 1


def test_after_the_receipt_one_key_prints_and_one_goes_on(work: Work) -> None:
    desk, dossier = client_of(work, "desk"), work.file()
    page = text_of(desk.get(f"/mot-cua/ho-so/{dossier.code}/?moi=1"))
    assert all(f'data-shortcut="{key}"' in page for key in "pnm")
    assert "Vừa tiếp nhận" not in text_of(desk.get(f"/mot-cua/ho-so/{dossier.code}/"))
    seq = dossier.events.get(action="receive").seq
    slip = text_of(desk.get(reverse("one_stop_shop:slip", args=[dossier.pk, seq]) + "?in=1"))
    assert "data-print-now" in slip and f'/mot-cua/tiep-nhan/{testing.RESTARTS}/" data-shortcut="n"' in slip


def test_the_log_is_read_by_the_code_of_a_dossier(work: Work) -> None:
    mine, other = work.file(), work.file(number="031090000222")
    with setting_up():
        work.town.staff("auditor", "audit.view")
    page = text_of(client_of(work, "auditor").get("/quan-tri/nhat-ky/", {"dossier": str(mine.code).lower()}))
    assert mine.code in page and other.code not in page and "Giấy tờ" not in page
