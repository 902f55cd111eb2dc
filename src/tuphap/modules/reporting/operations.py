"""What reporting writes: a report from its first count to its lock, what is amended, and the forms themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Invalid, Problem
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.notices import api as notices
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import counting, layout, papers, queries, rules
from .layout import Group
from .models import CountedGroup, Form, Included, Report, StepTaken
from .rules import Event, Level, Permission, State

SIGNING_SYSTEM = "Hệ thống ký số"  # what moves a report without a person

# --- A commune's report -----------------------------------------------------------------------------------------------


@operation
def begin(*, form: str, unit_id: int, period: str, actor: Actor, at: datetime) -> Report:
    """Count an office's records after a form for a period: a draft. For a closed office, its successor does.

    :raises rules.UnknownPeriod, rules.UnknownUnit, rules.FormNotInForce: as they say.
    :raises access.Forbidden: the actor prepares no reports there.
    :raises rules.PeriodNotOver: what is to be counted has not all happened.
    :raises rules.ReportExists: there is one.
    """
    access.require_anywhere(actor, Permission.PREPARE, on=localdate(at))
    today, wanted = localdate(at), rules.period(period)
    unit = OrgUnit.objects.select_related("admin_unit").filter(pk=unit_id, kind=OrgUnit.Kind.COMMUNE).first()
    if unit is None:
        raise rules.UnknownUnit()
    access.require(actor, Permission.PREPARE, unit_id=orgs.current(unit, on=today).pk, on=today)
    days = rules.days_within(wanted, unit.valid_from, unit.valid_to)
    if days is None:
        raise rules.UnknownUnit()
    used = queries.form_in_force(form, wanted)
    if today <= wanted.cut_off:
        raise rules.PeriodNotOver(cut_off=f"{wanted.cut_off:%d/%m/%Y}")
    if queries.latest(used, unit, wanted) is not None:
        raise rules.ReportExists()
    report = _new(used, unit, wanted, Level.COMMUNE, days, actor=actor, at=at)
    _count(report, actor=actor, at=at)
    _note(report, Event.BEGUN, actor=actor, at=at)
    return report


@operation
def recount(*, report_id: UUID, actor: Actor, at: datetime) -> Report:
    """Count anew while the report is being made: records, or for a summary the reports that are accepted.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or not being made.
    :raises access.Forbidden: the actor does not prepare it.
    """
    report = _being_made(report_id, actor, at)
    if report.is_summary:
        _gather(report, actor=actor, at=at)
    else:
        _count(report, actor=actor, at=at)
    _note(report, Event.RECOUNTED, actor=actor, at=at)
    return report


@operation
def fill(
    *, report_id: UUID, typed: Mapping[str, int], explanations: Mapping[str, str], confirmed_zero: bool, actor: Actor,
    at: datetime,
) -> Report:
    """Put what cannot be counted: the rest of a period that is not over, rows without a source, explanations.

    :param typed: a number a cell (``row/column``); cells that are left out stay as they are.
    :raises rules.UnknownReport, rules.PeriodLocked: none, or not being made.
    :raises access.Forbidden: the actor does not prepare it.
    :raises rules.NotCounted: a figure that the platform counts was typed.
    :raises rules.NoSuchCell: the form has none of this name.
    """
    report = _being_made(report_id, actor, at)
    _put(report, typed, explanations, confirmed_zero=confirmed_zero, actor=actor, at=at)
    return report


def _put(
    report: Report, typed: Mapping[str, int], explanations: Mapping[str, str], *, confirmed_zero: bool, actor: Actor,
    at: datetime,
) -> None:
    lay, put = report.form.lay, dict(report.typed)
    known, free = {layout.key_of(cell): cell for cell in lay.cells()}, lay.typed()
    for key, number in typed.items():
        cell = known.get(key)
        if cell is None:
            raise rules.NoSuchCell(cell=key[:60], field=f"typed.{key[:60]}")
        if report.is_summary or (cell not in free and not report.is_estimate):
            if number == put.get(key, 0):
                continue
            raise rules.NotCounted(cell=lay.name(cell), field=layout.field_of(cell))
        put[key] = number
    report.typed = {key: number for key, number in put.items() if number}
    told = {**report.explanations, **{code: tidy(text)[:500] for code, text in explanations.items()}}
    asked = {doubt.code for doubt in queries.doubts(report)}  # with what was typed just now
    report.explanations = {code: text for code, text in told.items() if code in asked}
    report.confirmed_zero = confirmed_zero
    report.save(update_fields=["typed", "explanations", "confirmed_zero"])
    _note(report, Event.FILLED, actor=actor, at=at, typed=report.typed)


@operation
def propose(
    *, report_id: UUID, actor: Actor, at: datetime, typed: Mapping[str, int] | None = None,
    explanations: Mapping[str, str] | None = None, confirmed_zero: bool | None = None,
) -> Report:
    """Put a report before the leader: its sums come out, and what has changed much is explained.

    What :func:`fill` takes may be given at once: with a report that is refused, nothing of it is kept.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or not being made.
    :raises access.Forbidden: the actor does not prepare it.
    :raises Invalid: everything that is wrong with it, each beside its cell.
    :raises rules.NotCounted, rules.NoSuchCell: as :func:`fill`.
    """
    report = _being_made(report_id, actor, at)
    if typed is not None or explanations is not None or confirmed_zero is not None:
        zero = report.confirmed_zero if confirmed_zero is None else confirmed_zero
        _put(report, typed or {}, explanations or {}, confirmed_zero=zero, actor=actor, at=at)
    problems = queries.problems(report)
    if problems:
        raise Invalid(tuple(Problem(field=p.field, code=p.code, message=p.message) for p in problems))
    _move(report, State.READY, actor=actor, at=at)
    _note(report, Event.PROPOSED, actor=actor, at=at)
    return report


@operation
def send_back(*, report_id: UUID, reason: str, actor: Actor, at: datetime) -> Report:
    """The leader does not sign: back to who prepares it.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or none that waits for the leader.
    :raises access.Forbidden: the actor does not sign for this office.
    :raises rules.ReasonRequired: no reason.
    """
    report = _lock(report_id)
    _require(report, Permission.SIGN, actor, at)
    why = _reason(reason)
    _in_state(report, State.READY)
    if report.document is not None and report.reserved is not None:  # a signing that failed: paper and number are void
        documents.void(report.document, reason=why, actor=actor, at=at)
        numbering.void(report.reserved, reason=why, actor=actor, at=at)
    _move(report, State.DRAFT, actor=actor, at=at, note=why, document=None, reserved=None, failure="")
    _note(report, Event.SENT_BACK, actor=actor, at=at, reason=why)
    notices.send(template="reporting.sent_back", to_user_id=report.made_by_id, actor=actor, at=at,
                 form=report.code, period=report.period.title)
    return report


@operation
def approve(*, report_id: UUID, actor: Actor, at: datetime) -> Report:
    """The leader signs: the report takes its number and goes to be signed; a signing that failed is tried again.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or none that waits for the leader.
    :raises access.Forbidden: the actor does not sign for this office.
    """
    report = _lock(report_id)
    today, office = localdate(at), _require(report, Permission.SIGN, actor, at)
    _in_state(report, State.READY)
    signer = User.objects.get(pk=actor.user_id or "")
    if report.document is not None:
        _move(report, State.SIGNING, actor=actor, at=at, failure="")
        documents.retry(report.document, actor=actor, at=at)
        _note(report, Event.SIGNING_RETRIED, actor=actor, at=at, number=report.number)
        return report
    report.signer, report.signer_name, report.signer_title = signer, signer.full_name, signer.title
    report.reserved = numbering.reserve(
        rules.SERIES, unit_id=office.pk, year=today.year, actor=actor, at=at, subject=report
    )
    document = documents.request(
        template=rules.TEMPLATE, data=papers.facts(report, office=office, on=today), subject=report,
        unit_id=office.pk, signer_id=signer.pk, outcome=rules.SIGNING_OUTCOME, actor=actor, at=at,
        register_line={"number": report.number, "book": "", "date": today.isoformat(),
                       "kind": f"Báo cáo thống kê, biểu {report.code}"},
    )
    _move(report, State.SIGNING, actor=actor, at=at, document=document, signer=signer, signer_name=signer.full_name,
          signer_title=signer.title, reserved=report.reserved)
    _note(report, Event.APPROVED, actor=actor, at=at, number=report.number)
    return report


@operation
def enter_signed(
    *, document: documents.Document, signed: documents.SignedDocument, actor: Actor, at: datetime
) -> Report:
    """The paper is signed and sealed: the report is sent, a summary is locked with its parts. Called by the job."""
    report = _lock_for(document)
    if report.state != State.SIGNING:
        return report
    documents.attach(document, signed, actor=actor, at=at)
    assert report.reserved is not None  # taken when it was approved
    numbering.confirm(report.reserved, actor=actor, at=at)
    if report.is_summary:
        _move(report, State.LOCKED, actor=actor, at=at, sent_at=at)
        parts = Report.objects.select_for_update(of=("self",)).filter(
            summaries__summary=report, state=State.AGGREGATED).order_by("pk")
        for part in parts:
            _move(part, State.LOCKED, actor=actor, at=at)
        _note(report, Event.LOCKED, actor=actor, at=at, number=report.number)
        if report.amends_id is not None:
            _give_way(_lock(report.amends_id), report, actor=actor, at=at)
    else:
        _move(report, State.SUBMITTED, actor=actor, at=at, sent_at=at)
        _note(report, Event.SUBMITTED, actor=actor, at=at, number=report.number)
    return report


@operation
def signing_failed(*, document: documents.Document, reason: str, actor: Actor, at: datetime) -> Report:
    """The signer gave up; the number stays, and the leader tries again or sends the report back."""
    report = _lock_for(document)
    if report.state != State.SIGNING:
        return report
    _move(report, State.READY, actor=actor, at=at, note=reason[:500], failure=reason[:500])
    _note(report, Event.SIGNING_FAILED, actor=actor, at=at, number=report.number, reason=reason[:200])
    notices.send(template="reporting.signing_failed", to_user_id=report.signer_id, actor=actor, at=at,
                 form=report.code, period=report.period.title)
    return report


# --- The department's check -------------------------------------------------------------------------------------------


@operation
def accept(*, report_id: UUID, actor: Actor, at: datetime) -> Report:
    """Take a commune's report in. One that amends another takes its place, in every summary that counted the other.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or none that waits to be checked.
    :raises access.Forbidden: the actor does not check this office's reports.
    :raises rules.SelfCheck: the actor made or signed it.
    """
    report = _lock(report_id)
    _require(report, Permission.CHECK, actor, at)
    _not_own(report, actor)
    _in_state(report, State.SUBMITTED)
    _move(report, State.ACCEPTED, actor=actor, at=at)
    _note(report, Event.ACCEPTED, actor=actor, at=at)
    if report.amends_id is not None:
        _take_the_place_of(report.amends_id, report, actor=actor, at=at)
    return report


@operation
def return_to_office(*, report_id: UUID, reason: str, actor: Actor, at: datetime) -> Report:
    """Give a commune's report back to be mended; its paper is cancelled in the register, its number stays used.

    :raises rules.UnknownReport, rules.PeriodLocked: none, or none that waits to be checked.
    :raises access.Forbidden: the actor does not check this office's reports.
    :raises rules.SelfCheck: the actor made or signed it.
    :raises rules.ReasonRequired: no reason.
    """
    report = _lock(report_id)
    _require(report, Permission.CHECK, actor, at)
    _not_own(report, actor)
    why = _reason(reason)
    _in_state(report, State.SUBMITTED)
    assert report.document is not None  # it was signed
    documents.cancel(
        report.document, reason_code=Document.CancelReason.WRONG_CONTENT, decision=why[:100], actor=actor, at=at
    )
    _move(report, State.RETURNED, actor=actor, at=at, note=why, document=None, reserved=None, sent_at=None)
    _note(report, Event.RETURNED, actor=actor, at=at, reason=why)
    notices.send(template="reporting.returned", to_user_id=report.made_by_id, actor=actor, at=at,
                 form=report.code, period=report.period.title)
    return report


@operation
def aggregate(*, form: str, period: str, unit_id: int, reason: str, actor: Actor, at: datetime) -> Report:
    """Sum up the accepted reports of the department's communes; offices without one are named, never taken for nothing.

    :raises rules.UnknownPeriod, rules.UnknownUnit, rules.FormNotInForce: as they say.
    :raises access.Forbidden: the actor makes no summaries there.
    :raises rules.PeriodLocked: the summary is past being made; amend it.
    :raises rules.NothingToAggregate: no report is accepted.
    :raises rules.ChildMissing: some offices have none, and no reason is given for summing up without them.
    """
    access.require_anywhere(actor, Permission.AGGREGATE, on=localdate(at))
    today, wanted = localdate(at), rules.period(period)
    department = OrgUnit.objects.select_related("admin_unit").filter(
        pk=unit_id, kind=OrgUnit.Kind.DEPARTMENT).first()
    if department is None:
        raise rules.UnknownUnit()
    access.require(actor, Permission.AGGREGATE, unit_id=department.pk, on=today)
    used = queries.form_in_force(form, wanted)
    _wait_for_others(f"reporting.aggregate {used.pk} {wanted.code} {department.pk}")
    found = queries.latest(used, department, wanted)
    report = _lock(found.pk) if found else _new(
        used, department, wanted, Level.PROVINCE, (wanted.first, wanted.cut_off), actor=actor, at=at
    )
    if not report.is_being_made:
        raise rules.PeriodLocked(state=report.state_title)
    report.missing_reason = tidy(reason)[:300]
    _gather(report, actor=actor, at=at)
    if report.missing and not report.missing_reason:
        offices = OrgUnit.objects.filter(pk__in=report.missing).order_by("sort_key")
        raise rules.ChildMissing(
            count=len(report.missing), names=rules.listed(offices.values_list("short_name", flat=True), 5)
        )
    _note(report, Event.AGGREGATED, actor=actor, at=at, parts=report.parts.count(), missing=len(report.missing))
    return report


@operation
def amend(*, report_id: UUID, reason: str, actor: Actor, at: datetime) -> Report:
    """Make the next version of a report that the department has: counted anew; until it is accepted, the old one holds.

    :raises rules.UnknownReport: none.
    :raises access.Forbidden: the actor does not prepare this office's reports.
    :raises rules.ReasonRequired: no reason.
    :raises rules.PeriodLocked: it is not accepted yet, or was amended before.
    """
    old = _lock(report_id)
    _require(old, _preparing(old), actor, at)
    why = _reason(reason)
    if State(old.state) not in rules.COUNTED or hasattr(old, "amendment"):
        raise rules.PeriodLocked(state=old.state_title)
    return _amended(old, why, actor=actor, at=at)


# --- Forms ------------------------------------------------------------------------------------------------------------


@operation
def enact_form(
    *, code: str, summary_code: str, title: str, legal_basis: str, lay: Mapping[str, Any], valid_from: date,
    actor: Actor, at: datetime,
) -> Form:
    """Enter a version of a form; the version before it ends on that day. Reports keep the version they were made after.

    :raises access.Forbidden: the actor enacts no forms.
    :raises rules.BadLayout: it does not hang together, or asks for what nobody counts.
    :raises rules.FormExists: this version is there.
    """
    access.require_anywhere(actor, Permission.ENACT, on=localdate(at))
    return _enacted(code=code, summary_code=summary_code, title=title, legal_basis=legal_basis, lay=lay,
                    valid_from=valid_from, actor=actor, at=at)


@operation
def seed_forms(*, forms: Iterable[Mapping[str, Any]], actor: Actor, at: datetime) -> int:
    """Enter the forms that the platform brings; a version that is there stays as it is. How many were new."""
    new = 0
    for told in forms:
        if not Form.objects.filter(code=told["code"], valid_from=told["valid_from"]).exists():
            _enacted(**told, actor=actor, at=at)
            new += 1
    return new


def _enacted(
    *, code: str, summary_code: str, title: str, legal_basis: str, lay: Mapping[str, Any], valid_from: date,
    actor: Actor, at: datetime,
) -> Form:
    parsed = layout.parse(lay)
    counting.check_sources(parsed)
    _wait_for_others(f"reporting.form {code}")
    around = Form.objects.filter(code=code)
    before = around.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    after = around.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if around.filter(valid_from=valid_from).exists():
        raise rules.FormExists()
    if before is not None and (before.valid_to is None or before.valid_to > valid_from):
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    form = Form.objects.create(
        code=code, summary_code=summary_code, title=title, legal_basis=legal_basis, valid_from=valid_from,
        layout=parsed.model_dump(mode="json"), valid_to=after.valid_from if after else None, enacted_at=at,
        enacted_by=actor.name[:200],
    )
    audit.record(Event.FORM_ENACTED, subject=form, actor=actor, at=at, code=code, valid_from=valid_from.isoformat())
    return form


# --- Rows, locked and changed -----------------------------------------------------------------------------------------


def _new(
    form: Form, unit: OrgUnit, period: rules.Period, level: Level, days: tuple[date, date], *, actor: Actor,
    at: datetime, **more: Any,
) -> Report:
    assert actor.user_id is not None  # who holds a grant has an account
    report = Report.objects.create(
        form=form, unit=unit, level=level, kind=period.kind, stage=period.stage, year=period.year, first=days[0],
        last=days[1], due=period.due_on(level), counted_at=at, made_by_id=actor.user_id, made_by_name=actor.name[:100],
        **more,
    )
    StepTaken.objects.create(report=report, state=report.state, at=at, by=actor.name[:200], note=report.reason)
    return report


def _count(report: Report, *, actor: Actor, at: datetime) -> None:
    """Keep what the office's records say now; of an estimate, what the rest of the period may bring, beside it."""
    lay, period = report.form.lay, report.period
    groups = counting.count(
        lay, unit_id=report.unit_id, first=report.first, last=report.last, actor=actor, at=at
    )
    _keep(report, groups)
    report.counted, report.counted_at = layout.kept(layout.filled(lay, groups)), at
    if report.is_estimate:
        over = report.unit.valid_to is not None and report.unit.valid_to <= period.last
        days, left = counting.days_left(
            first=report.first, last=report.last, period_last=report.last if over else period.last
        )
        rest = layout.filled(lay, layout.expected(groups, counted_days=days, days_left=left))
        free = {layout.key_of(cell) for cell in lay.typed()}
        report.typed = {
            **{key: number for key, number in report.typed.items() if key in free},
            **{key: number for key, number in layout.kept(rest).items() if number},
        }
    report.save(update_fields=["counted", "counted_at", "typed"])


