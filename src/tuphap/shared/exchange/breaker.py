"""The circuit breakers as rows: asked before a call, told after it. Short transactions, one row for each service."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from .models import Lane, ServiceState
from .rules import Breaker, BreakerState

_STAMP_EVERY = timedelta(seconds=5)  # how exactly the last success is told


def state_of(service: str) -> ServiceState:
    """The service's row, or what it would say: all well, never spoken with."""
    return ServiceState.objects.filter(pk=service).first() or ServiceState(service=service)


def may_call(service: str, at: datetime) -> tuple[bool, datetime | None]:
    """Whether a call may go now; if not, when to ask again. Half open, one asker alone gets a yes."""
    if state_of(service).state == BreakerState.CLOSED:
        return True, None
    with transaction.atomic():
        row = ServiceState.objects.select_for_update().get(pk=service)
        permitted, after = _breaker(row).ask(at)
        _keep(row, after, at)
        return permitted, row.until


def succeeded(service: str, at: datetime) -> None:
    """The service has answered: the breaker closes, and whatever waited for it comes up."""
    row = state_of(service)
    is_well = row.state == BreakerState.CLOSED and row.failures == 0
    if is_well and row.last_success_at is not None and at - row.last_success_at < _STAMP_EVERY:
        return
    with transaction.atomic():
        row = _locked(service)
        was_closed = row.state == BreakerState.CLOSED
        row.last_success_at = at
        _keep(row, _breaker(row).succeeded(), at)
        if not was_closed:
            wake(service, at)


def failed(service: str, code: str, at: datetime) -> bool:
    """The service did not answer, or nonsense; whether the breaker is open now."""
    with transaction.atomic():
        row = _locked(service)
        row.last_failure_at, row.last_failure = at, code
        _keep(row, _breaker(row).failed(at), at)
        return row.state == BreakerState.OPEN


def reset(service: str, at: datetime) -> bool:
    """Close the breaker by hand; whether it was not closed before."""
    row = _locked(service)
    was_closed = row.state == BreakerState.CLOSED
    _keep(row, Breaker(), at)
    wake(service, at)
    return not was_closed


def wake(service: str, at: datetime) -> None:
    """Let the lanes that waited for this service be looked at now."""
    Lane.objects.filter(service=service, waits_for_service=True).update(due_at=at, waits_for_service=False)


def _locked(service: str) -> ServiceState:
    ServiceState.objects.bulk_create([ServiceState(service=service)], ignore_conflicts=True)
    return ServiceState.objects.select_for_update().get(pk=service)


def _breaker(row: ServiceState) -> Breaker:
    return Breaker(BreakerState(row.state), row.failures, row.trips, row.until)


def _keep(row: ServiceState, after: Breaker, at: datetime) -> None:
    if row.state != after.state:
        row.changed_at = at
    row.state, row.failures, row.trips, row.until = after.state, after.failures, after.trips, after.until
    row.save()
