from django.urls import path

from . import views

app_name = "reporting"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("lap/", views.begin, name="begin"),
    path("tong-hop/", views.aggregate, name="aggregate"),
    path("bieu/", views.forms, name="forms"),
    path("bieu/<int:form_id>/", views.form, name="form"),
    path("bieu/<int:form_id>/phien-ban-moi/", views.new_version, name="new_version"),
    path("<uuid:report_id>/", views.report, name="report"),
    path("<uuid:report_id>/luu/", views.fill, name="fill"),
    path("<uuid:report_id>/dem-lai/", views.recount, name="recount"),
    path("<uuid:report_id>/ky/", views.approve, name="approve"),
    path("<uuid:report_id>/chuyen-lai/", views.send_back, name="send_back"),
    path("<uuid:report_id>/tiep-nhan/", views.accept, name="accept"),
    path("<uuid:report_id>/tra-lai/", views.return_to_office, name="return"),
    path("<uuid:report_id>/sua-doi/", views.amend, name="amend"),
    path("<uuid:report_id>/o/<str:row>/<str:column>/", views.cell, name="cell"),
    path("<uuid:report_id>/tep/<str:kind>/", views.file, name="file"),
]
