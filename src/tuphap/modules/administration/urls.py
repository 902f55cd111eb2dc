from django.urls import URLPattern, path
from django.views.generic import RedirectView

from . import views
from .law import views as law

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
    path("thu-tuc/", law.procedures, name="law_procedures"),
    path("thu-tuc/moi/", law.new_procedure, name="law_new_procedure"),
    path("thu-tuc/<str:code>/", law.versions, name="law_versions"),
    path("thu-tuc/<str:code>/phien-ban-moi/", law.new_version, name="law_new_version"),
    path("thu-tuc/<str:code>/bai-bo/", law.withdraw, name="law_withdraw"),
    path("tham-so/", law.parameters, name="law_parameters"),
    path("tham-so/<slug:code>/", law.set_parameter, name="law_set_parameter"),
    path("van-ban/", law.decrees, name="law_decrees"),
    path("van-ban/<int:decree_id>/", law.decree, name="law_decree"),
    path("nhat-ky/", views.log, name="log"),
    path("ra-soat-quyen.csv", views.rights_csv, name="rights_csv"),
]
