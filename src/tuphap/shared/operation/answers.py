"""How the answer of an operation is kept under its idempotency key, and given again.

A model comes back as the row it is now; a value comes back as it was. What cannot be kept is a defect of the
operation, and is said at its first run, not at the first repetition.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from tuphap.kernel.refusal import Conflict

_TAG = "~"  # a JSON object with this key is one of our marked values; every plain mapping is marked too
_PLAIN = (str, int, float, bool, type(None))
_TEXTS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    # datetime before date: it is a subclass of it
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "uuid": (UUID, str, UUID),
    "decimal": (Decimal, str, Decimal),
    "bytes": (bytes, lambda b: base64.b64encode(b).decode(), base64.b64decode),
}


def remember(answer: Any) -> Any:
    """``answer`` as JSON: models by key; lists, tuples and mappings of what can be kept; plain values.

    :raises TypeError: something that cannot be given again.
    """
    if isinstance(answer, Enum):  # before str: a StrEnum is one
        return remember(answer.value)
    if isinstance(answer, _PLAIN):
        return answer
    if isinstance(answer, models.Model):
        if answer.pk is None:
            raise TypeError(f"an operation answered an unsaved {answer._meta.label}")
        return {_TAG: "model", "of": answer._meta.label_lower, "pk": str(answer.pk)}
    if isinstance(answer, list):
        return [remember(item) for item in answer]
    if isinstance(answer, tuple):
        return {_TAG: "tuple", "is": [remember(item) for item in answer]}
    if isinstance(answer, Mapping):
        return {_TAG: "mapping", "is": [[remember(key), remember(value)] for key, value in answer.items()]}
    for tag, (kind, write, _) in _TEXTS.items():
        if isinstance(answer, kind):
            return {_TAG: tag, "is": write(answer)}
    raise TypeError(f"an operation with an idempotency key answered a {type(answer).__name__}, which cannot be kept")


def recall(kept: Any) -> Any:
    """What :func:`remember` kept.

    :raises Conflict: the row that was answered is gone.
    """
    if isinstance(kept, list):
        return [recall(item) for item in kept]
    if not isinstance(kept, dict):
        return kept
    tag = kept[_TAG]
    if tag == "model":
        try:
            return apps.get_model(kept["of"])._default_manager.get(pk=kept["pk"])
        except ObjectDoesNotExist as gone:
            raise Conflict() from gone
    if tag == "tuple":
        return tuple(recall(item) for item in kept["is"])
    if tag == "mapping":
        return {recall(key): recall(value) for key, value in kept["is"]}
    return _TEXTS[tag][2](kept["is"])
