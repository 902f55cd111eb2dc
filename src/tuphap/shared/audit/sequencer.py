"""Give every committed entry its place in the chain. One at a time does so; those who write entries wait for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from .canonical import COLUMNS, START, entry_hash, link_hash
from .models import Entry, Link, Pending

LOCK = 0x7470_6175_6469_74  # the chain's advisory lock: "tpaudit"
BATCH = 2000
# Arrays instead of rows of parameters: the sequencer must be faster than all writers together.
ADD = """
INSERT INTO audit_link (seq, entry_id, entry_hash, prev_hash, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])
"""


def sequence(*, wait: bool = False, batch: int = BATCH) -> int:
    """Link every entry that has committed by now; answers how many.

    Entries are linked as they become visible: one whose transaction committed late gets a later place than entries with
    higher keys, and no key that was rolled back leaves a gap in the chain.

    :param wait: wait for another sequencer to end; otherwise leave the work to it and answer 0.
    """
    total = 0
    while True:
        linked = _link_batch(batch, wait)
        total += linked
        if linked < batch:
            return total


@contextmanager
def alone(*, wait: bool) -> Iterator[bool]:
    """A transaction in which nobody else extends the chain; yields False where somebody does and we would not wait."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])
            row = cursor.fetchone()
        yield wait or bool(row and row[0])


def _link_batch(batch: int, wait: bool) -> int:
    with alone(wait=wait) as is_ours:
        if not is_ours:
            return 0
        waiting = list(Pending.objects.order_by("entry_id").values_list("entry_id", flat=True)[:batch])
        if not waiting:
            return 0
        last = Link.objects.order_by("-seq").values_list("seq", "hash").first()
        seq, prev = (last[0], bytes(last[1])) if last else (0, START)
        links: list[tuple[int, int, bytes, bytes, bytes]] = []
        unlinked = Entry.objects.filter(pk__in=waiting, link__isnull=True)
        for entry in unlinked.order_by("pk").values(*COLUMNS):
            seq += 1
            hashed = entry_hash(entry)
            here = link_hash(seq=seq, prev=prev, entry=hashed)
            links.append((seq, entry["id"], hashed, prev, here))
            prev = here
        with connection.cursor() as cursor:
            cursor.execute(ADD, [list(column) for column in zip(*links, strict=True)] or [[]] * 5)
            cursor.execute("DELETE FROM audit_pending WHERE entry_id = ANY(%s)", [waiting])
        return len(waiting)
