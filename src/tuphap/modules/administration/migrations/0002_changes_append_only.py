"""What was entered in the history of law stays as it was entered, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION administration_lawchange_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of law is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER administration_lawchange_append_only BEFORE UPDATE OR DELETE ON administration_lawchange
    FOR EACH ROW EXECUTE FUNCTION administration_lawchange_refuse();
CREATE TRIGGER administration_lawchange_no_truncate BEFORE TRUNCATE ON administration_lawchange
    FOR EACH STATEMENT EXECUTE FUNCTION administration_lawchange_refuse();
"""
BACKWARDS = """
DROP TRIGGER administration_lawchange_append_only ON administration_lawchange;
DROP TRIGGER administration_lawchange_no_truncate ON administration_lawchange;
DROP FUNCTION administration_lawchange_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("administration", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
