"""The writes of taking in files, one verb each: chosen, mapped, started, loaded chunk by chunk, done."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from ..rules import Permission
from . import columns as places
from . import rules
from .models import Batch, Mapping
from .rules import BatchState, Event, Shape

if TYPE_CHECKING:
    from .loading import Chunk
    from .sources import Source


@operation
def choose(*, source: Source, what: str, unit_id: int, actor: Actor, at: datetime) -> Batch:
    """Enter a file that lies ready, its columns met as its headers say. A file that is known already is that batch.

    :param unit_id: the office that answers for it.
    :raises access.Forbidden: the actor does not manage digitisation in that office.
    :raises rules.BadMapping: there is no such kind of entry.
    """
    _require(actor, unit_id, at)
    if what not in register.ENTRY_KINDS:
        raise rules.BadMapping(what="Không có loại việc hộ tịch này.", field="what")
    known = Batch.objects.filter(sha256=source.sha256, what=what).exclude(state=BatchState.WITHDRAWN).first()
    if known is not None:
        _require(actor, known.unit_id, at)
        return known
    shape, columns = _guessed(source, register.ENTRY_KINDS[what])
    batch = Batch.objects.create(
        sha256=source.sha256, name=tidy(source.name)[:200], told=source.told[:100], headers=list(source.headers),
        rows=source.rows, chunk=source.chunk, what=what, shape=shape, columns=columns, unit_id=unit_id,
        by_id=actor.user_id, by_name=actor.name[:200], chosen_at=at,
    )
    audit.record(Event.CHOSEN, subject=batch, actor=actor, at=at, unit_id=unit_id, sha256=batch.sha256, rows=batch.rows,
                 what=what)
    return batch


def _guessed(source: Source, kind: register.EntryKind) -> tuple[Shape, dict[str, str]]:
    """By entries, unless it is of marriages and its headers speak of one person."""
    columns = places.guess(source.headers, kind)
    if {places.HUSBAND, places.WIFE} <= {str(role) for role in kind.main}:
        people = places.guess(source.headers, kind, Shape.PERSON)
        if len(people) > len(columns):
            return Shape.PERSON, people
    return Shape.ENTRY, columns


@operation
def write_mapping(
    *, batch_id: UUID, shape: str, columns: Map[str, str], office_code: str = "", actor: Actor, at: datetime
) -> Batch:
    """Say which column stands for what. ``columns``: header → place; a column that is not named is not taken in.

    :raises access.Forbidden, rules.UnknownBatch: as :func:`start`.
    :raises rules.WrongBatchState: rows have been loaded by another mapping.
    :raises rules.BadMapping, rules.ColumnsMissing: nothing could be loaded by this one.
    """
    batch = _lock(batch_id, actor, at)
    chosen = Shape(shape)
    kept = {header: path for header, path in columns.items() if path}
    office_code = tidy(office_code)
    if not batch.is_mapping:
        if (batch.shape, batch.columns, batch.office_code) == (chosen, kept, office_code):
            return batch
        raise rules.AnotherMapping()
    places.check(kept, batch.headers, batch.kind, chosen, unit=office_code)
    batch.shape, batch.columns, batch.office_code = chosen, kept, office_code
    batch.save(update_fields=["shape", "columns", "office_code"])
    audit.record(Event.MAPPED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, columns=len(kept),
                 shape=chosen.value, office=office_code)
    return batch


@operation
def use_mapping(*, batch_id: UUID, mapping_id: int, actor: Actor, at: datetime) -> Batch:
    """Meet the columns as was kept under a name, as far as the file has such columns; what is missing is told later.

    :raises access.Forbidden, rules.UnknownBatch: as :func:`start`.
    :raises rules.WrongBatchState: it has been started.
    :raises rules.BadMapping: there is none for such entries.
    """
    batch = _lock(batch_id, actor, at)
    if not batch.is_mapping:
        raise rules.WrongBatchState(state=batch.state_title)
    kept = Mapping.objects.filter(pk=mapping_id, what=batch.what).first()
    if kept is None:
        raise rules.BadMapping(what="Không có cách ghép này.", field="mapping")
    batch.shape = kept.shape
    batch.columns = {header: path for header, path in kept.columns.items() if header in batch.headers}
    batch.save(update_fields=["shape", "columns"])
    audit.record(Event.MAPPED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, columns=len(batch.columns),
                 shape=batch.shape, kept=kept.pk)
    return batch


def check_mapping(batch: Batch) -> None:
    """:raises rules.BadMapping, rules.ColumnsMissing: nothing could be loaded by it."""
    places.check(batch.columns, batch.headers, batch.kind, Shape(batch.shape), unit=batch.office_code)


@operation
def keep_mapping(*, batch_id: UUID, name: str, actor: Actor, at: datetime) -> Mapping:
    """Keep how the columns of this file are met for the next file of the same tool; the same name is written anew.

    :raises access.Forbidden, rules.UnknownBatch: as :func:`start`.
    :raises rules.BadMapping: without a name.
    """
    batch, name = _lock(batch_id, actor, at), tidy(name)[:100]
    if not name:
        raise rules.BadMapping(field="name", what="Vui lòng đặt tên cho cách ghép cột.")
    kept, _ = Mapping.objects.update_or_create(name=name, defaults={
        "what": batch.what, "shape": batch.shape, "columns": batch.columns, "kept_at": at, "kept_by": actor.name[:200],
    })
    audit.record(Event.MAPPING_KEPT, subject=kept, actor=actor, at=at, unit_id=batch.unit_id)
    return kept


@operation
def start(*, batch_id: UUID, actor: Actor, at: datetime, by_job: bool = True) -> Batch:
    """Let the rows be loaded: by a job in the background, or by whoever calls :func:`running.run`.

    A file that runs or has run is left as it is; one that was paused goes on.

    :raises access.Forbidden: the actor does not manage digitisation in the office that answers for the file.
    :raises rules.UnknownBatch: there is none.
    :raises rules.WrongBatchState: it was withdrawn.
    :raises rules.ColumnsMissing, rules.BadMapping: its columns are not met yet.
    """
    batch = _lock(batch_id, actor, at)
    if batch.state in (BatchState.RUNNING, BatchState.DONE):
        return batch
    check_mapping(batch)
    batch.started_at = batch.started_at or at
    _move(batch, BatchState.RUNNING, "started_at")
    audit.record(Event.STARTED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, sha256=batch.sha256,
                 rows=batch.rows, done=batch.done)
    if by_job:
        from .tasks import go_on

        go_on.defer(batch_id=str(batch.pk))
    return batch


@operation
def load(*, batch_id: UUID, chunk: Chunk, actor: Actor, at: datetime) -> Batch:
    """Load one chunk of a running file: entries, books, rows set aside, counts and the entry in the log together.

    :raises rules.UnknownBatch: there is none.
    :raises rules.SomebodyElse: another process has loaded this chunk.
    :raises rules.WrongBatchState: the file is paused.
    """
    from . import loading

    batch = _lock(batch_id, actor, at)
    if chunk.number != batch.done:
        raise rules.SomebodyElse()
    if not batch.is_running:
        raise rules.WrongBatchState(state=batch.state_title)
    counts = loading.load(batch, chunk)
    for name, count in asdict(counts).items():
        setattr(batch, name, getattr(batch, name) + count)
    batch.done += 1
    batch.save(update_fields=["done", *asdict(counts)])
    audit.record(Event.LOADED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, sha256=batch.sha256,
                 chunk=chunk.number, **asdict(counts))
    if batch.done >= batch.chunks:
        batch.ended_at = at
        _move(batch, BatchState.DONE, "ended_at")
        audit.record(Event.DONE, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, sha256=batch.sha256,
                     rows=batch.rows, loaded=batch.loaded, joined=batch.joined, same=batch.same, aside=batch.aside)
    return batch


@operation
def pause(*, batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """Let it rest after the chunk that is being loaded; :func:`start` goes on.

    :raises access.Forbidden, rules.UnknownBatch: as :func:`start`.
    :raises rules.WrongBatchState: it does not run.
    """
    batch = _lock(batch_id, actor, at)
    _move(batch, BatchState.PAUSED)
    audit.record(Event.PAUSED, subject=batch, actor=actor, at=at, unit_id=batch.unit_id, done=batch.done)
    return batch


@operation
def withdraw(*, batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """Give up a file of which nothing was loaded.

    :raises access.Forbidden, rules.UnknownBatch: as :func:`start`.
    :raises rules.WrongBatchState: it has been started.
    """
    batch = _lock(batch_id, actor, at)
    _move(batch, BatchState.WITHDRAWN)
    audit.record(Event.WITHDRAWN, subject=batch, actor=actor, at=at, unit_id=batch.unit_id)
    return batch


def _require(actor: Actor, unit_id: int, at: datetime) -> None:
    """What the platform's own commands do, its operators answer for."""
    if actor.kind is not ActorKind.SYSTEM:
        access.require(actor, Permission.MANAGE, unit_id=unit_id, on=localdate(at))


def _lock(batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """:raises rules.UnknownBatch, access.Forbidden: there is none, or it is not the actor's to touch."""
    found = Batch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if found is None:
        raise rules.UnknownBatch()
    _require(actor, found.unit_id, at)
    return found


def _move(batch: Batch, state: BatchState, *columns: str) -> None:
    """:raises rules.WrongBatchState: there is no such edge."""
    if (BatchState(batch.state), state) not in rules.EDGES:
        raise rules.WrongBatchState(state=batch.state_title)
    batch.state = state
    batch.save(update_fields=["state", *columns])
