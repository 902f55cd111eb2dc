"""The log refuses to be changed, whoever asks: a trigger, beside the rights of the application's role."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION dossiers_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of a dossier is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER dossiers_event_append_only BEFORE UPDATE OR DELETE ON dossiers_event
    FOR EACH ROW EXECUTE FUNCTION dossiers_event_refuse();
CREATE TRIGGER dossiers_event_no_truncate BEFORE TRUNCATE ON dossiers_event
    FOR EACH STATEMENT EXECUTE FUNCTION dossiers_event_refuse();
"""
BACKWARDS = """
DROP TRIGGER dossiers_event_append_only ON dossiers_event;
DROP TRIGGER dossiers_event_no_truncate ON dossiers_event;
DROP FUNCTION dossiers_event_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
