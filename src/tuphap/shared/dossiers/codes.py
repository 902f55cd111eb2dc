"""Codes given in the receipt's transaction: agency, day, number. Gaps may be; a code is never given twice."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tuphap.kernel.clock import localdate
from tuphap.kernel.ids import new_public_code
from tuphap.shared.orgs.models import OrgUnit

from .rules import compose_code

_NEXT = """
INSERT INTO dossiers_daycounter (agency, day, last) VALUES (%s, %s, 1)
ON CONFLICT ON CONSTRAINT dossiers_daycounter_key DO UPDATE SET last = dossiers_daycounter.last + 1
RETURNING last
"""


def allocate(unit: OrgUnit, *, at: datetime) -> str:
    """The next code of this agency today; receipts of one agency wait for one another from here to their commit."""
    day = localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unit.code, day])
        (number,) = cursor.fetchone()
    return compose_code(agency=unit.code, day=day, number=number)


def submission_code() -> str:
    """What an applicant follows a dossier by before it has a code: 60 random bits, to be read aloud."""
    letters = new_public_code()[:12]
    return f"NT-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
