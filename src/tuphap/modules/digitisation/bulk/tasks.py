"""A file is loaded in the background: half a minute at a time, so that others' jobs come in between."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tuphap.kernel.actor import system_actor

SECONDS = 30.0
LOADER = system_actor("digitisation.import")


@app.task(name="digitisation.import", queue="imports", pass_context=False)
def go_on(*, batch_id: str) -> None:
    """Load what is left; finds nothing to do where another job did it, or it was paused.

    What the person who started it may load of was asked then, and is asked again for each office of each row.
    """
    from . import queries, rules, running

    try:
        actor = running.actor_of(UUID(batch_id), otherwise=LOADER)
        batch = running.run(UUID(batch_id), folder=queries.folder(), actor=actor, seconds=SECONDS)
    except (rules.SomebodyElse, rules.WrongBatchState):
        return
    if batch.is_running:
        try:
            go_on.configure(queueing_lock=f"digitisation.import-{batch_id}").defer(batch_id=batch_id)
        except AlreadyEnqueued:
            return
