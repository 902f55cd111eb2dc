"""Books on paper, their entries, who is at them, what is wrong with their scans, how far it all is."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('civil_status', '0012_numbers_of_a_volume'),
        ('files', '0002_taken_in_is_final'),
        ('orgs', '0002_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='số')),
                ('number_suffix', models.CharField(blank=True, db_default='', max_length=1, verbose_name='chữ sau số')),
                ('what', models.CharField(max_length=40, verbose_name='loại việc')),
                ('registered_on', models.DateField(null=True, verbose_name='ngày đăng ký')),
                ('state', models.CharField(choices=[('collected', 'Chờ quét'), ('scanned', 'Chờ nhập'), ('keyed', 'Chờ kiểm tra'), ('proofed', 'Chờ duyệt'), ('approved', 'Đã duyệt'), ('transferred', 'Đã chuyển vào sổ'), ('matched', 'Đã đối sánh dân cư'), ('returned', 'Trả lại người nhập'), ('unreadable', 'Không đọc được')], max_length=11, verbose_name='trạng thái')),
                ('source', models.CharField(blank=True, db_default='', max_length=40, verbose_name='nguồn nhập')),
                ('pages', models.PositiveSmallIntegerField(null=True, verbose_name='số trang')),
                ('content', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='nội dung')),
                ('notes', models.JSONField(db_default=models.Value([], models.JSONField()), default=list, verbose_name='ghi chú bên lề')),
                ('returned', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='lý do trả lại')),
                ('keyed_twice', models.BooleanField(db_default=False, default=False, verbose_name='nhập hai lần')),
                ('hands', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None)),
                ('scanned_at', models.DateTimeField(null=True, verbose_name='quét lúc')),
                ('keyed_at', models.DateTimeField(null=True, verbose_name='nhập lúc')),
                ('proofed_at', models.DateTimeField(null=True, verbose_name='kiểm tra lúc')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='duyệt lúc')),
                ('transferred_at', models.DateTimeField(null=True, verbose_name='chuyển lúc')),
                ('matched_at', models.DateTimeField(null=True, verbose_name='đối sánh lúc')),
                ('refused', models.CharField(blank=True, db_default='', max_length=60, verbose_name='mã lý do chưa chuyển được')),
                ('refused_why', models.CharField(blank=True, db_default='', max_length=400, verbose_name='lý do chưa chuyển được')),
                ('duplicate_reason', models.CharField(blank=True, db_default='', max_length=500, verbose_name='căn cứ không trùng')),
                ('act', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='civil_status.act', verbose_name='việc hộ tịch')),
                ('approver', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người duyệt')),
            ],
            options={
                'ordering': ['book', 'number', 'number_suffix'],
            },
        ),
        migrations.CreateModel(
            name='Book',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office_name', models.CharField(max_length=200, verbose_name='cơ quan đăng ký (ghi trên sổ)')),
                ('stands_for', models.BooleanField(default=False, verbose_name='đơn vị chỉ giữ sổ')),
                ('kind', models.CharField(choices=[('KS', 'Sổ đăng ký khai sinh'), ('KH', 'Sổ đăng ký kết hôn'), ('KT', 'Sổ đăng ký khai tử'), ('GH', 'Sổ đăng ký giám hộ'), ('CMC', 'Sổ đăng ký nhận cha, mẹ, con'), ('TĐCC', 'Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc'), ('HN', 'Sổ cấp giấy xác nhận tình trạng hôn nhân'), ('GC', 'Sổ ghi chú việc hộ tịch đã đăng ký ở nước ngoài')], max_length=5, verbose_name='loại sổ')),
                ('what', models.CharField(choices=[('civil_status.birth', 'Khai sinh'), ('civil_status.marriage', 'Kết hôn'), ('civil_status.death', 'Khai tử'), ('civil_status.guardianship', 'Giám hộ'), ('civil_status.guardianship_end', 'Chấm dứt giám hộ'), ('civil_status.supervision', 'Giám sát việc giám hộ'), ('civil_status.supervision_end', 'Chấm dứt giám sát việc giám hộ'), ('civil_status.recognition', 'Nhận cha, mẹ, con'), ('civil_status.change', 'Thay đổi, cải chính, bổ sung'), ('civil_status.marital_status', 'Xác nhận tình trạng hôn nhân'), ('civil_status.foreign_marriage', 'Ghi chú kết hôn ở nước ngoài'), ('civil_status.foreign_divorce', 'Ghi chú ly hôn ở nước ngoài'), ('civil_status.foreign_other', 'Ghi chú việc khác ở nước ngoài')], max_length=40, verbose_name='loại việc')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm mở sổ')),
                ('volume', models.CharField(max_length=3, verbose_name='quyển số')),
                ('first_number', models.PositiveSmallIntegerField(default=1, verbose_name='số đầu')),
                ('last_number', models.PositiveSmallIntegerField(verbose_name='số cuối')),
                ('expected', models.PositiveSmallIntegerField(verbose_name='số việc dự kiến')),
                ('opened_on', models.DateField(verbose_name='ngày mở sổ')),
                ('closed_on', models.DateField(null=True, verbose_name='ngày khóa sổ')),
                ('condition', models.CharField(choices=[('good', 'Tốt'), ('worn', 'Cũ, mờ'), ('damaged', 'Rách, mục, mối mọt'), ('incomplete', 'Mất trang')], default='good', max_length=10, verbose_name='tình trạng')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('state', models.CharField(choices=[('open', 'Đang số hóa'), ('closed', 'Đã xong')], default='open', max_length=6, verbose_name='trạng thái')),
                ('entered_at', models.DateTimeField(verbose_name='vào danh mục lúc')),
                ('entered_by', models.CharField(max_length=200, verbose_name='người lập')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='xong lúc')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit', verbose_name='đơn vị có sổ')),
            ],
            options={
                'ordering': ['unit__sort_key', 'kind', 'year', 'volume', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='claim', serialize=False, to='digitisation.entry')),
                ('until', models.DateTimeField(verbose_name='giữ đến')),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='book',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='digitisation.book'),
        ),
        migrations.AddField(
            model_name='entry',
            name='keyer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhập'),
        ),
        migrations.AddField(
            model_name='entry',
            name='proofer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người kiểm tra'),
        ),
        migrations.AddField(
            model_name='entry',
            name='scan',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=11)),
                ('entries', models.IntegerField(default=0)),
                ('with_scan', models.IntegerField(default=0)),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='digitisation.book')),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('scans', 'Nạp bản quét'), ('transfer', 'Chuyển vào sổ hộ tịch điện tử')], max_length=10, verbose_name='loại')),
                ('total', models.PositiveIntegerField(verbose_name='tổng số')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='đã xong')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='không được')),
                ('after', models.BigIntegerField(default=0, verbose_name='đã làm đến')),
                ('by_name', models.CharField(max_length=200, verbose_name='người chạy')),
                ('begun_at', models.DateTimeField(verbose_name='bắt đầu lúc')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='kết thúc lúc')),
                ('book', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='digitisation.book')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
            ],
            options={
                'ordering': ['-begun_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True, verbose_name='áp dụng từ')),
                ('keyed_twice', models.PositiveSmallIntegerField(verbose_name='tỷ lệ nhập hai lần (%)')),
                ('approver', models.CharField(choices=[('commune', 'UBND cấp xã có sổ'), ('department', 'Sở Tư pháp')], max_length=10, verbose_name='cấp duyệt')),
                ('name_pattern', models.CharField(max_length=300, verbose_name='mẫu tên tệp quét')),
                ('basis', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('set_at', models.DateTimeField(verbose_name='đặt lúc')),
                ('set_by', models.CharField(max_length=200, verbose_name='người đặt')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('keyed_twice__lte', 100)), name='digitisation_practice_share')],
            },
        ),
        migrations.CreateModel(
            name='ScanIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='mã lỗi')),
                ('name', models.CharField(max_length=200, verbose_name='tên tệp')),
                ('folder', models.CharField(blank=True, max_length=300, verbose_name='thư mục')),
                ('what', models.CharField(max_length=500, verbose_name='nội dung')),
                ('found_at', models.DateTimeField(verbose_name='thấy lúc')),
                ('gone_at', models.DateTimeField(null=True, verbose_name='hết lúc')),
                ('book', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='digitisation.book')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
            ],
            options={
                'ordering': ['code', 'name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SecondKeying',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(verbose_name='nội dung nhập lần hai')),
                ('registered_on', models.DateField(verbose_name='ngày đăng ký')),
                ('keyed_at', models.DateTimeField(verbose_name='nhập lúc')),
                ('decided', models.JSONField(default=dict, verbose_name='kết quả đối chiếu')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='đối chiếu lúc')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second', to='digitisation.entry')),
                ('keyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=40, verbose_name='mục')),
                ('checked', models.PositiveIntegerField(default=0, verbose_name='số mục đối chiếu')),
                ('wrong', models.PositiveIntegerField(default=0, verbose_name='số mục sai')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='digitisation.book')),
                ('keyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['kind', 'year'], name='digitisation_book_kind'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.UniqueConstraint(fields=('unit', 'office_name', 'kind', 'year', 'volume'), name='digitisation_book_once'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.CheckConstraint(condition=models.Q(('volume__regex', '^[0-9]{2}[A-Z]?$')), name='digitisation_book_volume'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.CheckConstraint(condition=models.Q(('first_number__gte', 1), ('last_number__gte', models.F('first_number')), ('last_number__lte', 9999)), name='digitisation_book_numbers'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='digitisation_book_days'),
        ),
        migrations.AddField(
            model_name='claim',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('scan__isnull', False)), fields=['scan'], name='digitisation_entry_scan'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('state', 'returned')), fields=['keyer'], name='digitisation_entry_returned'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('approved_at__isnull', False)), fields=['approved_at'], name='digitisation_entry_of_approval'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('transferred_at__isnull', False)), fields=['transferred_at'], name='digitisation_entry_of_move'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('book', 'number', 'number_suffix'), name='digitisation_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('act__isnull', False)), fields=('act',), name='digitisation_entry_act'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 9999), ('number_suffix__regex', '^[A-Z]?$')), name='digitisation_entry_number'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'scanned'), _negated=True), ('scan__isnull', False), _connector='OR'), name='digitisation_entry_scanned'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'keyed', 'matched', 'proofed', 'transferred']), _negated=True), models.Q(('keyed_at__isnull', False), ('registered_on__isnull', False), models.Q(('source', ''), _negated=True)), models.Q(('keyed_at__isnull', False), ('keyer__isnull', False), ('registered_on__isnull', False), ('scan__isnull', False)), _connector='OR'), name='digitisation_entry_keyed'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proofed_at__isnull', False), ('proofer__isnull', False), ('state__in', ['approved', 'matched', 'proofed', 'transferred'])), models.Q(models.Q(('state__in', ['approved', 'matched', 'proofed', 'transferred']), _negated=True), ('proofer__isnull', True)), _connector='OR'), name='digitisation_entry_proofed'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approver__isnull', False), ('state__in', ['approved', 'matched', 'transferred'])), models.Q(models.Q(('state__in', ['approved', 'matched', 'transferred']), _negated=True), ('approver__isnull', True)), _connector='OR'), name='digitisation_entry_approved'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('state__in', ['matched', 'transferred']), ('transferred_at__isnull', False)), models.Q(models.Q(('state__in', ['matched', 'transferred']), _negated=True), ('act__isnull', True)), _connector='OR'), name='digitisation_entry_transferred'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proofer__isnull', True), ('keyer__isnull', True), models.Q(('proofer', models.F('keyer')), _negated=True), _connector='OR'), models.Q(('approver__isnull', True), ('proofer__isnull', True), models.Q(('approver', models.F('proofer')), _negated=True), _connector='OR'), models.Q(('approver__isnull', True), ('keyer__isnull', True), models.Q(('approver', models.F('keyer')), _negated=True), _connector='OR')), name='digitisation_entry_three_people'),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.UniqueConstraint(fields=('book', 'state'), name='digitisation_count_once'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('book__isnull', False), ('ended_at__isnull', True)), fields=('kind', 'book'), name='digitisation_job_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='scanissue',
            constraint=models.UniqueConstraint(condition=models.Q(('gone_at__isnull', True)), fields=('book', 'code', 'name'), name='digitisation_scanissue_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('book', 'keyer', 'place'), name='digitisation_tally_once'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('wrong__lte', models.F('checked'))), name='digitisation_tally_part'),
        ),
    ]
