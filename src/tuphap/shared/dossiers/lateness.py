"""Why a dossier was late, told by its log: where the hours went beyond what the internal procedure gives them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .rules import PAUSES, Action, Level, Overlay, State
from .sheet import HOLDER_AFTER

Hours = Callable[[datetime, datetime], float]
"""Working hours between two instants."""


class Cause(StrEnum):
    """Where a late dossier lost most of its time; in the order in which equal ones are preferred."""

    TRANSFER = "transfer"
    OTHER_AGENCY = "other_agency"
    SIGNING = "signing"
    SUPPLEMENT = "supplement"
    FEE = "fee"
    RECEIVER = "receiver"
    CASE_OFFICER = "case_officer"
    LEADER = "leader"


CAUSE_TITLES: dict[Cause, str] = {
    Cause.TRANSFER: "Nhận lại từ cơ quan khác khi đã mất thời gian",
    Cause.OTHER_AGENCY: "Chờ cơ quan khác trả lời",
    Cause.SIGNING: "Ký số không thành công",
    Cause.SUPPLEMENT: "Chờ bổ sung khi đã quá hạn",
    Cause.FEE: "Chờ nộp phí, lệ phí khi đã quá hạn",
    Cause.RECEIVER: "Khâu tiếp nhận, chuyển hồ sơ",
    Cause.CASE_OFFICER: "Khâu thẩm tra, giải quyết",
    Cause.LEADER: "Khâu xem xét, ký",
}

_BY_LEVEL = {
    Level.RECEIVER: Cause.RECEIVER, Level.ASSIGNER: Cause.RECEIVER, Level.CASE_OFFICER: Cause.CASE_OFFICER,
    Level.HEAD: Cause.LEADER, Level.LEADER: Cause.LEADER, Level.HANDER: Cause.LEADER,
}
_BY_PAUSE = {Overlay.PAUSED_APPLICANT: Cause.SUPPLEMENT, Overlay.PAUSED_FEE: Cause.FEE}


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of the log, as far as it tells who held the dossier from then on."""

    at: datetime
    action: Action
    to_state: State
    to_overlay: Overlay


def quotas_of(internal_steps: Iterable[Mapping[str, object]]) -> dict[Cause, float]:
    """The hours that the internal procedure gives to each part of the way; a step it does not name has none."""
    quotas: dict[Cause, float] = defaultdict(float)
    for step in internal_steps:
        level = Level.__members__.get(str(step["role"]))
        if level in _BY_LEVEL and level is not Level.HANDER:
            quotas[_BY_LEVEL[level]] += float(str(step["hours"]))
    return dict(quotas)


def spent(
    moves: Sequence[Move], *, received_at: datetime, since: datetime, until: datetime, due_at: datetime, hours: Hours
) -> dict[Cause, float]:
    """Where the working hours of a stretch went that lasted to ``until``: each hour is told to exactly one cause.

    :param since: when the office that answers for the lateness got it; what had passed before, another office used.
    :param due_at: a pause stops the clock as long as there is time left; what it takes after that is told to it.
    """
    used: dict[Cause, float] = defaultdict(float)
    used[Cause.TRANSFER] += hours(received_at, since)
    holder, failed = Cause.RECEIVER, False
    if not moves:  # taken over from elsewhere without its log
        used[holder] += hours(since, until)
    ends = [*(move.at for move in moves[1:]), until]
    for move, end in zip(moves, ends, strict=False):
        if move.action in HOLDER_AFTER:
            holder = _BY_LEVEL.get(HOLDER_AFTER[move.action], Cause.RECEIVER)
        failed = move.action is Action.SIGNING_FAILED or (
            failed and move.to_state in (State.AWAITING_APPROVAL, State.AWAITING_SIGNATURE)
        )
        first, last = max(move.at, since), min(end, until)
        cause = holder
        if move.to_overlay in PAUSES:
            cause, first = _BY_PAUSE[move.to_overlay], max(first, due_at)
        elif move.to_overlay is Overlay.WAITING_OTHER_AGENCY:
            cause = Cause.OTHER_AGENCY
        elif failed:
            cause = Cause.SIGNING
        if first < last:
            used[cause] += hours(first, last)
    return dict(used)


def principal(used: Mapping[Cause, float], quotas: Mapping[Cause, float]) -> Cause:
    """The cause with most hours beyond its quota; where none is beyond, the one with most hours."""
    over = {cause: used.get(cause, 0.0) - quotas.get(cause, 0.0) for cause in Cause}
    worst = max(Cause, key=lambda cause: over[cause])
    return worst if over[worst] > 0 else max(Cause, key=lambda cause: used.get(cause, 0.0))
