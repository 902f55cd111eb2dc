from django.urls import path

from . import views
from .joined import views as joined
from .old_books import views as old_books

app_name = "civil_status"
urlpatterns = [
    path("", views.register, name="register"),
    path("tra-cuu/", views.search, name="search"),
    path("nguoi/", views.person, name="person"),
    path("so/", views.books, name="books"),
    path("so/mo/", views.open_book, name="open_book"),
    path("so/<int:book_id>/", views.book, name="book"),
    path("so/<int:book_id>/in/", views.print_book, name="print_book"),
    path("so/<int:book_id>/khoa/", views.close_book, name="close_book"),
    path("viec/<uuid:act_id>/", views.act, name="act"),
    path("viec/<uuid:act_id>/so-dinh-danh/", views.set_personal_number, name="set_personal_number"),
    path("viec/<uuid:act_id>/huy-bo/", views.cancel_act, name="cancel_act"),
    path("viec/<uuid:act_id>/ly-hon/", views.note_divorce, name="note_divorce"),
    path("viec/<uuid:act_id>/giay-to/<int:paper_id>.pdf", views.paper, name="paper"),
    path("ky-loi/", views.failed_signings, name="failed_signings"),
    path("ky-loi/<uuid:act_id>/ky-lai/", views.retry_signing, name="retry_signing"),
    path("ky-loi/<uuid:act_id>/huy-so/", views.void_act, name="void_act"),
    path("ky-loi/<uuid:act_id>/huy-ban-sao/", views.void_extract, name="void_extract"),
    path("ho-so/<str:code>/", views.act_of_dossier, name="act_of_dossier"),
    path("ho-so/<uuid:dossier_id>/xem-truoc.pdf", views.preview, name="preview"),
    path("lien-thong/", joined.legs, name="legs"),
    path("lien-thong/<int:leg_id>/", joined.leg, name="leg"),
    path("lien-thong/<int:leg_id>/gui-lai/", joined.resend, name="resend_leg"),
    path("lien-thong/<int:leg_id>/ket-thuc/", joined.end, name="end_leg"),
    path("lien-thong/<int:leg_id>/so-dinh-danh/", joined.verify, name="verify_leg"),
    path("so-cu/", old_books.entries, name="old_entries"),
    path("so-cu/moi/", old_books.start, name="start_old_entry"),
    path("so-cu/<uuid:entry_id>/", old_books.entry, name="old_entry"),
    path("so-cu/<uuid:entry_id>/ban-quet/", old_books.scan, name="old_entry_scan"),
    path("so-cu/<uuid:entry_id>/dong-so/", old_books.line, name="old_entry_line"),
    path("so-cu/<uuid:entry_id>/phan/<slug:part>/", old_books.part, name="old_entry_part"),
    path("so-cu/<uuid:entry_id>/ghi-chu/", old_books.notes, name="old_entry_notes"),
    path("so-cu/<uuid:entry_id>/quet-lai/", old_books.attach_scan, name="attach_old_scan"),
    path("so-cu/<uuid:entry_id>/trinh/", old_books.propose, name="propose_old_entry"),
    path("so-cu/<uuid:entry_id>/thoi/", old_books.withdraw, name="withdraw_old_entry"),
    path("so-cu/<uuid:entry_id>/xac-nhan/", old_books.confirm, name="confirm_old_entry"),
    path("so-cu/<uuid:entry_id>/tra-lai/", old_books.return_entry, name="return_old_entry"),
]
