from django.urls import URLPattern, path

from . import step_in, views
from .api import sample_allowed

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("dang-nhap/", views.login, name="login"),
    path("dang-nhap/xac-thuc/", views.second_factor, name="second_factor"),
    path("dang-nhap/ma-du-phong/", views.recover, name="recover"),
    path("dang-nhap/ghi-danh/", views.enrol, name="enrol"),
    path("dang-nhap/vneid/", views.oidc_start, name="oidc_start"),
    path("dang-nhap/vneid/tra-ve/", views.oidc_callback, name="oidc_callback"),
    path("dang-nhap/thieu-so-dinh-danh/", views.no_number, name="no_number"),
    path("dang-xuat/", views.logout, name="logout"),
    path("tai-khoan/phien/", views.session_list, name="sessions"),
    path("tai-khoan/phien/ket-thuc-phien-khac/", views.end_other_sessions, name="end_other_sessions"),
    path("tai-khoan/phien/<int:session_id>/ket-thuc/", views.end_session, name="end_session"),
    path("tai-khoan/ma-du-phong/", views.recovery_codes, name="recovery_codes"),
    path("tai-khoan/mat-khau/", views.password, name="password"),
]
if sample_allowed():
    urlpatterns += [
        path("thu-vai/", step_in.step_in, name="step_in"),
        path("thu-vai/<uuid:user_id>/", step_in.step_into, name="step_into"),
    ]
