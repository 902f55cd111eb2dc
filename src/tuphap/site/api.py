"""The API root: every module's router under one OpenAPI description, every refusal as RFC 9457.

A caller is a browser session (with its CSRF token) or a bearer token. Writes may carry ``Idempotency-Key``
(``shared.operation.http.once_of``). Nothing that is sent, however broken, is answered with a 5xx.
"""

from __future__ import annotations

import json
import math
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest, ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import BaseThrottle
from pydantic import Field

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.orgs.models import OrgUnit

from . import problems
from .middleware import keep_denial


class Bearer(HttpBearer):
    """A machine's token (``Authorization: Bearer tps_…``), or that of a member of staff."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        found = accounts.token_named(token, at=now())
        if found is None:
            return None
        before: Actor = request.actor  # type: ignore[attr-defined]
        actor = accounts.actor_for(
            found.owner, ip=before.ip, session_id=f"token:{found.pk}", request_id=before.request_id,
            scopes=frozenset(found.scopes),
        )
        request.actor = actor  # type: ignore[attr-defined]
        return actor


class Session(APIKeyCookie):
    """The browser's session; a write needs the CSRF token as the pages do."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        user = request.user
        if not user.is_authenticated or user.must_change_password:
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor


class Rate(BaseThrottle):
    """So many calls in a minute for each caller; passers-by are told apart by address."""

    def allow_request(self, request: HttpRequest) -> bool:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        key = f"api-rate:{actor.user_id or actor.ip}:{int(time.time() // 60)}"
        cache.add(key, 0, timeout=120)
        try:
            return cache.incr(key) <= settings.API_CALLS_A_MINUTE
        except ValueError:  # expired between the two
            return True

    def wait(self) -> float:
        return 60 - time.time() % 60


class CleanParser(Parser):
    """JSON without what no database can hold: NUL, lone surrogates, NaN."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body, parse_constant=_refuse_constant)
        _check_text(body)
        return body

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        parsed: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        try:
            _check_text(parsed)
        except ValueError as broken:
            raise HttpError(400, "unreadable") from broken
        return parsed


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _check_text(value: Any) -> None:
    """Raise ValueError for text that cannot be stored."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode("utf-8")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)


class Api(NinjaAPI):
    """Our description says, for every operation, what a refusal looks like."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Made at the first call: to describe some hundred operations takes a second."""
        if self._described is None:
            self._described = self._describe(path_prefix=path_prefix, path_params=path_params)
        return self._described

    def _describe(self, *, path_prefix: str | None, path_params: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {})["Problem"] = problems.SCHEMA
        refusal = {
            "description": "Bị từ chối (RFC 9457)",
            "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for methods in schema["paths"].values():
            for described in methods.values():
                described["responses"].setdefault("4XX", refusal)
        return schema


api = Api(
    title="Tư Pháp Số",
    version="1",
    urls_namespace="api",
    description="Giao diện lập trình của Tư Pháp Số: cùng những thao tác và cùng những quyền như các trang.",
    auth=[Bearer(), Session()],
    throttle=[Rate()],
    parser=CleanParser(),
)


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    keep_denial(request, refusal)
    return problems.of_refusal(request, refusal)


@api.exception_handler(ValidationError)
def _faults(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_faults(request, error.errors)


@api.exception_handler(AuthenticationError)
def _who(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    refused = accounts.NotLoggedIn()
    answer = problems.of_refusal(request, refused)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Throttled)
def _slower(request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = problems.problem(
        request, status=429, code="too_many_requests", detail="Gửi quá nhiều yêu cầu, vui lòng thử lại sau ít phút."
    )
    answer["Retry-After"] = str(math.ceil(error.wait or 60))
    return answer


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.problem(request, status=404, code="not_found", detail="Không tìm thấy dữ liệu được yêu cầu.")


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return problems.problem(
            request, status=403, code="csrf", detail="Thiếu hoặc sai mã chống giả mạo yêu cầu (CSRF)."
        )
    return problems.problem(request, status=error.status_code, code="bad_request", detail="Không đọc được yêu cầu.")


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.problem(request, status=413, code="too_large", detail="Dữ liệu gửi lên quá lớn.")


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.problem(request, status=400, code="bad_request", detail="Không đọc được yêu cầu.")


@api.exception_handler(DataError)
def _out_of_range(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.problem(request, status=422, code="out_of_range", detail="Có giá trị nằm ngoài phạm vi cho phép.")


class HeldOut(Schema):
    """One permission that holds today, and where."""

    permission: str
    role: str
    unit_code: str
    unit_name: str


class MeOut(Schema):
    """Who is calling."""

    id: UUID
    kind: str
    name: str
    title: str
    assurance_level: int
    grants: list[HeldOut]


class UnitOut(Schema):
    """An office as of today."""

    code: str
    name: str
    kind: str
    address: str
    phone: str


class UnitsIn(Schema):
    """Which offices are looked for."""

    q: str = Field("", max_length=100, description="Một phần của tên hoặc mã")
    kind: str = Field("", max_length=12)
    limit: int = Field(20, ge=1, le=200)


@api.get("/me", response=MeOut, tags=["Tài khoản"], summary="Tôi là ai, có những quyền gì")
def me(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = accounts.User.objects.get(pk=actor.user_id or "")
    held = access.grants_in_force(on=localdate(now())).filter(person=user).select_related("unit")
    grants = [
        {"permission": g.permission, "role": g.role, "unit_code": g.unit.code, "unit_name": g.unit.name}
        for g in held.order_by("unit__sort_key", "permission")
        if actor.scopes is None or g.permission in actor.scopes
    ]
    return {
        "id": user.pk, "kind": user.kind, "name": user.full_name, "title": user.title,
        "assurance_level": user.assurance_level, "grants": grants,
    }


@api.get("/units", response=list[UnitOut], auth=None, tags=["Đơn vị"], summary="Tìm cơ quan, đơn vị đang hoạt động")
def units(request: HttpRequest, wanted: Query[UnitsIn]) -> list[OrgUnit]:
    """The offices of today whose name or code holds the text; public."""
    today = localdate(now())
    found = OrgUnit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today)
    if wanted.q:
        found = found.filter(Q(name__icontains=wanted.q) | Q(code__istartswith=wanted.q))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return list(found.order_by("kind", "sort_key", "code")[: wanted.limit])


def mount_modules() -> None:
    """Add the router of every app that has one: a module's in its ``api.py``, a mechanism's in its ``endpoints.py``.

    A mechanism's ``api.py`` is what all others import, also in a process that serves no page and need not read routes.
    """
    mechanisms = [f"{app}.endpoints" for app in settings.SHARED_APPS]
    for doors in [*mechanisms, *(f"{app}.api" for app in settings.MODULE_APPS)]:
        if find_spec(doors) is not None:
            api.add_router("", import_module(doors).router)


mount_modules()
