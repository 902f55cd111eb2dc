"""The triggers that keep what was keyed, move entries along their edges and count them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("guards.sql").read_text(encoding="utf-8")

UNDO = """
DROP FUNCTION digitisation_guard_entry() CASCADE; DROP FUNCTION digitisation_refuse_entry() CASCADE;
DROP FUNCTION digitisation_count_entered() CASCADE; DROP FUNCTION digitisation_count_moved() CASCADE;
DROP FUNCTION digitisation_count_gone() CASCADE; DROP FUNCTION digitisation_fix(text);
"""


class Migration(migrations.Migration):
    dependencies = [("digitisation", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
