"""What every door asks of a request: who acts, and which request it repeats.

Programs tell the latter in a header, forms in a hidden field.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest

from tuphap.kernel.actor import Actor
from tuphap.kernel.ids import new_id
from tuphap.kernel.refusal import Refusal

from .api import Once

HEADER = "Idempotency-Key"
FIELD = "once"
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,100}")
# What a form carries for the door's own sake, and does not belong to what the key stands for.
_NOT_BODY = frozenset({FIELD, "csrfmiddlewaretoken"})


class BadIdempotencyKey(Refusal):
    """A key that is too short to be unguessable, or that has signs which no client needs."""

    code = "idempotency.bad_key"
    message_vi = "Mã chống gửi trùng phải dài từ 8 đến 100 ký tự, chỉ gồm chữ cái không dấu, chữ số và các dấu . _ : -"
    status = 400


def actor_of(request: HttpRequest) -> Actor:
    """Who acts by this request, as the site has found out before any door is reached."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def new_key() -> str:
    """A key for one showing of a form."""
    return str(new_id())


def once_of(request: HttpRequest, body: Any = None) -> Once | None:
    """The request's idempotency key, or None where it brings none.

    :param body: what the key stands for; by default the posted fields or the JSON text. The path always belongs to it.
    :raises BadIdempotencyKey: the key is malformed.
    """
    key = request.headers.get(HEADER) or request.POST.get(FIELD) or ""
    if not key:
        return None
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey()
    if body is None:
        body = _body_of(request)
    return Once(key, {"path": request.path, "body": body})


def _body_of(request: HttpRequest) -> Any:
    if request.content_type == "application/json":
        return hashlib.sha256(request.body).hexdigest()
    return {name: request.POST.getlist(name) for name in sorted(request.POST) if name not in _NOT_BODY}
