"""The timers: each looks for what is due and calls one operation for each dossier, so that a failure stands alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, Event, State
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import operations
from .rules import RECOMPUTE

TIMERS = system_actor("timers")
log = logging.getLogger(__name__)
_MOST = 1000  # of one run; the next run takes the rest


@app.periodic(cron="*/15 * * * *")
@app.task(name="one_stop_shop.stop_unanswered", queue="timers", queueing_lock="one_stop_shop.stop_unanswered")
def stop_unanswered(timestamp: int = 0) -> int:
    """Stop what was to be supplemented and was not, in time."""
    at = now()
    due = Dossier.objects.filter(supplement_due_at__lt=at).exclude(state__in=dossiers.TERMINAL)
    return _for_each(due, at, lambda pk: operations.stop_unanswered(dossier_id=pk, actor=TIMERS, at=at))


@app.periodic(cron="40 1 * * *")
@app.task(name="one_stop_shop.close_returned", queue="timers", queueing_lock="one_stop_shop.close_returned")
def close_returned(timestamp: int = 0) -> int:
    """Close what was handed out long enough ago."""
    at = now()
    days = dossiers.parameter("close_days", on=localdate(at))
    due = dossiers.with_originals(
        Dossier.objects.filter(state=State.RETURNED, returned_at__lt=at - timedelta(days=days))
    )
    return _for_each(due, at, lambda pk: operations.close_returned(dossier_id=pk, actor=TIMERS, at=at))


@app.periodic(cron="10 0 * * *")
@app.task(name="one_stop_shop.follow_successors", queue="timers", queueing_lock="one_stop_shop.follow_successors")
def follow_successors(timestamp: int = 0) -> int:
    """Hand open dossiers of offices that are no more over to the offices that followed them."""
    at = now()
    on = localdate(at)
    open_ones = Dossier.objects.filter(Q(state__in=dossiers.OPEN), resolving_unit__valid_to__lte=on)
    moved = 0
    closed = set(open_ones.order_by().values_list("resolving_unit_id", flat=True))
    for office in OrgUnit.objects.filter(pk__in=closed, successor__isnull=False).order_by("pk"):
        heir = orgs.current(office, on=on)
        moved += _for_each(
            open_ones.filter(resolving_unit=office).exclude(state=State.AWAITING_SIGNATURE), at,
            lambda pk, heir=heir: operations.move_to_successor(  # type: ignore[misc]
                dossier_id=pk, to_unit_id=heir.pk, actor=TIMERS, at=at
            ),
        )
    return moved


@app.task(name=RECOMPUTE, queue="reactions")
def recompute_open(entry_id: int = 0) -> int:
    """The working calendar has changed: count the due dates of open dossiers anew, and of no others."""
    at = now()
    open_ones = Dossier.objects.filter(state__in=dossiers.IN_HAND)
    pks = list(open_ones.order_by("received_at", "pk").values_list("pk", flat=True))
    before = Event.objects.filter(action=Action.RECOMPUTE).count()
    for pk in pks:
        _try(pk, at, lambda pk: operations.recompute_due(
            dossier_id=pk, reason="Lịch làm việc thay đổi.", actor=TIMERS, at=at
        ))
    return Event.objects.filter(action=Action.RECOMPUTE).count() - before


def _for_each(due: QuerySet[Dossier], at: datetime, act: Callable[[UUID], Any]) -> int:
    done = 0
    for pk in due.order_by("created_at", "pk").values_list("pk", flat=True)[:_MOST]:
        done += _try(pk, at, act)
    return done


def _try(pk: UUID, at: datetime, act: Callable[[UUID], Any]) -> bool:
    """Do it for one dossier; what the rules refuse is noted and stands alone."""
    try:
        act(pk)
    except Refusal as refusal:
        log.warning("timer at %s: dossier %s: %s", at, pk, refusal.code)
        return False
    return True
