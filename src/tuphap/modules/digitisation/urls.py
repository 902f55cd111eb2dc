from django.urls import path

from .bulk.urls import urlpatterns as bulk
from .views import books, entries, progress

app_name = "digitisation"
urlpatterns = [
    path("", progress.overview, name="progress"),
    path("tep/<str:kind>/", progress.file, name="progress_file"),
    path("chat-luong/", progress.quality, name="quality"),
    path("chat-luong/tep.csv", progress.quality_file, name="quality_file"),
    path("so/", books.books, name="books"),
    path("so/moi/", books.enter, name="enter_book"),
    path("so/danh-muc/", books.import_manifest, name="import_manifest"),
    path("so/danh-muc/mau.csv", books.manifest_sample, name="manifest_sample"),
    path("so/tep-lac/", books.stray, name="stray"),
    path("so/<int:volume_id>/", books.book, name="book"),
    path("so/<int:volume_id>/sua/", books.change, name="change_book"),
    path("so/<int:volume_id>/ban-quet/", books.take_in_scans, name="take_in_scans"),
    path("so/<int:volume_id>/duyet/", books.approve, name="approve_book"),
    path("so/<int:volume_id>/chuyen/", books.transfer, name="transfer"),
    path("so/<int:volume_id>/ket-thuc/", books.close, name="close_book"),
    path("so/<int:volume_id>/kiem-tra/", entries.proof_next, name="proof_next"),
    path("quy-dinh/", books.practice, name="practice"),
    path("nhap/", entries.keying, name="keying"),
    path("nhap/tiep/", entries.take_next, name="take_next"),
    path("kiem-tra/", entries.proofing, name="proofing"),
    path("viec/", entries.entries, name="entries"),
    path("viec/<int:line_id>/", entries.entry, name="entry"),
    path("viec/<int:line_id>/ban-quet/", entries.scan, name="scan"),
    path("viec/<int:line_id>/trang/<int:number>/", entries.page, name="page"),
    path("viec/<int:line_id>/nhan/", entries.take, name="take"),
    path("viec/<int:line_id>/nhap/", entries.key, name="key"),
    path("viec/<int:line_id>/goi-y/", entries.suggestions, name="suggestions"),
    path("viec/<int:line_id>/khong-doc-duoc/", entries.unreadable, name="unreadable"),
    path("viec/<int:line_id>/doi-chieu/", entries.proof, name="proof"),
    path("viec/<int:line_id>/tra-lai/", entries.return_entry, name="return_entry"),
    path("viec/<int:line_id>/duyet/", entries.approve, name="approve"),
    path("viec/<int:line_id>/khong-trung/", entries.answer, name="answer_duplicate"),
    *bulk,
]
