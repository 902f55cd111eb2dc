"""A clerk who has only a keyboard: every key is counted, the page is read and never pointed at."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

PATIENCE = 30.0
_FOCUS = """() => { const e = document.activeElement; return {
  name: e.name || "", kind: e.type || e.tagName.toLowerCase(), value: e.value || "", checked: Boolean(e.checked),
  card: e.hasAttribute("data-card"), action: e.tagName === "A" || e.tagName === "BUTTON",
  section: (e.closest("section[id]") || {id: ""}).id } }"""


@dataclass(slots=True)
class Keyboard:
    """The keys that somebody pressed, and what a scanner typed for them."""

    page: Page
    pressed: int = 0
    scanned: int = 0
    seen: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def leave(self, *keys: str) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.press(*keys)

    def scan(self, text: str) -> None:
        """A scanner types the code of a card and ends with Enter; the focus goes on by itself."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.scanned += len(text) + 1
        self.until(lambda here: not here["card"], "the card is read")

    @property
    def here(self) -> dict[str, Any]:
        """What has the focus."""
        found: dict[str, Any] = self.page.evaluate(_FOCUS)
        return found

    def until(self, is_so: Any, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so(self.here):
            assert time.monotonic() < deadline, f"{what}: the focus is at {self.here}"
            self.page.wait_for_timeout(20)

    def fill(self, values: Mapping[str, str], *, cards: Mapping[str, str]) -> None:
        """From box to box by Tab, typing what each is to hold, until every value stands.

        :param cards: the codes to be scanned, by the parts of the form.
        """
        wanted, scanned = dict(values), dict(cards)
        self.seen.clear()
        for _ in range(200):
            here = self.here
            if here["name"]:
                self.seen.append(here["name"])
            if here["card"] and here["section"] in scanned:
                self.scan(scanned.pop(here["section"]))
                continue
            if here["name"] in wanted:
                self._enter(here, wanted.pop(here["name"]))
            if not wanted:
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard never reached {sorted(wanted)}")

    def _enter(self, here: dict[str, Any], value: str) -> None:
        if here["kind"] == "checkbox":
            if not here["checked"]:
                self.press("Space")
        elif here["kind"] == "radio" or here["kind"].startswith("select"):
            for _ in range(40):
                now = self.here
                if now["value"] == value and (now["checked"] or here["kind"] != "radio"):
                    return
                self.press("Space" if now["value"] == value else "ArrowDown")
            raise AssertionError(f"{here['name']} never became {value}")
        elif here["value"] != value:
            self.type(value)
