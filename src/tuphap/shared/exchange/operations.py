"""What the owners of dead letters do: send again, give up, resume a service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from . import breaker, inbox, outbox, owners
from .declarations import MANAGE, services
from .models import Inbound, Outbound, ServiceState
from .rules import Event, NoSuchMessage, NoSuchService, NotDead, ReasonRequired, Received, Sent


@operation
def send_again(*, message_id: UUID, actor: Actor, at: datetime) -> Outbound:
    """Let a dead letter be delivered again, under its id: whatever the other side has done already, it does once.

    :raises NoSuchMessage: none that the actor may see.
    :raises NotDead: it is on its way, or has ended.
    """
    message = _outbound(message_id, actor, at)
    outbox.revive(message, at)
    audit.record(Event.SENT_AGAIN, subject=message, actor=actor, at=at, unit_id=message.unit_id,
                 service=message.service)
    return message


@operation
def give_up(*, message_id: UUID, reason: str, actor: Actor, at: datetime) -> Outbound:
    """Stop sending a dead letter; the next message of its subject goes on its way.

    :raises ReasonRequired: no reason.
    :raises NoSuchMessage, NotDead: as for :func:`send_again`.
    """
    _require_reason(reason)
    message = _outbound(message_id, actor, at)
    outbox.drop(message, reason=reason.strip(), actor=actor, at=at)
    return message


@operation
def handle_again(*, message_id: UUID, actor: Actor, at: datetime) -> Inbound:
    """Handle a message from outside that could not be handled; what is missing before it is passed over.

    :raises NoSuchMessage, NotDead: as for :func:`send_again`.
    """
    message = _inbound(message_id, actor, at)
    inbox.again(message, actor=actor, at=at)
    audit.record(Event.HANDLED_AGAIN, subject=message, actor=actor, at=at, unit_id=message.unit_id,
                 service=message.service)
    return message


@operation
def pass_over(*, message_id: UUID, reason: str, actor: Actor, at: datetime) -> Inbound:
    """Leave a message from outside unhandled for good.

    :raises ReasonRequired: no reason.
    :raises NoSuchMessage, NotDead: as for :func:`send_again`.
    """
    _require_reason(reason)
    message = _inbound(message_id, actor, at)
    inbox.pass_over(message, reason=reason.strip(), actor=actor, at=at)
    audit.record(Event.GIVEN_UP, subject=message, actor=actor, at=at, unit_id=message.unit_id,
                 service=message.service, reason=message.closed_reason)
    return message


@operation
def resume_service(*, service: str, actor: Actor, at: datetime) -> ServiceState:
    """Close a service's circuit breaker by hand: what waited for it is sent now.

    :raises NoSuchService: no such system.
    :raises tuphap.shared.access.api.Forbidden: no right over the Department's messages.
    """
    if service not in services:
        raise NoSuchService()
    unit_id = owners.department_id(at)
    access.require(actor, services[service].owner, unit_id=unit_id, on=localdate(at))
    breaker.reset(service, at)
    row = breaker.state_of(service)
    audit.record(Event.RESUMED, subject=row, actor=actor, at=at, unit_id=unit_id, service=service)
    return row


def _outbound(message_id: UUID, actor: Actor, at: datetime) -> Outbound:
    message = Outbound.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None or not _may(actor, message.service, message.unit_id, at):
        raise NoSuchMessage()
    if message.state != Sent.DEAD:
        raise NotDead()
    return message


def _inbound(message_id: UUID, actor: Actor, at: datetime) -> Inbound:
    message = Inbound.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None or not _may(actor, message.service, message.unit_id, at):
        raise NoSuchMessage()
    if message.state != Received.DEAD:
        raise NotDead()
    return message


def _may(actor: Actor, service: str, unit_id: int, at: datetime) -> bool:
    declared = services.get(service)
    permission = declared.owner if declared is not None else MANAGE
    return access.may(actor, permission, unit_id=unit_id, on=localdate(at))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonRequired()
