"""The triggers that keep tickets to their states, and what was done as it was done."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("guards.sql").read_text(encoding="utf-8")

UNDO = """
DROP FUNCTION population_guard_ticket() CASCADE; DROP FUNCTION population_guard_step() CASCADE;
DROP FUNCTION population_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
