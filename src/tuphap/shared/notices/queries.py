"""What one person was told."""

from __future__ import annotations

from django.db.models import QuerySet

from tuphap.kernel.actor import Actor

from .models import Notice


def inbox(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, newest first; nobody's for one without an account."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(to_user_id=actor.user_id).order_by("-created_at", "-pk")


def unread(actor: Actor) -> int:
    """How many notices the actor has not opened: for the bell in the page's frame."""
    return inbox(actor).filter(read_at__isnull=True).count() if actor.user_id is not None else 0
