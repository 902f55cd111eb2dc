"""Long work of digitisation, and what follows from others' events; each runs at least once, with one effect."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry

from . import operations, rules
from .bulk.tasks import go_on  # noqa: F401 - the queue knows tasks that are imported here
from .operations.transfer import TASK

TRANSFER = system_actor("digitisation")


@app.task(name=TASK, queue="digitisation")
def transfer(job_id: int) -> None:
    """Enter a book's approved entries in the register, batch by batch; taken up again, it goes on where it stood."""
    while operations.transfer_some(job_id=job_id, actor=TRANSFER, at=now()):
        pass


@app.task(name=rules.ACT_MATCHED, queue="reactions")
def act_matched(entry_id: int) -> int:
    """The population module has matched an act: where it came of an entry of ours, that one has come all the way."""
    told = Entry.objects.get(pk=entry_id)
    return operations.set_matched(act_id=UUID(str(told.facts["act_id"])), actor=TRANSFER, at=now())
