"""Two thousand dossiers to measure on: what is there, that it balances, and that a killed filling goes on the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate, standing_at
from tuphap.modules.civil_status.answers import declaration_of
from tuphap.modules.civil_status.events.drafts import facts_of, people_of
from tuphap.modules.civil_status.events.kinds import kind_of
from tuphap.modules.civil_status.models import Act, BirthAct, Book, Party
from tuphap.modules.civil_status.queries import found as act_found
from tuphap.modules.direction import queries
from tuphap.modules.one_stop_shop.listeners import found as dossier_found
from tuphap.sample.bulk import Filled, fill, fill_bulk
from tuphap.sample.bulk.make import Tables
from tuphap.sample.bulk.times import Times
from tuphap.sample.tests.test_stories import UNTIL
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.handling import handled
from tuphap.shared.dossiers.models import Custody, Dossier, Event
from tuphap.shared.dossiers.rules import IN_HAND, Action, State, find_edge
from tuphap.shared.numbering import api as numbering
from tuphap.shared.numbering.models import Series
from tuphap.shared.search import api as search
from tuphap.shared.search.api import Found
from tuphap.shared.search.models import SearchRecord

pytestmark = [pytest.mark.django_db, pytest.mark.full, pytest.mark.timeout(900)]
TOTAL, SIZE = 2_000, 500
COMMUNES = {"dense": 2, "others": 2}


@pytest.fixture
def _ground(law: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Offices and people; the planner's statistics are the owner's, who does not see what is not committed."""
    settings.SAMPLE_MODE = True
    monkeypatch.setattr(fill, "settle", lambda tables: None)
    with standing_at(UNTIL):
        fill._found(first=Times(calendar.working_calendar(), until=UNTIL).first_day, **COMMUNES)
        yield


def _fill(*, until_part: int | None = None) -> Filled:
    def tell(done: int, total: int, what: str) -> None:
        if until_part is not None and done == until_part * SIZE:
            raise KeyboardInterrupt

    return fill_bulk(total=TOTAL, size=SIZE, tell=tell, **COMMUNES)


def _rows() -> dict[str, list[Any]]:
    """Every row of every table, but for the keys that the database gives."""
    told = {}
    for table in Tables().all():
        model = next(m for m in _models() if m._meta.db_table == table.name)
        names = [
            f.attname for f in model._meta.local_concrete_fields
            if not isinstance(f, models.AutoField) and f.attname not in ("reserved_id", "book_id", "series_id")
            and f.name != "recorded_at"
        ]
        told[table.name] = sorted(map(repr, model._default_manager.values_list(*names)))
    return told


def _models() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_models())


def test_killed_in_the_middle_it_goes_on_to_the_same_rows_and_never_doubles(_ground: None) -> None:
    before = transaction.savepoint()
    assert _fill().dossiers == TOTAL
    undisturbed = _rows()
    transaction.savepoint_rollback(before)
    with pytest.raises(KeyboardInterrupt):
        _fill(until_part=2)
    assert Dossier.objects.count() == 2 * SIZE
    assert _fill().dossiers == TOTAL - 2 * SIZE
    assert _fill().dossiers == 0
    again = _rows()
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in undisturbed.items()}
    assert again == undisturbed
    with pytest.raises(fill.AnotherFilling):
        fill_bulk(total=TOTAL + 1, **COMMUNES)
    parts = Entry.objects.filter(event=fill.WRITTEN)
    assert [entry.facts["part"] for entry in parts.order_by("pk")] == [0, 1, 2, 3]


def test_what_is_there_is_marked_balances_and_reads_as_if_the_engine_had_written_it(_ground: None) -> None:
    _fill()
    connection.check_constraints()
    _is_marked()
    _is_spread()
    _balances()
    _follows_the_edges()
    _says_what_its_declaration_says()
    _is_numbered()
    _opens_in_pages()


def _is_marked() -> None:
    assert not Dossier.objects.exclude(state=State.DRAFT).exclude(submission_code__startswith="MAU-").exists()
    received = Dossier.objects.filter(received_at__isnull=False)
    assert not received.exclude(code__regex=r"-\d{6}-9\d{5}$").exists()
    first = Event.objects.filter(seq=1, action=Action.SUBMIT)
    assert first.exists() and not first.exclude(note__contains="không có người và việc thật").exists()


def _is_spread() -> None:
    states = dict(Dossier.objects.order_by().values_list("state").annotate(n=models.Count("pk")))
    assert states[State.CLOSED] > TOTAL * 0.75
    assert {State.DRAFT, State.REFUSED, State.WITHDRAWN, State.STOPPED, State.RESULT_READY} <= set(states)
    assert sum(states.get(state, 0) for state in IN_HAND) >= 3
    days = Dossier.objects.aggregate(first=models.Min("created_at"), last=models.Max("created_at"))
    assert (days["last"] - days["first"]).days > 700 and days["last"] <= UNTIL
    verdicts = set(Dossier.objects.exclude(verdict="").values_list("verdict", flat=True))
    assert verdicts == {"EARLY", "ON_TIME", "LATE"}
    assert len(set(Dossier.objects.values_list("channel", flat=True))) == 4
    assert len(set(Dossier.objects.values_list("procedure__code", flat=True))) > 12
    assert Custody.objects.filter(came="transfer").exists()
    _is_measured()


