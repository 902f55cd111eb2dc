"""Behind a reverse proxy the client's address is the client's, and nobody can give himself another."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tuphap.settings.environment import networks
from tuphap.shared.audit.models import Entry
from tuphap.site.proxies import client_address

PROXY, INNER, CLIENT, ELSEWHERE = "10.1.0.5", "10.1.0.6", "203.0.113.9", "198.51.100.7"
OURS = (ip_network("10.1.0.0/24"),)
addresses = st.ip_addresses().map(str)


@pytest.mark.parametrize(("forwarded", "found"), [
    ("", PROXY),
    (CLIENT, CLIENT),
    (f"{CLIENT}, {INNER}", CLIENT),
    (f"{ELSEWHERE}, {CLIENT}", CLIENT),  # the client wrote the first, the proxy the second
    (f"{ELSEWHERE}, {CLIENT}, {INNER}", CLIENT),
    (f"{INNER}, {INNER}", INNER),
    (f"{CLIENT}, unknown", PROXY),
    (f"' OR 1=1, {CLIENT}", CLIENT),
    ("::ffff:203.0.113.9", CLIENT),
    ("2001:db8::1", "2001:db8::1"),
])
def test_the_nearest_that_is_no_proxy_of_ours(forwarded: str, found: str) -> None:
    assert client_address(PROXY, forwarded, OURS) == found


@given(written=st.lists(st.one_of(addresses, st.text(max_size=8)), max_size=4), client=addresses)
def test_whatever_a_client_writes_it_remains_itself(written: list[str], client: str) -> None:
    seen = ", ".join([*written, client])
    assert client_address(PROXY, seen, OURS) == client_address(PROXY, client, OURS)


@pytest.mark.parametrize("wrong", ["10.1.0.0/99", "proxy.local", "10.1.0.5/24", "*"])
def test_what_is_no_network_is_refused_at_the_start(wrong: str) -> None:
    assert networks(" 10.1.0.5, ::1 ,") == (ip_network("10.1.0.5"), ip_network("::1"))
    with pytest.raises(RuntimeError, match="TUPHAP_TRUSTED_PROXIES"):
        networks(wrong)


def _kept_address(client: Client, **headers: Any) -> str:
    """The address that the log keeps for a denied look."""
    answer = client.get("/chi-dao/", **headers)
    return str(Entry.objects.get(event="access.denied", request_id=answer["x-request-id"]).ip)


@pytest.mark.django_db
def test_the_log_keeps_the_clients_address_and_no_invented_one(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = OURS
    assert _kept_address(client, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=CLIENT) == CLIENT
    assert _kept_address(client, REMOTE_ADDR=ELSEWHERE, HTTP_X_FORWARDED_FOR=CLIENT) == ELSEWHERE
    settings.TRUSTED_PROXIES = ()
    assert _kept_address(client, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=CLIENT) == PROXY


@pytest.mark.django_db
def test_only_a_trusted_proxy_can_say_that_it_was_https(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = OURS, True
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert client.get("/dang-nhap/", REMOTE_ADDR=PROXY, **said).status_code == 200
    assert client.get("/dang-nhap/", REMOTE_ADDR=PROXY).status_code == 301
    assert client.get("/dang-nhap/", REMOTE_ADDR=ELSEWHERE, **said).status_code == 301


@pytest.mark.django_db
def test_the_lock_out_closes_the_door_of_one_client_not_of_all_behind_the_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = OURS

    def fail(client_at: str, *, peer: str = PROXY) -> int:
        given = {"username": "nobody", "password": "wrong"}
        asked = Client(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=client_at)
        return asked.post("/dang-nhap/", given).status_code

    assert [fail(CLIENT) for _ in range(settings.AXES_FAILURE_LIMIT)][-1] == 429
    assert fail(CLIENT) == 429
    assert fail("203.0.113.10") == 422
    # Who invents a new address at every try is counted as who he is.
    invented = [fail(f"192.0.2.{n}", peer=ELSEWHERE) for n in range(settings.AXES_FAILURE_LIMIT)]
    assert invented[-1] == 429
