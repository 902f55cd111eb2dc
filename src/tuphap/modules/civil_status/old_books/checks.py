"""What the register knows against an entry of an old book: read when it is proposed, and again when it is confirmed.

Nothing here writes. What cannot be is refused by type; what is only doubtful wants a reason, kept with the entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from tuphap.engines.vietnamese import fold
from tuphap.shared.numbering import api as numbering
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import PartialDate, PersonName

from .. import rules as register
from ..checks import act_text
from ..models import Act, OldEntry, Party
from ..rules import ActState, BookKind, Origin, PartyRole
from . import declare, rules
from .rules import Line

# Of these one and the same person may have several: only those of about the same day are taken for one.
AGAIN_AND_AGAIN = frozenset({BookKind.CHANGE, BookKind.MARITAL_STATUS, BookKind.FOREIGN})


def refuse_line(line: Line, *, unit: OrgUnit, kind: BookKind, today: date) -> None:
    """Refuse a line that this office cannot have had in such a book.

    :raises rules.BadYear, rules.BadVolume, rules.BadNumber, rules.DayOutsideBook: no book has it.
    :raises rules.OfficeWasNot: the office did not exist on the day; those that did are named.
    :raises rules.OfficeIsListed: the unit is said to keep the book only, and the one that had it can be chosen.
    :raises rules.NumberInSystem: that number was given here, not on paper.
    :raises register.NumberTaken: an act stands under it in this volume; another may begin with 1 again.
    """
    rules.check_line(line, today=today)
    _refuse_office(line, unit, today)
    number, suffix = rules.split_number(line.number)
    volume, volume_suffix = rules.split_volume(line.volume)
    if not line.stands_for:
        first = numbering.first_of(register.SERIES[kind], unit_id=unit.pk, year=line.year)
        if first is not None and number >= first:
            raise rules.NumberInSystem(year=line.year, first=first)
    taken = Act.objects.filter(
        unit=unit, office_then=line.office_name if line.stands_for else "", kind=kind, year=line.year, number=number,
        number_suffix=suffix, book__volume=volume, book__volume_suffix=volume_suffix, book__origin=Origin.OLD_BOOK,
    ).first()
    if taken is not None:
        raise register.NumberTaken(evidence=act_text(taken))


def _refuse_office(line: Line, unit: OrgUnit, today: date) -> None:
    """The office was at work on the day of registration, or only stands for one that no list names.

    When the oldest units began is not recorded: those are taken to have been there before as well.
    """
    day = max(line.registered_on, orgs.EARLIEST)
    kin = OrgUnit.objects.filter(pk__in=orgs.with_predecessors([unit.pk]), kind=unit.kind).filter(orgs.valid_on(day))
    if line.stands_for:
        named = next((one for one in kin.order_by("sort_key") if _is_named(one, line.office_name)), None)
        if named is not None:
            raise rules.OfficeIsListed(written=line.office_name, unit=named.name)
        return
    if not orgs.is_valid(unit, on=day):
        names = [one.name for one in kin.order_by("sort_key")[:8]]
        if not names and unit.valid_to is not None and unit.valid_to <= day:
            heir = orgs.restate(unit.pk, on=today)
            names = [heir.name] if heir is not None else []
        others = f"; khi đó có: {'; '.join(names)}" if names else ""
        raise rules.OfficeWasNot(office=unit.name, on=_text(line.registered_on), others=others)


def _is_named(unit: OrgUnit, written: str) -> bool:
    return fold(written.partition(",")[0]) in (fold(unit.name), fold(unit.short_name))


def _text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def duplicates(entry: OldEntry) -> list[Act]:
    """Acts of the register that seem to be this very event: the same people in the same roles, at the same time."""
    kind = entry.entry_kind
    acts = Act.objects.filter(
        kind=entry.kind, event__in={kind.event, *_registered_again(kind)},
        state__in=(ActState.PENDING_SIGNATURE, ActState.REGISTERED),
    )
    for role in kind.main:
        acts = acts.filter(parties__in=_people(entry, role))
    if kind.book in AGAIN_AND_AGAIN:
        acts = acts.filter(_about_then(entry))
    return list(acts.select_related("unit").distinct().order_by("registered_on")[:5])


def _registered_again(kind: declare.EntryKind) -> tuple[str, ...]:
    """What such an event is called where it was registered anew because its book was lost."""
    return {BookKind.MARRIAGE: (register.MARRIAGE_AGAIN, ""), BookKind.DEATH: (register.DEATH_AGAIN, "")}.get(
        kind.book, ("",))


def _people(entry: OldEntry, role: PartyRole) -> QuerySet[Party]:
    """Rows of this person in this role: by number; else by accent-blind name, with a birth that may be the same."""
    name = declare.value_at(entry.content, f"{role}.name")
    number = declare.value_at(entry.content, f"{role}.personal_number")
    born = declare.value_at(entry.content, f"{role}.born_on")
    same = Q(search_key=PersonName(name).search_key)
    if born:
        day = PartialDate.parse(born)
        same &= Q(born_on="") | Q(born_earliest__lte=day.latest, born_latest__gte=day.earliest)
    return Party.objects.filter(same | Q(personal_number=number) if number else same, role=role)


def _about_then(entry: OldEntry) -> Q:
    """Registered in the same year or the next."""
    return Q(registered_on__year__in=(entry.registered_on.year, entry.registered_on.year + 1))


def wants_reasons(entry: OldEntry) -> Iterator[rules.DayNeedsReason | rules.PossibleDuplicate]:
    """What is doubtful and not answered for yet."""
    years = rules.years_over(entry.line)
    if years and not entry.day_reason.strip():
        yield rules.DayNeedsReason(years=years)
    found = [] if entry.duplicate_reason.strip() else duplicates(entry)
    if found:
        yield rules.PossibleDuplicate(evidence="; ".join(map(act_text, found)))
