"""Pages of money as a browser without script meets them: the resident's, the desk's, finance's; files; figures."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from openpyxl import load_workbook

from tuphap.kernel.clock import localdate, now, standing_at
from tuphap.modules.one_stop_shop import operations as desk
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, act, client_of, text_of
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, Procedure, State
from tuphap.shared.dossiers.testing import FIRST_DAY, morning
from tuphap.shared.exchange.api import Outbound, contracts
from tuphap.shared.fees import api as fees
from tuphap.shared.fees.models import FeeLine, Receipt, Refund, Transfer
from tuphap.shared.fees.operations import refund_answered
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with standing_at(morning(MONDAY, 9, 45)):
        yield


@pytest.fixture
def till(work: Work) -> Work:
    """The town, with somebody who looks after its money and an account."""
    with setting_up():
        for name in ("finance", "finance2"):
            work.town.staff(name, "fees.manage", "fees.view", "one_stop.dossier.view", "direction.figures.view")
        fees.Account.objects.create(unit=work.town.commune, bank="970436", bank_name="Ngân hàng thử",
                                    number="1031000111", holder="UBND", basis="x", valid_from=FIRST_DAY)
    return work


def sent(work: Work) -> Dossier:
    return work.submit_online(procedure=testing.COSTS)


def hear(order: fees.PaymentOrder, **changed: Any) -> Transfer:
    told = {"transaction": "FT1", "reference": order.reference, "account": "1031000111", "amount": order.amount,
            "paid_at": now(), **changed}
    return fees.hear_transfer(told=contracts.PaymentTold(**told), by="call", actor=fees.PAYMENTS, at=now())


def test_the_fee_is_shown_before_filing_and_claimed_exempt_on_the_page(till: Work) -> None:
    assert "5.000 đồng" in text_of(Client().get(f"/thu-tuc/{testing.COSTS}/"))
    lan, draft = client_of(till, "lan"), till.draft_online(procedure=testing.COSTS)
    lan.post(f"/ho-so-cua-toi/{draft.pk}/khai/request/", {"name": "Nguyễn Thị Lan", "phone": "0912345678"})
    till.scan(draft, who="lan", at=now())
    address = f"/ho-so-cua-toi/{draft.pk}/kiem-tra/"
    shown = text_of(lan.get(address))
    assert "Phải nộp" in shown and "5.000 đồng" in shown and "Hộ nghèo" in shown
    told = {"cach_nhan": "truc_tuyen", "cam_doan": "on", "mien": "poor"}
    unproven = lan.post(address, {**told, "mien_giay_to": ""})
    assert unproven.status_code == 422 and "giấy tờ chứng minh được miễn" in text_of(unproven)
    done = lan.post(address, {**told, "mien_giay_to": "GCN số 12"}, follow=True)
    assert "Phí, lệ phí phải nộp: 5.000 đồng" in text_of(done)
    assert FeeLine.objects.get().claim_proof == "GCN số 12"
    desk = client_of(till, "desk")
    form = text_of(desk.get(f"/mot-cua/ho-so/{draft.pk}/", {"viec": "receive"}))
    assert "Người nộp đề nghị miễn, giảm: Hộ nghèo; giấy tờ: GCN số 12." in form and "Phải nộp 5.000 đồng" in form
    dossier = till.look(draft)
    unsaid = act(desk, dossier, "receive", exemption="poor", proof="")
    assert unsaid.status_code == 422 and till.look(draft).state == State.SUBMITTED
    assert act(desk, dossier, "receive", exemption="poor", proof="Đã xem GCN").status_code == 302
    assert till.look(draft).state == State.RECEIVED and not Receipt.objects.exists()


def test_paying_without_script(till: Work) -> None:
    dossier, lan = sent(till), client_of(till, "lan")
    address = f"/ho-so-cua-toi/{dossier.pk}/phi/"
    assert "Lấy mã thanh toán" in text_of(lan.get(address))
    shown = text_of(lan.post(address, follow=True))
    order = fees.open_order_of(dossier)
    assert order is not None and order.reference in shown and fees.qr_text(order) in shown
    assert '<meta http-equiv="refresh" content="15">' in shown and "data-watch" in shown
    hear(order)
    paid = text_of(lan.get(address))
    assert "Đã nộp đủ phí, lệ phí." in paid and "refresh" not in paid and "data-watch" not in paid
    receipt = Receipt.objects.get()
    paper = text_of(lan.get(f"/ho-so-cua-toi/bien-lai/{receipt.pk}/"))
    assert "Năm nghìn đồng" in paper and "01/2026" in paper and "Trực tuyến" in paper
    assert lan.get(f"/ho-so-cua-toi/bien-lai/{receipt.pk}.pdf").content.startswith(b"%PDF")
    assert client_of(till, "hoa").get(f"/ho-so-cua-toi/bien-lai/{receipt.pk}/").status_code == 404
    with setting_up():
        fees.Account.objects.update(valid_to=MONDAY - timedelta(days=1))
    other = till.submit_online(who="hoa", procedure=testing.COSTS)
    assert "chưa nhận thanh toán trực tuyến" in text_of(client_of(till, "hoa").get(f"/ho-so-cua-toi/{other.pk}/phi/"))


def test_the_counter_takes_the_fee_in_the_form_of_the_dossier(till: Work) -> None:
    desk, here = client_of(till, "desk"), till.town.commune.pk
    address = f"/mot-cua/tiep-nhan/{testing.COSTS}/"
    assert "Phí thử" in text_of(desk.get(address))
    told = {"request-name": "Trần Văn An", "request-phone": "0912345678", "giay.don-nhan": "on", "giay.don-so_ban": "1",
            "noi_nhan": here, "noi": here, "kenh": "truc_tiep", "cach_nhan": "tai_quay", "giay.cccd-so_ban": "1"}
    unpaid = desk.post(address, {**told, "thu": ""})
    assert unpaid.status_code == 422 and "Chưa nộp phí, lệ phí 5.000 đồng." in text_of(unpaid)
    bad = desk.post(address, {**told, "phi.phi-exemption": "poor", "phi.phi-proof": ""})
    assert bad.status_code == 422 and not Dossier.objects.exists()
    done = desk.post(address, {**told, "thu": "cash"}, follow=True)
    assert "biên lai số 01/2026" in text_of(done) and Dossier.objects.get().fee_amount == 5000


def test_the_desks_page_of_one_dossiers_money(till: Work) -> None:
    dossier, clerk = sent(till), client_of(till, "desk")
    address = f"/mot-cua/ho-so/{dossier.pk}/phi/"
    assert "còn phải nộp" in text_of(clerk.get(address))
    assert "Mã VietQR" in text_of(clerk.post(f"{address}lenh/", follow=True))
    wrong = clerk.post(f"{address}mien/", {"reason": "poor", "proof": ""})
    assert wrong.status_code == 422 and clerk.post(f"{address}khac/").status_code == 404
    empty = clerk.post(f"{address}ngoai/", {"receipt_no": ""})
    assert empty.status_code == 422
    assert "Đã thu 5.000 đồng, biên lai số 01/2026" in text_of(clerk.post(f"{address}thu/", follow=True))
    assert "không còn khoản" in text_of(clerk.post(f"{address}thu/", follow=True))
    receipt = Receipt.objects.get()
    voided = text_of(clerk.post(f"/mot-cua/bien-lai/{receipt.pk}/huy/", {"reason": "Lập nhầm"}, follow=True))
    assert "Đã hủy biên lai." in voided and "ĐÃ HỦY" in text_of(clerk.get(f"/mot-cua/bien-lai/{receipt.pk}/"))
    again = text_of(clerk.post(f"/mot-cua/bien-lai/{receipt.pk}/huy/", {"reason": "Lập nhầm"}, follow=True))
    assert "Biên lai này đã hủy." in again
    assert "Đã miễn" in text_of(clerk.post(f"{address}mien/", {"reason": "poor", "proof": "GCN"}, follow=True))
    assert clerk.get(f"/mot-cua/bien-lai/{receipt.pk}.pdf").content.startswith(b"%PDF")


def test_finance_counts_gives_back_and_settles(till: Work) -> None:
    dossier = sent(till)
    order = fees.open_order(dossier_id=dossier.pk, actor=till.town.who("lan"), at=now())
    strange = hear(order, transaction="FT8", reference="=nhầm")
    hear(order)
    desk, finance, other = (client_of(till, name) for name in ("desk", "finance", "finance2"))
    page = text_of(finance.get("/tai-chinh/"))
    assert "5.000 đồng" in page and "khớp" in page and dossier.reference in page
    csv = finance.get("/tai-chinh/", {"tep": "csv"}).content.decode()
    assert csv.startswith("\ufeffSố biên lai;") and ";5000;" in csv
    book = load_workbook(io.BytesIO(finance.get("/tai-chinh/", {"tep": "xlsx"}).content)).active
    assert [cell.value for cell in book[4]][8] == 5000
    assert Entry.objects.filter(event="record.read", facts__what__startswith="fees.").count() == 2
    bad = finance.get("/tai-chinh/", {"tu": "x", "den": "02/03/2026"})
    assert bad.status_code == 422

    receipt = Receipt.objects.get()
    desk.post(f"/mot-cua/bien-lai/{receipt.pk}/hoan-tra/", {"reason": "Từ chối do lỗi cơ quan"})
    refund = Refund.objects.get()
    assert "Từ chối do lỗi cơ quan" in text_of(finance.get("/tai-chinh/hoan-tra/"))
    assert finance.post(f"/tai-chinh/hoan-tra/{refund.pk}/chi/").status_code == 302
    refund.refresh_from_db()
    assert refund.state == "sent"

    assert "=nhầm" in text_of(finance.get("/tai-chinh/chua-khop/"))
    address = f"/tai-chinh/chua-khop/{strange.pk}"
    unknown = text_of(finance.post(f"{address}/ghi/", {"ho_so": "KHONG-CO", "note": "x"}, follow=True))
    assert "Không tìm thấy hồ sơ" in unknown
    paid = text_of(finance.post(f"{address}/ghi/", {"ho_so": dossier.reference, "note": "Sao kê"}, follow=True))
    assert "không còn khoản phí" in paid
    finance.post(f"{address}/tra-lai/", {"reason": "Chuyển nhầm"})
    back = Refund.objects.get(transfer=strange)
    assert "không được tự chi trả" in text_of(finance.post(f"/tai-chinh/hoan-tra/{back.pk}/chi/", follow=True))
    other.post(f"/tai-chinh/hoan-tra/{back.pk}/khong/", {"reason": "Đã tìm ra người nộp"})
    strange.refresh_from_db()
    assert strange.state == "unmatched"

    told = {"don_vi": till.town.commune.pk, "bank": "970415", "bank_name": "Ngân hàng khác", "number": "99988877",
            "holder": "UBND", "basis": "QĐ 5"}
    assert finance.post("/tai-chinh/tai-khoan/", {**told, "bank": "97"}).status_code == 422
    assert "99988877" in text_of(finance.post("/tai-chinh/tai-khoan/", told, follow=True))


def test_what_was_paid_online_is_a_part_of_what_was_paid_and_opens_its_list(till: Work) -> None:
    for who, online in (("lan", True), ("hoa", False)):
        dossier = till.submit_online(who=who, procedure=testing.COSTS)
        if online:
            hear(fees.open_order(dossier_id=dossier.pk, actor=till.town.who(who), at=now()))
        else:
            fees.take_cash(dossier_id=dossier.pk, actor=till.town.who("desk"), at=now())
        desk.receive(dossier_id=dossier.pk, actor=till.town.who("desk"), at=now(), duplicate_reason="Người khác")
    assert not Dossier.objects.filter(fee_paid_at__gt=F("received_at")).exists(), "with the filing, before receipt"
    at = now() + timedelta(minutes=10)
    scope = indicators.scope_for(till.town.who("finance"), "direction.figures.view", at=at,
                                 period_from=localdate(at), period_to=localdate(at))
    assert indicators.count("dossiers.fees_paid", scope) == 2
    (row,) = indicators.rows("dossiers.fees_paid_online", scope)
    assert row.dossier.applicant_user.full_name and indicators.count("fees.receipts", scope) == 2
    counts = {"dossiers.fees_paid": 2, "dossiers.fees_paid_online": 1}
    told = indicators.measured(["dossiers.online_payment_share", "fees.collected"], scope, numbers={None: counts})
    assert told[None]["dossiers.online_payment_share"].value == 50
    assert told[None]["fees.collected"].value == 10_000


def test_who_owes_less_is_told_so_at_every_desk(till: Work) -> None:
    with setting_up():
        procedure = Procedure.objects.get(code=testing.COSTS)
        procedure.fee_rules[0] |= {"reduced": ["student"], "reduced_percent": 50}
        procedure.save()
    public = text_of(Client().get(f"/thu-tuc/{testing.COSTS}/"))
    assert "Miễn cho: hộ nghèo. Giảm 50% cho: học sinh, sinh viên." in public
    dossier, clerk = sent(till), client_of(till, "desk")
    address = f"/mot-cua/ho-so/{dossier.pk}/phi/"
    assert "Học sinh, sinh viên (giảm 50%)" in text_of(clerk.get(address))
    told = {"reason": "student", "proof": "Thẻ sinh viên số 7"}
    done = text_of(clerk.post(f"{address}mien/", told, follow=True))
    assert "Được giảm: Học sinh, sinh viên (Thẻ sinh viên số 7)" in done and "chưa nộp" in done and "2.500 đồng" in done
    own = text_of(client_of(till, "lan").get(f"/ho-so-cua-toi/{dossier.pk}/"))
    assert "2.500 đồng" in own and "được giảm: Học sinh, sinh viên" in own
    assert "Đã thu 2.500 đồng" in text_of(clerk.post(f"{address}thu/", follow=True))


def test_a_bank_that_could_not_pay_back_is_asked_again_or_it_is_paid_in_cash(till: Work) -> None:
    finance, refused = client_of(till, "finance"), contracts.RefundAnswer(outcome="refused", reason="Tài khoản đã đóng")
    for who, button, state in (("lan", {}, "sent"), ("hoa", {"tien_mat": "1"}, "done")):
        dossier = till.submit_online(who=who, procedure=testing.COSTS)
        order = fees.open_order(dossier_id=dossier.pk, actor=till.town.who(who), at=now())
        receipt = hear(order, transaction=f"FT-{who}").receipt
        refund = fees.ask_refund(receipt_id=receipt.pk, reason="Lỗi cơ quan", actor=till.town.who("desk"), at=now())
        address = f"/tai-chinh/hoan-tra/{refund.pk}/chi/"
        finance.post(address)
        with setting_up():
            refund_answered(message=Outbound.objects.get(subject=f"refund:{refund.pk}"), answer=refused,
                            actor=fees.PAYMENTS, at=now())
        page = text_of(finance.get("/tai-chinh/hoan-tra/"))
        assert "Tài khoản đã đóng" in page and "Gửi lại ngân hàng" in page and "Chi trả tiền mặt" in page
        finance.post(address, button)
        refund.refresh_from_db()
        assert refund.state == state
    page = text_of(finance.get("/tai-chinh/hoan-tra/"))
    assert "Tiền mặt tại quầy" in page and "Tài khoản đã đóng" not in page, "it is paid, or asked for anew"
    said = Entry.objects.filter(event="fees.refund_failed").values_list("facts__reason", flat=True)
    assert list(said) == ["Tài khoản đã đóng"] * 2
