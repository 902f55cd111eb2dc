"""How often one address may ask the public check: enough for a counter, too slow for trying codes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .models import CheckCount

# A design choice: a person checks a few papers a minute; a code has 130 random bits, so the limit guards the service
# and the revocation lists behind it rather than the codes.
CHECKS_A_MINUTE = 30
KEPT = timedelta(hours=1)


class TooManyChecks(Refusal):
    code = "documents.too_many_checks"
    message_vi = "Ông/bà đã tra cứu quá nhiều lần trong một phút. Vui lòng thử lại sau ít phút."
    status = 429


def admit(way: str, *, actor: Actor, at: datetime) -> None:
    """Count one check by this address.

    :param way: what was asked by: ``code``, ``hash`` or ``file``; kept for the figures, without what was asked.
    :raises TooManyChecks: the address has used up this minute.
    """
    held = CheckCount.objects.filter(address=_address(actor), minute=_minute(at)).values_list("count", flat=True)
    if (held.first() or 0) >= CHECKS_A_MINUTE:
        raise TooManyChecks()  # without a write: whoever floods us fills no table and no log
    count_check(way=way, actor=actor, at=at)


@operation
def count_check(*, way: str, actor: Actor, at: datetime) -> int:
    """Add one to the address's count of this minute; what it is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_checkcount (address, minute, count) VALUES (%s, %s, 1) "
            "ON CONFLICT ON CONSTRAINT documents_checkcount_key DO UPDATE "
            "SET count = documents_checkcount.count + 1 RETURNING count",
            [_address(actor), _minute(at)],
        )
        (count,) = cursor.fetchone()
    if count == 1:
        CheckCount.objects.filter(minute__lt=_minute(at) - KEPT).delete()
    audit.record("documents.checked", subject=None, actor=actor, at=at, way=way)
    return int(count)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _address(actor: Actor) -> str:
    """The address under a key of ours: it can be counted, and not read."""
    return hmac.new(settings.SECRET_KEY.encode(), f"checks {actor.ip}".encode(), hashlib.sha256).hexdigest()
