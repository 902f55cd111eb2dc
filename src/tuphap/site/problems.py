"""How the API says no: RFC 9457, in Vietnamese, with every fault beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from tuphap.kernel.refusal import Problem, Refusal

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:tuphap:problem:"

TITLES = {
    400: "Yêu cầu không hợp lệ",
    401: "Chưa đăng nhập",
    403: "Không có quyền",
    404: "Không tìm thấy",
    405: "Phương thức không được hỗ trợ",
    409: "Dữ liệu đã thay đổi",
    413: "Dữ liệu gửi lên quá lớn",
    422: "Thông tin chưa hợp lệ",
    429: "Quá nhiều yêu cầu",
    500: "Hệ thống gặp lỗi",
    503: "Dịch vụ tạm thời không sẵn sàng",
}

# What pydantic calls its faults, in the words of a form.
FAULTS = {
    "missing": "Thiếu thông tin này.",
    "extra_forbidden": "Không có trường này.",
    "string_type": "Phải là chuỗi ký tự.",
    "string_too_short": "Quá ngắn, cần ít nhất {min_length} ký tự.",
    "string_too_long": "Quá dài, nhiều nhất {max_length} ký tự.",
    "string_pattern_mismatch": "Không đúng định dạng.",
    "int_type": "Phải là số nguyên.",
    "int_parsing": "Phải là số nguyên.",
    "int_from_float": "Phải là số nguyên.",
    "float_parsing": "Phải là số.",
    "bool_parsing": "Phải là đúng hoặc sai.",
    "bool_type": "Phải là đúng hoặc sai.",
    "greater_than": "Phải lớn hơn {gt}.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than": "Phải nhỏ hơn {lt}.",
    "less_than_equal": "Không được quá {le}.",
    "uuid_parsing": "Mã định danh không hợp lệ.",
    "uuid_type": "Mã định danh không hợp lệ.",
    "date_parsing": "Ngày không hợp lệ, cần dạng năm-tháng-ngày.",
    "date_from_datetime_parsing": "Ngày không hợp lệ, cần dạng năm-tháng-ngày.",
    "date_from_datetime_inexact": "Ngày không hợp lệ, cần dạng năm-tháng-ngày.",
    "date_type": "Ngày không hợp lệ, cần dạng năm-tháng-ngày.",
    "datetime_parsing": "Thời điểm không hợp lệ.",
    "datetime_from_date_parsing": "Thời điểm không hợp lệ.",
    "enum": "Phải là một trong: {expected}.",
    "literal_error": "Phải là một trong: {expected}.",
    "list_type": "Phải là một danh sách.",
    "dict_type": "Phải là một đối tượng.",
    "too_short": "Cần ít nhất {min_length} mục.",
    "too_long": "Nhiều nhất {max_length} mục.",
}


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, faults: Iterable[Problem] = ()
) -> JsonResponse:
    """One answer of the kind ``application/problem+json``."""
    body = {
        "type": TYPE + code,
        "title": TITLES.get(status, TITLES[400]),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.path,
        "errors": [{"field": f.field, "code": f.code, "message": f.message} for f in faults],
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def of_status(request: HttpRequest, status: int) -> JsonResponse:
    """What says no more of itself than its status."""
    title = TITLES.get(status, TITLES[400])
    return problem(request, status=status, code=HTTPStatus(status).name.lower(), detail=f"{title}.")


def of_refusal(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    """A refusal of the rules as a problem."""
    return problem(
        request, status=refusal.status, code=refusal.code, detail=refusal.message, faults=refusal.problems
    )


def of_faults(request: HttpRequest, errors: Iterable[Mapping[str, Any]]) -> JsonResponse:
    """What pydantic found in the input as a problem."""
    faults = [
        Problem(field=_field(e.get("loc", ())), code=str(e.get("type", "invalid")), message=_said(e)) for e in errors
    ]
    detail = "Thông tin gửi lên chưa hợp lệ, vui lòng xem từng trường."
    return problem(request, status=422, code="invalid", detail=detail, faults=faults)


def _field(location: Iterable[Any]) -> str | None:
    """``("body", "asked", "name")`` → ``"name"``: without the source and the name of the view's parameter."""
    parts = [str(part) for part in location]
    inner = parts[2:] if parts[:1] in (["body"], ["form"]) and len(parts) > 2 else parts[1:]
    return ".".join(inner) or None


def _said(error: Mapping[str, Any]) -> str:
    template = FAULTS.get(str(error.get("type")), "Giá trị không hợp lệ.")
    try:
        return template.format(**(error.get("ctx") or {}))
    except (KeyError, IndexError):
        return "Giá trị không hợp lệ."


SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457: vì sao yêu cầu bị từ chối.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
