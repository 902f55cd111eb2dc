"""The triggers that keep the register as it was written."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("immutable.sql").read_text(encoding="utf-8")

UNDO = """
DROP FUNCTION civil_status_guard_act() CASCADE; DROP FUNCTION civil_status_guard_birth() CASCADE;
DROP FUNCTION civil_status_guard_party() CASCADE; DROP FUNCTION civil_status_guard_paper() CASCADE;
DROP FUNCTION civil_status_guard_annotation() CASCADE; DROP FUNCTION civil_status_guard_book() CASCADE;
DROP FUNCTION civil_status_guard_entry() CASCADE; DROP FUNCTION civil_status_refuse(text);
DROP INDEX civil_status_open_births;
"""


class Migration(migrations.Migration):
    dependencies = [("civil_status", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
