"""Acts that predate the system: transcribed from books on paper, without dossier, reserved number or signer's account."""

import django.db.models.deletion
import tuphap.kernel.ids
from django.conf import settings
from django.db import migrations, models

# A book on paper takes what is transcribed and nothing else, a book of ours nothing that is.
ENTRY = """
CREATE OR REPLACE FUNCTION civil_status_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    book civil_status_book%ROWTYPE;
BEGIN
    SELECT * INTO book FROM civil_status_book WHERE id = NEW.book_id;
    IF book.origin <> NEW.origin THEN
        PERFORM civil_status_refuse('an act stands in a book of its own origin');
    END IF;
    IF book.closed_on IS NOT NULL THEN
        RAISE EXCEPTION 'this book is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_book_is_closed';
    END IF;
    RETURN NEW;
END $$;
"""

# What was proposed is what is confirmed: from then on only its state moves, along the edges of old_books.rules.EDGES,
# and nobody confirms what he has written in. Entered or withdrawn, nothing moves.
OLD_ENTRY = """
CREATE FUNCTION civil_status_fix_old_entry(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a transcription is fixed: %', what
        USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_old_entry_fixed';
END $$;
CREATE FUNCTION civil_status_guard_old_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['state', 'returned', 'state_reason', 'confirmer_id', 'confirmer_name', 'act_id',
                           'entered_at', 'changed_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_fix_old_entry('it is never deleted');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'proposed'), ('returned', 'proposed'), ('proposed', 'entered'), ('proposed', 'returned'),
        ('draft', 'withdrawn'), ('returned', 'withdrawn'), ('proposed', 'withdrawn')) THEN
        PERFORM civil_status_fix_old_entry('its state');
    END IF;
    IF OLD.state IN ('entered', 'withdrawn') AND to_jsonb(NEW) <> to_jsonb(OLD) THEN
        PERFORM civil_status_fix_old_entry('it is entered or withdrawn');
    END IF;
    IF OLD.state = 'proposed' AND (to_jsonb(NEW) - moving) <> (to_jsonb(OLD) - moving) THEN
        PERFORM civil_status_fix_old_entry('it is proposed');
    END IF;
    IF NEW.state = 'entered' AND NEW.written_by ? NEW.confirmer_id::text THEN
        RAISE EXCEPTION 'nobody confirms what he has written in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_old_entry_confirmed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_old_entry_fixed BEFORE UPDATE OR DELETE ON civil_status_oldentry
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_old_entry();
"""
UNDO = """
DROP FUNCTION civil_status_guard_old_entry() CASCADE; DROP FUNCTION civil_status_fix_old_entry(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0009_two_acts'),
        ('dossiers', '0009_newest_first'),
        ('files', '0002_taken_in_is_final'),
        ('numbering', '0001_initial'),
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OldEntry',
            fields=[
                ('id', models.UUIDField(default=tuphap.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('civil_status.birth', 'Khai sinh'), ('civil_status.marriage', 'Kết hôn'), ('civil_status.death', 'Khai tử'), ('civil_status.guardianship', 'Giám hộ'), ('civil_status.guardianship_end', 'Chấm dứt giám hộ'), ('civil_status.recognition', 'Nhận cha, mẹ, con'), ('civil_status.change', 'Thay đổi, cải chính, bổ sung'), ('civil_status.marital_status', 'Xác nhận tình trạng hôn nhân'), ('civil_status.foreign_marriage', 'Ghi chú kết hôn ở nước ngoài'), ('civil_status.foreign_divorce', 'Ghi chú ly hôn ở nước ngoài'), ('civil_status.foreign_other', 'Ghi chú việc khác ở nước ngoài')], max_length=40, verbose_name='loại việc')),
                ('kind', models.CharField(choices=[('KS', 'Sổ đăng ký khai sinh'), ('KH', 'Sổ đăng ký kết hôn'), ('KT', 'Sổ đăng ký khai tử'), ('GH', 'Sổ đăng ký giám hộ'), ('CMC', 'Sổ đăng ký nhận cha, mẹ, con'), ('TĐCC', 'Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc'), ('HN', 'Sổ cấp giấy xác nhận tình trạng hôn nhân'), ('GC', 'Sổ ghi chú việc hộ tịch đã đăng ký ở nước ngoài')], max_length=5, verbose_name='loại sổ')),
                ('office_name', models.CharField(max_length=200, verbose_name='cơ quan đăng ký (ghi trong sổ)')),
                ('stands_for', models.BooleanField(default=False, verbose_name='đơn vị chỉ giữ sổ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm mở sổ')),
                ('volume', models.CharField(max_length=3, verbose_name='quyển số')),
                ('number', models.CharField(max_length=5, verbose_name='số')),
                ('registered_on', models.DateField(verbose_name='ngày đăng ký')),
                ('content', models.JSONField(default=dict, verbose_name='nội dung')),
                ('notes', models.JSONField(default=list, verbose_name='ghi chú bên lề')),
                ('state', models.CharField(choices=[('draft', 'Đang chép'), ('proposed', 'Chờ xác nhận'), ('returned', 'Trả lại'), ('entered', 'Đã vào sổ điện tử'), ('withdrawn', 'Đã thôi chép')], default='draft', max_length=10, verbose_name='trạng thái')),
                ('returned', models.JSONField(default=dict, verbose_name='lý do trả lại')),
                ('state_reason', models.CharField(blank=True, max_length=500, verbose_name='lý do')),
                ('day_reason', models.CharField(blank=True, max_length=500, verbose_name='lý do về ngày đăng ký')),
                ('duplicate_reason', models.CharField(blank=True, max_length=500, verbose_name='căn cứ không trùng')),
                ('transcriber_name', models.CharField(max_length=100, verbose_name='người chép')),
                ('written_by', models.JSONField(default=list)),
                ('confirmer_name', models.CharField(blank=True, max_length=100, verbose_name='người xác nhận')),
                ('created_at', models.DateTimeField(verbose_name='bắt đầu chép lúc')),
                ('changed_at', models.DateTimeField(verbose_name='sửa lúc')),
                ('proposed_at', models.DateTimeField(null=True, verbose_name='trình lúc')),
                ('entered_at', models.DateTimeField(null=True, verbose_name='vào sổ lúc')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='act',
            name='civil_status_act_number',
        ),
        migrations.RemoveConstraint(
            model_name='act',
            name='civil_status_act_page',
        ),
        migrations.RemoveConstraint(
            model_name='act',
            name='civil_status_act_signed',
        ),
        migrations.RemoveConstraint(
            model_name='book',
            name='civil_status_book_once',
        ),
        migrations.AddField(
            model_name='act',
            name='number_suffix',
            field=models.CharField(blank=True, max_length=1, verbose_name='chữ sau số'),
        ),
        migrations.AddField(
            model_name='act',
            name='office_then',
            field=models.CharField(blank=True, max_length=200, verbose_name='cơ quan khi đó'),
        ),
        migrations.AddField(
            model_name='act',
            name='origin',
            field=models.CharField(choices=[('register', 'Đăng ký trên hệ thống'), ('old_book', 'Chép từ sổ giấy')], default='register', max_length=8, verbose_name='nguồn'),
        ),
        migrations.AddField(
            model_name='book',
            name='office_then',
            field=models.CharField(blank=True, max_length=200, verbose_name='cơ quan khi đó'),
        ),
        migrations.AddField(
            model_name='book',
            name='origin',
            field=models.CharField(choices=[('register', 'Đăng ký trên hệ thống'), ('old_book', 'Chép từ sổ giấy')], default='register', max_length=8, verbose_name='nguồn'),
        ),
        migrations.AddField(
            model_name='book',
            name='volume_suffix',
            field=models.CharField(blank=True, max_length=1, verbose_name='chữ sau số quyển'),
        ),
        migrations.AlterField(
            model_name='act',
            name='page',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='trang số'),
        ),
        migrations.AlterField(
            model_name='act',
            name='signer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ký'),
        ),
        migrations.AlterField(
            model_name='act',
            name='signer_name',
            field=models.CharField(blank=True, max_length=100, verbose_name='người ký'),
        ),
        migrations.AlterField(
            model_name='act',
            name='signer_title',
            field=models.CharField(blank=True, max_length=100, verbose_name='chức vụ người ký'),
        ),
        migrations.AlterField(
            model_name='annotation',
            name='kind',
            field=models.CharField(choices=[('personal_number', 'Bổ sung số định danh cá nhân'), ('cancellation', 'Hủy bỏ việc đăng ký'), ('correction', 'Thay đổi, cải chính, bổ sung'), ('recognition', 'Nhận cha, mẹ, con'), ('reregistration', 'Đăng ký lại'), ('death', 'Khai tử'), ('marriage', 'Kết hôn'), ('divorce', 'Ly hôn, hủy việc kết hôn'), ('guardianship_end', 'Chấm dứt giám hộ'), ('supervision', 'Giám sát việc giám hộ'), ('supervision_end', 'Chấm dứt giám sát việc giám hộ'), ('old_note', 'Ghi chú khác trong sổ giấy')], max_length=20, verbose_name='loại ghi chú'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='native_place',
            field=models.CharField(blank=True, max_length=300, verbose_name='quê quán'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='personal_number_state',
            field=models.CharField(choices=[('given', 'Đã có số định danh'), ('pin_pending', 'Chờ cấp số định danh'), ('not_recorded', 'Sổ giấy không ghi số định danh')], max_length=12, verbose_name='số định danh'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='place',
            field=models.CharField(blank=True, max_length=400, verbose_name='nơi sinh'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='place_kind',
            field=models.CharField(blank=True, choices=[('facility', 'Cơ sở y tế'), ('home', 'Tại nhà'), ('elsewhere', 'Nơi khác')], max_length=10, verbose_name='loại nơi sinh'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='relation',
            field=models.CharField(blank=True, choices=[('mother', 'Mẹ'), ('father', 'Cha'), ('grandparent', 'Ông, bà'), ('relative', 'Người thân thích khác'), ('carer', 'Cá nhân, tổ chức đang nuôi dưỡng trẻ em'), ('self', 'Bản thân (người đã thành niên)')], max_length=12, verbose_name='quan hệ của người đi khai'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='sex',
            field=models.CharField(blank=True, max_length=6, verbose_name='giới tính'),
        ),
        migrations.AlterField(
            model_name='birthact',
            name='timeliness',
            field=models.CharField(blank=True, choices=[('on_time', 'Đúng hạn'), ('late', 'Quá hạn'), ('again', 'Đăng ký lại')], max_length=8, verbose_name='hạn đăng ký'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.UniqueConstraint(fields=('unit', 'kind', 'year', 'number', 'number_suffix', 'office_then'), name='civil_status_act_number'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'register')), fields=('book', 'page'), name='civil_status_act_page'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending_signature', 'void']), ('signed_at__isnull', False), ('origin', 'old_book'), _connector='OR'), name='civil_status_act_signed'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number_suffix', ''), ('office_then', ''), ('origin', 'register'), ('page__isnull', False), ('signer__isnull', False)), models.Q(('dossier__isnull', True), ('origin', 'old_book'), ('reserved__isnull', True), ('signed_at__isnull', True), ('signer__isnull', True), models.Q(('state', 'void'), _negated=True)), _connector='OR'), name='civil_status_act_origin'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.UniqueConstraint(fields=('unit', 'kind', 'year', 'volume', 'volume_suffix', 'office_then', 'origin'), name='civil_status_book_once'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='act',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='old_entry', to='civil_status.act', verbose_name='việc hộ tịch'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='confirmer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người xác nhận'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='dossier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='hồ sơ yêu cầu'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='scan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='transcriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người chép'),
        ),
        migrations.AddField(
            model_name='oldentry',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit', verbose_name='đơn vị có sổ'),
        ),
        migrations.AddIndex(
            model_name='oldentry',
            index=models.Index(fields=['unit', 'state', 'changed_at'], name='civil_status_old_entry_list'),
        ),
        migrations.AddIndex(
            model_name='oldentry',
            index=models.Index(fields=['kind', 'year', 'number'], name='civil_status_old_entry_number'),
        ),
        migrations.AddIndex(
            model_name='oldentry',
            index=models.Index(fields=['entered_at'], name='civil_status_old_entry_entered'),
        ),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('unit', 'office_name', 'kind', 'year', 'number'), name='civil_status_old_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^[0-9]{1,4}[A-Z]?$'), ('volume__regex', '^[0-9]{2}[A-Z]?$')), name='civil_status_old_entry_line'),
        ),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['proposed', 'entered']), _negated=True), models.Q(('proposed_at__isnull', False), ('scan__isnull', False)), _connector='OR'), name='civil_status_old_entry_scan'),
        ),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('confirmer__isnull', False), ('entered_at__isnull', False), ('state', 'entered'), models.Q(('confirmer', models.F('transcriber')), _negated=True)), models.Q(models.Q(('state', 'entered'), _negated=True), ('act__isnull', True), ('confirmer__isnull', True), ('entered_at__isnull', True)), _connector='OR'), name='civil_status_old_entry_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='oldentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='civil_status_old_entry_reason'),
        ),
        migrations.RunSQL(ENTRY, migrations.RunSQL.noop),
        migrations.RunSQL(OLD_ENTRY, UNDO),
    ]