def _gather(report: Report, *, actor: Actor, at: datetime) -> None:
    """Let a summary say what the accepted reports of its communes say now, and which offices have none."""
    found = queries.accepted(report.form, report.unit, report.period, at=at)
    parts = list(Report.objects.select_for_update(of=("self",)).filter(
        pk__in=[part.pk for part in found.parts]).order_by("pk"))
    if not parts:
        raise rules.NothingToAggregate()
    Included.objects.filter(summary=report).delete()
    Included.objects.bulk_create([Included(summary=report, part=part) for part in parts])
    for part in parts:
        if part.state == State.ACCEPTED:
            _move(part, State.AGGREGATED, actor=actor, at=at)
    report.counted = counting.together([part.counted for part in parts])
    report.typed = {key: n for key, n in counting.together([part.typed for part in parts]).items() if n}
    report.counted_at, report.missing = at, sorted(office.pk for office in found.missing)
    report.save(update_fields=["counted", "typed", "counted_at", "missing", "missing_reason"])


def _keep(report: Report, groups: list[Group]) -> None:
    CountedGroup.objects.filter(report=report).delete()
    CountedGroup.objects.bulk_create([
        CountedGroup(report=report, source=group.source, classes=dict(group.classes), labels=list(group.labels))
        for group in groups
    ])


