"""The decorator that every writing function wears."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Conflict, Denied
from tuphap.shared.audit.api import record_denial

from .integrity import refusal_for
from .models import Done

P = ParamSpec("P")
R = TypeVar("R")

_depth: ContextVar[int] = ContextVar("operation_depth", default=0)


class IdempotencyMismatch(Conflict):
    """The key was used before, for another request."""

    code = "idempotency.mismatch"
    message_vi = "Mã chống gửi trùng đã được dùng cho một yêu cầu khác."


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key, given by the client or made by the form; ``body`` is what it stands for."""

    key: str
    body: Any = None

    def fingerprint(self) -> str:
        """A hash of the request, by which a second use for something else is noticed."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True, default=str).encode()).hexdigest()


def is_writing() -> bool:
    """Whether an operation is open here; the write guard lets no other statement change a row."""
    return _depth.get() > 0


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` as one transaction.

    The function takes keywords only, among them ``actor`` and ``at``. The wrapper adds ``once`` (an :class:`Once`):
    a second call with the same key, by the same actor, does nothing and answers what the first answered. A
    :class:`~tuphap.kernel.refusal.Denied` is kept in the log after the transaction has rolled back. A violated
    database constraint becomes the refusal that was declared for its name. Called inside another operation, it is
    part of that one's transaction.
    """
    name = f"{function.__module__.removeprefix('tuphap.')}.{function.__name__}"

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        once = kwargs.pop("once", None)
        actor: Actor = kwargs["actor"]  # type: ignore[assignment]
        at: datetime = kwargs["at"]  # type: ignore[assignment]
        outermost = _depth.get() == 0
        token = _depth.set(_depth.get() + 1)
        try:
            with transaction.atomic(durable=outermost):
                if isinstance(once, Once):
                    done, first = _claim(name, once, actor, at)
                    if not first:
                        return _recall(done)
                    result = function(*args, **kwargs)
                    done.result = _remember(result)
                    done.save(update_fields=["result"])
                    return result
                return function(*args, **kwargs)
        except Denied as denied:
            if outermost:
                record_denial(denied.code, operation=name, actor=actor, at=at, params=denied.params)
                denied.logged = True
            raise
        except IntegrityError as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            raise refusal from error
        finally:
            _depth.reset(token)

    return wrapped


def _claim(name: str, once: Once, actor: Actor, at: datetime) -> tuple[Done, bool]:
    """Take the key; a second taker waits here until the first has committed or rolled back."""
    fingerprint = once.fingerprint()
    inserted = Done.objects.bulk_create(
        [Done(actor_id=actor.user_id, operation=name, key=once.key, fingerprint=fingerprint, at=at)],
        ignore_conflicts=True,
    )
    del inserted
    done = Done.objects.select_for_update().get(actor_id=actor.user_id, operation=name, key=once.key)
    if done.fingerprint != fingerprint:
        raise IdempotencyMismatch()
    return done, done.result is None


def _remember(result: Any) -> Any:
    if isinstance(result, models.Model):
        return {"model": result._meta.label_lower, "pk": str(result.pk)}
    return {"value": result}


def _recall(done: Done) -> Any:
    kept = done.result or {}
    if "model" in kept:
        try:
            return apps.get_model(kept["model"])._default_manager.get(pk=kept["pk"])
        except ObjectDoesNotExist as gone:
            raise Conflict() from gone
    return kept.get("value")
