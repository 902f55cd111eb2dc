"""What the register knows of a person's life: alive or dead, married or not, of which parents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from tuphap.shared.people.api import PersonName

from .. import rules
from ..answers import PersonBlock
from ..models import Act, Annotation, Party
from ..rules import BookKind, MaritalState, PartyRole

COUPLE = (PartyRole.HUSBAND, PartyRole.WIFE)
PARENTS = (PartyRole.MOTHER, PartyRole.FATHER, PartyRole.PARENT)
MARRIAGES = (BookKind.MARRIAGE, BookKind.FOREIGN)
DEATHS = (BookKind.DEATH, BookKind.FOREIGN)


@dataclass(frozen=True, slots=True)
class Marriage:
    """A registered marriage, and the note that ended it."""

    act: Act
    ended_by: Annotation | None

    def spouse_of(self, who: PartyRole) -> Party | None:
        return self.act.party(PartyRole.WIFE if who == PartyRole.HUSBAND else PartyRole.HUSBAND)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's life as far as it is registered; marriages oldest first."""

    death: Act | None
    marriages: tuple[Marriage, ...]
    divorced_abroad: bool = False  # of a marriage that this register never had

    @property
    def current(self) -> Marriage | None:
        return next((one for one in self.marriages if one.ended_by is None), None)

    @property
    def marital(self) -> MaritalState:
        if not self.marriages and self.divorced_abroad:
            return MaritalState.DIVORCED
        return rules.marital_state(
            [rules.AnnotationKind(one.ended_by.kind) if one.ended_by else None for one in self.marriages]
        )


def standing_of(who: Q) -> Standing:
    """Three queries and their prefetches. ``who`` chooses rows of :class:`Party`: see ``checks.same_person``.

    An act that awaits its signature counts: two decisions must not both find somebody free.
    """
    # What was registered abroad and noted here stands in the book of foreign acts, its people in the same roles.
    death = in_acts(who, DEATHS, (PartyRole.DECEASED,)).first()
    marriages = [Marriage(act, _end_of(act)) for act in in_acts(who, MARRIAGES, COUPLE)]
    abroad = not marriages and in_acts(who, BookKind.FOREIGN, (PartyRole.SUBJECT,)).filter(
        event=rules.FOREIGN_DIVORCE).exists()
    return Standing(death, tuple(marriages), abroad)


def perhaps_married(block: PersonBlock) -> list[Act]:
    """Marriages in old books that have not ended, of somebody of this name whose birth is told in part or not at all.

    By name and birth alone :func:`standing_of` cannot know such a person for certain; an officer looks.
    """
    if block.born_on is None:
        return []
    own = Q(search_key=PersonName(block.name).search_key, personal_number="")
    unsure = Q(born_on="") | (
        Q(born_earliest__lte=block.born_on.latest, born_latest__gte=block.born_on.earliest)
        & ~Q(born_on=block.born_on.isoformat()))
    acts = in_acts(own & unsure, MARRIAGES, COUPLE).filter(origin=rules.Origin.OLD_BOOK)
    return [act for act in acts[:5] if _end_of(act) is None]


def in_acts(who: Q, kind: BookKind | tuple[BookKind, ...], roles: tuple[PartyRole, ...]) -> QuerySet[Act]:
    """Live acts of these kinds in which they stand in one of these roles, oldest first."""
    people = Party.objects.filter(who, role__in=roles)
    kinds = (kind,) if isinstance(kind, BookKind) else kind
    return (
        Act.objects.filter(
            kind__in=kinds, parties__in=people,
            state__in=(rules.ActState.PENDING_SIGNATURE, rules.ActState.REGISTERED),
        )
        .select_related("unit")
        .prefetch_related("parties", Prefetch("annotations", endings(), to_attr="ends"))
        .order_by("registered_on", "created_at")
        .distinct()
    )


def endings() -> QuerySet[Annotation]:
    """The notes by which marriages have ended, oldest first; one that came of an act cancelled since ends nothing."""
    return (
        Annotation.objects.filter(kind__in=list(rules.ENDS_MARRIAGE))
        .exclude(source__state=rules.ActState.CANCELLED).order_by("created_at", "pk")
    )


def has_ended(marriage: Act) -> bool:
    """Whether a note says so."""
    return endings().filter(act=marriage).exists()


def guardianship_has_ended(guardianship: Act) -> bool:
    """Whether a note says so, of an act that was not cancelled since."""
    return guardianship.annotations.filter(kind=rules.AnnotationKind.GUARDIANSHIP_END).exclude(
        source__state=rules.ActState.CANCELLED).exists()


def _end_of(act: Act) -> Annotation | None:
    return next(iter(act.ends), None)  # type: ignore[attr-defined]  # prefetched above


def same_as(party: Party) -> Q:
    """Rows of :class:`Party` that are this person: by number; without one, by accent-blind name and birth."""
    by_name = Q(search_key=party.search_key, born_on=party.born_on) if party.born_on else Q(pk=party.pk)
    if party.personal_number:
        return Q(personal_number=party.personal_number) | (by_name & Q(personal_number=""))
    return by_name


@dataclass(frozen=True, slots=True)
class Forebear:
    """Somebody from whom a person descends, so many generations up, and the birth that tells of it."""

    who: Party
    generations: int
    act: Act


def forebears(who: Q, *, generations: int) -> Iterator[Forebear]:
    """Parents, their parents and so on, as births and recognitions tell; three queries a generation and person."""
    waiting = [(who, 1)]
    while waiting:
        child, up = waiting.pop()
        for parent, act in _parents(child):
            yield Forebear(parent, up, act)
            if up < generations:
                waiting.append((same_as(parent), up + 1))


def _parents(child: Q) -> Iterator[tuple[Party, Act]]:
    told = Act.objects.filter(
        parties__in=Party.objects.filter(child, role=PartyRole.CHILD), state=rules.ActState.REGISTERED,
        kind__in=(BookKind.BIRTH, BookKind.RECOGNITION),
    ).prefetch_related("parties", Prefetch("annotations", strikings(), to_attr="strikings"))
    for act in told[:6]:
        gone = {change["field"] for note in act.strikings for change in note.changes}
        for parent in act.parties.all():
            if parent.role in PARENTS and f"{parent.role}.name" not in gone:
                yield parent, act


def strikings() -> QuerySet[Annotation]:
    """The notes by which somebody was struck out of an act: see ``current.struck_out``."""
    return Annotation.objects.filter(kind=rules.AnnotationKind.RECOGNITION, changes__contains=[{"after": ""}])


def key_of(party: Party) -> str:
    """By what two rows are told to be one person, where both are known enough."""
    return party.personal_number or f"{party.search_key}|{party.born_on}"
