from django.urls import path

from .generic import views as generic
from .handover import views as handover
from .views import card, counter, desk, filing, portal, signing

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
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/", filing.papers, name="papers"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/<int:paper_id>/", filing.own_file, name="own_file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/giay-to/<int:paper_id>/bo/", filing.detach, name="detach"),
    path("ho-so-cua-toi/<uuid:dossier_id>/kiem-tra/", filing.check, name="check"),
    path("ho-so-cua-toi/<uuid:dossier_id>/da-gui/", filing.sent, name="sent"),
    path("ho-so-cua-toi/<uuid:dossier_id>/rut/", filing.withdraw, name="withdraw"),
    path("ho-so-cua-toi/<uuid:dossier_id>/danh-gia/", filing.rate, name="rate"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phieu/<int:seq>/", filing.own_slip, name="own_slip"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phieu/<int:seq>.pdf", filing.own_slip, {"kind": "pdf"}, name="own_slip_pdf"),
    path("ho-so-cua-toi/<uuid:dossier_id>/ket-qua/<uuid:document_id>.pdf", filing.own_result, name="own_result"),
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
    path("mot-cua/ho-so/<uuid:dossier_id>/ban-ky/<slug:original>/dinh-kem/", desk.attach_scan, name="attach_scan"),
    path("mot-cua/ho-so/<uuid:dossier_id>/ban-ky/<int:scan_id>/", desk.scan, name="scan"),
    path("mot-cua/ho-so/<uuid:dossier_id>/ban-ky/<int:scan_id>/xac-nhan/", desk.verify_scan, name="verify_scan"),
    path("mot-cua/ho-so/<uuid:dossier_id>/ban-ky/<int:scan_id>/tra-lai/", desk.send_scan_back, name="send_scan_back"),
    path("mot-cua/ban-ky/", desk.originals, name="originals"),
    path("mot-cua/ho-so/<str:reference>/", desk.dossier, name="dossier"),
    path("mot-cua/tiep-nhan/", counter.choose, name="counter"),
    path("mot-cua/tiep-nhan/the-can-cuoc/", card.read, name="read_card"),
    path("mot-cua/tiep-nhan/<str:code>/", counter.receive_at_counter, name="receive_at_counter"),
    path("mot-cua/ky/", signing.sign, name="sign"),
    path("mot-cua/ky/loi/", generic.failed_signings, name="failed_signings"),
    path("mot-cua/ky/loi/<uuid:decision_id>/ky-lai/", generic.retry_signing, name="retry_signing"),
    path("mot-cua/ky/loi/<uuid:decision_id>/huy-so/", generic.void_decision, name="void_decision"),
    path("mot-cua/ky/ket-qua/", signing.signed, name="signed"),
    path("mot-cua/ban-giao/", handover.hand_overs, name="hand_overs"),
    path("mot-cua/ban-giao/lap/", handover.make, name="make_hand_over"),
    path("mot-cua/ban-giao/<uuid:hand_over_id>/", handover.hand_over, name="hand_over"),
    path("mot-cua/ban-giao/<uuid:hand_over_id>/nhan/", handover.take_over, name="take_over"),
    path("mot-cua/ban-giao/<uuid:hand_over_id>/huy/", handover.cancel, name="cancel_hand_over"),
    path("mot-cua/ban-giao/<uuid:hand_over_id>/in/", handover.printed, name="print_hand_over"),
    path("mot-cua/ban-giao/<uuid:hand_over_id>.pdf", handover.printed, {"kind": "pdf"}, name="hand_over_pdf"),
    path("mot-cua/so-theo-doi/", desk.tracking_book, name="tracking_book"),
]
