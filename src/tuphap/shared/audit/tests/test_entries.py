"""Entries stand and fall with their change; reactions run after it committed, and only then."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import now
from tuphap.shared.audit import api, reactions
from tuphap.shared.audit.models import Entry
from tuphap.shared.audit.testing import run_jobs

ME = system_actor("test")
ran: list[int] = []
fail_first: list[bool] = []


@app.task(name="test.audit.react", retry=RetryStrategy(max_attempts=3, wait=0))
def react(*, entry_id: int) -> None:
    ran.append(entry_id)
    if fail_first:
        fail_first.pop()
        raise ConnectionError


@pytest.fixture
def reaction(monkeypatch: pytest.MonkeyPatch) -> reactions.Reaction:
    ran.clear()
    fail_first.clear()
    declared = reactions.Reaction("test.happened", "test.audit.react")
    monkeypatch.setattr(reactions, "_by_event", type(reactions._by_event)(list))
    declared.install()
    declared.install()
    return declared


def happen() -> Entry:
    return api.record("test.happened", subject=None, actor=ME, at=now())


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        happen()


@pytest.mark.django_db(transaction=True)
def test_a_reaction_is_queued_once_with_its_event_and_not_after_a_rollback(reaction: reactions.Reaction) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happen()
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()
    with transaction.atomic():
        happen()
        api.record("test.other", subject=None, actor=ME, at=now())
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name) == ("test.audit.react", "reactions")


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_it_and_runs_it_again_when_it_failed(reaction: reactions.Reaction) -> None:
    fail_first.append(True)
    with transaction.atomic():
        entry = happen()
    assert ran == []
    run_jobs("reactions")
    assert ran == [entry.pk, entry.pk]
    assert ProcrastinateJob.objects.get(queue_name="reactions").status == "succeeded"


@pytest.mark.django_db
def test_facts_of_any_shape_are_kept_and_what_comes_from_outside_is_cut_to_fit() -> None:
    key = uuid4()
    actor = Actor(
        kind=ActorKind.PUBLIC, name="x" * 500, ip="y" * 90, session_id="z" * 90, request_id="w" * 90, purpose="p" * 400
    )
    entry = api.record(
        "test.facts", subject=None, actor=actor, at=now(), key=key, nested={"a": [key, ("b", {1: now()})]},
        text="a\x00b", odd=float("nan"), number=1.5,
    )
    entry.refresh_from_db()
    assert entry.facts["key"] == str(key) and entry.facts["nested"]["a"][0] == str(key)
    assert entry.facts["text"] == "ab" and entry.facts["odd"] == "nan" and entry.facts["number"] == 1.5
    assert len(entry.actor_name) == 200 and len(entry.ip) == 45 and len(entry.purpose) == 300


@pytest.mark.django_db
def test_a_sensitive_read_carries_its_purpose() -> None:
    with pytest.raises(ValueError):
        api.record_read(subject=None, actor=ME, at=now(), purpose=" ", what="x")
    api.record_read(subject=None, actor=ME, at=now(), purpose="Giải quyết hồ sơ H31.1", what="x", found=2)
    entry = Entry.objects.get(event="record.read")
    assert (entry.event, entry.purpose) == ("record.read", "Giải quyết hồ sơ H31.1")
    assert entry.facts == {"what": "x", "found": 2}
