"""Reads of matching: acts in full for the engine, tickets and batches that one may see, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Func, Min, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.fields import CharField

from tuphap.engines.linkage import Finding
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.modules.civil_status.public import (
    Act,
    ActState,
    Annotation,
    BirthAct,
    Party,
    as_it_stands,
    entry_of_act,
)
from tuphap.modules.digitisation.public import scan_of_act
from tuphap.shared.access import api as access
from tuphap.shared.audit import looks
from tuphap.shared.files.models import StoredFile
from tuphap.shared.indicators.api import Scope
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import comparison, rules
from .comparison import Life
from .models import Batch, Evidence, Feed, Link, PopulationRecord, Ticket
from .rules import Klass, LinkState, Permission, State
from .subjects import Subject, subjects_of

# --- Acts as they are matched -----------------------------------------------------------------------------------------


def acts_in_full(keys: Iterable[UUID]) -> list[Act]:
    """Acts with people, notes, book and office, births as :class:`BirthAct`; in the order of their keys."""
    found: dict[UUID, Act] = {act.pk: act for act in _full(Act.objects.filter(pk__in=list(keys)).exclude(kind="KS"))}
    found |= {act.pk: act for act in _full(BirthAct.objects.filter(pk__in=list(keys)))}
    return [found[key] for key in sorted(found)]


def _full(acts: QuerySet[Any]) -> QuerySet[Any]:
    return acts.select_related("unit__admin_unit", "book").prefetch_related(
        "parties", Prefetch("annotations", Annotation.objects.select_related("source").order_by("created_at", "pk")))


def acts_of_parties(parties: Sequence[int]) -> list[Act]:
    return acts_in_full(set(Party.objects.filter(pk__in=parties).values_list("act_id", flat=True)))


def people_of(batch: Batch, *, chunk: int = 500) -> Iterator[Subject]:
    """Everybody whom a batch matches, in the order of the acts' keys."""
    acts = Act.objects.filter(
        unit__in=batch.units, kind__in=batch.kinds, year__gte=batch.year_from, year__lte=batch.year_to,
        state=ActState.REGISTERED,
    )
    keys = list(acts.order_by("pk").values_list("pk", flat=True))
    for place in range(0, len(keys), chunk):
        for act in acts_in_full(keys[place:place + chunk]):
            yield from subjects_of(act)


def acts_touched(records: Sequence[int]) -> tuple[set[UUID], set[UUID]]:
    """Acts linked with these records; and acts of somebody whom no record was found for, of the same name as one."""
    linked = set(Link.objects.filter(record__in=records, state__in=rules.LIVE).values_list("act_id", flat=True))
    gone = PopulationRecord.objects.filter(pk__in=records, state=Life.MERGED).values_list("pk", flat=True)
    names = PopulationRecord.objects.filter(pk__in=records).values_list("search_key", flat=True)
    alone = Link.objects.filter(record__isnull=True, state__in=rules.LIVE, party__search_key__in=list(names))
    sought = set(alone.values_list("act_id", flat=True))
    sought |= set(Link.objects.filter(record__in=list(gone), state__in=rules.LIVE).values_list("act_id", flat=True))
    return linked, sought


def sequence() -> int:
    """How far the mirror has come."""
    return Feed.objects.filter(source=rules.SOURCE).values_list("sequence", flat=True).first() or 0


def pulled_at() -> datetime | None:
    return Feed.objects.filter(source=rules.SOURCE).values_list("pulled_at", flat=True).first()


# --- Offices ----------------------------------------------------------------------------------------------------------


def offices_below(unit: OrgUnit, actor: Actor, at: datetime) -> frozenset[int]:
    """The office, those whose place it took, and, of a province's, those of its communes with theirs."""
    own = {unit.pk}
    if unit.kind != OrgUnit.Kind.COMMUNE:
        communes = orgs.offices(kind=OrgUnit.Kind.COMMUNE, within=unit.admin_unit.province, on=localdate(at))
        own |= set(communes.values_list("pk", flat=True))
    return orgs.with_predecessors(own) & (
        access.units_where(actor, Permission.MATCH, on=localdate(at)) | own)


def offices_by_territory(units: Iterable[int], at: datetime) -> dict[str, int]:
    """The commune offices of today among these, by the code of their territory."""
    found = OrgUnit.objects.filter(
        orgs.valid_on(localdate(at)), pk__in=list(units), kind=OrgUnit.Kind.COMMUNE).select_related("admin_unit")
    return {unit.admin_unit.code: unit.pk for unit in found}


