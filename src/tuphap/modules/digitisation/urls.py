"""Addresses of digitisation, under ``/so-hoa/``."""

from django.urls import URLPattern

from .bulk.urls import urlpatterns as bulk

app_name = "digitisation"
urlpatterns: list[URLPattern] = [*bulk]
