"""One decision may make two acts, each in its own book; the number of one is not given up while the other stands."""

from django.db import migrations, models


ACT = """
CREATE OR REPLACE FUNCTION civil_status_guard_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('an act is never deleted');
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'state_reason', 'signed_at'])
        <> (to_jsonb(OLD) - ARRAY['state', 'state_reason', 'signed_at']) THEN
        PERFORM civil_status_refuse('content of an act');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('pending_signature', 'registered'), ('pending_signature', 'void'),
        ('registered', 'cancelled'), ('registered', 'superseded')) THEN
        PERFORM civil_status_refuse('state of an act');
    END IF;
    IF OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at THEN
        PERFORM civil_status_refuse('moment of signing');
    END IF;
    IF OLD.state <> NEW.state AND NEW.state = 'void' AND EXISTS (
        SELECT FROM civil_status_act other WHERE other.dossier_id = NEW.dossier_id AND other.state = 'registered') THEN
        RAISE EXCEPTION 'the other act of this decision stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_act_together';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0008_joined_death'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='act',
            name='civil_status_act_dossier',
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['void', 'cancelled']), _negated=True), fields=('dossier', 'kind'), name='civil_status_act_dossier'),
        ),
        migrations.RunSQL(ACT, migrations.RunSQL.noop),
    ]
