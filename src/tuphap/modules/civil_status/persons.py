"""One person through all acts: by number, for who says why; and the check that other agencies ask for.

What a look shows is kept in the log act by act, so that the person is told who looked (``audit.looks``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.people.api import PartialDate

from . import rules
from .current import as_it_stands
from .events.standing import Standing, standing_of
from .models import Act, Annotation, Party
from .papers import office_then_and_now
from .queries import spelt


@dataclass(frozen=True, slots=True)
class Appearance:
    """An act in which the person stands: in which role, where (names then and now), what was noted since.

    ``address`` is empty where the viewer may not open the act itself.
    """

    act: Act
    party: Party
    office: str
    notes: tuple[Annotation, ...]
    address: str
    name_now: str  # where it is another than the one that was written

    @property
    def role(self) -> str:
        return rules.PARTY_TITLES[rules.PartyRole(self.party.role)]


@dataclass(frozen=True, slots=True)
class Person:
    """What the register tells of a person, oldest act first."""

    number: str
    name: str
    born_on: str
    sex: str
    appearances: tuple[Appearance, ...]
    standing: Standing

    @property
    def marital(self) -> str:
        return rules.MARITAL_TITLES[self.standing.marital]


def person(number: str, *, actor: Actor, at: datetime, purpose: str) -> Person | None:
    """Everything registered about who bears this number; None where nothing is.

    :raises access.Forbidden: the actor sees no register at all.
    :raises rules.PurposeRequired: no purpose was given.
    """
    today = localdate(at)
    access.require_anywhere(actor, rules.Permission.VIEW, on=today)
    if not purpose.strip():
        raise rules.PurposeRequired()
    people = list(
        Party.objects.filter(personal_number=number, act__state__in=rules.IN_BOOK)
        .select_related("act__unit__admin_unit", "act__book")
        .prefetch_related("act__annotations__source", "act__parties")
        .order_by("act__registered_on", "act__created_at", "pk")
    )
    opened = access.units_where(actor, rules.Permission.VIEW, on=today)
    for shown in {party.act_id: party.act for party in people}.values():
        audit.record_read(
            subject=_as_logged(shown), actor=actor, at=at, purpose=purpose, what="civil_status.person",
            unit_id=shown.unit_id,
        )
    if not people:
        audit.record_read(subject=None, actor=actor, at=at, purpose=purpose, what="civil_status.person", found=False)
        return None
    # The person's own act tells best who they are: of their birth, else the latest.
    main = next((p for p in people if p.role == rules.PartyRole.CHILD), people[-1])
    told = _as_they_stand(main)
    return Person(
        number=number, name=told.name, born_on=told.born_on or next((p.born_on for p in people if p.born_on), ""),
        sex=told.sex or next((p.sex for p in people if p.sex), ""),
        appearances=tuple(
            Appearance(
                act=party.act, party=party, office=office_then_and_now(party.act, on=today),
                notes=tuple(sorted(party.act.annotations.all(), key=lambda note: (note.created_at, note.pk))),
                address=party.act.get_absolute_url() if party.act.unit_id in opened else "",
                name_now=now if (now := _as_they_stand(party).name) != party.name else "",
            )
            for party in people
        ),
        standing=standing_of(Q(personal_number=number)),
    )


def _as_they_stand(party: Party) -> Party:
    """The person as the act tells of them today."""
    return as_it_stands(party.act).party(rules.PartyRole(party.role)) or party


def _as_logged(act: Act) -> Act:
    """The act under the name by which the log and the person's own page know it: a birth as a birth."""
    return act.birthact if act.kind == rules.BookKind.BIRTH else act


# --- The check for notaries and other agencies ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """The least that answers: what was not asked stays None. ``known``: the register knows this very person."""

    known: bool
    alive: bool | None = None
    marital: str | None = None


def check_status(
    *, number: str, name: str, born_on: date, alive: bool, marital: bool, actor: Actor, at: datetime, purpose: str
) -> StatusAnswer:
    """Whether a person is alive, whether married: for who may ask, with a purpose, of somebody named exactly.

    :raises access.Forbidden: the caller was not given this check.
    :raises rules.PurposeRequired: no purpose was given.
    """
    access.require_anywhere(actor, rules.Permission.CHECK, on=localdate(at))
    if not purpose.strip():
        raise rules.PurposeRequired()
    found = _who(number, name, born_on)
    audit.record_read(
        subject=_as_logged(found.act) if found else None, actor=actor, at=at, purpose=purpose,
        what="civil_status.person_status", unit_id=found.act.unit_id if found else None, known=found is not None,
        asked=[what for what, wanted in (("alive", alive), ("marital", marital)) if wanted],
    )
    if found is None:
        return StatusAnswer(known=False)
    standing = standing_of(Q(personal_number=number))
    return StatusAnswer(
        known=True, alive=standing.death is None if alive else None,
        marital=str(standing.marital) if marital else None,
    )


def _who(number: str, name: str, born_on: date) -> Party | None:
    """A registered row of this number whose name and birth are those told."""
    people = Party.objects.filter(
        personal_number=number, act__state__in=rules.IN_BOOK
    ).select_related("act__unit").prefetch_related("act__parties", "act__annotations__source").order_by(
        "act__registered_on", "pk")
    day = PartialDate.of(born_on)
    return next(
        (p for p in people
         if any(one.born_on and PartialDate.parse(one.born_on).may_equal(day) and spelt(one.name) == spelt(name)
                for one in (p, _as_they_stand(p)))), None
    )

