"""What the engine has found becomes links and tickets: many people judged in one pass, written where it differs.

Done again with the same acts, records and answers it writes nothing. What a person has decided stays: a pair that was
rejected is not proposed again, a pair that was confirmed is not taken apart, a difference that was closed is not opened
again while both sides say what they said then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tuphap.engines.linkage import Candidate, Decision
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.modules.civil_status.public import Act, ActState, has_ended
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.exchange import api as exchange
from tuphap.shared.notices import api as notices

from .. import comparison, matching, rules
from ..comparison import Compared, Level, Life
from ..models import Batch, Link, PopulationRecord, Step, Ticket
from ..rules import Event, Klass, LifeConflict, LinkState, Permission, State
from ..subjects import Subject

ENGINE = "Hệ thống đối chiếu"


@dataclass(frozen=True, slots=True)
class Found:
    """A person of an act, and who the engine says they may be; the best first, those worth a look alone."""

    subject: Subject
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class Judged:
    """What is so of one person: the record taken for theirs, how the two agree, the class."""

    subject: Subject
    record: PopulationRecord | None
    candidate: Candidate | None
    compared: tuple[Compared, ...]
    klass: Klass
    twin: PopulationRecord | None = None
    conflict: LifeConflict | None = None
    other_act: Act | None = None
    sure: bool = False

    @property
    def differs(self) -> list[str]:
        return [one.field for one in self.compared if one.differs]

    @property
    def key(self) -> str:
        return f"party:{self.subject.party.pk}"


@dataclass(slots=True)
class Known:
    """The rows that judging many people needs, read at once."""

    records: dict[str, PopulationRecord]
    links: dict[int, Link]
    rejected: set[tuple[int, int]]
    twins: dict[tuple[str, str], list[PopulationRecord]]
    marriages: dict[int, list[Link]]
    waiting: dict[str, Ticket]
    closed: dict[str, list[Ticket]] = field(default_factory=lambda: defaultdict(list))


def enter(found: Sequence[Found], *, batch: Batch | None, actor: Actor, at: datetime) -> Counter[str]:
    """Judge and write; how many people of each class. Inside an operation."""
    known, today = _known(found), localdate(at)
    judged = [_judge(one, known, today=today) for one in found]
    counts: Counter[str] = Counter(str(one.klass) for one in judged)
    changed: dict[UUID, Act] = {}
    new: list[Link] = []
    for one in judged:
        wrote = _link(one, known, new, batch=batch, at=at)
        wrote |= _ticket(one, known, actor=actor, at=at)
        if wrote:
            changed[one.subject.act.pk] = one.subject.act
    Link.objects.bulk_create(new)
    _close_found(judged, actor=actor, at=at)
    if batch is None:  # a batch tells of itself, a chunk at a time
        for act in changed.values():
            audit.record(Event.MATCHED, subject=None, actor=actor, at=at, unit_id=act.unit_id, act=str(act.pk))
    tell_whole(changed.values(), actor=actor, at=at)
    return counts


def drop(act: Act, *, actor: Actor, at: datetime) -> None:
    """An act that stands no more has nobody to be matched: its links go, its tickets are closed."""
    for link in Link.objects.select_for_update().filter(act=act, state__in=rules.LIVE).order_by("pk"):
        _set_link(link, state=LinkState.SUPERSEDED)
        audit.record(Event.MATCHED, subject=link, actor=actor, at=at, unit_id=act.unit_id, act=str(act.pk), gone=True)
    for ticket in Ticket.objects.select_for_update().filter(act=act, state__in=rules.WAITING).order_by("pk"):
        close(ticket, State.RESOLVED, "Việc hộ tịch không còn giá trị", actor=actor, at=at, by=ENGINE)


def tell_whole(acts: Iterable[Act], *, actor: Actor, at: datetime) -> None:
    """Tell others of those acts of which everybody has a record that is confirmed, the last one just now."""
    asked = list(acts)
    links = Link.objects.filter(act__in=[act.pk for act in asked], state=LinkState.CONFIRMED)
    told = links.values_list("act_id", "decided_at")
    confirmed, fresh = Counter(act_id for act_id, _ in told), {act_id for act_id, decided in told if decided == at}
    for act in asked:
        named = sum(1 for party in act.parties.all() if party.role in rules.ROLES.get(act.kind, ()))
        if named and confirmed[act.pk] >= named and act.pk in fresh:
            audit.record(Event.ACT_MATCHED, subject=act, actor=actor, at=at, unit_id=act.unit_id, act_id=str(act.pk))


# --- Reading ----------------------------------------------------------------------------------------------------------


def _known(found: Iterable[Found]) -> Known:
    found = list(found)
    parties = [one.subject.party.pk for one in found]
    keys = {candidate.pop_id for one in found for candidate in one.candidates}
    links = {
        link.party_id: link for link in Link.objects.select_for_update(of=("self",)).select_related("record").filter(
            party__in=parties, state__in=rules.LIVE).order_by("pk")
    }
    keys |= {link.record.key for link in links.values() if link.record is not None}
    records = {record.key: record for record in PopulationRecord.objects.filter(key__in=keys)}
    into = {record.merged_into for record in records.values() if record.merged_into} - set(records)
    records |= {record.key: record for record in PopulationRecord.objects.filter(key__in=into)}
    rejected = set(Link.objects.filter(party__in=parties, state=LinkState.REJECTED, record__isnull=False).values_list(
        "party_id", "record_id"))
    subjects = [f"party:{party}" for party in parties]
    tickets = Ticket.objects.select_for_update(of=("self",)).filter(subject__in=subjects).order_by("pk")
    known = Known(records, links, rejected, _twins(records.values()), _marriages(records.values()), {})
    for ticket in tickets:
        if ticket.is_over:
            known.closed[ticket.subject].append(ticket)
        else:
            known.waiting[ticket.subject] = ticket
    return known


def _twins(records: Iterable[PopulationRecord]) -> dict[tuple[str, str], list[PopulationRecord]]:
    """Records by name and whole day of birth, where more than one bears them."""
    names = {record.search_key for record in records if len(record.born_on) == 10}
    groups: dict[tuple[str, str], list[PopulationRecord]] = defaultdict(list)
    alike = PopulationRecord.objects.filter(search_key__in=names).exclude(state=Life.MERGED)
    for record in alike.order_by("pk"):
        if len(record.born_on) == 10:
            groups[record.search_key, record.born_on].append(record)
    return groups


def _marriages(records: Iterable[PopulationRecord]) -> dict[int, list[Link]]:
    """The marriages in which somebody of a record already stands."""
    found: dict[int, list[Link]] = defaultdict(list)
    links = Link.objects.filter(record__in=list(records), kind="KH", state__in=rules.LIVE).select_related("act")
    for link in links.order_by("pk"):
        assert link.record_id is not None  # asked by the filter
        found[link.record_id].append(link)
    return found


# --- Judging ----------------------------------------------------------------------------------------------------------


def _judge(found: Found, known: Known, *, today: date) -> Judged:
    subject = found.subject
    candidate, record = _best(found, known)
    if record is None or candidate is None:
        return Judged(subject, None, None, comparison.compare(subject.told, comparison.Told()), Klass.E)
    compared = comparison.compare(subject.told, record.told)
    twin = _twin_of(record, known)
    conflict, other = _conflict(subject, record, known, today=today)
    if conflict in (LifeConflict.DEAD_HERE, LifeConflict.ACTED_AFTER_DEATH):
        here, there = (Life.DEAD, Life.ALIVE) if conflict is LifeConflict.DEAD_HERE else (Life.ALIVE, Life.DEAD)
        compared = (*compared, Compared("state", str(here), str(there), Level.MAJOR))
    klass = rules.classify(
        compared, found=True, has_twin=twin is not None, conflict=conflict,
        wants_number=subject.wants_number and bool(record.number),
    )
    sure = candidate.decision is Decision.AUTO
    if klass is Klass.A and not sure:
        klass = Klass.B  # nothing differs, and little is known: somebody looks
    return Judged(subject, record, candidate, compared, klass, twin, conflict, other, sure)


def _best(found: Found, known: Known) -> tuple[Candidate | None, PopulationRecord | None]:
    """The first candidate that nobody has rejected; a confirmed one before all others. A merged record leads on."""
    party = found.subject.party.pk
    link = known.links.get(party)
    candidates = list(found.candidates)
    if link is not None and link.record is not None and link.state == LinkState.CONFIRMED:
        candidates.insert(0, Candidate(link.record.key, link.probability, Decision.AUTO))
    for candidate in candidates:
        record = known.records.get(candidate.pop_id)
        if record is not None and record.state == Life.MERGED:
            record = known.records.get(record.merged_into)
        if record is None or candidate.decision is Decision.NONE or (party, record.pk) in known.rejected:
            continue
        return candidate, record
    return None, None


def _twin_of(record: PopulationRecord, known: Known) -> PopulationRecord | None:
    """Another record that is the same person's: name and day, and parents as far as both tell of them."""
    for other in known.twins.get((record.search_key, record.born_on), ()):
        if other.pk == record.pk or other.sex != record.sex:
            continue
        parents = [(record.mother, other.mother), (record.father, other.father)]
        told = [(one, two) for one, two in parents if one and two]
        if told and all(comparison.names(one, two) in (Level.SAME, Level.FORMAT) for one, two in told):
            return other
    return None