def _amended(old: Report, why: str, *, actor: Actor, at: datetime) -> Report:
    report = _new(
        old.form, old.unit, old.period, Level(old.level), (old.first, old.last), actor=actor, at=at,
        version=old.version + 1, amends=old, reason=why, typed=old.typed if not old.is_estimate else {},
        missing_reason=old.missing_reason,
    )
    if report.is_summary:
        _gather(report, actor=actor, at=at)
    else:
        _count(report, actor=actor, at=at)
    _note(report, Event.AMENDED, actor=actor, at=at, reason=why)
    return report


def _take_the_place_of(old_id: UUID, new: Report, *, actor: Actor, at: datetime) -> None:
    """The old version gives way; summaries that counted it are made anew, a locked one as its next version."""
    old = _lock(old_id)
    _give_way(old, new, actor=actor, at=at)
    for summary_id in Included.objects.filter(part=old).values_list("summary_id", flat=True):
        summary = _lock(summary_id)
        if summary.state == State.SIGNING:
            raise rules.PeriodLocked(state=summary.state_title)
        if summary.state == State.READY:
            _move(summary, State.DRAFT, actor=actor, at=at, note=new.reason)
        if summary.is_being_made:
            _gather(summary, actor=actor, at=at)
        elif summary.state == State.LOCKED and not hasattr(summary, "amendment"):
            why = f"{new.unit.short_name} sửa đổi báo cáo: {new.reason}"[:300]
            _amended(summary, why, actor=actor, at=at)


