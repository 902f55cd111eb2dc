"""The writes of the law: one verb each; every change is told to the history with what was before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.api import Procedure, ProcedureParameter, law
from tuphap.shared.operation.api import constraint_means, operation

from .. import rules
from ..models import Decree, LawChange
from ..operations import require_provincial, set_calendar_day
from ..rules import ChangeKind, Event, Permission

constraint_means("administration_decree_once", rules.DecreeKnown)
constraint_means("administration_decree_days", rules.DecreeDays)


@operation
def enter_decree(
    *, number: str, issuer: str, title: str, issued_on: date, effective_on: date, actor: Actor, at: datetime
) -> Decree:
    """Enter a document under which changes are then made.

    :raises access.Forbidden: the catalogue is one for the province; only who manages it province-wide changes it.
    :raises DecreeKnown: it was entered before.
    :raises DecreeDays: in force before it was issued.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    number, issuer = tidy(number)[:60], tidy(issuer)[:150]
    if Decree.objects.filter(number=number, issuer=issuer).exists():
        raise rules.DecreeKnown()
    decree = Decree.objects.create(
        number=number, issuer=issuer, title=tidy(title)[:500], issued_on=issued_on, effective_on=effective_on,
        entered_at=at, entered_by=actor.name[:200],
    )
    audit.record(Event.DECREE_ENTERED, subject=decree, actor=actor, at=at, number=number, effective=str(effective_on))
    return decree


@operation
def enact_version(
    *, code: str, text: law.ProcedureText, first: date, actor: Actor, at: datetime, decree_id: int | None = None
) -> Procedure:
    """Let a new version of a procedure hold from a day on. Dossiers received before keep the one of their receipt.

    :raises access.Forbidden: as for :func:`enter_decree`.
    :raises NoSuchDecree: no such document.
    :raises law.VersionOverlaps, law.LawInThePast, law.NothingChanged: see ``law.enact``.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    decree = _decree(decree_id)
    enacted = law.enact(code=code, text=text, first=first, source=_source(actor, decree), at=at)
    before = law.text_of(enacted.old) if enacted.old else None
    _note(
        ChangeKind.VERSION, code, text.name, first, law.changes(before, text), decree=decree, actor=actor, at=at
    )
    return enacted.new


@operation
def introduce_procedure(
    *, code: str, text: law.ProcedureText, first: date, actor: Actor, at: datetime, decree_id: int | None = None
) -> Procedure:
    """Enter a procedure that the catalogue does not know.

    :raises access.Forbidden: as for :func:`enter_decree`.
    :raises NoSuchDecree: no such document.
    :raises law.BadProcedureCode, law.ProcedureExists: see ``law.introduce``.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    decree = _decree(decree_id)
    new = law.introduce(code=code, text=text, first=first, source=_source(actor, decree))
    _note(ChangeKind.NEW, code, text.name, first, law.changes(None, text), decree=decree, actor=actor, at=at)
    return new


@operation
def withdraw_procedure(
    *, code: str, first: date, reason: str, actor: Actor, at: datetime, decree_id: int | None = None
) -> Procedure:
    """Let a procedure hold no more from a day on; dossiers received before are still resolved.

    :raises access.Forbidden: as for :func:`enter_decree`.
    :raises ReasonRequired: neither a reason nor a document.
    :raises NoSuchDecree: no such document.
    :raises law.VersionOverlaps, law.LawInThePast: see ``law.withdraw``.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    decree, why = _decree(decree_id), tidy(reason)[:300]
    if decree is None and not why:
        raise rules.ReasonRequired()
    ended = law.withdraw(code=code, first=first, at=at)
    said = [law.Change("Hiệu lực", "Đang có hiệu lực", why or f"Bãi bỏ theo {decree}")]
    _note(ChangeKind.WITHDRAWAL, code, ended.name, first, said, decree=decree, actor=actor, at=at)
    return ended


@operation
def set_parameter(
    *, code: str, value: int, first: date, basis: str, actor: Actor, at: datetime, decree_id: int | None = None
) -> ProcedureParameter:
    """Give a number of the one-stop rules another value from a day on.

    :raises access.Forbidden: as for :func:`enter_decree`.
    :raises ReasonRequired: neither a basis nor a document.
    :raises NoSuchDecree: no such document.
    :raises law.UnknownParameter, law.FirstDayPast, law.VersionOverlaps, law.NothingChanged: see ``law.set_parameter``.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    decree = _decree(decree_id)
    basis = tidy(basis)[:300] or (decree.cited[:300] if decree else "")
    if not basis:
        raise rules.ReasonRequired(field="basis")
    made = law.set_parameter(code=code, value=value, first=first, basis=basis, at=at)
    said = [law.Change("Giá trị", f"{made.old.value} {made.old.unit}", f"{made.new.value} {made.new.unit}"),
            law.Change("Căn cứ", made.old.legal_basis, basis)]
    _note(ChangeKind.PARAMETER, code, made.new.title, first, said, decree=decree, actor=actor, at=at)
    return made.new


@operation
def set_day(
    *, decree_id: int, day: date, kind: calendar.DayKind, note: str, actor: Actor, at: datetime,
    switched_on: bool = True,
) -> int:
    """Say under a document what one day is in the calendar; open dossiers are counted anew after the commit.

    :raises access.Forbidden: neither the catalogue nor the calendar is the actor's to change province-wide.
    :raises NoSuchDecree: no such document.
    :raises AlreadySo: the calendar says just this.
    """
    require_provincial(actor, Permission.PROCEDURES, on=localdate(at))
    decree = _decree(decree_id)
    if decree is None:
        raise rules.NoSuchDecree()
    before = next(iter(calendar.history(day)), None)
    version = set_calendar_day(
        day=day, kind=kind, source_document=decree.cited[:200], note=note, switched_on=switched_on, actor=actor, at=at
    )
    old = before.get_kind_display() if before is not None and before.switched_on else "Ngày thường"
    said = [law.Change("Loại ngày", old, kind.label if switched_on else "Ngày thường")]
    _note(ChangeKind.DAY, day.isoformat(), tidy(note)[:300] or f"Ngày {day:%d/%m/%Y}", day, said, decree=decree,
          actor=actor, at=at)
    return version


def _note(
    kind: ChangeKind, subject: str, title: str, first: date, said: Iterable[law.Change], *, decree: Decree | None,
    actor: Actor, at: datetime,
) -> None:
    """Keep what was changed in the history and in the log."""
    told: list[dict[str, Any]] = [{"label": c.label, "old": c.old, "new": c.new} for c in said]
    change = LawChange.objects.create(
        decree=decree, kind=kind, subject=subject, title=title, effective_on=first, changes=told, made_at=at,
        made_by=actor.name[:200],
    )
    audit.record(
        Event.LAW_CHANGED, subject=change, actor=actor, at=at, kind=str(kind), what=subject, effective=str(first),
        decree=decree.number if decree else "", changed=[c["label"] for c in told][:60],
    )


def _decree(decree_id: int | None) -> Decree | None:
    """:raises NoSuchDecree: no such document."""
    if decree_id is None:
        return None
    decree = Decree.objects.filter(pk=decree_id).first()
    if decree is None:
        raise rules.NoSuchDecree(field="decree")
    return decree


def _source(actor: Actor, decree: Decree | None) -> str:
    """Where a version comes from, as its row tells."""
    return f"{actor.name} nhập theo {decree.number}"[:200] if decree else f"{actor.name} nhập"[:200]
