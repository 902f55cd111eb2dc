"""What stood open at an instant is looked up; whether a result is electronic stands with the stretch that it ended."""

import django.contrib.postgres.fields.ranges
from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models

import tuphap.shared.dossiers.models

ELECTRONIC = """
UPDATE dossiers_custody c SET electronic = true FROM dossiers_dossier d
WHERE d.id = c.dossier_id AND c.outcome = 'resolved' AND d.result #> '{documents,0}' IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0011_stretches_bear_what_is_counted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='custody',
            name='electronic',
            field=models.BooleanField(default=False, verbose_name='có kết quả điện tử'),
        ),
        migrations.RunSQL(ELECTRONIC, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='custody',
            index=GistIndex(
                tuphap.shared.dossiers.models.InstantRange(
                    'since', 'until',
                    django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=False, inclusive_upper=True),
                ),
                name='dossiers_custody_stretch',
            ),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['fee_paid_at'], name='dossiers_dossier_fee_paid'),
        ),
    ]
