"""A number that is another one after every change of units or offices, for who keeps what he has worked out of them.

Each change takes the next value of a sequence, which no rollback gives back: what was worked out of a change that was
undone is never taken for what holds. The triggers fire for the owner's hidden work as well (ALWAYS).
"""

from django.db import migrations

STATE = """
CREATE SEQUENCE orgs_change;
CREATE TABLE orgs_state (number bigint NOT NULL);
INSERT INTO orgs_state VALUES (nextval('orgs_change'));
CREATE FUNCTION orgs_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orgs_state SET number = nextval('orgs_change');
    RETURN NULL;
END $$;
CREATE TRIGGER orgs_orgunit_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orgs_orgunit
    FOR EACH STATEMENT EXECUTE FUNCTION orgs_changed();
CREATE TRIGGER orgs_adminunit_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orgs_adminunit
    FOR EACH STATEMENT EXECUTE FUNCTION orgs_changed();
ALTER TABLE orgs_orgunit ENABLE ALWAYS TRIGGER orgs_orgunit_changed;
ALTER TABLE orgs_adminunit ENABLE ALWAYS TRIGGER orgs_adminunit_changed;
"""
BACK = """
DROP TRIGGER orgs_orgunit_changed ON orgs_orgunit;
DROP TRIGGER orgs_adminunit_changed ON orgs_adminunit;
DROP FUNCTION orgs_changed();
DROP TABLE orgs_state;
DROP SEQUENCE orgs_change;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(STATE, BACK),
    ]
