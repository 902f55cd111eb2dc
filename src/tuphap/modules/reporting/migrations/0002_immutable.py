"""The triggers that keep what was sent as it was sent."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("immutable.sql").read_text(encoding="utf-8")

UNDO = """
DROP FUNCTION reporting_guard_report() CASCADE; DROP FUNCTION reporting_guard_parts() CASCADE;
DROP FUNCTION reporting_guard_form() CASCADE; DROP FUNCTION reporting_guard_step() CASCADE;
DROP FUNCTION reporting_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
