"""The one-stop desk's own law: its permissions, its slips, in which order work is shown. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tuphap.kernel.clock import localdate, localtime
from tuphap.kernel.refusal import Conflict, Denied, NotFound, Refusal
from tuphap.shared.calendar.rules import WorkingCalendar
from tuphap.shared.dossiers.rules import StateConflict


class Permission(StrEnum):
    RECEIVE = "one_stop.dossier.receive"
    VIEW = "one_stop.dossier.view"
    ASSIGN = "one_stop.dossier.assign"
    RETURN = "one_stop.dossier.return"


# The queue's name of the task that counts open dossiers anew when the working calendar has changed.
RECOMPUTE = "one_stop_shop.recompute_open"


class Form(StrEnum):
    """The slips of TT 03/2025/TT-VPCP, by number."""

    RECEIPT = "01"
    SUPPLEMENT = "02"
    REFUSAL = "03"
    APOLOGY = "04"
    STOPPED = "05"
    CONTROL = "06"
    BOOK = "07"


FORM_TITLES: dict[Form, str] = {
    Form.RECEIPT: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    Form.SUPPLEMENT: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    Form.REFUSAL: "Phiếu từ chối tiếp nhận, giải quyết hồ sơ",
    Form.APOLOGY: "Văn bản xin lỗi và đề nghị gia hạn",
    Form.STOPPED: "Thông báo dừng giải quyết hồ sơ",
    Form.CONTROL: "Phiếu kiểm soát quá trình giải quyết hồ sơ",
    Form.BOOK: "Sổ theo dõi hồ sơ",
}
# Slips printed from one entry of the log.
SLIPS = (Form.RECEIPT, Form.SUPPLEMENT, Form.REFUSAL, Form.APOLOGY, Form.STOPPED)


class Bucket(StrEnum):
    """How near the deadline is; in the order in which work is shown."""

    LATE = "late"
    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"


BUCKET_TITLES: dict[Bucket, str] = {
    Bucket.LATE: "Quá hạn",
    Bucket.TODAY: "Đến hạn hôm nay",
    Bucket.TOMORROW: "Đến hạn ngày làm việc kế tiếp",
    Bucket.LATER: "Còn hạn",
    Bucket.PAUSED: "Đang tạm dừng",
    Bucket.NONE: "Không tính hạn",
}


def bucket(*, due: date | None, today: date, next_working_day: date, paused: bool = False) -> Bucket:
    """Where a dossier stands in the worklist; by whole days, as the verdict is."""
    if paused:
        return Bucket.PAUSED
    if due is None:
        return Bucket.NONE
    if due < today:
        return Bucket.LATE
    if due == today:
        return Bucket.TODAY
    return Bucket.TOMORROW if due <= next_working_day else Bucket.LATER


class WrongChannel(Refusal):
    code = "one_stop.wrong_channel"
    message_vi = "Kênh nộp hồ sơ không phù hợp với người nộp."
    field = "channel"


class WrongWay(Refusal):
    code = "one_stop.wrong_way"
    message_vi = "Vui lòng chọn cách nhận kết quả trong danh mục."
    field = "way"


class ResultLeft(Conflict):
    """The result is with the post, or was handed out."""

    code = "one_stop.result_left"
    message_vi = "Kết quả đã rời cơ quan, không đổi được cách nhận."


class ResultNotForFiler(Denied):
    """The authorisation has ended, or did not reach to the result."""

    code = "one_stop.result_not_for_filer"
    message_vi = "Ủy quyền không còn hoặc không gồm việc nhận kết quả."


class GoesByPost(Conflict):
    code = "one_stop.goes_by_post"
    message_vi = "Kết quả trả qua bưu chính được ghi nhận tại danh sách giao bưu chính."
    field = "way"


class DecidedMeanwhile(StateConflict):
    """Another leader was first."""

    code = "one_stop.decided_meanwhile"
    message_vi = "Hồ sơ đã được {name} phê duyệt lúc {moment}."


class UnknownUnit(Refusal):
    code = "one_stop.unknown_unit"
    message_vi = "Không tìm thấy đơn vị đã chọn."
    field = "unit"


# Which kind of office resolves the procedures of which level of authority.
RESOLVED_BY = {"xa": "ubnd_xa", "tinh": "so"}


class WrongOffice(Refusal):
    """The office has no power over this procedure."""

    code = "one_stop.wrong_office"
    message_vi = "{unit} không có thẩm quyền giải quyết thủ tục này."
    field = "noi"


class UnknownPerson(Refusal):
    code = "one_stop.unknown_person"
    message_vi = "Không tìm thấy người đã chọn."
    field = "to_user_id"


class NoSuchSlip(Refusal):
    code = "one_stop.no_such_slip"
    message_vi = "Hồ sơ chưa có phiếu mẫu số {form}."
    status = 404


class NoAmount(Refusal):
    code = "one_stop.no_amount"
    message_vi = "Vui lòng nhập số tiền phải nộp."
    field = "amount"


class NoReceipt(Refusal):
    code = "one_stop.no_receipt"
    message_vi = "Vui lòng nhập số biên lai."
    field = "receipt_no"


class NotYet(Refusal):
    """A timer that is not due."""

    code = "one_stop.not_yet"
    message_vi = "Chưa đến thời điểm thực hiện việc này."
    status = 409


# No extension reaches further: a slip of the hand in the year is caught here.
LONGEST_EXTENSION = timedelta(days=366)


class WrongDate(Refusal):
    code = "one_stop.wrong_date"
    message_vi = "Ngày hẹn mới phải là ngày làm việc, sau hôm nay và không quá một năm."
    field = "new_due"


@dataclass(frozen=True, slots=True)
class Balance:
    """The rule of every report: what came must be where something went, or the report is not shown."""

    received: int
    carried_over: int
    transferred_in: int
    resolved: int
    refused: int
    stopped: int
    withdrawn: int
    transferred_out: int
    pending: int

    @property
    def came(self) -> int:
        return self.received + self.carried_over + self.transferred_in

    @property
    def went(self) -> int:
        return (self.resolved + self.refused + self.stopped + self.withdrawn + self.transferred_out) + self.pending

    @property
    def holds(self) -> bool:
        return self.came == self.went


def on_time_share(*, early: int, on_time: int, late: int) -> float | None:
    """(early + on time) / resolved; None where nothing was resolved, shown as a dash."""
    resolved = early + on_time + late
    return (early + on_time) / resolved if resolved else None


# -- the generic path: a result that the case officer words and the leader signs

GENERIC = "one_stop.generic"  # the handler's code
DECISION_SERIES = "one_stop.decision"
DECISION_OUTCOME = "one_stop.decision"
DECISION_TEMPLATE = "one_stop_shop.decision"
LONGEST_TITLE, LONGEST_DECISION = 300, 20_000


class GenericPermission(StrEnum):
    """Who handles a procedure that no module handles."""

    PREPARE = "one_stop.generic.prepare"
    REVIEW = "one_stop.generic.review"
    SIGN = "one_stop.generic.sign"


class DecisionKind(StrEnum):
    """What the paper says to the request."""

    GRANTED = "granted"
    REFUSED = "refused"


DECISION_TITLES: dict[DecisionKind, str] = {
    DecisionKind.GRANTED: "Chấp thuận yêu cầu",
    DecisionKind.REFUSED: "Không chấp thuận, nêu lý do",
}


class DecisionState(StrEnum):
    """Where the paper stands."""

    DRAFT = "draft"
    PENDING = "pending"
    FAILED = "failed"
    SIGNED = "signed"
    VOID = "void"


DECISION_STATES: dict[DecisionState, str] = {
    DecisionState.DRAFT: "Dự thảo",
    DecisionState.PENDING: "Chờ ký số",
    DecisionState.FAILED: "Ký số không thành công",
    DecisionState.SIGNED: "Đã ký",
    DecisionState.VOID: "Đã hủy số",
}
# A paper moves along these edges alone.
DECISION_EDGES = frozenset({
    (DecisionState.DRAFT, DecisionState.PENDING), (DecisionState.PENDING, DecisionState.SIGNED),
    (DecisionState.PENDING, DecisionState.FAILED), (DecisionState.FAILED, DecisionState.PENDING),
    (DecisionState.FAILED, DecisionState.VOID),
})


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a typed text: parted by empty lines, none of them empty."""
    parts = "\n".join(line.strip() for line in text.splitlines()).split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def lines_of(text: str) -> list[str]:
    """The lines of a typed list, none of them empty."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class NoDraft(Refusal):
    """Nobody has worded the result yet."""

    code = "one_stop.no_draft"
    message_vi = "Chưa soạn văn bản kết quả giải quyết."


class EmptyDecision(Refusal):
    code = "one_stop.empty_decision"
    message_vi = "Vui lòng ghi tên và nội dung văn bản."
    field = "paragraphs"


class WrongDecisionState(Conflict):
    """The paper is not where this may be done to it."""

    code = "one_stop.wrong_decision_state"
    message_vi = "Văn bản đang ở trạng thái “{state}”, không thực hiện được việc này."


class UnknownDecision(NotFound):
    code = "one_stop.unknown_decision"
    message_vi = "Không tìm thấy văn bản."


class VoidReasonRequired(Refusal):
    code = "one_stop.void_reason_required"
    message_vi = "Vui lòng nêu lý do hủy số."
    field = "reason"


# -- hand-over lists (phiếu bàn giao): papers go from the desk to whoever handles them, results come back

HAND_OVER_SERIES = "one_stop.hand_over"
HAND_OVER_TEMPLATE = "one_stop_shop.hand_over"
MOST_HANDED_OVER = 200


class Way(StrEnum):
    """Where the papers of a list go."""

    TO_OFFICE = "to_office"
    TO_DESK = "to_desk"


WAY_TITLES: dict[Way, str] = {
    Way.TO_OFFICE: "Bàn giao hồ sơ đã tiếp nhận",
    Way.TO_DESK: "Bàn giao kết quả giải quyết",
}


class Taken(StrEnum):
    """What became of one line of a list."""

    WAITING = "waiting"
    TAKEN = "taken"
    LEFT = "left"


TAKEN_TITLES: dict[Taken, str] = {
    Taken.WAITING: "Chờ nhận",
    Taken.TAKEN: "Đã nhận",
    Taken.LEFT: "Không nhận",
}


def hand_over_by(*, at: datetime, working: WorkingCalendar, cutoff_hour: int, morning_hours: int) -> datetime:
    """Until when what came at this instant must be handed over: the closing of the same working day.

    What came at the cutoff or later, or on a day off: the first hours of the next working day.
    """
    day = localdate(at)
    if working.is_working_day(day) and localtime(at).hour < cutoff_hour:
        return working.closing(day)
    following = working.add_working_days(day, 1)
    (opens, _), _ = working.hours_on(following).spans(following)
    return opens + timedelta(hours=morning_hours)


class NothingToHandOver(Refusal):
    code = "one_stop.nothing_to_hand_over"
    message_vi = "Vui lòng chọn ít nhất một hồ sơ chờ bàn giao."
    field = "hs"


class HandedOverAlready(Conflict):
    """Somebody put it on a list meanwhile."""

    code = "one_stop.handed_over_already"
    message_vi = "Hồ sơ {codes} đã có trong phiếu bàn giao khác. Vui lòng tải lại trang."


class UnknownHandOver(NotFound):
    code = "one_stop.unknown_hand_over"
    message_vi = "Không tìm thấy phiếu bàn giao."


class HandOverSettled(Conflict):
    """It was taken over, or cancelled, before."""

    code = "one_stop.hand_over_settled"
    message_vi = "Phiếu bàn giao số {number} {what}."


class OwnHandOver(Denied):
    """Two people sign a hand-over."""

    code = "one_stop.own_hand_over"
    message_vi = "Người lập phiếu không tự ký nhận phiếu bàn giao của mình."


class NotTheReceiver(Denied):
    code = "one_stop.not_the_receiver"
    message_vi = "Phiếu này bàn giao cho {name}. Ông/bà không có quyền ký nhận."


class NotTheMaker(Denied):
    code = "one_stop.not_the_maker"
    message_vi = "Chỉ người lập phiếu được hủy phiếu bàn giao."


class ReasonForEach(Refusal):
    """Whoever leaves a dossier says why."""

    code = "one_stop.reason_for_each"
    message_vi = "Vui lòng nêu lý do không nhận hồ sơ {codes}."
