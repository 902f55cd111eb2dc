"""Legs of deaths beside those of births: whose part each is, the aid that was granted; what is done stays as it is."""

import django.db.models.deletion
from django.db import migrations, models

# The agency's answer is kept as it came: rules.LEG_EDGES lets nothing follow on a leg that is done.
LEG = """
CREATE FUNCTION civil_status_guard_leg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('a leg is never deleted');
    END IF;
    IF (NEW.act_id, NEW.unit_id, NEW.kind, NEW.service, NEW.joined, NEW.opened_at)
        <> (OLD.act_id, OLD.unit_id, OLD.kind, OLD.service, OLD.joined, OLD.opened_at)
        OR NEW.due_at IS DISTINCT FROM OLD.due_at
        OR (OLD.state = 'done' AND to_jsonb(NEW) <> to_jsonb(OLD)) THEN
        PERFORM civil_status_refuse('a leg');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_leg_immutable BEFORE UPDATE OR DELETE ON civil_status_leg
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_leg();
"""
UNDONE = """
DROP TRIGGER civil_status_leg_immutable ON civil_status_leg;
DROP FUNCTION civil_status_guard_leg();
"""
# Until now each kind was one agency's.
SERVICE_OF = """
UPDATE civil_status_leg SET service = CASE kind
    WHEN 'number' THEN 'police' WHEN 'residence' THEN 'residence' ELSE 'insurance' END
"""


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0007_supervision'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='leg',
            name='civil_status_leg_once',
        ),
        migrations.AddField(
            model_name='leg',
            name='account',
            field=models.CharField(blank=True, max_length=19, verbose_name='số tài khoản'),
        ),
        migrations.AddField(
            model_name='leg',
            name='amount',
            field=models.PositiveBigIntegerField(null=True, verbose_name='số tiền'),
        ),
        migrations.AddField(
            model_name='leg',
            name='service',
            field=models.CharField(choices=[('police', 'Cơ quan công an (CSDL quốc gia về dân cư)'), ('residence', 'Cơ quan công an (CSDL về cư trú)'), ('insurance', 'Bảo hiểm xã hội'), ('assistance', 'Cơ quan bảo trợ xã hội, người có công')], default='police', max_length=10, verbose_name='cơ quan'),
            preserve_default=False,
        ),
        migrations.RunSQL(SERVICE_OF, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='leg',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='civil_status.act', verbose_name='việc'),
        ),
        migrations.AlterField(
            model_name='leg',
            name='kind',
            field=models.CharField(choices=[('number', 'Cấp số định danh cá nhân'), ('residence', 'Đăng ký thường trú'), ('insurance', 'Cấp thẻ bảo hiểm y tế'), ('notice', 'Cập nhật việc chết vào CSDL dân cư'), ('removal', 'Xóa đăng ký thường trú'), ('aid', 'Giải quyết mai táng phí'), ('stop', 'Dừng chi trả hằng tháng')], max_length=10, verbose_name='nhánh'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.UniqueConstraint(fields=('act', 'kind', 'service'), name='civil_status_leg_once'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gt', 0), ('kind', 'aid'), ('state', 'done')), _connector='OR'), name='civil_status_leg_amount'),
        ),
        migrations.RunSQL(LEG, UNDONE),
    ]
