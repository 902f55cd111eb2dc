"""Gapless legal numbers per kind of book, office, book and year: reserve, confirm, void with the reason.

Plain functions for use inside an operation. Whoever reserves holds the series' row until the transaction ends: keep
nothing slow in it, and take from several series always in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Conflict, Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.integrity import constraint_means
from tuphap.shared.orgs import api as orgs
from tuphap.shared.plug import Registry

from .models import Number, Series

__all__ = [
    "AlreadyStarted", "AlreadyTaken", "Gap", "Number", "NumberSeries", "ReasonRequired", "Settled", "bind", "confirm",
    "first_of", "gaps", "lines", "reserve", "series_kinds", "start_from", "void",
]


class Settled(Conflict):
    """The number is not waiting any more: it was confirmed or voided before."""

    code = "numbering.settled"
    message_vi = "Số này đã được vào sổ hoặc đã hủy, không thể thay đổi."


class AlreadyStarted(Conflict):
    """The series has given numbers; where it starts cannot be changed any more."""

    code = "numbering.already_started"
    message_vi = "Sổ đã cấp số trong năm, không thể đổi số bắt đầu."


class AlreadyTaken(Conflict):
    """Two would have had the same number; the database allowed one of them."""

    code = "numbering.number_taken"
    message_vi = "Số này đã được cấp, vui lòng thực hiện lại."


class ReasonRequired(Refusal):
    """A number is not given up without saying why."""

    code = "numbering.reason_required"
    message_vi = "Vui lòng nêu lý do không dùng số."


constraint_means("numbering_number_final", Settled)
constraint_means("numbering_number_once", AlreadyTaken)


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """A kind of book that a module numbers (``"civil_status.birth"``); ``title`` is the book's Vietnamese name."""

    code: str
    title: str

    def install(self) -> None:
        series_kinds.add(self.code, self)


@dataclass(frozen=True, slots=True)
class Gap:
    """A number below the next one that no act bears: ``void`` with its reason, or missing (which must never be)."""

    value: int
    is_missing: bool
    reason: str = ""


series_kinds: Registry[NumberSeries] = Registry("number series")


def reserve(
    series: str, *, unit_id: int, year: int, actor: Actor, at: datetime, subject: models.Model | None = None,
    book: str = "",
) -> Number:
    """Take the next number; it becomes real when the transaction commits, and returns to the next taker if not.

    :param series: code of a declared :class:`NumberSeries`.
    :raises orgs.UnitClosed: the office does not exist on this day.
    :raises LookupError: no module has declared the series.
    :raises RuntimeError: outside a transaction.
    """
    del actor  # the caller's audit entry names who took it
    orgs.require_open(orgs.OrgUnit.objects.get(pk=unit_id), on=localdate(at))
    row = _locked(series, unit_id, year, book)
    number = Number.objects.create(
        series=row, value=row.next, reserved_at=at,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
    )
    row.next += 1
    row.save(update_fields=["next"])
    return number


def bind(number: Number, *, subject: models.Model) -> Number:
    """Say which row bears the number, where it did not exist yet when the number was taken. Once.

    :raises Settled: the number belongs to another row.
    """
    number.subject_type, number.subject_id = subject._meta.label_lower, str(subject.pk)
    taken = Number.objects.filter(pk=number.pk).filter(
        models.Q(subject_id="") | models.Q(subject_type=number.subject_type, subject_id=number.subject_id)
    ).update(subject_type=number.subject_type, subject_id=number.subject_id)
    if not taken:
        raise Settled()
    return number


def confirm(number: Number, *, actor: Actor, at: datetime) -> Number:
    """The act is signed and stands in the book under this number.

    :raises Settled: it was confirmed or voided before.
    """
    del actor
    return _settle(number, Number.State.CONFIRMED, at=at)


def void(number: Number, *, reason: str, actor: Actor, at: datetime) -> Number:
    """Give the number up. Its line stays in the book with the reason, and nobody gets it again.

    :raises ReasonRequired: no reason given.
    :raises Settled: it was confirmed or voided before.
    """
    reason = tidy(reason)[:300]
    if not reason:
        raise ReasonRequired(field="reason")
    settled = _settle(number, Number.State.VOID, at=at, reason=reason)
    audit.record(
        "numbering.voided", subject=settled, actor=actor, at=at, unit_id=settled.series.unit_id,
        series=settled.series.code, number=settled.display, reason=reason,
    )
    return settled


def start_from(
    series: str, *, unit_id: int, year: int, first: int, actor: Actor, at: datetime, book: str = ""
) -> Series:
    """An office that comes in mid-year goes on from its paper book: the next number is ``first``.

    :raises AlreadyStarted: numbers of this year have been given here.
    :raises ValueError: ``first`` is below 1.
    """
    if first < 1:
        raise ValueError("numbers begin at 1")
    row = _locked(series, unit_id, year, book)
    if row.next != row.first:
        raise AlreadyStarted()
    row.first = row.next = first
    row.save(update_fields=["first", "next"])
    audit.record(
        "numbering.started", subject=row, actor=actor, at=at, unit_id=unit_id, series=series, year=year, book=book,
        first=first,
    )
    return row


def first_of(series: str, *, unit_id: int, year: int, book: str = "") -> int | None:
    """The number with which this year began here; None where none was given and no beginning was set."""
    return Series.objects.filter(code=series, unit_id=unit_id, year=year, book=book).values_list(
        "first", flat=True).first()


def lines(series: str, *, unit_id: int, year: int, book: str = "") -> QuerySet[Number]:
    """Every number given so far in its order, used or void."""
    return Number.objects.filter(
        series__code=series, series__unit_id=unit_id, series__year=year, series__book=book
    ).select_related("series").order_by("value")


def gaps(series: str, *, unit_id: int, year: int, book: str = "") -> list[Gap]:
    """The numbers that no act bears. A missing one means that rows were removed behind the platform's back."""
    row = Series.objects.filter(code=series, unit_id=unit_id, year=year, book=book).first()
    return [] if row is None else list(_gaps(row))


def _gaps(row: Series) -> Iterator[Gap]:
    given = {n.value: n for n in row.numbers.all()}
    for value in range(row.first, row.next):
        number = given.get(value)
        if number is None:
            yield Gap(value, is_missing=True)
        elif number.state == Number.State.VOID:
            yield Gap(value, is_missing=False, reason=number.reason)


def _locked(series: str, unit_id: int, year: int, book: str) -> Series:
    """The series' row, made if need be, held until the transaction ends."""
    if series not in series_kinds:
        raise LookupError(f"no number series {series!r} is declared")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("numbers are taken in the transaction of the act that bears them")
    key = {"code": series, "unit_id": unit_id, "year": year, "book": book}
    row = Series.objects.select_for_update().filter(**key).first()
    if row is None:
        Series.objects.bulk_create([Series(**key)], ignore_conflicts=True)  # a second maker waits here for the first
        row = Series.objects.select_for_update().get(**key)
    return row


def _settle(number: Number, state: Number.State, *, at: datetime, reason: str = "") -> Number:
    current = Number.objects.select_for_update(of=("self",)).select_related("series").get(pk=number.pk)
    if current.state != Number.State.RESERVED:
        raise Settled()
    current.state, current.settled_at, current.reason = state, at, reason
    current.save(update_fields=["state", "settled_at", "reason"])
    number.state, number.settled_at, number.reason = current.state, at, reason
    return current
