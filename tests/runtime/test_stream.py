"""The stream: who holds a ticket is told of what is theirs, within moments, and no longer than their login lasts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from tests.harness.homes import free_ports, wait_until

from tuphap.kernel.clock import now
from tuphap.runtime import stream
from tuphap.shared.accounts.models import LoginSession, User
from tuphap.shared.operation.testing import setting_up
from tuphap.site.ticket import Ticket, open_ticket, sign_ticket

USER, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


@pytest.fixture
def login(transactional_db: None) -> LoginSession:
    session = SessionStore()
    session.create()
    with setting_up():
        user = User.objects.create_staff(username="lan", password=None, full_name="Lan", pk=USER)
        return LoginSession.objects.create(
            user=user, session_key=session.session_key, how=LoginSession.How.PASSWORD, started_at=now(),
            last_seen_at=now(),
        )


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The stream process on the tests' database."""
    port = free_ports()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "tuphap.runtime.stream:application", "--port", str(port), "--log-level",
         "warning"],
        env={**os.environ, "PORT": str(port), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "",
             "DJANGO_SETTINGS_MODULE": "tuphap.settings.test"},
    )
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, seconds=30)
    yield url
    process.terminate()
    assert process.wait(timeout=15) in (0, -15), "it ends cleanly with streams open"


@contextmanager
def joined(server: str, ticket: Ticket, **headers: str) -> Iterator[Iterator[str]]:
    """The lines of one stream, once the process has surely begun to listen."""
    with (
        httpx.Client(timeout=20) as client,
        client.stream("GET", f"{server}/luong/", params={"ve": sign_ticket(ticket)}, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 5000"
        wait_until(_someone_listens, why="the process listens to the database")
        yield lines


def _execute(statement: str, *parameters: object) -> list[tuple]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        answer = connection.execute(statement, parameters)  # type: ignore[arg-type]
        return answer.fetchall() if answer.description else []


def _someone_listens() -> bool:
    return bool(_execute("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()"))


def _notify(channel: str, **facts: object) -> None:
    _execute("SELECT pg_notify(%s, %s)", channel, json.dumps(facts))


def _next_event(lines: Iterator[str]) -> tuple[str, dict]:
    for line in lines:
        if line.startswith("event: "):
            return line.removeprefix("event: "), json.loads(next(lines).removeprefix("data: "))
    raise AssertionError("the stream ended")


def test_a_page_is_told_of_what_is_its_own_and_nothing_else(login: LoginSession, server: str) -> None:
    ticket = Ticket(login=login.pk, user=USER, units=(7,))
    with joined(server, ticket) as lines:
        _notify("tuphap_notices", user=OTHER, notice="not for us")
        _notify("tuphap_dossiers", unit=8, dossier="of another office")
        _notify("tuphap_notices", user=None, notice="for nobody in particular")
        before = time.monotonic()
        _notify("tuphap_notices", user=USER, notice="n1")
        assert _next_event(lines) == ("notice", {"notice": "n1"})
        assert time.monotonic() - before < 2
        _notify("tuphap_dossiers", unit=7, user=USER, dossier="d1")
        _notify("tuphap_dossiers", unit=7, dossier="d2")
        assert _next_event(lines) == ("dossier", {"dossier": "d1"}), "and only once, though twice concerned"
        assert _next_event(lines) == ("dossier", {"dossier": "d2"})


def test_it_ends_with_the_login(login: LoginSession, server: str) -> None:
    with joined(server, Ticket(login=login.pk, user=USER, units=())) as lines:
        time.sleep(stream.WATCH + 1)
        _notify("tuphap_notices", user=USER, notice="still here")
        assert _next_event(lines)[0] == "notice"
        with setting_up():
            LoginSession.objects.filter(pk=login.pk).update(ended_at=now())
        before = time.monotonic()
        assert not [line for line in lines if line.startswith("event")]
        assert time.monotonic() - before < stream.WATCH + 3


def test_after_a_lost_database_connection_the_page_looks_again(login: LoginSession, server: str) -> None:
    with joined(server, Ticket(login=login.pk, user=USER, units=())) as lines:
        _execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = "
                 "current_database()")
        assert _next_event(lines) == ("again", {})
        _notify("tuphap_notices", user=USER, notice="n1")
        assert _next_event(lines) == ("notice", {"notice": "n1"})


def test_without_a_ticket_nobody_joins(login: LoginSession, server: str) -> None:
    good = sign_ticket(Ticket(login=login.pk, user=USER, units=()))
    for bad in ("", "nonsense", good[:-2], signing.dumps([1, USER, []], salt="another")):
        assert httpx.get(f"{server}/luong/", params={"ve": bad}).status_code == 403
    foreign = httpx.get(f"{server}/luong/", params={"ve": good}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert "access-control-allow-origin" not in foreign.headers


def test_our_own_pages_may_read_it(login: LoginSession, server: str) -> None:
    port = server.rpartition(":")[2]
    with httpx.Client() as client, client.stream(
        "GET", f"{server}/luong/", params={"ve": sign_ticket(Ticket(login.pk, USER, ()))},
        headers={"Origin": f"http://localhost:{port}"},
    ) as answer:
        assert answer.headers["access-control-allow-origin"] == f"http://localhost:{port}"


def test_a_ticket_lasts_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sign_ticket(Ticket(3, USER, (1, 2)))
    assert open_ticket(text) == Ticket(3, USER, (1, 2))
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(signing.SignatureExpired):
        open_ticket(text)


def test_one_who_reads_too_slowly_is_told_to_look_again() -> None:
    listener = stream.Listener(Ticket(1, USER, ()))
    for number in range(stream.QUEUE + 1):
        listener.put(f"event {number}")
    assert listener.queue.get_nowait() == "event: again\ndata: {}\n\n"
    assert listener.queue.get_nowait() == f"event {stream.QUEUE}"
    assert listener.queue.empty()


def test_the_hub_forgets_who_left() -> None:
    hub = stream.Hub()
    listener = stream.Listener(Ticket(1, USER, (5,)))
    hub.join(listener)
    hub.leave(listener)
    hub.tell("tuphap_notices", json.dumps({"user": USER}))
    hub.tell("tuphap_notices", "not JSON")
    assert listener.queue.empty()
    assert not hub.listeners


@pytest.mark.django_db
def test_a_page_gets_its_ticket_from_the_web(client, login: LoginSession) -> None:
    from tuphap.site.live import stream_ticket

    assert client.get("/ve-luong/").status_code == 403

    class Request:
        method = "GET"
        session = type("Session", (), {"session_key": login.session_key})()

        class actor:  # noqa: N801
            user_id = USER
            kind = "citizen"

        @staticmethod
        def get_host() -> str:
            return "127.0.0.1:8000"

    given = json.loads(stream_ticket(Request()).content)["url"]
    origin, _, text = given.partition("/luong/?ve=")
    assert origin.startswith("http://127.0.0.1:")
    assert open_ticket(text) == Ticket(login.pk, USER, ())
    with setting_up():
        LoginSession.objects.filter(pk=login.pk).update(ended_at=now() - timedelta(minutes=1))
    from tuphap.kernel.refusal import Denied

    with pytest.raises(Denied):
        stream_ticket(Request())



def test_channels_are_those_on_which_the_mechanisms_speak() -> None:
    from tuphap.shared.dossiers import handlers
    from tuphap.shared.notices import api as notices

    assert set(stream.CHANNELS) == {notices.NOTIFY_CHANNEL, handlers.NOTIFY_CHANNEL}
