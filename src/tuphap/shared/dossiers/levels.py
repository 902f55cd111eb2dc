"""Who stands where towards a dossier: grants for staff, the relation to their own dossier for citizens. One place."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User

from .handlers import desk
from .models import Dossier
from .rules import Edge, Level, NotAssigned, State


def is_own(dossier: Dossier, actor: Actor) -> bool:
    """Whether the actor is the citizen who filed it: the relation that gives rights without a grant."""
    return (
        actor.kind is ActorKind.CITIZEN and actor.user_id is not None and dossier.applicant_user_id == actor.user_id
    )


def own_number(actor: Actor) -> str:
    """The personal number that the identity provider gave for this citizen; empty for anybody else."""
    if actor.kind is not ActorKind.CITIZEN or actor.user_id is None:
        return ""
    return User.objects.values_list("personal_number", flat=True).get(pk=actor.user_id)


def permission_for(dossier: Dossier, level: Level) -> str:
    """The permission that makes a member of staff stand at this level; empty: nobody can by a grant."""
    levels = dossier.procedure.levels
    return {
        Level.RECEIVER: levels.receive if levels else desk().receive,
        Level.CASE_OFFICER: levels.prepare if levels else "",
        Level.HEAD: levels.review if levels else "",
        Level.LEADER: levels.sign if levels else "",
        Level.HANDER: desk().hand_out,
        Level.ASSIGNER: desk().assign,
    }.get(level, "")


def units_for(dossier: Dossier, level: Level, *, edge: Edge | None = None) -> tuple[int, ...]:
    """The offices in which a grant counts for this level.

    Until receipt the desk where it was filed; afterwards the office that resolves it. The desk where it was filed may
    still do what the applicant may do, on their word, and hand the result out.
    """
    if level is Level.RECEIVER and dossier.received_at is None:
        return (dossier.receiving_unit_id,)
    for_applicant = edge is None or Level.APPLICANT in edge.by
    if level is Level.HANDER or (level is Level.RECEIVER and for_applicant):
        return (dossier.resolving_unit_id, dossier.receiving_unit_id)
    return (dossier.resolving_unit_id,)


def stands_at(dossier: Dossier, level: Level, *, actor: Actor, at: datetime, edge: Edge | None = None) -> bool:
    """Whether the actor stands at this level towards the dossier today; assignment is judged apart.

    A citizen's draft is theirs alone: until it is sent in, nobody else stands anywhere towards it.
    """
    if level is Level.SYSTEM:
        return actor.kind is ActorKind.SYSTEM
    if level is Level.APPLICANT:
        return is_own(dossier, actor)
    permission = permission_for(dossier, level)
    if actor.kind is not ActorKind.STAFF or not permission:
        return False
    if dossier.state == State.DRAFT and dossier.applicant_user_id is not None:
        return False
    on = localdate(at)
    return any(access.may(actor, permission, unit_id=unit, on=on) for unit in units_for(dossier, level, edge=edge))


def level_held(edge: Edge, dossier: Dossier, *, actor: Actor, at: datetime) -> Level | None:
    """The level at which the actor may take this edge; None: at none. Why not, :func:`level_for` finds out."""
    for level in edge.by:
        others = level is Level.CASE_OFFICER and dossier.assigned_to_id != actor.user_id
        if not others and stands_at(dossier, level, actor=actor, at=at, edge=edge):
            return level
    return None


def level_for(edge: Edge, dossier: Dossier, *, actor: Actor, at: datetime) -> Level:
    """The level at which the actor may take this edge.

    :raises NotAssigned: they are a case officer of the office, but not this dossier's.
    :raises access.Forbidden: none of the edge's levels is theirs.
    """
    level = level_held(edge, dossier, actor=actor, at=at)
    if level is not None:
        return level
    if Level.CASE_OFFICER in edge.by and stands_at(dossier, Level.CASE_OFFICER, actor=actor, at=at, edge=edge):
        raise NotAssigned(dossier=str(dossier.pk))
    raise forbidden(edge, dossier, actor=actor, at=at)


def forbidden(edge: Edge, dossier: Dossier, *, actor: Actor, at: datetime) -> access.Forbidden:
    """The refusal for this edge, with the permission that was looked for and why it does not hold."""
    level = next((one for one in edge.by if permission_for(dossier, one)), None)
    permission = permission_for(dossier, level) if level is not None else ""
    unit = units_for(dossier, level, edge=edge)[0] if level is not None else dossier.resolving_unit_id
    reason = access.why_not(actor, permission, unit_id=unit, on=localdate(at))
    return access.Forbidden(permission=permission, unit_id=unit, reason=str(reason), dossier=str(dossier.pk))
