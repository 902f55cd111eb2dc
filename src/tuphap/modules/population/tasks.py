"""What goes on behind: acts matched as they are registered, batches, the pull from the police."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from itertools import islice
from pathlib import Path
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit.models import Entry
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import Borrowed, contracts

from . import matching, operations, queries, rules
from .models import Batch
from .subjects import subjects_of

MATCHING = system_actor("population")
PAGE, CHUNK = 2000, 500
log = logging.getLogger(__name__)


@app.task(name=rules.MATCH_ACT, queue="reactions", pass_context=False)
def match_act(entry_id: int = 0, act_id: str = "") -> None:
    """An act was registered, changed, cancelled, or is to be looked at again: its people are matched."""
    key = UUID(act_id or Entry.objects.get(pk=entry_id).subject_id)
    for act in queries.acts_in_full([key]):
        match_now([act.pk, *([act.target_id] if act.target_id else ())])


def match_now(keys: list[UUID]) -> None:
    """Look up the people of these acts and enter what is found; without an index, what is known is held against it."""
    for act in queries.acts_in_full(keys):
        found = matching.look_up([one.record for one in subjects_of(act)])
        if found is None:
            operations.recheck(act_id=act.pk, actor=MATCHING, at=now())
        else:
            operations.enter_matches(act_id=act.pk, candidates=found, actor=MATCHING, at=now())


@app.task(name=rules.REMATCH, queue="population", pass_context=False)
def rematch(records: list[int]) -> None:
    """Records have changed: who is linked with them is looked at again, who was found nowhere is sought again."""
    linked, sought = queries.acts_touched(records)
    for act_id in sorted(linked - sought):
        operations.recheck(act_id=act_id, actor=MATCHING, at=now())
    match_now(sorted(sought))


# --- The pull ---------------------------------------------------------------------------------------------------------


@app.periodic(cron="*/10 * * * *")
@app.task(name=rules.PULL, queue="population", lock=rules.PULL, queueing_lock=rules.PULL, pass_context=False)
def pull_regularly(timestamp: int = 0) -> int:
    """Take in what the police have changed."""
    return pull()


def pull(*, most: int = PAGE) -> int:
    """Page by page until nothing is left or the police do not answer; how many records are new or newer.

    A page that is lost is asked for again the next time, one that comes twice does nothing.
    """
    changed = 0
    while True:
        asked = contracts.ChangesAsked(since=queries.sequence(), most=most)
        answer = exchange.ask(kind="police.population-changes", body=asked, actor=MATCHING, at=now())
        if not isinstance(answer, Borrowed):
            log.warning("the pull stops at %s: %s", asked.since, answer.reason)
            break
        page: contracts.ChangesFound = answer.value
        if not page.people:
            break
        changed += operations.take_in(page=page, actor=MATCHING, at=now())
        if not page.more:
            break
    if queries.sequence():
        matching.refresh(queries.sequence(), on=localdate(now()))
    return changed


# --- Batches ----------------------------------------------------------------------------------------------------------


@app.task(name=rules.RUN_BATCH, queue="population", pass_context=False)
def run_batch(batch_id: str) -> None:
    """Do all of a batch that is not done yet; what the engine cannot do ends it, with its words."""
    batch = operations.start_batch(
        batch_id=UUID(batch_id), sequence=queries.sequence(), actor=MATCHING, at=now())
    if batch.is_over:
        return
    try:
        _run(batch)
    except (Refusal, OSError, ValueError) as fault:
        log.exception("batch %s", batch_id)
        operations.fail_batch(batch_id=batch.pk, reason=str(fault) or type(fault).__name__, actor=MATCHING, at=now())


def _run(batch: Batch) -> None:
    work = matching.folder() / f"batch-{batch.pk}"
    work.mkdir(parents=True, exist_ok=True)
    _export(batch, work)
    links = matching.link(work, progress=lambda stage, share: _show(batch, stage, 10 + int(share * 40)))
    total = sum(1 for _ in matching.results(links, after=0))
    place, rest = batch.place, matching.results(links, after=batch.place)
    while chunk := list(islice(rest, CHUNK)):
        operations.enter_results(
            batch_id=batch.pk, place=place, results=chunk, total=total, actor=MATCHING, at=now())
        place += len(chunk)
    operations.finish_batch(batch_id=batch.pk, actor=MATCHING, at=now())
    shutil.rmtree(work, ignore_errors=True)


def _export(batch: Batch, folder: Path) -> None:
    """The files for the engine; written whole before they are taken for written."""
    if (folder / "exported").exists():
        return
    _show(batch, "Chuẩn bị dữ liệu", 5)
    matching.write_people(folder / "people.csv")
    matching.write_communes(folder / "communes.csv", on=localdate(now()))
    matching.write_civil(folder / "civil.csv", (one.record for one in queries.people_of(batch)))
    (folder / "exported").touch()


def _show(batch: Batch, stage: str, percent: int) -> None:
    operations.show_stage(batch_id=batch.pk, stage=stage, percent=min(percent, 50), actor=MATCHING, at=now())


def run_here(batch: Batch) -> Batch:
    """Run a batch in this process: for the command line, and for the sample."""
    run_batch(str(batch.pk))
    batch.refresh_from_db()
    return batch


def ask_now() -> None:
    """Have the pull done now; where it waits already, that is enough."""
    with suppress(AlreadyEnqueued):
        pull_regularly.defer()
