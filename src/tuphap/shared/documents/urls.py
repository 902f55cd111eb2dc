from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("tep/", views.verify_file, name="verify_file"),
    path("<str:code>/", views.verify_code, name="verify_code"),
]
