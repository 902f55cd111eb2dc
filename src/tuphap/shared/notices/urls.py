from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("thong-bao/", views.mine, name="list"),
    path("thong-bao/cach-nhan/", views.preferences, name="preferences"),
    path("bao-phat/<slug:channel>/", views.report, name="report"),
    path("thong-bao/da-doc/", views.read_all, name="read_all"),
    path("thong-bao/<uuid:notice_id>/", views.open_notice, name="open"),
]
