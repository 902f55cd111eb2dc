from django.urls import path

from . import views

app_name = "direction"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("in/", views.printed, name="print"),
    path("bang.csv", views.table_csv, name="table_csv"),
    path("danh-sach/<str:code>/", views.drill, name="drill"),
    path("danh-sach/<str:code>/tep.csv", views.drill_csv, name="drill_csv"),
]
