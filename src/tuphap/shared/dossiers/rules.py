"""The law of a dossier's life as data: states, overlays, actions, levels, the one table of edges. No Django."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from tuphap.kernel.refusal import Conflict, Denied, NotFound, Refusal


class State(StrEnum):
    """The step a dossier stands at."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_SUPPLEMENT = "needs_supplement"
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROCESS = "in_process"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_SIGNATURE = "awaiting_signature"
    RESULT_READY = "result_ready"
    RETURNED = "returned"
    CLOSED = "closed"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


STATE_TITLES: dict[State, str] = {
    State.DRAFT: "Đang soạn",
    State.SUBMITTED: "Chờ tiếp nhận",
    State.NEEDS_SUPPLEMENT: "Chờ bổ sung trước tiếp nhận",
    State.RECEIVED: "Đã tiếp nhận",
    State.ASSIGNED: "Đã phân công",
    State.IN_PROCESS: "Đang giải quyết",
    State.AWAITING_APPROVAL: "Chờ phê duyệt",
    State.AWAITING_SIGNATURE: "Chờ ký số",
    State.RESULT_READY: "Đã có kết quả",
    State.RETURNED: "Đã trả kết quả",
    State.CLOSED: "Đã kết thúc",
    State.REFUSED: "Bị từ chối",
    State.STOPPED: "Dừng giải quyết",
    State.WITHDRAWN: "Đã rút hồ sơ",
}

TERMINAL = frozenset({State.CLOSED, State.REFUSED, State.STOPPED, State.WITHDRAWN})
# Steps between receipt and result: the office owes an answer.
IN_HAND = frozenset({State.RECEIVED, State.ASSIGNED, State.IN_PROCESS, State.AWAITING_APPROVAL,
                     State.AWAITING_SIGNATURE})
# Sent in by the applicant and not yet answered for good: what a second filing would double.
OPEN = IN_HAND | {State.SUBMITTED, State.NEEDS_SUPPLEMENT}


class Overlay(StrEnum):
    """What lies over a step without moving it. ``EXTENDED`` may lie together with one of the others."""

    NONE = ""
    PAUSED_APPLICANT = "paused_applicant"
    PAUSED_FEE = "paused_fee"
    WAITING_OTHER_AGENCY = "waiting_other_agency"
    EXTENDED = "extended"
    AT_POST = "at_post"


OVERLAY_TITLES: dict[Overlay, str] = {
    Overlay.NONE: "",
    Overlay.PAUSED_APPLICANT: "Tạm dừng chờ bổ sung",
    Overlay.PAUSED_FEE: "Tạm dừng chờ nộp phí, lệ phí",
    Overlay.WAITING_OTHER_AGENCY: "Chờ cơ quan khác trả lời",
    Overlay.EXTENDED: "Đã gia hạn",
    Overlay.AT_POST: "Đang chuyển qua bưu chính",
}
PAUSES = frozenset({Overlay.PAUSED_APPLICANT, Overlay.PAUSED_FEE})


