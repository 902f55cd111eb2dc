"""The lines of the menus: a module declares them, a frame draws those that the person may follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from django.urls import NoReverseMatch, reverse

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.plug import Registry


class MenuKind(StrEnum):
    """Where a line stands: beside the work of staff, in a citizen's own menu, or on top of every public page."""

    STAFF = "staff"
    CITIZEN = "citizen"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of a menu.

    ``permission``: shown only to who holds it somewhere; None: to everyone of that kind. ``shown``: dotted path of
    ``fn(*, actor, at) -> bool`` that says so where one permission does not. ``count``: dotted path of
    ``fn(*, actor, at) -> int``, the number beside the line. ``group`` heads lines of staff; ``order`` sorts within it.
    ``key``: the letter which, after ``g``, opens the line.
    """

    title: str
    url_name: str
    permission: str | None = None
    kind: str = MenuKind.STAFF
    icon: str = "chevron-right"
    group: str = ""
    order: int = 100
    count: str = ""
    key: str = ""
    shown: str = ""

    def install(self) -> None:
        menu_items.add(f"{self.kind} {self.url_name}", self)


menu_items: Registry[MenuItem] = Registry("menu item")


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line as drawn: its address, whether it is the page looked at, and the number beside it (None: no number)."""

    title: str
    href: str
    icon: str
    key: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Lines under one heading; the heading may be empty."""

    title: str
    lines: tuple[MenuLine, ...]


def menu(kind: str, *, actor: Actor, path: str, at: datetime, counted: bool = True) -> tuple[MenuGroup, ...]:
    """The groups of this kind's lines that the actor may follow, in order; ``path`` is the page being looked at.

    ``counted=False``: without the numbers beside them, which are half of what a page asks of the database.
    """
    groups: dict[str, list[MenuLine]] = {}
    items = sorted(
        (item for item in menu_items if item.kind == kind and _may_follow(item, actor, at)),
        key=lambda item: (item.order, item.title),
    )
    addresses = {item.url_name: _address(item.url_name) for item in items}
    here = _closest([a for a in addresses.values() if a], path)
    for item in items:
        href = addresses[item.url_name]
        if href is None:
            continue
        number: int | None = _load(item.count)(actor=actor, at=at) if item.count and counted else None
        line = MenuLine(item.title, href, item.icon, item.key, href == here, number)
        groups.setdefault(item.group, []).append(line)
    return tuple(MenuGroup(title, tuple(lines)) for title, lines in groups.items())


def _may_follow(item: MenuItem, actor: Actor, at: datetime) -> bool:
    if item.kind == MenuKind.STAFF and actor.kind is not ActorKind.STAFF:
        return False
    if item.kind == MenuKind.CITIZEN and actor.kind is not ActorKind.CITIZEN:
        return False
    if item.shown and not _load(item.shown)(actor=actor, at=at):
        return False
    return item.permission is None or access.may_anywhere(actor, item.permission, on=localdate(at))


@cache
def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _closest(addresses: list[str], path: str) -> str:
    """The longest address that the page lies under; the front page only when it is the page itself."""
    above = [a for a in addresses if path == a or (a != "/" and path.startswith(a))]
    return max(above, key=len, default="")


@lru_cache(maxsize=256)
def _load(dotted: str) -> Callable[..., Any]:
    module, name = dotted.rsplit(".", 1)
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
