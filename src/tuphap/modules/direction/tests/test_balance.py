"""Random histories through the real operations: every figure is what one counts by hand, and everything balances.

Two offices that transfer to each other, and their two successors that take over their papers; random instants,
periods, channels, sectors and procedures, both bases. By hand means: from what the operations answered, kept beside in
plain lists.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate, standing_at
from tuphap.kernel.refusal import Refusal
from tuphap.modules.direction import queries, report, rules
from tuphap.modules.direction.rules import Cut
from tuphap.modules.direction.tests import test_direction as world
from tuphap.modules.one_stop_shop import operations
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar.api import Verdict, verdict
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Action, Dossier, Event, Overlay, State
from tuphap.shared.dossiers.rules import edges_from
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Basis
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("balance")]
BEGIN = datetime(2025, 6, 24, 2, tzinfo=UTC)
REFORM = datetime(2025, 7, 1, tzinfo=VIETNAM)
STAFF = ("one_stop.dossier.receive", "one_stop.dossier.view", "one_stop.dossier.assign", "one_stop.dossier.return")
PROCEDURES = (testing.RESTARTS, testing.RESUMES, testing.SAME_DAY, testing.IN_DAYS)
ENDS = {
    State.RESULT_READY: "resolved", State.REFUSED: "refused", State.STOPPED: "stopped", State.WITHDRAWN: "withdrawn",
}
ROAD = (Action.ASSIGN, Action.BEGIN, Action.PROPOSE, Action.APPROVE, Action.SIGNED)


@operation
def step(*, dossier_id: Any, action: Action, actor: Actor, at: datetime, **told: Any) -> Event:
    """One edge, as the desk's operations take it."""
    return dossiers.advance(dossiers.take(dossier_id), action, actor=actor, at=at, **told)


@dataclass
class Stay:
    """One stretch in one office, as the test keeps it."""

    unit: int
    came: str
    since: datetime
    until: datetime | None = None
    outcome: str = ""


@dataclass
class Paper:
    """One dossier as the test keeps it."""

    key: Any
    channel: str
    procedure: str
    at: datetime
    stays: list[Stay] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    due: datetime | None = None
    original: datetime | None = None
    extended: list[tuple[datetime, Stay]] = field(default_factory=list)
    ready: datetime | None = None


class World:
    """The offices and who works there; made once, and every history is rolled back to it."""

    def __init__(self, before: tuple[OrgUnit, OrgUnit], after: tuple[OrgUnit, OrgUnit]) -> None:
        self.before, self.after = before, after
        self.heirs = {old.pk: heir for old, heir in zip(before, after, strict=True)}
        with setting_up():
            self.people = {
                (unit.pk, post): self._person(f"{post}{unit.pk}", unit, permissions)
                for unit in (*before, *after)
                for post, permissions in (
                    ("desk", STAFF), ("officer", (testing.PREPARE.code,)), ("chairman", (testing.SIGN.code,)),
                )
            }
            self.director = self._person("gd", after[0], ())
            for unit in (*before, *after):
                Grant.objects.create(
                    person=self.director, permission=rules.Permission.VIEW, unit=unit, valid_from=testing.FIRST_DAY
                )

    def _person(self, name: str, unit: OrgUnit, permissions: tuple[str, ...]) -> User:
        user = User.objects.create_staff(username=name, password=None, full_name=f"Cán bộ {name}")
        for permission in permissions:
            Grant.objects.create(person=user, permission=permission, unit=unit, valid_from=testing.FIRST_DAY)
        return user

    def actor(self, unit: int, post: str) -> Actor:
        user = self.people[unit, post]
        return Actor(kind=ActorKind.STAFF, name=user.full_name, user_id=user.pk)

    def viewer(self) -> Actor:
        return Actor(kind=ActorKind.STAFF, name="gd", user_id=self.director.pk)

    def open_units(self, at: datetime) -> list[OrgUnit]:
        return list(self.before if at < REFORM else self.after)


THE: dict[str, World] = {}


