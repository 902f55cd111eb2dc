"""Words and limits of the exchange: states, waits between tries, the circuit breaker; no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class Sent(StrEnum):
    """How far a message of ours has come."""

    QUEUED = "queued"
    WAITING = "waiting"
    ANSWERED = "answered"
    DEAD = "dead"
    GIVEN_UP = "given_up"


class Received(StrEnum):
    """What became of a message of another agency."""

    HELD = "held"
    HANDLED = "handled"
    REFUSED = "refused"
    DEAD = "dead"
    GIVEN_UP = "given_up"


SENT_TITLES = {
    Sent.QUEUED: "Chờ gửi", Sent.WAITING: "Chờ trả lời", Sent.ANSWERED: "Đã trả lời", Sent.DEAD: "Chờ xử lý",
    Sent.GIVEN_UP: "Đã dừng gửi",
}
RECEIVED_TITLES = {
    Received.HELD: "Chờ tin trước", Received.HANDLED: "Đã xử lý", Received.REFUSED: "Đã từ chối",
    Received.DEAD: "Chờ xử lý", Received.GIVEN_UP: "Đã bỏ qua",
}
# A message in one of these lets the next one of its subject go.
DONE = frozenset({Sent.ANSWERED, Sent.GIVEN_UP})


class Event(StrEnum):
    """What the exchange writes in the log of deeds."""

    QUEUED = "exchange.queued"
    TRIED = "exchange.not_delivered"
    ACCEPTED = "exchange.accepted"
    ANSWERED = "exchange.answered"
    DEAD = "exchange.dead_letter"
    SENT_AGAIN = "exchange.sent_again"
    GIVEN_UP = "exchange.given_up"
    RECEIVED = "exchange.received"
    HELD = "exchange.held"
    HANDLED = "exchange.handled"
    REFUSED = "exchange.refused"
    HANDLED_AGAIN = "exchange.handled_again"
    RESUMED = "exchange.service_resumed"


class BreakerState(StrEnum):
    """CLOSED: calls go. OPEN: none goes. HALF_OPEN: one call tries whether the service is back."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


BREAKER_TITLES = {
    BreakerState.CLOSED: "Thông suốt", BreakerState.OPEN: "Đang ngắt", BreakerState.HALF_OPEN: "Đang thử lại",
}

# Our own choice, but for the ten seconds of one call and the windows of time below.
MOST_TRIES = 12
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
LEASE = timedelta(seconds=30)  # a call and what follows it take less; after that its worker counts as dead
FAILURES_TO_OPEN = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)
REPLAY_WINDOW = timedelta(hours=24)
CLOCK_SKEW = timedelta(minutes=5)
HOLD = timedelta(hours=1)  # how long an early message waits for the missing one


def wait_after(tries: int, *, chance: float) -> timedelta:
    """How long to wait after so many failed tries: doubled each time, and somewhere in its upper half by chance.

    :param chance: between 0 and 1, so that many messages that failed together do not come back together.
    """
    whole: timedelta = min(FIRST_WAIT * 2 ** min(max(tries, 1) - 1, 30), LONGEST_WAIT)
    return whole * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class Breaker:
    """The circuit breaker of one service. ``until``: when it may be tried again, or when the trial is void."""

    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    trips: int = 0
    until: datetime | None = None

    def ask(self, at: datetime) -> tuple[bool, Breaker]:
        """Whether a call may go now, and the breaker afterwards: the first to ask after a pause is the trial."""
        if self.state is BreakerState.CLOSED:
            return True, self
        if self.until is not None and at < self.until:
            return False, self
        return True, replace(self, state=BreakerState.HALF_OPEN, until=at + LEASE)

    def succeeded(self) -> Breaker:
        """The service has answered, whatever it said."""
        return Breaker()

    def failed(self, at: datetime) -> Breaker:
        """The service did not answer, or nonsense: several times in a row open the breaker, a failed trial at once."""
        failures = self.failures + 1
        if self.state is BreakerState.OPEN:
            return replace(self, failures=failures)  # a call that had gone before it opened
        if self.state is BreakerState.CLOSED and failures < FAILURES_TO_OPEN:
            return replace(self, failures=failures)
        pause = min(FIRST_PAUSE * 2 ** min(self.trips, 30), LONGEST_PAUSE)
        return Breaker(BreakerState.OPEN, failures, self.trips + 1, at + pause)


class UnknownKind(Refusal):
    """A defect of the caller: no module declares such a message."""

    code = "exchange.unknown_kind"
    message_vi = "Không có loại thông điệp “{kind}”."


class NoSuchMessage(NotFound):
    code = "exchange.no_such_message"
    message_vi = "Không tìm thấy thông điệp liên thông."


class NoSuchService(NotFound):
    code = "exchange.no_such_service"
    message_vi = "Không có hệ thống liên thông này."


class NotDead(Conflict):
    code = "exchange.not_dead"
    message_vi = "Thông điệp này không còn chờ xử lý."


class ReasonRequired(Refusal):
    code = "exchange.reason_required"
    message_vi = "Vui lòng ghi rõ lý do."
    field = "reason"


class DossierRequired(Refusal):
    code = "exchange.dossier_required"
    message_vi = "Chỉ tra cứu cơ sở dữ liệu quốc gia cho một hồ sơ cụ thể."
    field = "dossier_code"
