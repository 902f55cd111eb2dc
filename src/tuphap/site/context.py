"""What every page knows: who is looking, which frame and menus they have, whether this is the sample province."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from tuphap.kernel.actor import PUBLIC, Actor, ActorKind
from tuphap.kernel.clock import localdate, now
from tuphap.shared.access.models import Grant
from tuphap.shared.notices.queries import unread
from tuphap.shared.search import api as search
from tuphap.shared.ui import api as ui

PROVINCE = "Thành phố Hải Phòng"


def _is_held(request: HttpRequest) -> bool:
    """Whether this session is kept at the page where the password is changed."""
    return bool(getattr(request, "must_change_password", False))


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's own words; numbers and menus are read only by a page that shows them."""
    actor: Actor = getattr(request, "actor", None) or PUBLIC
    staff = actor.kind is ActorKind.STAFF
    known = actor.user_id is not None
    return {
        "actor": actor,
        "person": request.user if known else None,
        "frame": "ui/staff.html" if staff else "ui/public.html",
        "province": PROVINCE,
        "office": SimpleLazyObject(lambda: _office(actor)) if staff else "",
        "staff_menu": SimpleLazyObject(lambda: _menu(ui.MenuKind.STAFF, request, actor)),
        "public_menu": SimpleLazyObject(lambda: _public_menu(request, actor)),
        "unread": SimpleLazyObject(lambda: unread(actor)),
        "person_links": _person_links(actor) if known else (),
        "foot_links": _foot_links(),
        "home_url": _address("site:home"),
        "check_url": _address("documents:verify"),
        "login_url": _address("accounts:login"),
        "logout_url": _address("accounts:logout"),
        "notices_url": _address("notices:list") if known else "",
        "search_url": SimpleLazyObject(lambda: _search_url(actor)) if staff else "",
        "live_url": _address("site:stream_ticket") if known and not _is_held(request) else "",
        "live_script": static("site/live.js") if known else "",
        "sample_mode": settings.SAMPLE_MODE,
        "step_in_url": _address("accounts:step_in") if settings.SAMPLE_MODE else "",
        "progress_url": _address("site:sample_progress") if settings.SAMPLE_MODE else "",
    }


def _search_url(actor: Actor) -> str:
    """Where one searches; nothing for those who would find nothing."""
    return _address("search:results") if search.searchable(actor, on=localdate(now())) else ""


def _menu(kind: str, request: HttpRequest, actor: Actor) -> tuple[ui.MenuGroup, ...]:
    refused = getattr(request, "refused", False)  # such a page says why, and no more
    return ui.menu(kind, actor=actor, path=request.path, at=now(), counted=not refused)


def _public_menu(request: HttpRequest, actor: Actor) -> tuple[ui.MenuGroup, ...]:
    """What everybody may follow, then what is the citizen's own."""
    own = _menu(ui.MenuKind.CITIZEN, request, actor) if actor.kind is ActorKind.CITIZEN else ()
    return (*_menu(ui.MenuKind.PUBLIC, request, actor), *own)


def _office(actor: Actor) -> str:
    """The short name of the office in which the person works: that of the first grant in force."""
    on = localdate(now())
    grants = Grant.objects.filter(
        person_id=actor.user_id, valid_from__lte=on, revoked_at=None, delegated_from=None
    ).exclude(valid_to__lt=on)
    return grants.order_by("valid_from", "pk").values_list("unit__short_name", flat=True).first() or ""


def _person_links(actor: Actor) -> tuple[dict[str, str], ...]:
    own = (("Ai đã xem dữ liệu của tôi", "one_stop_shop:who_looked", "eye"),) if actor.kind is ActorKind.CITIZEN else ()
    lines = (
        *own, ("Cách nhận thông báo", "notices:preferences", "bell"), ("Phiên đăng nhập", "accounts:sessions", "lock"),
        ("Đổi mật khẩu", "accounts:password", "key"),
    )
    return tuple({"title": t, "href": h, "icon": i} for t, name, i in lines if (h := _address(name)))


def _foot_links() -> tuple[dict[str, str], ...]:
    lines = (
        ("Thủ tục hành chính", "one_stop_shop:procedures"),
        ("Tra cứu hồ sơ", "one_stop_shop:track"),
        ("Xác minh giấy tờ điện tử", "documents:verify"),
    )
    return tuple({"title": t, "href": h} for t, name in lines if (h := _address(name)))


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
