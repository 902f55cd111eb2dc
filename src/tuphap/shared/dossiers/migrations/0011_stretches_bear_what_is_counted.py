"""What came and went is counted by the stretches alone: channel, procedure and verdict stand there as well."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

CHANNELS = [
    ('truc_tiep', 'Trực tiếp'), ('buu_chinh', 'Bưu chính'), ('truc_tuyen', 'Trực tuyến'),
    ('phi_dia_gioi', 'Phi địa giới'),
]
VERDICTS = [('EARLY', 'trước hạn'), ('ON_TIME', 'đúng hạn'), ('LATE', 'quá hạn')]
COPY = """
UPDATE dossiers_custody c SET channel = d.channel, procedure_id = d.procedure_id,
    verdict = CASE WHEN c.outcome = 'resolved' THEN d.verdict ELSE '' END,
    original_verdict = CASE WHEN c.outcome = 'resolved' THEN d.original_verdict ELSE '' END
FROM dossiers_dossier d WHERE d.id = c.dossier_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0010_custody_measured'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='custody',
            name='channel',
            field=models.CharField(choices=CHANNELS, default='', max_length=14, verbose_name='kênh nộp'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='custody',
            name='verdict',
            field=models.CharField(blank=True, choices=VERDICTS, default='', max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='custody',
            name='original_verdict',
            field=models.CharField(blank=True, choices=VERDICTS, default='', max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='custody',
            name='procedure',
            field=models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name='+', to='dossiers.procedure'),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        # Checked now: the table is altered again below, and what waits for the end of a transaction forbids that.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='custody',
            name='procedure',
            field=models.ForeignKey(on_delete=models.deletion.PROTECT, related_name='+', to='dossiers.procedure'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.CheckConstraint(
                condition=(Q(outcome="resolved") & ~Q(verdict="") & ~Q(original_verdict=""))
                | (~Q(outcome="resolved") & Q(verdict="", original_verdict="")),
                name="dossiers_custody_end_judged",
            ),
        ),
    ]