def _conflict(
    subject: Subject, record: PopulationRecord, known: Known, *, today: date
) -> tuple[LifeConflict | None, Act | None]:
    act = subject.act
    other = next((
        link.act for link in known.marriages.get(record.pk, ())
        if link.act_id != act.pk and link.act.state == ActState.REGISTERED and not has_ended(link.act)
    ), None) if act.kind == "KH" and not has_ended(act) else None
    conflict = rules.conflict_in_life(
        kind=act.kind, registered_on=act.registered_on, life=record.state, died_on=record.died_on,
        told_on=None if act.is_from_paper else act.registered_on, today=today, other_marriage=other is not None,
    )
    return conflict, other if conflict is LifeConflict.MARRIED_TWICE else None


# --- Writing ----------------------------------------------------------------------------------------------------------


def _link(one: Judged, known: Known, new: list[Link], *, batch: Batch | None, at: datetime) -> bool:
    """Keep who is taken for whom, what is new in ``new``; whether anything is to be written."""
    link, record_id = known.links.get(one.subject.party.pk), one.record.pk if one.record else None
    state = LinkState.CONFIRMED if one.klass is Klass.A else LinkState.PROPOSED
    if link is not None and link.record_id == record_id:
        if link.state == LinkState.CONFIRMED:
            state = LinkState.CONFIRMED
        columns: dict[str, Any] = {"klass": str(one.klass), "differs": one.differs, "state": str(state)}
        if all(getattr(link, name) == value for name, value in columns.items()):
            return False
        if state is LinkState.CONFIRMED and link.state != LinkState.CONFIRMED:
            columns |= {"decided_at": at, "decided_by": ENGINE}
        _set_link(link, matched_at=at, **columns)
        return True
    if link is not None:
        _set_link(link, state=LinkState.SUPERSEDED)
    act = one.subject.act
    new.append(Link(
        party_id=one.subject.party.pk, act_id=act.pk, unit_id=act.unit_id, kind=act.kind, year=act.year,
        record=one.record, probability=one.candidate.probability if one.candidate else 0, klass=one.klass,
        differs=one.differs, state=state, batch=batch, matched_at=at,
        findings=_reasons(one),
        decided_at=at if state is LinkState.CONFIRMED else None,
        decided_by=ENGINE if state is LinkState.CONFIRMED else "",
    ))
    return True


