"""What of an entry is hashed, and how it is written for that: every column, one spelling for each value.

Standard library only, as :mod:`.merkle`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .merkle import leaf_hash

VERSION = 1
# Every column of audit_entry. A test holds this to the table: a column left out could be changed unseen.
COLUMNS = (
    "id", "at", "recorded_at", "event", "actor_kind", "actor_id", "actor_name", "subject_type", "subject_id",
    "unit_id", "purpose", "ip", "session_id", "request_id", "facts",
)
START = bytes(32)  # what the first link follows


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The one spelling of an entry: JSON with sorted keys, no blanks, UTF-8; instants in UTC to the microsecond."""
    return spelled({"v": VERSION, **{name: _plain(entry[name]) for name in COLUMNS}})


def spelled(value: Any) -> bytes:
    """JSON in its one spelling."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """The hash by which an entry is a leaf of a checkpoint's tree and a member of the chain."""
    return leaf_hash(canonical(entry))


def link_hash(*, seq: int, prev: bytes, entry: bytes) -> bytes:
    """The hash of a link: its place, what it follows, what it holds."""
    return hashlib.sha256(b"\x02" + seq.to_bytes(8, "big") + prev + entry).digest()


def instant(at: datetime) -> str:
    """An instant in its one spelling."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if value is None or isinstance(value, (str, int, bool, dict, list, float)):
        return value
    return str(value)
