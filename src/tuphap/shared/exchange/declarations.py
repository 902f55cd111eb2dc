"""What modules declare: the systems spoken with, the messages sent, looked up and received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel

from tuphap.shared.plug import Registry

from .envelope import is_client_id

TIMEOUT = 10.0  # seconds that one call may last
MANAGE = "exchange.messages.manage"


@dataclass(frozen=True, slots=True)
class ExchangeService:
    """Another agency's system.

    :param title: what officials call it, in Vietnamese.
    :param client: ``instance/class/member/subsystem`` under which it sends and is addressed.
    :param address: the middle of the variable ``TUPHAP_EXCHANGE_<address>_URL`` that holds its base address.
    :param timeout: seconds that one call may last.
    :param owner: the permission whose holders, over the message's office, own what could not be delivered.
    """

    code: str
    title: str
    client: str
    address: str
    timeout: float = TIMEOUT
    owner: str = MANAGE

    def install(self) -> None:
        """:raises ValueError: the client is not of X-Road's form."""
        if not is_client_id(self.client):
            raise ValueError(f"{self.client!r} is not instance/class/member/subsystem")
        services.add(self.code, self)


@dataclass(frozen=True, slots=True)
class OutboundKind:
    """A message that is queued, delivered after commit and answered, at once or later.

    :param code: ``<service>.<what>``; the part after the dot is the last part of the address.
    :param service: code of the :class:`ExchangeService`.
    :param body: what is sent. :param answer: what comes back; both are checked.
    :param purpose: why personal data leave, in Vietnamese; kept with every message.
    :param on_answer: dotted path of ``fn(*, message, answer, actor, at)``, run in the transaction that records the
        answer, and so exactly once. A :class:`~tuphap.kernel.refusal.Refusal` of it makes a dead letter.
    :param on_failure: dotted path of ``fn(*, message, reason, final, actor, at)``: it has become a dead letter
        (``final`` False: its owner may still send it again), or its owner has given it up (``final`` True).
    :param answer_within: how long an accepted message (202) may wait for its answer before it is a dead letter.
    """

    code: str
    service: str
    title: str
    body: type[BaseModel]
    answer: type[BaseModel]
    purpose: str
    on_answer: str = ""
    on_failure: str = ""
    answer_within: timedelta = timedelta(days=3)

    def install(self) -> None:
        outbound_kinds.add(self.code, self)


@dataclass(frozen=True, slots=True)
class LookupKind:
    """A question for a screen, asked while somebody waits: never queued, never repeated by itself.

    :param needs_dossier: a national database is never asked without a dossier.
    """

    code: str
    service: str
    title: str
    body: type[BaseModel]
    answer: type[BaseModel]
    purpose: str
    needs_dossier: bool = True

    def install(self) -> None:
        lookup_kinds.add(self.code, self)


@dataclass(frozen=True, slots=True)
class InboundKind:
    """A message that another agency sends of its own accord.

    :param handle: dotted path of ``fn(*, body, message, actor, at) -> BaseModel | dict | None``, run in the
        transaction that keeps the message; what it returns is the answer. A Refusal of it is the answer too.
    :param unit: dotted path of ``fn(body) -> int | None``, the office (OrgUnit key) concerned; by default the
        Department's.
    """

    code: str
    source: str
    title: str
    body: type[BaseModel]
    handle: str
    unit: str = ""

    def install(self) -> None:
        inbound_kinds.add(self.code, self)


services: Registry[ExchangeService] = Registry("exchange service")
outbound_kinds: Registry[OutboundKind] = Registry("outbound message")
lookup_kinds: Registry[LookupKind] = Registry("look-up")
inbound_kinds: Registry[InboundKind] = Registry("inbound message")


def service_of_client(client: str) -> ExchangeService | None:
    """The declared system that speaks under this identifier."""
    return next((service for service in services if service.client == client), None)


def title_of(kind: str) -> str:
    """What a kind of message is called; its code where no module declares it any more."""
    for registry in (outbound_kinds, lookup_kinds, inbound_kinds):
        found = registry.get(kind)
        if found is not None:
            return found.title
    return kind
