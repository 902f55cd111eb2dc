"""How often the desk's busiest pages ask the database: as often for many dossiers as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, client_of
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.dossiers.testing import morning

pytestmark = pytest.mark.django_db
MANY = 12
# What each page may ask: who is looking, their rights, menu and numbers, then the page's own.
MOST = {"/mot-cua/": 33, "/mot-cua/ky/": 33, "/mot-cua/ban-giao/": 39, "/mot-cua/ho-so/": 33}
ONE_DOSSIER, COUNTER = 45, 36


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with standing_at(morning(MONDAY, 9, 45)):
        yield


def asked(client: Client, address: str) -> list[str]:
    client.get(address)  # content types, calendar, permissions: what is read once is read
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in made]


def grown(work: Work, name: str, address: str, more: Callable[[int], Dossier]) -> None:
    """The page asks as much with one more thing on it as with many, and no more than was agreed."""
    client = client_of(work, name)
    more(0)
    one = asked(client, address)
    for n in range(1, MANY):
        more(n)
    many = asked(client, address)
    assert len(many) == len(one), "\n".join(sql[:160] for sql in many if sql not in one)
    assert len(one) <= MOST[address], len(one)


def test_lists_ask_the_same_for_one_and_for_many(work: Work) -> None:
    def proposed(n: int) -> Dossier:
        return work.propose(work.assign(work.file(number=f"0310900{n:02}111")))

    grown(work, "chairman", "/mot-cua/ky/", proposed)
    client = client_of(work, "chairman")
    for address in ("/mot-cua/", "/mot-cua/ho-so/"):
        assert len(asked(client, address)) <= MOST[address]


def test_the_desks_lists_ask_the_same_for_one_and_for_many(work: Work) -> None:
    client, addresses = client_of(work, "desk"), ("/mot-cua/", "/mot-cua/ho-so/", "/mot-cua/ban-giao/")
    work.file(number="031090000111")
    one = {address: asked(client, address) for address in addresses}
    for n in range(1, MANY):
        work.file(number=f"0310900{n:02}222")
    for address in addresses:
        many = asked(client, address)
        assert len(many) == len(one[address]), (address, [sql[:160] for sql in many if sql not in one[address]])
        assert len(many) <= MOST[address], (address, len(many))


def test_one_dossier_and_the_counter_ask_little(work: Work) -> None:
    dossier = work.assign(work.file())
    assert len(asked(client_of(work, "officer"), f"/mot-cua/ho-so/{dossier.reference}/")) <= ONE_DOSSIER
    desk = client_of(work, "desk")
    assert len(asked(desk, f"/mot-cua/tiep-nhan/{testing.RESTARTS}/")) <= COUNTER
    assert len(asked(desk, "/mot-cua/tiep-nhan/")) <= COUNTER
    other = work.file(number="031090000222")
    before = len(asked(desk, f"/mot-cua/ho-so/{other.reference}/"))
    for _ in range(MANY):
        work.scan(other, who="desk", at=morning(MONDAY, 9, 11))
    assert len(asked(desk, f"/mot-cua/ho-so/{other.reference}/")) == before
