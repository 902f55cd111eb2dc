"""What waits to be handed over, which lists wait to be signed for, and who may do so; read through what one may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar import api as calendar
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Attachment, Dossier, Event, State
from tuphap.shared.orgs.models import OrgUnit

from .. import rules
from ..models import HandOver, HandOverLine
from ..rules import Permission, Taken, Way
from . import sheets

# From the receipt until the officer has proposed: afterwards the papers are surely where they belong.
_AT_OFFICE = (State.RECEIVED, State.ASSIGNED, State.IN_PROCESS)
# By which step of its log a dossier came into the hands of whoever hands it over now.
_STEPS = {Way.TO_OFFICE: (Action.RECEIVE, Action.ASSIGN), Way.TO_DESK: (Action.SIGNED,)}
_LIVING = ~Q(taken=Taken.LEFT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One dossier that is to be handed over, until when, and by which step of its log it came here."""

    dossier: Dossier
    way: Way
    step_id: int
    due_at: datetime
    is_late: bool

    @property
    def from_unit(self) -> OrgUnit:
        return self.dossier.receiving_unit if self.way is Way.TO_OFFICE else self.dossier.resolving_unit

    @property
    def to_unit(self) -> OrgUnit:
        return self.dossier.resolving_unit if self.way is Way.TO_OFFICE else self.dossier.receiving_unit

    @property
    def to_person(self) -> User | None:
        return self.dossier.assigned_to if self.way is Way.TO_OFFICE else None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes one way to one receiver: the dossiers of one list."""

    way: Way
    from_unit: OrgUnit
    to_unit: OrgUnit
    to_person: User | None
    items: tuple[Waiting, ...]

    @property
    def title(self) -> str:
        return rules.WAY_TITLES[self.way]

    @property
    def to_name(self) -> str:
        return self.to_person.full_name if self.to_person is not None else self.to_unit.name

    @property
    def late(self) -> int:
        return sum(item.is_late for item in self.items)


def waiting(actor: Actor, at: datetime, *, only: Iterable[UUID] | None = None) -> list[Waiting]:
    """What the actor is to hand over now, the most urgent first; ``only``: of these dossiers."""
    found = []
    for way in Way:
        found += _waiting(actor, at, way, only)
    return sorted(found, key=lambda item: (item.due_at, item.dossier.pk))


def _waiting(actor: Actor, at: datetime, way: Way, only: Iterable[UUID] | None) -> list[Waiting]:
    steps = Event.objects.filter(dossier=OuterRef("pk"), action__in=_STEPS[way]).order_by("-seq")
    begun = Event.objects.filter(dossier=OuterRef("pk"), action=_STEPS[way][0]).order_by("-seq")
    on_list = HandOverLine.objects.filter(_LIVING, dossier=OuterRef("pk"), way=way)
    rows = (
        dossiers.visible(actor, at=at).filter(_hands_over(actor, at, way)).filter(~Exists(on_list))
        .annotate(step_id=Subquery(steps.values("pk")[:1]), came_at=Subquery(begun.values("at")[:1]))
        .filter(step_id__isnull=False).order_by("came_at", "pk")
    )
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    working = calendar.working_calendar()
    on = localdate(at)
    cutoff, hours = (dossiers.parameter(f"hand_over_{name}", on=on) for name in ("cutoff_hour", "morning_hours"))
    found = []
    for dossier in rows[: rules.MOST_HANDED_OVER]:
        due = rules.hand_over_by(at=dossier.came_at, working=working, cutoff_hour=cutoff, morning_hours=hours)
        found.append(Waiting(dossier, way, dossier.step_id, due, is_late=at > due))
    return found


def _hands_over(actor: Actor, at: datetime, way: Way) -> Q:
    """Which dossiers are this person's to hand over: what has papers, from the desk; results that are fetched there."""
    on = localdate(at)
    if way is Way.TO_OFFICE:
        papers = Attachment.objects.filter(
            dossier=OuterRef("pk"), source=Attachment.Source.PAPER, removed_at__isnull=True
        )
        here = access.units_where(actor, Permission.RECEIVE, on=on)
        return Q(Exists(papers) | ~Q(channel=Dossier.Channel.ONLINE), state__in=_AT_OFFICE, receiving_unit__in=here)
    mine = dossiers.of_kinds(dossiers.kinds_where(actor, lambda levels: (levels.prepare,), on=on))
    fetched = Q(state=State.RESULT_READY) & ~Q(result_way=Dossier.ResultWay.ONLINE)
    return fetched & (mine | Q(assigned_to_id=actor.user_id))


