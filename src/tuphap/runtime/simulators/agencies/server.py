"""The HTTP side: seals checked and set, misbehaviour as told, calls of their own until the platform has them."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tuphap.kernel.ids import new_id
from tuphap.shared.exchange import envelope
from tuphap.shared.fees import vietqr

from . import bank, population
from .acts import AGENCIES, SERVICES, Service
from .memory import Memory
from .occasion import Occasion

WRONGS = ("", "bad_signature", "bad_schema", "wrong_hash", "500")
TELLS = ("", "wrong_amount", "bad_signature", "unknown_order", "lost")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Control:
    """How an agency behaves just now; shares are probabilities.

    ``wrong``: one of :data:`WRONGS`, about ``wrong_share`` of its answers. ``lose_request``: the connection breaks
    before anything is done; ``lose_answer``: after it. ``later_share``: of the answers that come by a call, after
    ``later_ms``. ``repeat``: how many times more it sends each call. ``reorder``: it sends calls in any order.
    ``tells``: one of :data:`TELLS`, what is wrong with what the bank tells of a transfer.
    """

    delay_ms: int = 0
    down: bool = False
    wrong: str = ""
    wrong_share: float = 1.0
    lose_request: float = 0.0
    lose_answer: float = 0.0
    verify_share: float = 0.0
    refuse_share: float = 0.0
    later_share: float = 0.0
    later_ms: int = 300
    repeat: int = 0
    reorder: bool = False
    tells: str = ""


class Dropped(Response):
    """A connection that breaks in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


