"""The write guard: a statement that changes rows outside an operation is refused before it reaches the database.

An operation is what gives a change its transaction, its entry in the log and its answer to a repeated request. The
guard looks at the statement's text, so it holds for the ORM, for raw SQL and for what libraries send; it does not see
``COPY``, which psycopg sends by another way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from . import frame

# Tables that keep themselves: the log (it has no log of its own), the queue, sessions, lock-outs, second factors; what
# the exchange knows of its lines (whose turn it is, who is away) and its own log of calls; words met in records.
EXEMPT = ("audit_", "procrastinate_", "django_session", "accounts_session", "axes_", "otp_", "search_word",
          "exchange_lane", "exchange_stream", "exchange_servicestate", "exchange_call")

ENTRIES = "audit_entry"

# The owner's connection runs migrations and nothing else.
UNGUARDED_CONNECTIONS = ("owner",)

_FIRST_WORD = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_WRITES = re.compile(
    r"""(?<!FOR\s)(?<!KEY\s)(?<!DO\s)\b
    (?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO)\s+(?:ONLY\s+)?
    (?:"?public"?\s*\.\s*)?"?([A-Za-z_][A-Za-z0-9_]*)""",
    re.IGNORECASE | re.VERBOSE,
)
_CHANGING = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "WITH"})


class WriteOutsideOperation(RuntimeError):
    """A defect: a row would have been changed by something that is no operation."""


class UnloggedWrite(RuntimeError):
    """A defect: an operation changed rows and told the log nothing; it is undone."""


def tables_written(sql: str) -> list[str]:
    """The tables whose rows the statement changes; empty for one that only reads."""
    first = _FIRST_WORD.match(sql)
    if first is None or first[1].upper() not in _CHANGING:
        return []
    return [name.lower() for name in _WRITES.findall(sql)]


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's execute wrapper: refuse a write that stands outside every operation.

    :raises WriteOutsideOperation: and nothing was sent to the database.
    """
    text = sql if isinstance(sql, str) else sql.as_string(context["connection"].connection)
    tables = tables_written(text)
    here = frame.current()
    if here is not None:
        here.written.update(tables)
    elif not frame.may_write():
        for table in tables:
            if not table.startswith(EXEMPT):
                raise WriteOutsideOperation(f"a write to {table} outside an operation: {text[:200]}")
    return execute(sql, params, many, context)


def check_logged(here: frame.Frame) -> None:
    """Before an operation commits: whoever changed rows has written an entry.

    Operations that tests make up to try one mechanism by itself are left alone.

    :raises UnloggedWrite: it has not.
    """
    changed = {table for table in here.written if not table.startswith(EXEMPT) and table != "operation_done"}
    if changed and ENTRIES not in here.written and ".tests." not in here.name:
        raise UnloggedWrite(f"{here.name} changed {', '.join(sorted(changed))} and recorded nothing")


def install() -> None:
    """Guard every connection that is opened from now on, and those that are open."""
    if not settings.WRITE_GUARD:
        return
    connection_created.connect(_guard_connection, dispatch_uid="tuphap.operation.guard")
    for connection in connections.all(initialized_only=True):
        _guard_connection(sender=type(connection), connection=connection)


def _guard_connection(*, sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.alias not in UNGUARDED_CONNECTIONS and guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
