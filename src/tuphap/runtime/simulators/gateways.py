"""Gateways for telephones, SMS and Zalo, as one program: takes messages over HTTP, reports what became of them.

``POST /<channel>/messages`` takes ``{id, to, text}`` from whoever has the key; ``GET /`` is the inbox of all telephones
of the sample, to look at. ``POST /_control/<channel>`` makes one slow, wrong or down, or report twice; see
:class:`Control`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import html
import json
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

CHANNELS = {"sms": "SMS", "zalo": "Zalo"}
WRONGS = ("", "500", "not_json", "not_accepted", "lost_answer")
SHOWN = 200

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tin nhắn (mô phỏng)</title><style>body{{font:16px/1.5 sans-serif;max-width:48rem;margin:1.5rem auto;
padding:0 1rem}}h1{{color:#a31515}}
article{{border:1px solid #999;border-radius:.5rem;padding:.6rem .8rem;margin:.6rem 0}}
p{{margin:.2rem 0;white-space:pre-line;overflow-wrap:anywhere}}small{{color:#444}}</style></head><body><main>
<h1>Tin nhắn đã đến (mô phỏng)</h1><p>Mọi SMS, Zalo mà tỉnh mẫu gửi ra; tin mới nhất ở trên.</p>{body}
</main></body></html>"""


@dataclass(frozen=True, slots=True)
class Control:
    """How a gateway behaves just now.

    ``wrong``: one of :data:`WRONGS`. ``refuse``: last figures of a number that it does not know. ``lose``: share of the
    messages that never arrive, and are reported so. ``repeat``: how many times more it sends each report.
    """

    delay_ms: int = 0
    down: bool = False
    wrong: str = ""
    refuse: str = ""
    lose: float = 0.0
    repeat: int = 0
    report_ms: int = 200


@dataclass
class Gateways:
    """Both of them: what came, how they behave, what they have yet to report."""

    platform: str
    key: str
    journal: Path | None = None
    seed: int | None = None
    controls: dict[str, Control] = field(default_factory=lambda: {name: Control() for name in CHANNELS})
    came: dict[str, dict[str, Any]] = field(default_factory=dict)
    reports: asyncio.Queue[tuple[str, str, str]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311
        if self.journal is not None and self.journal.is_file():
            for line in self.journal.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):  # the last line of a killed process
                    kept = json.loads(line)
                    self.came[kept["id"]] = kept

    async def receive(self, request: Request) -> Response:
        """One message; the same id comes once, however often it is sent."""
        channel = request.path_params["channel"]
        control = self.controls.get(channel)
        if control is None:
            return JSONResponse({"code": "unknown_channel"}, status_code=404)
        await asyncio.sleep(control.delay_ms / 1000)
        if control.down or control.wrong == "500":
            return JSONResponse({"code": "down"}, status_code=503 if control.down else 500)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), self.key.encode()):
            return JSONResponse({"code": "key"}, status_code=401)
        told = await request.json()
        if control.wrong == "not_accepted":
            return JSONResponse({"ket_qua": "khác mẫu"})
        if control.refuse and str(told["to"]).endswith(control.refuse):
            return JSONResponse({"code": "unknown_number"}, status_code=422)
        self._keep(channel, told, control)
        if control.wrong in ("not_json", "lost_answer"):
            return Response("<html>lỗi</html>", media_type="text/html")
        return JSONResponse({"accepted": True, "id": told["id"]})

    def _keep(self, channel: str, told: dict[str, Any], control: Control) -> None:
        message = str(told["id"])
        if message in self.came:
            self.came[message]["times"] += 1
            return
        state = "failed" if self.chance.random() < control.lose else "delivered"
        self.came[message] = {
            "id": message, "channel": channel, "to": str(told["to"]), "text": str(told["text"]), "state": state,
            "at": datetime.now(UTC).isoformat(), "times": 1,
        }
        if self.journal is not None:
            self.journal.parent.mkdir(parents=True, exist_ok=True)
            with self.journal.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps(self.came[message], ensure_ascii=False) + "\n")
        for _ in range(1 + control.repeat):
            self.reports.put_nowait((channel, message, state))

    async def keep_reporting(self) -> None:
        """Tell the platform what became of each message; a report that it does not take is tried a few times."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while True:
                channel, message, state = await self.reports.get()
                await asyncio.sleep(self.controls[channel].report_ms / 1000)
                body = json.dumps({"id": message, "state": state}).encode()
                signed = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
                for wait in (0.0, 1.0, 5.0):
                    await asyncio.sleep(wait)
                    with suppress(httpx.HTTPError):
                        got = await client.post(f"{self.platform}/bao-phat/{channel}/", content=body, headers={
                            "Content-Type": "application/json", "X-Signature": signed})
                        if got.status_code < 500:
                            break

    async def inbox(self, request: Request) -> Response:
        """What came, as a page or (``/_inbox``) as data, the latest first."""
        latest = sorted(self.came.values(), key=lambda one: one["at"], reverse=True)[:SHOWN]
        if request.url.path == "/_inbox":
            return JSONResponse(latest)
        body = "".join(
            f"<article><small>{CHANNELS[one['channel']]} · {html.escape(one['to'])} · {_local(one['at'])}"
            f"{' · không đến' if one['state'] == 'failed' else ''}</small><p>{html.escape(one['text'])}</p></article>"
            for one in latest
        )
        return HTMLResponse(PAGE.format(body=body or "<p>Chưa có tin nào.</p>"))

    async def set_control(self, request: Request) -> Response:
        """Behave as told; what is not named goes back to well."""
        named = request.path_params["channel"]
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "application/json"}, status_code=415)
        try:
            control = Control(**await request.json())
        except (TypeError, ValueError) as fault:
            return JSONResponse({"error": str(fault)}, status_code=422)
        names = list(CHANNELS) if named == "all" else [named]
        if control.wrong not in WRONGS or not set(names) <= set(CHANNELS):
            return JSONResponse({"error": "unknown"}, status_code=422)
        for name in names:
            self.controls[name] = control
        return JSONResponse(asdict(control))


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at) + timedelta(hours=7):%H:%M:%S %d/%m/%Y}"


def application(gateways: Gateways) -> Starlette:
    """The gateways as an ASGI application; while it runs, they also report."""
    @asynccontextmanager
    async def reporting(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(gateways.keep_reporting())
        try:
            yield
        finally:
            task.cancel()

    return Starlette(routes=[
        Route("/", gateways.inbox),
        Route("/_inbox", gateways.inbox),
        Route("/_control/{channel}", gateways.set_control, methods=["POST"]),
        Route("/{channel}/messages", gateways.receive, methods=["POST"]),
    ], lifespan=reporting)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="tuphap.runtime.simulators.gateways", description="Simulated gateways")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TUPHAP_HOME", "var")))
    told = parser.parse_args()
    gateways = Gateways(
        platform=f"http://localhost:{told.port - 5}",
        key=os.environ.get("TUPHAP_NOTICE_GATEWAY_KEY", "chi-dung-cho-tinh-mau"),
        journal=told.home.absolute() / "sample" / "messages.jsonl",
    )
    uvicorn.run(application(gateways), host=told.host, port=told.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
