"""What applicants think of how they were served: one rating for each dossier, for some days after the return."""

from __future__ import annotations

from datetime import date, datetime

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.audit import api as audit

from . import levels, rules
from .catalogue import parameter
from .models import Dossier, Rating
from .rules import State

_HANDED_OUT = frozenset({State.RETURNED, State.CLOSED})


def rating_of(dossier: Dossier) -> Rating | None:
    """The rating of a dossier, if there is one."""
    return Rating.objects.filter(dossier=dossier).first()


def may_rate_until(dossier: Dossier, *, actor: Actor, at: datetime) -> date | None:
    """The last day on which the actor may still rate this dossier; None where they may not."""
    if not levels.is_own(dossier, actor) or rating_of(dossier) is not None:
        return None
    last = _last_day(dossier)
    return last if last is not None and localdate(at) <= last else None


def rate(dossier: Dossier, *, stars: int, words: str, actor: Actor, at: datetime) -> Rating:
    """Keep the applicant's rating of a locked dossier. The log tells that there is one, and not its words.

    :raises NotTheApplicant: somebody else's dossier.
    :raises NotRateable: its result was not handed out.
    :raises RatingClosed: that was too long ago.
    :raises RatedBefore: once is all.
    :raises WrongStars: not one to five.
    """
    if not levels.is_own(dossier, actor):
        raise rules.NotTheApplicant()
    last = _last_day(dossier)
    if last is None:
        raise rules.NotRateable()
    if rating_of(dossier) is not None:
        raise rules.RatedBefore()
    if localdate(at) > last:
        raise rules.RatingClosed(last=last)
    if not rules.FEWEST_STARS <= stars <= rules.MOST_STARS:
        raise rules.WrongStars()
    made = Rating.objects.create(dossier=dossier, unit=dossier.resolving_unit, stars=stars, words=words.strip(), at=at)
    audit.record("dossiers.rated", subject=dossier, actor=actor, at=at, unit_id=made.unit_id, stars=stars)
    return made


def _last_day(dossier: Dossier) -> date | None:
    if dossier.state not in _HANDED_OUT or dossier.returned_at is None:
        return None
    returned_on = localdate(dossier.returned_at)
    return rules.last_day_of_rating(returned_on=returned_on, days=parameter("rating_days", on=returned_on))
