from django.urls import path

from . import live, pages

app_name = "site"
urlpatterns = [
    path("", pages.home, name="home"),
    path("don-vi/tim/", pages.find_units, name="find_units"),
    path("suc-khoe/", pages.health, name="health"),
    path("ve-luong/", live.stream_ticket, name="stream_ticket"),
    path("tien-do/", live.sample_progress, name="sample_progress"),
]
