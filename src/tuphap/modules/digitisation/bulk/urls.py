"""Addresses of files that are taken in, under ``/so-hoa/nhap-lieu/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("nhap-lieu/", views.imports, name="imports"),
    path("nhap-lieu/moi/", views.choose, name="choose_import"),
    path("nhap-lieu/<uuid:batch_id>/", views.batch, name="import"),
    path("nhap-lieu/<uuid:batch_id>/ghep-cot/", views.mapping, name="import_mapping"),
    path("nhap-lieu/<uuid:batch_id>/ghep-cot/luu/", views.keep_mapping, name="keep_import_mapping"),
    path("nhap-lieu/<uuid:batch_id>/ghep-cot/dung/", views.use_mapping, name="use_import_mapping"),
    path("nhap-lieu/<uuid:batch_id>/bat-dau/", views.start, name="start_import"),
    path("nhap-lieu/<uuid:batch_id>/tam-dung/", views.pause, name="pause_import"),
    path("nhap-lieu/<uuid:batch_id>/thoi/", views.withdraw, name="withdraw_import"),
    path("nhap-lieu/<uuid:batch_id>/dong-loi/", views.rows, name="import_rows"),
]
