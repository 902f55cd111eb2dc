"""The stream process: tells open pages that something of theirs has moved, so that they fetch it again.

What goes over the wire is a kind and an identifier, never content: the page asks the web process, which decides anew
what this person may see. A listener comes with a ticket (``site.live``) that names the login, the person and the
offices; the login is looked up again every few seconds, and a stream whose login has ended is closed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import psycopg
from django.core import signing
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tuphap.settings import environment
from tuphap.site import progress
from tuphap.site.ticket import Ticket, open_ticket

# Channel of PostgreSQL -> kind of event that the page hears. Payloads: JSON with "user" and/or "unit", and an id.
CHANNELS = {"tuphap_notices": "notice", "tuphap_dossiers": "dossier"}
BREATH = 15.0  # a comment, so that proxies keep the connection
WATCH = 5.0  # how often logins are looked up again: an ended one is cut within this time
SAMPLE_LOOK = 2.0
QUEUE = 100
LISTENERS = 4000

logger = logging.getLogger("tuphap.stream")


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. ``queue`` holds finished events; None in it ends the stream."""

    ticket: Ticket
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def put(self, event: str | None) -> None:
        """Hand over an event; to one who reads too slowly, everything waiting becomes a single "look again"."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(_event("again", {}))
        self.queue.put_nowait(event)


class Hub:
    """Who listens to what."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self.listeners: set[Listener] = set()

    def join(self, listener: Listener) -> None:
        self.listeners.add(listener)
        for topic in listener.ticket.topics():
            self._by_topic[topic].add(listener)

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        for topic in listener.ticket.topics():
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def tell(self, channel: str, payload: str) -> None:
        """Pass a notification on to those whom it concerns; one that cannot be read is logged and left."""
        try:
            facts: dict[str, Any] = json.loads(payload)
        except ValueError:
            logger.warning("a notification on %s is not JSON", channel)
            return
        topics = [f"{name}:{facts[name]}" for name in ("user", "unit") if facts.get(name) is not None]
        heard = {listener for topic in topics for listener in self._by_topic.get(topic, ())}
        event = _event(CHANNELS[channel], {key: value for key, value in facts.items() if key not in ("user", "unit")})
        for listener in heard:
            listener.put(event)

    def tell_all(self, event: str) -> None:
        for listener in self.listeners:
            listener.put(event)


def _event(kind: str, facts: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(facts)}\n\n"


async def _relay(hub: Hub, url: str) -> None:
    """Listen to the database for ever; after a break, tell everybody to look again, for something may have passed."""
    broken = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                for channel in CHANNELS:
                    await connection.execute(f"LISTEN {channel}")
                if broken:
                    hub.tell_all(_event("again", {}))
                async for notification in connection.notifies():
                    hub.tell(notification.channel, notification.payload)
        except psycopg.OperationalError:
            broken = True
            await asyncio.sleep(0.5)


async def _watch_logins(hub: Hub, url: str) -> None:
    """Close the stream of every login that has ended or whose account was closed."""
    while True:
        await asyncio.sleep(WATCH)
        asked = {listener.ticket.login for listener in hub.listeners}
        if not asked:
            continue
        with suppress(psycopg.OperationalError):
            standing = await _standing(url, asked)
            for listener in [one for one in hub.listeners if one.ticket.login not in standing]:
                listener.put(None)


async def _standing(url: str, logins: set[int]) -> set[int]:
    """Those of the logins that still stand, by the table of sessions."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        found = await connection.execute(
            "SELECT login.id FROM accounts_session login JOIN accounts_user person ON person.id = login.user_id "
            "JOIN django_session session ON session.session_key = login.session_key "
            "WHERE login.id = ANY(%s) AND login.ended_at IS NULL AND person.is_active AND session.expire_date > now()",
            [list(logins)],
        )
        return {row[0] for row in await found.fetchall()}


async def _watch_sample(hub: Hub, settings: environment.Environment) -> None:
    """Tell how the sample fills."""
    last = None
    while True:
        await asyncio.sleep(SAMPLE_LOOK)
        now = progress.read(settings.home)
        if now is not None and now != last:
            last = now
            hub.tell_all(_event("sample", {"percent": now.percent, "what": now.what}))


def _must_not_end(task: asyncio.Task[None]) -> None:
    """A stream that no longer watches logins must not go on: end the process, and the supervisor starts another."""
    if not task.cancelled():
        logger.critical("%s ended", task.get_coro(), exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)


def _allowed_origins(settings: environment.Environment) -> set[str]:
    local = {f"http://{name}:{settings.port}" for name in ("localhost", "127.0.0.1")}
    return {settings.public_url} | (local if settings.mode is not environment.Mode.PRODUCTION else set())


def make_application(settings: environment.Environment) -> Starlette:
    """The ASGI application for these settings."""
    hub = Hub()
    origins = _allowed_origins(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_relay(hub, settings.database_url))]
        tasks.append(asyncio.create_task(_watch_logins(hub, settings.database_url)))
        if settings.mode is environment.Mode.SAMPLE:
            tasks.append(asyncio.create_task(_watch_sample(hub, settings)))
        for task in tasks:
            task.add_done_callback(_must_not_end)
        try:
            yield
        finally:
            hub.tell_all("event: bye\ndata: {}\n\n")
            for listener in hub.listeners:
                listener.put(None)
            for task in tasks:
                task.cancel()

    async def stream(request: Request) -> Response:
        origin = request.headers.get("origin", "")
        if origin and origin not in origins:
            return PlainTextResponse("", status_code=403)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Origin"}
        if origin:
            headers["Access-Control-Allow-Origin"] = origin
        try:
            ticket = open_ticket(request.query_params.get("ve", ""))
        except signing.BadSignature:
            return PlainTextResponse("", status_code=403, headers=headers)
        if len(hub.listeners) >= LISTENERS:
            return PlainTextResponse("", status_code=503, headers=headers)
        return StreamingResponse(_events(hub, ticket), media_type="text/event-stream", headers=headers)

    async def health(request: Request) -> Response:
        return PlainTextResponse(f"{len(hub.listeners)}\n")

    return Starlette(routes=[Route("/luong/", stream), Route("/luong/suc-khoe/", health)], lifespan=lifespan)


async def _events(hub: Hub, ticket: Ticket) -> AsyncIterator[str]:
    listener = Listener(ticket)
    hub.join(listener)
    try:
        yield "retry: 5000\n\n"
        while True:
            try:
                event = await asyncio.wait_for(listener.queue.get(), BREATH)
            except TimeoutError:
                event = ": \n\n"
            if event is None:
                return
            yield event
    finally:
        hub.leave(listener)


@lru_cache(maxsize=1)
def _application() -> Starlette:
    return make_application(environment.read())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """What the ASGI server calls; made when first called, from the process's environment."""
    await _application()(scope, receive, send)
