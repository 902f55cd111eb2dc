"""The frame itself: one transaction, one entry, one answer to the same key, and a denial that outlives its rollback."""

from __future__ import annotations

import pytest

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied
from tuphap.shared.audit.api import record
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.api import IdempotencyMismatch, Once, operation


@operation
def greet(*, name: str, actor, at) -> str:
    record("test.greeted", subject=None, actor=actor, at=at, name=name)
    if name == "nobody":
        raise Denied(reason="nobody")
    return f"Chào {name}"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_does_it_once() -> None:
    actor, at = system_actor("test"), now()
    first = greet(name="Lan", actor=actor, at=at, once=Once("k1", {"name": "Lan"}))
    again = greet(name="Lan", actor=actor, at=at, once=Once("k1", {"name": "Lan"}))
    assert first == again == "Chào Lan"
    assert Entry.objects.filter(event="test.greeted").count() == 1
    with pytest.raises(IdempotencyMismatch):
        greet(name="Mai", actor=actor, at=at, once=Once("k1", {"name": "Mai"}))


@pytest.mark.django_db(transaction=True)
def test_a_denial_rolls_back_and_is_kept() -> None:
    with pytest.raises(Denied):
        greet(name="nobody", actor=system_actor("test"), at=now())
    assert list(Entry.objects.values_list("event", flat=True)) == ["access.denied"]
