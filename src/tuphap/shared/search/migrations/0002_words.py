"""The words of the records, so that slips of the keyboard are found in a thousandth of the records' number."""

from django.db import migrations, models

FILL = """
INSERT INTO search_word (word)
SELECT DISTINCT word FROM search_searchrecord, regexp_split_to_table(text_folded, ' ') word
WHERE word ~ '^[a-z]{2,40}$' ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Word',
            fields=[('word', models.CharField(max_length=40, primary_key=True, serialize=False))],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
