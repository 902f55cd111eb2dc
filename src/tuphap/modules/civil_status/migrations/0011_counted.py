"""Figures count acts of a kind by when they were signed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0010_old_books'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='act',
            index=models.Index(fields=['kind', 'signed_at'], name='civil_status_act_counted'),
        ),
    ]
