"""Looks into dossiers: kept when officials open them, told to whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import looks
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.exchange import api as exchange
from tuphap.shared.orgs.models import OrgUnit

from ..rules import Permission
from .rules import OFFICIAL, PURPOSES, SENT, Look, Why, seen

# The national portal is told codes and states alone.
_NOTHING_PERSONAL = ("portal",)


def note(dossier: Dossier, actor: Actor, at: datetime, what: Look = Look.DOSSIER) -> None:
    """Keep that somebody looks into a dossier that they may see, and why."""
    if actor.kind in (ActorKind.STAFF, ActorKind.AGENCY):
        looks.note_look(
            subject=dossier, actor=actor, at=at, what=what, unit_id=dossier.resolving_unit_id,
            purpose=actor.purpose or PURPOSES[_why(dossier, actor, at)], dossier=dossier.reference,
        )


def _why(dossier: Dossier, actor: Actor, at: datetime) -> Why:
    """As what the actor stands towards the dossier today; by the grants that are read once a request."""
    on = localdate(at)
    if dossier.assigned_to_id == actor.user_id:
        return Why.HANDLING
    levels = dossier.procedure.levels
    resolving, receiving = dossier.resolving_unit_id, dossier.receiving_unit_id
    for permission in (levels.sign, levels.review) if levels else ():
        if permission and access.may(actor, permission, unit_id=resolving, on=on):
            return Why.DECIDING
    for permission in (Permission.RECEIVE, Permission.ASSIGN, Permission.RETURN):
        if any(access.may(actor, permission, unit_id=unit, on=on) for unit in {resolving, receiving}):
            return Why.DESK
    if levels and access.may(actor, levels.prepare, unit_id=resolving, on=on):
        return Why.HANDLING
    return Why.OVERSEEING


# -- whose records


def dossiers_about(*, user_id: UUID, number: str) -> Mapping[str, str]:
    """The dossiers that are about a citizen: filed by them, for them, or brought to a desk under their number."""
    return {str(pk): code or sent or "" for pk, code, sent in _about(user_id, number).values_list(
        "pk", "code", "submission_code")}


def messages_about(*, user_id: UUID, number: str) -> Mapping[str, str]:
    """What was sent to other agencies in these dossiers."""
    codes = [code for code in _about(user_id, number).values_list("code", flat=True) if code]
    sent = exchange.Outbound.objects.filter(dossier_code__in=codes).exclude(service__in=_NOTHING_PERSONAL)
    return {str(pk): code for pk, code in sent.values_list("pk", "dossier_code")}


def _about(user_id: UUID, number: str) -> Any:
    mine = Q(applicant_user_id=user_id)
    if number:
        mine |= Q(represented_number=number) | Q(applicant_key=number)
    return Dossier.objects.filter(mine)


# -- what the person is told


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, as the person concerned reads it: office and post, never the name of the official."""

    at: datetime
    office: str
    post: str
    what: str
    purpose: str
    dossier: str


def own_looks(actor: Actor) -> looks.Looks:
    """The looks at the actor's own data; none for anybody but a citizen."""
    if actor.kind is not ActorKind.CITIZEN or actor.user_id is None:
        return looks.Looks(Entry.objects.none(), {})
    return looks.looks_at(user_id=actor.user_id, number=dossiers.own_number(actor))


def told(entries: Iterable[Entry], codes: Mapping[tuple[str, str], str], *, on: date) -> list[Seen]:
    """These entries in the person's words; posts and offices, as they are called on this day, are read once for all."""
    shown = list(entries)
    people = User.objects.in_bulk({e.actor_id for e in shown if e.actor_id is not None})
    offices = accounts.offices_now(people.values(), on=on)
    units = OrgUnit.objects.in_bulk({e.unit_id for e in shown if e.unit_id is not None})
    return [_told(entry, people, offices, units, codes) for entry in shown]


def _told(
    entry: Entry, people: Mapping[UUID, User], offices: Mapping[int, OrgUnit], units: Mapping[int, OrgUnit],
    codes: Mapping[tuple[str, str], str],
) -> Seen:
    code = codes.get((entry.subject_type, entry.subject_id), "") or str(entry.facts.get("dossier", ""))
    if entry.event != looks.READ:
        kind = exchange.outbound_kinds.get(str(entry.facts.get("kind", "")))
        service = exchange.services.get(str(entry.facts.get("service", "")))
        return Seen(entry.at, service.title if service else "Cơ quan khác", "Hệ thống thông tin", SENT,
                    kind.purpose if kind else entry.purpose, code)
    person = people.get(entry.actor_id) if entry.actor_id is not None else None
    if entry.actor_kind == ActorKind.AGENCY:
        return Seen(entry.at, entry.actor_name, "Cơ quan, tổ chức tra cứu", seen(str(entry.facts.get("what", ""))),
                    entry.purpose, code)
    unit = offices.get(person.office_id) if person is not None and person.office_id is not None else None
    if unit is None and entry.unit_id is not None:
        unit = units.get(entry.unit_id)
    post = (person.title if person is not None else "") or OFFICIAL
    return Seen(entry.at, unit.name if unit else "", post, seen(str(entry.facts.get("what", ""))), entry.purpose, code)
