"""A person at a browser, who looks hard at every page: no complaint of the console, nothing cut off, no axe finding."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PATIENCE = 60_000  # milliseconds: the machine may be busy with other tests
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
GRAVE = ("serious", "critical")
# What the browser says of an answer that the page itself explains in words.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (404|409|422)")
# Where one page is like another: what tells apart dossiers, papers, people.
PARTICULAR = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|NT-[0-9A-Z-]+|H\d[\d.]*-\d{6}-\d+|[0-9A-Z]{26}|(?<=/)\d+(?=[/.])")
NARROWED = 1  # times that a kind of page is looked at in a telephone's width
expect.set_options(timeout=PATIENCE)


@dataclass(slots=True)
class Eyes:
    """What has been looked at: every kind of page goes before axe once, whoever stands before it.

    Every page at both widths: ``matrix/test_accessible.py``, in the full run. In the short one (``thorough`` false)
    only residents' pages are judged; what those of staff are made of is, in the gallery.
    """

    thorough: bool
    judged: set[str] = field(default_factory=set)
    narrowed: Counter[str] = field(default_factory=Counter)
    pictures: Path | None = None

    @classmethod
    def open(cls, *, thorough: bool) -> Eyes:
        """``TUPHAP_PICTURES`` names the folder in which pictures are kept for who wants to look."""
        folder = os.environ.get("TUPHAP_PICTURES")
        return cls(thorough, pictures=Path(folder) if folder else None)


class Visitor:
    """One browser window of one person.

    :param touch: a telephone, pressed with a finger.
    :param width: ``WIDE`` or ``PHONE``; a wide window is also narrowed to a telephone's for a glance at each page.
    """

    def __init__(self, browser: Browser, url: str, eyes: Eyes, *, name: str, window: Mapping[str, int] = WIDE,
                 touch: bool = False) -> None:
        self.url, self.eyes, self.name, self.window = url, eyes, name, dict(window)
        self.context: BrowserContext = browser.new_context(
            viewport=self.window, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", base_url=url,  # type: ignore[arg-type]
            reduced_motion="reduce", has_touch=touch, is_mobile=touch,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self._live = False
        self.page.on("console", lambda told: self._hear(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda answer: self._answer(answer.status, answer.url))
        self.page.on("framenavigated", lambda _: setattr(self, "_live", False))

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def _hear(self, text: str) -> None:
        if not EXPECTED.search(text):
            self.complaints.append(text)

    def _answer(self, status: int, url: str) -> None:
        if status >= 500:
            self.complaints.append(f"{status} {url}")
        self._live = self._live or (status == 200 and "/luong/" in url)

    # -- going about

    def go(self, path: str, look: str = "") -> None:
        self.page.goto(path)
        if look:
            self.look(look)

    def click(self, name: str, *, role: str = "button", look: str = "", exact: bool = False, within: str = "") -> None:
        """Press what bears this name, and look at where it leads if ``look`` names the page."""
        place: Any = self.page.locator(within) if within else self.page
        self.leave_by(place.get_by_role(role, name=name, exact=exact).first)
        if look:
            self.look(look)

    def leave_by(self, way: Locator) -> None:
        """Press what leads to another page (after saying yes where it asks back), and wait until one is there."""
        asks = way.evaluate("e => Boolean(e.dataset.confirm || (e.form && e.form.dataset.confirm))")
        with self.page.expect_navigation():
            way.click()
            if asks:
                self.page.locator("#confirm [data-yes]").click()

    def fill(self, values: Mapping[str, str | bool], *, prefix: str = "") -> None:
        """Type into the fields of these names, as their kinds want it."""
        for name, value in values.items():
            self.set(self.page.locator(f'main [name="{prefix}{name}"]'), value)

    def set(self, box: Locator, value: str | bool) -> None:
        kind = box.first.evaluate("e => e.type || e.tagName.toLowerCase()")
        if kind == "radio":
            box.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox":
            box.set_checked(bool(value))
        elif kind.startswith("select"):
            box.select_option(str(value))
        else:
            box.fill(str(value))

    def reads(self, *words: str) -> None:
        """The page says these words."""
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word)

    def fetch(self, link: Locator) -> bytes:
        """The file behind a link, as this person's browser gets it."""
        answer = self.page.request.get(str(link.get_attribute("href")))
        assert answer.status == 200, f"{answer.url}: {answer.status}"
        return answer.body()

    # -- what comes by itself

    def hear(self) -> int:
        """Wait until the page hears of changes as they happen; how many notices its bell tells of."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not self._live:
            assert time.monotonic() < deadline, f"{self.page.url} does not hear the stream"
            self.page.wait_for_timeout(50)
        told = self.page.locator("[data-bell] .count")
        return int(re.sub(r"\D", "", told.inner_text())) if told.count() else 0

    def hears_of(self, notices: int) -> None:
        """The bell tells of this many, without the page being loaded again."""
        expect(self.page.locator("[data-bell] .count")).to_contain_text(str(notices))

    # -- looking

    def look(self, name: str) -> None:
        """Everything that every page owes everybody."""
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        expect(self.page.locator("h1")).to_have_count(1)
        self._fits(name)
        self._judge()
        if self.window["width"] > PHONE["width"] and self._is_to_be_narrowed():
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            self._fits(f"{name}-390")
            self.page.set_viewport_size(self.window)  # type: ignore[arg-type]

    def _is_to_be_narrowed(self) -> bool:
        """Each kind of page a few times: to lay it out twice more costs as much as to load it."""
        kind = self._kind()
        self.eyes.narrowed[kind] += 1
        return self.eyes.narrowed[kind] <= NARROWED

    def _kind(self) -> str:
        return PARTICULAR.sub("*", self.page.url.removeprefix(self.url)).partition("?tu=")[0]

    def _fits(self, name: str) -> None:
        width = self.page.viewport_size["width"]  # type: ignore[index]
        needed = self.page.evaluate("() => document.documentElement.scrollWidth")
        if self.eyes.pictures:
            self.page.screenshot(path=self.eyes.pictures / f"{self.name}-{name}.png", full_page=True)
        assert needed <= width, f"{self.page.url} is {needed} wide in a window of {width}: {self._sticking_out(width)}"
        cut = self.page.evaluate(
            "() => [...document.querySelectorAll('.panel-flush')].filter(e => e.scrollWidth > e.clientWidth + 1)"
            ".map(e => e.innerText.slice(0, 80))"
        )
        assert not cut, f"{self.page.url}: wider than its panel in a window of {width}: {cut}"

    def _sticking_out(self, width: int) -> Any:
        return self.page.evaluate(
            "w => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1)"
            ".slice(0, 5).map(e => e.outerHTML.slice(0, 120))", width,
        )

    def _judge(self) -> None:
        """No serious and no critical finding of axe, on a kind of page that it has not seen.

        ``preload: false``: it does not fetch the style sheets for its one rule about them, a third of its time; nor
        does it measure contrast, half of what is left: ``matrix/test_accessible.py`` does both in the full run, and
        the gallery's test measures the contrast of every part that pages are made of.
        """
        kind = self._kind()
        if kind in self.eyes.judged or not (self.eyes.thorough or self._is_for_residents()):
            return
        self.eyes.judged.add(kind)
        self._load_axe()
        found = self.page.evaluate(
            "() => axe.run(document, {preload: false, resultTypes: ['violations'],"
            " rules: {'color-contrast': {enabled: false}},"
            " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        grave = [
            f"{one['id']} ({one['impact']}): {one['help']}: {[n['html'][:160] for n in one['nodes'][:3]]}"
            for one in found["violations"] if one["impact"] in GRAVE
        ]
        assert not grave, f"{self.page.url}: " + "\n".join(grave)

    def _is_for_residents(self) -> bool:
        return self.page.locator("#staff-nav").count() == 0

    def _load_axe(self) -> None:
        """By the debugging protocol, which the page's content policy does not bind."""
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": axe_source(), "returnByValue": False, "silent": True})
        session.detach()


@cache
def axe_source() -> str:
    return str(Axe().axe_script)
