from django.urls import path

from .views import boards, figures, periods, statistics

app_name = "direction"
urlpatterns = [
    path("", figures.dashboard, name="dashboard"),
    path("in/", figures.printed, name="print"),
    path("bang.csv", figures.table_csv, name="table_csv"),
    path("linh-vuc/", boards.boards, name="boards"),
    path("linh-vuc/<str:name>/", boards.boards, name="board"),
    path("linh-vuc/<str:name>/tep/<str:kind>/", boards.board_file, name="board_file"),
    path("danh-sach/<str:code>/", figures.drill, name="drill"),
    path("danh-sach/<str:code>/tep.csv", figures.drill_csv, name="drill_csv"),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("thong-ke/tep/<str:kind>/", statistics.statistics_file, name="statistics_file"),
    path("thong-ke/ky/", periods.periods, name="periods"),
    path("thong-ke/ky/khoa/", periods.close, name="close_period"),
    path("thong-ke/ky/<int:closing_id>/", periods.closing, name="closing"),
    path("thong-ke/ky/<int:closing_id>/mo/", periods.reopen, name="reopen_period"),
]
