"""The control sheet (form 06): one row for each hand-over, made from the log; nobody types it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tuphap.shared.calendar import api as calendar

from .models import Dossier, Event
from .rules import LEVEL_TITLES, Action, Level, State


class StepVerdict(StrEnum):
    """How a step stands against its quota of working hours."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    NONE = ""


STEP_VERDICT_TITLES = {
    StepVerdict.EARLY: "Trước hạn",
    StepVerdict.ON_TIME: "Đúng hạn",
    StepVerdict.LATE: "Quá hạn",
    StepVerdict.RUNNING: "Đang thực hiện",
    StepVerdict.NONE: "",
}


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One hand-over: from whom, to whom, when, the quota (working hours) of the receiver and how they kept it.

    ``seq`` is the entry of the log that handed it over; ``hours`` are the working hours used, pauses not counted.
    ``finished_at`` None: the step is still running.
    """

    number: int
    seq: int
    title: str
    from_role: str
    from_name: str
    to_role: str
    to_name: str
    handed_at: datetime
    received_at: datetime
    quota_hours: float | None
    finished_at: datetime | None
    hours: float
    verdict: StepVerdict
    note: str

    @property
    def verdict_title(self) -> str:
        return STEP_VERDICT_TITLES[self.verdict]


# After each of these somebody else holds the dossier; and who that is.
HOLDER_AFTER: dict[Action, Level] = {
    Action.SUBMIT: Level.RECEIVER,
    Action.RECEIVE: Level.RECEIVER,
    Action.ASSIGN: Level.CASE_OFFICER,
    Action.PROPOSE: Level.LEADER,
    Action.REVIEW: Level.LEADER,
    Action.SEND_BACK: Level.CASE_OFFICER,
    Action.APPROVE: Level.LEADER,
    Action.SIGNING_FAILED: Level.LEADER,
    Action.SIGNED: Level.HANDER,
    Action.RETURN: Level.APPLICANT,
    Action.TRANSFER: Level.RECEIVER,
}
_ENDS = frozenset({State.CLOSED, State.REFUSED, State.STOPPED, State.WITHDRAWN, State.RETURNED})


def control_sheet(dossier: Dossier) -> list[StepRecord]:
    """The hand-overs of a dossier, in order; each lasts until the next one, or until the dossier ended."""
    events = list(dossier.events.select_related("to_person", "unit", "to_unit").order_by("seq"))
    hand_overs = [event for event in events if Action(event.action) in HOLDER_AFTER]
    ended = next((event.at for event in events if event.to_state in _ENDS), None)
    finishes = [event.at for event in hand_overs[1:]] + [ended]
    quotas = _quotas(dossier)
    return [
        _record(dossier, number, event, finished, quotas)
        for number, (event, finished) in enumerate(zip(hand_overs, finishes, strict=False), start=1)
    ]


def _quotas(dossier: Dossier) -> dict[str, float]:
    quotas: dict[str, float] = {}
    for step in dossier.procedure.internal_steps:
        quotas.setdefault(step["role"], float(step["hours"]))
    return quotas


def _record(
    dossier: Dossier, number: int, event: Event, finished: datetime | None, quotas: dict[str, float]
) -> StepRecord:
    action = Action(event.action)
    holder = HOLDER_AFTER[action]
    quota = quotas.get(holder.name) if action not in (Action.SUBMIT, Action.RETURN) else None
    hours = 0.0 if finished is None else _hours(dossier, event.at, finished)
    from_name, to_name = _names(dossier, event, holder)
    return StepRecord(
        number=number, seq=event.seq, title=event.title, from_role=LEVEL_TITLES[Level(event.level)],
        from_name=from_name, to_role=LEVEL_TITLES[holder], to_name=to_name, handed_at=event.at, received_at=event.at,
        quota_hours=quota, finished_at=finished, hours=hours, verdict=_verdict(quota, hours, finished), note=event.note,
    )


def _names(dossier: Dossier, event: Event, holder: Level) -> tuple[str, str]:
    if holder is Level.APPLICANT:
        return event.actor_name, dossier.applicant_name
    if event.to_unit is not None:
        return event.actor_name, event.to_unit.short_name
    if event.to_name:
        return event.actor_name, event.to_name
    if holder is Level.CASE_OFFICER and dossier.assigned_to is not None:
        return event.actor_name, dossier.assigned_to.full_name
    return event.actor_name, event.unit.short_name


def _hours(dossier: Dossier, start: datetime, end: datetime) -> float:
    """Working hours between two instants, less those of the pauses within."""
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    total = float(working.working_hours_between(start, end))
    for pause in dossier.pauses.all():
        first, last = max(start, pause.started_at), min(end, pause.ended_at or end)
        if first < last:
            total -= float(working.working_hours_between(first, last))
    return round(max(total, 0.0), 2)


def _verdict(quota: float | None, hours: float, finished: datetime | None) -> StepVerdict:
    if quota is None:
        return StepVerdict.NONE
    if finished is None:
        return StepVerdict.RUNNING
    if hours == quota:
        return StepVerdict.ON_TIME
    return StepVerdict.EARLY if hours < quota else StepVerdict.LATE