def _give_way(old: Report, new: Report, *, actor: Actor, at: datetime) -> None:
    """The old version is the amended one from now on, its paper replaced in the register."""
    _move(old, State.AMENDED, actor=actor, at=at, note=new.reason)
    assert old.document is not None and new.document is not None  # both were signed
    documents.replace(old.document, by=new.document, actor=actor, at=at)


def _being_made(report_id: UUID, actor: Actor, at: datetime) -> Report:
    report = _lock(report_id)
    _require(report, _preparing(report), actor, at)
    if not report.is_being_made:
        raise rules.PeriodLocked(state=report.state_title)
    return report


def _preparing(report: Report) -> Permission:
    return Permission.AGGREGATE if report.is_summary else Permission.PREPARE


def _require(report: Report, permission: Permission, actor: Actor, at: datetime) -> OrgUnit:
    """The office that answers for the report today: its own, or that which took its place.

    :raises access.Forbidden: the actor holds no such permission there.
    """
    office = orgs.current(report.unit, on=localdate(at))
    access.require(actor, permission, unit_id=office.pk, on=localdate(at))
    return office


def _not_own(report: Report, actor: Actor) -> None:
    if actor.user_id in (report.made_by_id, report.signer_id):
        raise rules.SelfCheck()


def _in_state(report: Report, state: State) -> None:
    if report.state != state:
        raise rules.PeriodLocked(state=report.state_title)


