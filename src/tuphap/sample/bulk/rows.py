"""Rows as COPY takes them: every column of a model's table, those that are not given at the model's own default."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

Row = tuple[Any, ...]


class Table:
    """The table of one model. Without ``keyed`` the database gives the keys and whatever else has a default there."""

    def __init__(self, model: type[models.Model], *, keyed: bool = False) -> None:
        fields = [
            f for f in model._meta.local_concrete_fields
            if (keyed or not isinstance(f, models.AutoField)) and f.db_default is NOT_PROVIDED
        ]
        self.name, self.columns = model._meta.db_table, [str(f.column) for f in fields]
        self.defaults: dict[str, Any] = {f.attname: _default(f) for f in fields}

    def row(self, **values: Any) -> Row:
        """One row in the order of the columns.

        :raises KeyError: a value that no column takes.
        """
        whole = {**self.defaults, **values}  # a key that is there already keeps its place
        if len(whole) != len(self.columns):
            raise KeyError(f"{self.name}: {sorted(set(whole) - set(self.defaults))}")
        return tuple(whole.values())

    def copy(self, rows: Iterable[Row]) -> None:
        """Write them, inside an operation (the write guard does not see COPY; whoever calls this has been let in)."""
        quoted = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {self.name} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def as_json(value: Any) -> str:
    """As a JSON column takes it from COPY."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _default(field: Any) -> Any:
    """What Django would have put there; JSON as its text."""
    if isinstance(field, models.UUIDField) and field.primary_key:
        return None  # always given
    value = field.get_default()
    return as_json(value) if isinstance(field, models.JSONField) and value is not None else value
