"""What the tests stand on: people at the Department and in communes, bodies of messages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import now
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import User, actor_for
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.models import Lane, Outbound, ServiceState
from tuphap.shared.exchange.testing import Sim, free_port, remove, short_folder, wait_until
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

__all__ = ["Sim", "free_port", "remove", "short_folder", "wait_until"]  # from the common testing, for tests here

ME = system_actor("test")
CHILD = {"name": "Nguyễn Khả Doanh", "sex": "female", "born_on": "2026-03-05"}


def number_wanted(act: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "child": CHILD, "province": "31", "registered_on": "2026-03-10", "office_code": "H31.101",
            **more}


def residence_wanted(act: str, number: str) -> dict[str, Any]:
    return {"act": act, "number": number, "child": CHILD, "host_number": "031090011873", "commune_code": "11329",
            "address": "Số 1 đường Lạch Tray"}


def correction(act: str, number: str = "031326000001") -> dict[str, Any]:
    return {"act": act, "number": number, "field": "name", "before": "A", "after": "B"}


def step(code: str, event: int) -> dict[str, Any]:
    return {"dossier_code": code, "procedure_code": "1.001193", "event": event, "state": "received",
            "state_title": "Đã tiếp nhận", "office_code": "H31.101", "at": now()}


@operation
def send(*, actor: Actor, at: Any, **what: Any) -> Outbound:
    """Send one message, as some module's operation would."""
    return exchange.send(actor=actor, at=at, **what)


@operation
def send_and_fail(*, actor: Actor, at: Any, **what: Any) -> None:
    exchange.send(actor=actor, at=at, **what)
    raise RuntimeError("the operation breaks")


@operation
def send_many(*, messages: list[dict[str, Any]], actor: Actor, at: Any) -> None:
    for what in messages:
        exchange.send(actor=actor, at=at, **what)


def commune() -> OrgUnit:
    return OrgUnit.objects.filter(code__startswith="H31.1", valid_to__isnull=True).order_by("code").first()


def other_commune() -> OrgUnit:
    return OrgUnit.objects.filter(code__startswith="H31.1", valid_to__isnull=True).order_by("-code").first()


def department() -> OrgUnit:
    return OrgUnit.objects.get(code="H31.09", valid_to__isnull=True)


def person(name: str, unit: OrgUnit, *permissions: str) -> User:
    """A member of staff with these permissions over the unit."""
    with setting_up():
        user = User.objects.create_staff(username=name, password=None, full_name=name.title(), office=unit)
        for code in permissions:
            Grant.objects.create(person=user, permission=code, unit=unit, valid_from=date(2020, 1, 1))
    return user


def by(user: User) -> Actor:
    return actor_for(user)


def make_due() -> None:
    """As if every wait were over: lanes, leases, breakers' pauses."""
    past = now() - timedelta(seconds=5)
    Lane.objects.filter(due_at__isnull=False).update(due_at=past)
    ServiceState.objects.filter(until__isnull=False).update(until=past)
