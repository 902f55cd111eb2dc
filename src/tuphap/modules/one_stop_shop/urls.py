from django.urls import path

from .generic import views as generic
from .looks import views as looks
from .payments import desk as money
from .payments import finance, own
from .post import views as post
from .store import views as store
from .views import card, counter, desk, filing, portal

app_name = "one_stop_shop"
urlpatterns = [
    # anybody
    path("thu-tuc/", portal.procedures, name="procedures"),
    path("thu-tuc/<str:code>/", portal.procedure, name="procedure"),
    path("thu-tuc/<str:code>/nop/", portal.start, name="start"),
    path("tra-cuu/", portal.track, name="track"),
    # the citizen
    path("ho-so-cua-toi/", filing.my_dossiers, name="my_dossiers"),
    path("ho-so-cua-toi/<uuid:dossier_id>/khai/<slug:page>/", filing.fill, name="fill"),
    path("ho-so-cua-toi/<uuid:dossier_id>/nop-thay/", filing.for_another, name="for_another"),
    path("ho-so-cua-toi/<uuid:dossier_id>/cach-nhan/", filing.way, name="way"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/", filing.papers, name="papers"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/tu-kho/", store.attach, name="attach_stored"),
    path("ai-da-xem/", looks.who_looked, name="who_looked"),
    path("kho-ket-qua/", store.store, name="store"),
    path("kho-ket-qua/<uuid:document_id>.pdf", store.download, name="stored_file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/<int:paper_id>/", filing.own_file, name="own_file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/<int:paper_id>/bo/", filing.detach, name="detach"),
    path("ho-so-cua-toi/<uuid:dossier_id>/kiem-tra/", filing.check, name="check"),
    path("ho-so-cua-toi/<uuid:dossier_id>/da-gui/", filing.sent, name="sent"),
    path("ho-so-cua-toi/<uuid:dossier_id>/rut/", filing.withdraw, name="withdraw"),
    path("ho-so-cua-toi/<uuid:dossier_id>/danh-gia/", filing.rate, name="rate"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phieu/<int:seq>/", filing.own_slip, name="own_slip"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phieu/<int:seq>.pdf", filing.own_slip, {"kind": "pdf"}, name="own_slip_pdf"),
    path("ho-so-cua-toi/<uuid:dossier_id>/ket-qua/<uuid:document_id>.pdf", filing.own_result, name="own_result"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/", own.pay, name="pay"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/hoi/", own.check_payment, name="check_payment"),
    path("ho-so-cua-toi/bien-lai/<int:receipt_id>/", own.own_receipt, name="own_receipt"),
    path("ho-so-cua-toi/bien-lai/<int:receipt_id>.pdf", own.own_receipt, {"kind": "pdf"}, name="own_receipt_pdf"),
    path("ho-so-cua-toi/<str:reference>/", filing.own_dossier, name="own_dossier"),
    # staff
    path("mot-cua/", desk.worklist, name="worklist"),
    path("mot-cua/ho-so/", desk.all_dossiers, name="all_dossiers"),
    path("mot-cua/ho-so/<uuid:dossier_id>/lam/<slug:action>/", desk.act, name="act"),
    path("mot-cua/ho-so/<uuid:dossier_id>/tep/<int:paper_id>/", desk.paper, name="paper"),
    path("mot-cua/ho-so/<uuid:dossier_id>/phieu/<int:seq>/", desk.slip, name="slip"),
    path("mot-cua/ho-so/<uuid:dossier_id>/phieu/<int:seq>.pdf", desk.slip, {"kind": "pdf"}, name="slip_pdf"),
    path("mot-cua/ho-so/<uuid:dossier_id>/phieu-kiem-soat/", desk.control_sheet, name="control_sheet"),
    path(
        "mot-cua/ho-so/<uuid:dossier_id>/phieu-kiem-soat.pdf", desk.control_sheet, {"kind": "pdf"},
        name="control_sheet_pdf",
    ),
    path("mot-cua/ho-so/<uuid:dossier_id>/ket-qua/<uuid:document_id>.pdf", desk.result, name="result"),
    path("mot-cua/ho-so/<uuid:dossier_id>/van-ban/", generic.draft, name="draft_decision"),
    path("mot-cua/ho-so/<uuid:dossier_id>/van-ban/xem-truoc.pdf", generic.preview, name="preview_decision"),
    path("mot-cua/ho-so/<uuid:dossier_id>/phi/", money.dossier_fees, name="dossier_fees"),
    path("mot-cua/ho-so/<uuid:dossier_id>/phi/<slug:doing>/", money.fee_act, name="fee_act"),
    path("mot-cua/bien-lai/<int:receipt_id>/", money.receipt, name="receipt"),
    path("mot-cua/bien-lai/<int:receipt_id>.pdf", money.receipt, {"kind": "pdf"}, name="receipt_pdf"),
    path("mot-cua/bien-lai/<int:receipt_id>/huy/", money.void_receipt, name="void_receipt"),
    path("mot-cua/bien-lai/<int:receipt_id>/hoan-tra/", money.ask_refund, name="ask_refund"),
    path("mot-cua/ho-so/<str:reference>/", desk.dossier, name="dossier"),
    path("mot-cua/ho-so/<uuid:dossier_id>/cach-nhan/", desk.way, name="desk_way"),
    path("mot-cua/buu-chinh/", post.postal, name="postal"),
    path("mot-cua/buu-chinh/bang-ke/", post.sheet, name="postal_sheet"),
    path("mot-cua/buu-chinh/<uuid:dossier_id>/da-phat/", post.delivered, name="post_delivered"),
    path("mot-cua/tiep-nhan/", counter.choose, name="counter"),
    path("mot-cua/tiep-nhan/the-can-cuoc/", card.read, name="read_card"),
    path("mot-cua/tiep-nhan/<str:code>/", counter.receive_at_counter, name="receive_at_counter"),
    path("mot-cua/ky/", desk.sign, name="sign"),
    path("mot-cua/ky/loi/", generic.failed_signings, name="failed_signings"),
    path("mot-cua/ky/loi/<uuid:decision_id>/ky-lai/", generic.retry_signing, name="retry_signing"),
    path("mot-cua/ky/loi/<uuid:decision_id>/huy-so/", generic.void_decision, name="void_decision"),
    path("mot-cua/ky/ket-qua/", desk.signed, name="signed"),
    path("mot-cua/so-theo-doi/", desk.tracking_book, name="tracking_book"),
    # finance
    path("tai-chinh/", finance.finance, name="finance"),
    path("tai-chinh/doi-soat/", finance.reconcile, name="reconcile"),
    path("tai-chinh/hoan-tra/", finance.refunds, name="refunds"),
    path("tai-chinh/hoan-tra/<uuid:refund_id>/chi/", finance.pay_refund, name="pay_refund"),
    path("tai-chinh/hoan-tra/<uuid:refund_id>/khong/", finance.decline_refund, name="decline_refund"),
    path("tai-chinh/chua-khop/", finance.unmatched, name="unmatched"),
    path("tai-chinh/chua-khop/<int:transfer_id>/ghi/", finance.assign_transfer, name="assign_transfer"),
    path("tai-chinh/chua-khop/<int:transfer_id>/tra-lai/", finance.return_transfer, name="return_transfer"),
    path("tai-chinh/tai-khoan/", finance.accounts, name="accounts"),
]
