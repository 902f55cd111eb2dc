"""On paper, numbers often began anew with each volume of a year: there they stand once in a volume. No act is superseded."""

from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When


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
        ('registered', 'cancelled')) THEN
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
        ('civil_status', '0011_counted'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='act', name='civil_status_act_number'),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.UniqueConstraint(
                "unit", "kind", "year", "number", "number_suffix", "office_then",
                Case(When(origin="old_book", then=F("book_id")), default=Value(0)),
                name="civil_status_act_number",
            ),
        ),
        migrations.RemoveConstraint(model_name='oldentry', name='civil_status_old_entry_once'),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.UniqueConstraint(
                fields=["unit", "office_name", "kind", "year", "volume", "number"], condition=Q(state="proposed"),
                name="civil_status_old_entry_once",
            ),
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.UUIDField(unique=True, verbose_name='thông điệp')),
                ('told_at', models.DateTimeField(verbose_name='báo lúc')),
                ('state', models.CharField(choices=[('told', 'Đã báo hủy, chờ trả lời'), ('undone', 'Cơ quan đã hủy kết quả'), ('noted', 'Cơ quan đã ghi nhận việc hủy')], default='told', max_length=6, verbose_name='trả lời')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='ghi chú')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='trả lời lúc')),
                ('leg', models.OneToOneField(on_delete=models.deletion.PROTECT, related_name='recall', to='civil_status.leg', verbose_name='nhánh')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=Q(state='told', answered_at__isnull=True) | (~Q(state='told') & Q(answered_at__isnull=False)), name='civil_status_recall_answered')],
            },
        ),
        migrations.RunSQL(ACT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='oldentry',
            name='what',
            field=models.CharField(choices=[('civil_status.birth', 'Khai sinh'), ('civil_status.marriage', 'Kết hôn'), ('civil_status.death', 'Khai tử'), ('civil_status.guardianship', 'Giám hộ'), ('civil_status.guardianship_end', 'Chấm dứt giám hộ'), ('civil_status.supervision', 'Giám sát việc giám hộ'), ('civil_status.supervision_end', 'Chấm dứt giám sát việc giám hộ'), ('civil_status.recognition', 'Nhận cha, mẹ, con'), ('civil_status.change', 'Thay đổi, cải chính, bổ sung'), ('civil_status.marital_status', 'Xác nhận tình trạng hôn nhân'), ('civil_status.foreign_marriage', 'Ghi chú kết hôn ở nước ngoài'), ('civil_status.foreign_divorce', 'Ghi chú ly hôn ở nước ngoài'), ('civil_status.foreign_other', 'Ghi chú việc khác ở nước ngoài')], max_length=40, verbose_name='loại việc'),
        ),
        migrations.AlterField(
            model_name='act',
            name='state',
            field=models.CharField(choices=[('pending_signature', 'Chờ ký số'), ('registered', 'Đã đăng ký'), ('void', 'Số bị hủy'), ('cancelled', 'Đã hủy bỏ')], default='pending_signature', max_length=20, verbose_name='trạng thái'),
        ),
    ]
