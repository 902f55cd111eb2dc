"""Recovery codes: eight ways in without the authenticator, each for one time. Shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from tuphap.kernel.ids import ALPHABET, normalise_public_code

from .models import RecoveryCode, User

USED, MADE = "accounts.recovery_code_used", "accounts.recovery_codes_made"  # what the log says of them
HOW_MANY = 8
LENGTH = 16  # letters of five bits: 80 random bits need no slow hash, and can still be typed from paper
_GROUP = 4


def make_anew(user: User, *, at: datetime) -> list[str]:
    """A fresh set for this user, in place of every code not used so far; called inside an operation."""
    forget(user)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create([
        RecoveryCode(user=user, hash=fingerprint(code), made_at=at) for code in codes
    ])
    return ["-".join(code[i : i + _GROUP] for i in range(0, LENGTH, _GROUP)) for code in codes]


def forget(user: User) -> None:
    """The codes not used so far open nothing any more; called inside an operation."""
    RecoveryCode.objects.filter(user=user, used_at__isnull=True).delete()


def take(user: User, code: str, *, at: datetime) -> RecoveryCode | None:
    """The code that was typed, now used up; None where it is none of this user's, or was used before."""
    chosen = RecoveryCode.objects.select_for_update().filter(
        user=user, hash=fingerprint(normalise_public_code(code)), used_at__isnull=True
    ).first()
    if chosen is not None:
        chosen.used_at = at
        chosen.save(update_fields=["used_at"])
    return chosen


def left(user_id: UUID) -> int:
    """How many codes of this user are still to be used."""
    return RecoveryCode.objects.filter(user_id=user_id, used_at__isnull=True).count()


def fingerprint(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