def bundles(items: Sequence[Waiting]) -> list[Bundle]:
    """The lists that these dossiers make: one for each way and receiver."""
    groups: dict[tuple[Way, int, int, object], list[Waiting]] = {}
    for item in items:
        person = item.to_person.pk if item.to_person else None
        groups.setdefault((item.way, item.from_unit.pk, item.to_unit.pk, person), []).append(item)
    return [
        Bundle(way=group[0].way, from_unit=group[0].from_unit, to_unit=group[0].to_unit, to_person=group[0].to_person,
               items=tuple(group))
        for group in groups.values()
    ]


# -- lists


_WITH = ("from_unit", "to_unit", "to_person", "reserved__series", "made_by", "taken_by")


def visible(actor: Actor, at: datetime) -> QuerySet[HandOver]:
    """The lists from or to offices in which the actor works at dossiers, newest first, with the numbers of lines."""
    found = HandOver.objects.filter(_seen(actor, at)).select_related(*_WITH)
    return found.annotate(
        number_of_lines=Count("lines"), taken_lines=Count("lines", filter=Q(lines__taken=Taken.TAKEN)),
        late_lines=Count("lines", filter=Q(lines__due_at__lt=F("made_at"))),
    ).order_by("-made_at", "-pk")


def _seen(actor: Actor, at: datetime) -> Q:
    on = localdate(at)
    units: frozenset[int] = frozenset()
    for permission in Permission:
        units |= access.units_where(actor, permission, on=on)
    own = Q(made_by_id=actor.user_id) | Q(to_person_id=actor.user_id) | Q(taken_by_id=actor.user_id)
    return own | Q(from_unit__in=units) | Q(to_unit__in=units) | _for_officers(actor, at)


def _for_officers(actor: Actor, at: datetime) -> Q:
    """Lists for an office without a name on them, where the actor prepares dossiers of every kind on them."""
    on = localdate(at)
    found = Q(pk__in=())
    for units, codes in dossiers.kinds_where(actor, lambda levels: (levels.prepare,), on=on).items():
        others = HandOverLine.objects.filter(hand_over=OuterRef("pk")).exclude(dossier__procedure__handler__in=codes)
        found |= Q(~Exists(others), way=Way.TO_OFFICE, to_unit__in=units)
    return found


def to_take(actor: Actor, at: datetime) -> QuerySet[HandOver]:
    """The lists that wait for the actor's signature."""
    return visible(actor, at).filter(taken_at__isnull=True, cancelled_at__isnull=True).filter(_takes(actor, at))


def _takes(actor: Actor, at: datetime) -> Q:
    """Whose signature a list wants, never its maker's.

    The person named, or a colleague who handles such dossiers; where nobody is named also the head who assigns them;
    for results the desk.
    """
    on = localdate(at)
    heads = access.units_where(actor, Permission.ASSIGN, on=on)
    desks = access.units_where(actor, Permission.RETURN, on=on)
    mine = (
        Q(to_person_id=actor.user_id) | Q(way=Way.TO_OFFICE, to_person__isnull=True, to_unit__in=heads)
        | Q(way=Way.TO_DESK, to_unit__in=desks) | _for_officers(actor, at)
    )
    return mine & ~Q(made_by_id=actor.user_id)


def may_take(hand_over: HandOver, actor: Actor, at: datetime) -> bool:
    """Whether the actor's is the signature that this list wants."""
    return HandOver.objects.filter(_takes(actor, at), pk=hand_over.pk).exists()


def get_visible(hand_over_id: UUID, actor: Actor, at: datetime) -> HandOver:
    """One list with its lines.

    :raises rules.UnknownHandOver: there is none, or the actor may not know of it.
    """
    lines = HandOverLine.objects.select_related("dossier__procedure", "step").order_by("place")
    found = visible(actor, at).prefetch_related(Prefetch("lines", lines)).filter(pk=hand_over_id).first()
    if found is None:
        raise rules.UnknownHandOver()
    return found


def number_to_take(*, actor: Actor, at: datetime) -> int:
    """How many lists wait for the actor's signature: the number beside the menu's line."""
    return HandOver.objects.filter(
        _takes(actor, at), taken_at__isnull=True, cancelled_at__isnull=True
    ).count()


def hands_papers_on(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor's work has anything to do with hand-overs."""
    on = localdate(at)
    prepared = [handler.permissions.prepare for handler in dossiers.handlers]
    wanted = {Permission.RECEIVE, Permission.RETURN, Permission.ASSIGN, *prepared}
    return any(access.may_anywhere(actor, permission, on=on) for permission in sorted(wanted))


def sheet_pdf(hand_over: HandOver, *, at: datetime) -> bytes:
    """The list as PDF, as it stands now. It comes from ``get_visible``."""
    return documents.render(rules.HAND_OVER_TEMPLATE, sheets.data(hand_over), on=localdate(at))
