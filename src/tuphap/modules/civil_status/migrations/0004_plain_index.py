"""The index that finds a child declared twice has no condition any more (ADR 0126)."""

from django.db import migrations

PLAIN = """
DROP INDEX civil_status_open_births;
CREATE INDEX civil_status_open_births ON dossiers_dossier ((answers #> '{child,born_on}'));
"""
BEFORE = """
DROP INDEX civil_status_open_births;
CREATE INDEX civil_status_open_births ON dossiers_dossier ((answers #> '{child,born_on}'))
    WHERE state IN ('submitted', 'needs_supplement', 'received', 'assigned', 'in_process', 'awaiting_approval',
                    'awaiting_signature');
"""


class Migration(migrations.Migration):
    dependencies = [("civil_status", "0003_leg"), ("dossiers", "0001_initial")]

    operations = [migrations.RunSQL(PLAIN, BEFORE)]
