"""The decorator that every writing function wears."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast, overload

from django.db import IntegrityError, OperationalError, transaction

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Conflict, Denied
from tuphap.shared.audit.api import record_denial

from . import frame
from .answers import recall, remember
from .guard import check_logged
from .integrity import constraint_means, refusal_for
from .models import Done

__all__ = ["Busy", "IdempotencyMismatch", "Once", "constraint_means", "is_writing", "log_denial", "operation"]

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

# PostgreSQL's word for "somebody else holds it": deadlock, serialisation failure, lock not available.
_BUSY_STATES = frozenset({"40P01", "40001", "55P03"})


class IdempotencyMismatch(Conflict):
    """The key was used before, for another request."""

    code = "idempotency.mismatch"
    message_vi = "Mã chống gửi trùng đã được dùng cho một yêu cầu khác."


class Busy(Conflict):
    """Two writers stood in each other's way and the database let the other one through; nothing was changed here."""

    code = "operation.busy"
    message_vi = "Hồ sơ đang được người khác xử lý. Ông/bà vui lòng thử lại sau giây lát."


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
    return frame.current() is not None


class Operation(Protocol[P, R_co]):
    """A function that wears :func:`operation`: called as it was written, or with ``once`` beside its keywords."""

    __module__: str
    __name__: str

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

    @overload
    def __call__(self, *, once: Once | None, **kwargs: Any) -> R_co: ...


def operation(function: Callable[P, R]) -> Operation[P, R]:
    """Run ``function`` as one transaction.

    The function takes keywords only, among them ``actor`` and ``at``. The wrapper adds ``once`` (an :class:`Once`):
    a second call with the same key, by the same actor, does nothing and answers what the first answered; a call that
    comes while the first is running waits for it. A :class:`~tuphap.kernel.refusal.Denied` is kept in the log after
    the transaction has rolled back. A violated database constraint becomes the refusal that was declared for its
    name. Called inside another operation, it is part of that one's transaction, undone alone if it refuses and its
    caller goes on.

    :raises IdempotencyMismatch: the key stands for another request.
    :raises Busy: a deadlock or a lock that could not be had.
    :raises RuntimeError: opened inside a transaction that is no operation; its end would not be the operation's end.
    """
    name = f"{function.__module__.removeprefix('tuphap.')}.{function.__name__}"

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        once = kwargs.pop("once", None)
        actor: Actor = kwargs["actor"]  # type: ignore[assignment]
        at: datetime = kwargs["at"]  # type: ignore[assignment]
        with frame.entered(name) as (here, outermost):
            try:
                with transaction.atomic(durable=outermost):
                    call = partial(function, *args, **kwargs)
                    result = _run_once(name, once, actor, at, call) if isinstance(once, Once) else call()
                    if outermost:
                        check_logged(here)
                    return result
            except Denied as denied:
                here.keep(name, denied)
                raise
            except IntegrityError as error:
                refusal = refusal_for(error)
                if refusal is None:
                    raise
                raise refusal from error
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) in _BUSY_STATES:
                    raise Busy() from error
                raise
            finally:
                if outermost:
                    for where, kept in here.denials:
                        log_denial(kept, where=where, actor=actor, at=at)

    return cast(Operation[P, R], wrapped)


def log_denial(denied: Denied, *, where: str, actor: Actor, at: datetime) -> None:
    """Keep a denial in the log, once. The frame does so for operations; a door does so for a denied read.

    :param where: the operation or the page's URL name.
    """
    if not denied.logged:
        record_denial(denied.code, operation=where, actor=actor, at=at, params=denied.params)
        denied.logged = True


def _run_once(name: str, once: Once, actor: Actor, at: datetime, call: Callable[[], R]) -> R:
    done = _claim(name, once, actor, at)
    if done.is_answered:
        kept: R = recall(done.result)
        return kept
    result = call()
    done.result, done.is_answered = remember(result), True
    done.save(update_fields=["result", "is_answered"])
    return result


def _claim(name: str, once: Once, actor: Actor, at: datetime) -> Done:
    """Take the key; a second taker waits here until the first has committed or rolled back."""
    fingerprint = once.fingerprint()
    Done.objects.bulk_create(
        [Done(actor_id=actor.user_id, operation=name, key=once.key, fingerprint=fingerprint, at=at)],
        ignore_conflicts=True,
    )
    done = Done.objects.select_for_update().get(actor_id=actor.user_id, operation=name, key=once.key)
    if done.fingerprint != fingerprint:
        raise IdempotencyMismatch()
    return done
