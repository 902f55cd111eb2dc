"""The sample's digitised books by themselves: every state that people reach, and the same again changes nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from tuphap.kernel.clock import VIETNAM, standing_at
from tuphap.modules.digitisation import queries
from tuphap.modules.digitisation.models import Book, Entry, ScanIssue
from tuphap.sample import digitising, offices
from tuphap.sample.families import Families
from tuphap.sample.fill import FIRST_DAY
from tuphap.sample.tests.test_stories import UNTIL

pytestmark = pytest.mark.django_db


def test_entries_stand_in_every_state_that_people_reach(law: None, db: Any) -> None:
    opening = datetime.combine(FIRST_DAY - timedelta(days=5), time(8), tzinfo=VIETNAM)
    with standing_at(opening):
        administrator = offices.found(at=opening)
        offices.department_people(administrator, at=opening)
        desks = offices.desks(administrator, Families(5), Random(5), dense=1, others=0, opening=opening)
    found = sorted(digitising.happenings(desks, until=UNTIL), key=lambda one: one.at)
    assert len(found) == 4
    for _ in range(2):
        for one in found:
            with standing_at(one.at):
                one.do(None, one.at)
    stood = dict(Entry.objects.filter(book__kind="KS").values_list("number", "state"))
    assert stood == {number: str(state) for number, state in digitising.BIRTHS.items()}
    assert queries.standing(Book.objects.all()).expected == 45
    assert {one.code for one in ScanIssue.objects.filter(gone_at__isnull=True)} == {"name", "number_missing"}