class Action(StrEnum):
    """What moves a dossier; each names one kind of entry of its log."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    ASK_SUPPLEMENT = "ask_supplement"
    ANSWER_SUPPLEMENT = "answer_supplement"
    REFUSE = "refuse"
    ASSIGN = "assign"
    BEGIN = "begin"
    PROPOSE = "propose"
    REVIEW = "review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    SIGNED = "signed"
    SIGNING_FAILED = "signing_failed"
    RETURN = "return"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    STOP = "stop"
    PAUSE_FEE = "pause_fee"
    ASK_AGENCY = "ask_agency"
    RESUME = "resume"
    EXTEND = "extend"
    TRANSFER = "transfer"
    RECOMPUTE = "recompute"
    HAND_TO_POST = "hand_to_post"
    POST_RETURNED = "post_returned"


ACTION_TITLES: dict[Action, str] = {
    Action.SUBMIT: "Nộp hồ sơ",
    Action.RECEIVE: "Tiếp nhận",
    Action.ASK_SUPPLEMENT: "Yêu cầu bổ sung",
    Action.ANSWER_SUPPLEMENT: "Nộp bổ sung",
    Action.REFUSE: "Từ chối",
    Action.ASSIGN: "Phân công",
    Action.BEGIN: "Bắt đầu giải quyết",
    Action.PROPOSE: "Trình lãnh đạo",
    Action.REVIEW: "Đồng ý trình ký",
    Action.SEND_BACK: "Trả lại",
    Action.APPROVE: "Phê duyệt và ký",
    Action.SIGNED: "Ký số, phát hành kết quả",
    Action.SIGNING_FAILED: "Ký số không thành công",
    Action.RETURN: "Trả kết quả",
    Action.CLOSE: "Kết thúc hồ sơ",
    Action.WITHDRAW: "Rút hồ sơ",
    Action.STOP: "Dừng giải quyết",
    Action.PAUSE_FEE: "Tạm dừng chờ nộp phí, lệ phí",
    Action.ASK_AGENCY: "Lấy ý kiến cơ quan khác",
    Action.RESUME: "Tiếp tục giải quyết",
    Action.EXTEND: "Xin lỗi và gia hạn",
    Action.TRANSFER: "Chuyển cơ quan giải quyết",
    Action.RECOMPUTE: "Tính lại thời hạn theo lịch làm việc mới",
    Action.HAND_TO_POST: "Giao bưu chính",
    Action.POST_RETURNED: "Bưu chính chuyển hoàn",
}


class Level(IntEnum):
    """Who may take an edge: the four levels of handlers, and beside them the applicant and the platform."""

    APPLICANT = 0
    RECEIVER = 1
    CASE_OFFICER = 2
    HEAD = 3
    LEADER = 4
    HANDER = 5
    ASSIGNER = 6
    SYSTEM = 9


LEVEL_TITLES: dict[Level, str] = {
    Level.APPLICANT: "Người nộp hồ sơ",
    Level.RECEIVER: "Cán bộ tiếp nhận",
    Level.CASE_OFFICER: "Công chức thụ lý",
    Level.HEAD: "Lãnh đạo phòng",
    Level.LEADER: "Lãnh đạo cơ quan",
    Level.HANDER: "Cán bộ trả kết quả",
    Level.ASSIGNER: "Người phân công",
    Level.SYSTEM: "Hệ thống",
}


class Clock(StrEnum):
    """What an edge does to the time limit."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    CONTINUE = "continue"  # ends a pause by the procedure's restart rule
    EXTEND = "extend"
    RECOMPUTE = "recompute"  # the working calendar has changed
    STOP = "stop"


