"""The public check in Chromium: the file stays in the browser, and nothing is cut off on a phone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tuphap.kernel.ids import new_public_code
from tuphap.shared.ui.tests.browser import browser, chromium


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="not on this machine: chromium")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.full), 390])
def test_a_file_is_checked_without_leaving_the_browser(live_server, office, noon, tmp_path, width) -> None:
    from axe_playwright_python.sync_playwright import Axe

    document, content = office.issue(noon)
    good, bad = tmp_path / "trich-luc.pdf", tmp_path / "sua.pdf"
    good.write_bytes(content)
    bad.write_bytes(content.replace(b"stream", b"stream", 1) + b"\n")
    shots = Path(os.environ["TUPHAP_SHOTS"]) if "TUPHAP_SHOTS" in os.environ else tmp_path
    with browser() as opened:
        page = opened.new_page(viewport={"width": width, "height": 900})
        complaints: list[str] = []
        sizes: list[int] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("request", lambda r: sizes.append(len(r.post_data_buffer or b"")) if r.method == "POST" else None)
        page.goto(f"{live_server.url}/xac-minh/")
        page.set_input_files("#verify-file input[type=file]", good)
        page.wait_for_selector('[data-content="same"]')
        assert page.locator('[data-signature="TOTAL-PASSED"]').count() == 2
        assert not page.locator("[data-consent]").is_visible()
        assert max(sizes) < 2000, "the hash was sent, and not the file"
        page.screenshot(path=shots / f"check-good-{width}.png", full_page=True)
        page.set_input_files("#verify-file input[type=file]", bad)
        page.wait_for_selector("[data-unmatched]")
        page.check("#verify-file [name=agreed]")
        page.click("#verify-file button")
        page.wait_for_selector('[data-content="added"]')
        page.goto(f"{live_server.url}/xac-minh/{document.code}/")
        page.wait_for_selector('[data-register="in_force"]')
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.screenshot(path=shots / f"check-code-{width}.png", full_page=True)
        page.goto(f"{live_server.url}/xac-minh/{new_public_code()}/")
        assert "Không có văn bản nào" in page.inner_text("main")
    assert [c for c in complaints if "404" not in c] == []