class Agencies:
    """All of them: keys, memory, behaviour."""

    def __init__(self, home: Path, *, platform: str, client: str, seed: int | None = None) -> None:
        self.home, self.platform, self.client = home, platform.rstrip("/"), client
        folder = home / "sample" / "agencies"
        self.memory = Memory(folder / "agencies.sqlite")
        self.chance = Random(seed)  # noqa: S311
        self.keys = {name: _key(folder / f"{name}.pem") for name in AGENCIES}
        for name, member in AGENCIES.items():
            _lay_out(home / "trust" / "exchange" / envelope.trust_file(member), _public(self.keys[name]))
        self.controls = {name: self._kept_control(name) for name in AGENCIES}
        self.ending = asyncio.Event()

    # -- what comes in ---------------------------------------------------------------------------------------------

    async def receive(self, request: Request) -> Response:
        """One message of the platform."""
        parts = request.path_params
        member = "/".join(parts[name] for name in ("instance", "kind", "member", "subsystem"))
        agency = next((name for name, client in AGENCIES.items() if client == member), None)
        if agency is None:
            return JSONResponse({"code": "no_such_member"}, status_code=404)
        control = self.controls[agency]
        await asyncio.sleep(control.delay_ms / 1000)
        if control.down:
            return JSONResponse({"code": "down"}, status_code=503)
        names = {name.lower(): name for name in (*envelope.HASHED, envelope.SENT, envelope.KEY, envelope.SIGNATURE)}
        headers = {names[name]: value for name, value in request.headers.items() if name in names}
        sealed = envelope.Request(request.url.path, headers, await request.body())
        if not self._is_theirs(sealed):
            return self._answer(agency, sealed, 401, {"code": "bad_signature"}, error="bad_signature")
        if self.chance.random() < control.lose_request:
            return Dropped()
        status, answer, error = self._act(agency, parts["service"], sealed, control)
        if self.chance.random() < control.lose_answer:
            return Dropped()
        return self._answer(agency, sealed, status, answer, error=error, control=control)

    def _is_theirs(self, sealed: envelope.Request) -> bool:
        try:
            path = self.home / "trust" / "exchange" / envelope.trust_file(sealed.header(envelope.CLIENT))
            known = envelope.public_keys(path.read_bytes())
            key = known[sealed.header(envelope.KEY)]
            text = envelope.signed_request(sealed.path, sealed.headers, sealed.body)
            envelope.check(text, sealed.header(envelope.SIGNATURE), key)
        except (OSError, KeyError, ValueError, envelope.BadSignature):
            return False
        return sealed.header(envelope.CLIENT) == self.client

    def _act(
        self, agency: str, what: str, sealed: envelope.Request, control: Control
    ) -> tuple[int, dict[str, Any], str]:
        """Do it once: the same id gets the same answer, and has been on disk before anybody hears of it."""
        service = SERVICES.get((agency, what))
        if service is None:
            return 404, {"code": "service_unknown"}, "service_unknown"
        message_id = sealed.header(envelope.ID)
        before = self.memory.one("SELECT * FROM received WHERE agency = ? AND id = ?", agency, message_id)
        if before is not None:
            return self._again(before, sealed)
        try:
            asked = service.body.model_validate_json(sealed.body)
        except ValidationError:
            return 422, {"code": "schema"}, "schema"
        occasion = Occasion(
            self.memory, agency, message_id, self.chance, self.chance.random() < control.verify_share,
            self.chance.random() < control.refuse_share, partial(self._put_out, agency),
        )
        if service.reads:
            return 200, service.act(asked, occasion), ""
        with self.memory.changing():
            answer = service.act(asked, occasion)
            later = self._is_later(service, control)
            self.memory.run(
                "INSERT INTO received (agency, id, hash, kind, subject, sequence, status, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                agency, message_id, sealed.hash, sealed.header(envelope.KIND),
                envelope.from_header(sealed.header(envelope.SUBJECT)), int(sealed.header(envelope.SEQUENCE) or 0),
                202 if later else 200, json.dumps(answer),
            )
            if later:
                self._put_out(agency, kind=sealed.header(envelope.KIND), subject=self._subject_of(sealed),
                              body=answer, reply_to=message_id, dossier=sealed.header(envelope.ISSUE))
        return (202, {"outcome": "accepted"}, "") if later else (200, answer, "")

    def _again(self, before: dict[str, Any], sealed: envelope.Request) -> tuple[int, dict[str, Any], str]:
        if before["hash"] != sealed.hash:
            return 409, {"code": "id_used"}, "id_used"
        self.memory.run("UPDATE received SET times = times + 1 WHERE place = ?", before["place"])
        waits = self.memory.one("SELECT 1 FROM outgoing WHERE reply_to = ? AND state = 'waiting'", before["id"])
        if before["status"] == 202 and waits is not None:
            return 202, {"outcome": "accepted"}, ""
        return 200, json.loads(before["answer"]), ""

    def _is_later(self, service: Service, control: Control) -> bool:
        return service.later and self.chance.random() < control.later_share

    def _subject_of(self, sealed: envelope.Request) -> str:
        return envelope.from_header(sealed.header(envelope.SUBJECT))

    def _answer(
        self, agency: str, sealed: envelope.Request, status: int, answer: dict[str, Any], *, error: str = "",
        control: Control | None = None,
    ) -> Response:
        wrong = control.wrong if control and self.chance.random() < control.wrong_share else ""
        if wrong == "500":
            return JSONResponse({"code": "internal"}, status_code=500)
        if wrong == "bad_schema" and status == 200:
            answer = {"ket_qua": "khác mẫu"}
        if wrong == "wrong_hash":
            sealed = envelope.Request(sealed.path, sealed.headers, sealed.body + b" ")
        key = self.keys[agency]
        made = envelope.seal_answer(
            sealed, status, envelope.canonical(answer).encode(), service=AGENCIES[agency], request_id=str(new_id()),
            error=error, key=envelope.fingerprint(_public(key)), at=datetime.now(UTC),
            sign=lambda text: key.sign(text + (b"!" if wrong == "bad_signature" else b""), ec.ECDSA(hashes.SHA256())),
        )
        return Response(made.body, status_code=made.status, headers=dict(made.headers))

    # -- what goes out ---------------------------------------------------------------------------------------------

    def _put_out(
        self, agency: str, *, kind: str, subject: str, body: dict[str, Any], reply_to: str = "", dossier: str = ""
    ) -> str:
        """Queue a call; numbered within its subject, in the transaction of what it tells of."""
        control = self.controls[agency]
        last = self.memory.one("SELECT max(sequence) AS last FROM outgoing WHERE agency = ? AND subject = ?",
                               agency, subject)
        message_id = str(new_id())
        self.memory.run(
            "INSERT INTO outgoing (id, agency, kind, subject, sequence, reply_to, dossier, body, due, copies) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            message_id, agency, kind, subject, ((last or {}).get("last") or 0) + 1, reply_to, dossier,
            envelope.canonical(body), time.time() + control.later_ms / 1000, 1 + control.repeat,
        )
        return message_id

    async def keep_calling(self) -> None:
        """Send what is due until the platform has it; one call at a time for a subject unless told to reorder."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while not self.ending.is_set():
                due = self._due()
                await asyncio.gather(*(self._call(client, row) for row in due))
                await asyncio.sleep(0.02 if due else 0.1)

    def _due(self) -> list[dict[str, Any]]:
        rows = self.memory.all(
            "SELECT * FROM outgoing WHERE state = 'waiting' AND due <= ? ORDER BY due, sequence LIMIT 40", time.time()
        )
        chosen: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            key = (row["agency"], row["subject"])
            if self.controls[row["agency"]].reorder:
                if key not in chosen or self.chance.random() < 0.5:
                    chosen[key] = row
            elif key not in chosen or row["sequence"] < chosen[key]["sequence"]:
                chosen[key] = row
        return [row for row in chosen.values() if self.controls[row["agency"]].reorder or self._is_first(row)][:8]

    def _is_first(self, row: dict[str, Any]) -> bool:
        return self.memory.one(
            "SELECT 1 FROM outgoing WHERE agency = ? AND subject = ? AND sequence < ? AND state = 'waiting'",
            row["agency"], row["subject"], row["sequence"],
        ) is None

    async def _call(self, client: httpx.AsyncClient, row: dict[str, Any]) -> None:
        key, spoilt = self.keys[row["agency"]], self.controls[row["agency"]].tells == "bad_signature"
        path = f"/r1/{self.client}/{row['kind'].partition('.')[2]}"
        headers = {
            envelope.CLIENT: AGENCIES[row["agency"]], envelope.ID: row["id"], envelope.USER: "VNSYSTEM",
            envelope.ISSUE: row["dossier"], envelope.KIND: row["kind"],
            envelope.SUBJECT: envelope.in_header(row["subject"]), envelope.SEQUENCE: str(row["sequence"]),
            envelope.REPLY_TO: row["reply_to"],
        }
        sealed = envelope.seal_request(
            path, {name: value for name, value in headers.items() if value}, row["body"].encode(),
            key=envelope.fingerprint(_public(key)), at=datetime.now(UTC),
            sign=lambda text: key.sign(text + (b"!" if spoilt else b""), ec.ECDSA(hashes.SHA256())),
        )
        try:
            got = await client.post(
                f"{self.platform}/api/xroad{path}", content=sealed.body, headers=dict(sealed.headers)
            )
            said, answer = self._judge(sealed, got), got.text
        except httpx.HTTPError as fault:
            said, answer = type(fault).__name__, ""
        if said in ("200", "202") or said.startswith("4"):
            copies = row["copies"] - 1 if said in ("200", "202") else 0
            state = "waiting" if copies > 0 else ("had" if said in ("200", "202") else "refused")
            self.memory.run("UPDATE outgoing SET copies = ?, state = ?, said = ?, answer = ?, due = ? WHERE id = ?",
                            copies, state, said, answer, time.time() + self.chance.random() * 0.1, row["id"])
            return
        wait = min(0.2 * 2 ** min(row["tries"], 6), 5.0) * (0.5 + self.chance.random() / 2)
        self.memory.run("UPDATE outgoing SET tries = tries + 1, said = ?, due = ? WHERE id = ?",
                        said, time.time() + wait, row["id"])

    def _judge(self, sealed: envelope.Request, got: httpx.Response) -> str:
        """The status, if the answer is signed by the platform and goes with this request."""
        if got.status_code >= 500:
            return str(got.status_code)
        names = {name.lower(): name for name in (*envelope.ANSWER_SIGNED, envelope.SIGNATURE)}
        headers = {names[name]: value for name, value in got.headers.items() if name in names}
        try:
            known = envelope.public_keys(
                (self.home / "trust" / "exchange" / envelope.trust_file(self.client)).read_bytes()
            )
            envelope.check(envelope.signed_answer(got.status_code, headers, got.content),
                           headers[envelope.SIGNATURE], known[headers[envelope.KEY]])
        except (OSError, KeyError, ValueError, envelope.BadSignature):
            return "unsigned"
        return str(got.status_code) if headers.get(envelope.REQUEST_HASH) == sealed.hash else "wrong_hash"

    # -- the payer's bank ------------------------------------------------------------------------------------------

    async def bank_page(self, request: Request) -> Response:
        """Show the transfer that a code asks for; posted, make it and tell the platform."""
        await asyncio.sleep(self.controls["payment"].delay_ms / 1000)
        if self.controls["payment"].down:
            return Response("Ngân hàng đang bảo trì.", status_code=503)
        told = dict(parse_qsl((await request.body()).decode())) if request.method == "POST" else request.query_params
        try:
            wanted = vietqr.read(told.get("qr", ""))
        except vietqr.NotVietQR:
            return HTMLResponse(bank.page("Mã không đọc được", "Mã này không phải mã VietQR chuyển tiền."), 422)
        if request.method != "POST":
            return HTMLResponse(bank.form(wanted, told.get("qr", "")))
        return HTMLResponse(bank.done(wanted, self.pay(wanted)))

    def pay(self, wanted: vietqr.Transfer) -> str:
        """Make a transfer and queue the word of it, spoilt as told; its number."""
        tells = self.controls["payment"].tells
        number = f"FT{datetime.now(UTC):%y%m%d}{self.chance.randrange(10**10):010}"
        credit = {
            "transaction": number, "reference": wanted.content, "account": wanted.account, "amount": wanted.amount,
            "paid_at": datetime.now(UTC).isoformat(),
        }
        if tells == "wrong_amount":
            credit["amount"] = max(1, wanted.amount - 1000)
        if tells == "unknown_order":
            credit["reference"] = "CHUYEN TIEN NHAM"
        with self.memory.changing():
            self.memory.do("payment", "credit", number, credit, "")
            if tells != "lost":
                self._put_out("payment", kind="payment.paid", subject=f"credit:{number}", body=credit)
        return number

    # -- what they are told ------------------------------------------------------------------------------------------

    async def set_control(self, request: Request) -> Response:
        """Behave as told; what is not named goes back to well."""
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "application/json"}, status_code=415)
        named = request.path_params["agency"]
        names = list(AGENCIES) if named == "all" else [named]
        try:
            told = await request.json()
            control = Control(**told)
        except (TypeError, ValueError) as fault:
            return JSONResponse({"error": str(fault)}, status_code=422)
        if control.wrong not in WRONGS or control.tells not in TELLS or not set(names) <= set(AGENCIES):
            return JSONResponse({"error": "unknown"}, status_code=422)
        for name in names:
            self.controls[name] = control
            self.memory.run("INSERT OR REPLACE INTO control VALUES (?, ?)", name, json.dumps(asdict(control)))
        return JSONResponse(asdict(control))

    async def act(self, request: Request) -> Response:
        """Send something of the agency's own accord."""
        agency = request.path_params["agency"]
        if agency not in AGENCIES or request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "unknown"}, status_code=422)
        told = await request.json()
        with self.memory.changing():
            message_id = self._put_out(agency, kind=told["kind"], subject=told["subject"], body=told["body"],
                                       dossier=told.get("dossier", ""))
        return JSONResponse({"id": message_id})

    async def set_people(self, request: Request) -> Response:
        """Enter records of the population database, as the police would by themselves: new ones, or changed."""
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "application/json"}, status_code=415)
        told = (await request.json())["people"]
        with self.memory.changing():
            for person in told:
                population.put(self.memory, person)
        return JSONResponse({"people": len(told)})

    async def people(self, request: Request) -> Response:
        """The population database as it is now."""
        return JSONResponse({"people": population.everybody(self.memory)})

    async def state(self, request: Request) -> Response:
        """Everything they remember."""
        return JSONResponse({
            name: {
                "client": member,
                "control": asdict(self.controls[name]),
                "received": self.memory.all(
                    "SELECT id, kind, subject, sequence, status, answer, times FROM received WHERE agency = ? "
                    "ORDER BY place", name),
                "done": self.memory.all("SELECT what, about, value, message FROM done WHERE agency = ?", name),
                "outgoing": self.memory.all(
                    "SELECT id, kind, subject, sequence, reply_to, state, said, answer, tries FROM outgoing "
                    "WHERE agency = ?", name),
            }
            for name, member in AGENCIES.items()
        })

    async def waiting(self, request: Request) -> Response:
        """How many calls of each have not reached the platform yet."""
        rows = self.memory.all(
            "SELECT agency, count(*) AS number FROM outgoing WHERE state = 'waiting' GROUP BY agency"
        )
        found = {row["agency"]: row["number"] for row in rows}
        return JSONResponse({name: found.get(name, 0) for name in AGENCIES})

    def _kept_control(self, name: str) -> Control:
        row = self.memory.one("SELECT told FROM control WHERE agency = ?", name)
        known = {field.name for field in fields(Control)}
        told = json.loads(row["told"]) if row else {}
        return replace(Control(), **{key: value for key, value in told.items() if key in known})


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The agency's key, made at its first start."""
    if path.is_file():
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key
    key = ec.generate_private_key(ec.SECP256R1())
    path.parent.mkdir(parents=True, exist_ok=True)
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.chmod(0o600)
    part.replace(path)
    return key


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _lay_out(path: Path, public: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(envelope.pem(public))
    part.replace(path)


def application(agencies: Agencies) -> Starlette:
    """The agencies as an ASGI application; while it runs, they also call."""
    @asynccontextmanager
    async def calling(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(agencies.keep_calling())
        try:
            yield
        finally:
            agencies.ending.set()
            await task
            agencies.memory.close()

    handlers: list[tuple[str, Callable[[Request], Awaitable[Response]], str]] = [
        ("/r1/{instance}/{kind}/{member}/{subsystem}/{service}", agencies.receive, "POST"),
        ("/_control/{agency}", agencies.set_control, "POST"),
        ("/_act/{agency}", agencies.act, "POST"),
        ("/ngan-hang/", agencies.bank_page, "GET"),
        ("/ngan-hang/", agencies.bank_page, "POST"),
        ("/_people", agencies.set_people, "POST"),
        ("/_people", agencies.people, "GET"),
        ("/_state", agencies.state, "GET"),
        ("/_waiting", agencies.waiting, "GET"),
    ]
    return Starlette(routes=[Route(path, handler, methods=[method]) for path, handler, method in handlers],
                     lifespan=calling)
