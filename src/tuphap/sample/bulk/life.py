"""The life of one dossier: moved along the engine's own table of edges, with the effects that the engine gives them.

What the engine does row by row in a transaction of its own is done here in memory: the step, the clock, the stretch of
custody, the entry of the log. An edge that is not in the table is a defect and raises.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tuphap.kernel.clock import localdate
from tuphap.shared.calendar.api import AfterPause, verdict
from tuphap.shared.dossiers import rules
from tuphap.shared.dossiers.models import Custody, Dossier
from tuphap.shared.dossiers.rules import Action, Clock, Level, Overlay, State, find_edge

from .province import SIGNING, TIMERS, Law, Office, Seat, Who
from .times import REFORM_AT, Times

SUPPLEMENT_DAYS = timedelta(days=30)  # the catalogue's supplement_days
REAL_NONE = "Dữ liệu đo, nạp hàng loạt: không có người và việc thật."
REFORMED = "Sắp xếp đơn vị hành chính, tổ chức lại cơ quan từ ngày 01/07/2025."

_ROAD = (State.RECEIVED, State.ASSIGNED, State.IN_PROCESS, State.AWAITING_APPROVAL)
_STANDING = {state: place for place, state in enumerate(_ROAD)}
# Before these, a dossier that changed offices is first brought again to where they are taken from.
_NEEDS = {
    Action.BEGIN: 1, Action.ASK_AGENCY: 1, Action.PROPOSE: 2, Action.REVIEW: 3, Action.SEND_BACK: 3, Action.APPROVE: 3,
}
_OUTCOMES = {
    State.RESULT_READY: Custody.Outcome.RESOLVED.value, State.REFUSED: Custody.Outcome.REFUSED.value,
    State.STOPPED: Custody.Outcome.STOPPED.value, State.WITHDRAWN: Custody.Outcome.WITHDRAWN.value,
}
_FOLLOWS = frozenset(rules.OPEN - {State.AWAITING_SIGNATURE})  # what moves to the office's successor


class Life:
    """A dossier in the making. ``left``: how many steps it may still take; none leaves a draft."""

    def __init__(
        self, *, number: int, key: UUID, law: Law, seat: Seat, receiving: Office, resolving: Office, channel: str,
        times: Times, left: int,
    ) -> None:
        self.number, self.key, self.law, self.seat, self.times, self.left = number, key, law, seat, times, left
        self.receiving, self.resolving, self.channel = receiving, resolving, channel
        self.state, self.overlay, self.is_over = State.DRAFT, Overlay.NONE, False
        self.columns: dict[str, Any] = {"result_way": Dossier.ResultWay.DESK.value}
        self.events: list[dict[str, Any]] = []
        self.custodies: list[list[Any]] = []  # unit, how it came, since, until, outcome
        self.pauses: list[list[Any]] = []  # kind, since, until, reason
        self.parcel: dict[str, Any] | None = None
        self.rating: dict[str, Any] | None = None
        self.due: datetime | None = None
        self.original_due: datetime | None = None
        self.received: tuple[int, int] = (0, 0)
        self.approved_at: datetime | None = None
        self.signed_at: datetime | None = None
        self.signer: tuple[Who, str] = seat.leaders[0]
        self.applicant: Who = ("citizen", None, "")
        self.answers = "{}"  # as JSON

    @property
    def officer(self) -> Who:
        return self.seat.officers[self.number % len(self.seat.officers)]

    def take(
        self, action: Action, at: datetime, who: Who, level: Level, *, note: str = "", reasons: tuple[str, ...] = (),
        facts: dict[str, Any] | None = None, to_unit: Office | None = None, to: Who | None = None,
        new_due: datetime | None = None, place: tuple[int, int] | None = None,
    ) -> bool:
        """Move it, unless its story is over or the instant lies ahead of the present; whether it was moved.

        :param place: of the working day, and the minute: where the clock starts or goes on.
        """
        if self.is_over or self.left == 0 or at > self.times.until:
            self.is_over = True
            return False
        if self.resolving.heir is not None and at >= REFORM_AT and action is not Action.TRANSFER:
            self._follow()
        if action in _NEEDS and self.state in _STANDING:
            self._catch_up(_NEEDS[action], at)
        self.left -= 1
        if self.events and at < self.events[-1]["at"]:
            at = self.events[-1]["at"]
        edge = find_edge(self.state, self.overlay, action)
        due_before, unit, from_overlay = self.due, self.resolving, self.overlay
        effect = _EFFECTS.get(action)
        if effect is not None:
            effect(self, at, who, to, to_unit)
        if edge.clock is not Clock.NONE:
            self._run(edge.clock, edge.leaves, at, place=place, new_due=new_due, reason=note or "; ".join(reasons))
        self._keep_custody(action, edge.to, at)
        event = {
            "dossier_id": self.key, "seq": len(self.events) + 1, "at": at, "action": action.value,
            "from_state": edge.source.value, "to_state": edge.to.value, "from_overlay": from_overlay.value,
            "level": int(level), "actor_kind": who[0], "actor_id": who[1], "actor_name": who[2], "unit_id": unit.id,
            "form": edge.form, "due_before": due_before, "due_after": self.due, "note": note, "facts": facts or {},
            "reasons": list(reasons),
        }
        self.state = edge.to
        if edge.leaves is not None:
            self.overlay = edge.leaves
        event["to_overlay"] = self.overlay.value
        if to_unit is not None:
            event["to_unit_id"] = to_unit.id
        if to is not None:
            event["to_person_id"], event["to_name"] = to[1], to[2]
        self.events.append(event)
        return True

    # -- the road of a received dossier

    def assign(self, at: datetime) -> bool:
        return self.take(Action.ASSIGN, at, self.seat.assigner, Level.ASSIGNER, to=self.officer)

    def begin(self, at: datetime) -> bool:
        return self.take(Action.BEGIN, at, self.officer, Level.CASE_OFFICER)

    def propose(self, at: datetime) -> bool:
        return self.take(Action.PROPOSE, at, self.officer, Level.CASE_OFFICER)

    def approve(self, at: datetime) -> bool:
        """With the division head's agreement before it, where one stands between; then signed, half a minute later."""
        if self.law.is_reviewed and self.seat.head is not None:
            self.take(Action.REVIEW, at - timedelta(minutes=2), self.seat.head, Level.HEAD)
        self.signer = self.seat.leaders[self.number % 3 == 0]
        return (self.take(Action.APPROVE, at, self.signer[0], Level.LEADER)
                and self.take(Action.SIGNED, at + timedelta(seconds=40), SIGNING, Level.SYSTEM))

    def _catch_up(self, wanted: int, at: datetime) -> None:
        """Bring it along the road to where the wanted step begins, in the minute before."""
        for place, step in enumerate((self.assign, self.begin, self.propose)):
            if _STANDING.get(self.state, wanted) == place < wanted:
                self.left += 1
                step(max(at - timedelta(seconds=20 * (wanted - place)), self.events[-1]["at"]))

    def _follow(self) -> None:
        """The office is no more: what it had open goes to its successor, in the first minutes of the reform."""
        heir = self.resolving.heir
        if heir is None or self.state not in _FOLLOWS:
            return
        self.left += 1
        self.take(Action.TRANSFER, REFORM_AT, TIMERS, Level.SYSTEM, to_unit=heir, note=REFORMED)

    # -- effects: what the engine's own do

    def _submit(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["submitted_at"] = at

    def _receive(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["received_at"] = at
        self.columns["code"] = rules.compose_code(
            agency=self.receiving.code, day=localdate(at), number=900_000 + self.number % 100_000)

    def _ask(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        columns = self.columns
        columns["supplement_count"] = columns.get("supplement_count", 0) + 1
        columns["supplements_after_receipt"] = int("received_at" in columns)
        columns["supplement_due_at"] = at + SUPPLEMENT_DAYS

    def _answer(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["supplement_due_at"] = None

    def _assign(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns |= {"assigned_to_id": to[1] if to else None, "prepared_by_id": None, "reviewed_by_id": None}

    def _propose(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns |= {"prepared_by_id": who[1], "reviewed_by_id": None}

    def _review(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["reviewed_by_id"] = who[1]

    def _send_back(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns |= {"reviewed_by_id": None, "approved_by_id": None}

    def _approve(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["approved_by_id"], self.approved_at = who[1], at

    def _signed(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        assert self.due is not None and self.original_due is not None  # received before
        self.signed_at = at
        self.columns |= {
            "result_ready_at": at, "verdict": verdict(at, self.due).value,
            "original_verdict": verdict(at, self.original_due).value,
        }

    def _return(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns["returned_at"] = at

    def _end(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        self.columns |= {"ended_at": at, "supplement_due_at": None}

    def _transfer(self, at: datetime, who: Who, to: Who | None, to_unit: Office | None) -> None:
        assert to_unit is not None
        if self.receiving is self.resolving:
            self.receiving = to_unit
        self.resolving = to_unit
        self.columns |= {"assigned_to_id": None, "prepared_by_id": None, "reviewed_by_id": None}

    # -- the clock and the stretches

    def _run(
        self, clock: Clock, leaves: Overlay | None, at: datetime, *, place: tuple[int, int] | None,
        new_due: datetime | None, reason: str,
    ) -> None:
        if clock is Clock.START and place is not None:
            self.received = place
            self.due = self.original_due = self.times.due(*place, self.law.limit)[0]
        elif clock is Clock.PAUSE:
            self.pauses.append([(leaves or Overlay.NONE).value, at, None, reason])
        elif clock is Clock.CONTINUE:
            self._go_on(at, place)
        elif clock is Clock.EXTEND:
            self.due = new_due
            self.columns["extension_count"] = 1
        elif clock is Clock.STOP and self.pauses and self.pauses[-1][2] is None:
            self.pauses[-1][2] = at

    def _go_on(self, at: datetime, place: tuple[int, int] | None) -> None:
        """The full limit again, or what was left of it; never earlier than before."""
        assert self.due is not None and self.original_due is not None and place is not None
        pause = self.pauses[-1]
        if self.law.rule is AfterPause.RESTART:
            moved = self.times.due(*place, self.law.limit)[0]
        elif localdate(pause[1]) > localdate(self.original_due):
            moved = self.original_due
        else:
            moved = self.times.calendar.due_after_pause(
                due_at=self.original_due, paused_at=pause[1], resumed_at=at, limit=self.law.limit, rule=self.law.rule)
        self.original_due = max(self.original_due, moved)
        self.due = max(self.due, self.original_due)
        pause[2] = at

    def _keep_custody(self, action: Action, to: State, at: datetime) -> None:
        rows = self.custodies
        if action is Action.RECEIVE:
            rows.append([self.resolving.id, Custody.Came.RECEIPT.value, at, None, ""])
        elif not rows or rows[-1][3] is not None:
            return
        elif action is Action.TRANSFER:
            rows[-1][3:] = [at, Custody.Outcome.TRANSFERRED.value]
            rows.append([self.resolving.id, Custody.Came.TRANSFER.value, at, None, ""])
        elif to in _OUTCOMES:
            rows[-1][3:] = [at, _OUTCOMES[to]]


_EFFECTS = {
    Action.SUBMIT: Life._submit, Action.RECEIVE: Life._receive, Action.ASK_SUPPLEMENT: Life._ask,
    Action.ANSWER_SUPPLEMENT: Life._answer, Action.ASSIGN: Life._assign, Action.PROPOSE: Life._propose,
    Action.REVIEW: Life._review, Action.SEND_BACK: Life._send_back, Action.APPROVE: Life._approve,
    Action.SIGNED: Life._signed, Action.RETURN: Life._return, Action.CLOSE: Life._end, Action.REFUSE: Life._end,
    Action.STOP: Life._end, Action.WITHDRAW: Life._end, Action.TRANSFER: Life._transfer,
}
