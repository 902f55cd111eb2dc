"""What every installation knows from its first day: units, offices, the calendar, the catalogue, statistical forms."""

from __future__ import annotations

from django.conf import settings

from tuphap.modules.reporting import seeds as reporting
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.orgs import api as orgs


def seed() -> None:
    """Insert what is missing and overwrite nothing; half a second where everything is there."""
    orgs.seed_units(province_offices=(settings.ENVIRONMENT.province,))
    calendar.seed_calendar()
    dossiers.seed_procedures()
    reporting.seed()
