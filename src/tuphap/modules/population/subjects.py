"""Whom the register's acts are about, as they are matched: a person as the act stands today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tuphap.engines.linkage import CivilRecord, Kind
from tuphap.modules.civil_status.public import Act, BirthAct, Party, as_it_stands
from tuphap.shared.people.api import PartialDate, Sex

from . import rules
from .comparison import Told


@dataclass(frozen=True, slots=True)
class Subject:
    """One person of an act; ``act`` is as registered, what is told is as it stands."""

    act: Act
    party: Party
    told: Told
    record: CivilRecord

    @property
    def wants_number(self) -> bool:
        """Whether a number that is found may be noted beside the act: of a birth that has none."""
        return self.act.kind == "KS" and not self.told.number


def subjects_of(act: Act) -> Iterator[Subject]:
    """The people of an act that are matched, none where its book only quotes what others say.

    :param act: of a birth as :class:`BirthAct`, with parties and annotations at hand where many are asked for.
    """
    roles = rules.ROLES.get(act.kind, ())
    if not roles:
        return
    today = as_it_stands(act)
    people = {party.role: party for party in today.parties.all()}
    for role in roles:
        party = people.get(role)
        if party is not None and party.pk is not None:
            yield _subject(act, today, party, people)


def _subject(act: Act, today: Act, party: Party, people: dict[str, Party]) -> Subject:
    is_birth = act.kind == "KS"
    father = people["father"].name if is_birth and "father" in people else ""
    mother = people["mother"].name if is_birth and "mother" in people else ""
    told = Told(
        name=party.name, sex=party.sex, born_on=party.born_on, father=father, mother=mother,
        number=party.personal_number,
    )
    record = CivilRecord(
        civil_id=str(party.pk), kind=Kind(act.kind), book=f"{act.book.display_volume}/{act.book.year}",
        number=str(act.number), year=act.year, commune=act.unit.admin_unit.code, name=party.name, father=father,
        mother=mother, birth_place=today.place if isinstance(today, BirthAct) else "", residence=party.residence,
        sex=Sex(party.sex).label if party.sex else "", born_on=_written(party.born_on),
        id_number=party.personal_number or party.id_number,
    )
    return Subject(act, party, told, record)


def _written(day: str) -> str:
    return str(PartialDate.parse(day)) if day else ""
