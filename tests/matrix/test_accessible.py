"""Every page before axe at two widths, and what printing leaves of it; rendered here and looked at in one Chromium.

The pages come from Django's test client, in the test's own transaction, before the browser opens: no server has to run,
and the browser is given what was rendered. A page is looked at once for staff and once for the public, by the first of
the viewers whom it answers; who gets which answer is the matrix's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader

from tuphap.kernel.clock import localdate, now
from tuphap.modules.one_stop_shop import operations
from tuphap.modules.one_stop_shop.handover import operations as handover
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import User, actor_for
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.tests.browser import browser, chromium

from .bodies import COMPONENT
from .play import filled
from .routes import Route, pages
from .scene import Scene, build
from .test_matrix import expected

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.timeout(300)]
HOST = "http://testserver"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
GRAVE = ("serious", "critical")
# What is grave at all at the wide window; at the narrow one what a width can change.
WHOLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "link-name",
            "button-name", "label", "aria-hidden-focus"]
# Whom a page is shown to, in this order: the commune's own people, who have the most to do with the scene's objects,
# then those who oversee it and who look after the platform; citizens and strangers see the public's pages.
STAFF = ("own officer", "own receiver", "own chairman", "receiver", "officer", "chairman", "director", "inspector",
         "administrator")
PUBLIC = ("citizen", "passer-by")
# Asked for with a query, these show what they are for.
QUERIES = {"search:results": "?tu-khoa=Anh", "one_stop_shop:procedures": "?q=khai+sinh",
           "one_stop_shop:counter": "?q=khai+sinh"}
FEWEST = 60  # of the pages that must have been looked at, lest the sweep sees nothing
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass(slots=True)
class Window:
    """A browser's page that is given what was rendered for whoever looks: by address, who and what."""

    page: Any
    rendered: dict[str, bytes]
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, opened: Any, rendered: dict[str, bytes]) -> Window:
        context = opened.new_context(
            viewport=WIDE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", bypass_csp=True
        )
        window = cls(context.new_page(), rendered)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        context.route("**/*", lambda route: window.answer(route))
        return window

    def answer(self, route: Any) -> None:
        address = route.request.url.removeprefix(HOST)
        path = urlsplit(address).path
        if path.startswith("/static/"):
            body, kind = _static(path.removeprefix("/static/"))
            route.fulfill(status=200 if body else 404, body=body, content_type=kind,
                          headers={"cache-control": "max-age=3600"})
        elif address in self.rendered:
            route.fulfill(status=200, body=self.rendered[address], content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def look(self, address: str) -> Iterator[str]:
        """What is wrong with the page, at both widths."""
        self.page.set_viewport_size(WIDE)
        self.page.goto(HOST + address, wait_until="load")
        self.page.evaluate(_axe())
        for window in (WIDE, PHONE):
            self.page.set_viewport_size(window)
            needed = self.page.evaluate("document.documentElement.scrollWidth")
            if needed > window["width"]:
                yield f"{address} is {needed} wide in a window of {window['width']}: {self._sticking_out(window)}"
            asked = {"type": "tag", "values": WHOLE} if window is WIDE else {"type": "rule", "values": OF_WIDTH}
            found = self.page.evaluate(
                "asked => axe.run(document, {resultTypes: ['violations'], runOnly: asked, elementRef: false})", asked
            )
            for one in found["violations"]:
                if one["impact"] in GRAVE:
                    yield f"{address} at {window['width']}: {one['id']}: {[n['html'][:160] for n in one['nodes'][:2]]}"
        yield from (f"{address}: {complaint}" for complaint in self.complaints)
        self.complaints.clear()

    def _sticking_out(self, window: dict[str, int]) -> Any:
        return self.page.evaluate(
            "w => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1)"
            ".slice(0, 4).map(e => e.outerHTML.slice(0, 120))", window["width"],
        )


@cache
def _static(path: str) -> tuple[bytes, str]:
    found = finders.find(path)
    ending = "." + path.rpartition(".")[2]
    if not isinstance(found, str):
        return b"", "text/plain"
    return Path(found).read_bytes(), KINDS.get(ending, "application/octet-stream")


@cache
def _axe() -> str:
    return str(Axe().axe_script)


@pytest.fixture
def scene(law: None) -> Scene:
    return build()


@dataclass(slots=True)
class Stage:
    """The scene with people of the commune itself, and work on each of their desks."""

    clients: dict[str, Client]
    staff: dict[str, Any]
    public: dict[str, Any]


def furnish(scene: Scene) -> Stage:
    """The commune's own receiver, officer and chairman, dossiers at their desks, and a citizen's draft."""
    world, at = scene.world, now()
    with setting_up():
        people = {f"own {role}": _worker(role, world.here, at=at) for role in ("receiver", "officer", "chairman")}
        citizen = User.objects.get(kind=User.Kind.CITIZEN)
    clients = dict(scene.clients)
    for name, user in people.items():
        clients[name] = Client()
        clients[name].force_login(user)
    receiver, here = actor_for(people["own receiver"]), world.here.pk
    made = [
        operations.file_at_counter(
            procedure_code="1.001193", receiving_unit_id=here, resolving_unit_id=here,
            answers=world.distinct(number), papers=[{"component": COMPONENT}], actor=receiver, at=at,
        ) for number in range(3)
    ]
    for dossier in made[:2]:
        operations.assign(dossier_id=dossier.pk, to_user_id=people["own officer"].pk, actor=receiver, at=at)
    officer, warned = actor_for(people["own officer"]), made[0]
    found = dossiers.get_visible(warned.pk, officer, at).handler.find(warned, actor=officer, at=at)
    operations.propose(dossier_id=warned.pk, acknowledged={f.code: "Đã đối chiếu" for f in found}, actor=officer, at=at)
    (listed, *_) = handover.hand_over(dossier_ids=[made[1].pk], actor=receiver, at=at)
    draft = operations.start_draft(
        procedure_code="1.001193", resolving_unit_id=here, actor=actor_for(citizen), at=at
    )
    operations.save_page(dossier_id=draft.pk, page="child", answers=world.answers()["child"], actor=actor_for(citizen),
                         at=at)
    staff = {**scene.objects, "hand_over_id": listed.pk}
    return Stage(clients, staff, {**scene.objects, "dossier_id": draft.pk, "reference": str(draft.pk)})


def _worker(role: str, office: OrgUnit, *, at: datetime) -> User:
    user = User.objects.create_staff(username=f"own-{role}", password=None, full_name=f"Nguyễn Thị {role.title()}",
                                     office=office)
    for name in {"officer": ("civil_status_officer",)}.get(role, (role,)):
        for permission in access.roles[name].permissions:
            Grant.objects.create(person=user, permission=permission, role=name, unit=office,
                                 valid_from=localdate(at) - timedelta(days=1))
    return user


def rendered_for(clients: dict[str, Client], names: Iterable[str], address: str) -> tuple[str, bytes]:
    """The page at this address, as the first of these sees it whom it answers; nobody: nothing."""
    for name in names:
        given = clients[name].get(address)
        if given.status_code == 200 and given.content.lstrip()[:9].lower() == b"<!doctype":
            return name, given.content
    return "", b""


@pytest.mark.full  # two minutes; the journeys look at every page that they open in the same way
@pytest.mark.timeout(900)
def test_every_page_is_free_of_grave_findings_and_fits_both_widths(scene: Scene) -> None:
    if chromium() is None:
        pytest.skip("Chromium is not installed")
    stage, rendered, who, table = furnish(scene), {}, {}, expected()
    for route in pages():
        if route.method != "GET" or not _is_page(route):
            continue
        for names, objects in ((STAFF, stage.staff), (PUBLIC, stage.public)):
            address = filled(route, objects) + QUERIES.get(route.name, "")
            answers = table.get(route.key, {})
            asked = [one for one in names if one not in answers or answers[one] == "200"]
            name, page = rendered_for(stage.clients, asked, address)
            if name:
                frame = f"{address}{'&' if '?' in address else '?'}khung={names[0].replace(' ', '-')}"
                rendered[frame], who[frame] = page, name
    assert len(rendered) >= FEWEST, sorted(rendered)
    wrong = []
    with browser() as opened:
        window = Window.open(opened, rendered)
        for address in rendered:
            wrong += [f"{who[address]}: {fault}" for fault in window.look(address)]
    assert not wrong, "\n".join(wrong)


def _is_page(route: Route) -> bool:
    """Files and what programs ask for are no pages; logging in again would change who looks."""
    return not re.search(r"\.(pdf|csv|xlsx)$|/luong/|suc-khoe|oidc|danh-xung|/static/", route.address)


def test_paper_bears_the_content_alone_and_slips_fit_a4_and_a5(scene: Scene) -> None:
    if chromium() is None:
        pytest.skip("Chromium is not installed")
    stage = furnish(scene)
    received = Dossier.objects.filter(events__form="01").order_by("pk")[0]
    receipt = received.events.get(form="01").seq
    on_screen = (f"/mot-cua/ho-so/{received.reference}/", "/mot-cua/", "/mot-cua/ban-giao/", "/mot-cua/so-theo-doi/")
    slips = (f"/mot-cua/ho-so/{received.pk}/phieu/{receipt}/",
             f"/mot-cua/ban-giao/{stage.staff['hand_over_id']}/in/")
    client = stage.clients["own receiver"]
    rendered = {address: client.get(address).content for address in (*on_screen, *slips)}
    with browser() as opened:
        page = Window.open(opened, rendered).page
        page.emulate_media(media="print")
        for address in on_screen:
            page.goto(HOST + address)
            for hidden in NOT_ON_PAPER:
                drawn = page.evaluate(_DRAWN, hidden)
                assert not drawn, f"{address}: {drawn}"
            assert page.locator("h1").is_visible()
        for address in slips:
            for size, sheets in (("A4", 1), ("A5", 2)):
                page.set_viewport_size({"width": PAPER[size] - MARGINS, "height": 900})
                page.goto(HOST + address)
                needed = page.evaluate("document.documentElement.scrollWidth")
                assert needed <= PAPER[size] - MARGINS, (address, size, needed)
                assert page.locator(".sheet-bar").is_hidden() and page.locator(".sheet h1").is_visible()
                made = PdfFileReader(BytesIO(page.pdf(format=size))).root["/Pages"]["/Count"]
                assert made <= sheets, (address, size, made)


# What belongs to the screen; widths of paper in CSS pixels, and what the margins of @page take of them.
NOT_ON_PAPER = (".staff-nav", ".staff-head", ".skip-link", ".no-print", "dialog", ".crumbs", ".filters", ".actions")
PAPER, MARGINS = {"A4": 794, "A5": 559}, 132
_DRAWN = """s => [...document.querySelectorAll(s)].filter(e => e.getClientRects().length)
  .map(e => e.outerHTML.slice(0, 80))"""