def without_birth(offices: Mapping[str, int], *, year_from: int, year_to: int) -> list[PopulationRecord]:
    """People who live there, were born in these years and are linked with no birth."""
    births = Link.objects.filter(record=OuterRef("pk"), kind="KS", state__in=rules.LIVE)
    return list(PopulationRecord.objects.filter(
        ~Exists(births), residence_code__in=list(offices), born_year__gte=year_from, born_year__lte=year_to,
    ).exclude(state=Life.MERGED).order_by("pk"))


def matching_units(actor: Actor, at: datetime) -> QuerySet[OrgUnit]:
    """The offices for which the actor may begin a batch: communes and departments of today."""
    units = access.units_where(actor, Permission.MATCH, on=localdate(at))
    kinds = [OrgUnit.Kind.COMMUNE, OrgUnit.Kind.DEPARTMENT]
    return OrgUnit.objects.filter(orgs.valid_on(localdate(at)), pk__in=units, kind__in=kinds).order_by(
        "-kind", "sort_key")


# --- Batches ----------------------------------------------------------------------------------------------------------


def batches(actor: Actor, at: datetime) -> QuerySet[Batch]:
    """The batches of the offices that the actor may see, newest first."""
    return access.rows(
        actor, Permission.VIEW, Batch.objects.select_related("unit").order_by("-begun_at", "pk"), on=localdate(at))


def get_batch(batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """:raises rules.UnknownBatch: none, or not to be seen."""
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = batches(actor, at).filter(pk=batch_id).first()
    if found is None:
        raise rules.UnknownBatch()
    return found


# --- Tickets ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. ``state``: a state, ``waiting`` or ``over``; ``proposed``: waits to be confirmed."""

    klass: str = ""
    state: str = ""
    unit: int | None = None
    field: str = ""
    year: int | None = None
    late: bool = False
    proposed: bool = False
    mine: bool = False
    text: str = ""
    verdict: str = ""


def visible(actor: Actor, at: datetime) -> QuerySet[Ticket]:
    """The tickets of the offices whose matching the actor may see."""
    found = Ticket.objects.select_related("unit", "act", "record", "officer")
    return access.rows(actor, Permission.VIEW, found, on=localdate(at))


def listed(actor: Actor, at: datetime, wanted: Filter) -> QuerySet[Ticket]:
    """The tickets of a list: the urgent first, then by their day."""
    return _filtered(visible(actor, at), actor, at, wanted).order_by(
        Case(When(klass=Klass.H, then=0), default=1), "due", "pk")


def _filtered(found: QuerySet[Ticket], actor: Actor, at: datetime, wanted: Filter) -> QuerySet[Ticket]:
    if wanted.klass:
        found = found.filter(klass__in=list(wanted.klass))
    if wanted.state == "waiting":
        found = found.filter(state__in=rules.WAITING)
    elif wanted.state == "over":
        found = found.filter(state__in=[str(state) for state in rules.OVER])
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.unit is not None:
        found = found.filter(unit__in=orgs.with_predecessors([wanted.unit]))
    if wanted.field:
        found = found.filter(differs__contains=[wanted.field])
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    if wanted.late:
        found = found.filter(state__in=rules.WAITING, due__lt=localdate(at))
    if wanted.proposed:
        found = found.filter(proposed())
    if wanted.mine:
        found = found.filter(officer_id=actor.user_id)
    if wanted.verdict:
        found = found.filter(verdict=wanted.verdict)
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(record__number=wanted.text))
    return found


def proposed() -> Q:
    """Decisions that wait for another's eyes."""
    return Q(state=State.WITH_JUSTICE, confirmed_by__isnull=True) & ~Q(choice="")


