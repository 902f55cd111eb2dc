"""What was frozen stays, whoever asks: triggers, beside the rights of the application's role."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION direction_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: closed figures are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
GUARD = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION direction_refuse();
"""
TABLES = ("direction_closing", "direction_frozenfigure", "direction_frozenmeasure", "direction_reopening")


class Migration(migrations.Migration):
    dependencies = [("direction", "0001_initial")]
    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION direction_refuse()"),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER {table}_stays ON {table}")
            for table in TABLES
        ),
    ]
