"""The log of calls refuses to be changed, whoever asks: triggers, beside the rights of the application's role."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION exchange_call_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of calls is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER exchange_call_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_call
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_call_refuse();
"""
BACKWARDS = """
DROP TRIGGER exchange_call_stays ON exchange_call;
DROP FUNCTION exchange_call_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