def _is_measured() -> None:
    """How long each office took, as the engine would have counted it."""
    ended = list(Custody.objects.filter(until__isnull=False).order_by("pk")[:200])
    stood = Custody.objects.filter(paused_hours__gt=0).first()
    for one in (*ended, stood):
        pauses = one.dossier.pauses.values_list("started_at", "ended_at")
        ladder = calendar.ladders(localdate(one.since), localdate(one.until))[None]
        took = handled(one.since, one.until, pauses, ladder)
        assert (took.hours, took.paused_hours) == pytest.approx((one.handling_hours, one.paused_hours))
        assert took.days == one.handling_days


def _balances() -> None:
    director = get_user_model().objects.get(username="giamdoc")
    actor = Actor(kind=ActorKind.STAFF, name=director.full_name, user_id=director.pk)
    today = localdate(UNTIL)
    for first, last in ((date(2025, 6, 1), date(2025, 7, 31)), (date(2026, 1, 1), today), (date(2024, 1, 1), today)):
        told = queries.dashboard(queries.scope_of(actor, at=UNTIL, period_from=first, period_to=last))
        assert told.is_balanced, [line.unit for line in told.unbalanced]
        assert told.whole.numbers["dossiers.received"] > 0
    received = Dossier.objects.filter(received_at__isnull=False)
    assert told.whole.numbers["dossiers.received"] == received.count()
    assert told.whole.numbers["dossiers.pending"] == received.filter(state__in=IN_HAND).count()


def _follows_the_edges() -> None:
    """Each entry is an edge of the table, goes on where the one before ended, and lies in the order of time."""
    before: Event | None = None
    for event in Event.objects.order_by("dossier", "seq"):
        edge = find_edge(State(event.from_state), event.from_overlay, Action(event.action))
        assert (edge.to, edge.form) == (event.to_state, event.form)
        if before is not None and before.dossier_id == event.dossier_id:
            assert (before.to_state, before.to_overlay) == (event.from_state, event.from_overlay)
            assert before.at <= event.at
        before = event


def _says_what_its_declaration_says() -> None:
    codes = Dossier.objects.order_by().values_list("procedure", flat=True).distinct()
    for procedure in codes:
        dossier = Dossier.objects.filter(procedure=procedure).select_related("procedure").order_by("pk").first()
        assert dossier is not None
        dossier.answers_model().model_validate(dossier.answers)
    told_later = ("personal_number_state",)
    for birth in BirthAct.objects.select_related("dossier__procedure").order_by("pk")[:40]:
        declared = declaration_of(birth.dossier)
        columns = declared.as_columns(declared_on=birth.declared_on)
        assert {k: getattr(birth, k) for k in columns if k not in told_later} == {
            k: v for k, v in columns.items() if k not in told_later}
        assert _people(birth) == sorted(map(_shown, declared.party_columns()))
    for act in Act.objects.filter(birthact__isnull=True).select_related("dossier__procedure").order_by("pk")[:80]:
        declared = kind_of(act.dossier).declaration.model_validate(act.dossier.answers)
        on = localdate(act.dossier.submitted_at)
        assert act.facts == facts_of(declared, None, on=on)
        assert _people(act) == sorted(map(_shown, people_of(declared, None)))
    for dossier in Dossier.objects.exclude(state=State.DRAFT).order_by("pk")[:40]:
        _is_found_as(dossier.pk, dossier_found(str(dossier.pk)))
    acts = [*BirthAct.objects.filter(signed_at__isnull=False).order_by("pk")[:10],
            *Act.objects.filter(signed_at__isnull=False, birthact__isnull=True).order_by("pk")[:20]]
    for act in acts:
        _is_found_as(act.pk, act_found(str(act.pk)))


def _is_found_as(key: UUID, wanted: Found | None) -> None:
    record = SearchRecord.objects.get(object_id=str(key))
    assert wanted is not None
    assert (record.text_folded, record.title, record.url, record.data, record.unit_id) == (
        search._folded((wanted.title, *wanted.words)), wanted.title, wanted.url, wanted.data, wanted.unit_id)


def _shown(columns: dict[str, Any]) -> tuple[str, ...]:
    left_out = ("personal_number",) if columns["role"] == "child" else ()
    return tuple(f"{k}={columns.get(k, '') or ''}" for k in _PARTY if k not in left_out)


_PARTY = tuple(f.attname for f in Party._meta.local_concrete_fields if f.attname not in ("id", "act_id"))


def _people(act: Act) -> list[tuple[str, ...]]:
    return sorted(_shown(person) for person in act.parties.values())


def _is_numbered() -> None:
    assert Act.objects.filter(state="registered").count() > TOTAL * 0.3
    for series in Series.objects.order_by("pk"):
        assert not numbering.gaps(series.code, unit_id=series.unit_id, year=series.year)
        assert series.next - 1 == series.numbers.count()
    assert Book.objects.exists()


def _opens_in_pages() -> None:
    waiting = Dossier.objects.filter(state__in=IN_HAND).order_by("pk").first()
    closed = Dossier.objects.filter(state=State.CLOSED, procedure__handler="civil_status.birth").order_by("pk").first()
    assert waiting is not None and closed is not None
    looked_at = [reverse("one_stop_shop:dossier", args=[dossier.code]) for dossier in (waiting, closed)]
    users = get_user_model().objects.exclude(username="tiepnhan.so").order_by("username")
    for user, addresses in (
        (users.get(username="giamdoc"), [
            reverse("direction:dashboard"), f"{reverse('search:results')}?tu-khoa=nguyen", *looked_at]),
        (users.filter(username__startswith="tiepnhan.").first(), [reverse("one_stop_shop:worklist")]),
    ):
        client = Client()
        client.force_login(user)
        for address in addresses:
            assert client.get(address).status_code == 200, address
