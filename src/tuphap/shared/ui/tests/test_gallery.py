"""Every component drawn, and looked at in a browser: no errors, no inline style, nothing cut off, axe content."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client

from .browser import browser, chromium

pytestmark = pytest.mark.urls("tuphap.shared.ui.tests.gallery")


@pytest.mark.django_db
def test_every_component_is_drawn_without_inline_style_or_script() -> None:
    page = Client().get("/mau/").content.decode()
    assert 'class="timeline"' in page and "<svg viewBox" in page and "còn 2 ngày làm việc" in page
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.django_db
def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost() -> None:
    page = Client().post("/mau/", {"first": "", "second": "  AB <1>", "note": "giữ lại"}).content.decode()
    assert 'id="error-summary"' in page and 'href="#f-first"' in page
    first = page[page.index('id="f-first"') :]
    assert 'aria-invalid="true"' in first.split("</div>")[0]
    assert 'aria-describedby="id_first_helptext id_first_error"' in first
    assert "AB &lt;1&gt;" in page and "giữ lại" in page
    assert "Số giấy tờ này đã được dùng." in page[page.index('id="f-second"') :]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "frame"), [
    (1280, "can-bo"), (390, "cong-dan"), pytest.param(390, "can-bo", marks=pytest.mark.full),
    pytest.param(1280, "cong-dan", marks=pytest.mark.full),
])
def test_the_gallery_in_a_browser(live_server, width: int, frame: str) -> None:
    if chromium() is None:
        pytest.skip("Chromium is not installed")
    from axe_playwright_python.sync_playwright import Axe

    with browser() as opened:
        page = opened.new_page(viewport={"width": width, "height": 900}, bypass_csp=False)
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(f"{live_server.url}/mau/?khung={frame}")
        page.wait_for_load_state("networkidle")
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.textContent") == "H31.15-261120-0001"
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.activeElement.id") == "error-summary"
        page.locator(".error-summary a").first.click()
        assert page.evaluate("document.activeElement.id") == "id_first"
        _keep_picture(page, f"gallery-{frame}-{width}")
        # axe puts itself into the page, which the content policy of the site forbids
        free = opened.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
        free.goto(f"{live_server.url}/mau/?khung={frame}")
        found = Axe().run(free)
        assert found.violations_count == 0, found.generate_report()


def _keep_picture(page, name: str) -> None:
    """Keep a picture for who wants to look, where ``TUPHAP_PICTURES`` names a folder."""
    folder = os.environ.get("TUPHAP_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
