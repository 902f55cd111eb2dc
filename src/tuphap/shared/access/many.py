"""``… IN (hundreds of keys)`` goes to the database as one array: ``= ANY('{…}')``, which PostgreSQL plans the same.

A department's reach is hundreds of offices, and most of its queries name them several times. One parameter for each,
Django and the driver spent longer wording a statement than the database answering it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigAutoField, ForeignKey
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

MANY = 16  # of fewer, each is a parameter, as Django has it


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that are compared as one array."""

    array: tuple[int, ...]


class _AsArray(In if TYPE_CHECKING else object):  # type: ignore[misc]
    def get_prep_lookup(self) -> Any:
        keys = self.rhs
        are_many = isinstance(keys, frozenset | set | list | tuple) and len(keys) > MANY
        if are_many and all(type(key) is int for key in keys):
            return Keys(tuple(keys))
        return super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not isinstance(self.rhs, Keys):
            return super().as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", [*params, list(self.rhs.array)]


class InMany(_AsArray, In):
    pass


class RelatedInMany(_AsArray, RelatedIn):
    pass


def install() -> None:
    """From now on, for every foreign key and for every key of our own."""
    BigAutoField.register_lookup(InMany)
    ForeignKey.register_lookup(RelatedInMany)
