"""What every page knows: who is looking, which menus they have, whether this is the sample province."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {"sample_mode": settings.SAMPLE_MODE, "actor": getattr(request, "actor", None)}
