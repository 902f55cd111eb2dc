"""The exchange in Chromium: its owner sees a dead letter, gives it up, and finds every page fit for a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.clock import now
from tuphap.shared.exchange.models import Outbound
from tuphap.shared.exchange.rules import Sent
from tuphap.shared.operation.testing import run_jobs
from tuphap.shared.ui.tests.browser import browser, chromium

from . import world

PAGES = ("", "cho-xu-ly/", "gui-di/", "nhan-ve/", "nhat-ky/")


@pytest.mark.browser
@pytest.mark.full
@pytest.mark.skipif(chromium() is None, reason="not on this machine: chromium")
@pytest.mark.django_db(transaction=True)
def test_an_owner_walks_through_the_exchange(sim: world.Sim, live_server: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    owner = world.person("chu", world.department(), "exchange.messages.manage")
    unit = world.commune().pk
    for kind, about, body in (
        ("police.issue-number", "birth:1", world.number_wanted("1")),
        ("ministry.no-such", "birth:1", {}), ("ministry.no-such", "birth:1", {}),
        ("residence.register", "birth:2", world.residence_wanted("2", "031326000017")),
    ):
        world.send(actor=world.ME, at=now(), kind=kind, subject=about, body=body, unit_id=unit,
                   dossier_code="H31.101-260310-0001")
    sim.behave("residence", down=True)
    for _ in range(4):
        world.send(actor=world.ME, at=now(), kind="residence.register", subject=f"birth:{_ + 3}",
                   body=world.residence_wanted("3", f"03132600001{_}"), unit_id=unit)
    sim.act("police", kind="police.number-news", subject="person:1", body={"act": "a1", "number": "031326000017"})
    sim.wait_until_sent("police")
    run_jobs("exchange")
    letter = Outbound.objects.get(state=Sent.DEAD)
    logged_in = Client()
    logged_in.force_login(owner)
    cookies = [{"name": name, "value": morsel.value, "url": live_server.url}
               for name, morsel in logged_in.cookies.items()]
    with browser() as opened:
        for width in (1280, 390):
            context = opened.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
            context.add_cookies(cookies)
            page = context.new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda e, kept=complaints: kept.append(str(e)))
            for path in (*PAGES, f"gui-di/{letter.pk}/"):
                page.goto(f"{live_server.url}/lien-thong/{path}")
                _keep_picture(page, f"exchange-{path.strip('/').partition('/')[0] or 'board'}-{len(path)}-{width}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                if width == 390:
                    found = Axe().run(page)
                    assert found.violations_count == 0, (path, width, found.generate_report())
            if width == 390:
                page.get_by_label("Lý do dừng gửi").fill("Đã gửi văn bản giấy")
                page.get_by_role("button", name="Dừng gửi").click()
                page.get_by_text("Đã dừng gửi thông điệp").wait_for()
            assert complaints == []
            context.close()
    letter.refresh_from_db()
    assert letter.state == Sent.GIVEN_UP and letter.closed_reason == "Đã gửi văn bản giấy"


def _keep_picture(page: Any, name: str) -> None:
    """Keep a picture for who wants to look, where ``TUPHAP_PICTURES`` names a folder."""
    folder = os.environ.get("TUPHAP_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
