from django.urls import path

from . import views

app_name = "exchange"
urlpatterns = [
    path("", views.board, name="board"),
    path("cho-xu-ly/", views.dead_letters, name="dead_letters"),
    path("gui-di/", views.outbound, name="outbound"),
    path("gui-di/<uuid:message_id>/", views.message, name="message"),
    path("gui-di/<uuid:message_id>/gui-lai/", views.send_again, name="send_again"),
    path("gui-di/<uuid:message_id>/dung-gui/", views.give_up, name="give_up"),
    path("nhan-ve/", views.received, name="received"),
    path("nhan-ve/<uuid:message_id>/", views.received_message, name="received_message"),
    path("nhan-ve/<uuid:message_id>/xu-ly-lai/", views.handle_again, name="handle_again"),
    path("nhan-ve/<uuid:message_id>/bo-qua/", views.pass_over, name="pass_over"),
    path("nhat-ky/", views.calls, name="calls"),
    path("he-thong/<slug:service>/noi-lai/", views.resume, name="resume"),
    path("he-thong/<slug:service>/kiem-tra/", views.probe, name="probe"),
]
