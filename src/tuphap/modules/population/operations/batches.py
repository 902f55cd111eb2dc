"""Matching runs: begun by an official, carried on by a job that may be killed anywhere and goes on where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tuphap.engines.linkage import Candidate
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.modules.civil_status.public import Act
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit

from .. import queries, rules
from ..matching import Result
from ..models import Batch, PopulationRecord, Ticket
from ..rules import BatchState, Event, Klass, Permission
from ..subjects import subjects_of
from . import finding, queued
from .finding import Found


@operation
def begin_batch(
    *, unit_id: int, kinds: Sequence[str], year_from: int, year_to: int, actor: Actor, at: datetime
) -> Batch:
    """Have the registered acts of an office, and of those below and before it, matched with the mirror.

    :param kinds: books: KS, KH, KT.
    :raises access.Forbidden: the actor does not match for this office.
    :raises rules.UnknownUnit, rules.UnknownKind, rules.YearsBackwards: as they say.
    :raises rules.NothingPulled: there is no mirror yet.
    :raises rules.BatchRuns: one of this office is not over.
    """
    today = localdate(at)
    access.require_anywhere(actor, Permission.MATCH, on=today)
    unit = OrgUnit.objects.select_related("admin_unit").filter(pk=unit_id).first()
    if unit is None:
        raise rules.UnknownUnit()
    access.require(actor, Permission.MATCH, unit_id=unit.pk, on=today)
    if not kinds or not set(kinds) <= set(rules.ROLES):
        raise rules.UnknownKind()
    if year_from > year_to:
        raise rules.YearsBackwards()
    if not PopulationRecord.objects.exists():
        raise rules.NothingPulled()
    batch = Batch.objects.create(
        unit=unit, units=sorted(queries.offices_below(unit, actor, at)), kinds=sorted(set(kinds)), year_from=year_from,
        year_to=year_to, made_by_id=actor.user_id, made_by_name=actor.name[:100], begun_at=at,
    )
    audit.record(Event.BATCH_BEGUN, subject=batch, actor=actor, at=at, unit_id=unit.pk, kinds=batch.kinds)
    queued.run_batch(batch.pk)
    return batch


@operation
def start_batch(*, batch_id: UUID, sequence: int, actor: Actor, at: datetime) -> Batch:
    """The job takes a batch up, for the first time or again."""
    batch = _lock(batch_id)
    if batch.state == BatchState.QUEUED:
        batch.sequence = sequence
    if not batch.is_over:
        batch.state, batch.failure = BatchState.RUNNING.value, ""
        batch.save(update_fields=["state", "failure", "sequence"])
        audit.record(Event.BATCH_WENT_ON, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, place=batch.place)
    return batch


@operation
def show_stage(*, batch_id: UUID, stage: str, percent: int, actor: Actor, at: datetime) -> None:
    """Tell whoever looks what is being done."""
    batch = _lock(batch_id)
    if batch.is_over or (batch.stage, batch.percent) == (stage, percent):
        return
    batch.stage, batch.percent = stage[:100], percent
    batch.save(update_fields=["stage", "percent"])
    audit.record(Event.BATCH_WENT_ON, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, percent=percent)


@operation
def enter_results(
    *, batch_id: UUID, place: int, results: Sequence[Result], total: int, actor: Actor, at: datetime
) -> int:
    """Enter the results from ``place`` on, and that the batch is so far; how many results are entered in all.

    Results that begin elsewhere were entered before: nothing is done.
    """
    batch = _lock(batch_id)
    if batch.is_over or batch.place != place:
        return batch.place
    by_party = {int(one.civil_id): one for one in results}
    acts = queries.acts_of_parties(list(by_party))
    list(Act.objects.select_for_update().filter(pk__in=[act.pk for act in acts]).order_by("pk").values_list("pk"))
    found = [
        Found(subject, _candidates(by_party[subject.party.pk])) for act in acts for subject in subjects_of(act)
        if subject.party.pk in by_party
    ]
    counts = Counter(batch.counts)
    counts.update(finding.enter(found, batch=batch, actor=actor, at=at))
    counts["people"] += len(found)
    batch.counts, batch.place = dict(counts), place + len(results)
    batch.stage = "Ghi kết quả"
    batch.percent = min(99, 50 + 49 * batch.place // max(total, 1))
    batch.save(update_fields=["counts", "place", "stage", "percent"])
    audit.record(Event.BATCH_WENT_ON, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, place=batch.place)
    return batch.place


def _candidates(result: Result) -> tuple[Candidate, ...]:
    return (Candidate(result.key, result.probability, result.decision),) if result.key else ()


@operation
def finish_batch(*, batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """Every result is entered: list who lives here and has no birth in the register, and end the batch."""
    batch = _lock(batch_id)
    if batch.is_over:
        return batch
    counts = Counter(batch.counts)
    if "KS" in batch.kinds:
        counts[str(Klass.F)] = _without_birth(batch, actor=actor, at=at)
    batch.counts, batch.state, batch.ended_at = dict(counts), BatchState.DONE.value, at
    batch.stage, batch.percent = "", 100
    batch.save(update_fields=["counts", "state", "ended_at", "stage", "percent"])
    audit.record(Event.BATCH_DONE, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, **batch.counts)
    return batch


def _without_birth(batch: Batch, *, actor: Actor, at: datetime) -> int:
    """Open a ticket for each record of somebody who lives in these offices' territories and has no birth act here."""
    offices = queries.offices_by_territory(batch.units, at)
    lacking = queries.without_birth(offices, year_from=batch.year_from, year_to=batch.year_to)
    keys = [finding.key_of_record(one) for one in lacking]
    known = set(Ticket.objects.filter(subject__in=keys).values_list("subject", flat=True))
    for record in lacking:
        if finding.key_of_record(record) in known:
            continue
        told = [{"field": name, "civil": "", "population": getattr(record, name), "level": "untold"}
                for name in ("name", "sex", "born_on", "father", "mother", "number")]
        finding.open_ticket(
            {"subject": finding.key_of_record(record), "klass": Klass.F, "kind": "KS", "year": record.born_year,
             "unit_id": offices[record.residence_code], "record": record, "name": record.name, "compared": told},
            actor=actor, at=at)
    return len(lacking)




@operation
def fail_batch(*, batch_id: UUID, reason: str, actor: Actor, at: datetime) -> Batch:
    """The engine could not: what is entered stays, another batch may be begun."""
    batch = _lock(batch_id)
    if not batch.is_over:
        batch.state, batch.failure, batch.ended_at = BatchState.FAILED.value, reason[:300], at
        batch.save(update_fields=["state", "failure", "ended_at"])
        audit.record(Event.BATCH_FAILED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, reason=reason[:200])
    return batch


def _lock(batch_id: UUID) -> Batch:
    found = Batch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if found is None:
        raise rules.UnknownBatch()
    return found

