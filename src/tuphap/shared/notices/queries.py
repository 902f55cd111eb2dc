"""What one person was told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from tuphap.kernel.actor import Actor

from .models import Notice, Outgoing, Preference
from .rules import Reach


def inbox(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, newest first; nobody's for one without an account."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(to_user_id=actor.user_id).order_by("-created_at", "-pk")


def reach_of(user_id: UUID | None) -> Reach:
    """By which ways an account wants to be told; the usual ones for who has chosen nothing."""
    chosen = Preference.objects.filter(user_id=user_id).first() if user_id is not None else None
    return chosen.reach if chosen is not None else Reach()


def deliveries(dossier_codes: Iterable[str]) -> list[Outgoing]:
    """What was sent outside about a dossier that the caller may see, the latest first."""
    found = Outgoing.objects.filter(notice__dossier_code__in=[code for code in dossier_codes if code])
    return list(found.select_related("notice").order_by("-notice__created_at", "-pk")[:50])


def unread(actor: Actor) -> int:
    """How many notices the actor has not opened: for the bell in the page's frame."""
    return inbox(actor).filter(read_at__isnull=True).count() if actor.user_id is not None else 0
