"""Random lives of a few people: whatever they try in whatever order, the register never contradicts itself.

A model of a dozen lines keeps who lives and who is married to whom; every attempt must be taken or refused as it says,
and at the end of each life the register, read through the person's own view, tells what the model tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status import persons, rules
from tuphap.modules.civil_status.events import operations
from tuphap.modules.civil_status.models import Act, Annotation
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.numbering.models import Number

from .test_events import DEATH, MARRIAGE, STATUS, couple, dead, request
from .test_follow_ups import CHANGE, changed
from .world import AT, World, fail, sign

# Few, so that they meet often.
MEN, WOMEN = ("Bùi Văn An", "Cao Văn Ba"), ("Hồ Thị Dung", "Lý Thị Em")
NEW_NAMES = ("Đỗ Minh Mới", "Đỗ Minh Khác")
NUMBERS = {
    name: f"031{century}{90 + place}00010{place}" for century, names in (("0", MEN), ("1", WOMEN))
    for place, name in enumerate(names)
}


@dataclass
class Life:
    """What the model knows of one person."""

    name: str
    dead: bool = False
    spouse: str = ""
    state: rules.MaritalState = rules.MaritalState.SINGLE
    acts: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        return NUMBERS[self.name]

    @property
    def born_on(self) -> str:
        return f"19{self.number[4:6]}-05-06"

    def told(self) -> dict[str, str]:
        return {"name": self.name, "personal_number": self.number, "born_on": self.born_on}


class Lives(RuleBasedStateMachine):
    """Everything happens at one office, a day apart; papers are signed at once unless told otherwise."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]
        self.undone.__enter__()
        self.people = {name: Life(name) for name in (*MEN, *WOMEN)}
        self.marriages: list[tuple[Act, str, str]] = []
        self.ended: set[Any] = set()  # keys of marriages that a divorce or a death has ended
        self.renamed: dict[tuple[Any, str], str] = {}  # act and role → the name that it tells today
        self.at: datetime = AT

    def teardown(self) -> None:
        try:
            self.everybodys_view_is_the_replay()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # -- what people try

    def decide(self, procedure: str, answers: dict[str, Any], refusal: type[Exception] | None, *, signed: bool = True,
               acting: tuple[str, ...]) -> Act | None:
        """Put it before the leader; refused as the model says, or entered."""
        self.at += timedelta(days=1)
        dossier = self.world.dossier(answers, procedure=procedure, received=self.at - timedelta(hours=1))

        def approve() -> Act:
            with documents.signing_by_hand():
                return operations.approve_event(dossier_id=dossier.pk, actor=self.world.who("chairman"), at=self.at)

        if refusal is not None:
            with pytest.raises(refusal):
                approve()
            return None
        act = approve()
        for paper in act.papers.order_by("pk"):
            if signed:
                sign(paper.document, at=self.at)
            else:
                fail(paper.document, at=self.at)
        if not signed:
            register.void_act(act_id=act.pk, reason="Máy ký hỏng", actor=self.world.who("chairman"), at=self.at)
        for name in acting if signed else ():
            self.people[name].acts.append(f"{act.kind} {act.display_number}")
        return act

    def why_not_marry(self, *pair: Life) -> type[Exception] | None:
        if any(one.spouse for one in pair):
            return rules.AlreadyMarried
        return dossiers.UnresolvedErrors if any(one.dead for one in pair) else None

    @rule(he=st.sampled_from(MEN), she=st.sampled_from(WOMEN), signed=st.sampled_from([True, True, True, False]))
    def marry(self, he: str, she: str, signed: bool) -> None:
        man, woman = self.people[he], self.people[she]

        def told(life: Life) -> dict[str, Any]:
            before = "single" if life.spouse else str(life.state)
            return {**life.told(), "before": before, "times": 1 if before == "single" else 2, "proof": "1/2026"}

        answers = couple(self.world, husband=told(man), wife=told(woman))
        refusal = self.why_not_marry(man, woman)
        act = self.decide(MARRIAGE, answers, refusal, signed=signed, acting=(he, she))
        if act is not None and signed:
            self.marriages.append((act, he, she))
            man.spouse, woman.spouse = she, he
            man.state = woman.state = rules.MaritalState.MARRIED

    @rule(name=st.sampled_from((*MEN, *WOMEN)), declarant=st.sampled_from((*MEN, *WOMEN)))
    def die(self, name: str, declarant: str) -> None:
        who, other = self.people[name], self.people[declarant]
        answers = dead(
            self.world, deceased={**who.told(), "sex": "male" if name in MEN else "female"},
            death={"died_on": (self.at + timedelta(days=1)).date().isoformat()},
            declarant={"name": other.name, "personal_number": other.number})
        acting = (name, declarant)
        if self.decide(DEATH, answers, rules.PossibleDuplicate if who.dead else None, acting=acting) is None:
            return
        who.dead = True
        if who.spouse:
            self.ended |= {act.pk for act, *pair in self.marriages if name in pair}
            widow = self.people[who.spouse]
            widow.spouse = who.spouse = ""
            widow.state = who.state = rules.MaritalState.WIDOWED

    @rule(which=st.integers(0, 5))
    def divorce(self, which: int) -> None:
        if not self.marriages:
            return
        act, he, she = self.marriages[which % len(self.marriages)]
        self.at += timedelta(days=1)
        told: dict[str, Any] = {
            "act_id": act.pk, "decision_no": "1/2026", "decided_on": self.at.date(), "authority": "Tòa án",
            "actor": self.world.who("officer"), "at": self.at,
        }
        if act.pk in self.ended:
            with pytest.raises(rules.NotAMarriage):
                operations.note_divorce(**told)
            return
        operations.note_divorce(**told)
        self.ended.add(act.pk)
        for name in (he, she):
            self.people[name].spouse, self.people[name].state = "", rules.MaritalState.DIVORCED

    @rule(name=st.sampled_from((*MEN, *WOMEN)), status=st.sampled_from(rules.MaritalState))
    def ask(self, name: str, status: rules.MaritalState) -> None:
        who = self.people[name]
        answers = request(self.world, subject={**who.told(), "sex": "male" if name in MEN else "female"},
                          request={"status": status})
        refusal: type[Exception] | None = None
        if who.spouse and status != rules.MaritalState.MARRIED:
            refusal = rules.AlreadyMarried
        elif who.dead:
            refusal = dossiers.UnresolvedErrors
        self.decide(STATUS, answers, refusal, acting=(name,))

    @rule(which=st.integers(0, 5), role=st.sampled_from(["husband", "wife"]), name=st.sampled_from(NEW_NAMES))
    def correct(self, which: int, role: str, name: str) -> None:
        """A name in a marriage is corrected: again to the same one is refused, whatever became of the two."""
        if not self.marriages:
            return
        act, he, she = self.marriages[which % len(self.marriages)]
        written = {"husband": he, "wife": she}[role]
        answers = changed(self.world, act, "correction", (f"{role}.name", name))
        as_it_is = self.renamed.get((act.pk, role), written) == name
        refusal = dossiers.UnresolvedErrors if as_it_is else None
        if self.decide(CHANGE, answers, refusal, acting=(written,)) is not None:
            self.renamed[act.pk, role] = name

    # -- what must hold

    @invariant()
    def every_act_has_one_number_in_one_book(self) -> None:
        for kind in (rules.BookKind.MARRIAGE, rules.BookKind.DEATH, rules.BookKind.MARITAL_STATUS,
                     rules.BookKind.CHANGE):
            acts = list(Act.objects.filter(kind=kind).order_by("number").select_related("book"))
            assert [act.number for act in acts] == list(range(1, len(acts) + 1))
            assert len({(act.book_id, act.page) for act in acts}) == len(acts)
            assert all(act.book.kind == kind for act in acts)
            kept = dict(Number.objects.filter(pk__in=[act.reserved_id for act in acts]).values_list("pk", "state"))
            states = {"registered": "confirmed", "void": "void"}
            assert [kept[act.reserved_id] for act in acts] == [states[act.state] for act in acts]

    @invariant()
    def nobody_is_married_twice_at_once(self) -> None:
        ended = set(Annotation.objects.filter(kind__in=list(rules.ENDS_MARRIAGE)).values_list("act_id", flat=True))
        held = [
            (party.personal_number, act.pk)
            for act in Act.objects.filter(kind="KH", state="registered").exclude(pk__in=ended)
            for party in act.parties.all()
        ]
        assert len({number for number, _ in held}) == len(held)

    def everybodys_view_is_the_replay(self) -> None:
        for life in self.people.values():
            shown = persons.person(life.number, actor=self.world.who("officer"), at=self.at, purpose="đối chiếu")
            if shown is None:
                assert not life.acts
                continue
            told = [f"{one.act.kind} {one.act.display_number}" for one in shown.appearances]
            assert sorted(told) == sorted(life.acts), life
            assert shown.standing.marital == life.state, life
            for one in shown.appearances:
                if one.act.kind == rules.BookKind.MARRIAGE:
                    now = self.renamed.get((one.act.pk, one.party.role), life.name)
                    assert (one.name_now or one.party.name) == now, life
            assert (shown.standing.death is not None) == life.dead, life
            if life.dead:
                died = shown.standing.death
                assert died is not None
                # what is said of the dead may still be corrected, on another's asking
                own = [one for one in shown.appearances if one.party.role in ("husband", "wife", "subject")
                       and one.act.kind != rules.BookKind.CHANGE]
                assert all(one.act.registered_on <= died.registered_on for one in own), "nobody acts after death"


def _live(world: World, **how: Any) -> None:
    machine = type("LivesHere", (Lives,), {"world": world})
    run_state_machine_as_test(machine, settings=settings(
        deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate], **how))


@pytest.mark.django_db
def test_random_lives_never_contradict_the_register(world: World) -> None:
    _live(world, max_examples=4, stateful_step_count=16, derandomize=True)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.django_db
def test_many_lives(world: World) -> None:
    _live(world, max_examples=20, stateful_step_count=40)
