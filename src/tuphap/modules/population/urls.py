from django.urls import path

from . import views

app_name = "population"
urlpatterns = [
    path("", views.board, name="board"),
    path("phieu/", views.tickets, name="tickets"),
    path("phieu/khan/", views.urgent, name="urgent"),
    path("phieu/cho-xac-nhan/", views.to_confirm, name="to_confirm"),
    path("phieu/xac-nhan-hang-loat/", views.confirm_many, name="confirm_many"),
    path("phieu/danh-sach.xlsx", views.listing, name="listing"),
    path("phieu/<int:ticket_id>/", views.ticket, name="ticket"),
    path("phieu/<int:ticket_id>/nhan/", views.take, name="take"),
    path("phieu/<int:ticket_id>/xu-ly/", views.decide, name="decide"),
    path("phieu/<int:ticket_id>/xac-nhan/", views.confirm, name="confirm"),
    path("phieu/<int:ticket_id>/khong-dong-y/", views.send_back, name="send_back"),
    path("phieu/<int:ticket_id>/xem-lai/", views.reopen, name="reopen"),
    path("phieu/<int:ticket_id>/tai-lieu/", views.add_evidence, name="add_evidence"),
    path("phieu/<int:ticket_id>/tai-lieu/<int:evidence_id>/", views.evidence, name="evidence"),
    path("phieu/<int:ticket_id>/trang-so/", views.scan, name="scan"),
    path("phieu/<int:ticket_id>/bien-ban/<str:kind>/", views.minutes, name="minutes"),
    path("dot/", views.batches, name="batches"),
    path("dot/lay-du-lieu/", views.pull, name="pull"),
    path("dot/<uuid:batch_id>/", views.batch, name="batch"),
]
