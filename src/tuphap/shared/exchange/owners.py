"""Who looks after what could not be delivered: the holders of the service's permission over the message's office."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.notices import api as notices
from tuphap.shared.notices.models import Notice
from tuphap.shared.orgs import api as orgs

from .declarations import ExchangeService


def department_id(at: datetime) -> int:
    """The Department of Justice of this installation's province: whose messages are nobody else's."""
    return orgs.office(f"H{settings.ENVIRONMENT.province}.09", on=localdate(at)).pk


def owners(permission: str, *, unit_id: int, at: datetime) -> list[User]:
    """The people who may act on a dead letter of this office today."""
    day = localdate(at)
    holding = access.grants_in_force(on=day).filter(permission=permission).values("person_id")
    people = User.objects.filter(pk__in=holding, is_active=True).order_by("pk")
    return [p for p in people if access.may(accounts.actor_for(p), permission, unit_id=unit_id, on=day)]


def tell(service: ExchangeService, *, unit_id: int, actor: Actor, at: datetime) -> None:
    """Tell the owners that something of this service waits for them; once, until they have read it."""
    for person in owners(service.owner, unit_id=unit_id, at=at):
        if not _has_unread(person, "exchange.dead_letter", {"service": service.title}):
            notices.send(template="exchange.dead_letter", to_user_id=person.pk, actor=actor, at=at,
                         service=service.title)


def tell_refused(permission: str, *, who: str, what: str, unit_id: int, actor: Actor, at: datetime) -> None:
    """Alert: something came from outside that was refused; once, until it was read."""
    for person in owners(permission, unit_id=unit_id, at=at):
        if not _has_unread(person, "exchange.refused", {"service": who, "what": what}):
            notices.send(template="exchange.refused", to_user_id=person.pk, actor=actor, at=at, service=who, what=what)


def _has_unread(person: User, template: str, params: dict[str, str]) -> bool:
    return Notice.objects.filter(to_user=person, template=template, params=params, read_at__isnull=True).exists()