def _reasons(one: Judged) -> list[dict[str, Any]]:
    """What spoke for and against, for whoever will look; where nobody need look, nothing is asked."""
    if one.candidate is None or one.record is None:
        return []
    found = one.candidate.findings
    if not found and one.klass is not Klass.A:
        found = matching.explain(one.subject.record, one.record)
    return [asdict(finding) for finding in found]


def _set_link(link: Link, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(link, name, value)
    link.save(update_fields=list(columns))


def confirm_link(party_id: int | None, *, actor: Actor, at: datetime) -> None:
    """A person has decided that the two are one. Inside an operation."""
    link = party_id and Link.objects.select_for_update().filter(
        party_id=party_id, state=LinkState.PROPOSED, record__isnull=False).first()
    if link:
        _set_link(link, state=LinkState.CONFIRMED, decided_at=at, decided_by=actor.name[:100])


def reject_link(party_id: int | None, *, actor: Actor, at: datetime) -> None:
    """A person has decided that the two are not one. Inside an operation."""
    link = party_id and Link.objects.select_for_update().filter(
        party_id=party_id, state__in=rules.LIVE, record__isnull=False).first()
    if link:
        _set_link(link, state=LinkState.REJECTED, decided_at=at, decided_by=actor.name[:100])


def _ticket(one: Judged, known: Known, *, actor: Actor, at: datetime) -> bool:
    """Open, renew or close the ticket of a person; whether anything was written."""
    ticket, compared = known.waiting.get(one.key), [field.plain() for field in one.compared]
    if one.klass is Klass.A:
        if ticket is not None:
            close(ticket, State.RESOLVED, "Hai bên đã khớp", actor=actor, at=at, by=ENGINE)
        return ticket is not None
    if ticket is None:
        differing = [field for field in one.compared if field.differs]
        now = (str(one.klass), one.record.pk if one.record else None, differing)
        same = any(
            (old.klass, old.record_id, [field for field in old.fields if field.differs]) == now
            for old in known.closed[one.key])
        if not same:
            known.waiting[one.key] = _open(one, compared, actor=actor, at=at)
        return not same
    return _renew(ticket, one, compared, actor=actor, at=at)


def _open(one: Judged, compared: list[dict[str, str]], *, actor: Actor, at: datetime) -> Ticket:
    act = one.subject.act
    return open_ticket(
        {"subject": one.key, "klass": one.klass, "conflict": one.conflict or "", "unit_id": act.unit_id,
         "kind": act.kind, "year": act.year, "party_id": one.subject.party.pk, "act_id": act.pk,
         "other_act_id": one.other_act.pk if one.other_act else None, "record": one.record,
         "other_record": one.twin, "name": one.subject.told.name, "compared": compared, "differs": one.differs},
        actor=actor, at=at)


def open_ticket(columns: dict[str, Any], *, actor: Actor, at: datetime) -> Ticket:
    """Write a new ticket, with its day; the leader hears of an urgent one. Inside an operation."""
    klass = Klass(columns["klass"])
    ticket = Ticket.objects.create(since=at, opened_at=at, due=due_on(klass, at), **columns)
    note_step(ticket, "Mở phiếu", at=at, by=ENGINE, note=ticket.differing)
    audit.record(Event.OPENED, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, klass=str(klass),
                 differs=ticket.differs)
    if klass in rules.URGENT:
        tell_leaders(ticket, actor=actor, at=at)
    return ticket


def due_on(klass: Klass, at: datetime) -> date:
    """The last working day on which a ticket of this class may be open."""
    today = localdate(at)
    days = rules.in_force(rules.TERMS, on=today).value[klass]
    return calendar.working_calendar().add_working_days(today, days)


def _renew(ticket: Ticket, one: Judged, compared: list[dict[str, str]], *, actor: Actor, at: datetime) -> bool:
    """Both sides as they are now; the class only while nobody has decided anything."""
    columns: dict[str, Any] = {"compared": compared, "differs": one.differs, "record": one.record}
    if ticket.state == State.OPEN:
        columns |= {"klass": str(one.klass), "conflict": str(one.conflict or ""), "other_record": one.twin,
                    "other_act": one.other_act}
    if all(getattr(ticket, name) == value for name, value in columns.items()):
        return False
    reclassed = ticket.klass != columns.get("klass", ticket.klass)
    if reclassed:
        columns["due"] = due_on(one.klass, at)
    for name, value in columns.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=list(columns))
    note_step(ticket, f"Chuyển nhóm {one.klass}" if reclassed else "Dữ liệu hai bên thay đổi", at=at, by=ENGINE,
              note=ticket.differing)
    audit.record(Event.RECLASSED, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, klass=ticket.klass)
    if reclassed and one.klass in rules.URGENT:
        tell_leaders(ticket, actor=actor, at=at)
    return True