def _reason(text: str) -> str:
    why = tidy(text)[:300]
    if not why:
        raise rules.ReasonRequired()
    return why


def _lock(report_id: UUID) -> Report:
    """The report, locked after its document: as the signing job comes.

    :raises rules.UnknownReport: none.
    """
    document = Report.objects.filter(pk=report_id).values_list("document_id", flat=True).first()
    if document is not None:
        list(Document.objects.select_for_update().filter(pk=document).values_list("pk"))
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("form", "unit__admin_unit", "unit__successor", "reserved", "document", "amends", "amendment")
        .filter(pk=report_id).first()
    )
    if report is None:
        raise rules.UnknownReport()
    return report


def _lock_for(document: documents.Document) -> Report:
    return _lock(Report.objects.values_list("pk", flat=True).get(document_id=document.pk))


def _move(report: Report, state: State, *, actor: Actor, at: datetime, note: str = "", **columns: Any) -> None:
    """Change a report's state along an edge of ``rules.EDGES``; the database refuses any other."""
    if (State(report.state), state) not in rules.EDGES:
        raise rules.PeriodLocked(state=report.state_title)
    report.state = state
    for column, value in columns.items():
        setattr(report, column, value)
    report.save(update_fields=["state", *columns])
    by = actor.name[:200] if actor.kind is not ActorKind.SYSTEM else SIGNING_SYSTEM
    StepTaken.objects.create(report=report, state=state, at=at, by=by, note=note[:500])


def _note(report: Report, event: Event, *, actor: Actor, at: datetime, **facts: Any) -> None:
    audit.record(event, subject=report, actor=actor, at=at, unit_id=report.unit_id, form=report.code,
                 period=report.period.code, version=report.version, **facts)


def _wait_for_others(what: str) -> None:
    """Two who do the same do it one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