class Guard(StrEnum):
    """A condition of an edge; each has one function and one typed refusal."""

    COMPLETE = "complete"  # mandatory components present, or looked up in a database
    ANSWERS_VALID = "answers_valid"
    FEE_SETTLED = "fee_settled"
    IN_FORCE = "in_force"
    UNIT_OPEN = "unit_open"
    NO_DUPLICATE = "no_duplicate"  # overridable with a reason
    ADDRESSED = "addressed"  # where the result is to go by post, its address is known
    BY_POST = "by_post"  # the applicant wants the result by post
    REASONS = "reasons"  # item by item
    REASON = "reason"
    REASON_CODE = "reason_code"
    FIRST_SUPPLEMENT = "first_supplement"  # once after receipt
    NOT_EXTENDED = "not_extended"
    BEFORE_DUE = "before_due"
    LATER_DUE = "later_due"
    TO_PERSON = "to_person"
    TO_UNIT = "to_unit"
    NOT_PREPARER = "not_preparer"
    REVIEWED = "reviewed"
    ORIGINALS = "originals"  # what the law wants signed by hand is scanned and verified


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the table: from ``source`` under one of ``under``, ``action`` by one of ``by`` leads to ``to``."""

    source: State
    action: Action
    by: tuple[Level, ...]
    guards: tuple[Guard, ...]
    to: State
    clock: Clock = Clock.NONE
    form: str = ""  # number of the form of TT 03/2025/TT-VPCP that the edge issues
    under: tuple[Overlay, ...] = (Overlay.NONE,)
    leaves: Overlay | None = None  # the overlay afterwards; None keeps the one there


S, A, L, G, C, V = State, Action, Level, Guard, Clock, Overlay
_ANY = (V.NONE, V.PAUSED_APPLICANT, V.PAUSED_FEE, V.WAITING_OTHER_AGENCY)
_RUNS = (V.NONE, V.WAITING_OTHER_AGENCY)
_OPEN_STEPS = (S.RECEIVED, S.ASSIGNED, S.IN_PROCESS)  # in hand and not yet proposed
_FILER = (L.APPLICANT, L.RECEIVER)
_DESK = (L.RECEIVER,)
_OFFICE = (L.RECEIVER, L.CASE_OFFICER)
_OFFICER = (L.CASE_OFFICER,)
_WHOLE = (G.ANSWERS_VALID, G.COMPLETE)
_FILING = (G.IN_FORCE, G.UNIT_OPEN, *_WHOLE, G.ADDRESSED)
_RECEIPT = (*_FILING, G.FEE_SETTLED, G.NO_DUPLICATE)
_TURN_AWAY = (G.REASON_CODE, G.REASON)


def _each(steps: tuple[State, ...], action: Action, by: tuple[Level, ...], guards: tuple[Guard, ...] = (),
          to: State | None = None, *rest: Any, **more: Any) -> tuple[Edge, ...]:
    """The same edge from several steps; without ``to`` it keeps the step it came from."""
    return tuple(Edge(step, action, by, guards, to or step, *rest, **more) for step in steps)


# fmt: off
EDGES: tuple[Edge, ...] = (
    # from, action, by, guards, to, clock, form; then: under which overlays, which overlay it leaves
    #
    # -- the applicant fills in and sends
    # (the platform: what was submitted at the national portal)
    Edge(S.DRAFT, A.SUBMIT, (*_FILER, L.SYSTEM), _FILING, S.SUBMITTED),
    Edge(S.DRAFT, A.WITHDRAW, _FILER, (), S.WITHDRAWN),
    # -- the desk answers what was sent: no clock runs yet
    Edge(S.SUBMITTED, A.RECEIVE, _DESK, _RECEIPT, S.RECEIVED, C.START, "01"),
    Edge(S.SUBMITTED, A.ASK_SUPPLEMENT, _DESK, (G.REASONS,), S.NEEDS_SUPPLEMENT, C.NONE, "02"),
    Edge(S.SUBMITTED, A.REFUSE, _DESK, _TURN_AWAY, S.REFUSED, C.NONE, "03"),
    Edge(S.SUBMITTED, A.WITHDRAW, _FILER, (), S.WITHDRAWN),
    Edge(S.NEEDS_SUPPLEMENT, A.ANSWER_SUPPLEMENT, _FILER, _WHOLE, S.SUBMITTED),
    Edge(S.NEEDS_SUPPLEMENT, A.REFUSE, _DESK, _TURN_AWAY, S.REFUSED, C.NONE, "03"),
    Edge(S.NEEDS_SUPPLEMENT, A.STOP, (L.RECEIVER, L.SYSTEM), (G.REASON,), S.STOPPED, C.NONE, "05"),
    Edge(S.NEEDS_SUPPLEMENT, A.WITHDRAW, _FILER, (), S.WITHDRAWN),
    # -- the main road
    *_each(_OPEN_STEPS, A.ASSIGN, (L.ASSIGNER,), (G.TO_PERSON,), S.ASSIGNED, C.NONE, "06", under=_ANY),
    Edge(S.ASSIGNED, A.BEGIN, _OFFICER, (), S.IN_PROCESS, C.NONE, "06"),
    Edge(S.IN_PROCESS, A.PROPOSE, _OFFICER, (), S.AWAITING_APPROVAL, C.NONE, "06"),
    Edge(S.AWAITING_APPROVAL, A.REVIEW, (L.HEAD,), (G.NOT_PREPARER,), S.AWAITING_APPROVAL, C.NONE, "06"),
    Edge(S.AWAITING_APPROVAL, A.SEND_BACK, (L.HEAD, L.LEADER), (G.REASON,), S.IN_PROCESS, C.NONE, "06"),
    Edge(S.AWAITING_APPROVAL, A.APPROVE, (L.LEADER,), (G.NOT_PREPARER, G.REVIEWED), S.AWAITING_SIGNATURE, C.NONE, "06"),
    Edge(S.AWAITING_SIGNATURE, A.SIGNED, (L.SYSTEM, L.LEADER), (), S.RESULT_READY, C.STOP, "06"),
    Edge(S.AWAITING_SIGNATURE, A.SIGNING_FAILED, (L.SYSTEM,), (G.REASON,), S.AWAITING_APPROVAL, C.NONE, "06"),
    Edge(S.RESULT_READY, A.RETURN, (L.HANDER, L.SYSTEM), (G.ORIGINALS,), S.RETURNED, C.NONE, "06"),
    Edge(S.RESULT_READY, A.HAND_TO_POST, (L.HANDER,), (G.BY_POST, G.ADDRESSED, G.ORIGINALS), S.RESULT_READY,
         leaves=V.AT_POST),
    Edge(S.RESULT_READY, A.POST_RETURNED, (L.HANDER,), (G.REASON,), S.RESULT_READY, under=(V.AT_POST,), leaves=V.NONE),
    Edge(S.RESULT_READY, A.RETURN, (L.HANDER,), (), S.RETURNED, C.NONE, "06", (V.AT_POST,), V.NONE),
    Edge(S.RETURNED, A.CLOSE, (L.HANDER, L.SYSTEM), (G.ORIGINALS,), S.CLOSED),
    # -- the side roads out of the steps in hand
    *_each(_OPEN_STEPS, A.REFUSE, _OFFICE, _TURN_AWAY, S.REFUSED, C.STOP, "03"),
    Edge(S.AWAITING_APPROVAL, A.REFUSE, (L.LEADER,), (*_TURN_AWAY, G.NOT_PREPARER), S.REFUSED, C.STOP, "03"),
    *_each(_OPEN_STEPS, A.STOP, (*_OFFICE, L.LEADER, L.SYSTEM), (G.REASON,), S.STOPPED, C.STOP, "05", _ANY, V.NONE),
    *_each(_OPEN_STEPS, A.WITHDRAW, _FILER, (), S.WITHDRAWN, C.STOP, "", _ANY, V.NONE),
    # -- what lies over a step and keeps it
    *_each(_OPEN_STEPS, A.ASK_SUPPLEMENT, _OFFICE, (G.REASONS, G.FIRST_SUPPLEMENT), None, C.PAUSE, "02",
           leaves=V.PAUSED_APPLICANT),
    *_each(_OPEN_STEPS, A.ANSWER_SUPPLEMENT, _FILER, _WHOLE, None, C.CONTINUE, "", (V.PAUSED_APPLICANT,), V.NONE),
    *_each(_OPEN_STEPS, A.PAUSE_FEE, _OFFICE, (G.REASON,), None, C.PAUSE, leaves=V.PAUSED_FEE),
    *_each(_OPEN_STEPS, A.RESUME, (*_OFFICE, L.SYSTEM), (G.FEE_SETTLED,), None, C.CONTINUE, "", (V.PAUSED_FEE,),
           V.NONE),
    *_each((S.ASSIGNED, S.IN_PROCESS), A.ASK_AGENCY, _OFFICER, (G.REASON,), None, leaves=V.WAITING_OTHER_AGENCY),
    *_each(_OPEN_STEPS, A.RESUME, (L.CASE_OFFICER, L.SYSTEM), (), None, C.NONE, "", (V.WAITING_OTHER_AGENCY,), V.NONE),
    *_each((*_OPEN_STEPS, S.AWAITING_APPROVAL), A.EXTEND, (L.CASE_OFFICER, L.LEADER),
           (G.REASON, G.NOT_EXTENDED, G.BEFORE_DUE, G.LATER_DUE), None, C.EXTEND, "04", _RUNS),
    *_each((*_OPEN_STEPS, S.AWAITING_APPROVAL, S.AWAITING_SIGNATURE), A.RECOMPUTE, (L.SYSTEM,), (G.REASON,), None,
           C.RECOMPUTE, under=_ANY),
    # -- power over the matter moves to another unit: code, receipt and due date stay, a new officer is to be named
    *_each((S.SUBMITTED, S.NEEDS_SUPPLEMENT), A.TRANSFER, (L.RECEIVER, L.SYSTEM), (G.TO_UNIT, G.REASON)),
    *_each((*_OPEN_STEPS, S.AWAITING_APPROVAL), A.TRANSFER, (L.RECEIVER, L.LEADER, L.SYSTEM), (G.TO_UNIT, G.REASON),
           S.RECEIVED, C.NONE, "06", _ANY),
)
# fmt: on
_BY_STEP: dict[tuple[State, Action], tuple[Edge, ...]] = {}
for _edge in EDGES:
    _BY_STEP[_edge.source, _edge.action] = (*_BY_STEP.get((_edge.source, _edge.action), ()), _edge)

# Actions shown in red, asked for again before they are done.
DANGEROUS = frozenset({A.REFUSE, A.STOP, A.WITHDRAW, A.TRANSFER})
# The platform's own; no page offers them.
AUTOMATIC = frozenset({A.SIGNED, A.SIGNING_FAILED, A.RECOMPUTE})


def edges_from(state: State, overlay: Overlay) -> tuple[Edge, ...]:
    """Every edge that may be taken from this step under this overlay, whoever asks."""
    return tuple(e for e in EDGES if e.source is state and overlay in e.under)


def find_edge(state: State, overlay: Overlay, action: Action) -> Edge:
    """The edge of ``action`` from this step.

    :raises StateConflict: there is none; it names where the dossier stands.
    """
    for edge in _BY_STEP.get((state, action), ()):
        if overlay in edge.under:
            return edge
    raise StateConflict(state=_standing(state, overlay), action=ACTION_TITLES[action], current=str(state))


def _standing(state: State, overlay: Overlay) -> str:
    return f"{STATE_TITLES[state]} ({OVERLAY_TITLES[overlay].lower()})" if overlay else STATE_TITLES[state]


class Before(StrEnum):
    """Until when the scan of a paper signed by hand must be there."""

    RETURN = "return"
    CLOSE = "close"


BEFORE_TITLES: dict[Before, str] = {
    Before.RETURN: "trước khi trả kết quả",
    Before.CLOSE: "trước khi kết thúc hồ sơ",
}


def wanted_by(action: Action, before: str) -> bool:
    """Whether this action waits for a scan that is wanted ``before``: whoever closes needs also what a return needs."""
    return before == Before.RETURN or action is Action.CLOSE


def needs_reason(edge: Edge) -> bool:
    return bool({Guard.REASON, Guard.REASONS} & set(edge.guards))


FEWEST_STARS, MOST_STARS = 1, 5
STAR_TITLES: dict[int, str] = {
    5: "Rất hài lòng", 4: "Hài lòng", 3: "Bình thường", 2: "Không hài lòng", 1: "Rất không hài lòng",
}


def last_day_of_rating(*, returned_on: date, days: int) -> date:
    """Until when, this day included, the applicant may say what they thought: whole days after the return."""
    return returned_on + timedelta(days=days)


# -- refusals


class NotRateable(Refusal):
    """The result was not handed out: there is nothing to judge yet."""

    code = "dossiers.not_rateable"
    message_vi = "Chỉ đánh giá được hồ sơ đã trả kết quả."
    status = 409


class RatingClosed(Refusal):
    code = "dossiers.rating_closed"
    message_vi = "Thời hạn đánh giá hồ sơ này đã hết ngày {last}."
    status = 409


class RatedBefore(Conflict):
    code = "dossiers.rated_before"
    message_vi = "Hồ sơ này đã được đánh giá."


class WrongStars(Refusal):
    code = "dossiers.wrong_stars"
    message_vi = "Vui lòng chọn mức độ hài lòng từ 1 đến 5."
    field = "stars"


class NotTheApplicant(Denied):
    """Only who applied says how they were served."""

    code = "dossiers.not_the_applicant"
    message_vi = "Chỉ người nộp hồ sơ được đánh giá."


class StateConflict(Conflict):
    """The dossier is not at a step from which this may be done, or somebody was first."""

    code = "dossiers.state_conflict"
    message_vi = "Hồ sơ đang ở bước “{state}”, không thực hiện được việc “{action}”. Vui lòng tải lại trang."


class VersionConflict(Conflict):
    """The page was drawn from an older version of the dossier."""

    code = "dossiers.version_conflict"
    message_vi = "Hồ sơ đã được người khác cập nhật (đang ở bước “{state}”). Vui lòng tải lại trang."


class UnknownDossier(NotFound):
    code = "dossiers.unknown"
    message_vi = "Không tìm thấy hồ sơ."


class UnknownProcedure(NotFound):
    code = "dossiers.unknown_procedure"
    message_vi = "Không tìm thấy thủ tục hành chính “{code}”."


class ProcedureNotInForce(Refusal):
    """No version of the procedure is in force on the day."""

    code = "dossiers.procedure_not_in_force"
    message_vi = "Thủ tục “{name}” không còn hiệu lực hoặc chưa có hiệu lực vào ngày {day}."


class LawChanged(Refusal):
    """A new version came into force before receipt, and asks what the declaration does not say yet."""

    code = "dossiers.law_changed"
    message_vi = "Thủ tục “{name}” có quy định mới từ ngày {day}. Vui lòng xem lại tờ khai: {pages}."


class NotHandledOnline(Refusal):
    """The procedure is in the catalogue, but no module handles it yet."""

    code = "dossiers.not_handled_online"
    message_vi = "Thủ tục “{name}” hiện được nộp trực tiếp tại Bộ phận Một cửa, chưa nộp trực tuyến."


class UnitClosed(Refusal):
    """The office no longer existed on the day; its successor is named."""

    code = "dossiers.unit_closed"
    message_vi = "{unit} không còn hoạt động. Vui lòng chọn đơn vị kế thừa: {successor}."


class MissingComponent(Refusal):
    """A mandatory paper is neither handed in nor looked up in a database."""

    code = "dossiers.missing_component"
    message_vi = "Thành phần hồ sơ còn thiếu: {names}."


class UnknownComponent(Refusal):
    code = "dossiers.unknown_component"
    message_vi = "Thủ tục này không có thành phần hồ sơ “{component}”."


class UnknownPage(Refusal):
    code = "dossiers.unknown_page"
    message_vi = "Tờ khai không có trang “{page}”."


class FeeUnpaid(Refusal):
    code = "dossiers.fee_unpaid"
    message_vi = "Chưa nộp phí, lệ phí {amount} đồng."


class ReasonRequired(Refusal):
    code = "dossiers.reason_required"
    message_vi = "Vui lòng nêu lý do."
    field = "reason"


class UnknownReason(Refusal):
    code = "dossiers.unknown_reason"
    message_vi = "Vui lòng chọn lý do trong danh mục."
    field = "reason_code"


class SupplementUsed(Refusal):
    """After receipt a supplement may be asked for once."""

    code = "dossiers.supplement_used"
    message_vi = "Sau khi tiếp nhận chỉ được yêu cầu bổ sung {allowed} lần."


class ExtensionUsed(Refusal):
    code = "dossiers.extension_used"
    message_vi = "Hồ sơ đã được gia hạn một lần, không được gia hạn thêm."


class ExtensionTooLate(Refusal):
    code = "dossiers.extension_too_late"
    message_vi = "Hồ sơ đã quá hạn, không còn được gia hạn."


class DueNotLater(Refusal):
    code = "dossiers.due_not_later"
    message_vi = "Thời hạn mới phải sau thời hạn cũ ({due})."
    field = "new_due"


class NotAssigned(Denied):
    """The actor holds the permission, but the dossier was assigned to another."""

    code = "dossiers.not_assigned"
    message_vi = "Hồ sơ này không được phân công cho ông/bà."


class SignerIsPreparer(Denied):
    """Who prepared a dossier may not decide on it."""

    code = "dossiers.signer_is_preparer"
    message_vi = "Người thụ lý hồ sơ không được phê duyệt hồ sơ của chính mình."


class NotReviewed(Refusal):
    code = "dossiers.not_reviewed"
    message_vi = "Hồ sơ chưa được lãnh đạo phòng đồng ý trình ký."


class OriginalMissing(Refusal):
    """The law wants a paper signed by hand; its scan is missing, or nobody has verified it."""

    code = "dossiers.original_missing"
    message_vi = "Chưa có bản quét đã ký và đã kiểm tra: {names}."


class UnknownOriginal(NotFound):
    code = "dossiers.unknown_original"
    message_vi = "Thủ tục này không yêu cầu bản ký tay đó."


class UnknownScan(NotFound):
    code = "dossiers.unknown_scan"
    message_vi = "Không tìm thấy bản quét."


class ScanTwice(Conflict):
    """A living scan of the same paper is there already."""

    code = "dossiers.scan_twice"
    message_vi = "Hồ sơ đã có bản quét của giấy tờ này. Trả lại bản đó trước khi đính kèm bản khác."


class ScanSettled(Conflict):
    code = "dossiers.scan_settled"
    message_vi = "Bản quét này đã được kiểm tra hoặc đã bị trả lại."


class OwnScan(Denied):
    """Whoever attached a scan is not the one who verifies it."""

    code = "dossiers.own_scan"
    message_vi = "Người đính kèm không tự kiểm tra bản quét của mình."


class AssigneeRequired(Refusal):
    code = "dossiers.assignee_required"
    message_vi = "Vui lòng chọn công chức thụ lý."
    field = "to_user_id"


class AssigneeMayNot(Refusal):
    """The person named may not prepare this procedure in the unit that resolves it."""

    code = "dossiers.assignee_may_not"
    message_vi = "{name} chưa được giao quyền thụ lý thủ tục này tại đơn vị."
    field = "to_user_id"


class UnitRequired(Refusal):
    code = "dossiers.unit_required"
    message_vi = "Vui lòng chọn đơn vị tiếp nhận thẩm quyền, khác đơn vị hiện tại."
    field = "to_unit_id"


class NoPostalAddress(Refusal):
    """The result is to go by post, and nobody has said where to."""

    code = "dossiers.no_postal_address"
    message_vi = "Nhập người nhận và địa chỉ nhận kết quả qua bưu chính: số nhà, đường, thôn và xã, phường."
    field = "post_to.address"


class NotByPost(Refusal):
    code = "dossiers.not_by_post"
    message_vi = "Người nộp không đăng ký nhận kết quả qua bưu chính."
    field = "way"


class DuplicateOpen(Conflict):
    """The same applicant has the same procedure open; the officer may go on with a reason."""

    code = "dossiers.duplicate_open"
    message_vi = "Người nộp đang có hồ sơ cùng thủ tục chưa giải quyết xong ({codes}). Nêu lý do nếu vẫn tiếp nhận."


class UnresolvedErrors(Refusal):
    """The checks found an error, or a warning that nobody has answered for."""

    code = "dossiers.unresolved_findings"
    message_vi = "Còn điểm kiểm tra chưa được xử lý: {names}."


class BadCode(Refusal):
    code = "dossiers.bad_code"
    message_vi = "Mã hồ sơ không đúng định dạng."
    field = "code"


# -- codes

PROVISIONAL_CODE = "tam."  # begins the key of a procedure whose national code is not known yet

_PRESENT = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,3}){0,4}-(\d{6})-\d{4,6}$")
_LEGACY = re.compile(r"^\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2}-(\d{6})-\d{4,6}$")


def compose_code(*, agency: str, day: date, number: int) -> str:
    """The code of a dossier: agency, day of receipt, number of the day with at least four digits."""
    return f"{agency}-{day:%y%m%d}-{number:04d}"


def check_code(text: str) -> str:
    """A dossier code as written today or before 2021 (agency read from right to left), trimmed and in capitals.

    :raises BadCode: neither form, or its date is no day of the calendar.
    """
    code = text.strip().upper()
    match = _PRESENT.match(code) or _LEGACY.match(code)
    if match is None:
        raise BadCode()
    try:
        datetime.strptime(match[1], "%y%m%d")  # noqa: DTZ007
    except ValueError:
        raise BadCode() from None
    return code


def listed(reasons: Iterable[str]) -> tuple[str, ...]:
    """Reasons as they are kept: trimmed, none empty."""
    return tuple(r for r in (" ".join(text.split()) for text in reasons) if r)


# Reasons for turning an applicant away; more may be added as law demands, none taken out.
REFUSAL_REASONS: dict[str, str] = {
    "khong_thuoc_tham_quyen": "Không thuộc thẩm quyền giải quyết của cơ quan tiếp nhận",
    "khong_du_dieu_kien": "Không đủ điều kiện theo quy định của pháp luật",
    "giay_to_khong_hop_le": "Giấy tờ không hợp lệ hoặc có dấu hiệu giả mạo",
    "da_giai_quyet": "Yêu cầu đã được giải quyết trước đó",
    "khong_bo_sung": "Không bổ sung, hoàn thiện hồ sơ theo yêu cầu",
    "ly_do_khac": "Lý do khác",
}

