"""Over which offices a person's grants reach: what they hold is read at every request, how far it reaches is kept.

With what somebody holds comes the number of the state in which units and offices are (``orgs_state``): how far an
office reaches on a day is worked out once for each state, by each process. Any change of them is another state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import connection

# The grants in force. A lent one lives only while the lender still holds what he lent, and cannot be lent on.
_HELD = """
SELECT g.permission, g.unit_id, (SELECT number FROM orgs_state)
FROM access_grant g
JOIN accounts_user p ON p.id = g.person_id AND p.is_active
LEFT JOIN access_grant lender ON lender.id = g.delegated_from_id
LEFT JOIN accounts_user lp ON lp.id = lender.person_id
WHERE g.person_id = %(person)s AND g.revoked_at IS NULL
  AND g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to >= %(on)s)
  AND (g.delegated_from_id IS NULL OR (
      lp.is_active AND lender.revoked_at IS NULL AND lender.delegated_from_id IS NULL
      AND lender.permission = g.permission AND lender.unit_id = g.unit_id
      AND lender.valid_from <= %(on)s AND (lender.valid_to IS NULL OR lender.valid_to >= %(on)s)))
"""

# ``onward``: the offices that have succeeded those of the grants, up to this day.
# ``land``: the territory under a province's, department's or district's office; a province keeps its code when its
# row is renewed, so that it is followed by code.
# ``reached``: all of these, with their parts where the permission reaches down, and with the offices whose books and
# unfinished work they have taken over.
# What is recursive asks row by row (LATERAL; OFFSET 0 keeps it so): the planner knows nothing of how few rows a round
# brings, and would read all 14,000 units in each.
_REACH = """
WITH RECURSIVE held(id) AS (
    SELECT unnest(%(units)s::bigint[])
), onward(id) AS (
    SELECT id FROM held
    UNION
    SELECT o.successor_id FROM onward JOIN orgs_orgunit o ON o.id = onward.id
    WHERE o.successor_id IS NOT NULL AND o.valid_to <= %(on)s
), own_land(id, kind) AS (
    SELECT same.id, o.kind
    FROM onward JOIN orgs_orgunit o ON o.id = onward.id JOIN orgs_adminunit a ON a.id = o.admin_unit_id
    JOIN orgs_adminunit same ON same.code = a.code AND same.level = a.level
    WHERE %(down)s AND o.kind IN ('ubnd_tinh', 'so', 'ubnd_huyen')
), land(id) AS (
    SELECT a.id FROM own_land JOIN orgs_adminunit a ON a.parent_id = own_land.id
    UNION
    SELECT a.id FROM land, LATERAL (SELECT id FROM orgs_adminunit WHERE parent_id = land.id OFFSET 0) a
), reached(id) AS (
    (SELECT id FROM onward
     UNION SELECT o.id FROM land JOIN orgs_orgunit o ON o.admin_unit_id = land.id
     UNION SELECT o.id FROM own_land JOIN orgs_orgunit o ON o.admin_unit_id = own_land.id
           WHERE own_land.kind = 'ubnd_tinh')
    UNION
    SELECT o.id FROM reached, LATERAL (
        SELECT id FROM orgs_orgunit WHERE %(down)s AND parent_id = reached.id
        UNION ALL SELECT id FROM orgs_orgunit WHERE successor_id = reached.id AND valid_to <= %(on)s
    ) o
)
SELECT id FROM reached
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The offices (OrgUnit keys) in which each permission was given; ``state``: of the units and offices meanwhile."""

    offices: Mapping[str, frozenset[int]]
    state: int


def offices_held(*, person: UUID, on: date) -> Held:
    """What was given to the person and is in force on this day."""
    held: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": person, "on": on})
        rows = cursor.fetchall()
    for permission, unit, _ in rows:
        held[permission].add(unit)
    state = rows[0][2] if rows else 0  # who holds nothing reaches nothing
    return Held({permission: frozenset(units) for permission, units in held.items()}, state)


@lru_cache(maxsize=2048)
def offices_reached(*, units: frozenset[int], reaches_down: bool, on: date, state: int) -> frozenset[int]:
    """The offices over which whoever holds something in these offices holds it on this day.

    :param state: of the units and offices, as it was read before: never older than what is worked out here.
    """
    del state  # by which the answer is kept
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"units": list(units), "down": reaches_down, "on": on})
        return frozenset(row[0] for row in cursor.fetchall())
