"""How a module plugs into the mechanisms: it hands over declarations at start-up, and is never imported by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

D = TypeVar("D")


class Declaration(Protocol):
    """Something a module declares; the mechanism that owns its type knows where to keep it."""

    def install(self) -> None:
        """Enter this declaration in its mechanism's registry; refuse a second one under the same code."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything one module plugs in. ``name`` is the folder, ``title`` the Vietnamese name shown to people."""

    name: str
    title: str
    declarations: tuple[Declaration, ...]

    def install(self) -> None:
        """Install every declaration, in order."""
        for declaration in self.declarations:
            declaration.install()


class Registry(Generic[D]):
    """The declarations of one kind, by code."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._items: dict[str, D] = {}

    def add(self, code: str, item: D) -> None:
        """Keep ``item`` under ``code``.

        :raises ValueError: another one has this code.
        """
        if code in self._items and self._items[code] != item:
            raise ValueError(f"{self._kind} {code!r} is declared twice")
        self._items[code] = item

    def get(self, code: str) -> D | None:
        return self._items.get(code)

    def __getitem__(self, code: str) -> D:
        return self._items[code]

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def __iter__(self) -> Iterator[D]:
        return iter(self._items.values())

    def codes(self) -> tuple[str, ...]:
        return tuple(self._items)
