"""What was taken in stays on record as it was."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION files_storedfile_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a stored file is final' USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'files_storedfile_is_final';
END $$;
CREATE TRIGGER files_storedfile_guard BEFORE UPDATE OR DELETE ON files_storedfile
    FOR EACH ROW EXECUTE FUNCTION files_storedfile_guard();
"""
BACKWARDS = """
DROP TRIGGER files_storedfile_guard ON files_storedfile;
DROP FUNCTION files_storedfile_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
