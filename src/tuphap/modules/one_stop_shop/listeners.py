"""What follows a step in the same transaction: applicant and next officer are told, the search index follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.accounts.models import User
from tuphap.shared.dossiers.api import Action, Dossier, Event, State
from tuphap.shared.notices import api as notices
from tuphap.shared.notices.api import Channel, NoticeTemplate
from tuphap.shared.search import api as search
from tuphap.shared.search.api import Found, SearchSource

SOURCE = "one_stop_shop.dossier"
_PAGE = "one_stop_shop:dossier"
_OUT = (Channel.EMAIL, Channel.SMS, Channel.ZALO)


def _told(action: str, title: str, text: str, params: tuple[str, ...] = ()) -> NoticeTemplate:
    return NoticeTemplate(code=f"one_stop.{action}", title=title, text=text, params=("procedure", *params),
                          url_name="one_stop_shop:own_dossier", channels=_OUT)


NOTICES = (
    _told("submitted", "Đã nhận hồ sơ nộp trực tuyến",
          "Hồ sơ {dossier_code} ({procedure}) đã được gửi đến cơ quan tiếp nhận."),
    _told("received", "Hồ sơ đã được tiếp nhận",
          "Hồ sơ {dossier_code} ({procedure}) đã được tiếp nhận, hẹn trả kết quả ngày {due}.", ("due",)),
    _told("supplement", "Hồ sơ cần bổ sung",
          "Hồ sơ {dossier_code} ({procedure}) cần bổ sung trước ngày {answer_by}. Vui lòng đăng nhập để xem chi tiết.",
          ("answer_by",)),
    _told("refused", "Hồ sơ bị từ chối",
          "Hồ sơ {dossier_code} ({procedure}) bị từ chối. Vui lòng đăng nhập để xem lý do."),
    _told("fee", "Hồ sơ chờ nộp phí, lệ phí",
          "Hồ sơ {dossier_code} ({procedure}) chờ nộp phí, lệ phí {amount} đồng.", ("amount",)),
    _told("extended", "Xin lỗi và gia hạn trả kết quả",
          "Cơ quan giải quyết xin lỗi ông/bà. Hồ sơ {dossier_code} ({procedure}) được hẹn trả lại vào ngày {due}.",
          ("due",)),
    _told("ready", "Hồ sơ đã có kết quả", "Hồ sơ {dossier_code} ({procedure}) đã có kết quả."),
    _told("returned", "Đã trả kết quả", "Kết quả hồ sơ {dossier_code} ({procedure}) đã được trả."),
    _told("posted", "Kết quả đã giao bưu chính",
          "Kết quả hồ sơ {dossier_code} ({procedure}) đã được giao bưu chính, số vận đơn {tracking}.", ("tracking",)),
    _told("post_returned", "Bưu chính chuyển hoàn kết quả",
          "Bưu chính chưa phát được kết quả hồ sơ {dossier_code} ({procedure}) và đã chuyển hoàn. Vui lòng đăng nhập "
          "để kiểm tra địa chỉ nhận."),
    _told("stopped", "Dừng giải quyết hồ sơ",
          "Hồ sơ {dossier_code} ({procedure}) đã dừng giải quyết. Vui lòng đăng nhập để xem lý do."),
    _told("transferred", "Chuyển cơ quan giải quyết hồ sơ",
          "Hồ sơ {dossier_code} ({procedure}) được chuyển đến {unit} giải quyết.", ("unit",)),
    NoticeTemplate(code="one_stop.assigned", title="Hồ sơ mới được phân công",
                   text="Ông/bà được phân công thụ lý hồ sơ {dossier_code} ({procedure}), hẹn trả ngày {due}.",
                   params=("procedure", "due"), url_name=_PAGE),
    NoticeTemplate(code="one_stop.sent_back", title="Hồ sơ bị trả lại",
                   text="Lãnh đạo trả lại hồ sơ {dossier_code} ({procedure}).", params=("procedure",), url_name=_PAGE),
    NoticeTemplate(code="one_stop.answered", title="Người nộp đã bổ sung hồ sơ",
                   text="Hồ sơ {dossier_code} ({procedure}) đã được bổ sung.", params=("procedure",), url_name=_PAGE),
)
SEARCH = SearchSource(code=SOURCE, title="Hồ sơ một cửa", permission="one_stop.dossier.view",
                      fetch=f"{__name__}.found")

# Which notice the applicant gets after which action.
_TO_APPLICANT: dict[Action, str] = {
    Action.SUBMIT: "submitted",
    Action.RECEIVE: "received",
    Action.ASK_SUPPLEMENT: "supplement",
    Action.REFUSE: "refused",
    Action.PAUSE_FEE: "fee",
    Action.EXTEND: "extended",
    Action.SIGNED: "ready",
    Action.RETURN: "returned",
    Action.HAND_TO_POST: "posted",
    Action.POST_RETURNED: "post_returned",
    Action.STOP: "stopped",
    Action.TRANSFER: "transferred",
}
_TO_OFFICER: dict[Action, str] = {
    Action.ASSIGN: "assigned", Action.SEND_BACK: "sent_back", Action.ANSWER_SUPPLEMENT: "answered",
}
TOLD = (*_TO_APPLICANT, *_TO_OFFICER)


def tell(*, dossier: Dossier, event: Event, actor: Actor, at: datetime) -> None:
    """Send the notices of this step. They name codes, days and procedures, and no personal data."""
    action = Action(event.action)
    told: dict[str, Any] = {"procedure": dossier.procedure.name}
    if action in (Action.RECEIVE, Action.EXTEND, Action.ASSIGN) and dossier.due_at is not None:
        told["due"] = localdate(dossier.due_at)
    if action is Action.ASK_SUPPLEMENT and dossier.supplement_due_at is not None:
        told["answer_by"] = localdate(dossier.supplement_due_at)
    if action is Action.PAUSE_FEE:
        told["amount"] = f"{dossier.fee_amount:,}".replace(",", ".")
    if action is Action.HAND_TO_POST:
        told["tracking"] = event.facts["tracking_no"]
    if action is Action.TRANSFER:
        told["unit"] = dossier.resolving_unit.name
    common = {"dossier_code": dossier.reference, "at": at, "actor": actor, **told}
    if action in _TO_APPLICANT and _is_due(dossier, action):
        _to_applicant(dossier, f"one_stop.{_TO_APPLICANT[action]}", common)
    if action in _TO_OFFICER and dossier.assigned_to_id not in (None, actor.user_id):
        notices.send(template=f"one_stop.{_TO_OFFICER[action]}", to_user_id=dossier.assigned_to_id, **common)


def _is_due(dossier: Dossier, action: Action) -> bool:
    """Somebody who stands at the desk gets the receipt, and no word that their dossier was sent."""
    return action is not Action.SUBMIT or dossier.channel == Dossier.Channel.ONLINE


def _to_applicant(dossier: Dossier, template: str, common: dict[str, Any]) -> None:
    contact = notices.Contact(email=dossier.applicant.get("email", ""), phone=dossier.applicant_phone)
    if dossier.applicant_user_id is not None or contact:
        notices.send(
            template=template, to_user_id=dossier.applicant_user_id, to_contact=contact or None, **common
        )
    for account in _represented(dossier):
        notices.send(template=template, to_user_id=account, **common)


def _represented(dossier: Dossier) -> list[UUID]:
    """The accounts of the person for whom it was filed, where they have logged in before."""
    if not dossier.represented_number:
        return []
    found = User.objects.filter(
        kind=User.Kind.CITIZEN, personal_number=dossier.represented_number, is_active=True
    ).order_by("pk").values_list("pk", flat=True)
    return [account for account in found if account != dossier.applicant_user_id]


def index(*, dossier: Dossier, event: Event, actor: Actor, at: datetime) -> None:
    """Let the dossier be found as it stands now."""
    record = _found(dossier)
    search.index(SOURCE, object_id=dossier.pk, unit_id=record.unit_id, title=record.title, url=record.url,
                 words=record.words, data=record.data, at=at)


def found(object_id: str) -> Found | None:
    """The dossier as it is to be found; drafts are not."""
    dossier = Dossier.objects.select_related("procedure", "resolving_unit").filter(pk=object_id).first()
    return None if dossier is None or dossier.state == State.DRAFT else _found(dossier)


def _found(dossier: Dossier) -> Found:
    number = dossier.applicant.get("personal_number", "")
    told = dossier.represents
    another = (told.name, told.personal_number) if told is not None else ()
    return Found(
        unit_id=dossier.resolving_unit_id, title=f"{dossier.reference} · {dossier.applicant_name}",
        url=_address(dossier),
        words=(dossier.code or "", dossier.submission_code or "", dossier.external_code, dossier.applicant_name,
               dossier.applicant_phone, number, dossier.procedure.name, *another),
        data={"state": dossier.state, "procedure": dossier.procedure.name},
    )


def _address(dossier: Dossier) -> str:
    try:
        return reverse(_PAGE, args=[dossier.reference])
    except NoReverseMatch:
        return ""

