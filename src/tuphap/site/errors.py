"""Error pages, in the words of the platform."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "site/error.html", {"title": title, "text": text, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "Yêu cầu không hợp lệ", "Trình duyệt đã gửi một yêu cầu mà hệ thống không hiểu.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "Không có quyền truy cập", "Ông/bà chưa được giao quyền xem trang này.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was drawn for another session, or cookies are off."""
    text = "Trang đã mở quá lâu hoặc trình duyệt chặn cookie. Vui lòng quay lại, tải lại trang rồi gửi lại."
    return _page(request, 403, "Chưa gửi được biểu mẫu", text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "Không tìm thấy trang", "Địa chỉ không đúng hoặc trang đã được chuyển đi.")


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Drawn without the frame's own reads: what failed may be the database."""
    text = "Việc của ông/bà chưa được ghi nhận. Vui lòng thử lại sau ít phút."
    page = render_to_string("site/error.html", {"title": "Hệ thống gặp lỗi", "text": text, "status": 500})
    return HttpResponse(page, status=500)
