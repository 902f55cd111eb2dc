"""Approved entries go into the register: a book at a time, in the background, some dozens in one transaction.

Each entry is tried by itself with every check of the register. One that it does not take stays approved with the typed
reason, and the others go on. A job that is broken off is taken up after the last entry that it had looked at.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .. import rules
from ..models import Entry, Job
from ..rules import Event, JobKind, Permission, State
from .rows import lock_book, move, person

TASK = "digitisation.transfer"


@operation
def begin_transfer(*, book_id: int, actor: Actor, at: datetime) -> Job:
    """Let a book's approved entries go into the register; a worker does it, and the job tells how far it is.

    Those that the register did not take before are tried again.

    :raises access.Forbidden: the actor neither manages nor approves in that office.
    :raises rules.NothingToDo: nothing is approved there.
    :raises rules.JobRuns: it is going on.
    """
    from procrastinate.contrib.django import app

    book = lock_book(book_id)
    if not access.may(actor, Permission.APPROVE, unit_id=book.unit_id, on=localdate(at)):
        access.require(actor, Permission.MANAGE, unit_id=book.unit_id, on=localdate(at))
    if Job.objects.filter(kind=JobKind.TRANSFER, book=book, ended_at__isnull=True).exists():
        raise rules.JobRuns()
    ready = book.entries.filter(state=State.APPROVED)
    total = ready.count()
    if not total:
        raise rules.NothingToDo()
    job = Job.objects.create(kind=JobKind.TRANSFER, unit=book.unit, book=book, total=total, by_id=person(actor),
                             by_name=actor.name[:200], begun_at=at)
    audit.record(Event.TRANSFER_BEGUN, subject=book, actor=actor, at=at, unit_id=book.unit_id, job=job.pk,
                 entries=total, last=ready.aggregate(last=Max("pk"))["last"])
    app.configure_task(TASK, queue="digitisation", lock=f"digitisation-{book.pk}").defer(job_id=job.pk)
    return job


@operation
def transfer_some(*, job_id: int, actor: Actor, at: datetime) -> bool:
    """Enter the next entries of a job in the register; answers whether there are more.

    :raises rules.UnknownBook: there is no such job.
    """
    job = Job.objects.select_for_update(of=("self",)).select_related("book__unit").filter(pk=job_id).first()
    if job is None or job.book is None:
        raise rules.UnknownBook()
    if job.ended_at is not None:
        return False
    batch = list(
        Entry.objects.select_for_update(of=("self",)).select_related("book__unit", "keyer")
        .filter(book=job.book, state=State.APPROVED, pk__gt=job.after).order_by("pk")[: rules.TRANSFER_BATCH]
    )
    entered, held = list[int](), dict[str, int]()
    for entry in batch:
        try:
            act = _enter(entry, actor=actor, at=at)
        except Denied:
            raise
        except Refusal as refusal:
            entry.refused, entry.refused_why = refusal.code[:60], refusal.message[:400]
            entry.save(update_fields=["refused", "refused_why"])
            held[refusal.code] = held.get(refusal.code, 0) + 1
        else:
            move(entry, State.TRANSFERRED, act=act, transferred_at=at, refused="", refused_why="")
            entered.append(entry.pk)
    job.done += len(entered)
    job.failed += sum(held.values())
    more = len(batch) == rules.TRANSFER_BATCH
    if batch:
        job.after = batch[-1].pk
    if not more:
        job.ended_at = at
    job.save(update_fields=["done", "failed", "after", "ended_at"])
    audit.record(Event.TRANSFERRED, subject=job.book, actor=actor, at=at, unit_id=job.book.unit_id, job=job.pk,
                 entered=len(entered), held=held)
    return more


def _enter(entry: Entry, *, actor: Actor, at: datetime) -> register.Act:
    """:raises Refusal: the register does not take it."""
    book = entry.book
    assert entry.registered_on is not None  # from KEYED on the database holds that it is known
    line = register.Line(
        book.office_name, book.stands_for, book.year, book.volume, f"{entry.number:02d}{entry.number_suffix}",
        entry.registered_on,
    )
    _, last = rules.book_days(opened_on=book.opened_on, closed_on=book.closed_on, year=book.year)
    in_time = book.closed_on is not None and entry.registered_on <= last
    return register.enter_digitised(
        digitised=register.Digitised(
            what=entry.what, unit=book.unit, line=line, content=entry.content, notes=entry.notes,
            key=f"{book}.{entry.display_number}", keyer_id=entry.keyer_id,
            keyer_name=entry.keyer.full_name if entry.keyer is not None else f"Nhập từ {entry.source}",
            day_reason=f"Sổ dùng đến ngày {last:%d/%m/%Y} theo danh mục số hóa." if in_time else "",
            duplicate_reason=entry.duplicate_reason,
        ),
        actor=actor, at=at,
    )


@operation
def set_matched(*, act_id: UUID, actor: Actor, at: datetime) -> int:
    """An act that came of an entry has been matched with the population database; answers how many entries moved."""
    entry = Entry.objects.select_for_update(of=("self",)).select_related("book").filter(
        act_id=act_id, state=State.TRANSFERRED).first()
    if entry is None:
        return 0  # no entry of ours, or matched already
    move(entry, State.MATCHED, matched_at=at)
    audit.record(Event.MATCHED, subject=entry, actor=actor, at=at, unit_id=entry.book.unit_id, act=str(act_id))
    return 1
