"""What the desk's pages read: always through what the actor may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate, localtime
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import Limit, LimitUnit
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import (
    Action,
    ActionOffer,
    Attachment,
    Dossier,
    Event,
    Finding,
    Level,
    Overlay,
    Procedure,
    Stage,
    State,
    StepRecord,
)
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.search import api as search

from . import rules, sheets, slips
from .figures import balance
from .listeners import SOURCE
from .models import HandOverLine
from .rules import Bucket, Form, Permission

__all__ = [
    "ActionOffer", "StepRecord", "TrackStep", "TrackView", "WorkItem", "Worklist", "acceptance_due", "assignees",
    "authorities_of", "available_actions", "balance", "completeness", "control_sheet", "control_sheet_pdf", "counts",
    "find_procedures", "findings", "get_visible", "history", "lacking_originals", "may_hold_result", "may_redirect",
    "may_sign_somewhere", "number_lacking_originals", "number_to_sign", "number_waiting", "offices_of", "own_dossiers",
    "papers", "resolving_offices", "scans_originals", "sees_dossiers", "slip", "slips_of", "to_sign", "track",
    "tracking_book", "tracking_book_pdf", "visible", "with_words", "worklist",
]

# -- dossiers


def visible(actor: Actor, *, at: datetime) -> QuerySet[Dossier]:
    """The dossiers that the actor may see, newest first."""
    return dossiers.visible(actor, at=at).order_by("-created_at", "-pk")


def with_words(found: QuerySet[Dossier], text: str) -> QuerySet[Dossier]:
    """Those of them that are found by these words, with or without accents: codes, name and telephone of the filer."""
    keys = search.keys(SOURCE, text).annotate(key=Cast("object_id", UUIDField())).values("key")
    # Cut, though never short: the words are then looked up first, and not asked of one dossier after another.
    return found.filter(pk__in=keys[:10_000_000])


def get_visible(reference: str | UUID, actor: Actor, at: datetime) -> Dossier:
    """One dossier by code, submission code or key.

    :raises dossiers.UnknownDossier: there is none, or the actor may not know of it.
    """
    return dossiers.get_visible(reference, actor, at)


def own_dossiers(actor: Actor, *, at: datetime) -> QuerySet[Dossier]:
    """A citizen's own dossiers and drafts, newest first; nothing for anybody else."""
    if actor.kind is not ActorKind.CITIZEN:
        return Dossier.objects.none()
    return visible(actor, at=at)