def key_of_record(record: PopulationRecord) -> str:
    """What a ticket is about that concerns a record alone."""
    return f"record:{record.pk}"


def _close_found(judged: Iterable[Judged], *, actor: Actor, at: datetime) -> None:
    """Whoever had no birth in the register has one now: the tickets that said so are over."""
    births = {
        key_of_record(one.record): one.subject.act for one in judged
        if one.record is not None and one.subject.act.kind == "KS"
    }
    waiting = Ticket.objects.select_for_update(of=("self",)).filter(subject__in=births, state__in=rules.WAITING)
    for ticket in waiting.order_by("pk"):
        close(ticket, State.RESOLVED, "Đã có việc khai sinh", actor=actor, at=at, by=ENGINE,
              note=f"Số {births[ticket.subject].display_number}")


def tell_leaders(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Whoever confirms for this office hears of an urgent ticket at once."""
    for person in exchange.owners(Permission.CONFIRM, unit_id=ticket.unit_id, at=at):
        notices.send(template="population.urgent", to_user_id=person.pk, actor=actor, at=at, ticket=ticket.code)


# --- States -----------------------------------------------------------------------------------------------------------


def move(
    ticket: Ticket, state: State, title: str, *, actor: Actor, at: datetime, note: str = "", by: str = "",
    **columns: Any,
) -> None:
    """Move a ticket along an edge of the table, and keep the step. Inside an operation.

    :raises rules.WrongState: there is no such edge.
    """
    if ticket.state != state:
        rules.check_edge(State(ticket.state), state)
        columns |= {"state": str(state), "since": at}
    for name, value in columns.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=list(columns))
    note_step(ticket, title, at=at, by=by or actor.name, note=note)


def close(
    ticket: Ticket, state: State, title: str, *, actor: Actor, at: datetime, note: str = "", by: str = "",
    **columns: Any,
) -> None:
    """End a ticket. Of a decision that nobody has confirmed nothing stays. Inside an operation."""
    if ticket.is_proposed:
        columns |= {"choice": "", "right": {}, "reason": "", "minutes": "", "proposed_by": None, "proposed_by_name": ""}
    move(ticket, state, title, actor=actor, at=at, note=note, by=by, closed_at=at, **columns)
    audit.record(Event.CLOSED, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, state=str(state),
                 choice=ticket.choice)


def note_step(ticket: Ticket, title: str, *, at: datetime, by: str, note: str = "") -> None:
    Step.objects.create(ticket=ticket, state=ticket.state, title=title[:100], at=at, by=by[:200], note=note[:500])


NOTHING_DECIDED: dict[str, Any] = {
    "choice": "", "right": {}, "reason": "", "minutes": "", "proposed_by": None, "proposed_by_name": "",
    "confirmed_by": None, "confirmed_by_name": "", "message_id": None,
}
