"""Files of keyed entries that are taken in, and the rows of them that were set aside."""


import django.db.models.deletion
import tuphap.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('digitisation', '0002_guards'),
        ('orgs', '0002_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='tên')),
                ('what', models.CharField(choices=[('civil_status.birth', 'Khai sinh'), ('civil_status.marriage', 'Kết hôn'), ('civil_status.death', 'Khai tử'), ('civil_status.guardianship', 'Giám hộ'), ('civil_status.guardianship_end', 'Chấm dứt giám hộ'), ('civil_status.supervision', 'Giám sát việc giám hộ'), ('civil_status.supervision_end', 'Chấm dứt giám sát việc giám hộ'), ('civil_status.recognition', 'Nhận cha, mẹ, con'), ('civil_status.change', 'Thay đổi, cải chính, bổ sung'), ('civil_status.marital_status', 'Xác nhận tình trạng hôn nhân'), ('civil_status.foreign_marriage', 'Ghi chú kết hôn ở nước ngoài'), ('civil_status.foreign_divorce', 'Ghi chú ly hôn ở nước ngoài'), ('civil_status.foreign_other', 'Ghi chú việc khác ở nước ngoài')], max_length=40, verbose_name='loại việc')),
                ('shape', models.CharField(choices=[('entry', 'Mỗi dòng một việc hộ tịch'), ('person', 'Mỗi dòng một người của việc kết hôn')], default='entry', max_length=6, verbose_name='mỗi dòng là')),
                ('columns', models.JSONField(default=dict, verbose_name='ghép cột')),
                ('kept_at', models.DateTimeField(verbose_name='lưu lúc')),
                ('kept_by', models.CharField(max_length=200, verbose_name='người lưu')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=tuphap.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64, verbose_name='mã băm của tệp')),
                ('name', models.CharField(max_length=200, verbose_name='tên tệp')),
                ('told', models.CharField(max_length=100, verbose_name='dạng tệp')),
                ('headers', models.JSONField(default=list, verbose_name='tiêu đề cột')),
                ('rows', models.PositiveIntegerField(verbose_name='số dòng')),
                ('chunk', models.PositiveIntegerField(verbose_name='số dòng mỗi lượt')),
                ('what', models.CharField(choices=[('civil_status.birth', 'Khai sinh'), ('civil_status.marriage', 'Kết hôn'), ('civil_status.death', 'Khai tử'), ('civil_status.guardianship', 'Giám hộ'), ('civil_status.guardianship_end', 'Chấm dứt giám hộ'), ('civil_status.supervision', 'Giám sát việc giám hộ'), ('civil_status.supervision_end', 'Chấm dứt giám sát việc giám hộ'), ('civil_status.recognition', 'Nhận cha, mẹ, con'), ('civil_status.change', 'Thay đổi, cải chính, bổ sung'), ('civil_status.marital_status', 'Xác nhận tình trạng hôn nhân'), ('civil_status.foreign_marriage', 'Ghi chú kết hôn ở nước ngoài'), ('civil_status.foreign_divorce', 'Ghi chú ly hôn ở nước ngoài'), ('civil_status.foreign_other', 'Ghi chú việc khác ở nước ngoài')], max_length=40, verbose_name='loại việc')),
                ('shape', models.CharField(choices=[('entry', 'Mỗi dòng một việc hộ tịch'), ('person', 'Mỗi dòng một người của việc kết hôn')], default='entry', max_length=6, verbose_name='mỗi dòng là')),
                ('columns', models.JSONField(default=dict, verbose_name='ghép cột')),
                ('office_code', models.CharField(blank=True, max_length=30, verbose_name='mã cơ quan của cả tệp')),
                ('state', models.CharField(choices=[('mapping', 'Đang ghép cột'), ('running', 'Đang nạp'), ('paused', 'Tạm dừng'), ('done', 'Đã nạp xong'), ('withdrawn', 'Đã thôi')], default='mapping', max_length=9, verbose_name='trạng thái')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='lượt đã xong')),
                ('loaded', models.PositiveIntegerField(default=0, verbose_name='nạp mới')),
                ('joined', models.PositiveIntegerField(default=0, verbose_name='nạp vào việc đã có bản quét')),
                ('same', models.PositiveIntegerField(default=0, verbose_name='đã có, giống hệt')),
                ('aside', models.PositiveIntegerField(default=0, verbose_name='tách ra')),
                ('remarked', models.PositiveIntegerField(default=0, verbose_name='nạp có lưu ý')),
                ('skipped', models.PositiveIntegerField(default=0, verbose_name='loại việc khác')),
                ('mended', models.PositiveIntegerField(default=0, verbose_name='dòng đã sửa')),
                ('by_name', models.CharField(max_length=200, verbose_name='người nạp')),
                ('chosen_at', models.DateTimeField(verbose_name='chọn tệp lúc')),
                ('started_at', models.DateTimeField(null=True, verbose_name='bắt đầu lúc')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='xong lúc')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit', verbose_name='đơn vị nạp')),
            ],
            options={
                'ordering': ['-chosen_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FaultyRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(verbose_name='dòng')),
                ('is_aside', models.BooleanField(verbose_name='tách ra')),
                ('cells', models.JSONField(default=dict, verbose_name='ô của dòng')),
                ('faults', models.JSONField(default=list, verbose_name='lỗi')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='faulty', to='digitisation.batch')),
                ('mended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mends', to='digitisation.batch', verbose_name='sửa ở tệp')),
            ],
            options={
                'ordering': ['batch', 'row'],
            },
        ),
        migrations.CreateModel(
            name='ImportedBook',
            fields=[
                ('book', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='imported', serialize=False, to='digitisation.book')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='books', to='digitisation.batch')),
            ],
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['unit', 'chosen_at'], name='digitisation_batch_list'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('sha256', 'what'), name='digitisation_batch_once'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done', 0), ('state__in', ['mapping', 'withdrawn'])), ('started_at__isnull', False), _connector='OR'), name='digitisation_batch_started'),
        ),
        migrations.AddConstraint(
            model_name='faultyrow',
            constraint=models.UniqueConstraint(fields=('batch', 'row'), name='digitisation_faultyrow_once'),
        ),
    ]
