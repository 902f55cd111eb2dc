"""What residents have submitted at the simulated national portal: two dossiers that come in, one that is refused."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from typing import Any

import httpx
from django.conf import settings

from tuphap.kernel.clock import localdate, now

from . import declarations
from .families import Families
from .offices import DENSE, Desk
from .stories import Story

SEED, HOW_MANY = 312, 3
BIRTH = "1.001193"


def submit(desks: dict[str, Desk], told: list[Story]) -> None:
    """Let the portal send them; where no agencies run beside us, nothing comes."""
    communes = [code for code in DENSE if code in desks]
    if not settings.EXCHANGE_DEFAULT_URL or not communes or not told:
        return
    for number in range(HOW_MANY):
        body = _submission(number, desks[communes[number % len(communes)]])
        with suppress(httpx.HTTPError):
            httpx.post(f"{settings.EXCHANGE_DEFAULT_URL}/_act/portal", trust_env=False, json={
                "kind": "portal.online-submission", "subject": f"submission:{body['external_code']}", "body": body,
            })


def _submission(number: int, desk: Desk) -> dict[str, Any]:
    """A birth declared there; the last one lacks its papers."""
    today = localdate(now())
    birth = Families(SEED + number, first=6000 + 10 * number).birth(today)
    commune = desk.office(today).admin_unit
    who = declarations.declarant(birth)
    papers = [
        {"component": component, "name": name, "media_type": "application/pdf",
         "sha256": hashlib.sha256(content).hexdigest(), "content": base64.b64encode(content).decode()}
        for component, name, content in declarations.scans(birth, on=today)
    ]
    return {
        "external_code": f"G22.99-{today:%y%m%d}-{310 + number:06d}", "procedure_code": BIRTH,
        "office_code": desk.office(today).code, "applicant_number": who.personal_number, "applicant_name": who.name,
        "phone": who.phone, "submitted_at": now().isoformat(),
        "answers": declarations.answers(birth, commune=commune, on=today),
        "papers": papers if number < HOW_MANY - 1 else [],
    }
