"""Bring the database to this version: migrations as the owner, then the rights of the application's role."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections

# Tables in which the application may add and read, and never change or remove.
APPEND_ONLY = (
    "audit_entry", "audit_link", "audit_checkpoint", "dossiers_event", "calendar_calendarday", "calendar_officehours",
    "direction_closing", "direction_frozenfigure", "direction_frozenmeasure", "direction_reopening",
    "exchange_call",
)


def migrate(*, verbosity: int = 1) -> None:
    """Run the migrations and set the rights; safe to run again."""
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
    grant_rights()
    connections["owner"].close()


def grant_rights() -> None:
    """Give the application's role reading and writing, but on append-only tables only reading and adding."""
    application = connections["default"].settings_dict["USER"]
    owner = connections["owner"]
    if application == owner.settings_dict["USER"]:
        return
    quoted = owner.ops.quote_name(application)
    with owner.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        existing = set(owner.introspection.table_names(cursor))
        for table in APPEND_ONLY:
            if table in existing:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {owner.ops.quote_name(table)} FROM {quoted}")
