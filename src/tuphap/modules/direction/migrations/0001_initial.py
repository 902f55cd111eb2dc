"""Closed periods: their figures, measures and reopenings."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('thang', 'Tháng'), ('quy', 'Quý'), ('nua-nam', 'Sáu tháng'), ('nam', 'Năm')], max_length=8, verbose_name='loại kỳ')),
                ('first', models.DateField(verbose_name='từ ngày')),
                ('last', models.DateField(verbose_name='đến ngày')),
                ('version', models.PositiveSmallIntegerField(verbose_name='lần khóa')),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='các đơn vị có số liệu')),
                ('closed_at', models.DateTimeField(verbose_name='khóa lúc')),
                ('closed_by_name', models.CharField(max_length=200, verbose_name='người khóa')),
                ('basis', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('hash', models.CharField(max_length=64, verbose_name='mã băm')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit', verbose_name='đơn vị khóa')),
            ],
            options={
                'ordering': ['-first', 'kind', '-version'],
                'constraints': [
                    models.UniqueConstraint(fields=('office', 'kind', 'first', 'version'), name='direction_closing_once'),
                    models.CheckConstraint(condition=models.Q(('last__gt', models.F('first'))), name='direction_closing_days'),
                    models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='direction_closing_has_basis'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FrozenFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('sector', models.CharField(blank=True, max_length=60)),
                ('procedure', models.CharField(blank=True, max_length=40)),
                ('channel', models.CharField(blank=True, max_length=14)),
                ('number', models.PositiveIntegerField()),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='direction.closing')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('closing', 'code', 'unit', 'sector', 'procedure', 'channel'), name='direction_frozenfigure_once'),
                    models.CheckConstraint(condition=models.Q(('number', models.F('labels__len'))), name='direction_frozenfigure_is_its_list'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FrozenMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('value', models.FloatField(null=True)),
                ('base', models.PositiveIntegerField()),
                ('has_source', models.BooleanField()),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='direction.closing')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('closing', 'code', 'unit'), name='direction_frozenmeasure_once', nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='mở lại lúc')),
                ('by_name', models.CharField(max_length=200, verbose_name='người mở lại')),
                ('reason', models.CharField(max_length=300, verbose_name='lý do')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='direction.closing')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='direction_reopening_has_reason'),
                ],
            },
        ),
    ]
