"""Who looks over the work: the director at the figures, the inspector at the log, the administrator at the accounts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.journeys.visitor import Visitor, expect

FIGURES = ("Tiếp nhận", "Nộp trực tuyến", "Đã giải quyết")


def figures(director: Visitor) -> dict[str, int]:
    """The figures of the whole province as the page shows them now."""
    director.go("/chi-dao/", look="chi-dao")
    foot = director.page.locator("main table.figures tfoot")
    if not foot.count():
        return dict.fromkeys(FIGURES, 0)
    return {name: _number(foot.locator(f'td[data-label="{name}"]').inner_text()) for name in FIGURES}


def drill(director: Visitor, figure: str, *, office: str, reference: str) -> None:
    """From an office's number to the list behind it, as long as the number says, and on to the dossier in it."""
    row = director.page.locator("main table.figures tbody tr", has=director.page.get_by_role("rowheader", name=office))
    cell = row.locator(f'td[data-label="{figure}"] a')
    number = _number(cell.inner_text())
    director.leave_by(cell)
    director.look(f"chi-dao-{figure}")
    expect(director.page.locator("#number")).to_have_text(str(number))
    assert director.page.locator("main table.listing tbody tr").count() == number
    director.click(reference, role="link", look="chi-dao-ho-so")
    director.reads(reference)


def read_log(inspector: Visitor, *, look: str = "nhat-ky", **asked: str | bool) -> str:
    """What the log says to this question."""
    inspector.go("/quan-tri/nhat-ky/")
    inspector.fill(asked)
    inspector.click("Lọc", within="main", look=look)
    return inspector.page.locator("main table").inner_text()


def new_token(administrator: Visitor, owner: str, scope: str, *, today: date) -> str:
    """A token for an organisation's program, read off the page that shows it once."""
    administrator.go("/quan-tri/nguoi-dung/?loai=agency", look="co-quan")
    administrator.click(owner, role="link", within="main", look="mot-co-quan")
    administrator.page.get_by_text("Cấp mã mới", exact=True).click()
    administrator.fill({"label": "Quầy giao dịch", "expires": f"{today + timedelta(days=30):%d/%m/%Y}"})
    administrator.page.locator(f'main [name="scopes"][value="{scope}"]').check()
    administrator.click("Cấp mã", exact=True, look="ma-truy-cap")
    return administrator.page.locator(".big-code code").inner_text()


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
