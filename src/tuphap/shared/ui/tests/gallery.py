"""A page that holds every component once, for tests and for looking at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Invalid, Problem
from tuphap.shared.ui import api as ui

HERE = Path(__file__).parent


class Sample(ui.Form):
    """One field of every kind that needs no other mechanism."""

    rows = (("first", "second"),)
    first = forms.CharField(label="Họ, chữ đệm, tên", help_text="Viết như trong giấy tờ.")
    second = forms.CharField(label="Số giấy tờ", required=False)
    sex = forms.ChoiceField(label="Giới tính", choices=[("nam", "Nam"), ("nu", "Nữ")], widget=forms.RadioSelect)
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Tôi cam đoan lời khai là đúng sự thật")


def components() -> dict[str, Any]:
    """What the gallery's components are drawn from."""
    at = now()
    series = (ui.Series("Trước hạn", "green"), ui.Series("Đúng hạn", "sky"), ui.Series("Quá hạn", "red"))
    return {
        "steps": [("a", "Người con"), ("b", "Người mẹ", "#"), ("c", "Người cha", "#"), ("d", "Kiểm tra")],
        "tabs": [
            {"title": "Chờ tiếp nhận", "href": "#", "current": True, "count": 12},
            {"title": "Đang giải quyết", "href": "#", "current": False, "count": 1204},
            {"title": "Tất cả", "href": "#", "current": False, "count": None},
        ],
        "events": [
            {"at": at, "title": "Nộp hồ sơ", "by": "Nguyễn Thị Hồng Ánh", "text": "", "state": "done"},
            {"at": at + timedelta(hours=1), "title": "Tiếp nhận", "by": "", "text": "Hẹn trả.", "state": "now"},
        ],
        "bars": [ui.Bar("Phường Hồng Bàng", 41, "#"), ui.Bar("Xã Vĩnh Bảo", 17, "#"), ui.Bar("Đặc khu Cát Hải", 0)],
        "series": series,
        "weeks": [ui.Column(f"{i:02}/2026", (i % 5 + 3, i % 3, i % 4 == 0), ("#",)) for i in range(1, 27)],
        "page": Paginator(list(range(200)), 20).page(3),
        "rows": [
            ("H31.15-261120-0001", "Nguyễn Thị Hồng Ánh", "in_process"), ("H31.15-261120-0002", "Trần Văn Đức", "late"),
        ],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component; a POST shows the form with its errors and a refusal."""
    form = Sample(request.POST or None)
    if request.method == "POST" and not form.is_valid():
        form.add_refusal(Invalid((Problem("page.second", "taken", "Số giấy tờ này đã được dùng."),)))
    frame = "ui/staff.html" if request.GET.get("khung") == "can-bo" else "ui/public.html"
    template = Template((HERE / "gallery.html").read_text())
    context = RequestContext(request, {**components(), "form": form, "gallery_frame": frame})
    return HttpResponse(template.render(context))


urlpatterns = [path("mau/", gallery, name="gallery"), path("", include("tuphap.site.urls"))]
