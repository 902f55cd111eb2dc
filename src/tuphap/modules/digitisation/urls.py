"""Addresses of digitisation, under ``/so-hoa/``."""

from django.urls import URLPattern

app_name = "digitisation"
urlpatterns: list[URLPattern] = []
