from django.urls import URLPattern

app_name = "one_stop_shop"
urlpatterns: list[URLPattern] = []
