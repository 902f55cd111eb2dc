"""The pages, the files and the API as people of the town meet them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.tests.test_events import DEATH, dead
from tuphap.modules.civil_status.tests.test_events import registered as registered_event
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population.models import Ticket

from .town import main, matched, old_birth, person_like, take_in, ticket_of

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=20)
Browser = Callable[[str], Client]


@pytest.fixture
def opened(town: World) -> Ticket:
    """A birth of 1998 whose record has another day; another whose name lacks its accents."""
    act, other = old_birth(town), old_birth(town, number="16", name="TRẦN VĂN ĐÔI", born="06-02-1998")
    take_in(person_like(main(act), "P1", born_on="1998-05-03"),
            person_like(main(other), "P2", number="031098000457", name="TRAN VAN DOI"))
    matched(act, "P1")
    matched(other, "P2")
    return ticket_of(act)


def test_a_ticket_is_decided_beside_its_scan_and_the_next_is_shown(
    town: World, browser: Browser, opened: Ticket
) -> None:
    officer, url = browser("officer"), opened.get_absolute_url()
    with standing_at(LATER):
        page = officer.get(url).content.decode()
        assert "<mark>" in page
        assert "trang-so/" in page
        assert 'data-shortcut="s"' in page
        scan = officer.get(f"{url}trang-so/")
        assert (scan.status_code, scan["Content-Type"]) == (200, "image/png")
        wrong = officer.post(f"{url}xu-ly/", {"choice": "book", "right_born_on": "5/3/1998"})
        assert wrong.status_code == 422
        assert "Vui lòng nêu lý do" in wrong.content.decode()
        none = officer.post(f"{url}xu-ly/", {"choice": "book", "reason": "x", "right_born_on": "ngày mai"})
        assert none.status_code == 422
        assert 'value="ngày mai"' in none.content.decode()  # what was typed is kept
        done = officer.post(f"{url}xu-ly/", {"choice": "book", "reason": "Sổ ghi 05/3", "right_born_on": "5/3/1998"})
        assert done.status_code == 302
        opened.refresh_from_db()
        assert opened.state == "with_police"
        assert browser("stranger").get(url).status_code == 404


def test_lists_bulk_confirmation_files_and_figures(town: World, browser: Browser, opened: Ticket) -> None:
    officer = browser("officer")
    other = Ticket.objects.exclude(pk=opened.pk).get()
    with standing_at(LATER):
        page = officer.get("/dan-cu/phieu/?nhom=B&trang-thai=waiting").content.decode()
        assert f'value="{other.pk}"' in page
        assert opened.code not in page
        assert officer.post("/dan-cu/phieu/xac-nhan-hang-loat/?nhom=B", {"phieu": [opened.pk]}).status_code == 422
        assert officer.post("/dan-cu/phieu/xac-nhan-hang-loat/?nhom=B", {"phieu": [other.pk]}).status_code == 302
        other.refresh_from_db()
        assert other.state == "resolved"
        book = load_workbook(io.BytesIO(officer.get("/dan-cu/phieu/danh-sach.xlsx?trang-thai=waiting").content))
        cells = [cell.value for row in book.active.iter_rows() for cell in row]
        assert opened.code in cells
        assert "03/05/1998" in cells
        board = officer.get("/dan-cu/").content.decode()
        assert "?muc=born_on" in board
        assert officer.get("/dan-cu/?don-vi=abc&nam=2").status_code == 200
        pdf = officer.get(f"{opened.get_absolute_url()}bien-ban/pdf/")
        assert pdf.content.startswith(b"%PDF")
        letter = officer.get(f"{opened.get_absolute_url()}bien-ban/docx/")
        assert letter.content.startswith(b"PK")
        assert officer.get(f"{opened.get_absolute_url()}bien-ban/exe/").status_code == 404


def test_a_dead_person_alive_reaches_the_leader(town: World, browser: Browser) -> None:
    death = registered_event(town, DEATH, dead(town, death={"died_on": "2026-03-01"}))
    take_in(person_like(main(death), "P3"))
    matched(death, "P3", at=AT + timedelta(days=5))
    ticket, chairman = ticket_of(death), browser("chairman")
    with standing_at(LATER):
        assert "khan" in chairman.get("/thong-bao/").content.decode() or ticket.code in (
            chairman.get("/thong-bao/").content.decode())
        listed = chairman.get("/dan-cu/phieu/khan/", follow=True).content.decode()
        assert ticket.code in listed
        browser("officer").post(f"{ticket.get_absolute_url()}xu-ly/", {"choice": "book", "reason": "Giấy báo tử 12"})
        page = chairman.get(ticket.get_absolute_url()).content.decode()
        assert "Xác nhận, thực hiện" in page
        assert chairman.post(f"{ticket.get_absolute_url()}xac-nhan/").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.confirmed_by) == ("with_police", town.users["chairman"])


def test_the_api_tells_and_takes_the_same(town: World, browser: Browser, opened: Ticket) -> None:
    officer = browser("officer")
    with standing_at(LATER):
        listed = officer.get("/api/v1/population/tickets?klass=C").json()
        assert [one["id"] for one in listed] == [opened.pk]
        whole = officer.get(f"/api/v1/population/tickets/{opened.pk}").json()
        assert whole["compared"][2] == {
            "field": "born_on", "civil": "1998-03-05", "population": "1998-05-03", "level": "minor"}
        figures = officer.get("/api/v1/population/figures").json()
        assert (figures["people"], figures["by_field"]) == (2, {"born_on": 1, "name": 1})
