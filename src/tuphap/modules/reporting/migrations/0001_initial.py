"""Forms, reports, what they count, what was done with them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import tuphap.kernel.ids
import tuphap.modules.reporting.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0002_signed_is_final'),
        ('numbering', '0001_initial'),
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='mã biểu')),
                ('summary_code', models.CharField(max_length=40, verbose_name='mã biểu tổng hợp')),
                ('title', models.CharField(max_length=300, verbose_name='tên biểu')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('layout', models.JSONField(verbose_name='nội dung biểu')),
                ('valid_from', models.DateField(verbose_name='áp dụng từ')),
                ('valid_to', models.DateField(null=True, verbose_name='đến trước ngày')),
                ('enacted_at', models.DateTimeField(verbose_name='ban hành trên hệ thống lúc')),
                ('enacted_by', models.CharField(max_length=200, verbose_name='người ban hành')),
            ],
            options={
                'ordering': ['code', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='reporting_form_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='reporting_form_days')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=tuphap.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[(tuphap.modules.reporting.rules.Level['COMMUNE'], 'Cấp xã'), (tuphap.modules.reporting.rules.Level['PROVINCE'], 'Cấp tỉnh')], max_length=4, verbose_name='cấp')),
                ('kind', models.CharField(choices=[('6-thang', '6 tháng đầu năm'), ('nam', 'Năm')], max_length=8, verbose_name='loại kỳ')),
                ('stage', models.CharField(choices=[('uoc-tinh', 'ước tính'), ('chinh-thuc', 'chính thức')], max_length=12, verbose_name='loại báo cáo')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('first', models.DateField(verbose_name='từ ngày')),
                ('last', models.DateField(verbose_name='đến hết ngày')),
                ('due', models.DateField(verbose_name='hạn gửi')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='lần')),
                ('state', models.CharField(choices=[('open', 'Chưa lập'), ('draft', 'Đang lập'), ('ready', 'Chờ lãnh đạo ký'), ('signing', 'Đang ký số'), ('submitted', 'Đã gửi, chờ kiểm tra'), ('returned', 'Trả lại để sửa'), ('accepted', 'Đã tiếp nhận'), ('aggregated', 'Đã tổng hợp'), ('locked', 'Đã chốt số liệu'), ('amended', 'Đã có bản sửa đổi')], default='draft', max_length=12, verbose_name='trạng thái')),
                ('counted', models.JSONField(default=dict, verbose_name='số đếm được')),
                ('counted_at', models.DateTimeField(verbose_name='đếm lúc')),
                ('typed', models.JSONField(default=dict, verbose_name='số bổ sung')),
                ('explanations', models.JSONField(default=dict, verbose_name='giải trình')),
                ('confirmed_zero', models.BooleanField(default=False, verbose_name='xác nhận không phát sinh')),
                ('missing', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='đơn vị chưa có báo cáo')),
                ('missing_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do tổng hợp khi còn thiếu')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do sửa đổi')),
                ('made_by_name', models.CharField(max_length=100, verbose_name='người lập')),
                ('signer_name', models.CharField(blank=True, max_length=100, verbose_name='người ký')),
                ('signer_title', models.CharField(blank=True, max_length=100, verbose_name='chức vụ')),
                ('failure', models.CharField(blank=True, max_length=500, verbose_name='lỗi khi ký')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='gửi lúc')),
                ('amends', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendment', to='reporting.report', verbose_name='sửa đổi báo cáo')),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reporting.form', verbose_name='biểu')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reserved', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='numbering.number')),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit', verbose_name='đơn vị báo cáo')),
            ],
            options={
                'ordering': ['-due', 'form__code', 'unit__sort_key', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Included',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='reporting.report')),
                ('summary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='reporting.report')),
            ],
        ),
        migrations.CreateModel(
            name='CountedGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('classes', models.JSONField()),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='reporting.report')),
            ],
        ),
        migrations.CreateModel(
            name='StepTaken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Chưa lập'), ('draft', 'Đang lập'), ('ready', 'Chờ lãnh đạo ký'), ('signing', 'Đang ký số'), ('submitted', 'Đã gửi, chờ kiểm tra'), ('returned', 'Trả lại để sửa'), ('accepted', 'Đã tiếp nhận'), ('aggregated', 'Đã tổng hợp'), ('locked', 'Đã chốt số liệu'), ('amended', 'Đã có bản sửa đổi')], max_length=12)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reporting.report')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['year', 'kind', 'stage', 'form'], name='reporting_report_period'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['unit', '-due'], name='reporting_report_unit'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('unit', 'form', 'kind', 'stage', 'year', 'version'), name='reporting_report_once'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='reporting_report_days'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amends__isnull', True), ('version', 1)), models.Q(('amends__isnull', False), ('version__gt', 1)), _connector='OR'), name='reporting_report_version'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='reporting_report_reason'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ready', 'signing', 'returned']), models.Q(('document__isnull', False), ('reserved__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='reporting_report_sent'),
        ),
        migrations.AddConstraint(
            model_name='included',
            constraint=models.UniqueConstraint(fields=('summary', 'part'), name='reporting_included_once'),
        ),
        migrations.AddConstraint(
            model_name='countedgroup',
            constraint=models.UniqueConstraint(fields=('report', 'source', 'classes'), name='reporting_countedgroup_once'),
        ),
    ]