def get(ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """One ticket; the look is kept in the log, and the person may learn of it.

    :raises rules.UnknownTicket: none, or not to be seen.
    """
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = visible(actor, at).select_related("party", "other_act", "other_record").filter(pk=ticket_id).first()
    if found is None:
        raise rules.UnknownTicket()
    looks.note_look(
        subject=found, actor=actor, at=at, what="population.ticket", unit_id=found.unit_id,
        purpose=actor.purpose or "Đối chiếu hộ tịch với dữ liệu dân cư",
    )
    return found


def next_of(ticket: Ticket, actor: Actor, at: datetime) -> Ticket | None:
    """The next ticket that waits for the same hands: to be decided, or to be confirmed."""
    waiting = listed(actor, at, Filter(klass=ticket.klass)).exclude(pk=ticket.pk)
    today = localdate(at)
    if access.may(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=today):
        return waiting.filter(unit=ticket.unit_id, state=State.OPEN).first()
    return waiting.filter(proposed(), unit=ticket.unit_id).exclude(proposed_by_id=actor.user_id).first()


def count_waiting(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu: what waits for the actor's own decision or confirmation."""
    today = localdate(at)
    decides = access.units_where(actor, Permission.DECIDE, on=today)
    confirms = access.units_where(actor, Permission.CONFIRM, on=today)
    waits = Q(unit__in=decides, state=State.OPEN)
    waits |= proposed() & Q(unit__in=confirms) & ~Q(proposed_by_id=actor.user_id)
    return Ticket.objects.filter(waits).count()


# --- One ticket as it is decided --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both sides, its letters in pieces where they differ, and why it speaks for or against."""

    compared: comparison.Compared
    civil: tuple[comparison.Piece, ...]
    population: tuple[comparison.Piece, ...]
    words: str

    @property
    def tone(self) -> str:
        return comparison.LEVEL_TONES[self.compared.level]

    @property
    def level_title(self) -> str:
        return comparison.LEVEL_TITLES[self.compared.level]

    @property
    def civil_text(self) -> str:
        return "".join(piece.text for piece in self.civil)


def lines_of(ticket: Ticket) -> list[Line]:
    """The fields of a ticket as they are shown side by side."""
    words = {one.field: one.words for one in _findings(ticket)}
    told = []
    for one in ticket.fields:
        civil, population = one.shown
        mine, theirs = comparison.pieces(civil, population) if one.differs else (
            (comparison.Piece(civil, False),) if civil else (),
            (comparison.Piece(population, False),) if population else ())
        told.append(Line(one, mine, theirs, words.get(one.field, "")))
    return told


def _findings(ticket: Ticket) -> Sequence[Finding]:
    """Why the engine takes the two for one, as kept with the link: no page asks the engine."""
    if ticket.party_id is None or ticket.record is None:
        return ()
    link = Link.objects.filter(party=ticket.party_id, record=ticket.record).order_by("-pk").first()
    return [Finding(**one) for one in link.findings] if link is not None else ()


def page_of(ticket: Ticket) -> StoredFile | None:
    """The scan of the page behind the act, where it came from a book, by itself or digitised with others."""
    if ticket.act_id is None:
        return None
    entry = entry_of_act(ticket.act_id)
    return entry.scan if entry is not None and entry.scan is not None else scan_of_act(ticket.act_id)


def scan_of(ticket_id: int, actor: Actor, at: datetime) -> StoredFile:
    """The scan of the page that a ticket is decided by.

    :raises rules.UnknownTicket: none, or there is no scan.
    """
    page = page_of(get(ticket_id, actor, at))
    if page is None:
        raise rules.UnknownTicket()
    return page


def evidence_of(ticket_id: int, evidence_id: int, actor: Actor, at: datetime) -> Evidence:
    """:raises rules.UnknownTicket: none, or none of this ticket."""
    ticket = get(ticket_id, actor, at)
    found = ticket.evidence.select_related("file").filter(pk=evidence_id).first()
    if found is None:
        raise rules.UnknownTicket()
    return found


def act_today(ticket: Ticket) -> Act | None:
    return as_it_stands(acts_in_full([ticket.act_id])[0]) if ticket.act_id is not None else None


def tickets_about(*, user_id: UUID, number: str) -> Mapping[str, str]:
    """The tickets about the citizen of this number; they have no dossier."""
    own = Ticket.objects.filter(Q(record__number=number) | Q(party__personal_number=number)) if number else (
        Ticket.objects.none())
    return {str(pk): "" for pk in own.values_list("pk", flat=True)}


# --- Figures of the dashboard -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Board:
    """How far matching is: people matched and not, differences by field, tickets by whom they wait for and how long."""

    people: int = 0
    confirmed: int = 0
    proposed: int = 0
    unfound: int = 0
    by_klass: dict[str, int] = field(default_factory=dict)
    by_field: dict[str, int] = field(default_factory=dict)
    by_state: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)
    oldest: dict[str, datetime] = field(default_factory=dict)
    corrected: int = 0
    noted: int = 0
    sent_back: int = 0
    wants_minutes: int = 0
    by_unit: list[dict[str, Any]] = field(default_factory=list)
    by_year: list[dict[str, Any]] = field(default_factory=list)
    records: int = 0
    urgent: int = 0


def board(actor: Actor, at: datetime, *, unit: int | None = None, year: int | None = None) -> Board:
    """The figures of what the actor may see, of one office or year where asked. A fixed number of queries."""
    today = localdate(at)
    links = access.rows(actor, Permission.VIEW, Link.objects.filter(state__in=rules.LIVE), on=today)
    tickets = access.rows(actor, Permission.VIEW, Ticket.objects.all(), on=today)
    if unit is not None:
        units = orgs.with_predecessors([unit])
        links, tickets = links.filter(unit__in=units), tickets.filter(unit__in=units)
    if year is not None:
        links, tickets = links.filter(year=year), tickets.filter(year=year)
    found = Board(records=PopulationRecord.objects.count())
    _count_links(found, links)
    _count_tickets(found, tickets, today=today)
    found.by_unit = _per(links, tickets, "unit")
    found.by_year = _per(links, tickets, "year")
    return found


def _count_links(found: Board, links: QuerySet[Link]) -> None:
    for row in links.order_by().values("state", "klass").annotate(n=Count("pk")):
        found.people += row["n"]
        if row["klass"] == Klass.E:
            found.unfound += row["n"]
        elif row["state"] == LinkState.CONFIRMED:
            found.confirmed += row["n"]
        else:
            found.proposed += row["n"]
        found.by_klass[row["klass"]] = found.by_klass.get(row["klass"], 0) + row["n"]


def _count_tickets(found: Board, tickets: QuerySet[Ticket], *, today: date) -> None:
    waiting = tickets.filter(state__in=rules.WAITING).order_by()
    for row in waiting.values("state").annotate(
            n=Count("pk"), late=Count("pk", filter=Q(due__lt=today)), oldest=Min("since")):
        found.by_state[row["state"]], found.late[row["state"]] = row["n"], row["late"]
        found.oldest[row["state"]] = row["oldest"]
    names = Func(F("differs"), function="unnest", output_field=CharField())
    for told_of in waiting.annotate(one=names).values("one").annotate(n=Count("pk")):
        found.by_field[told_of["one"]] = told_of["n"]
    told = tickets.aggregate(
        corrected=Count("pk", filter=Q(verdict=rules.Verdict.ACCEPTED)),
        back=Count("pk", filter=Q(verdict=rules.Verdict.REJECTED)),
        minutes=Count("pk", filter=Q(verdict=rules.Verdict.NEEDS_MINUTES)),
        urgent=Count("pk", filter=Q(klass=Klass.H, state__in=rules.WAITING)),
        noted=Count("pk", filter=~Q(right={}) & Q(state__in=[str(state) for state in rules.OVER])),
    )
    found.corrected, found.sent_back, found.wants_minutes = told["corrected"], told["back"], told["minutes"]
    found.noted, found.urgent = told["noted"], told["urgent"]


def _per(links: QuerySet[Link], tickets: QuerySet[Ticket], by: str) -> list[dict[str, Any]]:
    """People, confirmed ones and waiting tickets by office of the act or by year."""
    rows: dict[Any, dict[str, Any]] = {}
    for row in links.order_by().values(by).annotate(
            people=Count("pk"), confirmed=Count("pk", filter=Q(state=LinkState.CONFIRMED))):
        rows[row[by]] = {by: row[by], "people": row["people"], "confirmed": row["confirmed"], "waiting": 0, "urgent": 0}
    for row in tickets.filter(state__in=rules.WAITING).order_by().values(by).annotate(
            n=Count("pk"), urgent=Count("pk", filter=Q(klass=Klass.H))):
        line = rows.setdefault(row[by], {by: row[by], "people": 0, "confirmed": 0, "waiting": 0, "urgent": 0})
        line["waiting"], line["urgent"] = row["n"], row["urgent"]
    if by == "unit":
        units = {unit.pk: unit for unit in OrgUnit.objects.filter(pk__in=list(rows))}
        for key, line in rows.items():
            line["unit"] = units[key]
        return sorted(rows.values(), key=lambda line: (-line["waiting"], line["unit"].sort_key))
    return sorted(rows.values(), key=lambda line: line[by] or 0)


# --- Figures of the indicators: each the length of a list -------------------------------------------------------------


def links_made(scope: Scope) -> QuerySet[Link]:
    """People of acts that were confirmed within the period to have a record."""
    return Link.objects.filter(
        state=LinkState.CONFIRMED, decided_at__gte=scope.start, decided_at__lt=scope.end,
    ).select_related("unit", "act").order_by("decided_at", "pk")


def tickets_opened(scope: Scope) -> QuerySet[Ticket]:
    return Ticket.objects.filter(opened_at__gte=scope.start, opened_at__lt=scope.end).select_related("unit").order_by(
        "opened_at", "pk")


def tickets_closed(scope: Scope) -> QuerySet[Ticket]:
    return Ticket.objects.filter(closed_at__gte=scope.start, closed_at__lt=scope.end).select_related("unit").order_by(
        "closed_at", "pk")
