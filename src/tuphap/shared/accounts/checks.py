"""What must be true of the settings before the platform may start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def no_sample_in_production(**kwargs: Any) -> list[CheckMessage]:
    """A production that shows the sample's doors must not start."""
    if settings.ENVIRONMENT.mode == "production" and settings.SAMPLE_MODE:
        return [Error("SAMPLE_MODE is on in production: anybody could step into any role", id="accounts.E001")]
    return []
