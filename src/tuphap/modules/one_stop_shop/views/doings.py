"""Each action of the edge table as the page does it: its form, its operation, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tuphap.shared.dossiers.api import Action, Dossier, Overlay

from .. import forms, operations
from ..post import operations as post


@dataclass(frozen=True, slots=True)
class Doing:
    """``said``: shown after it was done. ``icon``: on its button. ``asks``: asked again before it is done."""

    form: type[forms.ActionForm]
    call: Callable[..., Any]
    said: str
    icon: str = "check"
    asks: str = ""


DOINGS: dict[Action, Doing] = {
    Action.SUBMIT: Doing(forms.PlainForm, operations.submit, "Đã nộp hồ sơ.", "send"),
    Action.RECEIVE: Doing(forms.ReceiveForm, operations.receive, "Đã tiếp nhận hồ sơ.", "inbox"),
    Action.ASK_SUPPLEMENT: Doing(
        forms.SupplementForm, operations.ask_supplement, "Đã gửi yêu cầu bổ sung cho người nộp.", "undo"
    ),
    Action.ANSWER_SUPPLEMENT: Doing(
        forms.OptionalNoteForm, operations.answer_supplement, "Đã ghi nhận hồ sơ được bổ sung.", "attach"
    ),
    Action.REFUSE: Doing(forms.RefuseForm, operations.refuse, "Đã từ chối hồ sơ.", "stop", "Từ chối hồ sơ này?"),
    Action.ASSIGN: Doing(forms.AssignForm, operations.assign, "Đã phân công.", "user"),
    Action.BEGIN: Doing(forms.PlainForm, operations.begin, "Đã bắt đầu giải quyết.", "pen"),
    Action.PROPOSE: Doing(forms.ProposeForm, operations.propose, "Đã trình lãnh đạo.", "send"),
    Action.REVIEW: Doing(forms.OptionalNoteForm, operations.review, "Đã đồng ý trình ký.", "check"),
    Action.SEND_BACK: Doing(forms.NeededNoteForm, operations.send_back, "Đã trả lại người thụ lý.", "undo"),
    Action.APPROVE: Doing(
        forms.ApproveForm, operations.approve_in_person, "Đã phê duyệt, hệ thống đang ký số.", "sign",
        "Phê duyệt và ký số hồ sơ này?",
    ),
    Action.RETURN: Doing(forms.ReturnForm, operations.return_result, "Đã trả kết quả.", "hand-over"),
    Action.HAND_TO_POST: Doing(forms.HandToPostForm, post.hand_to_post, "Đã ghi nhận giao bưu chính.", "send"),
    Action.POST_RETURNED: Doing(
        forms.ReasonForm, post.mark_returned, "Đã ghi nhận bưu chính chuyển hoàn.", "undo",
        "Bưu chính đã chuyển hoàn kết quả này?",
    ),
    Action.CLOSE: Doing(forms.OptionalNoteForm, operations.close, "Đã kết thúc hồ sơ.", "check-circle"),
    Action.WITHDRAW: Doing(
        forms.OptionalNoteForm, operations.withdraw, "Đã rút hồ sơ theo yêu cầu.", "logout",
        "Rút hồ sơ này theo yêu cầu của người nộp?",
    ),
    Action.STOP: Doing(forms.ReasonForm, operations.stop, "Đã dừng giải quyết.", "stop", "Dừng giải quyết hồ sơ này?"),
    Action.PAUSE_FEE: Doing(forms.FeeForm, operations.pause_fee, "Đã tạm dừng, chờ nộp phí, lệ phí.", "money"),
    Action.ASK_AGENCY: Doing(forms.AgencyForm, operations.ask_agency, "Đã ghi nhận việc lấy ý kiến.", "mail"),
    Action.RESUME: Doing(forms.ResumeForm, operations.resume, "Đã tiếp tục giải quyết.", "refresh"),
    Action.EXTEND: Doing(forms.ExtendForm, operations.extend, "Đã gia hạn và gửi lời xin lỗi.", "clock"),
    Action.TRANSFER: Doing(
        forms.TransferForm, operations.transfer, "Đã chuyển cơ quan giải quyết.", "arrow-right",
        "Chuyển hồ sơ sang cơ quan khác?",
    ),
}

# What is handed out by post is handed out when the post has delivered it.
DELIVERED = Doing(forms.DeliveredForm, post.mark_delivered, "Đã ghi nhận bưu chính phát kết quả.", "hand-over")


def doing_for(action: Action, dossier: Dossier) -> Doing | None:
    """How the page does this action to this dossier; None for what it does not offer."""
    if action is Action.RETURN and dossier.overlay == Overlay.AT_POST:
        return DELIVERED
    return DOINGS.get(action)


# What moves the dossier along the main road: shown first and large.
MAIN_ROAD = (
    Action.SUBMIT, Action.RECEIVE, Action.ASSIGN, Action.BEGIN, Action.PROPOSE, Action.REVIEW, Action.APPROVE,
    Action.RETURN, Action.CLOSE,
)
