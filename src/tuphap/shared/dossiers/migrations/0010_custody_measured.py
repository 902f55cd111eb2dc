"""How long an office took is kept with its stretch; of those that had ended it is counted here, by today's calendar."""

from collections import defaultdict

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from tuphap.kernel.clock import localdate

MANY = 5000


def measure(apps, schema_editor):
    custodies = apps.get_model("dossiers", "Custody").objects.using(schema_editor.connection.alias)
    ended = custodies.filter(until__isnull=False, handling_hours__isnull=True)
    if not ended.exists():
        return  # a new home; its calendar may not be there yet
    from tuphap.shared.calendar.api import ladders
    from tuphap.shared.dossiers.handling import handled

    times = ended.aggregate(first=models.Min("since"), last=models.Max("until"))
    known = ladders(localdate(times["first"]), localdate(times["last"]))
    pauses = apps.get_model("dossiers", "Pause").objects.using(schema_editor.connection.alias)
    while some := list(ended.order_by("pk")[:MANY]):
        stood = defaultdict(list)
        for dossier, start, end in pauses.filter(dossier__in={row.dossier_id for row in some}).values_list(
            "dossier_id", "started_at", "ended_at"
        ):
            stood[dossier].append((start, end))
        for row in some:
            took = handled(row.since, row.until, stood[row.dossier_id], known.get(row.unit_id, known[None]))
            row.handling_hours, row.handling_days, row.paused_hours = took.hours, took.days, took.paused_hours
        custodies.bulk_update(some, ["handling_hours", "handling_days", "paused_hours"])


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0001_initial'),
        ('dossiers', '0009_newest_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='custody',
            name='handling_hours',
            field=models.FloatField(null=True, verbose_name='giờ làm việc'),
        ),
        migrations.AddField(
            model_name='custody',
            name='handling_days',
            field=models.PositiveIntegerField(null=True, verbose_name='ngày làm việc'),
        ),
        migrations.AddField(
            model_name='custody',
            name='paused_hours',
            field=models.FloatField(null=True, verbose_name='giờ tạm dừng'),
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.CheckConstraint(
                condition=Q(
                    until__isnull=True, handling_hours__isnull=True, handling_days__isnull=True,
                    paused_hours__isnull=True,
                ) | Q(
                    until__isnull=False, handling_hours__gte=0, handling_days__gte=0, paused_hours__gte=0,
                ),
                name="dossiers_custody_end_measured",
            ),
        ),
    ]
