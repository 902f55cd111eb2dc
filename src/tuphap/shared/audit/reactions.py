"""What happens after an event: declared by modules, queued in the event's own transaction, run after commit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Entry

_by_event: dict[str, list[Reaction]] = defaultdict(list)


@dataclass(frozen=True, slots=True)
class Reaction:
    """When ``event`` is recorded, run the queue task named ``task`` (dotted path) with ``entry_id``, at least once."""

    event: str
    task: str
    queue: str = "reactions"

    def install(self) -> None:
        if self not in _by_event[self.event]:
            _by_event[self.event].append(self)


def react(entry: Entry) -> None:
    """Queue the reactions to this entry. Queued in the transaction: they run if it commits, and not otherwise."""
    for reaction in _by_event.get(entry.event, ()):
        from procrastinate.contrib.django import app

        app.configure_task(reaction.task, queue=reaction.queue, lock=None).defer(entry_id=entry.pk)
