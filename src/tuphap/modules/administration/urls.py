from django.urls import URLPattern, path
from django.views.generic import RedirectView

from . import views

app_name = "administration"
urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="administration:people"), name="home"),
    path("nguoi-dung/", views.people, name="people"),
    path("nguoi-dung/them/", views.add_staff, name="add_staff"),
    path("nguoi-dung/them-co-quan/", views.add_agency, name="add_agency"),
    path("nguoi-dung/<uuid:user_id>/", views.person, name="person"),
    path("nguoi-dung/<uuid:user_id>/khoa/", views.disable, name="disable"),
    path("nguoi-dung/<uuid:user_id>/chuyen/", views.move_staff, name="move_staff"),
    path("nguoi-dung/<uuid:user_id>/mo-lai/", views.enable, name="enable"),
    path("nguoi-dung/<uuid:user_id>/mo-chan/", views.unlock, name="unlock"),
    path("nguoi-dung/<uuid:user_id>/dat-lai-mat-khau/", views.reset_password, name="reset_password"),
    path("nguoi-dung/<uuid:user_id>/xoa-xac-thuc/", views.reset_second_factor, name="reset_second_factor"),
    path("nguoi-dung/<uuid:user_id>/giao-quyen/", views.give_role, name="give_role"),
    path("nguoi-dung/<uuid:user_id>/cap-ma/", views.issue_token, name="issue_token"),
    path("quyen/<int:grant_id>/thu-hoi/", views.revoke_grant, name="revoke_grant"),
    path("ma-truy-cap/<int:token_id>/thu-hoi/", views.revoke_token, name="revoke_token"),
    path("uy-quyen/", views.delegation, name="delegation"),
    path("uy-quyen/<int:grant_id>/cham-dut/", views.end_delegation, name="end_delegation"),
    path("lich/", views.working_days, name="calendar"),
    path("nhat-ky/", views.log, name="log"),
    path("ra-soat-quyen.csv", views.rights_csv, name="rights_csv"),
]