class Histories(RuleBasedStateMachine):
    """Dossiers come, move, stand still, change offices and end; then everything is counted."""

    questions = 4

    def __init__(self) -> None:
        super().__init__()
        self.world, self.savepoint = THE["world"], transaction.savepoint()
        self.now, self.papers, self.number = BEGIN, [], 0

    def living(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.stays[-1].until is None]

    @initialize(procedures=st.lists(st.sampled_from(PROCEDURES), min_size=4, max_size=4))
    def a_morning(self, procedures: list[str]) -> None:
        """Each office takes in two, one of them for the other; one goes all the way, one changes hands."""
        for place, procedure in enumerate(procedures):
            self.file(place=place % 2, elsewhere=place > 1, post=place == 0, procedure=procedure)
            self.now += timedelta(minutes=47)
        self.along_the_road(which=0, steps=5, gap=300)
        paper = self.papers[1]
        self.take(paper, Dossier.objects.get(pk=paper.key), Action.TRANSFER)

    @rule(minutes=st.integers(1, 4 * 24 * 60))
    def wait(self, minutes: int) -> None:
        before, self.now = self.now, self.now + timedelta(minutes=minutes)
        if before < REFORM <= self.now:
            for paper in self.living():
                heir = self.world.heirs[paper.stays[-1].unit]
                self.moved(paper, Action.TRANSFER, testing.SYSTEM, to_unit=heir, note="Sắp xếp")

    @rule(
        place=st.integers(0, 1), elsewhere=st.booleans(), post=st.booleans(), procedure=st.sampled_from(PROCEDURES)
    )
    def file(self, place: int, elsewhere: bool, post: bool, procedure: str) -> None:
        units = self.world.open_units(self.now)
        here, there = units[place], units[1 - place]
        resolving = there if elsewhere else here
        self.number += 1
        dossier = operations.file_at_counter(
            procedure_code=procedure, receiving_unit_id=here.pk, resolving_unit_id=resolving.pk,
            answers={"request": {"name": "Trần Văn An", "personal_number": f"0310900{self.number:05d}"}},
            papers=[{"component": "don"}], actor=self.world.actor(here.pk, "desk"), at=self.now,
            channel="buu_chinh" if post else "truc_tiep",
        )
        event = dossier.events.get(action=Action.RECEIVE)
        self.papers.append(Paper(
            dossier.pk, dossier.channel, procedure, event.at, [Stay(resolving.pk, "receipt", event.at)],
            due=dossier.due_at, original=dossier.original_due_at,
        ))

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 99), steps=st.integers(2, 5), gap=st.integers(0, 1500))
    def along_the_road(self, which: int, steps: int, gap: int) -> None:
        paper = self.living()[which % len(self.living())]
        for _ in range(steps):
            dossier = Dossier.objects.get(pk=paper.key)
            action = {
                State.RECEIVED: Action.ASSIGN, State.ASSIGNED: Action.BEGIN, State.IN_PROCESS: Action.PROPOSE,
                State.AWAITING_APPROVAL: Action.APPROVE, State.AWAITING_SIGNATURE: Action.SIGNED,
            }.get(State(dossier.state))
            if action is None or dossier.overlay or paper.stays[-1].until:
                return
            self.take(paper, dossier, action)
            self.now += timedelta(minutes=gap)

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 99), edge=st.integers(0, 99), days=st.integers(1, 9))
    def aside(self, which: int, edge: int, days: int) -> None:
        paper = self.living()[which % len(self.living())]
        dossier = Dossier.objects.get(pk=paper.key)
        edges = [e for e in edges_from(State(dossier.state), Overlay(dossier.overlay)) if e.action not in ROAD]
        if edges:
            self.take(paper, dossier, edges[edge % len(edges)].action, days=days)

    def take(self, paper: Paper, dossier: Dossier, action: Action, *, days: int = 1) -> None:
        """One action by somebody who may; what the rules refuse changes nothing."""
        unit = dossier.resolving_unit_id
        there = next((u for u in self.world.open_units(self.now) if u.pk != unit), None)
        told: dict[str, Any] = {"note": "Theo quy định"}
        who = {
            Action.ASSIGN: "desk", Action.BEGIN: "officer", Action.PROPOSE: "officer", Action.APPROVE: "chairman",
            Action.SEND_BACK: "chairman", Action.EXTEND: "chairman", Action.STOP: "desk", Action.ASK_AGENCY: "officer",
        }.get(action, "desk")
        if action in (Action.SIGNED, Action.SIGNING_FAILED, Action.RECOMPUTE, Action.RESUME):
            who = ""
        if action is Action.REFUSE and dossier.state == State.AWAITING_APPROVAL:
            who = "chairman"
        if action is Action.ASSIGN:
            told["to_person"] = self.world.people[unit, "officer"]
        elif action is Action.ASK_SUPPLEMENT:
            told["reasons"] = ("Thiếu giấy tờ",)
        elif action is Action.REFUSE:
            told["reason_code"] = "ly_do_khac"
        elif action is Action.TRANSFER:
            told["to_unit"] = there
        elif action is Action.EXTEND and dossier.due_at:
            told["new_due"] = dossier.due_at + timedelta(days=days)
        self.moved(paper, action, self.world.actor(unit, who) if who else testing.SYSTEM, **told)

    def moved(self, paper: Paper, action: Action, actor: Actor, **told: Any) -> None:
        try:
            event = step(dossier_id=paper.key, action=action, actor=actor, at=self.now, **told)
        except Refusal:
            return
        stay = paper.stays[-1]
        if event.to_overlay.startswith("paused") and not event.from_overlay.startswith("paused"):
            paper.pauses.append((event.at, None))
        elif event.from_overlay.startswith("paused") and not event.to_overlay.startswith("paused"):
            paper.pauses[-1] = (paper.pauses[-1][0], event.at)
        if action is Action.EXTEND:
            paper.extended.append((event.at, stay))
        if action is Action.TRANSFER:
            stay.until, stay.outcome = event.at, "transferred"
            paper.stays.append(Stay(event.to_unit_id, "transfer", event.at))
        elif State(event.to_state) in ENDS:
            stay.until, stay.outcome = event.at, ENDS[State(event.to_state)]
            paper.ready = event.at if stay.outcome == "resolved" else None
        dossier = Dossier.objects.get(pk=paper.key)
        paper.due, paper.original = dossier.due_at, dossier.original_due_at

    # -- the counting

    def teardown(self) -> None:
        try:
            if self.papers:
                if self.now < REFORM:
                    self.wait(minutes=int((REFORM - self.now) / timedelta(minutes=1)) + 600)
                assert any(stay.came == "transfer" for paper in self.papers for stay in paper.stays)
                for place in range(self.questions):
                    self.ask(place)
        finally:
            transaction.savepoint_rollback(self.savepoint)

    def ask(self, place: int) -> None:
        """One question of many, chosen by what has happened, so that a failing history fails again."""
        days = max((localdate(self.now) - localdate(BEGIN)).days, 1)
        first = localdate(BEGIN) + timedelta(days=(place * 7) % days if place > 1 else -place)
        last = first + timedelta(days=(days, 2 * days, days // 2, 3, 1, days)[place % 6])
        basis = (Basis.THEN, Basis.RESTATED)[place % 2]
        first_heir, second_heir, first_old = (self.world.after[0].pk, self.world.after[1].pk, self.world.before[0].pk)
        units = [None, [first_heir], [second_heir], None, [first_old], None][place % 6]
        narrow: dict[str, str] = [
            {}, {}, {"channel": "truc_tiep"}, {"procedure": PROCEDURES[place % 4]}, {"sector": "Thử nghiệm"},
            {"channel": "phi_dia_gioi", "sector": "Hộ tịch"},
        ][place % 6]
        scope = queries.scope_of(
            self.world.viewer(), at=self.now, period_from=first, period_to=last, basis=basis, unit_ids=units, **narrow
        )
        told = report.report(scope, cut=list(Cut)[place % 4])
        for line in (told.whole, *told.lines):
            numbers = line.now.numbers
            came = sum(numbers.get(f"dossiers.{c}", 0) for c in ("received", "carried_over", "transferred_in"))
            went = sum(numbers.get(f"dossiers.{c}", 0) for c in (
                "resolved", "refused", "stopped", "withdrawn", "transferred_out", "pending"))
            assert came == went, (line.title, numbers)
            assert line.balance.holds, (line.title, numbers)
        expected = self.by_hand(scope)
        for code, number in expected.items():
            assert told.whole.now.value(f"dossiers.{code}") == number, (code, scope)
        for code in rules.FIGURES:
            if code in indicators.indicators:
                rows = queries.drill(code, scope).rows
                assert told.whole.now.value(code) == len(list(rows)), code
        if told.cut is Cut.UNIT and told.lines:
            one = told.lines[place % len(told.lines)]
            for code, number in self.by_hand(one.scope).items():
                assert one.now.value(f"dossiers.{code}") == number, (code, one.title)
        assert sum(number for _, _, number in told.causes) == expected["late"]
        if place == 0:
            self.drill(scope, expected)

    def drill(self, scope: indicators.Scope, expected: dict[str, int]) -> None:
        """The pages themselves say and list as many."""
        query = {"tu_ngay": f"{scope.period_from:%d/%m/%Y}", "den_ngay": f"{scope.period_to:%d/%m/%Y}", "co_so": "then"}
        with standing_at(self.now):
            for code in ("received", "pending"):
                page = world.text(world.ask(self.world.director, "direction:drill", f"dossiers.{code}", **query))
                assert f'<span id="number">{expected[code]}</span>' in page
                assert page.count('<td class="num" data-label="Số TT">') == min(expected[code], 50)

    def by_hand(self, scope: indicators.Scope) -> dict[str, int]:
        start = datetime.combine(scope.period_from, time(), tzinfo=VIETNAM)
        end = max(start, min(datetime.combine(scope.period_to + timedelta(days=1), time(), tzinfo=VIETNAM), self.now))
        is_restated = scope.basis is Basis.RESTATED
        heirs = {old: heir.pk for old, heir in self.world.heirs.items()} if is_restated else {}
        numbers: dict[str, int] = defaultdict(int)
        for code in ("received", "received_counter", "received_elsewhere", "carried_over", "transferred_in", "resolved",
                     "resolved_early", "resolved_late_original", "refused", "stopped", "withdrawn", "transferred_out",
                     "pending", "pending_late", "late", "extended"):
            numbers[code] = 0
        for paper in self.papers:
            if scope.channel not in ("", paper.channel) or scope.procedure not in ("", paper.procedure):
                continue
            if scope.sector not in ("", "Thử nghiệm"):
                continue
            for stay in paper.stays:
                if not {stay.unit, heirs.get(stay.unit, stay.unit)} & scope.unit_ids:
                    continue
                self._count(numbers, paper, stay, start, end)
        return dict(numbers)

    def _count(
        self, numbers: dict[str, int], paper: Paper, stay: Stay, start: datetime, end: datetime
    ) -> None:
        assert paper.due is not None and paper.original is not None
        came = start <= stay.since < end
        ended = stay.until is not None and start <= stay.until < end
        numbers["received"] += came and stay.came == "receipt"
        numbers["received_elsewhere"] += came and stay.came == "receipt" and paper.channel == "phi_dia_gioi"
        numbers["received_counter"] += came and stay.came == "receipt" and paper.channel != "phi_dia_gioi"
        numbers["transferred_in"] += came and stay.came == "transfer"
        numbers["carried_over"] += stay.since < start and (stay.until is None or stay.until >= start)
        for outcome in ("resolved", "refused", "stopped", "withdrawn"):
            numbers[outcome] += ended and stay.outcome == outcome
        numbers["transferred_out"] += ended and stay.outcome == "transferred"
        if ended and stay.outcome == "resolved" and paper.ready:
            numbers["resolved_early"] += verdict(paper.ready, paper.due) is Verdict.EARLY
            numbers["resolved_late_original"] += verdict(paper.ready, paper.original) is Verdict.LATE
            numbers["late"] += verdict(paper.ready, paper.due) is Verdict.LATE
        if stay.since < end and (stay.until is None or stay.until >= end):
            numbers["pending"] += 1
            stood = any(a < end and a <= paper.due and (b is None or b > end) for a, b in paper.pauses)
            is_late = localdate(paper.due) < localdate(end) and not stood
            numbers["pending_late"] += is_late
            numbers["late"] += is_late
        # An entry belongs to the office that had the dossier as it was written, were it moved in the same instant.
        numbers["extended"] += sum(start <= at < end and then is stay for at, then in paper.extended)


@pytest.fixture
def offices(catalogue: None, test_handlers: None, db: None) -> None:
    before = OrgUnit.objects.filter(valid_to=date(2025, 7, 1), successor__code__startswith="H31.", kind="ubnd_xa")
    old = before.select_related("successor").order_by("code").first()
    assert old is not None and old.successor is not None
    second = before.select_related("successor").exclude(successor=old.successor).order_by("code").first()
    assert second is not None and second.successor is not None
    THE["world"] = World((old, second), (old.successor, second.successor))


def test_random_histories_balance_and_are_counted_by_hand(offices) -> None:
    run_state_machine_as_test(Histories, settings=settings(max_examples=2, stateful_step_count=12, deadline=None))


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_many_random_histories_balance(offices) -> None:
    longer = type("Longer", (Histories,), {"questions": 6})
    run_state_machine_as_test(longer, settings=settings(max_examples=20, stateful_step_count=40, deadline=None))
