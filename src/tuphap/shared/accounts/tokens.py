"""Keys of machines: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from .models import ApiToken

_PREFIX = "tps_"


def new_secret() -> str:
    """A token of 256 random bits, marked so that scanners of leaked secrets know it."""
    return _PREFIX + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is kept of a token. A random secret of this length needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """The living token, its owner active, or None."""
    if not secret.startswith(_PREFIX):
        return None
    return (
        ApiToken.objects.filter(
            hash=fingerprint(secret), revoked_at__isnull=True, expires_at__gt=at, owner__is_active=True
        )
        .select_related("owner")
        .first()
    )
