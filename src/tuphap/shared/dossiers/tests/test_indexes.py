"""What the planner must not be made to prove at every look at a list."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_no_index_of_the_dossiers_has_a_condition() -> None:
    """Whoever adds one, a module's migration too, makes each list slower by tens of milliseconds (ADR 0126)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = 'dossiers_dossier'::regclass AND indpred IS NOT NULL"
        )
        assert cursor.fetchall() == []