def may_hold_result(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """Whether a citizen may hold the papers of a dossier that they see: who filed for another, while they may."""
    told = dossier.represents
    if told is None or (told.personal_number and told.personal_number == dossiers.own_number(actor)):
        return True
    return dossiers.representation.may_hold_result(told, on=localdate(at))


def may_redirect(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """Whether the actor may change how the result is to come: the filer, or the desk; before it has left."""
    if dossier.overlay == Overlay.AT_POST or dossier.returned_at is not None or dossier.is_ended:
        return False
    if dossiers.is_own(dossier, actor):
        return dossier.state != State.DRAFT
    return access.may(actor, Permission.RECEIVE, unit_id=dossier.receiving_unit_id, on=localdate(at))


def available_actions(dossier: Dossier, actor: Actor, at: datetime) -> list[ActionOffer]:
    """What the actor may do with the dossier now; pages draw these and nothing else."""
    return dossiers.available_actions(dossier, actor, at)


def lacking_originals(actor: Actor, *, at: datetime) -> QuerySet[Dossier]:
    """What the actor may see that has a result and lacks the verified scan of a paper signed by hand, oldest first."""
    return dossiers.lacking_originals(dossiers.visible(actor, at=at)).order_by("result_ready_at", "pk")


def number_lacking_originals(*, actor: Actor, at: datetime) -> int:
    """How many dossiers wait for such a scan: the number beside the menu's line."""
    return lacking_originals(actor, at=at).count()


def scans_originals(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor attaches or verifies such scans anywhere."""
    on = localdate(at)
    wanted = {Permission.RETURN, *(handler.permissions.prepare for handler in dossiers.handlers)}
    return any(access.may_anywhere(actor, permission, on=on) for permission in sorted(wanted))


def history(dossier: Dossier) -> list[Event]:
    """The log of a dossier, first entry first."""
    return list(dossier.events.select_related("unit", "to_unit", "to_person").order_by("seq"))


def control_sheet(dossier: Dossier) -> list[StepRecord]:
    """Form 06 from the log; where papers were signed for on a hand-over list, the receipt is that of the signature."""
    lines = HandOverLine.objects.filter(dossier=dossier, taken=rules.Taken.TAKEN).select_related(
        "step", "hand_over__reserved__series"
    )
    taken = {line.step.seq: line for line in lines}
    return [_signed_for(step, taken.get(step.seq)) for step in dossiers.control_sheet(dossier)]


def _signed_for(step: StepRecord, line: HandOverLine | None) -> StepRecord:
    if line is None or line.hand_over.taken_at is None:
        return step
    at = line.hand_over.taken_at
    told = f"Bàn giao theo phiếu số {line.hand_over.number}, ký nhận lúc {localtime(at):%H:%M %d/%m/%Y}."
    # The desk itself received what the applicant brought; the list tells how it went on.
    received = step.received_at if line.step.action == Action.RECEIVE else at
    return replace(step, received_at=received, note=" ".join(filter(None, (step.note, told))))


def papers(dossier: Dossier) -> list[Attachment]:
    """What is attached now, in the order of the components and then of time."""
    order = {component["code"]: n for n, component in enumerate(dossier.components)}
    attached = dossier.attachments.filter(removed_at__isnull=True).select_related("file").order_by("pk")
    return sorted(attached, key=lambda a: order.get(a.component, len(order)))


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the dossier's procedure and what stands for it."""

    code: str
    name: str
    note: str
    mandatory: bool
    replaced_by_database: str
    attachments: tuple[Attachment, ...]
    missing: bool


def completeness(dossier: Dossier) -> list[Component]:
    """Every component with its attachments, and whether it is still wanted."""
    attached = papers(dossier)
    missing = {component["code"] for component in dossiers.missing_components(dossier)}
    return [
        Component(
            code=c["code"], name=c["name"], note=c["note"], mandatory=c["mandatory"],
            replaced_by_database=c["replaced_by_database"], missing=c["code"] in missing,
            attachments=tuple(a for a in attached if a.component == c["code"]),
        )
        for c in dossier.components
    ]


def findings(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """What the procedure's checks find; for those who prepare, review or sign it, as it may tell of other people.

    :raises access.Forbidden: anybody else.
    """
    levels = dossier.levels
    on, unit_id = localdate(at), dossier.resolving_unit_id
    allowed = [p for p in (levels.prepare, levels.review, levels.sign) if p]
    if not any(access.may(actor, permission, unit_id=unit_id, on=on) for permission in allowed):
        access.require(actor, levels.prepare, unit_id=unit_id, on=on)
    return dossier.handler.find(dossier, actor=actor, at=at)


def assignees(dossier: Dossier, *, at: datetime) -> list[User]:
    """The officers of the resolving office who may prepare this dossier, by name."""
    permission = dossier.levels.prepare
    on = localdate(at)
    holders = access.grants_in_force(on=on).filter(permission=permission).values_list("person_id", flat=True)
    candidates = User.objects.filter(pk__in=set(holders)).order_by("full_name", "pk")
    return [
        user for user in candidates
        if access.may(Actor(kind=ActorKind.STAFF, name=user.full_name, user_id=user.pk), permission,
                      unit_id=dossier.resolving_unit_id, on=on)
    ]


# -- the worklist


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One dossier that waits for the actor: what for, until when, how urgent."""

    dossier: Dossier
    action: Action
    label: str
    deadline: datetime | None
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Worklist:
    """The actor's work, most urgent first."""

    items: tuple[WorkItem, ...]

    def of(self, bucket: Bucket) -> tuple[WorkItem, ...]:
        return tuple(item for item in self.items if item.bucket is bucket)

    @property
    def groups(self) -> list[tuple[Bucket, str, tuple[WorkItem, ...]]]:
        """The buckets that hold something: late, today, next working day, later, paused."""
        return [(b, title, self.of(b)) for b, title in rules.BUCKET_TITLES.items() if self.of(b)]

    @property
    def numbers(self) -> dict[Bucket, int]:
        counted = Counter(item.bucket for item in self.items)
        return {bucket: counted[bucket] for bucket in Bucket}


def worklist(actor: Actor, at: datetime, *, unit_id: int | None = None, limit: int = 500) -> Worklist:
    """What waits for the actor, by deadline: to receive, to assign, to prepare, to sign, to hand out.

    :param unit_id: only dossiers that this office received or resolves.
    """
    found = Dossier.objects.select_related(*dossiers.RELATED).filter(_waiting_for(actor, localdate(at)))
    if unit_id is not None:
        found = found.filter(Q(resolving_unit=unit_id) | Q(receiving_unit=unit_id))
    working = calendar.working_calendar()
    today = localdate(at)
    tomorrow = working.add_working_days(today, 1)
    hours = dossiers.parameter("acceptance_hours", on=today)
    items = []
    for dossier in found.order_by("due_at", "submitted_at", "pk")[:limit]:
        deadline = dossier.due_at or _answer_due(dossier, working, hours)
        items.append(WorkItem(
            dossier=dossier, action=_waits_for(dossier), label=dossiers.ACTION_TITLES[_waits_for(dossier)],
            deadline=deadline, bucket=_bucket(dossier, deadline, today=today, tomorrow=tomorrow),
        ))
    order = list(Bucket)
    items.sort(key=lambda item: (order.index(item.bucket), item.deadline or at))
    return Worklist(tuple(items))


def counts(actor: Actor, at: datetime, *, unit_id: int | None = None) -> dict[Bucket, int]:
    """How many dossiers wait for the actor, by urgency."""
    return worklist(actor, at, unit_id=unit_id).numbers


def number_waiting(*, actor: Actor, at: datetime) -> int:
    """How many dossiers wait for the actor: the number beside the menu's line."""
    return Dossier.objects.filter(_waiting_for(actor, localdate(at))).count()


def number_to_sign(*, actor: Actor, at: datetime) -> int:
    """How many dossiers wait for the actor's decision."""
    return Dossier.objects.filter(_signing(actor, localdate(at))).count()


@dataclass(frozen=True, slots=True)
class ToSign:
    """One dossier before its leader: what it is about, what its officer says of it, which warnings were answered."""

    dossier: Dossier
    essentials: tuple[tuple[str, str], ...]
    bucket: Bucket
    note: str
    answered: tuple[str, ...]
    papers: int


MOST_TO_SIGN = 100  # on one page, and with one code


def to_sign(actor: Actor, at: datetime) -> list[ToSign]:
    """What waits for the actor's decision and may be decided now, by deadline."""
    proposed = Event.objects.filter(dossier=OuterRef("pk"), action=Action.PROPOSE).order_by("-seq")
    found = list(
        dossiers.visible(actor, at=at).filter(_signing(actor, localdate(at)), overlay="")
        .exclude(assigned_to_id=actor.user_id).select_related("prepared_by")
        .annotate(proposal=Subquery(proposed.values("note")[:1]),
                  handed_in=Count("attachments", filter=Q(attachments__removed_at__isnull=True)))
        .order_by("due_at", "pk")[:MOST_TO_SIGN]
    )
    told = dossiers.essentials(found)
    today = localdate(at)
    tomorrow = calendar.working_calendar().add_working_days(today, 1)
    return [
        ToSign(
            dossier=dossier, essentials=tuple(told.get(dossier.pk, ())), note=dossier.proposal or "",
            bucket=_bucket(dossier, dossier.due_at, today=today, tomorrow=tomorrow),
            answered=tuple(dossier.acknowledged.values()), papers=dossier.handed_in,
        )
        for dossier in found
    ]


def may_sign_somewhere(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor decides on any kind of dossier in any office: who does not, has no business at that page."""
    on = localdate(at)
    return any(access.may_anywhere(actor, handler.permissions.sign, on=on) for handler in dossiers.handlers)


def sees_dossiers(*, actor: Actor, at: datetime) -> bool:
    """Whether any of the actor's rights lets them see dossiers: those of the desk, or of one kind's handlers."""
    on = localdate(at)
    levels = [handler.permissions for handler in dossiers.handlers]
    permissions = {*Permission, *(p for one in levels for p in (one.prepare, one.review, one.sign) if p)}
    return any(access.may_anywhere(actor, permission, on=on) for permission in sorted(permissions))


def acceptance_due(dossier: Dossier) -> datetime | None:
    """Until when the desk must answer what was sent in online; None for what it has answered."""
    if dossier.submitted_at is None:
        return None
    hours = dossiers.parameter("acceptance_hours", on=localdate(dossier.submitted_at))
    return _answer_due(dossier, calendar.working_calendar(office_id=dossier.receiving_unit_id), hours)


def _answer_due(dossier: Dossier, working: calendar.WorkingCalendar, hours: int) -> datetime | None:
    if dossier.state != State.SUBMITTED or dossier.submitted_at is None:
        return None
    return working.due(dossier.submitted_at, Limit(hours, LimitUnit.HOUR))


_WAITS: dict[State, Action] = {
    State.SUBMITTED: Action.RECEIVE,
    State.RECEIVED: Action.ASSIGN,
    State.ASSIGNED: Action.BEGIN,
    State.IN_PROCESS: Action.PROPOSE,
    State.AWAITING_APPROVAL: Action.APPROVE,
    State.AWAITING_SIGNATURE: Action.SIGNED,
    State.RESULT_READY: Action.RETURN,
    State.RETURNED: Action.CLOSE,
}


def _waits_for(dossier: Dossier) -> Action:
    if dossier.state == State.AWAITING_APPROVAL and dossier.levels.review and dossier.reviewed_by_id is None:
        return Action.REVIEW
    return _WAITS.get(State(dossier.state), Action.ANSWER_SUPPLEMENT)


def _bucket(dossier: Dossier, deadline: datetime | None, *, today: date, tomorrow: date) -> Bucket:
    settled = dossier.state == State.RESULT_READY
    due = None if deadline is None or settled else localdate(deadline)
    return rules.bucket(due=due, today=today, next_working_day=tomorrow, paused=dossier.is_paused)


def _waiting_for(actor: Actor, on: date) -> Q:
    """Which dossiers wait for this person, by their grants; the engine decides again when they act.

    Each part names the grant by which it is theirs to do, so all of them are dossiers that they see.
    """
    receiving = access.units_where(actor, Permission.RECEIVE, on=on)
    waiting = Q(state=State.SUBMITTED, receiving_unit__in=receiving)
    assigning = access.units_where(actor, Permission.ASSIGN, on=on)
    waiting |= Q(state=State.RECEIVED, resolving_unit__in=assigning)
    handing = access.units_where(actor, Permission.RETURN, on=on)
    # What goes by post waits in the list of the post.
    handed_out_here = Q(receiving_unit__in=handing) | Q(resolving_unit__in=handing)
    waiting |= Q(state=State.RESULT_READY) & ~Q(result_way=Dossier.ResultWay.POST) & handed_out_here
    preparing = dossiers.of_kinds(dossiers.kinds_where(actor, lambda levels: (levels.prepare,), on=on))
    waiting |= Q(state__in=(State.ASSIGNED, State.IN_PROCESS), assigned_to_id=actor.user_id) & preparing
    return waiting | _reviewing(actor, on) | _signing(actor, on)


# The division head stands between where the internal steps name one.
_REVIEWED_FIRST = Q(procedure__internal_steps__contains=[{"role": Level.HEAD.name}])


def _reviewing(actor: Actor, on: date) -> Q:
    """What waits for a division head's agreement."""
    waiting = dossiers.of_kinds(dossiers.kinds_where(actor, lambda levels: (levels.review,), on=on))
    return waiting & _REVIEWED_FIRST & _before_leader(actor) & Q(reviewed_by__isnull=True)


def _signing(actor: Actor, on: date) -> Q:
    """What waits for the leader's decision."""
    ready = Q(reviewed_by__isnull=False) | ~_REVIEWED_FIRST
    reviewed = dossiers.kinds_where(actor, lambda levels: (levels.sign,) if levels.review else (), on=on)
    others = dossiers.kinds_where(actor, lambda levels: () if levels.review else (levels.sign,), on=on)
    return ((dossiers.of_kinds(reviewed) & ready) | dossiers.of_kinds(others)) & _before_leader(actor)


def _before_leader(actor: Actor) -> Q:
    return Q(state=State.AWAITING_APPROVAL) & ~Q(prepared_by_id=actor.user_id)


# -- the public


@dataclass(frozen=True, slots=True)
class TrackStep:
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TrackView:
    """What an anonymous visitor is told: steps and days, nothing of what the dossier says or of whom."""

    reference: str
    procedure: str
    unit: str
    state: State
    state_title: str
    overlay_title: str
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    result_ready_at: datetime | None
    steps: tuple[TrackStep, ...]
    stages: tuple[Stage, ...]


_PUBLIC_STEPS = frozenset({
    Action.SUBMIT, Action.RECEIVE, Action.ASK_SUPPLEMENT, Action.ANSWER_SUPPLEMENT, Action.REFUSE, Action.ASSIGN,
    Action.PROPOSE, Action.SIGNED, Action.RETURN, Action.CLOSE, Action.WITHDRAW, Action.STOP, Action.EXTEND,
    Action.PAUSE_FEE, Action.RESUME, Action.TRANSFER,
})


def track(code: str, last_four: str) -> TrackView:
    """Follow a dossier by its code and the last four digits of the telephone that was given with it.

    :raises dossiers.UnknownDossier: no such pair.
    """
    dossier = dossiers.by_code_and_phone(code, last_four)
    steps = dossier.events.filter(action__in=_PUBLIC_STEPS).order_by("seq")
    return TrackView(
        reference=dossier.reference, procedure=dossier.procedure.name, unit=dossier.resolving_unit.name,
        state=State(dossier.state), state_title=dossiers.STATE_TITLES[State(dossier.state)],
        overlay_title=dossiers.OVERLAY_TITLES[dossiers.Overlay(dossier.overlay)], submitted_at=dossier.submitted_at,
        received_at=dossier.received_at, due_at=dossier.due_at, result_ready_at=dossier.result_ready_at,
        steps=tuple(TrackStep(event.title, event.at) for event in steps),
        stages=tuple(dossier.handler.public_stages(dossier)),
    )


def find_procedures(text: str, *, on: date, sector: str = "") -> list[Procedure]:
    """Procedures in force, by a resident's words; all of them for an empty text."""
    found = dossiers.procedures(on=on).defer("form", "internal_steps")
    if sector:
        found = found.filter(sector=sector)
    return dossiers.matching(found, text) if text.strip() else list(found)


# -- slips and the book

BOOK_ROWS = 2000  # one printing of the book; longer stretches are asked for in parts


def slips_of(dossier: Dossier) -> list[Event]:
    """The entries of the log that issued a slip, first one first."""
    return list(dossier.events.filter(form__in=rules.SLIPS).select_related("unit").order_by("seq"))


def slip(dossier: Dossier, form: str, *, seq: int | None = None) -> bytes:
    """A slip as PDF: the one issued by entry ``seq``, or the last of this form. The dossier comes from ``get_visible``.

    :raises rules.NoSuchSlip: none was issued.
    """
    issued = [e for e in slips_of(dossier) if e.form == form and seq in (None, e.seq)]
    if not issued:
        raise rules.NoSuchSlip(form=form)
    event = issued[-1]
    data = slips.slip_data(dossier, event)
    return documents.render(slips.template_code(Form(form)), data, on=localdate(event.at))


def tracking_book(
    actor: Actor, *, at: datetime, unit_id: int, day_from: date, day_to: date
) -> QuerySet[Dossier]:
    """Form 07: what an office received between two days (both included), in the order of receipt.

    Each with ``handed_to``: who took the result, where the desk noted it.

    :raises access.Forbidden: the actor may not see this office's dossiers.
    """
    access.require(actor, Permission.VIEW, unit_id=unit_id, on=localdate(at))
    first, _ = _day(day_from)
    _, end = _day(day_to)
    handed = Event.objects.filter(dossier=OuterRef("pk"), action=Action.RETURN).order_by("-seq")
    return (
        Dossier.objects.select_related("procedure", "receiving_unit", "resolving_unit", "assigned_to")
        .filter(Q(receiving_unit=unit_id) | Q(resolving_unit=unit_id), received_at__gte=first, received_at__lt=end)
        .annotate(handed_to=Subquery(handed.values(to=KT("facts__received_by"))[:1]))
        .order_by("received_at", "code")
    )


def control_sheet_pdf(dossier: Dossier, *, at: datetime) -> bytes:
    """Form 06 as PDF, as it stands now. The dossier comes from ``get_visible``."""
    data = sheets.control_data(dossier, control_sheet(dossier), at=at)
    return documents.render(sheets.template_code(Form.CONTROL), data, on=localdate(at))


def tracking_book_pdf(actor: Actor, *, at: datetime, unit_id: int, day_from: date, day_to: date) -> bytes:
    """Form 07 as PDF.

    :raises access.Forbidden: the actor may not see this office's dossiers.
    """
    rows = tracking_book(actor, at=at, unit_id=unit_id, day_from=day_from, day_to=day_to)[:BOOK_ROWS]
    unit = OrgUnit.objects.get(pk=unit_id)
    data = sheets.book_data(unit, rows, days=(day_from, day_to), at=at)
    return documents.render(sheets.template_code(Form.BOOK), data, on=localdate(at))


def _day(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day of Việt Nam, and the first after it."""
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    return start, start + timedelta(days=1)


def resolving_offices(procedure: Procedure, *, on: date) -> QuerySet[OrgUnit]:
    """The offices that may have power over this procedure on this day, by its authority level."""
    kind = rules.RESOLVED_BY.get(procedure.authority_level)
    return OrgUnit.objects.none() if kind is None else orgs.offices(kind=kind, on=on)


def authorities_of(offices: QuerySet[OrgUnit]) -> set[str]:
    """The levels of authority whose procedures offices of these kinds resolve."""
    kinds = set(offices.values_list("kind", flat=True).order_by())
    return {level for level, kind in rules.RESOLVED_BY.items() if kind in kinds}


def offices_of(actor: Actor, permission: str, *, at: datetime) -> QuerySet[OrgUnit]:
    """The offices in which the actor holds a permission today, by name."""
    units = access.units_where(actor, permission, on=localdate(at))
    return OrgUnit.objects.filter(pk__in=units).order_by("sort_key", "pk")
