"""A birth from the declaration to the result handed out, over HTTP; every acknowledged step goes to the ledger."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from PIL import Image
from tests.crash.births import COMPONENT, PROCEDURE, Desk, citizen, pages
from tests.crash.ledger import Ledger
from tests.crash.people import PATIENCE, Person

from tuphap.sample.families import Birth

# What a journey that came to its end has had acknowledged, each once.
PAGES = ("child", "mother", "father", "declarant", "copies")
STEPS = (
    "draft", *(f"page:{page}" for page in PAGES), "attach", "submit", "receive", "assign", "propose", "approve",
    "ready", "return",
)


@dataclass(slots=True)
class Team:
    """The people of one office at their browsers."""

    desk: Desk
    receiver: Person
    officer: Person
    chairman: Person


@contextmanager
def team(url: str, desk: Desk, *, leader: str = "chairman") -> Iterator[Team]:
    """Officials who come in by the sample's door."""
    found = Team(desk, *(Person(url, account) for account in (desk.receiver, desk.officer, getattr(desk, leader))))
    try:
        yield found
    finally:
        for person in (found.receiver, found.officer, found.chairman):
            person.close()


@dataclass(slots=True)
class Walk:
    """Acts for one dossier and writes down what was acknowledged."""

    ledger: Ledger
    today: date
    dossier: str = ""

    def act(self, step: str, person: Person, method: str, path: str, **sent: Any) -> dict[str, Any]:
        """One write, repeated until it is acknowledged, then entered in the ledger."""
        key = str(uuid4())
        answer: dict[str, Any] = person.do(method, path, key=key, **sent)
        self.dossier = self.dossier or answer["id"]
        kept = {name: answer[name] for name in ("state", "code", "id", "sha256") if name in answer}
        number = (answer.get("result") or {}).get("number", "")
        self.ledger.write(step, dossier=self.dossier, key=key, number=number, **kept)
        return answer

    def move(self, step: str, person: Person, verb: str = "", **body: Any) -> dict[str, Any]:
        return self.act(step, person, "POST", f"/dossiers/{self.dossier}/{verb or step}", json=body)


def birth_by_citizen(birth: Birth, office: Team, ledger: Ledger, *, today: date, copies: int) -> None:
    """The whole road, by a citizen who logs in with the identity provider."""
    walk = Walk(ledger, today)
    resident = Person(office.receiver.url)
    try:
        resident.log_in_with_vneid(citizen(birth)["sub"])
        _declare(walk, resident, birth, office.desk, copies)
        walk.move("receive", office.receiver)
        decide(walk, office)
        wait_for_result(walk, resident)
        walk.move("return", office.receiver, way="tai_quay")
    finally:
        resident.close()


def birth_at_the_counter(birth: Birth, office: Team, ledger: Ledger, *, today: date, copies: int) -> Walk:
    """Taken in at the desk and put before the leader; the decision is left to the caller."""
    walk = Walk(ledger, today)
    walk.act(
        "counter", office.receiver, "POST", "/counter/dossiers",
        json={
            "procedure_code": PROCEDURE, "receiving_unit": office.desk.unit, "resolving_unit": office.desk.unit,
            "answers": pages(birth, office.desk, today=today, copies=copies), "papers": [{"component": COMPONENT}],
        },
    )
    _prepare(walk, office)
    return walk


def decide(walk: Walk, office: Team) -> None:
    """Hand over, prepare, approve."""
    _prepare(walk, office)
    walk.move("approve", office.chairman)


def wait_for_result(walk: Walk, person: Person) -> None:
    """Look until the papers are signed; what the answer says then is acknowledged as well."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        seen = person.get(f"/dossiers/{walk.dossier}")
        if seen["state"] == "result_ready":
            walk.ledger.write("ready", dossier=walk.dossier, key="", number=seen["result"]["number"], code=seen["code"])
            return
        time.sleep(1.0)
    raise AssertionError(f"dossier {walk.dossier} was not signed in {PATIENCE:.0f} s, it is {seen['state']}")


def _declare(walk: Walk, resident: Person, birth: Birth, desk: Desk, copies: int) -> None:
    walk.act("draft", resident, "POST", "/dossiers", json={"procedure_code": PROCEDURE, "resolving_unit": desk.unit})
    for page, answers in pages(birth, desk, today=walk.today, copies=copies).items():
        walk.act(f"page:{page}", resident, "PUT", f"/dossiers/{walk.dossier}/pages/{page}", json={"answers": answers})
    walk.act(
        "attach", resident, "POST", f"/dossiers/{walk.dossier}/files", data={"component": COMPONENT},
        files={"file": ("giay-chung-sinh.png", _scan(birth.notice_no), "image/png")},
    )
    walk.move("submit", resident, result_way="tai_quay")


def _prepare(walk: Walk, office: Team) -> None:
    walk.move("assign", office.receiver, to_user_id=office.desk.officer)
    found = office.officer.get(f"/dossiers/{walk.dossier}/findings")
    walk.move("propose", office.officer, acknowledged={f["code"]: "Đã đối chiếu giấy tờ bản chính." for f in found})


def _scan(notice: str) -> bytes:
    """A picture of the paper, different for every notice."""
    image = Image.frombytes("L", (64, 64), (notice.encode() * 4096)[:4096])
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
