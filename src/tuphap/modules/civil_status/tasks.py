"""What follows a registration after its commit, at least once and with one effect."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry

from .joined import operations
from .joined.rules import NUMBER_KNOWN, OPEN_LEGS, RECALL_LEGS


@app.task(name=OPEN_LEGS, queue="reactions")
def open_legs(entry_id: int) -> int:
    """A birth, a death is in the register: what it sets going at other agencies is opened."""
    return len(operations.open_legs(act_id=_act_of(entry_id), actor=operations.LEGS, at=now()))


@app.task(name=RECALL_LEGS, queue="reactions")
def recall_legs(entry_id: int) -> int:
    """An act was cancelled: other agencies that had a part in it are told."""
    return len(operations.recall_legs(act_id=_act_of(entry_id), actor=operations.LEGS, at=now()))


@app.task(name=NUMBER_KNOWN, queue="reactions")
def number_known(entry_id: int) -> None:
    """A child's number has been noted, perhaps by hand: the legs that waited for it go on."""
    operations.go_on_with_number(act_id=_act_of(entry_id), actor=operations.LEGS, at=now())


def _act_of(entry_id: int) -> UUID:
    return UUID(Entry.objects.get(pk=entry_id).subject_id)
