"""Codes and numbers of the records, whole: who types one is answered by one look, not by all its parts of three signs."""

from django.db import migrations

INDEX = """
CREATE FUNCTION search_codes(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(word), '{}') FROM unnest(string_to_array(folded, ' ')) word
    WHERE length(word) >= 6 AND word ~ '[0-9]'
$$;
CREATE INDEX search_record_codes ON search_searchrecord USING gin (search_codes(text_folded));
"""
BACK = "DROP INDEX search_record_codes; DROP FUNCTION search_codes(text);"


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_words'),
    ]

    operations = [
        migrations.RunSQL(INDEX, BACK),
    ]
